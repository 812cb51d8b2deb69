"""Logging what was done with a customer: everyone may, and nothing blocks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from models import clock, ids, journal, words
from models.activities import next_steps, planning, tasks
from models.activities.records import Activity
from models.clock import in_words
from models.database import company_zone, execute
from models.errors import NotFoundError, UsageError
from models.people import permissions
from models.people.records import Actor


def log(
    actor: Actor,
    now: dt.datetime,
    *,
    customer_id: int,
    deal_id: int | None = None,
    channel: str,
    type: str = "",
    who: str = "",
    text: str = "",
    duration_minutes: int | None = None,
    next_text: str = "",
    next_on: dt.date | None = None,
    next_minute: int | None = None,
    next_channel: str = "call",
    on: dt.date | None = None,
    seen: Mapping[str, Any] | None = None,
) -> int:
    """Log an activity as done (`on` a past day, else now), score it, and return its id.

    With `next_text` the same action plans what comes next: the deal's next step where the actor may work on
    the deal, else a task of the actor's own, which everyone may have; `seen` is the next step that the actor saw, as
    `next_steps.standing` returns it. The path `import` scores nothing.

    Raises:
        ChangedMeanwhileError: `seen` is given, and another next step would be replaced.
        NotFoundError: no such customer or deal.
        UsageError: an unknown channel or type, a deal of another customer, or a date that can't be.
    """
    planning.check_channel(channel)
    planning.check_minute(None, duration_minutes)
    name = _check_subject(customer_id, deal_id)
    done_at = _done_at(on, now)
    code, points = planning.choose_type(channel, type, clock.from_micros(done_at))
    scored = 0 if actor.path == "import" else points
    summary = f"Logged {channel}: {name}" + (f" · {words.scored(scored)}" if scored else "")
    with journal.action(actor, now, "activity.log", summary):
        activity_id = planning.insert(
            customer_id=customer_id,
            deal_id=deal_id,
            owner_id=actor.id,
            channel=channel,
            type=code,
            who=who,
            notes=text,
            state="done",
            duration_minutes=duration_minutes,
            done_at=done_at,
            points=scored,
            created_by=actor.login,
            now=now,
        )
        if next_text.strip():
            _plan_next(actor, now, customer_id, deal_id, next_text, next_on, next_minute, next_channel, seen)
    return activity_id


def list_for_customer(customer_id: int, limit: int = 200) -> list[Activity]:
    """Return the customer's activities, those of its deals too, newest first."""
    return planning.list_where("a.customer_id = ?", (customer_id,), limit)


def list_for_deal(deal_id: int, limit: int = 200) -> list[Activity]:
    """Return the deal's activities, newest first."""
    return planning.list_where("a.deal_id = ?", (deal_id,), limit)


def _check_subject(customer_id: int, deal_id: int | None) -> str:
    row = execute("SELECT name FROM customer WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no customer {ids.show_customer(customer_id)}")
    if deal_id is not None and planning.get_owner(deal_id)[0] != customer_id:
        raise UsageError(f"{ids.show_deal(deal_id)} is not a deal of {row[0]}")
    return str(row[0])


def _done_at(on: dt.date | None, now: dt.datetime) -> int:
    """Return the moment of doing: now, or noon of an earlier day, so that it counts in that day's month."""
    zone = company_zone()
    today = clock.local_date(now, zone)
    if on is None or on == today:
        return clock.to_micros(now)
    if on > today:
        raise UsageError(f"{in_words(on)} is still to come: log what was done, plan the rest as a next step")
    return clock.to_micros(dt.datetime.combine(on, dt.time(12), ZoneInfo(zone)))


def _plan_next(
    actor: Actor,
    now: dt.datetime,
    customer_id: int,
    deal_id: int | None,
    text: str,
    on: dt.date | None,
    minute: int | None,
    channel: str,
    seen: Mapping[str, Any] | None,
) -> None:
    if deal_id is not None:
        _, owner_id, is_open = planning.get_owner(deal_id)
        if is_open and permissions.works_on_deal(actor, deal_id, owner_id):
            next_steps.set_step(actor, now, deal_id, text, on, minute=minute, channel=channel, seen=seen)
            return
    tasks.plan(actor, now, customer_id=customer_id, deal_id=deal_id, text=text, on=on, minute=minute, channel=channel)
