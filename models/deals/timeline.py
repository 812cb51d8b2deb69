"""What happened on a deal, newest first, out of activities, quotes, moves and checks; and its history in sentences."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

from models import clock, journal, money, process
from models.database import company_zone, execute
from models.deals.details import get_detail
from models.deals.records import TimelineEntry
from models.ids import show_deal, show_quote
from models.journal import Entry

_ROWS = 300


def list_timeline(deal_id: int, now: dt.datetime) -> list[TimelineEntry]:
    """Return what happened on a deal, newest first."""
    deal = get_detail(deal_id, now)
    names = {stage.id: stage.name for stage in process.current().stages(deal.pipeline)}
    found = _activities(deal_id) + _quotes(deal_id) + _moves(deal_id, names) + _checks(deal_id)
    found.sort(key=lambda entry: entry.at, reverse=True)
    return found[:_ROWS]


def _activities(deal_id: int) -> list[TimelineEntry]:
    rows = execute(
        "SELECT done_at, channel, who, subject, notes, duration_minutes, done_by, points FROM activity"
        " WHERE deal_id = ? AND state = 'done' ORDER BY done_at DESC LIMIT ?",
        (deal_id, _ROWS),
    ).fetchall()
    found = []
    for at, channel, who, subject, notes, minutes, by, points in rows:
        head = ", ".join(part for part in (who, f"{minutes} min" if minutes else "", subject) if part)
        found.append(
            TimelineEntry(clock.from_micros(at), True, channel, head or notes, notes if head else "", by, None, points)
        )
    return found


def _quotes(deal_id: int) -> list[TimelineEntry]:
    rows = execute(
        "SELECT q.number, q.revision, q.state, q.sent_at, q.reason, q.created_by,"
        " (SELECT coalesce(sum(net_minor), 0) FROM quote_line WHERE quote_id = q.id), q.created_at"
        " FROM quote q WHERE q.deal_id = ?",
        (deal_id,),
    ).fetchall()
    found = []
    for number, revision, state, sent_at, reason, by, net, created_at in rows:
        text = f"{show_quote(number, revision)} {'sent' if sent_at else state}"
        if sent_at and state not in ("sent", "superseded"):
            text += f"; {state}" + (f": {reason}" if reason else "")
        found.append(TimelineEntry(clock.from_micros(sent_at or created_at), True, "quote", text, "", by, net, 0))
    return found


def _moves(deal_id: int, names: dict[str, str]) -> list[TimelineEntry]:
    rows = execute(
        "SELECT at, from_stage, to_stage, from_outcome, to_outcome, reason, actor FROM stage_change WHERE deal_id = ?",
        (deal_id,),
    ).fetchall()
    found = []
    for at, from_stage, to_stage, from_outcome, to_outcome, reason, actor in rows:
        if from_stage is None:
            kind, text = "new", f"Opened in {names.get(to_stage, to_stage)}"
        elif from_outcome != to_outcome:
            kind = "stage" if to_outcome == "open" else to_outcome
            text = f"Reopened in {names.get(to_stage, to_stage)}" if to_outcome == "open" else to_outcome.capitalize()
        else:
            kind, text = "stage", f"{names.get(from_stage, from_stage)} -> {names.get(to_stage, to_stage)}"
        found.append(TimelineEntry(clock.from_micros(at), True, kind, text, reason, actor, None, 0))
    return found


def _checks(deal_id: int) -> list[TimelineEntry]:
    rows = execute(
        "SELECT k.entered_at, u.login, k.outcome, k.details FROM tech_check k JOIN app_user u ON u.id = k.signed_by_id"
        " WHERE k.deal_id = ?",
        (deal_id,),
    ).fetchall()
    asked = execute(
        "SELECT r.asked_at, r.asked_by, u.login, r.note FROM tech_check_request r"
        " JOIN app_user u ON u.id = r.asked_of_id WHERE r.deal_id = ?",
        (deal_id,),
    ).fetchall()
    return [
        TimelineEntry(
            clock.from_micros(at), True, "tech", f"Signed by {by}: {outcome.replace('_', ' ')}", details, by, None, 0
        )
        for at, by, outcome, details in rows
    ] + [
        TimelineEntry(clock.from_micros(at), True, "tech", f"Asked {of} to sign", note, by, None, 0)
        for at, by, of, note in asked
    ]


_MONEY = {"typed_amount_minor", "amount_minor", "budget_minor", "price_minor", "unpaid_minor", "income_minor"}
_QUIET = {"stage_entered_at", "next_step_id", "last_check_id", "terms_rev", "stage_reason", "updated_at", "closed_at"}


def list_history(deal_id: int) -> list[tuple[dt.datetime, str, str, str]]:
    """Return (when, who, path, sentence) of every change of a deal and its lines, newest first."""
    entries = journal.list_entries("deal", deal_id)
    for table in ("deal_line", "quote", "tech_check", "activity"):
        rows = execute(
            f"SELECT id FROM {table} WHERE deal_id = ? UNION SELECT row_id FROM journal WHERE table_name = ?"
            " AND op = 'd' AND json_extract(before, '$.deal_id') = ?",
            (deal_id, table, deal_id),
        ).fetchall()
        for (row_id,) in rows:
            entries += journal.list_entries(table, row_id)
    entries.sort(key=lambda entry: entry.at, reverse=True)
    found = []
    for entry in entries:
        sentence = say(entry)
        if sentence:
            found.append((entry.at, entry.actor, entry.path, sentence))
    return found


def say(entry: Entry) -> str:
    """Say one entry of the journal in words; empty for what only the program cares about."""
    thing = {"deal": "deal", "deal_line": "line", "quote": "quote", "tech_check": "tech check", "activity": "activity"}
    what = thing.get(entry.table, entry.table.replace("_", " "))
    if entry.op == "i":
        row = json.loads(entry.after)
        name = row.get("description") or row.get("subject") or row.get("outcome") or row.get("name") or ""
        return (
            f"added {what} {name}".strip().replace("_", " ")
            if entry.table != "deal"
            else f"opened {show_deal(entry.row_id)}"
        )
    if entry.op == "d":
        row = json.loads(entry.before)
        return f"removed {what} {row.get('description') or row.get('subject') or ''}".strip()
    if entry.column is None or entry.column in _QUIET:
        return ""
    label = entry.column.removesuffix("_minor").removesuffix("_id").replace("_", " ")
    before, after = _show(entry.column, entry.before), _show(entry.column, entry.after)
    prefix = "" if entry.table == "deal" else f"{what} "
    return f"{prefix}{label}: {before} -> {after}"


def _show(column: str, value: Any) -> str:
    if value in (None, ""):
        return "empty"
    if column in _MONEY:
        return money.to_text(value)
    if column.endswith("_at"):
        return f"{clock.from_micros(value).astimezone(ZoneInfo(company_zone())):%Y-%m-%d %H:%M}"
    if column == "owner_id":
        row = execute("SELECT login FROM app_user WHERE id = ?", (value,)).fetchone()
        return str(row[0]) if row else str(value)
    return str(value)
