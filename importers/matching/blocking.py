"""Candidate pairs: records that share a key, so that not every record meets every other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from importers import standardise
from importers.matching.encoding import Codes, Encoded, name_codes
from importers.matching.kinds import Kind

# A larger block yields nothing: its members must meet elsewhere. Keeps the cost linear and info@ harmless.
BLOCK_CAP = 60
_LEAST_CAP = 3
_LEAST_BUDGET, _BUDGET_PER_RECORD = 100_000, 2

# Each rule is the parts that two records must share.
_RULES: tuple[tuple[str, ...], ...] = (
    ("ident",),
    ("email",),
    ("email letters",),
    ("phone",),
    ("dob", "surname sound"),
    ("dob", "given sound"),
    ("name", "year"),
    ("name", "area"),
    ("name",),
    ("postcode", "surname sound"),
    ("street", "given sound"),
)


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What one blocking rule gave; dropped blocks are lost chances to find a pair."""

    rule: str
    pairs: int
    dropped_blocks: int


def candidate_pairs(encoded: Encoded) -> tuple[Codes, Codes, list[RuleReport]]:
    """Return positions (left < right) of the records that share any rule's key, each pair once, in order."""
    parts = _parts(encoded)
    size = encoded.size
    budget = max(_BUDGET_PER_RECORD * size, _LEAST_BUDGET)
    found: list[Codes] = []
    reports: list[RuleReport] = []
    for rule in _RULES:
        if any(part not in parts for part in rule):
            continue
        key = parts[rule[0]]
        for part in rule[1:]:
            key = _combine(key, parts[part])
        low, high, dropped = _pairs_of(key, budget)
        found.append(low * size + high)
        reports.append(RuleReport(" + ".join(rule), len(low), dropped))
    if not found:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, reports
    # Sorting and comparing neighbours: numpy's own unique takes twenty times as long on millions of ids.
    ids = np.concatenate(found)
    ids.sort()
    ids = ids[np.concatenate([[True], ids[1:] != ids[:-1]])] if len(ids) else ids
    return ids // max(size, 1), ids % max(size, 1), reports


def _parts(encoded: Encoded) -> dict[str, Codes]:
    """Return the codes of every key part that the records have."""
    columns = encoded.columns
    parts: dict[str, Codes] = {}
    for kind in (Kind.IDENT, Kind.EMAIL, Kind.PHONE, Kind.DOB, Kind.POSTCODE, Kind.STREET):
        if kind in columns:
            parts[kind.value] = columns[kind].codes
    if Kind.EMAIL in columns:
        parts["email letters"] = columns[Kind.EMAIL].derive(standardise.email_letters)
    if Kind.DOB in columns:
        parts["year"] = columns[Kind.DOB].derive(lambda text: text[:4])
    if Kind.POSTCODE in columns:
        parts["area"] = columns[Kind.POSTCODE].derive(lambda text: text[:2])
    if Kind.SURNAME in columns:
        parts["surname sound"] = columns[Kind.SURNAME].spread(columns[Kind.SURNAME].sounds)
    if Kind.GIVEN in columns:
        parts["given sound"] = columns[Kind.GIVEN].spread(columns[Kind.GIVEN].sounds)
    names = name_codes(columns)
    if names is not None:
        parts["name"] = names
    return parts


def _combine(left: Codes, right: Codes) -> Codes:
    """Return one code for two, -1 where either is missing."""
    compact = pd.factorize(left)[0].astype(np.int64)
    joint = compact * (int(right.max(initial=0)) + 1) + right
    return np.where((left >= 0) & (right >= 0), joint, -1)


def _pairs_of(key: Codes, budget: int) -> tuple[Codes, Codes, int]:
    """Pair the records within each block of a key; return positions and the number of blocks left out."""
    rows = np.flatnonzero(key >= 0)
    order = rows[np.argsort(key[rows], kind="stable")]
    ordered = key[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else ordered
    sizes = np.diff(np.concatenate([starts, [len(ordered)]]))
    cap = BLOCK_CAP
    while cap > _LEAST_CAP and _pair_count(sizes[sizes <= cap]) > budget:
        cap -= 1
    order = order[np.repeat(sizes <= cap, sizes)]
    ordered = key[order]
    lefts, rights = [], []
    for step in range(1, min(cap, int(sizes.max(initial=0)))):
        same = ordered[:-step] == ordered[step:]
        if not same.any():
            break
        lefts.append(order[:-step][same])
        rights.append(order[step:][same])
    nothing = np.empty(0, dtype=np.int64)
    left = np.concatenate(lefts) if lefts else nothing
    right = np.concatenate(rights) if rights else nothing
    return np.minimum(left, right), np.maximum(left, right), int((sizes > cap).sum())


def _pair_count(sizes: Codes) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
