from __future__ import annotations

import pytest

from models.customers import customers, people
from models.customers.search import search
from tests.models.conftest import Book


def _found(text: str) -> list[tuple[str, str]]:
    return [(hit.kind, hit.name) for hit in search(text)]


@pytest.fixture
def nora(book: Book) -> int:
    made = customers.create(
        book.bo, book.now, name="José Ñandú-Vale", email="Jose@Mail.example", phone="(303)555-0142x9", postcode="80014"
    )
    customers.create(book.bo, book.now, name="Josephine Vane", email="jo@other.example", phone="720-555-0199")
    return made


@pytest.mark.parametrize(
    "text",
    [
        "josé ñan",
        "jose nandu",
        "vale jose",
        "VAL",
        "jose@mail",
        "JOSE@MAIL.EXAMPLE",
        "303 555 0142",
        "+1-303-555-0142",
        "80014",
    ],
)
def test_people_are_found_by_what_is_remembered(nora: int, text: str) -> None:
    assert _found(text) == [("customer", "José Ñandú-Vale")]


def test_ids_find_customers_and_deals(book: Book) -> None:
    account = book.account("Fabrikam")
    deal = book.deal(customer_id=account)
    assert _found(f"C-{account:05d}") == [("customer", "Fabrikam")]
    assert _found(f"d-{deal}") == [("deal", "Fabrikam")]
    assert ("deal", "Fabrikam") in _found(str(deal))
    # A name brings its open deals along.
    assert _found("fabri") == [("customer", "Fabrikam"), ("deal", "Fabrikam")]


def test_a_whole_name_goes_before_longer_ones(book: Book) -> None:
    for name in ("Ann Lee Zell", "Ann Lees", "Ann Lee"):
        customers.create(book.bo, book.now, name=name)
    assert [name for _, name in _found("ann lee")] == ["Ann Lee", "Ann Lee Zell", "Ann Lees"]


def test_the_email_of_a_person_finds_the_account(book: Book) -> None:
    account = book.account("Fabrikam", person="")
    people.add(book.ana, book.now, account, "Uma Reyes", email="u_ma@fab.example")
    assert _found("u_ma@") == [("customer", "Fabrikam")]
    assert _found("uXma@") == []


@pytest.mark.parametrize(
    "text",
    ["", "   ", '"', "*", '" OR name:*', "a AND", "NEAR(", "x_y_z", "\x00", "\U0001d400\U0001e900a", "%", "'; DROP"],
)
def test_hostile_text_finds_nothing_and_harms_nothing(nora: int, text: str) -> None:
    assert search(text) == []
    assert customers.count_customers("jose") == 2


def test_a_customer_that_was_renamed_is_found_by_the_new_name_only(book: Book, nora: int) -> None:
    customers.edit(book.bo, book.now, nora, {"name": "Norbert Quill"})
    assert _found("quill") == [("customer", "Norbert Quill")]
    assert _found("nandu") == []
