"""Cells of a source turned into typed values, whole columns at a time; for the sources only."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers.standardise import Objects, over_distinct
from models.customers import addresses

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?")
_LOST_DASH = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])")
_NEGATIVE = re.compile(r"-\d+(?:\.\d+)?")
_SIGNS = re.compile(r"^[$€£]|[$€£]$|^USD|USD$")
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# SQLite's integers end at 2^63; a float is exact in cents far beyond any price.
_MOST_MINOR = 10**15
_BEST_RATING = 500
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0", ""})


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What a parser gives for a cell it can't read."""

    reason: str


@dataclass(frozen=True)
class Column:
    """Typed values of one column and why some of its cells couldn't be read (by row position)."""

    values: Any
    reasons: dict[int, str]


def trimmed(cells: Objects) -> Objects:
    """Drop the spaces around each cell."""
    # Hardly any has some: to find the distinct ones first takes longer.
    return np.fromiter(map(str.strip, cells), dtype=object, count=len(cells))


def text(cells: Objects) -> Column:
    """Text as it came, trimmed."""
    return Column(trimmed(cells), {})


def city(cells: Objects) -> Column:
    """City, trimmed; a question mark between two letters is a dash lost in a conversion (Winston?Salem)."""
    return Column(over_distinct(cells, lambda cell: _LOST_DASH.sub("-", cell.strip())), {})


def email(cells: Objects) -> Column:
    """Email addresses, trimmed; what can't be one stays blank."""

    def read(cell: str) -> str | Unreadable:
        reason = addresses.why_no_email(cell)
        return Unreadable(reason) if reason else cell.strip()

    return _read(cells, read, "")


def phone(cells: Objects) -> Column:
    """Phone as text; a negative number is what a spreadsheet made of one."""

    def read(cell: str) -> str | Unreadable:
        shown = " ".join(cell.split())
        if _NEGATIVE.fullmatch(shown):
            return Unreadable("a spreadsheet took the phone number for a sum")
        return shown

    return _read(cells, read, "")


def date(cells: Objects) -> Column:
    """Dates as ISO text; both 2018-05-08 and 5/8/2018 (month first) are read, times are dropped."""
    return _read(cells, read_date, "")


def read_date(cell: str) -> str | Unreadable:
    """Return one date as ISO text, "" for blank."""
    shown = cell.strip()
    if not shown:
        return ""
    if found := _ISO.fullmatch(shown):
        year, month, day = found[1], found[2], found[3]
    elif found := _SLASHED.fullmatch(shown):
        month, day, year = found[1], found[2], found[3]
    else:
        return Unreadable("not a date; wanted YYYY-MM-DD or M/D/YYYY")
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return Unreadable("no such date")


def yes_no(cells: Objects) -> Column:
    """Yes or no; blank is no, as consent must have been given."""

    def read(cell: str) -> bool | Unreadable:
        word = cell.strip().lower()
        if word in _YES:
            return True
        return False if word in _NO else Unreadable("neither yes nor no")

    column = _read(cells, read, None)
    return Column(pd.array(column.values, dtype="boolean"), column.reasons)


def integer(cells: Objects) -> Column:
    """Whole numbers; blank is unknown."""
    return _numbers(cells, _read_integer, scale=1)


def minor(cells: Objects) -> Column:
    """Amounts as integer cents, rounded half up; blank is unknown."""
    return _numbers(cells, _read_minor, scale=100)


def rating(cells: Objects) -> Column:
    """Ratings from 0 to 5, as integer hundredths; blank is none."""
    return _numbers(cells, _read_rating, scale=100, most=_BEST_RATING)


def _numbers(cells: Objects, read: Callable[[str], Any], scale: int, most: int | None = None) -> Column:
    """Read plain numbers all at once; whatever is not plain, or lies near half a unit, one by one.

    With `most`, so are those that aren't from 0 to it.
    """
    codes, distinct = pd.factorize(cells)
    numbers = pd.to_numeric(pd.Series(distinct, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    scaled = numbers * scale
    nearest = np.rint(scaled)
    with np.errstate(invalid="ignore"):
        is_plain = np.isfinite(scaled) & (np.abs(scaled) < _MOST_MINOR)
        # Floats near a half may round either way, and a whole number may be asked for: both are read exactly.
        is_plain &= (scaled == nearest) if scale == 1 else np.abs(np.abs(scaled - nearest) - 0.5) > 1e-3
    if most is not None:
        is_plain &= (nearest >= 0) & (nearest <= most)
    values = np.where(is_plain, nearest, 0).astype(np.int64)
    blank = np.zeros(len(distinct), dtype=np.bool_)
    reasons: dict[int, str] = {}
    for at in np.flatnonzero(~is_plain):
        outcome = read(str(distinct[at]))
        if isinstance(outcome, Unreadable):
            reasons[int(at)] = outcome.reason
        values[at], blank[at] = (outcome, False) if isinstance(outcome, int) else (0, True)
    array = pd.arrays.IntegerArray(values[codes], blank[codes])
    return Column(array, _spread(codes, reasons))


def _read_minor(cell: str) -> int | Unreadable | None:
    plain = _plain_number(cell)
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return Unreadable("not an amount")
    if not amount.is_finite() or abs(amount) * 100 >= _MOST_MINOR:
        return Unreadable("not an amount")
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _read_rating(cell: str) -> int | Unreadable | None:
    hundredths = _read_minor(cell)
    is_rating = hundredths is None or (isinstance(hundredths, int) and 0 <= hundredths <= _BEST_RATING)
    return hundredths if is_rating else Unreadable("not a rating from 0 to 5")


def _read_integer(cell: str) -> int | Unreadable | None:
    plain = _plain_number(cell)
    if not plain:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return Unreadable("not a whole number")
    if not number.is_finite() or number != number.to_integral_value() or abs(number) >= _MOST_MINOR:
        return Unreadable("not a whole number")
    return int(number)


def _plain_number(cell: str) -> str:
    """Drop the currency sign and the separators of thousands; a comma may be the decimal point."""
    plain = _SIGNS.sub("", cell.strip()).strip().replace(" ", "").replace("\u00a0", "").replace("_", "?")
    if _GROUPED.fullmatch(plain):
        return plain.replace(",", "")
    if "," in plain and plain.rfind(",") > plain.rfind("."):
        return plain.replace(".", "").replace(",", ".")
    return plain


def _read(cells: Objects, read: Callable[[str], Any], blank: Any) -> Column:
    codes, distinct = pd.factorize(cells)
    values = np.fromiter(map(read, distinct), dtype=object, count=len(distinct))
    reasons = {at: outcome.reason for at, outcome in enumerate(values) if isinstance(outcome, Unreadable)}
    values[list(reasons)] = blank
    spread = values[codes] if len(distinct) else np.empty(len(codes), dtype=object)
    return Column(spread, _spread(codes, reasons))


def _spread(codes: npt.NDArray[np.intp], reasons: dict[int, str]) -> dict[int, str]:
    """Turn reasons by distinct value into reasons by row."""
    if not reasons:
        return {}
    rows = np.flatnonzero(np.isin(codes, list(reasons)))
    return {int(row): reasons[int(codes[row])] for row in rows}
