"""Everything that happened with a customer, newest first, each entry with its source.

The timeline shows areas above this one (deals, activities, nurture): it reads their tables and calls none of
their code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from models import process
from models.customers import sources as known_sources
from models.customers import timeline_orders, timeline_sources
from models.customers.records import TimelineEntry
from models.customers.sources import EVENTS, OWN, PEOPLE, PURCHASES
from models.customers.timeline_window import Window
from models.database import company_zone, execute
from models.ids import show_deal, show_quote

ACTIVITIES = ("call", "email", "letter", "visit", "meeting", "note")
_WORK = ("deal", "quote", "check", "assess", "order", "contract", "invoice", "nurture")
"""Kinds of what is done here, besides activities."""


def list_kinds() -> tuple[str, ...]:
    """Return the kinds of entries that a timeline can have: activities, what sources tell, what is done here."""
    known = known_sources.list_sources()
    owned = [source.word for source in known if source.kind != PEOPLE]
    return (*ACTIVITIES, *owned, *_WORK, *(source.word for source in reversed(known) if source.kind == PEOPLE))


def list_codes() -> tuple[str, ...]:
    """Return the codes of the sources of entries, ours last."""
    return (*(source.code for source in known_sources.list_sources()), OWN)


def list_timeline(
    customer_id: int,
    now: dt.datetime,
    *,
    kinds: Collection[str] | None = None,
    sources: Collection[str] | None = None,
    since: dt.date | None = None,
    limit: int = 100,
    before: tuple[Any, ...] | None = None,
) -> list[TimelineEntry]:
    """Return what happened with a customer up to now, newest first.

    `kinds` and `sources` choose (see `list_kinds`, `list_codes`); `before` is the cursor of the last entry of the page
    before. Of one day, entries with a time come before those without.
    """
    zone = ZoneInfo(company_zone())
    window = Window(customer_id, zone, (since or dt.date(1, 1, 2)).isoformat(), before, limit)
    known = known_sources.list_sources()
    source_of = {source.word: source.code for source in known}
    wanted = {
        kind
        for kind in (list_kinds() if kinds is None else kinds)
        if sources is None or source_of.get(kind, OWN) in sources
    }
    words = {kind: {source.word for source in known if source.kind == kind} for kind in _OWNED_READERS}
    found: list[TimelineEntry] = []
    owned = tuple((words[kind], read) for kind, read in _OWNED_READERS.items())
    for rank, (shown, read) in enumerate((*_JOINING, *owned, *_WORK_READERS)):
        if wanted & set(shown):
            found += read(window, rank, wanted)
    found.sort(key=lambda entry: entry.cursor, reverse=True)
    today = now.astimezone(zone).date()
    return [entry for entry in found if entry.kind in wanted and entry.on <= today][:limit]


def _activities(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    channels = [channel for channel in ACTIVITIES if channel in wanted]
    condition, params = window.times("done_at", rank, "id")
    rows = execute(
        "SELECT id, done_at, channel, who, subject, notes, duration_minutes, done_by, deal_id, points FROM activity"
        f" WHERE customer_id = ? AND state = 'done' AND channel IN ({', '.join('?' for _ in channels)}) AND {condition}"
        " ORDER BY done_at DESC, id DESC LIMIT ?",
        (window.customer_id, *channels, *params, window.limit),
    )
    for row_id, at, channel, who, subject, notes, minutes, by, deal_id, _ in rows.fetchall():
        about = ", ".join(part for part in (who, f"{minutes} min" if minutes else "") if part)
        text = subject or notes
        detail = ". ".join(part for part in (about, notes if subject else "") if part)
        yield window.timed(rank, at, row_id, channel, text, detail=detail, deal_id=deal_id, who=by)


def _deals(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    condition, params = window.times("s.at", rank, "s.id")
    rows = execute(
        "SELECT s.id, s.at, s.deal_id, d.type, d.pipeline, s.from_stage, s.to_stage, s.from_outcome, s.to_outcome,"
        " s.reason, s.amount_usd_cents, s.actor FROM stage_change s JOIN deal d ON d.id = s.deal_id"
        f" WHERE d.customer_id = ? AND {condition} ORDER BY s.at DESC, s.id DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    names = {(stage.id, name): stage.name for name, stages in process.current().pipelines.items() for stage in stages}
    for (
        row_id,
        at,
        deal_id,
        what,
        pipeline,
        from_stage,
        to_stage,
        from_outcome,
        outcome,
        why,
        cents,
        by,
    ) in rows.fetchall():
        stage = names.get((to_stage, pipeline), to_stage)
        if from_stage is None:
            told = f"opened in {stage}"
        elif from_outcome != outcome:
            told = f"reopened in {stage}" if outcome == "open" else outcome.replace("_", " ")
        else:
            told = f"moved to {stage}"
        text = f"{show_deal(deal_id)} {what} {told}".replace("  ", " ")
        yield window.timed(rank, at, row_id, "deal", text, detail=why, amount_minor=cents, deal_id=deal_id, who=by)


def _quotes(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    moment = "coalesce(q.sent_at, q.created_at)"
    condition, params = window.times(moment, rank, "q.id")
    rows = execute(
        f"SELECT q.id, {moment}, q.number, q.revision, q.state, q.sent_at IS NOT NULL, q.reason, q.currency, q.deal_id,"
        " q.created_by, (SELECT coalesce(sum(net_minor), 0) FROM quote_line l WHERE l.quote_id = q.id)"
        f" FROM quote q JOIN deal d ON d.id = q.deal_id WHERE d.customer_id = ? AND {condition}"
        " ORDER BY 2 DESC, 1 DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, at, number, revision, state, sent, why, currency, deal_id, by, net in rows.fetchall():
        told = "sent" + (f", {state}" if state not in ("sent", "superseded") else "") if sent else state
        yield window.timed(
            rank, at, row_id, "quote", f"{show_quote(number, revision)} {told}", detail=why, amount_minor=net,
            currency=currency, deal_id=deal_id, who=by,
        )  # fmt: skip


def _checks(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    condition, params = window.times("k.entered_at", rank, "k.id")
    rows = execute(
        "SELECT k.id, k.entered_at, k.outcome, k.details, k.deal_id, u.login FROM tech_check k"
        " JOIN deal d ON d.id = k.deal_id JOIN app_user u ON u.id = k.signed_by_id"
        f" WHERE d.customer_id = ? AND {condition} ORDER BY 2 DESC, 1 DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, at, outcome, details, deal_id, by in rows.fetchall():
        text = f"{show_deal(deal_id)} tech check {outcome.replace('_', ' ')}"
        yield window.timed(rank, at, row_id, "check", text, detail=details, deal_id=deal_id, who=by)


def _assessments(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    condition, params = window.times("a.entered_at", rank, "a.id")
    rows = execute(
        "SELECT a.id, a.entered_at, a.score, a.result, a.note, a.deal_id, a.entered_by FROM assessment a"
        f" JOIN deal d ON d.id = a.deal_id WHERE d.customer_id = ? AND {condition} ORDER BY 2 DESC, 1 DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, at, score, result, note, deal_id, by in rows.fetchall():
        text = f"{show_deal(deal_id)} assessed: {score} points, {result.replace('_', ' ')}"
        yield window.timed(rank, at, row_id, "assess", text, detail=note, deal_id=deal_id, who=by)


def _enrolments(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    # A start and an end are two entries of one row: ids 2n and 2n + 1 keep their cursors apart.
    condition, params = window.times("at", rank, "n")
    rows = execute(
        "SELECT n, at, text, note, by FROM ("
        "SELECT e.id * 2 AS n, e.started_at AS at, p.name || ' started' AS text, '' AS note, e.started_by AS by"
        " FROM enrolment e JOIN programme p ON p.id = e.programme_id WHERE e.customer_id = ?"
        " UNION ALL SELECT e.id * 2 + 1, e.ended_at, p.name || CASE WHEN e.state = 'completed' THEN ' completed' ELSE"
        " ' ended: ' || replace(e.exit_reason, '_', ' ') END, e.exit_note, e.ended_by"
        " FROM enrolment e JOIN programme p ON p.id = e.programme_id"
        " WHERE e.customer_id = ? AND e.ended_at IS NOT NULL)"
        f" WHERE {condition} ORDER BY at DESC, n DESC LIMIT ?",
        (window.customer_id, window.customer_id, *params, window.limit),
    )
    for row_id, at, text, note, by in rows.fetchall():
        yield window.timed(rank, at, row_id, "nurture", text, detail=note, who=by)


_Reader = Callable[[Window, int, set[str]], Iterator[TimelineEntry]]
# Of one moment, later readers come first: joining, what sources tell, what is done here.
_JOINING: tuple[tuple[Collection[str], _Reader], ...] = (
    (("contact",), timeline_sources.contacts),
    (("loyalty",), timeline_sources.memberships),
)
_OWNED_READERS: dict[str, _Reader] = {
    PURCHASES: timeline_sources.purchases,
    EVENTS: timeline_sources.events,
}
_WORK_READERS: tuple[tuple[Collection[str], _Reader], ...] = (
    (("invoice",), timeline_orders.invoices),
    (("nurture",), _enrolments),
    (("deal",), _deals),
    (("quote",), _quotes),
    (("check",), _checks),
    (("assess",), _assessments),
    (("contract",), timeline_orders.contracts),
    (("order",), timeline_orders.orders),
    (ACTIVITIES, _activities),
)
