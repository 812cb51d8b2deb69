from __future__ import annotations

import datetime as dt

import pytest

from models import journal, undo
from models.activities import log, next_steps, tasks
from models.database import execute
from models.deals import deals
from models.errors import NotAllowedError, NotFoundError, RefusedError, UsageError


@pytest.fixture
def deal(book):
    return deals.create(book.ana, book.now, book.account(), type="Site S24", amount_minor=900000)


def card(deal):
    return execute("SELECT next_step, next_step_on, next_step_minute FROM deal WHERE id = ?", (deal,)).fetchone()


def test_deal_carries_its_next_step(book, deal):
    next_steps.set_step(book.ana, book.now, deal, "Send brochure", dt.date(2026, 11, 20), minute=870, channel="email")
    assert card(deal) == ("Send brochure", "2026-11-20", 870)
    step = next_steps.find(deal)
    assert (step.text, step.on, step.minute, step.channel) == ("Send brochure", dt.date(2026, 11, 20), 870, "email")


def test_setting_again_replaces_the_one_step(book, deal):
    first = next_steps.set_step(book.ana, book.now, deal, "Send brochure", book.today)
    assert next_steps.set_step(book.ana, book.now, deal, "Call back", book.today) == first
    assert card(deal)[0] == "Call back"


def test_done_asks_for_the_next(book, deal):
    next_steps.set_step(book.ana, book.now, deal, "Call", book.today)
    finished = next_steps.done(book.ana, book.now, deal, notes="wants a quote")
    assert (finished.points, finished.asks_next) == (1, True)
    assert card(deal) == ("", None, None)
    with pytest.raises(NotFoundError, match="no next step"):
        next_steps.done(book.ana, book.now, deal)


def test_done_with_next_step_is_one_undo(book, deal):
    next_steps.set_step(book.ana, book.now, deal, "Call", book.today)
    before = book.visible()
    finished = next_steps.done(book.ana, book.now, deal, next_text="Send quote", next_on=dt.date(2026, 11, 19))
    assert not finished.asks_next
    assert card(deal)[:2] == ("Send quote", "2026-11-19")
    undo.undo(book.ana, book.now)
    assert book.visible() == before


def test_done_with_a_bad_next_step_changes_nothing(book, deal):
    next_steps.set_step(book.ana, book.now, deal, "Call", book.today)
    before = book.visible()
    with pytest.raises(UsageError, match="is over"):
        next_steps.done(book.ana, book.now, deal, next_text="Send quote", next_on=dt.date(2026, 11, 17))
    assert book.visible() == before


def test_snooze_moves_the_step_and_undo_brings_it_back(book, deal):
    next_steps.set_step(book.ana, book.now, deal, "Call", book.today, minute=600)
    before = book.visible()
    next_steps.snooze(book.ana, book.now, deal, dt.date(2026, 11, 24))
    assert card(deal) == ("Call", "2026-11-24", None)
    with pytest.raises(UsageError, match="later day"):
        next_steps.snooze(book.ana, book.now, deal, book.today)
    undo.undo(book.ana, book.now)
    assert book.visible() == before


def test_next_step_is_for_owner_and_their_manager(book, deal):
    next_steps.set_step(book.max, book.now, deal, "Call", book.today)
    for other in (book.bo, book.olga, book.uma):
        with pytest.raises(NotAllowedError):
            next_steps.set_step(other, book.now, deal, "Mine", book.today)
        with pytest.raises(NotAllowedError):
            next_steps.done(other, book.now, deal)
        with pytest.raises(NotAllowedError):
            next_steps.snooze(other, book.now, deal, dt.date(2026, 11, 24))


@pytest.mark.parametrize(
    ("text", "on", "minute"),
    [("  ", "2026-11-20", None), ("Call", None, None), ("Call", "2026-11-17", None), ("Call", "2026-11-20", 1440)],
)
def test_impossible_next_steps_are_refused_in_words(book, deal, text, on, minute):
    with pytest.raises(UsageError):
        next_steps.set_step(book.ana, book.now, deal, text, dt.date.fromisoformat(on) if on else None, minute=minute)


def test_closed_deal_takes_no_next_step(book, deal):
    next_steps.set_step(book.ana, book.now, deal, "Call", book.today)
    with journal.action(book.ana, book.now, "deal.lose", "Lost"):
        execute("UPDATE deal SET outcome = 'lost' WHERE id = ?", (deal,))
    with pytest.raises(RefusedError, match="closed"):
        next_steps.set_step(book.ana, book.now, deal, "Call", book.today)
    assert not next_steps.done(book.ana, book.now, deal).asks_next


def test_task_of_anyone_is_done_by_its_owner_or_manager(book):
    account = book.account()
    task = tasks.plan(book.sid, book.now, customer_id=account, text="Call back", on=book.today, owner_id=book.ana.id)
    with pytest.raises(NotAllowedError):
        tasks.done(book.sid, book.now, task)
    tasks.snooze(book.max, book.now, task, dt.date(2026, 11, 20))
    before = book.visible()
    assert tasks.done(book.ana, book.now, task).points == 1
    with pytest.raises(RefusedError, match="done already"):
        tasks.done(book.ana, book.now, task)
    undo.undo(book.ana, book.now)
    assert book.visible() == before


def test_next_step_is_no_task(book, deal):
    step = next_steps.set_step(book.ana, book.now, deal, "Call", book.today)
    with pytest.raises(RefusedError, match="step"):
        tasks.done(book.ana, book.now, step)


def test_log_of_a_colleague_plans_a_task_not_the_owners_next_step(book, deal):
    next_steps.set_step(book.ana, book.now, deal, "Call", book.today)
    customer = next_steps.get(deal).customer_id
    log.log(
        book.sid,
        book.now,
        customer_id=customer,
        deal_id=deal,
        channel="call",
        next_text="Call again",
        next_on=book.today,
    )
    assert card(deal)[0] == "Call"
    planned = [a for a in log.list_for_deal(deal) if a.state == "planned"]
    assert {(a.subject, a.owner, a.is_next_step) for a in planned} == {
        ("Call", "ana", True),
        ("Call again", "sid", False),
    }
