"""Taking an import back whole, until it is closed; and closing it (rules 4.7)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from importers import report
from importers.kinds import OWNED, PURCHASES
from importers.report import Run
from models import database, journal
from models.customers import follow_ups, sources
from models.customers.sources import TABLES
from models.database import execute, raw_connection
from models.errors import NotAllowedError, RefusedError
from models.people.records import Actor, Role
from models.words import counted, listed

# Columns come from import_change, which only the importers write; they are checked all the same.
_RESTORED = {
    "customer": None,
    "person": None,
    "source_record": frozenset({"declared_key", "file_id", "line", "cells", "fields", "changed_run_id",
                                "absent_run_id"}),
    "membership": frozenset({"points", "has_card", "joined_on"}),
    **{kind.table: frozenset({*kind.kept, "changed_run_id", "absent_run_id"}) for kind in OWNED},
}  # fmt: skip
# Marks of people's work on a customer since the import that made it.
_WORK = (
    "SELECT customer_id FROM deal",
    "SELECT customer_id FROM activity",
    "SELECT customer_id FROM enrolment",
    "SELECT customer_id FROM sent_email",
    "SELECT merged_into_id FROM customer WHERE merged_into_id IS NOT NULL",
    "SELECT individual_id FROM person WHERE individual_id IS NOT NULL",
)
_BY_PEOPLE = (
    "j.id > coalesce((SELECT max(id) FROM journal WHERE table_name = 'import_run' AND row_id = ? AND op = 'i'), 0)"
    " AND NOT EXISTS (SELECT 1 FROM action a WHERE a.id = j.action_id"
    " AND (a.undone_by_id IS NOT NULL OR a.undoes_id IS NOT NULL))"
)


@dataclass(frozen=True, slots=True)
class Reverted:
    """What a revert did; `kept` are (id, name) of customers that stay, as somebody has worked on them."""

    run: int
    records: int
    purchases: int
    events: int
    customers: int
    kept: tuple[tuple[int, str], ...]

    @property
    def summary(self) -> str:
        """Return one sentence for the status row."""
        parts = [counted(self.customers, "customer"), counted(self.purchases, "purchase")]
        parts += [counted(self.events, "other row")] if self.events else []
        gone = f"Import {self.run} taken back: {listed(parts)} gone"
        stay = "customer worked on since stays" if len(self.kept) == 1 else "customers worked on since stay"
        return gone + (f", {len(self.kept):,} {stay}" if self.kept else "")


def run_of_action(action_id: int) -> int | None:
    """Return the import that an action of the undo list (kind `import.run`) made, None if it made none."""
    row = execute(
        "SELECT row_id FROM journal WHERE action_id = ? AND table_name = 'import_run' AND op = 'i'", (action_id,)
    ).fetchone()
    return int(row[0]) if row else None


def why_not(run: Run, actor: Actor) -> str | None:
    """Return why the actor can't revert an import, None if they can; the role is judged first."""
    if run.actor != actor.login and not actor.has(Role.OPERATIONS):
        return f"Import {run.id} is {run.actor}'s: only {run.actor} or sales operations can take it back"
    if run.state != "open":
        return f"Import {run.id} is {run.state}: it can't be taken back"
    for later in report.list_runs():
        if later.id > run.id and later.state != "reverted" and later.report.has_changes:
            return f"Import {later.id} was built on import {run.id}: take {later.id} back first"
    return None


def revert(run_id: int, actor: Actor, now: dt.datetime) -> Reverted:
    """Take an import back: its rows go, what it changed is as before.

    A customer that somebody has worked on since stays, as entered here, without the records and purchases of the
    import; a value that somebody has changed since stays, too.

    Raises:
        NotFoundError: there is no such import.
        NotAllowedError: the actor neither made it nor is operations.
        RefusedError: it is closed or reverted, or a later import was built on it.
    """
    importer = actor._replace(path="import")
    run = report.get_run(run_id)
    if run.actor != actor.login:
        _require(run, actor)
    action = execute(
        "SELECT action_id FROM journal WHERE table_name = 'import_run' AND row_id = ? AND op = 'i'", (run_id,)
    ).fetchone()
    done_by = action[0] if action else None
    title = f"Took import {run_id} back"
    with (
        database.large_cache(),
        journal.action(importer, now, "import.revert", title, can_undo=False, undoes=done_by) as made,
    ):
        if reason := why_not(report.get_run(run_id), actor):
            raise RefusedError(reason)
        done = _revert(run_id)
        execute("UPDATE import_run SET state = 'reverted' WHERE id = ?", (run_id,))
        if made.id and done_by:
            execute("UPDATE action SET undone_by_id = ? WHERE id = ?", (made.id, done_by))
        made.summary = done.summary
    return done


