"""New rows on their way into their table: the tables of a small database in memory, which one process hands to another.

One statement takes over all rows of a source, in half the time that a statement for each row takes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from models.database import execute, raw_connection

Rows = tuple[Sequence[str], Iterable[Sequence[Any]]]
"""The columns of a table, and its rows."""

Attach = Callable[[str, bytes], None]


def pack(tables: Mapping[str, Rows]) -> bytes:
    """Return a database of these tables; of none, nothing."""
    if not tables:
        return b""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        for table, (columns, rows) in tables.items():
            made.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            made.execute("BEGIN")
            made.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in columns)})", rows)
            made.execute("COMMIT")
        return made.serialize()


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
