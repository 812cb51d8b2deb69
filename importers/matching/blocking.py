"""Candidate pairs: records that share a key, so that not every record meets every other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from importers.matching.encode import Encoded, Positions
from importers.matching.kinds import Field
from importers.matching.parts import KeyParts

# A larger block yields nothing: its members must meet elsewhere. Keeps the cost linear and info@ harmless.
BLOCK_CAP = 60
_LEAST_CAP = 3
# Pairs of one rule: with more of them 1M records took half as long again, for the same quality.
_LEAST_BUDGET, _BUDGET_PER_RECORD = 100_000, 2

RULES: Mapping[str, Mapping[Field, tuple[str, ...]]] = {
    "ident": {Field.IDENT: ("ident",)},
    "email": {Field.EMAIL: ("email",)},
    "email letters": {Field.EMAIL: ("email letters",)},
    "phone": {Field.PHONE: ("phone",)},
    "name, year": {Field.NAME: ("name",), Field.DOB: ("year",)},
    "name, area": {Field.NAME: ("name",), Field.ADDRESS: ("area",)},
    "name": {Field.NAME: ("name",)},
    "birth date, surname": {Field.DOB: ("dob",), Field.NAME: ("surname",)},
    "birth date, given name": {Field.DOB: ("dob",), Field.NAME: ("given",)},
    "birth date, area": {Field.DOB: ("dob",), Field.ADDRESS: ("district",)},
    "birth date": {Field.DOB: ("dob",)},
    "birthday, initials": {Field.DOB: ("month and day",), Field.NAME: ("initials",)},
    "postcode, surname": {Field.ADDRESS: ("postcode",), Field.NAME: ("surname",)},
    "postcode, given name": {Field.ADDRESS: ("postcode",), Field.NAME: ("given",)},
    "street": {Field.ADDRESS: ("street",)},
    "number, surname": {Field.ADDRESS: ("number",), Field.NAME: ("surname",)},
    "city, number, given name": {Field.ADDRESS: ("city", "number"), Field.NAME: ("given",)},
    "number, postcode": {Field.ADDRESS: ("number", "postcode")},
    "city, surname": {Field.ADDRESS: ("city",), Field.NAME: ("surname",)},
    "company, surname": {Field.COMPANY: ("company",), Field.NAME: ("surname",)},
    "company, given name": {Field.COMPANY: ("company",), Field.NAME: ("given",)},
}
"""What two records must share for each rule to propose them: key parts by the field they belong to."""

# Only where records have no streets: a city is a weak key.
_WITHOUT_STREET = "city, surname"


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What one blocking rule gave; dropped blocks are lost chances to find a pair."""

    rule: str
    pairs: int
    dropped_blocks: int


@dataclass(frozen=True)
class Candidates:
    """Pairs that rules propose, ordered by id (smaller position times size plus the larger one).

    `proposals` says how many rules propose each pair.
    """

    ids: Positions
    proposals: npt.NDArray[np.uint8]
    reports: list[RuleReport]


Propose = Callable[[Encoded, KeyParts], Candidates]
"""What finds the pairs to compare: by the same rules, whatever program does it."""


def budget_of(size: int) -> int:
    """Return how many pairs one rule may propose among so many records."""
    return max(_BUDGET_PER_RECORD * size, _LEAST_BUDGET)


def capped(key: Positions, budget: int) -> tuple[Positions, int]:
    """Return a key with the records of blocks that yield nothing set to -1, and the number of those blocks."""
    blocks = Blocks.of(key)
    large = blocks.sizes > cap_for(blocks.sizes, budget)
    found = key.copy()
    found[blocks.rows[np.repeat(large, blocks.sizes)]] = -1
    return found, int(large.sum())


def rules_of(parts: KeyParts) -> dict[str, Mapping[Field, tuple[str, ...]]]:
    """Return the rules whose fields the records have."""
    found = {}
    for name, fields in RULES.items():
        if all(parts.has(part) for some in fields.values() for part in some) and not (
            name == _WITHOUT_STREET and parts.has("street")
        ):
            found[name] = fields
    return found


