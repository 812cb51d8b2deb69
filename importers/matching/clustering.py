"""From edges to customers: components of sure pairs, taken apart where they are too large or contradict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from importers.matching.encoding import Codes

GROUP_LIMIT = 25  # a larger group is not merged by itself
_STEP, _STEPS = 2.0, 10


class Rank(IntEnum):
    """How binding an edge is; the higher is joined first."""

    EVIDENCE = 0
    DECLARED = 1
    ALWAYS = 2


@dataclass(frozen=True)
class Edges:
    """Pairs of record positions that should be joined, with their bits and ranks."""

    left: Codes
    right: Codes
    bits: npt.NDArray[np.float64]
    ranks: npt.NDArray[np.int8]


def components(size: int, left: Codes, right: Codes) -> Codes:
    """Return for each node the smallest node it is connected with."""
    label = np.arange(size, dtype=np.int64)
    while len(left):
        low, high = np.minimum(label[left], label[right]), np.maximum(label[left], label[right])
        np.minimum.at(label, high, low)
        while True:
            jumped = label[label]
            if np.array_equal(jumped, label):
                break
            label = jumped
        open_edges = label[left] != label[right]
        left, right = left[open_edges], right[open_edges]
    return label


def cluster(
    size: int, edges: Edges, forbidden: tuple[Codes, Codes], exclusive: Codes | None = None, floor: float = 0.0
) -> Codes:
    """Return a label for each record; records of one label are one customer.

    Args:
        size: Number of records.
        edges: What should be joined.
        forbidden: Pairs that may not end in one group.
        exclusive: A code for each record; two records with the same code >= 0 may not end in one group.
        floor: Bits from which edges count; oversized groups are tried again from 2 bits more, ten times.
    """
    label = components(size, edges.left, edges.right)
    sizes = np.bincount(label, minlength=size)
    broken = sizes > GROUP_LIMIT
    lows, highs = forbidden
    broken[label[lows][label[lows] == label[highs]]] = True
    if exclusive is not None:
        held = np.flatnonzero(exclusive >= 0)
        joint = np.sort(label[held] * (int(exclusive.max(initial=0)) + 1) + exclusive[held])
        repeated = joint[1:][joint[1:] == joint[:-1]]
        broken[repeated // (int(exclusive.max(initial=0)) + 1)] = True
    if not broken.any():
        return label
    against: dict[int, set[int]] = {}
    for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
        against.setdefault(low, set()).add(high)
        against.setdefault(high, set()).add(low)
    label = label.copy()
    inside = np.flatnonzero(broken[label[edges.left]])
    label[broken[label]] = np.flatnonzero(broken[label])
    _recut(label, edges, inside, against, exclusive, floor)
    return label


def _recut(
    label: Codes,
    edges: Edges,
    inside: Codes,
    against: dict[int, set[int]],
    exclusive: Codes | None,
    floor: float,
) -> None:
    """Join the records of broken groups edge by edge, the most binding first; change `label` in place."""
    order = inside[np.lexsort((edges.right[inside], edges.left[inside], -edges.bits[inside], -edges.ranks[inside]))]
    remaining = [
        (int(edges.left[at]), int(edges.right[at]), float(edges.bits[at]), int(edges.ranks[at])) for at in order
    ]
    for step in range(_STEPS + 2):
        last = step == _STEPS + 1
        least = floor + step * _STEP
        groups = _Groups(against, exclusive)
        for left, right, bits, rank in remaining:
            if rank == Rank.ALWAYS or (not last and (rank == Rank.DECLARED or bits >= least)):
                groups.join(left, right)
        oversized: set[int] = set()
        for members in groups.members.values():
            if len(members) > GROUP_LIMIT and not last:
                oversized.update(members)
            else:
                label[list(members)] = min(members)
        if not oversized:
            return
        remaining = [edge for edge in remaining if edge[0] in oversized and edge[1] in oversized]


class _Groups:
    """Growing groups of records that refuse to join what is forbidden."""

    def __init__(self, against: dict[int, set[int]], exclusive: Codes | None) -> None:
        self.members: dict[int, set[int]] = {}
        self._group: dict[int, int] = {}
        self._against = against
        self._exclusive = exclusive

    def join(self, left: int, right: int) -> None:
        """Join the groups of two records unless a forbidden pair would be in one group."""
        first, second = self._find(left), self._find(right)
        if first == second or not self._may_join(self.members[first], self.members[second]):
            return
        if len(self.members[first]) < len(self.members[second]):
            first, second = second, first
        moved = self.members.pop(second)
        self.members[first] |= moved
        for record in moved:
            self._group[record] = first

    def _find(self, record: int) -> int:
        if record not in self._group:
            self._group[record] = record
            self.members[record] = {record}
        return self._group[record]

    def _may_join(self, first: set[int], second: set[int]) -> bool:
        small, large = (first, second) if len(first) < len(second) else (second, first)
        if any(not self._against.get(record, set()).isdisjoint(large) for record in small):
            return False
        if self._exclusive is None:
            return True
        held = {code for code in self._exclusive[list(large)].tolist() if code >= 0}
        return held.isdisjoint(self._exclusive[list(small)].tolist())
