from __future__ import annotations

import pytest

from models.customers import customers, households
from models.database import execute
from tests.models.conftest import Book

_HOME = {"street": "14 Elm Walk", "postcode": "80014", "city": "Denver"}


def _make(book: Book, name: str, **values: str) -> int:
    kind = values.pop("kind", "individual")
    made = customers.create(book.olga, book.now, name=name, kind=kind)
    if values:
        customers.edit(book.olga, book.now, made, values)
    return made


def _told(customer_id: int) -> dict[str, tuple[str, ...]]:
    return {one.name: one.why for one in households.list_household(customer_id)}


def test_who_lives_at_the_same_street_and_postcode_is_of_the_household(book: Book) -> None:
    nora = _make(book, "Nora Vale", **_HOME)
    ivo = _make(book, "Ivo Hart", **_HOME | {"street": "14 ELM WALK"})
    _make(book, "Uma Vale", **_HOME | {"postcode": "80015"})
    _make(book, "Gil Vale", street="14 Elm Walk", city="Denver")
    assert _told(nora) == {"Ivo Hart": ("same address",)}
    assert _told(ivo) == {"Nora Vale": ("same address",)}


def test_a_shared_email_or_phone_needs_the_same_surname(book: Book) -> None:
    nora = _make(book, "Nora Vále", email="vale@mail.example", phone="(303) 555-0142", **_HOME)
    _make(book, "Tom Vale", email="VALE@mail.example", **_HOME)
    _make(book, "Ada Vale", phone="+1 303 555 0142")
    _make(book, "Ivo Hart", email="vale@mail.example", phone="303-555-0142")
    _make(book, "Eva Vale", phone="555-0142")
    assert _told(nora) == {"Ada Vale": ("same phone",), "Tom Vale": ("same address", "same email")}


def test_accounts_and_merged_customers_are_of_no_household(book: Book) -> None:
    nora = _make(book, "Nora Vale", **_HOME)
    shop = _make(book, "Vale Lamps", kind="corporate", **_HOME)
    assert _told(nora) == {}
    assert households.list_household(shop) == ()


@pytest.mark.parametrize(("neighbours", "shown"), [(households.MOST, households.MOST), (households.MOST + 1, 0)])
def test_an_address_of_many_is_a_building(book: Book, neighbours: int, shown: int) -> None:
    nora = _make(book, "Nora Vale", **_HOME)
    for number in range(neighbours):
        _make(book, f"Ivo Hart{number}", **_HOME)
    assert len(_told(nora)) == shown


def test_no_customer_is_looked_through_one_by_one(book: Book) -> None:
    """Whatever the number of customers, an index leads to the few that are read."""
    statements: list[str] = []
    nora = _make(book, "Nora Vale", email="vale@mail.example", phone="(303) 555-0142", **_HOME)
    _make(book, "Tom Vale", **_HOME)
    connection = execute("SELECT 1").connection
    connection.set_trace_callback(statements.append)
    try:
        households.list_household(nora)
    finally:
        connection.set_trace_callback(None)
    plans = [row[3] for text in statements for row in execute(f"EXPLAIN QUERY PLAN {text}").fetchall()]
    assert [plan for plan in plans if plan.startswith(("SCAN c", "SCAN p"))] == []
    assert len(statements) > 3
