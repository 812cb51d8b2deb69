"""Undo and redo: new actions that put back what one of the user's own actions changed (rules 11)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from peewee import IntegrityError

from models import clock, journal
from models.database import execute
from models.errors import NotFoundError, RefusedError
from models.people.records import Actor
from models.triggers import DEAL_DERIVED, DERIVED, JOURNALLED, LINKED

# What is kept for its author and is no step of anybody's work.
_NOT_LISTED = "kind <> 'techcheck.draft'"
_NEVER = {
    "techcheck.sign": "a sign-off is replaced by a newer one, never undone",
    "quote.send": "a sent quote is revised, never unsent",
    "quote.accept": "an accepted quote is replaced by a newer revision, never undone",
    "email.send": "it has left and can't be taken back",
    "process.use": "a process is replaced by a newer one, never undone",
    "points.close": "a closed month stays closed",
    "user.change": "changes of users are replaced, never undone",
}


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """One entry of a user's undo list, newest first."""

    id: int
    at: dt.datetime
    kind: str
    summary: str
    can_undo: bool
    is_undone: bool


def list_actions(actor: Actor, limit: int = 20) -> list[ActionRecord]:
    """Return the actor's own last actions, newest first, without undos."""
    rows = execute(
        "SELECT id, at, kind, summary, can_undo, undone_by_id FROM action WHERE actor = ? AND undoes_id IS NULL"
        f" AND {_NOT_LISTED} ORDER BY id DESC LIMIT ?",
        (actor.login, limit),
    )
    return [_record(row) for row in rows.fetchall()]


def find_action(actor: Actor, action_id: int | None = None, *, passed: Collection[int] = ()) -> ActionRecord | None:
    """Return the given action of the actor's, or the last one that is not undone: what `undo` takes back.

    The latter leaves out those with an id in `passed`.
    """
    chosen = "id = ?" if action_id else f"undone_by_id IS NULL AND id NOT IN ({', '.join('?' * len(passed))})"
    row = execute(
        "SELECT id, at, kind, summary, can_undo, undone_by_id FROM action WHERE actor = ? AND undoes_id IS NULL"
        f" AND {_NOT_LISTED} AND {chosen} ORDER BY id DESC LIMIT 1",
        (actor.login, *([action_id] if action_id else passed)),
    ).fetchone()
    return _record(row) if row else None


def _record(row: tuple[Any, ...]) -> ActionRecord:
    action_id, at, kind, summary, can_undo, undone_by = row
    return ActionRecord(action_id, clock.from_micros(at), kind, summary, bool(can_undo), undone_by is not None)


def undo(actor: Actor, now: dt.datetime, action_id: int | None = None) -> str:
    """Take back the actor's last action (or the given one of theirs) and return what was undone.

    Raises:
        NotFoundError: there is nothing to undo, or no such action of the actor's.
        RefusedError: it is never undone, or somebody has since changed the same field or built on it.
    """
    found = find_action(actor, action_id)
    if found is None:
        raise NotFoundError(f"You have no action {action_id}" if action_id else "Nothing of yours to undo")
    if found.is_undone:
        raise RefusedError(f"{found.summary}: that is undone already")
    if not found.can_undo:
        raise RefusedError(f"{found.summary}: {_NEVER.get(found.kind, 'that is never undone')}")
    with journal.action(actor, now, "undo", f"Undone: {found.summary}", undoes=found.id) as made:
        _put_back(_entries("action_id = ?", found.id), made.id)
        execute("UPDATE action SET undone_by_id = ? WHERE id = ?", (made.id, found.id))
    return found.summary


def redo(actor: Actor, now: dt.datetime) -> str:
    """Do again what the actor undid last, unless they did something else since; return what it was.

    Raises:
        NotFoundError: there is nothing to redo.
        RefusedError: somebody has since changed the same field, or it was an import, which comes again from its files.
    """
    row = execute(
        "SELECT u.id, u.undoes_id, u.kind, a.summary FROM action u JOIN action a ON a.id = u.undoes_id"
        " WHERE u.actor = ? AND u.kind IN ('undo', 'import.revert') AND u.undone_by_id IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM action n WHERE n.actor = u.actor AND n.id > u.id AND n.undoes_id IS NULL"
        f" AND n.{_NOT_LISTED})"
        " ORDER BY u.id DESC LIMIT 1",
        (actor.login,),
    ).fetchone()
    if row is None:
        raise NotFoundError("Nothing of yours to redo")
    undone, original, kind, summary = row
    if kind != "undo":
        raise RefusedError(f"{summary}: an import comes again from its files, not by redo")
    with journal.action(actor, now, "redo", f"Redone: {summary}", undoes=undone) as made:
        _put_back(_entries("action_id = ?", undone), made.id)
        execute("UPDATE action SET undone_by_id = ? WHERE id = ?", (made.id, undone))
        execute("UPDATE action SET undone_by_id = NULL WHERE id = ?", (original,))
    return str(summary)


