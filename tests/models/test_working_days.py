from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from models import working_days

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
OFF = st.frozensets(DAYS, max_size=30)
DAY = dt.timedelta(days=1)


def is_free(day, off):
    return day.strftime("%a") in ("Sat", "Sun") or day in off


@given(DAYS, st.integers(-40, 400), OFF)
def test_days_late_are_the_working_days_passed(due, days, off):
    today = due + days * DAY
    naive = sum(not is_free(due + n * DAY, off) for n in range(1, days + 1))
    expected = 0 if days <= 0 else max(naive, 1)
    assert working_days.days_late(due, today, off) == expected


@given(DAYS, OFF)
def test_rolls_to_the_next_working_day(day, off):
    rolled = working_days.roll_forward(day, off)
    assert not is_free(rolled, off)
    assert all(is_free(day + n * DAY, off) for n in range((rolled - day).days))


def test_nothing_due_is_never_late_and_a_weekend_counts_as_one():
    friday = dt.date(2026, 11, 20)
    assert working_days.days_late(None, friday, frozenset()) == 0
    assert working_days.days_late(friday, friday, frozenset()) == 0
    # Late at once, although no working day has passed.
    assert working_days.days_late(friday, friday + DAY, frozenset()) == 1
    assert working_days.days_late(friday, friday + 3 * DAY, frozenset()) == 1
    assert working_days.days_late(friday, friday + 3 * DAY, frozenset({friday + 3 * DAY})) == 1
    assert working_days.days_late(friday, friday + 4 * DAY, frozenset()) == 2
