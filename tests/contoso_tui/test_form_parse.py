import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contoso_tui.forms import parse
from contoso_tui.forms.fields import Choice, FormField, note, read
from models.errors import UsageError

WEDNESDAY = dt.date(2026, 11, 18)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", "2026-11-18"),
        ("tomorrow", "2026-11-19"),
        ("yesterday", "2026-11-17"),
        ("fri", "2026-11-20"),
        ("Monday", "2026-11-23"),
        ("wed", "2026-11-25"),
        ("+3d", "2026-11-21"),
        ("2w", "2026-12-02"),
        ("-1w", "2026-11-11"),
        ("1m", "2026-12-18"),
        ("12 dec", "2026-12-12"),
        ("Dec 12", "2026-12-12"),
        ("12 november", "2027-11-12"),
        ("12 dec 2028", "2028-12-12"),
        ("2026-12-12", "2026-12-12"),
        ("12/25", "2026-12-25"),
        ("1/2/2027", "2027-01-02"),
        ("25.12.", "2026-12-25"),
        ("18 nov", "2026-11-18"),
        ("29 feb", "2028-02-29"),
        ("  FRI ", "2026-11-20"),
    ],
)
def test_dates_as_people_type_them(typed: str, day: str) -> None:
    assert parse.parse_date(typed, WEDNESDAY).isoformat() == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("fri", "2026-11-13"),
        ("wed", "2026-11-11"),
        ("3d", "2026-11-15"),
        ("12 dec", "2025-12-12"),
        ("+3d", "2026-11-21"),
    ],
)
def test_dates_of_the_past_go_back(typed: str, day: str) -> None:
    assert parse.parse_date(typed, WEDNESDAY, is_past=True).isoformat() == day


@pytest.mark.parametrize("typed", ["", "soon", "31 feb 2027", "2026-13-01", "f", "99999999d", "12 xyz", "32/1"])
def test_what_is_no_date_is_refused_in_words(typed: str) -> None:
    with pytest.raises(UsageError, match=r"date|calendar|far away"):
        parse.parse_date(typed, WEDNESDAY)


def test_a_month_later_keeps_to_the_end_of_the_month() -> None:
    assert parse.parse_date("1m", dt.date(2027, 1, 31)) == dt.date(2027, 2, 28)
    assert parse.parse_date("1y", dt.date(2028, 2, 29)) == dt.date(2029, 2, 28)


@given(st.text(max_size=12), st.booleans())
def test_no_text_breaks_a_parser(typed: str, is_past: bool) -> None:
    for reading in (
        lambda: parse.parse_date(typed, WEDNESDAY, is_past=is_past),
        lambda: parse.parse_time(typed),
        lambda: parse.parse_money(typed),
        lambda: parse.parse_integer(typed),
        lambda: parse.parse_minutes(typed),
        lambda: parse.parse_basis_points(typed),
    ):
        with suppress(UsageError):
            assert reading() is not None


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)))
def test_the_day_shown_is_the_day_understood(day: dt.date) -> None:
    assert parse.parse_date(parse.say_date(day)[4:], WEDNESDAY) == day
    assert parse.parse_date(day.isoformat(), WEDNESDAY) == day


@pytest.mark.parametrize(
    ("typed", "cents"), [("9,200.00", 920000), ("$9200", 920000), ("9.2k", 920000), ("0", 0), ("1,234,567", 123456700)]
)
def test_money(typed: str, cents: int) -> None:
    assert parse.parse_money(typed) == cents


@pytest.mark.parametrize("typed", ["9,2", "9,2k", "9.201", "-5", "abc", "1,23,4", "1e99", "nan"])
def test_doubtful_money_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        parse.parse_money(typed)


@pytest.mark.parametrize(
    ("typed", "read_as"), [("9", "09:00"), ("14:30", "14:30"), ("2pm", "14:00"), ("12am", "00:00"), ("9h15", "09:15")]
)
def test_times(typed: str, read_as: str) -> None:
    assert parse.parse_time(typed) == read_as


@pytest.mark.parametrize("typed", ["25", "9:75", "13pm", "noon", ""])
def test_no_time(typed: str) -> None:
    with pytest.raises(UsageError):
        parse.parse_time(typed)


@pytest.mark.parametrize(
    ("typed", "minutes"), [("45", 45), ("45m", 45), ("1h", 60), ("1h30", 90), ("1:30", 90), ("2 hours", 120)]
)
def test_durations(typed: str, minutes: int) -> None:
    assert parse.parse_minutes(typed) == minutes


def test_whole_numbers_within_bounds() -> None:
    assert parse.parse_integer("1,200") == 1200
    with pytest.raises(UsageError, match="from 1 to 9"):
        parse.parse_integer("12", 1, 9)
    with pytest.raises(UsageError, match="no whole number"):
        parse.parse_integer("１2")


def test_a_person_is_found_by_part_of_the_name_and_must_be_the_only_one() -> None:
    people = (Choice("uma.reyes", "Uma Reyes", "4 open"), Choice("ulf.ray", "Ulf Ray"), Choice("ivo.hart", "Ivo Hart"))
    field = FormField("of", "Ask", "person", choices=people)
    assert read(field, "um", WEDNESDAY) == "uma.reyes"
    assert read(field, "hart", WEDNESDAY) == "ivo.hart"
    assert note(field, "um", WEDNESDAY) == "Uma Reyes  4 open"
    with pytest.raises(UsageError, match="may be Uma Reyes, Ulf Ray"):
        read(field, "u", WEDNESDAY)
    with pytest.raises(UsageError, match="none of the choices"):
        read(field, "zoe", WEDNESDAY)


def test_an_empty_field_has_no_value_and_what_was_understood_is_shown() -> None:
    assert read(FormField("on", "On", "date"), " ", WEDNESDAY) is None
    assert note(FormField("on", "On", "date"), "fri", WEDNESDAY) == "Fri 20 Nov 2026"
    assert note(FormField("on", "On", "date"), "fr?", WEDNESDAY) == ""
    assert note(FormField("sum", "Sum", "money"), "9.2k", WEDNESDAY) == "$9,200.00"


@pytest.mark.parametrize(
    ("currency", "typed", "minor", "shown"),
    [
        ("USD", "9,200.5", 920_050, "$9,200.50"),
        ("JPY", "9,200", 9_200, "JPY 9,200"),
        ("JPY", "9.2k", 9_200, "JPY 9,200"),
        ("KWD", "9200.125", 9_200_125, "KWD 9,200.125"),
    ],
)
def test_money_is_read_and_shown_in_the_fields_currency(currency: str, typed: str, minor: int, shown: str) -> None:
    field = FormField("budget", "Budget", "money", currency=currency)
    assert read(field, typed, WEDNESDAY) == minor
    assert note(field, typed, WEDNESDAY) == shown


@pytest.mark.parametrize(("currency", "typed"), [("JPY", "1200.5"), ("KWD", "0.1234"), ("USD", "0.125")])
def test_money_finer_than_its_currency_is_refused(currency: str, typed: str) -> None:
    field = FormField("budget", "Budget", "money", currency=currency)
    with pytest.raises(UsageError, match=f"finer than the smallest unit of {currency}"):
        read(field, typed, WEDNESDAY)
    assert note(field, typed, WEDNESDAY) == ""
