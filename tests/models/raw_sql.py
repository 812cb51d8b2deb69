"""A second, plain connection to the file, as a script would open it: no peewee, no code of the program."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest


class Raw:
    """A connection whose user, path, moment and day are whatever the script claims."""

    def __init__(self, path: Path, now_micros: int, today: str) -> None:
        self.actor, self.path, self.now, self.today = "ana", "key", now_micros, today
        self.connection = sqlite3.connect(path, isolation_level=None)
        for name, read in (
            ("crm_actor", lambda: self.actor),
            ("crm_path", lambda: self.path),
            ("crm_now", lambda: self.now),
            ("crm_today", lambda: self.today),
            ("crm_action", lambda: None),
        ):
            self.connection.create_function(name, 0, read)
        for name in ("crm_words", "crm_sound"):
            self.connection.create_function(name, 1, lambda _text: "[]")

    def __call__(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        return self.connection.execute(sql, params).fetchall()

    def value(self, sql: str, *params: Any) -> Any:
        """Return the first value of the first row."""
        return self(sql, *params)[0][0]

    def refused(self, code: str, sql: str, *params: Any) -> None:
        """Check that the rule `code` refuses a statement, and that nothing is left of it."""
        with pytest.raises(sqlite3.IntegrityError, match=code):
            self.connection.execute(sql, params)
        assert not self.connection.in_transaction

    def insert(self, table: str, row: dict[str, Any], verb: str = "INSERT") -> tuple[str, Sequence[Any]]:
        """Return the statement and its values that put `row` into a table."""
        marks = ", ".join("?" for _ in row)
        return f"{verb} INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
