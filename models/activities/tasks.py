"""Tasks: planned activities that are no deal's next step (mend an address, call back); anyone may make one."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models import journal
from models.activities import next_steps, planning
from models.activities.records import Activity, StepFinished
from models.clock import in_words
from models.customers import follow_ups
from models.database import execute
from models.errors import NotAllowedError, RefusedError, UsageError
from models.people import permissions
from models.people.records import Actor


def plan(
    actor: Actor,
    now: dt.datetime,
    *,
    customer_id: int,
    text: str,
    on: dt.date | None,
    deal_id: int | None = None,
    owner_id: int | None = None,
    channel: str = "call",
    minute: int | None = None,
    minutes: int | None = None,
) -> int:
    """Plan a task for `owner_id` (default the actor) and return its activity id.

    Raises:
        UsageError: no text, or a date or time that can't be.
    """
    if not text.strip():
        raise UsageError("A task needs a text")
    day = planning.check_upcoming(on, now, "A task")
    planning.check_minute(minute, minutes)
    planning.check_channel(channel)
    with journal.action(actor, now, "task.plan", f"Planned: {text.strip()}"):
        return planning.insert(
            customer_id=customer_id,
            deal_id=deal_id,
            owner_id=owner_id or actor.id,
            channel=channel,
            subject=text,
            state="planned",
            due_on=day,
            due_minute=minute,
            duration_minutes=minutes,
            created_by=actor.login,
            now=now,
        )


class OpenTask(NamedTuple):
    """A planned task of a customer; `reason` says why one is there that nobody typed."""

    activity_id: int
    text: str
    channel: str
    on: dt.date
    minute: int | None
    owner: str
    reason: str


def list_open(customer_id: int) -> list[OpenTask]:
    """Return what is planned with a customer besides next steps of deals and steps of nurture, the first due first."""
    rows = execute(
        "SELECT a.id, a.subject, a.channel, a.due_on, a.due_minute, u.login, f.purchased_on, f.bought, f.others"
        " FROM activity a JOIN app_user u ON u.id = a.owner_id LEFT JOIN follow_up f ON f.activity_id = a.id"
        " WHERE a.customer_id = ? AND a.state = 'planned' AND a.is_next_step = 0 AND a.enrolment_step_id IS NULL"
        " ORDER BY a.due_on, a.due_minute IS NULL, a.due_minute, a.id",
        (customer_id,),
    ).fetchall()
    return [
        OpenTask(row[0], row[1], row[2], dt.date.fromisoformat(row[3]), row[4], row[5], follow_ups.reason(*row[6:]))
        for row in rows
    ]


def done(actor: Actor, now: dt.datetime, activity_id: int, *, notes: str = "", who: str = "") -> StepFinished:
    """Close a task and score it.

    Raises:
        NotAllowedError: it is somebody else's, and the actor isn't their manager.
        RefusedError: it is done already, or belongs to a next step or a nurture step, which are closed as such.
    """
    task = _get_own(actor, activity_id)
    with journal.action(actor, now, "task.done", f"Done: {task.subject or task.channel}"):
        return StepFinished(activity_id, next_steps.close(actor, now, activity_id, notes=notes, who=who), False)


def snooze(actor: Actor, now: dt.datetime, activity_id: int, until: dt.date) -> None:
    """Move a task to a later day.

    Raises:
        NotAllowedError: it is somebody else's, and the actor isn't their manager.
        RefusedError: it is no open task.
        UsageError: the day is not after today.
    """
    task = _get_own(actor, activity_id)
    planning.check_later(until, now)
    with journal.action(actor, now, "task.snooze", f"Snoozed {task.subject or task.channel} to {in_words(until)}"):
        execute(
            "UPDATE activity SET due_on = ?, due_minute = NULL WHERE id = ?",
            (until.isoformat(), activity_id),
        )


def _get_own(actor: Actor, activity_id: int) -> Activity:
    task = planning.get_activity(activity_id)
    owner_id, step_id = execute(
        "SELECT owner_id, enrolment_step_id FROM activity WHERE id = ?", (activity_id,)
    ).fetchone()
    if actor.id != owner_id and not permissions.manages(actor, owner_id):
        raise NotAllowedError(
            f"{task.subject} is {task.owner}'s task: only {task.owner} or their manager can change it"
        )
    if task.is_next_step or step_id is not None:
        raise RefusedError(f"{task.subject} is a step: close it on its deal or nurture")
    if task.state != "planned":
        raise RefusedError(f"{task.subject} is {task.state} already")
    return task
