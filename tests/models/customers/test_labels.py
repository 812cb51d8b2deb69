from __future__ import annotations

import pytest

from models import undo
from models.customers import customers, people
from models.database import execute
from models.errors import NotAllowedError, RefusedError, UsageError
from models.nurture import enrolments
from tests.models.conftest import Book


def _nora(book: Book) -> int:
    return customers.create(book.bo, book.now, name="Nora Vale", email="n@b.example", phone="303-555-0100")


def test_a_corporate_label_makes_the_individual_the_first_person(book: Book) -> None:
    nora = _nora(book)
    assert customers.label_corporate(book.bo, book.now, [nora], "Fabrikam") == [nora]
    row = customers.get_row(nora)
    assert (row.kind, row.name) == ("corporate", "Fabrikam")
    # A representative hands over to an account executive.
    assert row.owner == "ana"
    [person] = people.list_people(nora)
    assert (person.name, person.email, person.phone, person.is_primary) == (
        "Nora Vale",
        "n@b.example",
        "303-555-0100",
        True,
    )


def test_the_label_is_one_action_that_undo_takes_back(book: Book) -> None:
    ids = [_nora(book), customers.create(book.bo, book.now, name="Ivo Hart")]
    before = [customers.get_row(one) for one in ids]
    customers.label_corporate(book.olga, book.now, ids, {ids[0]: "Fabrikam", ids[1]: "Tailspin"})
    assert [customers.get_row(one).name for one in ids] == ["Fabrikam", "Tailspin"]
    undo.undo(book.olga, book.now)
    assert [customers.get_row(one) for one in ids] == before
    assert people.list_people(ids[0]) == ()
    undo.redo(book.olga, book.now)
    assert [customers.get_row(one).name for one in ids] == ["Fabrikam", "Tailspin"]


def test_a_company_needs_a_name(book: Book) -> None:
    nora = _nora(book)
    with pytest.raises(UsageError, match="Nora Vale needs a company's name"):
        customers.label_corporate(book.bo, book.now, [nora], "  ")
    assert customers.get_row(nora).kind == "individual"


def test_who_is_corporate_already_stays_as_it_is(book: Book) -> None:
    account = book.account()
    assert customers.label_corporate(book.ana, book.now, [account], "Other") == []
    assert customers.get_row(account).name == "Oak Terrace"


def test_only_the_owner_of_all_a_manager_or_operations_label(book: Book) -> None:
    nora = _nora(book)
    for login in ("ana", "uma", "sid"):
        with pytest.raises(NotAllowedError):
            customers.label_corporate(book.actors[login], book.now, [nora], "Fabrikam")
    customers.label_corporate(book.eve, book.now, [nora], "Fabrikam")


def test_taking_the_label_back_ends_nurture_and_undo_goes_on_with_it(book: Book) -> None:
    account = book.account()
    [enrolment] = enrolments.start(book.ana, book.now, [account])
    before = book.visible()
    customers.label_individual(book.ana, book.now, [account])
    row = customers.get_row(account)
    assert (row.kind, row.name) == ("individual", "Pat Marsh")
    assert people.list_people(account) == ()
    state = execute("SELECT state, exit_reason, ended_by FROM enrolment WHERE id = ?", (enrolment,)).fetchone()
    assert state == ("exited", "no_longer_corporate", "ana")
    assert execute("SELECT count(*) FROM enrolment_step WHERE state IN ('pending', 'due', 'snoozed')").fetchone() == (
        0,
    )
    undo.undo(book.ana, book.now)
    after = book.visible()
    assert [row[:30] for row in after.pop("customer")] == [row[:30] for row in before.pop("customer")]
    assert after == before


def test_an_account_with_several_people_is_no_individual(book: Book) -> None:
    account = book.account()
    people.add(book.ana, book.now, account, "Uma Reyes")
    with pytest.raises(RefusedError, match="has 2 people"):
        customers.label_individual(book.ana, book.now, [account])


def test_people_of_an_account(book: Book) -> None:
    account = book.account()
    uma = people.add(book.ana, book.now, account, "Uma Reyes", position="CFO")
    people.make_primary(book.ana, book.now, uma)
    assert [one.name for one in people.list_people(account)] == ["Uma Reyes", "Pat Marsh"]
    people.change(book.ana, book.now, uma, {"email": "uma@b.example", "do_not_contact": True})
    assert people.get_person(uma).do_not_contact
    with pytest.raises(UsageError):
        people.change(book.ana, book.now, uma, {"account_id": 1})
    people.remove(book.ana, book.now, uma)
    [left] = people.list_people(account)
    assert (left.name, left.is_primary) == ("Pat Marsh", True)
    with pytest.raises(RefusedError):
        people.remove(book.ana, book.now, left.id)
    undo.undo(book.ana, book.now)
    assert [one.is_primary for one in people.list_people(account)] == [True, False]
    with pytest.raises(NotAllowedError):
        people.add(book.bo, book.now, account, "Gil Ortega")
    with pytest.raises(RefusedError, match="is an individual"):
        people.add(book.bo, book.now, _nora(book), "Gil Ortega")
