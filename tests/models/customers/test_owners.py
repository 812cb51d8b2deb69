"""Who gets a customer without an owner: as the process says."""

from __future__ import annotations

import pytest

from models import process, process_change, undo
from models.customers import customers, owners
from models.database import execute
from models.errors import NotAllowedError, RefusedError
from models.people import users


def owner(customer_id):
    row = execute(
        "SELECT u.login FROM customer c JOIN app_user u ON u.id = c.owner_id WHERE c.id = ?", (customer_id,)
    ).fetchone()
    return row[0] if row else None


def unowned(book, name, state="", kind="individual"):
    return book.account(name, None, kind=kind, state=state)


def test_territory_goes_first_then_who_has_the_fewest(book):
    users.change(book.olga, book.now, "bo", territory="Colorado, Utah")
    ids = [unowned(book, f"C{n}", state) for n, state in enumerate(("colorado", "Utah", "Texas", "Texas", "Ohio"))]
    assert owners.assign_by_rule(book.max, book.now, ids) == 5
    # Both in bo's territory; the others first to ana, who has the fewest.
    assert [owner(one) for one in ids] == ["bo", "bo", "ana", "ana", "ana"]
    undo.undo(book.max, book.now)
    assert [owner(one) for one in ids] == [None] * 5


def test_the_process_says_how(book):
    users.change(book.olga, book.now, "bo", territory="Utah")
    text = process.shipped_text().replace('individual = ["territory", "fewest"]', 'individual = ["fewest"]')
    process_change.use(book.olga, book.now, text)
    ids = [unowned(book, f"C{n}", "Utah") for n in range(4)]
    owners.assign_by_rule(book.max, book.now, ids)
    assert [owner(one) for one in ids] == ["ana", "bo", "ana", "bo"]


def test_accounts_get_an_executive(book):
    account = unowned(book, "Trey", kind="corporate")
    owners.assign_by_rule(book.olga, book.now)
    assert owner(account) == "ana"


def test_who_is_known_from_stores_alone_gets_nobody_unless_named(book):
    shopper = unowned(book, "Nora")
    with pytest.raises(RefusedError):
        owners.assign_by_rule(book.olga, book.now)
    assert owners.assign_by_rule(book.olga, book.now, [shopper]) == 1


def test_only_managers_and_operations_give_out(book):
    with pytest.raises(NotAllowedError):
        owners.assign_by_rule(book.ana, book.now, [unowned(book, "Nora")])


def test_a_customer_made_by_hand_gets_one_by_rule(book):
    made = customers.create(book.uma, book.now, name="Nora Vale")
    assert owner(made) in ("ana", "bo")
