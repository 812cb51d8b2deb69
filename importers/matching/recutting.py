"""Cuts groups again by sums: two parts belong together when all pairs between them speak for it on the whole."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from importers.matching.encode import Positions
from importers.matching.model import Nats

# Groups of one size are cut at once; so many numbers at a time bound the memory.
_NUMBERS = 4_000_000


def cut(label: Positions, ids: Positions, worth: Nats, rows: Positions, size: int) -> Positions:
    """Return the labels with the groups of `rows` cut again.

    From single records on, the two parts with the largest sum are joined, while it is above 0.

    Args:
        label: Group of each record.
        ids: All pairs inside the groups to cut.
        worth: What each pair speaks for being one customer, in nats above the threshold.
        rows: All records of these groups, in order.
        size: Number of records.
    """
    if not len(rows):
        return label
    label = label.copy()
    rows = rows[np.argsort(label[rows], kind="stable")]
    groups, starts, sizes = np.unique(label[rows], return_index=True, return_counts=True)
    # Place of each record in its group, and of each pair's group among the groups.
    place = np.zeros(size, dtype=np.int64)
    place[rows] = np.arange(len(rows)) - np.repeat(starts, sizes)
    left, right = ids // size, ids % size
    group = np.searchsorted(groups, label[left])
    for width in np.unique(sizes).tolist():
        some = np.flatnonzero(sizes == width)
        step = max(_NUMBERS // width**2, 1)
        for first in range(0, len(some), step):
            chosen = some[first : first + step]
            number = np.full(len(groups), -1, dtype=np.int64)
            number[chosen] = np.arange(len(chosen))
            mine = number[group] >= 0
            matrix = np.full((len(chosen), width, width), -np.inf)
            at = number[group[mine]], place[left[mine]], place[right[mine]]
            matrix[at] = worth[mine]
            matrix[at[0], at[2], at[1]] = worth[mine]
            members = rows[starts[chosen][:, None] + np.arange(width)]
            parts = _agglomerate(matrix)
            label[members] = np.take_along_axis(members, parts, axis=1)
    return label


def _agglomerate(matrix: npt.NDArray[np.float64]) -> Positions:
    """Return for each of many small groups the part of each member, named by its first member.

    Args:
        matrix: Shape (groups, members, members), symmetric, -infinity on the diagonal; it is used up.
    """
    count, width, _ = matrix.shape
    parts = np.tile(np.arange(width), (count, 1))
    alive = np.arange(count)
    while len(alive):
        flat = matrix[alive].reshape(len(alive), -1)
        best = flat.argmax(axis=1)
        joins = flat[np.arange(len(alive)), best] > 0
        alive, best = alive[joins], best[joins]
        if not len(alive):
            break
        # The first largest is above the diagonal, so `first` is the smaller.
        first, second = best // width, best % width
        summed = matrix[alive, first] + matrix[alive, second]
        matrix[alive, first] = summed
        matrix[alive, :, first] = summed
        matrix[alive, first, first] = -np.inf
        matrix[alive, second] = -np.inf
        matrix[alive, :, second] = -np.inf
        mine = parts[alive]
        parts[alive] = np.where(mine == second[:, None], first[:, None], mine)
    return parts
