from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import ids
from models.errors import UsageError

NUMBERS = st.integers(0, 10**12 - 1)


@given(NUMBERS, st.none() | st.integers(1, 999_999))
def test_what_is_shown_reads_back(number, revision):
    assert ids.deal_id(ids.show_deal(number)) == number
    assert ids.customer_id(ids.show_customer(number)) == number
    assert ids.enrolment_id(ids.show_enrolment(number)) == number
    assert ids.quote_ref(ids.show_quote(number, revision)) == (number, revision)


def test_the_forms_people_read():
    assert (ids.show_deal(1042), ids.show_customer(731)) == ("D-1042", "C-00731")
    assert (ids.show_enrolment(210), ids.show_quote(388), ids.show_quote(388, 3)) == ("L-0210", "Q-0388", "Q-0388 r3")


@pytest.mark.parametrize("text", ["D-1042", "d-1042", "1042", " D1042 ", "D-001042"])
def test_forms_of_a_deal(text):
    assert ids.deal_id(text) == 1042


@pytest.mark.parametrize("text", ["Q-0388 r3", "q388r3", "388 R3", "Q-388r03"])
def test_forms_of_a_quote(text):
    assert ids.quote_ref(text) == (388, 3)


@pytest.mark.parametrize("text", ["", "D-", "C-1042", "D-1042x", "D--1", "-5", "1.5", "D-1042 r1", "9" * 16])
def test_what_is_no_deal(text):
    with pytest.raises(UsageError, match="D-1042"):
        ids.deal_id(text)


@pytest.mark.parametrize("text", ["", "Q-", "Q-0388 r", "D-0388", "Q-0388 3", "Q-0388 r3 r4"])
def test_what_is_no_quote(text):
    with pytest.raises(UsageError, match="Q-0388"):
        ids.quote_ref(text)
