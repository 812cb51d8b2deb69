from __future__ import annotations

import pytest

from models import undo
from models.customers import customers
from models.errors import NotAllowedError, NotFoundError, UsageError
from models.people import users
from tests.models.conftest import Book


def test_who_makes_a_customer_owns_it_if_the_role_fits(book: Book) -> None:
    assert customers.get_row(customers.create(book.bo, book.now, name="Nora Vale")).owner == "bo"
    assert customers.get_row(customers.create(book.ana, book.now, name="Fabrikam", kind="corporate")).owner == "ana"
    # A consultant makes one: the rep with the fewest customers gets it.
    assert customers.get_row(customers.create(book.uma, book.now, name="Ivo Hart")).owner == "ana"
    assert customers.get_row(customers.create(book.bo, book.now, name="Tailspin", kind="corporate")).owner == "ana"


def test_the_territory_goes_before_the_number_of_customers(book: Book) -> None:
    users.change(book.olga, book.now, "bo", territory="Texas; Ohio")
    for number in range(3):
        made = customers.create(book.uma, book.now, name=f"Tex An{number}", state="ohio")
        assert customers.get_row(made).owner == "bo"


def test_making_and_editing_can_be_undone(book: Book) -> None:
    made = customers.create(book.bo, book.now, name="Nora Vale", email="n@b.example")
    customers.edit(
        book.bo, book.now, made, {"email": "new@b.example", "do_not_contact": True, "birth_date": "1984-03-12"}
    )
    row = customers.get_row(made)
    assert (row.email, row.do_not_contact) == ("new@b.example", True)
    undo.undo(book.bo, book.now)
    row = customers.get_row(made)
    assert (row.email, row.do_not_contact) == ("n@b.example", False)
    undo.undo(book.bo, book.now)
    with pytest.raises(NotFoundError):
        customers.get_row(made)


@pytest.mark.parametrize(
    "changes",
    [{}, {"name": "  "}, {"birth_date": "12/3/1984"}, {"owner_id": 3}, {"kind": "corporate"}, {"nonsense": 1}],
)
def test_what_cannot_be_edited_is_said(book: Book, changes: dict[str, object]) -> None:
    made = customers.create(book.bo, book.now, name="Nora Vale")
    with pytest.raises(UsageError):
        customers.edit(book.bo, book.now, made, changes)


@pytest.mark.parametrize(
    ("login", "may"), [("bo", True), ("max", True), ("olga", True), ("ana", False), ("eve", False), ("uma", False)]
)
def test_owner_their_manager_and_operations_edit(book: Book, login: str, may: bool) -> None:
    made = customers.create(book.bo, book.now, name="Nora Vale")
    if may:
        customers.edit(book.actors[login], book.now, made, {"city": "Aspen"})
    else:
        with pytest.raises(NotAllowedError, match="is bo's"):
            customers.edit(book.actors[login], book.now, made, {"city": "Aspen"})


@pytest.mark.parametrize(
    ("login", "may"), [("bo", True), ("max", True), ("eve", True), ("olga", True), ("ana", False), ("sid", False)]
)
def test_owner_managers_and_operations_hand_over(book: Book, login: str, may: bool) -> None:
    ids = [customers.create(book.bo, book.now, name=name) for name in ("Nora Vale", "Ivo Hart")]
    if may:
        customers.assign(book.actors[login], book.now, ids, "ana")
        assert {customers.get_row(one).owner for one in ids} == {"ana"}
        undo.undo(book.actors[login], book.now)
    else:
        with pytest.raises(NotAllowedError):
            customers.assign(book.actors[login], book.now, ids, "ana")
    assert {customers.get_row(one).owner for one in ids} == {"bo"}


def test_one_of_many_that_may_not_go_keeps_all(book: Book) -> None:
    mine = customers.create(book.bo, book.now, name="Nora Vale")
    other = customers.create(book.ana, book.now, name="Fabrikam", kind="corporate")
    with pytest.raises(NotAllowedError):
        customers.assign(book.bo, book.now, [mine, other], "ana")
    assert customers.get_row(mine).owner == "bo"


def test_who_has_no_owner_can_be_taken(book: Book) -> None:
    free = book.account("Tailspin", owner=None)
    customers.assign(book.ana, book.now, [free], "ana")
    assert customers.get_row(free).owner == "ana"


def test_the_list_goes_page_by_page_in_the_order_of_names(book: Book) -> None:
    names = ["adele North", "Adele North", "Bea South", "bea south", "Cy West"]
    ids = [customers.create(book.bo, book.now, name=name) for name in names]
    book.account("Adele Holding", owner="ana")
    listed, last = [], None
    while page := customers.list_customers(after=last, limit=2):
        listed += [row.id for row in page]
        last = page[-1]
    assert len(listed) == len(set(listed)) == 6
    assert listed[1:] == ids
    assert [row.name for row in customers.list_customers(kind="corporate")] == ["Adele Holding"]
    assert len(customers.list_customers(owner_id=book.bo.id)) == 5
    assert [row.id for row in customers.list_customers("sou be")] == [ids[2], ids[3]]
    assert customers.count_customers("adele") == 3
    assert customers.count_customers(owner_id=book.ana.id) == 1


def test_open_deals_are_counted(book: Book) -> None:
    customer_id = book.account()
    book.deal(customer_id=customer_id)
    assert customers.get_row(customer_id).open_deals == 1
    measures = customers.measures(customer_id)
    assert (measures.open_deals, measures.open_deals_usd_cents) == (1, 25_000_00)


def test_a_customer_without_anything_is_worth_nothing_not_unknown(book: Book) -> None:
    measures = customers.measures(customers.create(book.bo, book.now, name="Nora Vale"))
    assert [channel.amount_minor for channel in measures.channels] == [0, 0]
    assert (measures.spend_minor, measures.unpaid_minor, measures.average_basket_minor) == (0, 0, 0)
    assert (measures.points, measures.last_purchase_on) == (None, None)
