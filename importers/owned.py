"""Rows that belong to a customer by a key: writing them, and letting them follow their key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from importers.existing import Known
from importers.owned_rows import OwnedRows
from importers.sources import plain_values
from importers.writing import Writer
from models.customers import sources
from models.customers.decisions import Key
from models.customers.sources import TABLES
from models.database import execute

# The customer who has the key that a row names.
_BY_KEY = "(SELECT customer_id FROM customer_key WHERE source = '{owner}' AND key = {key})"


def write(writer: Writer, rows: OwnedRows) -> None:
    """Write the new, changed, missing and returned rows of one source."""
    source = rows.source
    table, kept = source.kind.table, source.kind.kept
    by_key = _BY_KEY.format(owner=source.foreign_source, key="owner_key")
    columns = ", ".join(name for name in kept if name != "file_id")
    writer.from_staged(
        source.code,
        rows.parts,
        f"INSERT INTO {table} (source, key, {columns}, file_id, run_id, customer_id)"
        f" SELECT :source, key, {columns}, :file, :run, {by_key} {{FROM}}",
        f"Writing {source.title}",
    )
    ids = [int(row_id) for row_id in rows.changed["id"].tolist()] if len(rows.changed) else []
    writer.before(table, (*kept, "changed_run_id", "absent_run_id"), ids)
    by_key = _BY_KEY.format(owner=source.foreign_source, key="?1")
    changed = zip(_values(writer, rows.changed, kept), ids, strict=True)
    writer.many(
        f"UPDATE {table} SET ({', '.join(kept)}) = ({', '.join('?' for _ in kept)}), changed_run_id = ?,"
        f" absent_run_id = NULL, customer_id = {by_key} WHERE id = ?",
        ((*row[1:], writer.run_id, row_id) for row, row_id in changed),
        f"Writing {source.title}",
    )
    writer.presence(table, rows.absent, rows.returned)


def _values(writer: Writer, frame: Any, kept: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield key and `kept` columns of rows."""
    columns = [plain_values(frame[name]) for name in ("key", *kept) if name not in ("file_id", "line", "cells")]
    files = [writer.files[number] for number in frame["file"].tolist()]
    return zip(*columns, files, frame["line"].tolist(), frame["cells"].tolist(), strict=True)


def attach(writer: Writer, fresh: Sequence[Key], known: Known) -> None:
    """Let rows that were there follow their keys: orphans whose customer has come, keys that moved."""
    for source in sources.list_owned():
        owner, waiting = source.owner_source, known.orphans.get(source.code, {})
        if not known.standing.get(source.code):
            continue
        mine = [key for of, key in fresh if of == owner]
        update = (
            f"UPDATE {TABLES[source.kind]} SET customer_id = {_BY_KEY.format(owner=owner, key='?2')}"
            " WHERE source = ?1 AND owner_key = ?2"
        )
        writer.many(f"{update} AND customer_id IS NULL", [(source.code, key) for key in mine if key in waiting])
        writer.many(
            f"{update} AND customer_id = ?3",
            [(source.code, key, known.keys[owner, key]) for key in mine if (owner, key) in known.keys],
        )


def detach(key: Key, customer_id: int) -> None:
    """Let what a customer had by a key that is no longer theirs wait again."""
    for source in sources.list_owned():
        if source.owner_source == key[0]:
            execute(
                f"UPDATE {TABLES[source.kind]} SET customer_id = NULL"
                " WHERE source = ? AND owner_key = ? AND customer_id = ?",
                (source.code, key[1], customer_id),
            )
