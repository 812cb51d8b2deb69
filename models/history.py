"""What happened to a deal or a customer, from the journal, in plain sentences: who, when, by which path (rules 11).

Every journalled table that names a deal or a customer takes part, and what hangs on it: a quote's lines, an order's
invoices. The sentences are `history_words`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import NamedTuple

from models import clock
from models.customers.profiles import HIDDEN, PRIVATE
from models.database import execute
from models.history_words import say
from models.ids import show_deal
from models.journal import Entry
from models.triggers import JOURNALLED

_ROWS = 500
# Table and the column by which others hang on it, in the order in which one leads to the next.
_PARTS = (
    *(("quote", "quote_id"), ("sales_contract", "contract_id"), ("sales_order", "order_id")),
    *(("invoice", "invoice_id"), ("enrolment", "enrolment_id")),
)
# Belong to the customer also where a deal came of them, or was what they were about.
_OF_BOTH = frozenset({"activity", "enrolment", "sent_email"})


class Told(NamedTuple):
    """One sentence of a history."""

    at: dt.datetime
    actor: str
    path: str
    text: str


def of_deal(deal_id: int) -> list[Told]:
    """Return every change of a deal and of what belongs to it, newest first."""
    wanted = _tables("deal", deal_id, "deal_id")
    _add_parts(wanted)
    return _tell(wanted)


def of_customer(customer_id: int, *, may_see_private: bool) -> list[Told]:
    """Return every change of a customer, of their people and nurture, and what which import brought and changed.

    Income and birth date are left out for whom they are hidden elsewhere (`permissions.may_see_private`).
    """
    wanted = _tables("customer", customer_id, "customer_id") | _tables("", customer_id, "account_id")
    # What belongs to a deal stands in the deal's own history.
    for table, columns in JOURNALLED.items():
        if "deal_id" in columns and table not in _OF_BOTH:
            wanted.pop(table, None)
    _add_parts(wanted)
    wanted["customer_merge"] = [
        found for end in ("kept_id", "gone_id") for found in _ids("customer_merge", end, [customer_id])
    ]
    wanted["source_record"] = _records(customer_id)
    found = [
        *_tell(wanted, names_deals=True, may_see_private=may_see_private),
        *_imported(customer_id),
        *_changed_by_imports(customer_id, may_see_private),
    ]
    found.sort(key=lambda told: told.at, reverse=True)
    return found[:_ROWS]


def _tables(own: str, row_id: int, column: str) -> dict[str, Sequence[int]]:
    wanted: dict[str, Sequence[int]] = {own: [row_id]} if own else {}
    for table, columns in JOURNALLED.items():
        if column in columns and table != own:
            ids = _ids(table, column, [row_id])
            if ids:
                wanted[table] = ids
    return wanted


def _add_parts(wanted: dict[str, Sequence[int]]) -> None:
    """Add the rows that hang on rows of a history: a quote's lines, an invoice's payments."""
    for parent, column in _PARTS:
        for table, columns in JOURNALLED.items():
            if column in columns and table not in wanted:
                ids = _ids(table, column, wanted.get(parent, ()))
                if ids:
                    wanted[table] = ids


def _ids(table: str, column: str, values: Sequence[int]) -> list[int]:
    """Return the rows of a journalled table whose `column` has one of the values, also those that are gone."""
    if not values:
        return []
    marks = ", ".join("?" * len(values))
    # Names come from the table of what is journalled, never from a user.
    there = execute(f"SELECT id FROM {table} WHERE {column} IN ({marks})", tuple(values)).fetchall()
    rows = execute(
        f"SELECT DISTINCT row_id FROM journal WHERE table_name = ? AND op = 'd'"
        f" AND json_extract(before, '$.{column}') IN ({marks})",
        (table, *values),
    ).fetchall()
    return sorted({row[0] for row in (*there, *rows)})


def _records(customer_id: int) -> list[int]:
    """Return the records that somebody moved to the customer, or off it."""
    rows = execute(
        "SELECT DISTINCT row_id FROM journal WHERE table_name = 'source_record' AND column_name = 'customer_id'"
        " AND ? IN (before, after)",
        (customer_id,),
    )
    return [row[0] for row in rows.fetchall()]


def _tell(wanted: dict[str, Sequence[int]], *, names_deals: bool = False, may_see_private: bool = True) -> list[Told]:
    entries: list[tuple[int, Entry]] = []
    for table, ids in wanted.items():
        marks = ", ".join("?" * len(ids))
        rows = execute(
            "SELECT id, at, actor, path, table_name, row_id, op, column_name, before, after FROM journal"
            f" WHERE table_name = ? AND row_id IN ({marks}) ORDER BY id DESC LIMIT ?",
            (table, *ids, _ROWS),
        ).fetchall()
        entries += [(row[0], Entry(clock.from_micros(row[1]), *row[2:])) for row in rows]
    entries.sort(key=lambda pair: pair[0], reverse=True)
    said = ((entry, _say(entry, may_see_private)) for _, entry in entries[: 4 * _ROWS])
    return [
        Told(entry.at, entry.actor, entry.path, f"{_of_deal(entry) if names_deals else ''}{text}")
        for entry, text in said
        if text
    ][:_ROWS]


def _say(entry: Entry, may_see_private: bool) -> str:
    """Say an entry; of what is private only that it changed."""
    text = say(entry)
    if may_see_private or _field(entry) not in PRIVATE:
        return text
    return f"{text.partition(':')[0]}: {HIDDEN}"


def _field(entry: Entry) -> str:
    """Return which field of a customer an entry is about, "" where it is about none."""
    if entry.table == "customer":
        return entry.column or ""
    if entry.table != "customer_pin":
        return ""
    if entry.op == "u":
        row = execute("SELECT field FROM customer_pin WHERE id = ?", (entry.row_id,)).fetchone()
        return row[0] if row else ""
    return str(json.loads(entry.after if entry.op == "i" else entry.before)["field"])


def _of_deal(entry: Entry) -> str:
    """Name the deal of a change, where there may be several."""
    return f"{show_deal(entry.row_id)}: " if entry.table == "deal" and entry.op == "u" else ""


def _imported(customer_id: int) -> list[Told]:
    """Return which import brought which of the customer's records: imports write no journal of their customers."""
    rows = execute(
        "SELECT r.started_at, r.actor, s.source, s.key, r.id FROM source_record s JOIN import_run r ON r.id = s.run_id"
        " WHERE s.customer_id = ? ORDER BY r.id DESC, s.id LIMIT ?",
        (customer_id, _ROWS),
    ).fetchall()
    return [
        Told(clock.from_micros(at), actor, "import", f"record {source}:{key} came with import {run}")
        for at, actor, source, key, run in rows
    ]


def _changed_by_imports(customer_id: int, may_see_private: bool) -> list[Told]:
    """Return what imports changed of a customer that was here, and of an account's people: import_change keeps it."""
    rows = execute(
        "SELECT r.started_at, r.actor, i.table_name, i.row_id, i.before FROM import_change i"
        " JOIN import_run r ON r.id = i.run_id"
        " WHERE (i.table_name = 'customer' AND i.row_id = ?)"
        " OR (i.table_name = 'person' AND i.row_id IN (SELECT id FROM person WHERE account_id = ?))"
        " ORDER BY i.run_id DESC, i.seq DESC LIMIT ?",
        (customer_id, customer_id, _ROWS),
    ).fetchall()
    entries = [
        Entry(clock.from_micros(at), actor, "import", table, row_id, "u", column, *values)
        for at, actor, table, row_id, kept in rows
        for column, values in json.loads(kept).items()
        if column in JOURNALLED[table]
    ]
    said = ((entry, _say(entry, may_see_private)) for entry in entries)
    return [Told(entry.at, entry.actor, entry.path, text) for entry, text in said if text]
