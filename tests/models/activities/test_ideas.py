"""The sales assistant by rule (rules 5.6): a stage's suggestions, ticked when done, one of them the next step."""

from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.activities import ideas, log, next_steps
from models.deals import stages
from models.errors import NotAllowedError, NotFoundError, RefusedError


def told(deal: int, now: dt.datetime) -> list[tuple[str, bool, bool]]:
    return [(idea.name, idea.is_done, idea.is_planned) for idea in ideas.list_ideas(deal, now)]


def talk(book, deal: int, channel: str, **more: object) -> None:
    log.log(book.ana, book.now, customer_id=book.detail(deal).customer_id, deal_id=deal, channel=channel, **more)


def test_a_stage_suggests_what_the_process_says_on_working_days(book) -> None:
    deal = book.deal("develop")
    found = ideas.list_ideas(deal, book.now)
    assert [(idea.name, idea.channel, idea.type) for idea in found] == [
        ("Walk the site", "visit", "discovery_meeting"),
        ("Choose products with a consultant", "meeting", ""),
        ("Present the solution", "meeting", "presentation"),
    ]
    # Wednesday and five days is a Monday; and seven days the Wednesday after.
    assert [idea.on.isoformat() for idea in found] == ["2026-11-23", "2026-11-25", "2026-11-25"]


def test_what_is_done_in_this_stage_is_ticked(book) -> None:
    deal = book.deal("develop")
    talk(book, deal, "meeting", type="presentation", text="showed it")
    assert told(deal, book.now) == [
        ("Walk the site", False, False),
        ("Choose products with a consultant", False, False),
        ("Present the solution", True, False),
    ]


def test_what_a_channel_takes_by_itself_ticks_nothing(book) -> None:
    deal = book.deal("develop")
    talk(book, deal, "visit", text="said hello")
    assert not any(done for _, done, _ in told(deal, book.now))


def test_what_was_done_before_this_stage_ticks_nothing(book) -> None:
    deal = book.deal("develop")
    talk(book, deal, "meeting", type="presentation")
    later = book.at("2026-11-19")
    stages.backward(book.ana, later, deal, "asked again")
    stages.forward(book.ana, later, deal)
    assert not any(done for _, done, _ in told(deal, later))


def test_one_becomes_the_next_step_and_is_ticked_once_it_is_done(book) -> None:
    deal = book.deal("develop")
    taken = ideas.take(book.ana, book.now, deal, "walk")
    step = next_steps.get(deal)
    assert (step.text, step.channel, step.on) == ("Walk the site", "visit", taken.on)
    assert told(deal, book.now)[0] == ("Walk the site", False, True)
    next_steps.done(book.ana, book.now, deal)
    assert told(deal, book.now)[0] == ("Walk the site", True, False)


def test_the_type_goes_with_the_step_and_not_with_the_next_one(book) -> None:
    deal = book.deal("develop")
    ideas.take(book.ana, book.now, deal, "Present the solution")
    next_steps.set_step(book.ana, book.now, deal, "Present the solution", book.today, channel="meeting")
    assert next_steps.done(book.ana, book.now, deal).points == 14
    ideas.take(book.ana, book.now, deal, "Present the solution")
    next_steps.set_step(book.ana, book.now, deal, "Call Lee", book.today)
    assert next_steps.done(book.ana, book.now, deal).points == 1


def test_it_takes_the_place_of_the_step_before_and_one_undo_brings_that_back(book) -> None:
    deal = book.deal("develop")
    next_steps.set_step(book.ana, book.now, deal, "Call Lee", book.today)
    ideas.take(book.ana, book.now, deal, "Walk the site")
    undo.undo(book.ana, book.now)
    assert next_steps.get(deal).text == "Call Lee"


def test_what_there_is_not_who_may_not_and_where_nothing_is_left_to_do(book) -> None:
    deal = book.deal("develop")
    with pytest.raises(NotFoundError, match="suggests no 'dance'; it suggests Walk the site, Choose"):
        ideas.take(book.ana, book.now, deal, "dance")
    with pytest.raises(NotAllowedError):
        ideas.take(book.bo, book.now, deal, "Walk the site")
    stages.disqualify(book.ana, book.now, deal, "too small")
    with pytest.raises(RefusedError):
        ideas.take(book.ana, book.now, deal, "Walk the site")
