"""What all planned activities share: reading rows, checking dates, channels and types; for this package and nurture."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models import clock, ids, process
from models.activities import points
from models.activities.records import CHANNELS, Activity
from models.clock import in_words
from models.database import company_zone, execute
from models.errors import NotFoundError, UsageError

_COLUMNS = (
    "a.id, a.customer_id, a.deal_id, a.channel, a.type, a.who, a.subject, a.notes, a.state, a.is_next_step, a.due_on,"
    " a.due_minute, a.duration_minutes, a.done_at, a.done_by, u.login, a.points"
)


def list_where(condition: str, params: tuple[Any, ...], limit: int = 500) -> list[Activity]:
    """Return activities under a condition of this package, newest first; `condition` never holds users' text."""
    rows = execute(
        f"SELECT {_COLUMNS} FROM activity a JOIN app_user u ON u.id = a.owner_id WHERE {condition}"
        " ORDER BY a.id DESC LIMIT ?",
        (*params, limit),
    )
    return [_activity(*row) for row in rows.fetchall()]


def _activity(
    id: int,
    customer_id: int,
    deal_id: int | None,
    channel: str,
    type: str,
    who: str,
    subject: str,
    notes: str,
    state: str,
    is_next_step: int,
    due_on: str | None,
    due_minute: int | None,
    duration_minutes: int | None,
    done_at: int | None,
    done_by: str,
    owner: str,
    points: int,
) -> Activity:
    return Activity(
        id=id,
        customer_id=customer_id,
        deal_id=deal_id,
        channel=channel,
        type=type,
        who=who,
        subject=subject,
        notes=notes,
        state=state,
        is_next_step=bool(is_next_step),
        due_on=dt.date.fromisoformat(due_on) if due_on else None,
        due_minute=due_minute,
        duration_minutes=duration_minutes,
        done_at=clock.from_micros(done_at) if done_at is not None else None,
        done_by=done_by,
        owner=owner,
        points=points,
    )


def get_activity(activity_id: int) -> Activity:
    """Return one activity.

    Raises:
        NotFoundError: there is none.
    """
    found = list_where("a.id = ?", (activity_id,))
    if not found:
        raise NotFoundError(f"There is no activity {activity_id}")
    return found[0]


def get_owner(deal_id: int) -> tuple[int, int, bool]:
    """Return a deal's customer, owner and whether it is open.

    Raises:
        NotFoundError: there is no such deal.
    """
    row = execute("SELECT customer_id, owner_id, outcome FROM deal WHERE id = ?", (deal_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no deal {ids.show_deal(deal_id)}")
    return int(row[0]), int(row[1]), row[2] == "open"


def check_channel(channel: str) -> str:
    """Return the channel.

    Raises:
        UsageError: there is no such channel.
    """
    if channel not in CHANNELS:
        raise UsageError(f"There is no channel {channel!r}; there are {', '.join(CHANNELS)}")
    return channel


def choose_type(channel: str, type: str, done_at: dt.datetime) -> tuple[str, int]:
    """Return the activity type's code and its points: the channel's default where `type` is empty.

    Points are those in force when the month of `done_at` began; a type that is newer scores from the next month on.
    In a month that is closed nothing scores any more.

    Raises:
        UsageError: the process has no such type.
    """
    rules = process.current()
    code = type or rules.default_type(channel)
    if not code:
        return "", 0
    known = rules.activity_types
    if code not in known:
        raise UsageError(f"There is no activity type {code!r}; there are {', '.join(known)}")
    zone = company_zone()
    day = clock.local_date(done_at, zone)
    if points.is_closed(day):
        return code, 0
    then = process.in_month(clock.month_start(day, zone)).activity_types
    return code, then[code].points if code in then else 0


def check_upcoming(on: dt.date | None, now: dt.datetime, what: str) -> dt.date:
    """Return a date that is today or later in the company's time zone.

    Raises:
        UsageError: it is missing or in the past.
    """
    if on is None:
        raise UsageError(f"{what} needs a date")
    today = clock.local_date(now, company_zone())
    if on < today:
        raise UsageError(f"{what} can't be on {in_words(on)}: that day is over")
    return on


def check_later(until: dt.date, now: dt.datetime) -> dt.date:
    """Return a date after today.

    Raises:
        UsageError: it is today or in the past.
    """
    if until <= clock.local_date(now, company_zone()):
        raise UsageError(f"Snooze to a later day than today, not to {in_words(until)}")
    return until


def check_minute(minute: int | None, minutes: int | None) -> None:
    """Check a start (minutes after midnight) and a length in minutes.

    Raises:
        UsageError: one is impossible.
    """
    if minute is not None and not 0 <= minute < 24 * 60:
        raise UsageError(f"There is no such time of day: {minute} minutes after midnight")
    if minutes is not None and not 0 < minutes <= 24 * 60:
        raise UsageError(f"An activity takes from 1 minute to a day, not {minutes} minutes")


def insert(
    *,
    customer_id: int,
    deal_id: int | None,
    owner_id: int,
    channel: str,
    state: str,
    created_by: str,
    now: dt.datetime,
    enrolment_step_id: int | None = None,
    type: str = "",
    who: str = "",
    subject: str = "",
    notes: str = "",
    is_next_step: bool = False,
    due_on: dt.date | None = None,
    due_minute: int | None = None,
    duration_minutes: int | None = None,
    done_at: int | None = None,
    points: int = 0,
) -> int:
    """Insert an activity inside an action and return its id; `done_at` in microseconds."""
    row: dict[str, Any] = {
        "customer_id": customer_id,
        "deal_id": deal_id,
        "enrolment_step_id": enrolment_step_id,
        "owner_id": owner_id,
        "channel": channel,
        "type": type,
        "who": who.strip(),
        "subject": subject.strip(),
        "notes": notes.strip(),
        "state": state,
        "is_next_step": int(is_next_step),
        "due_on": due_on.isoformat() if due_on else None,
        "due_minute": due_minute,
        "duration_minutes": duration_minutes,
        "done_at": done_at,
        "done_by": created_by if state == "done" else "",
        "points": points,
        "created_at": clock.to_micros(now),
        "created_by": created_by,
    }
    cursor = execute(
        f"INSERT INTO activity ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", tuple(row.values())
    )
    return int(cursor.lastrowid or 0)
