"""The next step of a deal: one planned activity each, set, done and snoozed by who may work on the deal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from models import clock, ids, journal, meanwhile
from models.activities import planning
from models.activities.records import NextStep, StepFinished
from models.clock import in_words
from models.database import execute
from models.errors import NotFoundError, RefusedError, UsageError
from models.people.permissions import require_work_on_deal
from models.people.records import Actor


def find(deal_id: int) -> NextStep | None:
    """Return the deal's next step, if it has one."""
    row = execute(
        "SELECT id, deal_id, customer_id, subject, channel, due_on, due_minute, duration_minutes FROM activity"
        " WHERE deal_id = ? AND state = 'planned' AND is_next_step = 1",
        (deal_id,),
    ).fetchone()
    if row is None:
        return None
    activity_id, _, customer_id, text, channel, on, minute, minutes = row
    return NextStep(activity_id, deal_id, customer_id, text, channel, dt.date.fromisoformat(on), minute, minutes)


def get(deal_id: int) -> NextStep:
    """Return the deal's next step.

    Raises:
        NotFoundError: it has none.
    """
    found = find(deal_id)
    if found is None:
        raise NotFoundError(f"{ids.show_deal(deal_id)} has no next step; set one first")
    return found


def standing(step: NextStep | None) -> dict[str, Any]:
    """Return a step as `set_step` takes it; without one its text and channel are empty."""
    if step is None:
        return {"text": "", "on": None, "minute": None, "minutes": None, "channel": ""}
    return {
        "text": step.text,
        "on": step.on,
        "minute": step.minute,
        "minutes": step.minutes,
        "channel": step.channel,
    }


def _require_seen(deal_id: int, step: NextStep | None, seen: Mapping[str, Any] | None) -> None:
    table, row_id = ("activity", step.activity_id) if step is not None else ("deal", deal_id)
    meanwhile.require_seen(table, row_id, f"the next step of {ids.show_deal(deal_id)}", standing(step), seen)


def set_step(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    text: str,
    on: dt.date | None,
    *,
    minute: int | None = None,
    minutes: int | None = None,
    channel: str = "call",
    type: str = "",
    seen: Mapping[str, Any] | None = None,
) -> int:
    """Plan the deal's next step, in place of the one it has; return the activity's id.

    `seen` is what `standing` returned when the actor began.

    Raises:
        ChangedMeanwhileError: `seen` is given and no longer stands.
        NotAllowedError: neither the owner, the team nor their manager.
        RefusedError: the deal is closed.
        UsageError: no text, or a date or time that can't be.
    """
    customer_id, owner_id, is_open = planning.get_owner(deal_id)
    shown = ids.show_deal(deal_id)
    require_work_on_deal(actor, deal_id, owner_id)
    if not is_open:
        raise RefusedError(f"{shown} is closed: reopen it before planning a next step")
    # What stands there now says more than a value that would be refused.
    _require_seen(deal_id, find(deal_id), seen)
    if not text.strip():
        raise UsageError("A next step needs a text")
    day = planning.check_upcoming(on, now, "A next step")
    planning.check_minute(minute, minutes)
    planning.check_channel(channel)
    with journal.action(actor, now, "step.set", f"Set the next step of {shown}: {text.strip()}"):
        present = find(deal_id)
        _require_seen(deal_id, present, seen)
        if present is None:
            return planning.insert(
                customer_id=customer_id,
                deal_id=deal_id,
                owner_id=owner_id,
                channel=channel,
                type=type,
                subject=text,
                state="planned",
                is_next_step=True,
                due_on=day,
                due_minute=minute,
                duration_minutes=minutes,
                created_by=actor.login,
                now=now,
            )
        kept = planning.get_activity(present.activity_id).type
        execute(
            "UPDATE activity SET subject = ?, due_on = ?, due_minute = ?, duration_minutes = ?, channel = ?,"
            " owner_id = ?, type = ? WHERE id = ?",
            (
                *(text.strip(), day.isoformat(), minute, minutes, channel, owner_id),
                # Another step is of another type, unless it says so.
                type or (kept if text.strip() == present.text else ""),
                present.activity_id,
            ),
        )
        return present.activity_id


