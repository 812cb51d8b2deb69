"""What happened on a deal, newest first: activities, quotes, moves and checks; its history is in `models.history`."""

from __future__ import annotations

import datetime as dt

from models import clock, process
from models.database import execute
from models.deals.detail_records import TimelineEntry
from models.deals.details import get_detail
from models.ids import show_quote

_ROWS = 300


def list_timeline(deal_id: int, now: dt.datetime) -> list[TimelineEntry]:
    """Return what happened on a deal, newest first."""
    deal = get_detail(deal_id, now)
    names = {stage.id: stage.name for stage in process.current().stages(deal.pipeline)}
    found = _activities(deal_id) + _quotes(deal_id) + _moves(deal_id, names) + _checks(deal_id)
    found += _assessments(deal_id, names)
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


def _assessments(deal_id: int, names: dict[str, str]) -> list[TimelineEntry]:
    rows = execute(
        "SELECT a.entered_at, q.stage, a.score, a.result, a.waits_for, a.note, a.entered_by FROM assessment a"
        " JOIN questionnaire q ON q.id = a.questionnaire_id WHERE a.deal_id = ?",
        (deal_id,),
    ).fetchall()
    words = {"moved": "moved on", "below": "stays", "knocked_out": "knocked out", "elsewhere": "scored only"}
    found = []
    for at, stage, score, result, waits_for, note, by in rows:
        did = f"waits for: {waits_for}" if waits_for else words.get(result, result)
        text = f"{names.get(stage, stage)}: scored {score}, {did}"
        found.append(TimelineEntry(clock.from_micros(at), True, "assess", text, note, by, None, 0))
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
