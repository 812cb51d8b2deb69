from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.activities import log, next_steps
from models.deals import deals
from models.errors import NotFoundError, UsageError


@pytest.mark.parametrize("login", ["ana", "bo", "max", "uma", "sid", "olga"])
def test_everyone_may_log(book, login):
    account = book.account(owner="ana")
    log.log(book.actors[login], book.now, customer_id=account, channel="note", text="met at the fair")
    (found,) = log.list_for_customer(account)
    assert (found.done_by, found.notes, found.state) == (login, "met at the fair", "done")


@pytest.mark.parametrize(
    ("channel", "type", "points"),
    [("call", "follow_up", 1), ("email", "follow_up", 1), ("letter", "thank_you_postcard", 1),
     ("visit", "discovery_meeting", 12), ("meeting", "discovery_meeting", 12), ("note", "", 0)],
)  # fmt: skip
def test_channel_has_a_default_type_with_points(book, channel, type, points):
    account = book.account()
    log.log(book.ana, book.now, customer_id=account, channel=channel)
    (found,) = log.list_for_customer(account)
    assert (found.type, found.points) == (type, points)


def test_import_scores_nothing(book):
    account = book.account()
    log.log(book.ana._replace(path="import"), book.now, customer_id=account, channel="visit")
    assert log.list_for_customer(account)[0].points == 0


def test_log_with_next_step_is_one_action(book):
    account = book.account()
    deal = deals.create(book.ana, book.now, account)
    before = book.visible()
    log.log(
        book.ana,
        book.now,
        customer_id=account,
        deal_id=deal,
        channel="call",
        text="asked for a price",
        next_text="Send quote",
        next_on=dt.date(2026, 11, 20),
    )
    assert next_steps.get(deal).text == "Send quote"
    assert undo.list_actions(book.ana)[0].summary == "Logged call: Oak Terrace · +1 pt"
    undo.undo(book.ana, book.now)
    assert book.visible() == before


def test_earlier_day_counts_on_that_day_and_a_later_one_is_refused(book):
    account = book.account()
    log.log(book.ana, book.now, customer_id=account, channel="call", on=dt.date(2026, 10, 31))
    assert log.list_for_customer(account)[0].done_at.date() == dt.date(2026, 10, 31)
    with pytest.raises(UsageError, match="still to come"):
        log.log(book.ana, book.now, customer_id=account, channel="call", on=dt.date(2026, 11, 19))


def test_wrong_values_are_named(book):
    account, other = book.account(), book.account("Pine Court")
    deal = deals.create(book.ana, book.now, other)
    with pytest.raises(UsageError, match="channel 'fax'"):
        log.log(book.ana, book.now, customer_id=account, channel="fax")
    with pytest.raises(UsageError, match="type 'dance'"):
        log.log(book.ana, book.now, customer_id=account, channel="call", type="dance")
    with pytest.raises(UsageError, match="not a deal of Oak Terrace"):
        log.log(book.ana, book.now, customer_id=account, deal_id=deal, channel="call")
    with pytest.raises(NotFoundError):
        log.log(book.ana, book.now, customer_id=999, channel="call")
    assert log.list_for_customer(account) == []
