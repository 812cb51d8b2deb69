"""Writing many rows of an import, and remembering what was there before, so that `revert` can put it back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from importers.incoming import Progress
from models.database import execute, raw_connection

PEOPLE, STAGED = "people", "staged"
# Rows of one statement: between two the import can tell how far it is, and be ended.
_CHUNK, _STAGED = 20_000, 50_000


class Writer:
    """Writes rows of one import, inside its action, and tells how far it is.

    `files` are the ids of its files, by their numbers.
    """

    def __init__(self, run_id: int, total: int, progress: Progress) -> None:
        self.run_id = run_id
        self.files: dict[int, int] = {}
        self._total, self._progress = total, progress
        self._done = 0
        self._seq = 0

    def many(self, sql: str, rows: Iterable[Sequence[Any]], text: str = "") -> None:
        """Run a statement for many rows; `text` says what is going on."""
        raw, waiting = raw_connection(), iter(rows)
        while chunk := list(islice(waiting, _CHUNK)):
            raw.executemany(sql, chunk)
            if text:
                self._done += len(chunk)
                self._progress(self._done, self._total, text)

    def from_staged(self, code: str, parts: Mapping[int, int], sql: str, text: str) -> None:
        """Run a statement for the staged rows of a source, of which each file, by its number, has so many.

        It may name :source, :file and :run, and `{FROM}` stands for the rows.
        """
        raw, last = raw_connection(), 0
        sql = sql.replace("{FROM}", f"FROM {STAGED}.{code} r WHERE r.rowid BETWEEN :start AND :end ORDER BY r.rowid")
        for number, rows in parts.items():
            first, last = last + 1, last + rows
            values = {"source": code, "run": self.run_id, "file": self.files[number]}
            for start in range(first, last + 1, _STAGED):
                made = raw.execute(sql, {**values, "start": start, "end": min(start + _STAGED - 1, last)})
                self._done += made.rowcount
                self._progress(self._done, self._total, text)

    @contextmanager
    def holding(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> Iterator[None]:
        """Hold rows in a table of this connection, to be written by one statement.

        After each statement the search index writes what it has gathered: of many, one takes a fraction of the time.
        """
        execute(f"CREATE TEMP TABLE {table} ({columns})")
        self.many(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in columns.split(','))})", rows)
        yield
        execute(f"DROP TABLE {table}")

    def remember(self, table: str, rows: Iterable[tuple[int, dict[str, Any]]]) -> None:
        """Keep what was in rows before this import."""
        kept = []
        for row_id, before in rows:
            self._seq += 1
            kept.append((self.run_id, self._seq, table, row_id, json.dumps(before, ensure_ascii=False)))
        self.many("INSERT INTO import_change (run_id, seq, table_name, row_id, before) VALUES (?, ?, ?, ?, ?)", kept)

    def before(self, table: str, columns: Sequence[str], ids: Sequence[int]) -> None:
        """Keep these columns of rows that are about to change."""
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            marks = ", ".join("?" for _ in some)
            rows = execute(f"SELECT id, {', '.join(columns)} FROM {table} WHERE id IN ({marks})", some).fetchall()
            self.remember(table, ((row[0], dict(zip(columns, row[1:], strict=True))) for row in rows))

    def presence(self, table: str, absent: list[int], returned: list[int]) -> None:
        """Mark rows that a newer file lacks, and those that are back."""
        # Of a file with a few rows of many, nearly all are absent: one statement takes a fifth of the time.
        both = json.dumps([*absent, *returned])
        self._seq += execute(
            "INSERT INTO import_change (run_id, seq, table_name, row_id, before)"
            " SELECT ?, ? + row_number() OVER (ORDER BY j.key), ?, t.id, json_object('absent_run_id', t.absent_run_id)"
            f" FROM json_each(?) j JOIN {table} t ON t.id = j.value",
            (self.run_id, self._seq, table, both),
        ).rowcount
        for ids, run_id in ((absent, self.run_id), (returned, None)):
            execute(
                f"UPDATE {table} SET absent_run_id = ? WHERE id IN (SELECT value FROM json_each(?))",
                (run_id, json.dumps(ids)),
            )


def next_id(table: str) -> int:
    """Return an id that no row has, nor one had that people worked with and that went with its import.

    Parting and undo would take the new row for that one.
    """
    row = execute(
        f"SELECT max(coalesce((SELECT max(id) FROM {table}), 0),"
        " coalesce((SELECT max(row_id) FROM journal WHERE table_name = ?), 0)) + 1",
        (table,),
    ).fetchone()
    return int(row[0])