def give_back(begin: int, end: int) -> None:
    """Put back what the journal holds after entry `begin` up to and with `end`, except what was changed since.

    Call it inside an action.
    """
    _put_back(_entries("id > ? AND id <= ?", begin, end))


def _entries(condition: str, *params: int) -> list[tuple[Any, ...]]:
    return execute(
        "SELECT id, table_name, row_id, op, column_name, before, after, action_id FROM journal"
        f" WHERE {condition} ORDER BY id DESC",
        params,
    ).fetchall()


def _put_back(entries: list[tuple[Any, ...]], running: int | None = None) -> None:
    """Put rows back as they were before these entries, newest first.

    What was changed since is refused by `running`, the action that undoes; without one it is left.
    """
    pending: dict[str, Any] = {}
    place: tuple[str, int] | None = None
    for journal_id, table, row_id, op, column, before, after, action_id in entries:
        if place is not None and (place != (table, row_id) or op != "u"):
            _update(*place, pending)
            place, pending = None, {}
        try:
            if op == "u":
                if column in DERIVED.get(table, ()):
                    continue
                current = pending[column] if column in pending else _value(table, row_id, column)
                if current != after:
                    who, by = _last_change(table, row_id, column, journal_id)
                    # Triggers may have put it back already, with something that came back before it.
                    if current == before and by == running:
                        continue
                    thing = f"{column.replace('_', ' ')} of {_thing(table, row_id)}"
                    raise RefusedError(f"{who} has since changed {thing}: nothing was undone")
                place = (table, row_id)
                pending[column] = before
            elif op == "i":
                _remove(table, row_id, journal_id, action_id)
            else:
                _insert(table, json.loads(before))
        except RefusedError:
            if running is not None:
                raise
    if place is not None:
        _update(*place, pending)


def _value(table: str, row_id: int, column: str) -> Any:
    row = execute(f'SELECT "{_column(table, column)}" FROM "{table}" WHERE id = ?', (row_id,)).fetchone()
    if row is None:
        raise RefusedError(f"{_thing(table, row_id)} is gone since: nothing was undone")
    return row[0]


def _column(table: str, column: str) -> str:
    """Return `column` if the journal knows it; names never come from a user."""
    if column not in (JOURNALLED.get(table) or LINKED[table]):
        raise NotFoundError(f"No column {column} in {table}")
    return column


def _update(table: str, row_id: int, values: dict[str, Any]) -> None:
    columns = ", ".join(f'"{_column(table, name)}" = ?' for name in values)
    execute(f'UPDATE "{table}" SET {columns} WHERE id = ?', (*values.values(), row_id))


def _insert(table: str, row: dict[str, Any]) -> None:
    names = [name for name in row if name == "id" or (name in JOURNALLED[table] and not _is_derived(table, name))]
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" for _ in names)
    execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', [row[name] for name in names])


def _is_derived(table: str, column: str) -> bool:
    return column in DERIVED.get(table, ())


def _remove(table: str, row_id: int, journal_id: int, action_id: int) -> None:
    later = execute(
        "SELECT j.actor FROM journal j WHERE j.table_name = ? AND j.row_id = ? AND j.id > ? AND j.action_id <> ?"
        f" AND coalesce(j.column_name, '') NOT IN ({', '.join('?' * len(DEAL_DERIVED))})"
        " AND NOT EXISTS (SELECT 1 FROM action a WHERE a.id = j.action_id"
        " AND (a.undone_by_id IS NOT NULL OR a.undoes_id IS NOT NULL))"
        " ORDER BY j.id DESC LIMIT 1",
        (table, row_id, journal_id, action_id, *DEAL_DERIVED),
    ).fetchone()
    if later:
        raise RefusedError(f"{later[0]} has since changed {_thing(table, row_id)}: nothing was undone")
    try:
        execute(f'DELETE FROM "{table}" WHERE id = ?', (row_id,))
    except IntegrityError as error:
        if "FOREIGN KEY" not in str(error):
            raise
        raise RefusedError(f"Work hangs on {_thing(table, row_id)} by now: nothing was undone") from error


def _last_change(table: str, row_id: int, column: str, journal_id: int) -> tuple[str, int | None]:
    """Return who changed a column last after an entry of the journal, and by which action."""
    row = execute(
        "SELECT actor, action_id FROM journal WHERE table_name = ? AND row_id = ? AND column_name = ? AND id > ?"
        " ORDER BY id DESC LIMIT 1",
        (table, row_id, column, journal_id),
    ).fetchone()
    return (row[0], row[1]) if row else ("Somebody", None)


def _thing(table: str, row_id: int) -> str:
    prefix = {"deal": "D-", "customer": "C-"}.get(table)
    return (
        f"{prefix}{row_id:05d}"
        if table == "customer"
        else f"{prefix}{row_id}"
        if prefix
        else f"a {table.replace('_', ' ')}"
    )
