from __future__ import annotations

import pytest

from models.customers import addresses, customers, people
from models.errors import UsageError
from tests.models.conftest import Book


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "pat@example.com",
        " Pat.O'Neil+home@mail.example.co ",
        "root@localhost",
        "josé@exämple.example",
        "a@b.c",
    ],
)
def test_what_may_be_an_email_is_taken(text: str) -> None:
    assert addresses.why_no_email(text) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not an email", "not an email"),
        ("pat@", "not an email"),
        ("@example.com", "not an email"),
        ("pat@example", "not an email"),
        ("pat@.example", "not an email"),
        ("pat@example.", "not an email"),
        ("pat @example.com", "not an email"),
        ("Pat <pat@example.com>", "not an email"),
        ("pat\x1b[2J@example.com", "not an email"),
        ("a@b.example,c@d.example", "more than one"),
        ("a@b@c.example", "more than one"),
    ],
)
def test_what_cannot_be_an_email_is_said(text: str, reason: str) -> None:
    assert addresses.why_no_email(text).startswith(reason)


@pytest.mark.parametrize(
    "text",
    ["", "303 555 014", "+1 303 555 0142", "(303) 555-0142", "001-303-555-0142x123", "303.555.0142 ext. 9", "55 501"],
)
def test_what_may_be_a_phone_number_is_taken(text: str) -> None:
    assert addresses.why_no_phone(text) == ""


@pytest.mark.parametrize("text", ["call me", "1", "555-HOME", "pat@example.com", "-8678", "+1 303 555 0142 mornings"])
def test_what_cannot_be_a_phone_number_is_said(text: str) -> None:
    assert addresses.why_no_phone(text).startswith("not a phone number")


def test_nobody_is_made_or_changed_with_what_is_no_address(book: Book) -> None:
    with pytest.raises(UsageError, match="The email is not an email address"):
        customers.create(book.bo, book.now, name="Nora Vale", email="soon")
    made = customers.create(book.bo, book.now, name="Nora Vale")
    with pytest.raises(UsageError, match="The phone is not a phone number"):
        customers.edit(book.bo, book.now, made, {"phone": "ask Ivo"})
    account = book.account("Fabrikam Clinics")
    with pytest.raises(UsageError, match="more than one"):
        people.add(book.ana, book.now, account, "Pat", email="a@b.example; c@d.example")
    person = people.add(book.ana, book.now, account, "Pat", email="pat@example.com")
    with pytest.raises(UsageError, match="not an email address"):
        people.change(book.ana, book.now, person, {"email": "pat"})
    assert people.get_person(person).email == "pat@example.com"
