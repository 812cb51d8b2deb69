"""Standardised columns as integer codes, so that later stages handle each distinct text once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers import standardise
from importers.matching.kinds import Kind
from importers.matching.word_order import reversed_names
from importers.standardise import Objects

Codes = npt.NDArray[np.int32]
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_STANDARD: dict[Kind, Callable[[str], str]] = {
    Kind.GIVEN: standardise.name,
    Kind.SURNAME: standardise.name,
    Kind.FULLNAME: standardise.full_name,
    Kind.CITY: standardise.name,
    Kind.DOB: standardise.dob,
    Kind.EMAIL: standardise.email,
    Kind.PHONE: standardise.phone,
    Kind.STREET: standardise.street,
    Kind.POSTCODE: standardise.code,
    Kind.IDENT: standardise.code,
    Kind.COMPANY: standardise.company,
    Kind.CATEGORY: standardise.category,
    Kind.SOURCE: standardise.category,
}


@dataclass(frozen=True)
class Column:
    """One standardised column: a code for each record (-1 missing), the text and the count of each code.

    Codes are given in the order in which the sorted records first use them, whatever order the rows came in.
    """

    codes: Codes
    values: Objects
    counts: Positions
    _derived: dict[str, Codes] = field(default_factory=dict, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[Column], tuple[Codes, Objects, Positions]]:
        """What was computed of the texts is computed again elsewhere."""
        return Column, (self.codes, self.values, self.counts)

    @property
    def texts(self) -> Objects:
        """The text of each record, "" for missing."""
        return np.append(self.values, "")[self.codes]

    @classmethod
    def of(cls, codes: npt.NDArray[Any], texts: Objects) -> Column:
        """Put equal texts together, make "" missing, drop what no record uses."""
        distinct, values = pd.factorize(texts)
        table = np.append(np.where(values[distinct] == "", -1, distinct), -1) if len(texts) else np.array([-1])
        joined = table[codes]
        present = joined >= 0
        found, used = pd.factorize(joined[present])
        final = np.full(len(codes), -1, dtype=np.int32)
        final[present] = found
        counts = np.bincount(found, minlength=len(used)).astype(np.int64)
        return cls(final, np.asarray(values[used], dtype=object), counts)

    def keep(self, name: str, make: Callable[[], Codes]) -> Codes:
        """Return what `make` computes of the texts, the second time from memory; a name means one thing."""
        if name not in self._derived:
            self._derived[name] = make()
        return self._derived[name]

    def per_value(self, name: str, function: Callable[[str], str]) -> Codes:
        """Return a code for something computed from each text, -1 where it is "", and one more -1 for missing."""

        def make() -> Codes:
            parts = np.array([function(value) for value in self.values.tolist()] + [""], dtype=object)
            codes, texts = pd.factorize(parts)
            codes[codes == np.flatnonzero(texts == "")[0]] = -1
            return codes.astype(np.int32)

        return self.keep(name, make)

    def per_text(self, name: str, function: Callable[[str], int]) -> Codes:
        """Return a number for each text, and 0 for missing."""
        return self.keep(name, lambda: np.array([*map(function, self.values.tolist()), 0], dtype=np.int32))

    def per_record(self, name: str, function: Callable[[str], str]) -> Codes:
        """Return for each record the code of something computed from its text, -1 where it is ""."""
        return self.per_value(name, function)[self.codes]

    def without(self, codes: Positions) -> Column:
        """Return the column with these codes made missing."""
        table = np.arange(len(self.values) + 1)
        table[codes] = table[-1] = -1
        return Column.of(table[self.codes], self.values)

    def or_else(self, other: Column) -> Column:
        """Return the column with the other's value where this one is missing."""
        theirs = np.where(other.codes >= 0, other.codes.astype(np.int64) + len(self.values), -1)
        return Column.of(np.where(self.codes >= 0, self.codes, theirs), np.concatenate([self.values, other.values]))


@dataclass(frozen=True)
class Encoded:
    """All records: their number, columns by kind, and the sources in the order of their numbers.

    `names` is one code for the sounds of given name and surname in any order, -1 where either is missing. `shared`
    lists by kind the values that are no evidence because too many share them.
    """

    size: int
    columns: dict[Kind, Column]
    sources: tuple[str, ...]
    names: Codes | None
    shared: dict[Kind, list[str]]


