"""Who has a form open on what: rows that lapse by themselves, outside history and undo (rules 11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from models import clock
from models.database import Acting, acting, company_zone, database, execute
from models.people.records import Actor

LIMIT_SECONDS = 60
"""A row that was not renewed for so long is left of a session that ended without a word."""


def enter(actor: Actor, now: dt.datetime, subject: str) -> None:
    """Say that the actor has a form open on the thing with this shown id, or still has; drop what has lapsed."""
    at = clock.to_micros(now)
    with _writing(actor, now):
        execute("DELETE FROM presence WHERE at <= ?", (_oldest(now),))
        execute(
            "INSERT INTO presence (user_id, subject, at) VALUES (?, ?, ?)"
            " ON CONFLICT (user_id, subject) DO UPDATE SET at = excluded.at",
            (actor.id, subject, at),
        )


def leave(actor: Actor, now: dt.datetime, subject: str) -> None:
    """Say that the form is closed."""
    with _writing(actor, now):
        execute("DELETE FROM presence WHERE user_id = ? AND subject = ?", (actor.id, subject))


def list_others(actor: Actor, now: dt.datetime, subjects: Collection[str]) -> tuple[str, ...]:
    """Return the logins of others who have a form open on one of the things, in order."""
    marks = ", ".join("?" for _ in subjects)
    rows = execute(
        "SELECT DISTINCT u.login FROM presence p JOIN app_user u ON u.id = p.user_id"
        f" WHERE p.subject IN ({marks}) AND p.user_id <> ? AND p.at > ? ORDER BY u.login",
        (*subjects, actor.id, _oldest(now)),
    ).fetchall()
    return tuple(row[0] for row in rows)


def _oldest(now: dt.datetime) -> int:
    return clock.to_micros(now - dt.timedelta(seconds=LIMIT_SECONDS))


@contextmanager
def _writing(actor: Actor, now: dt.datetime) -> Iterator[None]:
    """Write in the actor's name, but as no action: nobody reads of it later, and there is nothing to undo."""
    with database.atomic("IMMEDIATE"):
        today = clock.local_date(now, company_zone()).isoformat()
        token = acting.set(Acting(actor.login, actor.path, clock.to_micros(now), today))
        try:
            yield
        finally:
            acting.reset(token)
