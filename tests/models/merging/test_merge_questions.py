"""What a merge asks before it does anything: who keeps it, which nurture goes on, who does the tech checks."""

from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.database import execute
from models.deals import tech_checks
from models.errors import RefusedError, UsageError
from models.merging import merges, plans
from models.people import users
from models.people.records import Role
from tests.models.conftest import Book


@pytest.fixture
def two(book: Book) -> tuple[int, int, int, int]:
    """Two accounts of ana's with a Deal each whose tech check waits, for uma and for kim; customers, then Deals."""
    users.add(book.olga, book.now, "kim", [Role.CONSULTANT])
    deals = [book.deal("tech_check", 3_000_000), book.deal("tech_check", 4_000_000)]
    owners = [execute("SELECT customer_id FROM deal WHERE id = ?", (deal,)).fetchone()[0] for deal in deals]
    for deal, login in zip(deals, ("uma", "kim"), strict=True):
        tech_checks.ask(book.ana, book.now, deal, login, needed_by=book.today)
    return (*owners, *deals)


def _asked(*deals: int) -> list[str]:
    return [
        execute(
            "SELECT u.login FROM tech_check_request r JOIN app_user u ON u.id = r.asked_of_id WHERE r.deal_id = ?"
            " ORDER BY r.id DESC LIMIT 1",
            (deal,),
        ).fetchone()[0]
        for deal in deals
    ]


def test_who_does_two_tech_checks_is_asked_and_none_is_dropped(book: Book, two: tuple[int, int, int, int]) -> None:
    kept, gone, one, other = two
    (question,) = plans.foresee(book.ana, kept, gone).questions
    assert question.name == "checks"
    assert f"D-{one} for uma's, D-{other} for kim's" in question.text
    assert [answer for answer, _ in question.choices] == ["each", "uma", "kim"]
    with pytest.raises(RefusedError, match="choose who does them, each or uma or kim"):
        merges.merge(book.ana, book.now, kept, gone)
    with pytest.raises(UsageError, match="bo can't do these"):
        merges.merge(book.ana, book.now, kept, gone, checks="bo")
    merges.merge(book.ana, book.now, kept, gone, checks="kim")
    assert _asked(one, other) == ["kim", "kim"]
    needed = execute("SELECT DISTINCT needed_by, asked_by FROM tech_check_request WHERE deal_id = ?", (one,))
    assert needed.fetchall() == [(book.today.isoformat(), "ana")]
    undo.undo(book.ana, book.now)
    assert _asked(one, other) == ["uma", "kim"]
    merges.merge(book.ana, book.now, kept, gone, checks="kim")
    merges.unmerge(book.ana, book.now, gone)
    assert _asked(one, other) == ["uma", "kim"]


def test_each_goes_on_as_asked_where_that_is_the_answer(book: Book, two: tuple[int, int, int, int]) -> None:
    kept, gone, one, other = two
    plans.carry_out(book.ana, book.now, plans.foresee(book.ana, kept, gone), {"checks": "each"})
    assert _asked(one, other) == ["uma", "kim"]
    assert execute("SELECT count(*) FROM tech_check_request").fetchone() == (2,)


def test_nothing_is_asked_where_one_does_both_or_one_is_signed(book: Book, two: tuple[int, int, int, int]) -> None:
    kept, gone, one, other = two
    tech_checks.ask(book.ana, book.now, other, "uma")
    assert plans.foresee(book.ana, kept, gone).questions == ()
    tech_checks.ask(book.ana, book.now, other, "kim")
    assert len(plans.foresee(book.ana, kept, gone).questions) == 1
    book.now += dt.timedelta(minutes=5)
    book.sign(one)
    assert plans.foresee(book.ana, kept, gone).questions == ()


def test_operations_who_may_not_change_deals_leave_each_check_as_it_is(
    book: Book, two: tuple[int, int, int, int]
) -> None:
    kept, gone, one, other = two
    assert plans.foresee(book.olga, kept, gone).questions == ()
    merges.merge(book.olga, book.now, kept, gone)
    assert _asked(one, other) == ["uma", "kim"]