def close(run_id: int, actor: Actor, now: dt.datetime) -> None:
    """End the time in which an import can be taken back.

    Raises:
        NotFoundError: there is no such import.
        NotAllowedError: the actor neither made it nor is operations.
        RefusedError: it is closed or reverted already.
    """
    run = report.get_run(run_id)
    _require(run, actor)
    if run.state != "open":
        raise RefusedError(f"Import {run_id} is {run.state} already")
    with journal.action(actor, now, "import.close", f"Closed import {run_id}", can_undo=False):
        execute("UPDATE import_run SET state = 'closed' WHERE id = ? AND state = 'open'", (run_id,))


def _require(run: Run, actor: Actor) -> None:
    if run.actor != actor.login and not actor.has(Role.OPERATIONS):
        raise NotAllowedError(
            f"Import {run.id} is {run.actor}'s: only {run.actor} or sales operations can close it or take it back"
        )


def _revert(run_id: int) -> Reverted:
    _restore(run_id)
    # Before asking for people's work: what was only planned is none.
    follow_ups.take_back(run_id)
    kept = _worked_on(run_id)
    execute("CREATE TEMP TABLE reverting (record_id INTEGER PRIMARY KEY)")
    try:
        execute("INSERT INTO reverting SELECT id FROM source_record WHERE run_id = ?", (run_id,))
        for table, column in (
            ("membership", "record_id"),
            ("review_pair", "left_record_id"),
            ("review_pair", "right_record_id"),
        ):
            execute(f"DELETE FROM {table} WHERE {column} IN (SELECT record_id FROM reverting)")
        execute("DELETE FROM review_pair WHERE run_id = ?", (run_id,))
        _people(run_id, kept)
        execute("UPDATE customer_pin SET record_id = NULL WHERE record_id IN (SELECT record_id FROM reverting)")
        owned = {kind.name: execute(f"DELETE FROM {kind.table} WHERE run_id = ?", (run_id,)).rowcount for kind in OWNED}
        records = execute("DELETE FROM source_record WHERE run_id = ?", (run_id,)).rowcount
    finally:
        execute("DROP TABLE reverting")
    _follow_keys()
    raw_connection().executemany(
        "UPDATE customer SET origin = 'crm', run_id = NULL WHERE id = ?", [(customer_id,) for customer_id in kept]
    )
    # A pin is not work by itself: it goes with a customer that nobody else touched.
    execute("DELETE FROM customer_pin WHERE customer_id IN (SELECT id FROM customer WHERE run_id = ?)", (run_id,))
    customers = execute("DELETE FROM customer WHERE run_id = ?", (run_id,)).rowcount
    execute("DELETE FROM import_change WHERE run_id = ?", (run_id,))
    # What matching has learned with it goes along: the model before it is in force again.
    execute("DELETE FROM match_run WHERE run_id = ?", (run_id,))
    execute("DELETE FROM match_model WHERE run_id = ?", (run_id,))
    names = [(customer_id, _name(customer_id)) for customer_id in sorted(kept)]
    purchases = owned.pop(PURCHASES.name)
    return Reverted(run_id, records, purchases, sum(owned.values()), customers, tuple(names))


def _name(customer_id: int) -> str:
    name: str = execute("SELECT name FROM customer WHERE id = ?", (customer_id,)).fetchone()[0]
    return name


def _restore(run_id: int) -> None:
    """Put changed rows back, newest change first; of customers and people only what nobody has changed since."""
    rows = execute(
        "SELECT table_name, row_id, before FROM import_change WHERE run_id = ? ORDER BY seq DESC", (run_id,)
    ).fetchall()
    for table, row_id, text in rows:
        before: dict[str, Any] = json.loads(text)
        allowed = _RESTORED[table]
        values = before if allowed is not None else _unchanged(table, row_id, before)
        if allowed is not None and not set(values) <= allowed:
            raise RefusedError(f"Import {run_id} keeps something unknown of {table}: it was not taken back")
        if values:
            names = ", ".join(f'"{name}" = ?' for name in values)
            execute(f"UPDATE {table} SET {names} WHERE id = ?", (*values.values(), row_id))
        if table in TABLES.values():
            _attach(table, row_id)


