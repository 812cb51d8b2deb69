"""Actions and the journal: every write happens inside `action`, and triggers record what it changed."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from peewee import PeeweeException

from models import clock
from models.database import Acting, acting, company_zone, database, execute
from models.errors import from_database
from models.people.records import Actor


@dataclass(slots=True)
class Action:
    """One thing that a user did; `summary` may be set while it runs."""

    id: int
    summary: str
    is_trial: bool = False
    """Set while it runs: all that it wrote is taken back at its end; not of one that joined another."""


class _TakenBack(Exception):
    """Rolls a trial back."""


class Change(NamedTuple):
    """One changed row of the feed that other sessions read."""

    journal_id: int
    table: str
    row_id: int
    actor: str
    action_id: int | None


class Entry(NamedTuple):
    """One line of a history; `column` is None where a row came or went."""

    at: dt.datetime
    actor: str
    path: str
    table: str
    row_id: int
    op: str
    column: str | None
    before: Any
    after: Any


@contextmanager
def action(
    actor: Actor,
    now: dt.datetime,
    kind: str,
    summary: str,
    *,
    can_undo: bool = True,
    undoes: int | None = None,
) -> Iterator[Action]:
    """Run a write as one transaction and one entry of the user's undo list.

    Inside another action it joins that one, so that a bulk change is a single undo; one part that is never undone
    (`can_undo` False) makes the whole so. Errors of the database
    leave as sentences (`models.errors`); nothing is written then.
    """
    outer = acting.get()
    if outer is not None:
        if not can_undo:
            execute("UPDATE action SET can_undo = 0 WHERE id = ?", (outer.action_id,))
        yield Action(outer.action_id or 0, summary)
        return
    try:
        with database.atomic("IMMEDIATE"):
            micros = clock.to_micros(now)
            today = clock.local_date(now, company_zone()).isoformat()
            state = Acting(actor.login, actor.path, micros, today)
            token = acting.set(state)
            try:
                cursor = execute(
                    "INSERT INTO action (at, actor, path, kind, summary, can_undo, undoes_id)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (micros, actor.login, actor.path, kind, summary, int(can_undo), undoes),
                )
                made = Action(int(cursor.lastrowid or 0), summary)
                state.action_id = made.id
                yield made
                if made.is_trial:
                    raise _TakenBack
                if made.summary != summary:
                    execute("UPDATE action SET summary = ? WHERE id = ?", (made.summary, made.id))
            finally:
                acting.reset(token)
    except _TakenBack:
        return
    except (PeeweeException, sqlite3.Error) as error:
        raise from_database(error) from error


def last_id() -> int:
    """Return the newest journal id, from which a session starts to follow."""
    return int(execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0])


def list_changes_since(journal_id: int, limit: int = 5000) -> list[Change]:
    """Return what was journalled after `journal_id`, one entry for each changed row, oldest first."""
    # The plus keeps SQLite from walking the whole journal in the order of its index by row.
    rows = execute(
        "SELECT max(id), table_name, row_id, actor, max(action_id) FROM journal WHERE id > ?"
        " GROUP BY +table_name, row_id, actor ORDER BY max(id) LIMIT ?",
        (journal_id, limit),
    )
    return [Change(*row) for row in rows.fetchall()]


def list_entries(table: str, row_id: int, limit: int = 500) -> list[Entry]:
    """Return the history of one row, newest first."""
    rows = execute(
        "SELECT at, actor, path, table_name, row_id, op, column_name, before, after FROM journal"
        " WHERE table_name = ? AND row_id = ? ORDER BY id DESC LIMIT ?",
        (table, row_id, limit),
    )
    return [Entry(clock.from_micros(row[0]), *row[1:]) for row in rows.fetchall()]