def done(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    *,
    notes: str = "",
    who: str = "",
    type: str = "",
    duration_minutes: int | None = None,
    next_text: str = "",
    next_on: dt.date | None = None,
    next_minute: int | None = None,
    next_minutes: int | None = None,
    next_channel: str = "call",
    seen: Mapping[str, Any] | None = None,
) -> StepFinished:
    """Close the deal's next step, score it, and plan the one after it where `next_text` is given.

    `StepFinished.asks_next` says that an open deal is left without a next step: ask for one. `seen` is what the actor
    saw of the step, some of what `standing` returns.

    Raises:
        ChangedMeanwhileError: `seen` is given and no longer stands.
        NotAllowedError: neither the owner, the team nor their manager.
        NotFoundError: the deal has no next step.
        UsageError: an unknown type, or a date or time that can't be.
    """
    _, owner_id, is_open = planning.get_owner(deal_id)
    shown = ids.show_deal(deal_id)
    require_work_on_deal(actor, deal_id, owner_id)
    with journal.action(actor, now, "step.done", f"Next step of {shown} done") as made:
        step = get(deal_id)
        _require_seen(deal_id, step, seen)
        made.summary = f"Done: {step.text} ({shown})"
        points = close(actor, now, step.activity_id, notes=notes, who=who, type=type, duration_minutes=duration_minutes)
        if next_text.strip():
            set_step(
                actor, now, deal_id, next_text, next_on, minute=next_minute, minutes=next_minutes, channel=next_channel
            )
        return StepFinished(step.activity_id, points, is_open and find(deal_id) is None)


def close(
    actor: Actor,
    now: dt.datetime,
    activity_id: int,
    *,
    notes: str = "",
    who: str = "",
    type: str = "",
    deal_id: int | None = None,
    duration_minutes: int | None = None,
) -> int:
    """Mark a planned activity done inside an action and return the points it scored, once, for who did it.

    Raises:
        RefusedError: it is done or cancelled already.
    """
    activity = planning.get_activity(activity_id)
    if activity.state != "planned":
        raise RefusedError(f"{activity.subject or activity.channel} is {activity.state} already")
    planning.check_minute(None, duration_minutes)
    code, points = planning.choose_type(activity.channel, type or activity.type, now)
    scored = 0 if actor.path == "import" else points
    execute(
        "UPDATE activity SET state = 'done', done_at = ?, done_by = ?, type = ?, points = ?, notes = ?, who = ?,"
        " duration_minutes = ?, deal_id = ? WHERE id = ?",
        (
            clock.to_micros(now),
            actor.login,
            code,
            scored,
            notes.strip() or activity.notes,
            who.strip() or activity.who,
            duration_minutes or activity.duration_minutes,
            deal_id or activity.deal_id,
            activity_id,
        ),
    )
    return scored


def snooze(
    actor: Actor, now: dt.datetime, deal_id: int, until: dt.date, *, seen: Mapping[str, Any] | None = None
) -> None:
    """Move the deal's next step to a later day; its start is dropped, since it belonged to the day before.

    Raises:
        ChangedMeanwhileError: `seen`, what the actor saw of the step, is given and no longer stands.
        NotAllowedError: neither the owner, the team nor their manager.
        NotFoundError: the deal has no next step.
        UsageError: the day is not after today.
    """
    _, owner_id, _ = planning.get_owner(deal_id)
    shown = ids.show_deal(deal_id)
    require_work_on_deal(actor, deal_id, owner_id)
    planning.check_later(until, now)
    with journal.action(actor, now, "step.snooze", f"Snoozed {shown} to {in_words(until)}"):
        step = get(deal_id)
        _require_seen(deal_id, step, seen)
        execute("UPDATE activity SET due_on = ?, due_minute = NULL WHERE id = ?", (until.isoformat(), step.activity_id))
