"""The database: opening, upgrading, and who acts on a connection; everything else gets `database` from here."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peewee import DatabaseError, OperationalError, SqliteDatabase

from models.errors import DatabaseAwayError, from_database

SCHEMA_VERSION = 18
BUSY_SECONDS = 5


class ContosoDatabase(SqliteDatabase):
    """SQLite in write-ahead mode whose transactions take the write lock at once."""

    def rollback(self) -> Any:
        """Roll back, unless SQLite did so itself already (a full disk ends the transaction on its own)."""
        if not self.is_closed() and raw_connection().in_transaction:
            return super().rollback()
        return None


# `synchronous=FULL` (2): an acknowledged change survives a power cut.
database = ContosoDatabase(
    None,
    autoconnect=False,
    timeout=BUSY_SECONDS,
    lock_type="IMMEDIATE",
    pragmas={
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "cache_size": -200,
        "temp_store": 2,
    },
)


@dataclass(slots=True)
class Acting:
    """Who writes, through which path, when, and as part of which action."""

    actor: str
    path: str
    now_micros: int
    today: str
    action_id: int | None = None


acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def _who() -> Acting:
    found = acting.get()
    if found is None:
        raise LookupError("nobody acts on this connection")
    return found


for _name, _read in (
    ("crm_actor", lambda: _who().actor),
    ("crm_path", lambda: _who().path),
    ("crm_now", lambda: _who().now_micros),
    ("crm_today", lambda: _who().today),
    ("crm_action", lambda: _who().action_id),
):
    database.register_function(_read, _name, 0)


def _words(name: str) -> str:
    """Return the words of a name as the search learns them, as JSON."""
    # Neither is needed before somebody writes a name.
    import json

    from models import spelling

    return json.dumps(spelling.learnable(name))


def _sound(word: str) -> str:
    from models import spelling

    return spelling.sound(word)


database.register_function(_words, "crm_words", 1)
database.register_function(_sound, "crm_sound", 1)


def init(path: Path) -> None:
    """Use the database file at `path` from now on, in all threads; opens nothing yet."""
    database.init(str(path))


@contextmanager
def connection() -> Iterator[None]:
    """Hold this thread's connection open; inside another such block it does nothing.

    Raises:
        DatabaseAwayError: the file can't be opened, or is no database.
    """
    if not database.is_closed():
        yield
        return
    try:
        database.connect()
        execute("SELECT 1 FROM sqlite_master LIMIT 1")
    except (DatabaseError, sqlite3.Error) as error:
        database.close()
        raise from_database(error) from error
    try:
        yield
    finally:
        database.close()


@contextmanager
def large_cache(mebibytes: int = 64) -> Iterator[None]:
    """Let this thread's connection hold so many pages meanwhile: bulk writes touch each index all over."""
    before = execute("PRAGMA cache_size").fetchone()[0]
    execute(f"PRAGMA cache_size = {-1024 * mebibytes}")
    try:
        yield
    finally:
        execute(f"PRAGMA cache_size = {int(before)}")


@contextmanager
def written_once() -> Iterator[None]:
    """Let the transactions of this block write each page once, rather than into the log and from there.

    For one that fills an empty database: meanwhile nobody else can open it, and where somebody has it open already, the
    log is kept. If it is ended from outside, the next connection finds the database as it was.
    """
    with suppress(OperationalError):
        execute("PRAGMA journal_mode = DELETE")
    try:
        yield
    finally:
        # Whoever has come in between brings the log back, as every connection does.
        with suppress(OperationalError):
            execute("PRAGMA journal_mode = WAL")


@contextmanager
def filled_by_import(*tables: str) -> Iterator[None]:
    """Fill empty tables quicker, within an import's transaction: their indexes are made anew at the end.

    Meanwhile those of their triggers are away that an import doesn't set off, or that refuse to replace a row: the
    tables are only inserted into.
    """
    found = execute(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN (SELECT value FROM json_each(?))"
        " AND (type = 'index' AND sql IS NOT NULL OR type = 'trigger' AND (name = tbl_name || '_replaced'"
        " OR sql LIKE '% AFTER INSERT ON ' || tbl_name || ' WHEN crm_path() <> ''import'' BEGIN %')) ORDER BY rowid",
        (json.dumps(tables),),
    ).fetchall()
    for kind, name, _ in found:
        execute(f'DROP {kind} "{name}"')
    yield
    for _, _, made in found:
        execute(made)


