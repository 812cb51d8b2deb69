"""A next step's day and time at the end of its text: understood where certain, left in the text elsewhere."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contoso_tui.forms.when import split_when, understood

# A Wednesday.
TODAY = dt.date(2026, 11, 18)
FRIDAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("sentence", "text", "on", "minute"),
    [
        ("Call Lee fri 14:00", "Call Lee", FRIDAY, 840),
        ("Call Lee friday at 2pm", "Call Lee", FRIDAY, 840),
        ("Call Lee, 9:30, Fri", "Call Lee", FRIDAY, 570),
        ("Visit Fri 20 Nov 14:00", "Visit", FRIDAY, 840),
        ("Meet at 9 on fri", "Meet", FRIDAY, 540),
        ("Send quote by fri", "Send quote", FRIDAY, None),
        ("Send quote today", "Send quote", TODAY, None),
        ("Call tomorrow", "Call", dt.date(2026, 11, 19), None),
        ("Call in 3 days", "Call", dt.date(2026, 11, 21), None),
        ("Call 3d", "Call", dt.date(2026, 11, 21), None),
        ("Call +2w 8:00", "Call", dt.date(2026, 12, 2), 480),
        ("Visit 2026-12-12 at 9", "Visit", dt.date(2026, 12, 12), 540),
        ("Visit 12 dec", "Visit", dt.date(2026, 12, 12), None),
        ("Visit dec 12 2027", "Visit", dt.date(2027, 12, 12), None),
        ("Order by 12/24", "Order", dt.date(2026, 12, 24), None),
        ("Call Lee 14:00", "Call Lee", None, 840),
    ],
)
def test_a_day_and_a_time_at_the_end_are_understood(sentence, text, on, minute) -> None:
    assert split_when(sentence, TODAY) == (text, on, minute)


@pytest.mark.parametrize(
    "sentence",
    [
        "Send sun blinds",
        "Fri call Lee",
        "Put it in the sun",
        "Call Tom",
        "Talk to May",
        "Say yes",
        "Offer the plan of 12 months",
        "Offer monitoring 24/7",
        "Look at 9",
        "Read page 9",
        "Upgrade to 10.2.",
        "Call Lee next fri",
        "Answer the letter of 2025-01-01",
        "Compare with 2025-01-01",
        "Call 31 feb",
        "Meet Lee fri 25:00",
        "Offer for fri",
        "fri",
        "fri 14:00",
        "",
    ],
)
def test_what_is_no_day_stays_in_the_text(sentence) -> None:
    assert split_when(sentence, TODAY) == (sentence, None, None)


def test_a_weekday_that_is_not_that_day_is_asked_about() -> None:
    assert split_when("Visit Thu 20 Nov", TODAY) == ("Visit Thu 20 Nov", None, None)


def test_the_fields_of_their_own_count_and_the_text_fills_what_they_leave_open() -> None:
    monday = dt.date(2026, 11, 23)
    assert understood("Call Lee 14:00", monday, None, TODAY) == ("Call Lee", monday, 840)
    assert understood("Call Lee fri", FRIDAY, 540, TODAY) == ("Call Lee", FRIDAY, 540)
    assert understood("Call Lee fri 14:00", monday, None, TODAY) == ("Call Lee fri 14:00", monday, None)
    assert understood("Call Lee fri 14:00", None, 540, TODAY) == ("Call Lee fri 14:00", None, 540)


@given(st.text(max_size=60))
def test_any_text_is_taken_whole_or_loses_its_end_only(sentence) -> None:
    found = split_when(sentence, TODAY)
    assert " ".join(sentence.split()).startswith(" ".join(found.text.split()))
    assert (found.on, found.minute) == (None, None) or len(found.text.split()) >= 1
