"""What people type for dates, times, money, numbers and durations, read strictly; pure functions.

Each raises `UsageError` with one sentence that names what was typed and how to write it.
"""

from __future__ import annotations

import datetime as dt
import re

from models.errors import UsageError
from models.money import parse_minor, parse_percent

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NAMED = {"today": 0, "tod": 0, "now": 0, "tomorrow": 1, "tom": 1, "tmr": 1, "yesterday": -1, "yes": -1}
_SHIFT = re.compile(r"([+-]?)(\d{1,4})\s*(d|w|m|y|days?|weeks?|months?|years?)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3,9})\.?,?(?:\s+(\d{4}))?")
_NAME_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?(?:\s+(\d{4}))?")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?")
_HOURS = re.compile(r"(?:(\d{1,3})\s*h(?:ours?)?)?\s*(?:(\d{1,4})\s*(?:m(?:in(?:utes)?)?)?)?")
HOW_DATE = "write it like fri, +3d, 2w, 12 dec or 2026-12-12"


def parse_date(text: str, today: dt.date, *, is_past: bool = False) -> dt.date:
    """Read a date: today, fri, +3d, 2w, 12 dec, 12/25 (month first), 25.12., 2026-12-12.

    Without a year, and for weekdays, the next such day after today is meant; with `is_past` the last one before.
    """
    typed = " ".join(text.lower().split())
    direction = -1 if is_past else 1
    if typed in _NAMED:
        return today + dt.timedelta(days=_NAMED[typed])
    weekday = _index(typed, _WEEKDAYS)
    if weekday is not None:
        days = (weekday - today.weekday()) % 7 or 7
        return today + dt.timedelta(days=days if direction > 0 else days - 7 or -7)
    if found := _SHIFT.fullmatch(typed):
        sign = {"+": 1, "-": -1, "": direction}[found[1]]
        return _shift(text, today, sign * int(found[2]), found[3][0])
    if found := _ISO.fullmatch(typed):
        return _date(text, int(found[1]), int(found[2]), int(found[3]))
    month_day = _month_and_day(typed)
    if month_day is None:
        raise UsageError(f"“{text.strip()}” is no date: {HOW_DATE}")
    month, day, year = month_day
    if year is not None:
        return _date(text, year, month, day)
    return _nearest(text, today, month, day, direction)


def parse_time(text: str) -> str:
    """Read a time of day such as 9, 14:30 or 2pm as `HH:MM`."""
    found = _CLOCK.fullmatch(text.strip().lower())
    if found:
        hour, minute = int(found[1]), int(found[2] or 0)
        is_half_day = found[3] is not None
        if is_half_day and 1 <= hour <= 12:
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        elif is_half_day:
            hour = 24
        if hour < 24 and minute < 60:
            return f"{hour:02d}:{minute:02d}"
    raise UsageError(f"“{text.strip()}” is no time: write it like 14:30, 9 or 2pm")


def parse_money(text: str, currency: str = "USD") -> int:
    """Read an amount such as 9,200.00, $9200 or 9.2k as minor units of `currency`."""
    bare = text.strip().lstrip("$").rstrip("kK")
    if "," in bare and not _GROUPED.fullmatch(bare):
        raise UsageError(f"“{text.strip()}” is no amount: write it like 9200 or 9,200.00")
    return parse_minor(text, currency)


def parse_basis_points(text: str) -> int:
    """Read a percentage such as 10 or 7.5% as basis points (1/100 of a percent)."""
    return parse_percent(text)


def parse_integer(text: str, low: int = 0, high: int = 1_000_000_000) -> int:
    """Read a whole number from `low` to `high`; commas may group thousands."""
    typed = text.strip()
    digits = typed.replace(",", "") if _GROUPED.fullmatch(typed) else typed
    if not re.fullmatch(r"-?[0-9]{1,12}", digits):
        raise UsageError(f"“{typed}” is no whole number")
    number = int(digits)
    if not low <= number <= high:
        raise UsageError(f"“{typed}” must be from {low:,} to {high:,}")
    return number


def parse_minutes(text: str) -> int:
    """Read a duration such as 45, 45m, 1h, 1h30 or 1:30 as minutes, at least one and at most a week."""
    typed = text.strip().lower()
    found = re.fullmatch(r"(\d{1,3}):(\d{2})", typed) or _HOURS.fullmatch(typed)
    if found and typed:
        minutes = int(found[1] or 0) * 60 + int(found[2] or 0)
        if 1 <= minutes <= 7 * 24 * 60:
            return minutes
    raise UsageError(f"“{text.strip()}” is no duration: write it like 45, 1h or 1h30")


def say_date(day: dt.date) -> str:
    """Return the day that was understood, as shown beside a date field."""
    return f"{_WEEKDAYS[day.weekday()][:3].title()} {day.day} {_MONTHS[day.month - 1][:3].title()} {day.year}"


def _index(typed: str, names: tuple[str, ...]) -> int | None:
    if len(typed) < 3:
        return None
    return next((index for index, name in enumerate(names) if name.startswith(typed)), None)


def _month_and_day(typed: str) -> tuple[int, int, int | None] | None:
    if found := _MONTH_FIRST.fullmatch(typed):
        return int(found[1]), int(found[2]), _year(found[3])
    if found := _DAY_FIRST.fullmatch(typed):
        return int(found[2]), int(found[1]), _year(found[3])
    if (found := _DAY_NAME.fullmatch(typed)) and (month := _index(found[2], _MONTHS)) is not None:
        return month + 1, int(found[1]), _year(found[3])
    if (found := _NAME_DAY.fullmatch(typed)) and (month := _index(found[1], _MONTHS)) is not None:
        return month + 1, int(found[2]), _year(found[3])
    return None


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def _date(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise UsageError(f"“{text.strip()}” is no day of the calendar") from None


def _nearest(text: str, today: dt.date, month: int, day: int, direction: int) -> dt.date:
    # 29 February may be up to eight years away.
    for year in range(today.year, today.year + 9 * direction, direction):
        try:
            found = dt.date(year, month, day)
        except ValueError:
            continue
        if (found - today).days * direction >= 0:
            return found
    raise UsageError(f"“{text.strip()}” is no day of the calendar")


def _shift(text: str, today: dt.date, count: int, unit: str) -> dt.date:
    try:
        if unit in "dw":
            return today + dt.timedelta(days=count * (7 if unit == "w" else 1))
        months = today.year * 12 + today.month - 1 + count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        for day in range(today.day, 27, -1):
            try:
                return dt.date(year, month + 1, day)
            except ValueError:
                continue
        return dt.date(year, month + 1, today.day)
    except (ValueError, OverflowError):
        raise UsageError(f"“{text.strip()}” is too far away") from None
