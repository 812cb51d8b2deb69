"""New rows on their way into their table: the tables of a small database in memory, which one process hands to another.

One statement takes over all rows of a source, in half the time that a statement for each row takes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from models.database import execute, raw_connection

Attach = Callable[[str, bytes], None]


class Pack:
    """A database that tables are put into, one after the other; use it in a `with`."""

    def __init__(self) -> None:
        self._made: sqlite3.Connection | None = None

    def __enter__(self) -> Pack:
        return self

    def __exit__(self, *_: object) -> None:
        if self._made is not None:
            self._made.close()

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put a table in with all its rows."""
        if self._made is None:
            self._made = sqlite3.connect(":memory:", isolation_level=None)
            # Large pages are few to make and to copy, and nothing is ever rolled back.
            self._made.execute("PRAGMA page_size = 65536")
            self._made.execute("PRAGMA journal_mode = OFF")
        self._made.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        self._made.execute("BEGIN")
        self._made.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in columns)})", rows)
        self._made.execute("COMMIT")

    def content(self) -> bytes:
        """Return the database; nothing if there is no table in it."""
        return self._made.serialize() if self._made is not None else b""


@contextmanager
def attaching() -> Iterator[Attach]:
    """Give what lets this thread's connection see packed tables under a name; transactions end before that does."""
    names: list[str] = []

    def attach(name: str, content: bytes) -> None:
        execute(f"ATTACH ':memory:' AS {name}")
        names.append(name)
        if content:
            raw_connection().deserialize(content, name=name)

    try:
        yield attach
    finally:
        for name in names:
            execute(f"DETACH {name}")


def column(content: bytes, table: str, name: str) -> Iterator[Any]:
    """Yield a column of what was packed, without any other database."""
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(content)
        yield from (row[0] for row in opened.execute(f"SELECT {name} FROM {table}"))
