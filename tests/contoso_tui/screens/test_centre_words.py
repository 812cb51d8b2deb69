"""People of a deal in columns as wide as what stands in them: names and emails are whole where there is room."""

from __future__ import annotations

import datetime as dt

import pytest
from rich.cells import cell_len

from contoso_tui.screens import centre_words
from models.customers.records import Person
from models.deals.buying_centre import DealPerson

TODAY = dt.date(2026, 11, 18)
LONG = "Nikhil Bramblewright"


def on_deal(position: str) -> DealPerson:
    return DealPerson(1, 1, None, LONG, position, "economic_buyer", 2, 0, None, None)


def known(name: str, phone: str, email: str) -> Person:
    made = dict.fromkeys(Person._fields, "") | {"id": 1, "name": name, "phone": phone, "email": email}
    return Person(**made | {"do_not_contact": False})


@pytest.mark.parametrize(("position", "shown"), [("", LONG), ("Chief of buildings", "Nikhil Brambl")])
def test_a_name_takes_the_room_of_positions_that_nobody_has(position: str, shown: str) -> None:
    (row,) = centre_words.people_lines([on_deal(position)], 52, 5)
    words = "".join(text for text, _ in (*row.parts, *row.right))
    assert shown in words
    # The panel's edge and the gap before the attitude take a cell each.
    assert cell_len(words) + 2 <= 52


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    people = [
        known("Ahmed Marera", "912-555-0100", "ahmed_marera@coralstonehospice.example"),
        known("Iris Larkdale", "545-555-0100", "iris@coralstonehospice.example"),
    ]
    rows = centre_words.tab([], people, "Coralstone Hospice", 80, TODAY, is_late=False)
    words = ["".join(text for text, _ in row.parts) for row in rows]
    assert "Ahmed Marera   912-555-0100  ahmed_marera@coralstonehospice.example" in words
    assert "Iris Larkdale  545-555-0100  iris@coralstonehospice.example" in words
