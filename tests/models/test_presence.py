"""Who has a form open: seen by others, gone when it is closed or its session has died, in no history (rules 11)."""

from __future__ import annotations

import datetime as dt

import pytest
from peewee import OperationalError

from models import database, history, journal, undo
from models.people import presence

DEAL = "D-1001"


def later(book, seconds):
    return book.now + dt.timedelta(seconds=seconds)


def test_others_see_who_has_a_form_open_and_one_does_not_see_oneself(book):
    presence.enter(book.ana, book.now, DEAL)
    presence.enter(book.bo, book.now, "C-00001")
    assert presence.list_others(book.bo, book.now, [DEAL]) == ("ana",)
    assert presence.list_others(book.ana, book.now, [DEAL]) == ()
    assert presence.list_others(book.max, book.now, [DEAL, "C-00001"]) == ("ana", "bo")
    assert presence.list_others(book.max, book.now, ["D-1002"]) == ()
    presence.leave(book.ana, book.now, DEAL)
    assert presence.list_others(book.max, book.now, [DEAL, "C-00001"]) == ("bo",)


def test_who_does_not_renew_it_is_gone_after_a_minute(book):
    presence.enter(book.ana, book.now, DEAL)
    assert presence.list_others(book.bo, later(book, presence.LIMIT_SECONDS - 1), [DEAL]) == ("ana",)
    assert presence.list_others(book.bo, later(book, presence.LIMIT_SECONDS), [DEAL]) == ()
    presence.enter(book.ana, later(book, 40), DEAL)
    assert presence.list_others(book.bo, later(book, 90), [DEAL]) == ("ana",)


def test_what_has_lapsed_is_dropped_by_the_next_who_opens_a_form(book):
    presence.enter(book.ana, book.now, DEAL)
    presence.enter(book.bo, later(book, presence.LIMIT_SECONDS), "D-1002")
    assert database.execute("SELECT subject FROM presence").fetchall() == [("D-1002",)]


def test_it_is_no_change_in_history_feed_or_undo(book):
    deal = book.deal("develop", 9_000)
    start, told = journal.last_id(), history.of_deal(deal)
    actions = undo.list_actions(book.ana)
    presence.enter(book.ana, book.now, f"D-{deal}")
    presence.leave(book.ana, book.now, f"D-{deal}")
    assert journal.list_changes_since(start) == []
    assert (history.of_deal(deal), undo.list_actions(book.ana)) == (told, actions)


def test_nobody_writes_it_without_a_name(book):
    with pytest.raises(OperationalError):
        database.execute("INSERT INTO presence (user_id, subject, at) VALUES (?, ?, 1)", (book.ana.id, DEAL))
    assert presence.list_others(book.bo, book.now, [DEAL]) == ()