def candidate_pairs(encoded: Encoded, parts: KeyParts) -> Candidates:
    """Return the pairs of records that share any rule's key, each pair once."""
    size, budget = encoded.size, budget_of(encoded.size)
    found = [np.empty(0, dtype=np.int64)]
    reports: list[RuleReport] = []
    for name, fields in rules_of(parts).items():
        key = parts.joint([part for some in fields.values() for part in some])
        ids, dropped = _pairs_of(key, size, budget)
        found.append(ids)
        reports.append(RuleReport(name, len(ids), dropped))
    ids = np.concatenate(found)
    found.clear()
    ids, proposals = unique_counts(ids)
    return Candidates(ids, proposals, reports)


def unique_counts(ids: Positions) -> tuple[Positions, npt.NDArray[np.uint8]]:
    """Sort ids in place; return each once, and how often it occurs.

    Comparing neighbours: numpy's own unique took twenty times as long on millions of ids.
    """
    ids.sort()
    first = np.ones(len(ids), dtype=np.bool_)
    np.not_equal(ids[1:], ids[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    return ids[starts], np.diff(starts, append=len(ids)).astype(np.uint8)


@dataclass(frozen=True)
class Blocks:
    """Records in the order of a key: block b holds `rows[starts[b] : starts[b] + sizes[b]]`."""

    rows: Positions
    starts: Positions
    sizes: Positions

    @classmethod
    def of(cls, key: Positions) -> Blocks:
        """Return the blocks of two and more records that share a key >= 0."""
        rows = np.flatnonzero(key >= 0)
        rows = rows[np.argsort(key[rows], kind="stable")]
        ordered = key[rows]
        starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(rows) else rows
        sizes = np.diff(starts, append=len(rows))
        shared = sizes > 1
        kept = rows[np.repeat(shared, sizes)]
        sizes = sizes[shared]
        return cls(kept, np.cumsum(sizes) - sizes, sizes)

    def pairs(self) -> tuple[Positions, Positions]:
        """Return all pairs within blocks, as positions in `rows`."""
        at = np.arange(len(self.rows))
        after = np.repeat(self.starts + self.sizes, self.sizes) - at - 1
        left = np.repeat(at, after)
        return left, left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(after) - after, after)

    def up_to(self, cap: int) -> Blocks:
        """Return the blocks of at most `cap` records."""
        kept = self.sizes <= cap
        sizes = self.sizes[kept]
        return Blocks(self.rows[np.repeat(kept, self.sizes)], np.cumsum(sizes) - sizes, sizes)


def _pairs_of(key: Positions, size: int, budget: int) -> tuple[Positions, int]:
    """Return the ids of the pairs within the blocks of a key, and the number of blocks left out."""
    blocks = Blocks.of(key)
    small = blocks.up_to(cap_for(blocks.sizes, budget))
    left, right = small.pairs()
    return pair_ids(small.rows[left], small.rows[right], size), len(blocks.sizes) - len(small.sizes)


def cap_for(sizes: Positions, budget: int) -> int:
    """Return the largest block size that keeps the pairs within the budget, from BLOCK_CAP down to 3."""
    number = np.bincount(np.minimum(sizes, BLOCK_CAP + 1), minlength=BLOCK_CAP + 2)[: BLOCK_CAP + 1]
    each = np.arange(BLOCK_CAP + 1)
    within = np.flatnonzero(np.cumsum(number * each * (each - 1) // 2) <= budget)
    return max(int(within[-1]), _LEAST_CAP)


def pair_ids(left: Positions, right: Positions, size: int) -> Positions:
    """Return one number for each pair, the smaller position first."""
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right)
    return low * size + high


def chunks(ids: Positions, size: int, length: int) -> Iterator[tuple[slice, Positions, Positions]]:
    """Yield slices of pair ids with the positions of the two records, so that memory stays bounded."""
    for start in range(0, len(ids), length):
        part = ids[start : start + length]
        yield slice(start, start + len(part)), part // size, part % size