def _unchanged(table: str, row_id: int, before: dict[str, list[Any]]) -> dict[str, Any]:
    names = ", ".join(f'"{name}"' for name in before)
    current = execute(f"SELECT {names} FROM {table} WHERE id = ?", (row_id,)).fetchone()
    if current is None:
        return {}
    values = {name: old for (name, (old, new)), now in zip(before.items(), current, strict=True) if now == new}
    if values.get("kind") == "individual" and _is_in_nurture(row_id):
        # Somebody has begun to nurture the account: it stays one, under its name.
        for name in ("kind", "name", "given", "surname"):
            values.pop(name, None)
    return values


def _is_in_nurture(customer_id: int) -> bool:
    found = execute(
        "SELECT 1 FROM enrolment WHERE customer_id = ? AND state IN ('active', 'paused')", (customer_id,)
    ).fetchone()
    return found is not None


def _worked_on(run_id: int) -> set[int]:
    """Return the customers that the import made and that people have worked on since."""
    marks = " UNION ".join(_WORK)
    rows = execute(
        f"SELECT id FROM customer WHERE run_id = ? AND id IN ({marks}"
        f" UNION SELECT j.row_id FROM journal j WHERE j.table_name = 'customer' AND {_BY_PEOPLE}"
        " UNION SELECT p.account_id FROM journal j JOIN person p ON p.id = j.row_id"
        f" WHERE j.table_name = 'person' AND {_BY_PEOPLE})",
        (run_id, run_id, run_id),
    )
    return {row[0] for row in rows.fetchall()}


def _people(run_id: int, kept: set[int]) -> None:
    """Take the import's people away, but for those of kept accounts and those that somebody has changed since."""
    changed = {
        row[0]
        for row in execute(f"SELECT j.row_id FROM journal j WHERE j.table_name = 'person' AND {_BY_PEOPLE}", (run_id,))
    }
    rows = execute("SELECT id, account_id FROM person WHERE record_id IN (SELECT record_id FROM reverting)").fetchall()
    for person_id, account_id in rows:
        if account_id in kept or person_id in changed:
            execute("UPDATE person SET record_id = NULL WHERE id = ?", (person_id,))
        else:
            execute("DELETE FROM person WHERE id = ?", (person_id,))


def _follow_keys() -> None:
    """Make customers' keys those of the records that are left, and let what hangs on them follow."""
    foreign = {source.code: source.owner_source for source in sources.list_sources()}
    wanted: dict[tuple[str, str], int] = {}
    named: list[tuple[tuple[str, str], int]] = []
    for source, key, declared, customer_id in execute(
        "SELECT source, key, declared_key, customer_id FROM source_record WHERE customer_id IS NOT NULL ORDER BY id"
    ):
        wanted[source, key] = customer_id
        if declared:
            named.append(((foreign[source], declared), customer_id))
    for pair, customer_id in named:
        wanted.setdefault(pair, customer_id)
    standing = {(row[0], row[1]): row[2] for row in execute("SELECT source, key, customer_id FROM customer_key")}
    moved = [(pair, old) for pair, old in standing.items() if wanted.get(pair) != old]
    raw = raw_connection()
    raw.executemany("DELETE FROM customer_key WHERE source = ? AND key = ?", [pair for pair, _ in moved])
    fresh = [(*pair, customer_id) for pair, customer_id in wanted.items() if standing.get(pair) != customer_id]
    raw.executemany("INSERT INTO customer_key (source, key, customer_id) VALUES (?, ?, ?)", fresh)
    for owned in sources.list_owned():
        update = f"UPDATE {TABLES[owned.kind]} SET customer_id = ? WHERE source = ? AND owner_key = ? AND customer_id"
        mine = [(key, customer_id) for source, key, customer_id in fresh if source == owned.owner_source]
        raw.executemany(f"{update} IS NULL", [(customer_id, owned.code, key) for key, customer_id in mine])
        raw.executemany(
            f"{update} = ?",
            [(wanted.get(pair), owned.code, pair[1], old) for pair, old in moved if pair[0] == owned.owner_source],
        )


def _attach(table: str, row_id: int) -> None:
    """Let a row whose key was restored follow it."""
    execute(
        f"UPDATE {table} SET customer_id = (SELECT k.customer_id FROM customer_key k JOIN import_source s"
        f" ON s.code = {table}.source AND s.owner_source = k.source WHERE k.key = {table}.owner_key) WHERE id = ?",
        (row_id,),
    )
