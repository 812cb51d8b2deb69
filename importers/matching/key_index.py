"""Blocking keys as hashes that outlive a run: which known records share a key with new ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers.matching.blocking import BLOCK_CAP, rules_of
from importers.matching.encode import Encoded, Positions
from importers.matching.kinds import Kind
from importers.matching.parts import PARTS, KeyParts
from importers.standardise import skeleton

Hashes = npt.NDArray[np.uint64]

_MIX = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio in 64 bits, odd: multiplying by it loses nothing


@dataclass(frozen=True)
class KeyIndex:
    """The keys of one rule in order, and the record that has each."""

    hashes: Hashes
    rows: npt.NDArray[np.int32]

    @classmethod
    def of(cls, hashes: Hashes) -> KeyIndex:
        """Sort the keys of records; 0 stands for none."""
        rows = np.flatnonzero(hashes)
        order = np.argsort(hashes[rows], kind="stable")
        return cls(hashes[rows][order], rows[order].astype(np.int32))

    def sharing(self, hashes: Hashes) -> Positions:
        """Return the records that share a key with new ones, but for keys that more than 60 records would share."""
        wanted, number = np.unique(hashes[hashes != 0], return_counts=True)
        first = np.searchsorted(self.hashes, wanted, side="left")
        sizes = np.searchsorted(self.hashes, wanted, side="right") - first
        kept = (sizes > 0) & (sizes + number <= BLOCK_CAP)
        first, sizes = first[kept], sizes[kept]
        at = np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
        return self.rows[at].astype(np.int64)


def rule_hashes(encoded: Encoded) -> dict[str, Hashes]:
    """Return for each rule the key of each record, 0 where it lacks a part; equal keys are equal in any run."""
    known: dict[str, Hashes] = {}

    def of(part: str) -> Hashes:
        if part not in known:
            known[part] = _part_hashes(encoded, part)
        return known[part]

    found = {}
    for name, fields in rules_of(KeyParts(encoded)).items():
        key = np.zeros(encoded.size, dtype=np.uint64)
        whole = np.ones(encoded.size, dtype=np.bool_)
        for part in [part for some in fields.values() for part in some]:
            hashes = of(part)
            whole &= hashes != 0
            key = key * _MIX + hashes
        found[name] = np.where(whole, key, np.uint64(0))
    return found


def index(hashes: Mapping[str, Hashes]) -> dict[str, KeyIndex]:
    """Return the index of each rule."""
    return {name: KeyIndex.of(keys) for name, keys in hashes.items()}


def _part_hashes(encoded: Encoded, part: str) -> Hashes:
    if part == "name":
        given, surname = (_hashed(encoded, kind, skeleton) for kind in (Kind.GIVEN, Kind.SURNAME))
        low, high = np.minimum(given, surname), np.maximum(given, surname)
        return np.where(low != 0, low * _MIX + high, np.uint64(0))
    if part == "initials":
        first, second = _part_hashes(encoded, "first letter"), _part_hashes(encoded, "two letters")
        return np.where((first != 0) & (second != 0), first * _MIX + second, np.uint64(0))
    kind, function = PARTS[part]
    return _hashed(encoded, kind, function)


def _hashed(encoded: Encoded, kind: Kind, function: Callable[[str], str] | None) -> Hashes:
    column = encoded.columns[kind]
    texts = column.values.tolist() if function is None else [function(value) for value in column.values.tolist()]
    values = np.array([*texts, ""], dtype=object)
    hashes = pd.util.hash_array(values, categorize=False)
    hashes[values == ""] = 0
    return hashes[column.codes]
