"""What happened to a deal or a customer, from the journal, in plain sentences: who, when, by which path (rules 11).

Every journalled table that names a deal or a customer takes part; one that names a quote belongs to the quote's deal.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from models import clock, money, process
from models.database import company_zone, execute
from models.ids import show_deal, show_quote
from models.journal import Entry
from models.triggers import JOURNALLED

_ROWS = 500


class Told(NamedTuple):
    """One sentence of a history."""

    at: dt.datetime
    actor: str
    path: str
    text: str


def of_deal(deal_id: int) -> list[Told]:
    """Return every change of a deal and of what belongs to it, newest first."""
    return _tell(_tables("deal", deal_id, "deal_id"))


def of_customer(customer_id: int) -> list[Told]:
    """Return every change of a customer, of their people and nurture, and which import brought which record."""
    wanted = _tables("customer", customer_id, "customer_id") | _tables("", customer_id, "account_id")
    steps = _ids("enrolment_step", "enrolment_id", wanted.get("enrolment", ()))
    if steps:
        wanted["enrolment_step"] = steps
    # What belongs to a deal stands in the deal's own history.
    for table, columns in JOURNALLED.items():
        if "deal_id" in columns and table != "activity":
            wanted.pop(table, None)
    found = [*_tell(wanted), *_imported(customer_id)]
    found.sort(key=lambda told: told.at, reverse=True)
    return found[:_ROWS]


def _tables(own: str, row_id: int, column: str) -> dict[str, Sequence[int]]:
    wanted: dict[str, Sequence[int]] = {own: [row_id]} if own else {}
    for table, columns in JOURNALLED.items():
        if column in columns and table != own:
            ids = _ids(table, column, [row_id])
            if ids:
                wanted[table] = ids
    quotes = wanted.get("quote", ()) if own == "deal" else ()
    for table, columns in JOURNALLED.items():
        if quotes and "quote_id" in columns and column not in columns:
            wanted[table] = _ids(table, "quote_id", quotes)
    return wanted


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


def _tell(wanted: dict[str, Sequence[int]]) -> list[Told]:
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
    said = ((entry, say(entry)) for _, entry in entries[: 4 * _ROWS])
    return [Told(entry.at, entry.actor, entry.path, text) for entry, text in said if text][:_ROWS]


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


def say(entry: Entry) -> str:
    """Say one entry of the journal in words; empty for what only the program cares about."""
    if entry.op in ("i", "d"):
        row: dict[str, Any] = json.loads(entry.after if entry.op == "i" else entry.before)
        special = _CAME.get(entry.table) if entry.op == "i" else _WENT.get(entry.table)
        if special is not None:
            return special(entry, row)
        verb = "added" if entry.op == "i" else "removed"
        return f"{verb} {_noun(entry.table)} {_name(row)}".rstrip()
    if entry.column is None or entry.column in _QUIET or entry.table in _QUIET_TABLES:
        return ""
    if entry.table == "deal" and entry.column in _OF_DEAL:
        return _OF_DEAL[entry.column](entry)
    label = _LABELS.get(entry.column) or entry.column.removesuffix("_minor").removesuffix("_id").replace("_", " ")
    before, after = _show(entry, entry.before), _show(entry, entry.after)
    thing = "" if entry.table in ("deal", "customer") else f"{_thing(entry)} "
    return f"{thing}{label}: {before} -> {after}"


def _noun(table: str) -> str:
    return _NOUNS.get(table, table.replace("_", " "))


def _name(row: dict[str, Any]) -> str:
    for key in ("description", "subject", "name", "title", "reference", "field", "outcome"):
        if row.get(key):
            return str(row[key]).replace("_", " ") if key in ("field", "outcome") else str(row[key])
    return ""


def _thing(entry: Entry) -> str:
    """Name the row that changed: a quote by its number, an activity by its subject, others by their kind."""
    if entry.table == "quote":
        row = execute("SELECT number, revision FROM quote WHERE id = ?", (entry.row_id,)).fetchone()
        return show_quote(*row) if row is not None else "quote"
    if entry.table in ("activity", "person", "sales_order"):
        column = {"activity": "subject", "person": "name"}.get(entry.table, "id")
        row = execute(f"SELECT {column} FROM {entry.table} WHERE id = ?", (entry.row_id,)).fetchone()
        return f"{_noun(entry.table)} {row[0] if row else ''}".rstrip()
    return _noun(entry.table)


def _user(user_id: Any) -> str:
    row = execute("SELECT login FROM app_user WHERE id = ?", (user_id,)).fetchone()
    return str(row[0]) if row else "nobody"


def _quote_of(row: dict[str, Any]) -> str:
    found = execute("SELECT number, revision FROM quote WHERE id = ?", (row.get("quote_id"),)).fetchone()
    return show_quote(*found) if found is not None else "a quote"


def _activity(_entry: Entry, row: dict[str, Any]) -> str:
    if row.get("state") == "done":
        return f"logged a {row['channel']}: {row.get('subject') or row.get('notes') or ''}".rstrip(": ")
    kind = "the next step" if row.get("is_next_step") else f"a {row['channel']}"
    return f"planned {kind} for {row.get('due_on')}: {row.get('subject') or ''}".rstrip(": ")


def _words(value: Any) -> str:
    return str(value).replace("_", " ")


_Sentence = Callable[[Entry, dict[str, Any]], str]
_CAME: dict[str, _Sentence] = {
    "deal": lambda entry, row: f"opened {show_deal(entry.row_id)}",
    "customer": lambda entry, row: f"made {row.get('name', '')}",
    "assessment": lambda entry, row: f"answered the assessment: scored {row['score']}, {_words(row['result'])}",
    "deal_member": lambda entry, row: f"put {_user(row['user_id'])} on the team",
    "quote": lambda entry, row: f"made {show_quote(row['number'], row['revision'])}",
    "quote_line": lambda entry, row: f"added line {row.get('description', '')} to {_quote_of(row)}",
    "tech_check": lambda entry, row: f"signed the tech check: {_words(row['outcome'])}",
    "tech_check_request": lambda entry, row: f"asked {_user(row['asked_of_id'])} for the tech check",
    "tech_check_draft": lambda entry, row: "began a tech check",
    "activity": _activity,
    "sent_email": lambda entry, row: f"sent an email to {row['recipient']}: {row['subject']}",
    "enrolment": lambda entry, row: f"started nurture: {_words(row['programme_code'])}",
    "enrolment_step": lambda entry, row: "",
    "customer_pin": lambda entry, row: f"pinned {_words(row['field'])}: {row['value']}",
}
_WENT: dict[str, _Sentence] = {
    "deal_member": lambda entry, row: f"took {_user(row['user_id'])} off the team",
    "quote": lambda entry, row: f"removed {show_quote(row['number'], row['revision'])}",
    "quote_line": lambda entry, row: f"removed line {row.get('description', '')} from {_quote_of(row)}",
    "tech_check_draft": lambda entry, row: "",
    "customer_pin": lambda entry, row: f"unpinned {_words(row['field'])}",
    "enrolment_step": lambda entry, row: "",
}


def _moved(entry: Entry) -> str:
    return f"moved from {_stage(entry, entry.before)} to {_stage(entry, entry.after)}"


def _closed(entry: Entry) -> str:
    if entry.after == "open":
        return f"reopened; it was {_words(entry.before)}"
    return "won" if entry.after == "won" else f"closed as {_words(entry.after)}"


_OF_DEAL: dict[str, Callable[[Entry], str]] = {
    "stage": _moved,
    "outcome": _closed,
    "stage_reason": lambda entry: f"reason: {entry.after}" if entry.after else "",
    "owner_id": lambda entry: f"owner: {_user(entry.before)} -> {_user(entry.after)}",
}


def _stage(entry: Entry, stage_id: Any) -> str:
    row = execute("SELECT pipeline FROM deal WHERE id = ?", (entry.row_id,)).fetchone()
    stages = process.current().pipelines.get(row[0], ()) if row is not None else ()
    return next((stage.name for stage in stages if stage.id == stage_id), _words(stage_id))


_NOUNS = {
    "deal_line": "line", "quote_line": "quote line", "tech_check": "tech check", "sent_email": "email",
    "enrolment": "nurture", "enrolment_step": "nurture step", "customer_pin": "pinned value",
    "deal_person": "person of the buying centre", "sales_order": "order", "sales_contract": "contract",
}  # fmt: skip
_LABELS = {"discount_bp": "discount", "do_not_contact": "do not contact", "email_subscriber": "marketing mail"}
_QUIET = frozenset({
    "stage_entered_at", "next_step_id", "last_check_id", "terms_rev", "updated_at", "closed_at", "finished_at",
    "finished_by", "done_at", "done_by", "is_next_step", "saved_at", "usd_rate_micros", "record_id", "position",
    "created_at", "started_at", "ended_at", "ended_by", "sent_at",
})  # fmt: skip
_QUIET_TABLES = frozenset({"tech_check_draft"})
_YES_NO = frozenset({"do_not_contact", "email_subscriber", "walkthrough_ready", "is_primary", "is_monthly", "active"})
_USERS = frozenset({"owner_id", "user_id", "asked_of_id", "signed_by_id", "approved_by_id"})


def _show(entry: Entry, value: Any) -> str:
    column = entry.column or ""
    if value in (None, ""):
        return "empty"
    if column in _YES_NO:
        return "yes" if value else "no"
    if column.endswith("_minor"):
        return money.to_text(value)
    if column.endswith("_bp"):
        return f"{value / 100:g} %"
    if column.endswith("_minute"):
        return f"{value // 60:02d}:{value % 60:02d}"
    if column.endswith("_at"):
        return f"{clock.from_micros(value).astimezone(ZoneInfo(company_zone())):%Y-%m-%d %H:%M}"
    if column in _USERS:
        return _user(value)
    return _words(value) if column in ("state", "kind", "category", "pause_reason", "exit_reason") else str(value)
