"""Closing months of points: from then on a month's score stands, whatever is undone or reopened (rules 6)."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models import clock, journal
from models.activities import points
from models.database import company_zone, execute
from models.errors import RefusedError
from models.people.permissions import require_operations
from models.people.records import Actor


class ClosedMonth(NamedTuple):
    """A month that was closed, by whom and when."""

    month: dt.date
    at: dt.datetime
    by: str


def close(actor: Actor, now: dt.datetime, month: dt.date) -> int:
    """Close a month that is over, for everybody, and return what all scored in it. That is never undone.

    Raises:
        NotAllowedError: the actor isn't operations.
        RefusedError: the month isn't over, or closed already.
    """
    require_operations(actor, "close a month")
    zone = company_zone()
    first = month.replace(day=1)
    if first >= clock.local_date(now, zone).replace(day=1):
        raise RefusedError(f"{first:%B %Y} isn't over: close it when it is")
    if points.is_closed(first):
        raise RefusedError(f"{first:%B %Y} is closed already")
    start, end = points.bounds(first, zone)
    total = 0
    with journal.action(actor, now, "points.close", f"Closed {first:%B %Y}", can_undo=False) as made:
        key = points.month_key(first)
        for (login,) in execute("SELECT login FROM app_user ORDER BY id").fetchall():
            for one in list(points.things(login, start, end)):
                total += one.points
                execute(
                    "INSERT INTO closed_score (thing, thing_id, born_at, month, login, type, points, at, customer_id)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (one.thing, one.thing_id, one.born_at, key, login, one.code, one.points, one.at, one.customer_id),
                )
        execute(
            "INSERT INTO closed_month (month, closed_at, closed_by) VALUES (?, ?, ?)",
            (key, clock.to_micros(now), actor.login),
        )
        made.summary = f"Closed {first:%B %Y}: {total:,} points stand"
    return total


def list_closed() -> list[ClosedMonth]:
    """Return the closed months, the newest first."""
    rows = execute("SELECT month, closed_at, closed_by FROM closed_month ORDER BY month DESC").fetchall()
    return [ClosedMonth(dt.date.fromisoformat(f"{key}-01"), clock.from_micros(at), by) for key, at, by in rows]
