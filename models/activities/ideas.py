"""The sales assistant: what a stage suggests, what of it is done, and one of it as the next step (rules 5.6)."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from models import clock, process, working_days
from models.activities import next_steps
from models.database import company_zone, days_off, execute
from models.errors import NotFoundError, UsageError
from models.ids import show_deal
from models.people.records import Actor


class Idea(NamedTuple):
    """One suggested activity of the deal's stage; `on` is the day on which it would be planned."""

    name: str
    channel: str
    type: str
    on: dt.date
    is_done: bool
    """Whether it was done on this deal since it came to this stage."""
    is_planned: bool
    """Whether it is the deal's next step."""


def list_ideas(deal_id: int, now: dt.datetime) -> tuple[Idea, ...]:
    """Return what the process suggests for the stage of a deal, in its order.

    Done is what has the suggestion's own text, or its type where that isn't what the channel takes by itself anyway.

    Raises:
        NotFoundError: there is no such deal.
    """
    deal = execute("SELECT pipeline, stage, stage_entered_at, owner_id FROM deal WHERE id = ?", (deal_id,)).fetchone()
    if deal is None:
        raise NotFoundError(f"There is no deal {show_deal(deal_id)}")
    pipeline, stage, entered_at, owner_id = deal
    suggested = _suggested(pipeline, stage)
    if not suggested:
        return ()
    done = execute(
        "SELECT subject, type FROM activity WHERE deal_id = ? AND state = 'done' AND done_at >= ? ORDER BY done_at, id",
        (deal_id, entered_at),
    ).fetchall()
    step = next_steps.find(deal_id)
    planned = step.text.casefold() if step is not None else ""
    rules, today, off = process.current(), clock.local_date(now, company_zone()), days_off(owner_id)
    names = {one["name"].casefold() for one in suggested}
    left = list(done)
    found = []
    for one in suggested:
        name, channel, type_ = one["name"], one["channel"], one.get("type", "")
        own_type = type_ if type_ != rules.default_type(channel) else ""
        # An activity ticks one suggestion: by its text, else by its type.
        tick = next((row for row in left if row[0].casefold() == name.casefold()), None) or next(
            (row for row in left if own_type and row[1] == own_type and row[0].casefold() not in names), None
        )
        if tick is not None:
            left.remove(tick)
        on = working_days.roll_forward(today + dt.timedelta(days=one.get("days", 0)), off)
        found.append(Idea(name, channel, type_, on, tick is not None, planned == name.casefold()))
    return tuple(found)


def take(actor: Actor, now: dt.datetime, deal_id: int, name: str) -> Idea:
    """Make a suggestion the deal's next step, in place of the one it has, and return it.

    Raises:
        NotAllowedError: neither the owner, the team nor their manager.
        NotFoundError: the stage suggests no such thing.
        RefusedError: the deal is closed.
        UsageError: several are called so.
    """
    found = list_ideas(deal_id, now)
    wanted = name.strip().casefold()
    same = [one for one in found if one.name.casefold() == wanted]
    near = same or [one for one in found if wanted and wanted in one.name.casefold()]
    if not near:
        names = ", ".join(one.name for one in found) or "nothing"
        raise NotFoundError(f"The stage of {show_deal(deal_id)} suggests no {name.strip()!r}; it suggests {names}")
    if len(near) > 1:
        raise UsageError(f"{name.strip()!r} may be {', '.join(one.name for one in near)}: write more of it")
    idea = near[0]
    next_steps.set_step(actor, now, deal_id, idea.name, idea.on, channel=idea.channel, type=idea.type)
    return idea


def _suggested(pipeline: str, stage: str) -> list[dict[str, Any]]:
    for one in process.in_force().get("pipeline", ()):
        if one["id"] == pipeline:
            found: list[dict[str, Any]] = next((s.get("activity", []) for s in one["stage"] if s["id"] == stage), [])
            return found
    return []
