"""From edges to customers: components of sure pairs, taken apart by the sum of what speaks for and against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from importers.matching.blocking import pair_ids
from importers.matching.encode import Mask, Positions
from importers.matching.model import Nats
from importers.matching.recutting import cut

GROUP_LIMIT = 25  # a larger group is not merged by itself (rule 4.4)
_STEP, _STEPS = 1.0, 20  # nats by which edges of a group that is too large must be better, and how often
_CONTRADICTION = -3.0  # a pair below this inside a group has the group cut again
BOUND = 12.0  # one pair speaks with at most so many nats
# What people and keys say outweighs any evidence, "never" all else.
ALWAYS, DECLARED, NEVER = 1e5, 1e3, -1e9

Scorer = Callable[[Positions], Nats]


@dataclass(frozen=True)
class Edges:
    """Pairs of records that should be joined, by pair id, with their scores; ties are joined whatever the score."""

    ids: Positions
    nats: Nats


@dataclass(frozen=True)
class Ties:
    """What evidence doesn't decide; pairs by id, sorted.

    Attributes:
        always: Pairs a person joined.
        declared: Pairs that a key joins.
        never: Pairs a person parted.
        settled: Pairs that are one customer already.
        owner: A code for each record, -1 for none: records of different codes >= 0 are never one customer.
        exclusive: A code for each record, -1 for none: nor are two records of the same code.
    """

    always: Positions
    declared: Positions
    never: Positions
    settled: Positions
    owner: Positions | None = None
    exclusive: Positions | None = None

    def forbidden(self, ids: Positions, size: int) -> Mask:
        """Tell which pairs may not be in one customer."""
        found = np.isin(ids, self.never)
        left, right = ids // max(size, 1), ids % max(size, 1)
        if self.owner is not None:
            mine, others = self.owner[left], self.owner[right]
            found |= (mine >= 0) & (others >= 0) & (mine != others)
        if self.exclusive is not None:
            mine = self.exclusive[left]
            found |= (mine >= 0) & (mine == self.exclusive[right])
        return found


def components(size: int, left: Positions, right: Positions) -> Positions:
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
        still = label[left] != label[right]
        left, right = left[still], right[still]
    return label


def cluster(
    size: int, edges: Edges, ties: Ties, scorer: Scorer, threshold: float, limit: int = GROUP_LIMIT
) -> Positions:
    """Return a label for each record, the smallest position of its group; records of one label are one customer.

    Args:
        size: Number of records.
        edges: All pairs known to score at least `threshold`.
        ties: What people and keys say.
        scorer: Scores any pairs, given by id, in nats.
        threshold: Nats from which pairs are joined.
        limit: Largest group that is joined without a person.
    """
    bound = np.concatenate([ties.always, ties.settled])
    every = np.concatenate([edges.ids, ties.declared, bound])
    nats = np.concatenate([edges.nats, np.full(len(ties.declared), DECLARED), np.full(len(bound), ALWAYS)])
    allowed = ~ties.forbidden(every, size)
    every, nats = every[allowed], nats[allowed]
    label = _within_limit(size, every, nats, threshold, limit)
    inside, group = pairs_inside(label, size)
    if not len(inside):
        return label
    scores = scorer(inside)
    worth = np.clip(scores, -BOUND, BOUND) - threshold
    worth[np.isin(inside, ties.declared)] = DECLARED
    worth[np.isin(inside, bound)] = ALWAYS
    against = ties.forbidden(inside, size)
    worth[against] = NEVER
    doubtful = np.zeros(size, dtype=np.bool_)
    doubtful[group[(worth < _CONTRADICTION - threshold) | against]] = True
    chosen = doubtful[group]
    return cut(label, inside[chosen], worth[chosen], np.flatnonzero(doubtful[label]), size)


def _within_limit(size: int, ids: Positions, nats: Nats, threshold: float, limit: int) -> Positions:
    """Return components of at most `limit` records: of larger ones only ever better edges are kept.

    What stays too large after the last step is left to a person, but for what people joined.
    """
    label = components(size, ids // max(size, 1), ids % max(size, 1))
    for step in range(1, _STEPS + 2):
        large = np.bincount(label, minlength=size)[label] > limit if size else np.zeros(0, dtype=np.bool_)
        if not large.any():
            break
        least = ALWAYS if step > _STEPS else threshold + step * _STEP
        kept = (nats >= least) & large[ids // size]
        nodes = np.flatnonzero(large)
        left, right = np.searchsorted(nodes, ids[kept] // size), np.searchsorted(nodes, ids[kept] % size)
        label[nodes] = nodes[components(len(nodes), left, right)]
    return label


def pairs_inside(label: Positions, size: int, least: int = 3) -> tuple[Positions, Positions]:
    """Return ids of all pairs of records within groups of `least` records and more, sorted, and the group of each."""
    if not size:
        return label, label
    large = np.bincount(label, minlength=size) >= least
    rows = np.flatnonzero(large[label])
    rows = rows[np.argsort(label[rows], kind="stable")]
    _, starts, sizes = np.unique(label[rows], return_index=True, return_counts=True)
    at = np.arange(len(rows))
    after = np.repeat(starts + sizes, sizes) - at - 1
    left = np.repeat(at, after)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(after) - after, after)
    ids = pair_ids(rows[left], rows[right], size)
    order = np.argsort(ids, kind="stable")
    return ids[order], label[rows[left]][order]