@contextmanager
def unchecked_references() -> Iterator[None]:
    """Don't look meanwhile for the row that each written one refers to: `check_references` does so for all at once.

    Nothing that others refer to may be deleted, as nothing would follow it; transactions begin and end in this block.
    """
    execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        execute("PRAGMA foreign_keys = ON")


def check_references(what: str) -> None:
    """Check, before a transaction is committed, that all rows refer to rows that are there.

    Raises:
        DatabaseAwayError: some don't; the message says that `what` ("import") would break them.
    """
    broken = execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise DatabaseAwayError(f"The {what} would break {len(broken)} references in {tables}; nothing was changed")


def execute(sql: str, params: Sequence[Any] = ()) -> sqlite3.Cursor:
    """Run one statement on this thread's connection; values only through `params`."""
    cursor: sqlite3.Cursor = database.execute_sql(sql, params)  # type: ignore[no-untyped-call]
    return cursor


def raw_connection() -> sqlite3.Connection:
    """Return this thread's open connection, for what only the driver can do (bulk statements, backup, progress)."""
    raw: sqlite3.Connection = database.connection()  # type: ignore[no-untyped-call]
    return raw


def data_version() -> int:
    """Return a number that changes when another connection has committed."""
    return int(execute("PRAGMA data_version").fetchone()[0])


def schema_version() -> int:
    """Return the schema version of the open database, 0 for an empty one."""
    return int(execute("PRAGMA user_version").fetchone()[0])


def exists() -> bool:
    """Return whether the file of the database is there and not empty."""
    path = Path(database.database)
    return path.is_file() and path.stat().st_size > 0


def ensure_current() -> None:
    """Check that the open database has this program's schema, and upgrade an older one.

    Raises:
        DatabaseAwayError: it was made by a newer version of the program.
    """
    found = schema_version()
    if found > SCHEMA_VERSION:
        raise DatabaseAwayError(
            f"{database.database} was made by a newer contoso (schema {found}, this one knows {SCHEMA_VERSION}):"
            " upgrade contoso"
        )
    if found < SCHEMA_VERSION:
        upgrade()


def create_file(path: Path) -> None:
    """Make an empty file that only its owner can read, with its folder; leave an existing one alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def upgrade() -> None:
    """Bring the open database to `SCHEMA_VERSION`: backup, drop triggers, migrate, make triggers, check.

    Several processes may try at once: the first takes the lock, the others find the work done.
    """
    from models import triggers

    before = schema_version()
    if before:
        _backup(Path(f"{database.database}.before-schema-{SCHEMA_VERSION}"))
    with database.atomic("EXCLUSIVE"):
        found = schema_version()
        if found >= SCHEMA_VERSION:
            return
        for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            execute(f'DROP TRIGGER "{name}"')
        for number in range(found + 1, SCHEMA_VERSION + 1):
            for statement in _migration(number):
                execute(statement)
        for statement in triggers.statements():
            execute(statement)
        check_references("upgrade")
        execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _migration(number: int) -> list[str]:
    # Its package takes as long to import as a board to read.
    from importlib import resources

    folder = resources.files("models.migrations")
    name = next(entry.name for entry in folder.iterdir() if entry.name.startswith(f"{number:04d}_"))
    statements: list[str] = []
    pending = ""
    for line in folder.joinpath(name).read_text("utf-8").splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements


def _backup(target: Path) -> None:
    create_file(target)
    copy = sqlite3.connect(target)
    try:
        # One step: in small steps a backup under writers never ends.
        raw_connection().backup(copy, pages=-1)
    finally:
        copy.close()


def setting(key: str, default: str = "") -> str:
    """Return a setting of this database."""
    row = execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return row[0] if row else default


def put_setting(key: str, value: str) -> None:
    """Store a setting of this database."""
    execute(
        "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def company_zone() -> str:
    """Return the company's IANA time zone: dates, months and lateness are counted in it."""
    return setting("company_timezone", "America/Denver")


def days_off(user_id: int | None = None) -> frozenset[dt.date]:
    """Return company holidays, and the leave of `user_id` if given."""
    days = {dt.date.fromisoformat(row[0]) for row in execute("SELECT on_date FROM holiday")}
    if user_id is not None:
        for first, last in execute("SELECT from_on, to_on FROM user_leave WHERE user_id = ?", (user_id,)):
            start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            days.update(start + dt.timedelta(days=n) for n in range((end - start).days + 1))
    return frozenset(days)
