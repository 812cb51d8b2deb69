"""Working days: Monday to Friday but for holidays and leave; pure functions over a set of days off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set

_DAY = dt.timedelta(days=1)


def is_working_day(day: dt.date, days_off: Set[dt.date]) -> bool:
    """Return whether `day` is neither at a weekend nor in `days_off`."""
    return day.weekday() < 5 and day not in days_off


def roll_forward(day: dt.date, days_off: Set[dt.date]) -> dt.date:
    """Return `day`, or the first working day after it."""
    while not is_working_day(day, days_off):
        day += _DAY
    return day


def days_late(due: dt.date | None, today: dt.date, days_off: Set[dt.date]) -> int:
    """Return how many working days `today` is past `due`: 0 when not late, else at least 1, at a weekend too."""
    if due is None or due >= today:
        return 0
    whole_weeks, rest = divmod((today - due).days, 7)
    start = due + dt.timedelta(days=whole_weeks * 7)
    count = whole_weeks * 5 + sum((start + _DAY * n).weekday() < 5 for n in range(1, rest + 1))
    count -= sum(due < day <= today and day.weekday() < 5 for day in days_off)
    return max(count, 1)
