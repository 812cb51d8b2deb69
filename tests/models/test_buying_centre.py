"""The buying centre by rule (rules 5.5): people on a deal, whom they influence, and what it means for the gate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock, undo
from models.customers import people
from models.database import execute
from models.deals import buying_centre, deals, gates
from models.deals.buying_centre import DealPerson
from models.errors import NotAllowedError, NotFoundError, RefusedError, UsageError
from tests.models.raw_sql import Raw


def account(book) -> int:
    """Return a deal of an account with three people."""
    deal = book.deal("qualify")
    customer = book.detail(deal).customer_id
    for name, position in (("Sam Pine", "Buyer"), ("Mira Dune", "COO")):
        people.add(book.ana, book.now, customer, name, position=position)
    return deal


def names(deal: int) -> list[tuple[str, str, int, int]]:
    return [(one.name, one.role, one.influence, one.attitude) for one in buying_centre.list_people(deal)]


def test_people_are_listed_with_who_decides_first(book) -> None:
    deal = account(book)
    buying_centre.add(book.ana, book.now, deal, "sam pine", "economic_buyer")
    buying_centre.add(book.ana, book.now, deal, "Mira", "decision_maker", influence=3, attitude=1)
    assert names(deal) == [("Mira Dune", "decision_maker", 3, 1), ("Sam Pine", "economic_buyer", 2, 0)]
    assert buying_centre.list_candidates(deal, book.now) == ("Pat Marsh",)
    assert buying_centre.list_people(deal)[0].position == "COO"


def test_a_person_that_the_account_has_not_is_refused_and_a_second_time_too(book) -> None:
    deal = account(book)
    with pytest.raises(NotFoundError, match="called 'Ira Stone'; there are Pat Marsh, Mira Dune"):
        buying_centre.add(book.ana, book.now, deal, "Ira Stone", "user")
    buying_centre.add(book.ana, book.now, deal, "Sam Pine", "user")
    with pytest.raises(RefusedError, match="is on D-1001 already"):
        buying_centre.add(book.ana, book.now, deal, "Sam Pine", "blocker")


def test_an_individuals_own_name_counts_and_a_relatives(book) -> None:
    customer = book.account("Nora Vale", kind="individual")
    deal = deals.create(book.ana, book.now, customer)
    assert buying_centre.list_candidates(deal, book.now) == ("Nora Vale",)
    buying_centre.add(book.ana, book.now, deal, "Nora Vale", "decision_maker")
    buying_centre.add(book.ana, book.now, deal, "Jo Vale", "influencer", influences="Nora")
    assert [one.name for one in buying_centre.list_people(deal)] == ["Nora Vale", "Jo Vale"]


@pytest.mark.parametrize(
    "values", [{"role": "boss"}, {"role": "user", "influence": 4}, {"role": "user", "attitude": 2}]
)
def test_what_can_not_be_is_said(book, values: dict[str, object]) -> None:
    deal = account(book)
    with pytest.raises(UsageError):
        buying_centre.add(book.ana, book.now, deal, "Sam Pine", **values)
    assert names(deal) == []


def test_who_decides_is_known_by_a_person_as_well_as_by_the_field(book) -> None:
    deal = account(book)
    deals.edit(book.ana, book.now, deal, {"decision_maker": ""})
    buying_centre.add(book.ana, book.now, deal, "Sam Pine", "economic_buyer")
    assert [found.field for found in gates.check(deal, "develop", book.now)] == ["decision_maker"]
    mira = buying_centre.add(book.ana, book.now, deal, "Mira Dune", "decision_maker")
    assert not gates.check(deal, "develop", book.now)
    buying_centre.change(book.ana, book.now, mira, {"role": "influencer"})
    assert gates.check(deal, "develop", book.now)


def test_each_change_is_one_undo(book) -> None:
    deal = account(book)
    mira = buying_centre.add(book.ana, book.now, deal, "Mira Dune", "decision_maker")
    buying_centre.add(book.ana, book.now, deal, "Sam Pine", "economic_buyer", influences="Mira Dune")
    before = buying_centre.list_people(deal)
    buying_centre.remove(book.ana, book.now, mira)
    assert buying_centre.list_people(deal)[0].influences_id is None
    undo.undo(book.ana, book.now)
    assert buying_centre.list_people(deal) == before
    buying_centre.change(book.ana, book.now, mira, {"attitude": -1, "influences": "Sam Pine"})
    undo.undo(book.ana, book.now)
    undo.undo(book.ana, book.now)
    undo.undo(book.ana, book.now)
    assert names(deal) == []


def test_a_person_who_leaves_the_account_stays_on_the_deal_by_name(book) -> None:
    deal = account(book)
    buying_centre.add(book.ana, book.now, deal, "Sam Pine", "user")
    person = buying_centre.list_people(deal)[0].person_id
    assert person is not None
    people.remove(book.ana, book.now, person)
    assert names(deal) == [("Sam Pine", "user", 2, 0)]
    undo.undo(book.ana, book.now)
    assert buying_centre.list_people(deal)[0].person_id == person


def test_only_who_works_on_the_deal_changes_its_people(book) -> None:
    deal = account(book)
    mira = buying_centre.add(book.ana, book.now, deal, "Mira Dune", "user")
    for act in (
        lambda: buying_centre.add(book.bo, book.now, deal, "Sam Pine", "user"),
        lambda: buying_centre.change(book.bo, book.now, mira, {"attitude": 1}),
        lambda: buying_centre.remove(book.bo, book.now, mira),
    ):
        with pytest.raises(NotAllowedError):
            act()
    buying_centre.change(book.max, book.now, mira, {"attitude": 1})


def test_the_database_refuses_people_and_influence_from_elsewhere(book) -> None:
    deal, other = account(book), account(book)
    mira = buying_centre.add(book.ana, book.now, deal, "Mira Dune", "user")
    raw = Raw(book.path, clock.to_micros(book.now), book.today.isoformat())
    stranger = execute("SELECT max(id) FROM person").fetchone()[0]
    add = "INSERT INTO deal_person (deal_id, person_id, name, role, influences_id) VALUES (?, ?, 'X', 'user', ?)"
    raw.refused("CRM611", add, deal, stranger, None)
    raw.refused("CRM612", add, other, None, mira)
    raw.refused("CRM612", "UPDATE deal_person SET influences_id = id")


# ---- the picture


def person(row_id: int, influences: int | None) -> DealPerson:
    return DealPerson(row_id, 1, None, f"P{row_id}", "", "user", 2, 0, influences, None)


def test_the_picture_hangs_those_who_influence_below_whom_they_influence() -> None:
    found = buying_centre.picture([person(1, None), person(2, 1), person(3, 2), person(4, 1), person(5, None)])
    assert [branch.prefix + branch.person.name for branch in found] == ["P1", "├─ P2", "│  └─ P3", "└─ P4", "P5"]


def test_a_circle_is_drawn_once_and_says_where_it_closes() -> None:
    found = buying_centre.picture([person(1, 2), person(2, 1), person(3, 1)])
    drawn = [(branch.prefix + branch.person.name, branch.is_again) for branch in found]
    assert drawn == [("P1", False), ("├─ P2", False), ("│  └─ P1", True), ("└─ P3", False)]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=9))
def test_everybody_is_in_the_picture_once_whoever_influences_whom(targets: list[int]) -> None:
    people_ = [person(at, target if target and target != at else None) for at, target in enumerate(targets, 1)]
    found = [branch.person.id for branch in buying_centre.picture(people_) if not branch.is_again]
    assert sorted(found) == [one.id for one in people_]
