"""Following up online purchases: a task for who looks after the customer, once for each day of purchases (rules 12).

Tasks are activities, an area above this one: its table is written here, and none of its code called.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from models import clock
from models.database import company_zone, days_off, execute, raw_connection
from models.people.records import Actor
from models.words import listed
from models.working_days import roll_forward

DAYS_AFTER = 14
_ACTIVITY = (
    "INSERT INTO activity (id, customer_id, owner_id, channel, subject, state, due_on, created_at, created_by)"
    " VALUES (?, ?, ?, 'call', ?, 'planned', ?, ?, ?)"
)


class FollowUp(NamedTuple):
    """A day on which a customer bought online; products by name, `others` the most frequent first."""

    customer_id: int
    purchased_on: dt.date
    bought: tuple[str, ...]
    others: tuple[str, ...]
    """What other customers who bought the same also bought, and this one has not."""


def plan(actor: Actor, now: dt.datetime, run_id: int, found: Sequence[FollowUp]) -> int:
    """Keep what an import found to follow up, inside its action, and return how many tasks it made.

    A customer without an owner gets the task when they get one (`hand_out`).
    """
    owners = _owners([one.customer_id for one in found])
    due = _due(now)
    next_id = execute("SELECT coalesce(max(id), 0) + 1 FROM activity").fetchone()[0]
    tasks: list[tuple[Any, ...]] = []
    kept: list[tuple[Any, ...]] = []
    for one in found:
        owner_id = owners[one.customer_id]
        counted_on = one.purchased_on + dt.timedelta(days=DAYS_AFTER)
        due_on = due(counted_on, owner_id).isoformat()
        activity_id = next_id + len(tasks) if owner_id is not None else None
        if owner_id is not None:
            text = subject(one.purchased_on, one.bought)
            tasks.append((activity_id, one.customer_id, owner_id, text, due_on, clock.to_micros(now), actor.login))
        bought, others = (json.dumps(names, ensure_ascii=False) for names in (one.bought, one.others))
        kept.append((one.customer_id, one.purchased_on.isoformat(), due_on, bought, others, run_id, activity_id))
    raw = raw_connection()
    raw.executemany(_ACTIVITY, tasks)
    raw.executemany(
        "INSERT INTO follow_up (customer_id, purchased_on, due_on, bought, others, run_id, activity_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        kept,
    )
    return len(tasks)


def hand_out(actor: Actor, now: dt.datetime, customer_ids: Sequence[int] | None = None) -> None:
    """Bring follow-up to who looks after the customers by now, inside an action.

    What waited for an owner becomes a task; of the customers named, open tasks go along with them, too.
    """
    for customer_id in customer_ids or ():
        execute(
            "UPDATE activity SET owner_id = (SELECT c.owner_id FROM customer c WHERE c.id = activity.customer_id)"
            " WHERE state = 'planned' AND id IN (SELECT activity_id FROM follow_up WHERE customer_id = ?)"
            " AND owner_id <> (SELECT c.owner_id FROM customer c WHERE c.id = activity.customer_id)",
            (customer_id,),
        )
    due = _due(now)
    rows = execute(
        "SELECT f.id, f.customer_id, c.owner_id, f.purchased_on, f.due_on, f.bought FROM follow_up f"
        " JOIN customer c ON c.id = f.customer_id WHERE f.activity_id IS NULL AND c.owner_id IS NOT NULL ORDER BY f.id"
    ).fetchall()
    wanted = None if customer_ids is None else set(customer_ids)
    for row_id, customer_id, owner_id, purchased_on, due_on, bought in rows:
        if wanted is not None and customer_id not in wanted:
            continue
        text = subject(dt.date.fromisoformat(purchased_on), json.loads(bought))
        day = due(dt.date.fromisoformat(due_on), owner_id).isoformat()
        cursor = execute(_ACTIVITY, (None, customer_id, owner_id, text, day, clock.to_micros(now), actor.login))
        execute("UPDATE follow_up SET activity_id = ? WHERE id = ?", (cursor.lastrowid, row_id))


def take_back(run_id: int) -> None:
    """Take back what an import planned, inside its being taken back; what was done stays."""
    execute(
        "DELETE FROM activity WHERE state = 'planned' AND id IN (SELECT activity_id FROM follow_up WHERE run_id = ?)",
        (run_id,),
    )
    execute("DELETE FROM follow_up WHERE run_id = ? AND activity_id IS NULL", (run_id,))


def subject(purchased_on: dt.date, bought: Sequence[str]) -> str:
    """Return the task's text."""
    what = listed(bought, most=3) or "the purchase"
    return f"Follow up on {what}, bought online {purchased_on.day} {purchased_on:%b}"


def reason(purchased_on: str | None, bought: str | None, others: str | None) -> str:
    """Say why, from a row of `follow_up`; empty for none."""
    if purchased_on is None:
        return ""
    names = listed(json.loads(others or "[]"))
    # What to offer comes first: it is what a narrow line keeps.
    offer = f"Others also bought {names}. " if names else ""
    what = listed(json.loads(bought or "[]")) or "no product named"
    return f"{offer}Bought online on {clock.in_words(dt.date.fromisoformat(purchased_on))}: {what}."


def _owners(customer_ids: Sequence[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for start in range(0, len(customer_ids), 500):
        some = customer_ids[start : start + 500]
        marks = ", ".join("?" for _ in some)
        found.update(execute(f"SELECT id, owner_id FROM customer WHERE id IN ({marks})", some).fetchall())
    return found


def _due(now: dt.datetime) -> Callable[[dt.date, int | None], dt.date]:
    """Return what gives a day as it is due: today at the earliest, on a working day of the owner."""
    today = clock.local_date(now, company_zone())
    off = cache(days_off)
    return lambda day, owner_id: roll_forward(max(day, today), off(owner_id))
