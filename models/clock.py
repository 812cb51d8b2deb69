"""Times: UTC integer microseconds in the database, dates in the company's time zone; pure functions."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Not the locale's: what is told reads the same for everybody.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def to_micros(moment: dt.datetime) -> int:
    """Return UTC microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def from_micros(micros: int) -> dt.datetime:
    """Return the aware UTC moment of `micros`."""
    return _EPOCH + dt.timedelta(microseconds=micros)


def local_date(moment: dt.datetime, zone: str) -> dt.date:
    """Return the calendar date of `moment` in the IANA time zone `zone`."""
    return moment.astimezone(ZoneInfo(zone)).date()


def age_days(since_micros: int, now: dt.datetime, zone: str) -> int:
    """Return calendar days from the day of `since_micros` to that of `now` in `zone`."""
    return (local_date(now, zone) - local_date(from_micros(since_micros), zone)).days


def month_start(day: dt.date, zone: str) -> int:
    """Return the first UTC microsecond of the month of `day` in `zone`."""
    return to_micros(dt.datetime(day.year, day.month, 1, tzinfo=ZoneInfo(zone)))


def in_words(day: dt.date) -> str:
    """Write a date with weekday and year: `Fri 20 Nov 2026`."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
