"""Values that are no evidence: a shop's phone, info@ addresses, dates that a machine filled in (rule 4.4)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from importers.matching.encode import Codes, Column, Encoded, Positions, compact
from importers.matching.kinds import Kind
from importers.standardise import skeleton

# An email or phone seen with more different names than this says nothing of a person.
MOST_NAMES = 10
# A date held by more than this share of a source's records, and by more than so many names, is a default.
DEFAULT_DATE_SHARE, DEFAULT_DATE_LEAST = 0.01, 20


def without_shared(columns: dict[Kind, Column], size: int, *, dates: bool = True) -> Encoded:
    """Make values missing that many names, or suspiciously many records, share; list them.

    Without `dates` birth dates stay: a few records that were chosen by their dates say nothing of default dates.
    """
    columns = dict(columns)
    shared: dict[Kind, list[str]] = {}
    names = name_keys(columns)
    drops: dict[Kind, Positions] = {}
    for kind in (Kind.EMAIL, Kind.PHONE):
        if kind in columns and names is not None:
            drops[kind] = _with_many_names(columns[kind], names, MOST_NAMES)
    if dates and Kind.DOB in columns:
        default = _default_dates(columns[Kind.DOB], columns.get(Kind.SOURCE))
        if names is not None:
            # A hundred copies of one record share a date too: it is a default only among different people.
            default = np.intersect1d(default, _with_many_names(columns[Kind.DOB], names, DEFAULT_DATE_LEAST))
        drops[Kind.DOB] = default
    for kind, codes in drops.items():
        if len(codes):
            shared[kind] = sorted(columns[kind].values[codes].tolist())
            columns[kind] = columns[kind].without(codes)
    sources = tuple(columns[Kind.SOURCE].values.tolist()) if Kind.SOURCE in columns else ()
    return Encoded(size, columns, sources, names, shared)


def name_keys(columns: Mapping[Kind, Column]) -> Codes | None:
    """Return one code for the sounds of given name and surname in any order, -1 where either is missing."""
    if Kind.GIVEN not in columns or Kind.SURNAME not in columns:
        return None
    parts = [columns[kind] for kind in (Kind.GIVEN, Kind.SURNAME)]
    sounds = [[skeleton(value) for value in part.values.tolist()] for part in parts]
    codes, distinct = pd.factorize(np.array([*sounds[0], *sounds[1]], dtype=object))
    tables = np.append(codes[: len(sounds[0])], -1), np.append(codes[len(sounds[0]) :], -1)
    coded = [table[part.codes].astype(np.int64) for table, part in zip(tables, parts, strict=True)]
    low, high = np.minimum(*coded), np.maximum(*coded)
    return compact(np.where(low >= 0, low * len(distinct) + high, -1))


def _with_many_names(column: Column, names: Codes, most: int) -> Positions:
    rows = np.flatnonzero((column.codes >= 0) & (names >= 0))
    rows = rows[column.counts[column.codes[rows]] > most]
    pairs = pd.DataFrame({"value": column.codes[rows], "name": names[rows]}).drop_duplicates()
    counts = np.bincount(pairs["value"].to_numpy(), minlength=len(column.values))
    return np.flatnonzero(counts > most)


def _default_dates(column: Column, source: Column | None) -> Positions:
    groups: Codes = source.codes if source is not None else np.zeros(len(column.codes), dtype=np.int32)
    found: set[int] = set()
    for group in range(int(groups.max(initial=-1)) + 1):
        mine = groups == group
        codes = column.codes[mine & (column.codes >= 0)]
        counts = np.bincount(codes, minlength=len(column.values))
        found.update(
            np.flatnonzero((counts > DEFAULT_DATE_SHARE * mine.sum()) & (counts > DEFAULT_DATE_LEAST)).tolist()
        )
    return np.array(sorted(found), dtype=np.int64)