def encode(
    records: pd.DataFrame,
    kinds: Mapping[str, Kind],
    order: Positions,
    sources: tuple[str, ...] = (),
    known: Mapping[Kind, Mapping[str, int]] | None = None,
) -> dict[Kind, Column]:
    """Standardise and encode the columns of records, taken in `order`.

    Several columns of one kind: the first that isn't blank wins, in the order of `kinds`; streets are joined. A
    full name fills given name and surname only where those are blank. `known` counts names of records seen before.
    """
    columns: dict[Kind, Column] = {}
    for kind, headers in _by_kind(kinds).items():
        if kind is Kind.STREET and len(headers) > 1:
            texts = [_texts(records[header]) for header in headers]
            lines = [" ".join(parts) for parts in zip(*texts, strict=True)]
            found = [_column(pd.Series(lines, dtype=object), kind, order)]
        else:
            found = [_column(records[header], kind, order) for header in headers]
        column = found[0]
        for other in found[1:]:
            column = column.or_else(other)
        columns[kind] = column
    full = columns.pop(Kind.FULLNAME, None)
    if full is not None:
        for kind, half in zip((Kind.GIVEN, Kind.SURNAME), _halves(full, columns, known or {}), strict=True):
            columns[kind] = columns[kind].or_else(half) if kind in columns else half
    if Kind.SOURCE in columns:
        columns[Kind.SOURCE] = numbered(columns[Kind.SOURCE], sources)
    return columns


def _by_kind(kinds: Mapping[str, Kind]) -> dict[Kind, list[str]]:
    found: dict[Kind, list[str]] = {}
    for header, kind in kinds.items():
        found.setdefault(kind, []).append(header)
    return {kind: found[kind] for kind in Kind if kind in found}


def _column(cells: pd.Series[Any], kind: Kind, order: Positions) -> Column:
    codes, distinct = pd.factorize(cells)
    function = _STANDARD[kind]
    texts = np.array([function(str(value)) for value in np.asarray(distinct, dtype=object)], dtype=object)
    return Column.of(codes[order], texts)


def _texts(cells: pd.Series[Any]) -> list[str]:
    """Return cells as str, "" for whatever pandas calls missing."""
    codes, distinct = pd.factorize(cells)
    texts: list[str] = np.array([*(str(value) for value in distinct), ""], dtype=object)[codes].tolist()
    return texts


def _halves(
    full: Column, columns: Mapping[Kind, Column], known: Mapping[Kind, Mapping[str, int]]
) -> tuple[Column, Column]:
    """Return given names and surnames of standardised full names, "given|surname" or two words of either order."""
    is_open = np.array(["|" not in value for value in full.values.tolist()], dtype=np.bool_)
    parts = [value.partition(" " if either else "|") for value, either in zip(full.values, is_open, strict=True)]
    first = np.array([one for one, _, _ in parts], dtype=object)
    last = np.array([other for _, _, other in parts], dtype=object)
    counted = ([_counted(kind, columns), _counted_before(kind, known)] for kind in (Kind.GIVEN, Kind.SURNAME))
    turned = reversed_names(first, last, full.counts, is_open, *counted)
    given, surname = np.where(turned, last, first), np.where(turned, first, last)
    return Column.of(full.codes, given), Column.of(full.codes, surname)


def _counted(kind: Kind, columns: Mapping[Kind, Column]) -> tuple[Objects, Positions]:
    column = columns.get(kind)
    return _counted_before(kind, {}) if column is None else (column.values, column.counts)


def _counted_before(kind: Kind, known: Mapping[Kind, Mapping[str, int]]) -> tuple[Objects, Positions]:
    counts = known.get(kind, {})
    return np.array(list(counts), dtype=object), np.array(list(counts.values()), dtype=np.int64)


def numbered(column: Column, known: tuple[str, ...]) -> Column:
    """Number the sources: those known first, then the others by name."""
    order = [*known, *sorted(set(column.values.tolist()) - set(known))]
    number = {text: at for at, text in enumerate(order)}
    table = np.array([number[text] for text in column.values.tolist()] + [-1], dtype=np.int32)
    codes = table[column.codes]
    counts = np.bincount(codes[codes >= 0], minlength=len(order)).astype(np.int64)
    return Column(codes, np.array(order, dtype=object), counts)


def compact(key: Positions) -> Codes:
    """Return a key with its codes counted from 0; -1 stays."""
    present = key >= 0
    codes = np.full(len(key), -1, dtype=np.int32)
    codes[present] = pd.factorize(key[present])[0]
    return codes
