"""Sending a quote makes the call about it the next step (ux 7.8), unless something else is planned."""

from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.activities import next_steps, quote_steps
from models.deals import quotes
from models.errors import ChangedMeanwhileError, RefusedError

NOON = 12 * 60


def plan(book, deal, text, day, planned="2026-11-02", **more):
    next_steps.set_step(book.ana, book.at(planned), deal, text, dt.date.fromisoformat(day), **more)


def draft(book, deal):
    return quotes.create(book.ana, book.now, deal)


def test_sending_plans_a_call_in_three_days_on_a_working_day(book):
    deal = book.deal("quote", 9_000)
    quote = draft(book, deal)
    coming = quote_steps.coming(quotes.get(quote, book.now), book.now)
    assert (coming.text, coming.instead_of, coming.is_made) == ("Call Pat Marsh about Q-0301 r1", "", True)
    # Saturday rolls to Monday.
    assert (coming.counted_on, coming.on) == (dt.date(2026, 11, 21), dt.date(2026, 11, 23))
    assert quote_steps.send(book.ana, book.now, quote) == coming
    assert quotes.get(quote, book.now).state == "sent"
    step = next_steps.get(deal)
    assert (step.text, step.on, step.minute, step.channel) == (coming.text, coming.on, None, "call")


def test_it_rolls_over_a_holiday_and_names_the_customer_where_nobody_is(book):
    deal = book.deal("quote", 9_000)
    quote = draft(book, deal)
    quotes.change(book.ana, book.now, quote, addressee=" ")
    coming = quote_steps.send(book.ana, book.at("2026-11-23"), quote)
    assert (coming.counted_on, coming.on) == (dt.date(2026, 11, 26), dt.date(2026, 11, 27))
    assert coming.text == "Call Oak Terrace about Q-0301 r1"


@pytest.mark.parametrize(
    ("day", "minute", "stays"),
    [
        ("2026-11-13", None, False),
        ("2026-11-13", NOON, False),
        ("2026-11-18", None, False),
        ("2026-11-18", NOON, True),
        ("2026-11-19", None, True),
        ("2026-12-24", NOON, True),
    ],
)
def test_what_is_planned_stays_and_what_is_late_gives_way(book, day, minute, stays):
    deal = book.deal("quote", 9_000)
    plan(book, deal, "Send the quote", day, minute=minute)
    coming = quote_steps.send(book.ana, book.now, draft(book, deal))
    step = next_steps.get(deal)
    if stays:
        assert (coming.is_made, coming.instead_of) == (False, "")
        assert (step.text, step.on, step.minute) == ("Send the quote", dt.date.fromisoformat(day), minute)
    else:
        assert (coming.is_made, coming.instead_of) == (True, "Send the quote")
        assert (step.text, step.on) == (coming.text, dt.date(2026, 11, 23))


def test_a_late_step_stays_where_that_is_wished(book):
    deal = book.deal("quote", 9_000)
    quote = draft(book, deal)
    assert quote_steps.send(book.ana, book.now, quote, keep_step=True) is None
    assert next_steps.find(deal) is None
    plan(book, deal, "Send the quote", "2026-11-13")
    kept = quote_steps.send(book.ana, book.now, draft(book, deal), keep_step=True)
    assert kept == quote_steps.Coming("Send the quote", dt.date(2026, 11, 13))
    assert next_steps.get(deal).text == "Send the quote"


def test_what_cannot_be_sent_plans_nothing_and_what_was_is_not_undone(book):
    deal = book.deal("quote", 9_000)
    quote = draft(book, deal)
    late = book.at("2027-03-01")
    with pytest.raises(RefusedError):
        quote_steps.send(book.ana, late, quote)
    assert next_steps.find(deal) is None
    quote_steps.send(book.ana, book.now, quote)
    with pytest.raises(RefusedError, match="revised, never unsent"):
        undo.undo(book.ana, book.now)
    assert next_steps.get(deal).text == "Call Pat Marsh about Q-0301 r1"


def test_what_somebody_has_changed_since_it_was_seen_is_not_sent(book):
    quote = draft(book, book.deal("quote", 9_000))

    def refused(who):
        with pytest.raises(ChangedMeanwhileError, match=f"{who} changed Q-0301 r1 meanwhile"):
            quote_steps.send(book.ana, book.now, quote, seen=seen)
        assert quotes.get(quote, book.now).state == "draft"
        return quotes.get(quote, book.now)

    seen = quotes.get(quote, book.now)
    quotes.change_line(book.max, book.now, seen.lines[0].id, price_minor=8_000_00)
    seen = refused("max")
    quotes.change(book.max, book.now, quote, addressee="Sam Pine")
    seen = refused("max")
    quotes.remove_line(book.max, book.now, quotes.add_line(book.max, book.now, quote, "MOISTURE"))
    quotes.add_line(book.max, book.now, quote, "DOORBELL")
    seen = refused("max")
    quote_steps.send(book.ana, book.now, quote, seen=seen)
    assert quotes.get(quote, book.now).state == "sent"


def test_a_step_that_somebody_has_planned_meanwhile_is_not_replaced_unseen(book):
    deal = book.deal("quote", 9_000)
    plan(book, deal, "Send the quote", "2026-11-13")
    quote = draft(book, deal)
    told = quote_steps.coming(quotes.get(quote, book.now), book.now)
    next_steps.set_step(book.max, book.now, deal, "Ask for the plans", book.today)
    with pytest.raises(ChangedMeanwhileError, match=f"max changed the next step of D-{deal} meanwhile"):
        quote_steps.send(book.ana, book.now, quote, told=told)
    assert (quotes.get(quote, book.now).state, next_steps.get(deal).text) == ("draft", "Ask for the plans")
    # With a step that stays there is nothing to replace.
    plan(book, deal, "Visit", "2026-11-25")
    assert quote_steps.send(book.ana, book.now, quote, told=told).text == "Visit"
