"""Levels of strangers: of random pairs of records, and of random pairs that agree on one part of a key."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from importers.matching import priors
from importers.matching.blocking import Blocks
from importers.matching.comparison import Levels, compare
from importers.matching.encode import Encoded, Positions
from importers.matching.kinds import LADDERS, Field
from importers.matching.parts import KeyParts
from importers.matching.priors import Row

SEED = 20260101
RANDOM_PAIRS, PART_PAIRS = 400_000, 30_000
# Weight of the prior chances between strangers, in pairs: matters to some hundred records, not to thousands.
_PRIOR_PAIRS = 500.0


def random_pairs(size: int, most: int = RANDOM_PAIRS) -> tuple[Positions, Positions]:
    """Return positions of two different records each: all pairs where there are no more than `most`."""
    if size * (size - 1) // 2 <= most:
        return np.triu_indices(size, 1)
    rng = np.random.default_rng(SEED)
    left, right = rng.integers(0, size, most), rng.integers(0, size, most)
    different = left != right
    return left[different], right[different]


def strangers(encoded: Encoded, fields: Iterable[Field]) -> dict[Field, Row]:
    """Return the level distribution of each field between two records taken at random."""
    left, right = random_pairs(encoded.size)
    found = {}
    for field, levels in compare(encoded, left, right, tuple(fields)).items():
        weights = _counts(field, levels)
        if len(left) < RANDOM_PAIRS // 2:
            weights += _PRIOR_PAIRS * priors.strangers_row(field)[1:]
        found[field] = priors.row(weights)
    return found


def agreeing(encoded: Encoded, parts: KeyParts, field: Field, some: tuple[str, ...]) -> Row | None:
    """Return the levels of a field between records that agree on parts of it; None where no two do."""
    blocks = Blocks.of(parts.joint(some))
    if not len(blocks.rows):
        return None
    if int((blocks.sizes * (blocks.sizes - 1) // 2).sum()) <= PART_PAIRS:
        left, right = blocks.pairs()
    else:
        rng = np.random.default_rng(SEED)
        left = rng.integers(0, len(blocks.rows), PART_PAIRS)
        block = np.searchsorted(blocks.starts, left, side="right") - 1
        start, length = blocks.starts[block], blocks.sizes[block]
        right = start + (left - start + 1 + rng.integers(0, length - 1)) % length
    levels = compare(encoded, blocks.rows[left], blocks.rows[right], (field,))[field]
    return priors.row(_counts(field, levels))


def _counts(field: Field, levels: Levels) -> Row:
    """Return how often each level from 1 on occurs, none of them never."""
    return np.bincount(levels, minlength=LADDERS[field] + 1)[1:].astype(np.float64) + 0.5
