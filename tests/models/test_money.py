from __future__ import annotations

import sqlite3
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import money
from models.database import _migration
from models.errors import UsageError


@pytest.fixture(scope="module")
def table():
    """The shipped table of lines, alone."""
    made = sqlite3.connect(":memory:")
    (create,) = [sql for sql in _migration(1) if sql.lstrip().startswith("CREATE TABLE deal_line")]
    made.execute(create)
    yield made
    made.close()


@given(
    quantity=st.integers(1, 1_000_000),
    price_minor=st.integers(0, 10_000_000),
    discount_bp=st.integers(0, 10_000),
    months=st.none() | st.integers(1, 600),
    is_monthly=st.booleans(),
)
def test_a_lines_net_is_the_databases_and_the_fractions(table, quantity, price_minor, discount_bp, months, is_monthly):
    gross = Fraction(quantity) * price_minor * ((12 if months is None else months) if is_monthly else 1)
    if gross > 10**13:
        gross, quantity, price_minor, months = Fraction(7 * 13 * (12 if is_monthly else 1)), 7, 13, 12
    exact = gross * (1 - Fraction(discount_bp, 10_000))
    half_up = floor(exact + Fraction(1, 2))
    assert money.line_net_minor(quantity, price_minor, discount_bp, months, is_monthly=is_monthly) == half_up
    (row,) = table.execute(
        "INSERT INTO deal_line (deal_id, position, product_id, description, quantity, is_monthly, months, price_minor,"
        " discount_bp) VALUES (1, 1, 1, '', ?, ?, ?, ?, ?) RETURNING net_minor, gross_minor",
        (quantity, is_monthly, months, price_minor, discount_bp),
    ).fetchall()
    assert row == (half_up, gross)


@pytest.mark.parametrize(("discount_bp", "net"), [(0, 1), (5_000, 1), (5_001, 0), (10_000, 0)])
def test_half_a_cent_rounds_up(discount_bp, net):
    assert money.line_net_minor(1, 1, discount_bp, None, is_monthly=False) == net


@given(st.integers(0, 10**13), st.sampled_from(["USD", "JPY", "KWD", "EUR"]))
def test_what_is_written_reads_back(minor, currency):
    assert money.parse_minor(money.to_text(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("9200", 920_000),
        ("9,200.00", 920_000),
        ("$9,200", 920_000),
        (" 9.2k ", 920_000),
        ("9 200", 920_000),
        ("USD 9200", 920_000),
        ("9200 USD", 920_000),
        ("0.01", 1),
        ("0", 0),
    ],
)
def test_amounts_as_people_type_them(text, minor):
    assert money.parse_minor(text) == minor


@pytest.mark.parametrize("text", ["", "-1", "0.001", "NaN", "Infinity", "1e30", "abc", "12-3", "$", "k", "1k1", "--5"])
def test_what_is_no_amount(text):
    with pytest.raises(UsageError, match=r"amount|finer"):
        money.parse_minor(text)


def test_yen_have_no_cents_and_dinars_three_digits():
    assert money.parse_minor("500", "JPY") == 500
    with pytest.raises(UsageError, match="finer"):
        money.parse_minor("500.5", "JPY")
    assert (money.parse_minor("1.234", "KWD"), money.to_text(1234, "KWD")) == (1234, "1.234")


@pytest.mark.parametrize(("text", "points"), [("10", 1000), ("7.5%", 750), ("0", 0), ("100", 10_000), ("0.01", 1)])
def test_percentages_to_two_decimals(text, points):
    assert money.parse_percent(text) == points


@pytest.mark.parametrize("text", ["", "-1", "100.01", "0.001", "ten", "NaN"])
def test_what_is_no_percentage(text):
    with pytest.raises(UsageError):
        money.parse_percent(text)
