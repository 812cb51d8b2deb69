"""How money, dates, ages and ids read."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contoso_tui import formats
from contoso_tui.forms.parse import parse_minutes
from models import words

TODAY = dt.date(2026, 11, 18)
LIMIT = formats.TECH_LIMIT_MINOR


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (2_684_800, "USD", "$26,848.00"),
        (5, "USD", "$0.05"),
        (-350, "USD", "-$3.50"),
        (920_000, "EUR", "EUR 9,200.00"),
        (1_200, "JPY", "JPY 1,200"),
        (1_234, "KWD", "KWD 1.234"),
    ],
)
def test_exact_money_shows_the_smallest_unit(minor: int, currency: str, text: str) -> None:
    assert formats.money(minor, currency) == text


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (LIMIT, "$20,000"),
        (LIMIT + 1, "$20,001"),
        (LIMIT + 49, "$20,001"),
        (LIMIT + 50, "$20,001"),
        (LIMIT + 149, "$20,001"),
        (LIMIT - 1, "$20,000"),
        (1_999_949, "$19,999"),
        (420_050, "$4,201"),
        (-350, "-$4"),
    ],
)
def test_whole_money_never_rounds_across_the_limit(minor: int, text: str) -> None:
    assert formats.money_whole(minor) == text


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=1, max_value=10**10))
def test_whole_dollars_tell_whether_an_amount_is_above_the_limit(minor: int, limit: int) -> None:
    shown = int(formats.money_whole(minor, limit_minor=limit).removeprefix("$").replace(",", "")) * 100
    if minor > limit:
        assert shown > limit
    assert abs(shown - minor) < 100


def test_the_limit_is_in_dollars_and_rounds_no_other_currency() -> None:
    assert formats.money_whole(LIMIT + 1, "EUR") == "EUR 20,000"


def test_one_thing_is_no_plural_and_dates_with_room_have_their_month() -> None:
    assert [formats.counted(n, "day") for n in (0, 1, 2, 1200)] == ["0 days", "1 day", "2 days", "1,200 days"]
    assert formats.counted(2, "match", "matches") == "2 matches"
    assert [words.scored(n) for n in (0, 1, 12)] == ["+0 pts", "+1 pt", "+12 pts"]
    today = dt.date(2026, 11, 18)
    told = [formats.day_dated(today + dt.timedelta(days=n), today) for n in (-1, 0, 1, 2, 6, 30, 300)]
    assert told == ["Tue 17 Nov", "today", "tomorrow", "Fri 20 Nov", "Tue 24 Nov", "Fri 18 Dec", "Sep 2027"]


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (0, "$0"),
        (95_049, "$950"),
        (99_950, "$1k"),
        (420_000, "$4.2k"),
        (700_000, "$7k"),
        (999_900, "$10k"),
        (2_640_000, "$26k"),
        (4_150_000, "$42k"),
        (99_960_000, "$1M"),
        (123_456_789_00, "$123M"),
        (1_260_000_000_00, "$1.3B"),
        (-420_000, "-$4.2k"),
    ],
)
def test_short_money_has_three_digits_at_most(minor: int, text: str) -> None:
    assert formats.money_short(minor) == text


def test_narrow_columns_show_thousands_and_wide_ones_dollars() -> None:
    assert formats.money_card(420_000, width=15) == "$4.2k"
    assert formats.money_card(420_000, width=16) == "$4,200"


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (dt.date(2026, 11, 18), "today"),
        (dt.date(2026, 11, 19), "tomorrow"),
        (dt.date(2026, 11, 20), "Fri"),
        (dt.date(2026, 11, 24), "Tue"),
        (dt.date(2026, 11, 25), "Wed 25 Nov"),
        (dt.date(2026, 11, 17), "Tue 17 Nov"),
        (dt.date(2027, 1, 12), "Tue 12 Jan"),
        (dt.date(2027, 9, 1), "Sep 2027"),
        (dt.date(2025, 3, 1), "Mar 2025"),
    ],
)
def test_days_read_as_people_say_them(date: dt.date, text: str) -> None:
    assert formats.day(date, TODAY) == text


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (TODAY, "today"),
        (dt.date(2026, 11, 17), "on Tue 17 Nov"),
        (dt.date(2025, 3, 1), "in Mar 2025"),
    ],
)
def test_days_read_well_inside_a_sentence(date: dt.date, text: str) -> None:
    assert formats.on_day(date, TODAY) == text


@pytest.mark.parametrize(
    ("date", "wide", "narrow"),
    [
        (TODAY, "Today", "Today"),
        (dt.date(2026, 11, 19), "Thu 19 Nov", "Thu 19"),
        (dt.date(2026, 11, 24), "Tue 24 Nov", "Tue 24"),
        (dt.date(2026, 11, 25), "Wed 25 Nov", "25 Nov"),
        (dt.date(2026, 11, 30), "Mon 30 Nov", "30 Nov"),
        (dt.date(2026, 12, 18), "Fri 18 Dec", "18 Dec"),
        (dt.date(2027, 9, 1), "Sep 2027", "Sep 2027"),
    ],
)
def test_cards_shorten_dates(date: dt.date, wide: str, narrow: str) -> None:
    assert formats.day_card(date, TODAY, is_wide=True) == wide
    assert formats.day_card(date, TODAY, is_wide=False) == narrow


def test_ids_ages_counts_and_clocks() -> None:
    assert formats.deal_id(1042) == "D-1042"
    assert formats.deal_id(123456) == "D-123456"
    assert formats.customer_id(731) == "C-00731"
    assert formats.quote_id(388, 3) == "Q-0388 r3"
    assert formats.quote_id(388) == "Q-0388"
    assert formats.age(21) == "21d"
    assert formats.age(21, 14) == "21d/14"
    assert formats.count_short(9_999) == "9999"
    assert formats.count_short(20_000) == "20k"
    assert formats.clock(14 * 60 + 5) == "14:05"
    assert formats.day_full(dt.date(2026, 11, 20)) == "Fri 20 Nov 2026"


def test_a_number_agrees_with_its_thing() -> None:
    assert [formats.counted(count, "deal") for count in (0, 1, 2, 1200)] == [
        "0 deals",
        "1 deal",
        "2 deals",
        "1,200 deals",
    ]
    assert [formats.counted(count, "match", "matches") for count in (1, 2)] == ["1 match", "2 matches"]


def test_a_short_day_has_its_month_or_its_year() -> None:
    assert formats.day_short(dt.date(2026, 11, 24), TODAY) == "24 Nov"
    assert formats.day_short(dt.date(2027, 1, 4), TODAY) == "4 Jan"
    assert formats.day_short(dt.date(2025, 3, 4), TODAY) == "Mar 2025"


def test_an_amount_without_its_unit_keeps_the_digits_of_its_currency() -> None:
    assert formats.amount(2_684_800) == "26,848.00"
    assert formats.amount(-350) == "-3.50"
    assert formats.amount(1200, "JPY") == "1,200"
    assert formats.amount(1234, "KWD") == "1.234"


@pytest.mark.parametrize(("minutes", "shown"), [(5, "5m"), (45, "45m"), (60, "1h"), (90, "1h30"), (65, "1h05")])
def test_a_length_is_written_as_fields_read_it(minutes: int, shown: str) -> None:
    assert formats.length(minutes) == shown
    assert parse_minutes(shown) == minutes
