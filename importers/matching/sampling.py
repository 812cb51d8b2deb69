"""Levels of strangers: of random pairs of records, and of random pairs that agree on one part of a key.

Both kinds of samples hold pairs of one customer too, the more the fewer people there are; `purified` takes them out
once a first mixture tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from importers.matching import priors
from importers.matching.blocking import Blocks, rules_of
from importers.matching.comparison import Levels, compare
from importers.matching.encode import Encoded, Positions
from importers.matching.kinds import LADDERS, Field
from importers.matching.model import MATCH, Mixture, Nats
from importers.matching.parts import KeyParts
from importers.matching.priors import Row
from importers.matching.scoring import log_sum, posterior

SEED = 20260101
RANDOM_PAIRS, PART_PAIRS = 400_000, 10_000
# Weight of the prior chances between strangers, in pairs: matters to some hundred records, not to thousands.
_PRIOR_PAIRS = 500.0
# The same of the prior chances between strangers who agree on a part of a key.
_PRIOR_AGREEING_PAIRS = 5.0
_ROUNDS = 20

Part = tuple[str, ...]


@dataclass(frozen=True)
class Samples:
    """Level counts of random pairs by field, and the levels of random pairs that agree on each part of a key.

    `random_pairs` is how many random pairs were counted, `pairs` how many pairs of records there are.
    """

    counts: dict[Field, Row]
    random_pairs: int
    pairs: int
    agreeing: dict[Part, dict[Field, Levels]]

    @classmethod
    def draw(cls, encoded: Encoded, parts: KeyParts, fields: tuple[Field, ...]) -> Samples:
        """Draw pairs with a fixed seed."""
        left, right = _random_pairs(encoded.size)
        counts = {field: _counts(field, levels) for field, levels in compare(encoded, left, right, fields).items()}
        agreeing: dict[Part, dict[Field, Levels]] = {}
        for rule in rules_of(parts).values():
            for some in rule.values():
                if some not in agreeing:
                    agreeing[some] = compare(encoded, *_agreeing_pairs(parts.joint(some)), fields)
        return cls(counts, len(left), encoded.size * (encoded.size - 1) // 2, agreeing)

    def strangers(self, mixture: Mixture | None = None, matches: float = 0.0) -> dict[Field, Row]:
        """Return the level distribution of each field between two people taken at random.

        Args:
            mixture: Tells how the pairs of one customer look that are to be taken out.
            matches: How many pairs of one customer there are among all.
        """
        found = {}
        for field, counts in self.counts.items():
            weights = counts.copy()
            if mixture is not None and self.pairs:
                weights -= matches / self.pairs * self.random_pairs * mixture.rows[field][MATCH][1:]
            weights = np.maximum(weights, 0.5)
            if self.random_pairs < RANDOM_PAIRS // 2:
                weights += _PRIOR_PAIRS * priors.strangers_row(field)[1:]
            found[field] = priors.row(weights)
        return found

    def row(self, some: Part, field: Field, mixture: Mixture | None = None) -> Row:
        """Return the levels of a field between strangers who agree on parts of a key.

        Without a mixture the pairs of one customer are still among them.
        """
        levels = self.agreeing[some]
        strangers = np.ones(len(levels[field])) if mixture is None else 1 - _posterior(mixture, levels)
        weights = np.bincount(levels[field], weights=strangers, minlength=LADDERS[field] + 1)[1:]
        return priors.row(weights + _PRIOR_AGREEING_PAIRS * priors.agreeing_row(some)[1:])


def _posterior(mixture: Mixture, levels: Mapping[Field, Levels]) -> Nats:
    """Return how likely each pair of a sample is one customer, its share of those being the sample's own."""
    joint = mixture.joint(levels)
    if not joint.shape[1]:
        return np.zeros(0)
    nats = joint[MATCH] - log_sum(np.delete(joint, MATCH, axis=0), joint.shape[1])
    share = before = float(mixture.shares[MATCH])
    found = posterior(nats)
    for _ in range(_ROUNDS):
        share = float(np.clip(found.mean(), 1e-6, 1 - 1e-6))
        found = posterior(nats + np.log(share / (1 - share)) - np.log(before / (1 - before)))
    return found


def _random_pairs(size: int) -> tuple[Positions, Positions]:
    """Return positions of two different records each: all pairs where there are few."""
    if size * (size - 1) // 2 <= RANDOM_PAIRS:
        return np.triu_indices(size, 1)
    rng = np.random.default_rng(SEED)
    left, right = rng.integers(0, size, RANDOM_PAIRS), rng.integers(0, size, RANDOM_PAIRS)
    different = left != right
    return left[different], right[different]


def _agreeing_pairs(key: Positions) -> tuple[Positions, Positions]:
    """Return random pairs of records that share a key: a record, and another one of its block."""
    blocks = Blocks.of(key)
    if int((blocks.sizes * (blocks.sizes - 1) // 2).sum()) <= PART_PAIRS:
        left, right = blocks.pairs()
    else:
        rng = np.random.default_rng(SEED)
        left = rng.integers(0, len(blocks.rows), PART_PAIRS)
        block = np.searchsorted(blocks.starts, left, side="right") - 1
        start, length = blocks.starts[block], blocks.sizes[block]
        right = start + (left - start + 1 + rng.integers(0, length - 1)) % length
    return blocks.rows[left], blocks.rows[right]


def _counts(field: Field, levels: Levels) -> Row:
    """Return how often each level from 1 on occurs."""
    return np.bincount(levels, minlength=LADDERS[field] + 1)[1:].astype(np.float64)
