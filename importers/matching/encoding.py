"""Standardised columns as integer codes, so that later stages handle each distinct text once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers import standardise
from importers.matching.kinds import Kind
from importers.standardise import Objects, over_distinct

Codes = npt.NDArray[np.int64]

# A shop's phone or an info@ address: seen with more different names than this it says nothing of a person.
MOST_NAMES = 10
# A date held by more than this share of a source's records, and by over 20 names, was filled in by a machine.
DEFAULT_DATE_SHARE, DEFAULT_DATE_LEAST = 0.01, 20

_STANDARD: dict[Kind, Callable[[str], str]] = {
    Kind.GIVEN: standardise.name,
    Kind.SURNAME: standardise.name,
    Kind.CITY: standardise.name,
    Kind.DOB: standardise.dob,
    Kind.EMAIL: standardise.email,
    Kind.PHONE: standardise.phone,
    Kind.STREET: standardise.street,
    Kind.POSTCODE: standardise.code,
    Kind.IDENT: standardise.code,
    Kind.CATEGORY: standardise.category,
    Kind.SOURCE: standardise.category,
}


@dataclass(frozen=True)
class Column:
    """One standardised column: a code for each record (-1 missing), the text and the count of each code."""

    codes: Codes
    values: list[str]
    counts: Codes

    @classmethod
    def of(cls, values: Objects) -> Column:
        """Encode a column of text; the codes follow the order of the texts, not of the rows."""
        codes, distinct = pd.factorize(values, sort=True)
        texts = [str(value) for value in distinct]
        if texts and texts[0] == "":
            texts, codes = texts[1:], codes - 1
        counts = np.bincount(codes[codes >= 0], minlength=len(texts))
        return cls(codes.astype(np.int64), texts, counts.astype(np.int64))

    @cached_property
    def sounds(self) -> list[str]:
        """The skeleton of each text of a name."""
        return [standardise.skeleton(value) for value in self.values]

    def derive(self, function: Callable[[str], str]) -> Codes:
        """Return codes of something computed from each text, -1 where it is ""."""
        return self.spread([function(value) for value in self.values])

    def spread(self, texts: list[str]) -> Codes:
        """Return codes of something known of each text, -1 where it is ""."""
        if not texts:
            return self.codes
        parts = np.array(texts, dtype=object)
        codes = pd.factorize(parts, sort=True)[0].astype(np.int64)
        codes[parts == ""] = -1
        return np.where(self.codes >= 0, codes[self.codes], -1)

    def without(self, codes: Codes) -> Column:
        """Return the column with these codes made missing."""
        if not len(codes):
            return self
        kept = np.where(np.isin(self.codes, codes), -1, self.codes)
        return Column(kept, self.values, np.bincount(kept[kept >= 0], minlength=len(self.values)).astype(np.int64))


@dataclass(frozen=True)
class Encoded:
    """All records: their number, columns by kind, and values that are no evidence because too many share them."""

    size: int
    columns: dict[Kind, Column]
    shared: dict[Kind, list[str]]


def encode(records: pd.DataFrame, kinds: Mapping[str, Kind]) -> Encoded:
    """Standardise and encode records in the order given.

    Several columns of one kind: the first that isn't blank wins, in the order of `kinds`; streets are joined. A
    full name fills given name and surname only where those are blank.
    """
    texts: dict[Kind, Objects] = {}
    for header, kind in kinds.items():
        cells = _text(records[header])
        if kind is Kind.STREET and kind in texts:
            texts[kind] = np.array(
                [f"{first} {more}".strip() for first, more in zip(texts[kind], cells, strict=True)], dtype=object
            )
        elif kind in texts:
            texts[kind] = np.where(_is_blank(texts[kind]), cells, texts[kind])
        else:
            texts[kind] = cells
    full = texts.pop(Kind.FULLNAME, None)
    standard = {kind: over_distinct(cells, _STANDARD[kind]) for kind, cells in texts.items()}
    if full is not None:
        halves = over_distinct(full, standardise.split_full_name)
        for at, kind in enumerate((Kind.GIVEN, Kind.SURNAME)):
            half = np.array([both[at] for both in halves], dtype=object)
            known = standard.get(kind)
            standard[kind] = half if known is None else np.where(known == "", half, known)
    columns = {kind: Column.of(values) for kind, values in standard.items()}
    return _without_shared(Encoded(len(records), columns, {}))


def _text(column: pd.Series[str]) -> Objects:
    """Return cells as str, "" for whatever pandas calls missing."""
    cells = column.astype(object)
    filled = cells.where(cells.notna(), "").to_numpy(dtype=object)
    return filled if pd.api.types.infer_dtype(filled, skipna=False) == "string" else over_distinct(filled, str)


def _is_blank(cells: Objects) -> npt.NDArray[np.bool_]:
    return np.array([not cell.strip() for cell in cells], dtype=np.bool_)


def _without_shared(encoded: Encoded) -> Encoded:
    """Make values missing that many names, or suspiciously many records, share."""
    columns = dict(encoded.columns)
    shared: dict[Kind, list[str]] = {}
    names = name_codes(columns)
    drops: dict[Kind, Codes] = {}
    for kind in (Kind.EMAIL, Kind.PHONE):
        if kind in columns and names is not None:
            drops[kind] = _with_many_names(columns[kind], names, MOST_NAMES)
    if Kind.DOB in columns:
        default = _default_dates(columns[Kind.DOB], columns.get(Kind.SOURCE))
        if names is not None:
            default = np.intersect1d(default, _with_many_names(columns[Kind.DOB], names, DEFAULT_DATE_LEAST))
        drops[Kind.DOB] = default
    for kind, codes in drops.items():
        if len(codes):
            shared[kind] = [columns[kind].values[code] for code in codes]
            columns[kind] = columns[kind].without(codes)
    return Encoded(encoded.size, columns, shared)


def name_codes(columns: Mapping[Kind, Column]) -> Codes | None:
    """Return one code for given name and surname together in any order, -1 where either is missing."""
    if Kind.GIVEN not in columns or Kind.SURNAME not in columns:
        return None
    parts = [columns[kind] for kind in (Kind.GIVEN, Kind.SURNAME)]
    vocabulary = {text: at for at, text in enumerate(sorted({*parts[0].sounds, *parts[1].sounds}))}
    coded = []
    for part in parts:
        table = np.array([vocabulary[text] for text in part.sounds] + [-1], dtype=np.int64)
        coded.append(table[part.codes])
    low, high = np.minimum(*coded), np.maximum(*coded)
    return np.where(low >= 0, low * len(vocabulary) + high, -1)


def _with_many_names(column: Column, names: Codes, most: int) -> Codes:
    rows = np.flatnonzero((column.codes >= 0) & (names >= 0))
    rows = rows[column.counts[column.codes[rows]] > most]
    pairs = pd.DataFrame({"value": column.codes[rows], "name": names[rows]}).drop_duplicates()
    counts = np.bincount(pairs["value"].to_numpy(), minlength=len(column.values))
    return np.flatnonzero(counts > most).astype(np.int64)


def _default_dates(column: Column, source: Column | None) -> Codes:
    groups = source.codes if source is not None else np.zeros(len(column.codes), dtype=np.int64)
    found = set()
    for group in range(int(groups.max(initial=-1)) + 1):
        codes = column.codes[(groups == group) & (column.codes >= 0)]
        counts = np.bincount(codes, minlength=len(column.values))
        size = int((groups == group).sum())
        found.update(np.flatnonzero((counts > DEFAULT_DATE_SHARE * size) & (counts > DEFAULT_DATE_LEAST)).tolist())
    return np.array(sorted(found), dtype=np.int64)
