"""Everything that happened with a customer, newest first, each entry with its source.

The timeline shows areas above this one (deals, activities, nurture): it reads their tables and calls none of
their code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from models import clock, process
from models.customers.records import TimelineEntry
from models.database import company_zone, execute
from models.ids import show_deal, show_quote

ACTIVITIES = ("call", "email", "letter", "visit", "meeting", "note")
KINDS = (*ACTIVITIES, "online", "store", "deal", "quote", "check", "nurture", "loyalty", "contact")
SOURCES = ("con", "pos", "onl", "loy", "crm")
# The sources whose entries a kind has; a kind not named here is entered in this program.
_SOURCE_OF = {"online": "onl", "store": "pos", "loyalty": "loy", "contact": "con"}
_NO_MICROS = -1


@dataclass(frozen=True, slots=True)
class _Window:
    """What to read: entries from `since` on, those before the cursor, at most `limit`."""

    customer_id: int
    zone: ZoneInfo
    since: str
    before: tuple[Any, ...] | None
    limit: int

    def days(self, column: str, rank: int, id_column: str) -> tuple[str, list[Any]]:
        """Return a condition on a table whose rows have a date."""
        if self.before is None:
            return f"{column} >= ?", [self.since]
        on, micros, cursor_rank, row_id = self.before
        if micros > _NO_MICROS or rank < cursor_rank:
            return f"{column} >= ? AND {column} <= ?", [self.since, on]
        if rank > cursor_rank:
            return f"{column} >= ? AND {column} < ?", [self.since, on]
        condition = f"{column} >= ? AND ({column} < ? OR ({column} = ? AND {id_column} < ?))"
        return condition, [self.since, on, on, row_id]

    def times(self, column: str, rank: int, id_column: str) -> tuple[str, list[Any]]:
        """Return a condition on a table whose rows have a moment."""
        start = self._midnight(self.since)
        if self.before is None:
            return f"{column} >= ?", [start]
        on, micros, cursor_rank, row_id = self.before
        if micros == _NO_MICROS:
            return f"{column} >= ? AND {column} < ?", [start, self._midnight(on)]
        if rank < cursor_rank:
            return f"{column} >= ? AND {column} <= ?", [start, micros]
        if rank > cursor_rank:
            return f"{column} >= ? AND {column} < ?", [start, micros]
        condition = f"{column} >= ? AND ({column} < ? OR ({column} = ? AND {id_column} < ?))"
        return condition, [start, micros, micros, row_id]

    def _midnight(self, day: str) -> int:
        start = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), self.zone)
        return clock.to_micros(start.astimezone(dt.UTC))

    def dated(self, rank: int, on: str, row_id: int, kind: str, text: str, source: str, **more: Any) -> TimelineEntry:
        """Return an entry of which only the day is known."""
        day = dt.date.fromisoformat(on)
        return _entry(day, None, kind, text, source, (on, _NO_MICROS, rank, row_id), **more)

    def timed(self, rank: int, micros: int, row_id: int, kind: str, text: str, **more: Any) -> TimelineEntry:
        """Return an entry with a moment."""
        at = clock.from_micros(micros)
        day = at.astimezone(self.zone).date()
        return _entry(day, at, kind, text, "crm", (day.isoformat(), micros, rank, row_id), **more)


def _entry(
    on: dt.date,
    at: dt.datetime | None,
    kind: str,
    text: str,
    source: str,
    cursor: tuple[Any, ...],
    *,
    detail: str = "",
    amount_minor: int | None = None,
    currency: str = "USD",
    points: int | None = None,
    deal_id: int | None = None,
    who: str = "",
) -> TimelineEntry:
    return TimelineEntry(on, at, kind, text, detail, source, amount_minor, currency, points, deal_id, who, cursor)


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

    `kinds` and `sources` choose (see `KINDS`, `SOURCES`); `before` is the cursor of the last entry of the page before.
    Of one day, entries with a time come before those without.
    """
    zone = ZoneInfo(company_zone())
    window = _Window(customer_id, zone, (since or dt.date(1, 1, 2)).isoformat(), before, limit)
    wanted = {
        kind
        for kind in (KINDS if kinds is None else kinds)
        if sources is None or _SOURCE_OF.get(kind, "crm") in sources
    }
    found: list[TimelineEntry] = []
    for rank, (shown, read) in enumerate(_READERS):
        if wanted & set(shown):
            found += read(window, rank, wanted)
    found.sort(key=lambda entry: entry.cursor, reverse=True)
    today = now.astimezone(zone).date()
    return [entry for entry in found if entry.kind in wanted and entry.on <= today][:limit]


def _contacts(window: _Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    created = "json_extract(fields, '$.created_on')"
    condition, params = window.days(created, rank, "id")
    rows = execute(
        f"SELECT id, key, {created} FROM source_record WHERE customer_id = ? AND source = 'con' AND {condition}"
        " ORDER BY 3 DESC, 1 DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, key, on in rows.fetchall():
        yield window.dated(rank, on, row_id, "contact", f"First seen in eCommerce, {key}", "con")


def _memberships(window: _Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    condition, params = window.days("joined_on", rank, "id")
    rows = execute(
        f"SELECT id, key, joined_on FROM membership WHERE customer_id = ? AND {condition}"
        " ORDER BY joined_on DESC, id DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, key, on in rows.fetchall():
        yield window.dated(rank, on, row_id, "loyalty", f"Joined the loyalty scheme, {key}", "loy")


def _purchases(window: _Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    sources = [source for kind, source in (("online", "onl"), ("store", "pos")) if kind in wanted]
    condition, params = window.days("purchased_on", rank, "id")
    rows = execute(
        "SELECT id, source, key, product_key, purchased_on, amount_minor, currency, points, store FROM purchase"
        f" WHERE customer_id = ? AND source IN ({', '.join('?' for _ in sources)}) AND {condition}"
        " ORDER BY purchased_on DESC, id DESC LIMIT ?",
        (window.customer_id, *sources, *params, window.limit),
    )
    for row_id, source, key, product, on, amount, currency, points, store in rows.fetchall():
        text = ", ".join(part for part in (product or "Purchase", key, store) if part)
        kind = "online" if source == "onl" else "store"
        yield window.dated(rank, on, row_id, kind, text, source, amount_minor=amount, currency=currency, points=points)


def _activities(window: _Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
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


def _deals(window: _Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
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


def _quotes(window: _Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
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


def _checks(window: _Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
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


def _enrolments(window: _Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
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


_Reader = Callable[[_Window, int, set[str]], Iterator[TimelineEntry]]
# Of one moment, later readers come first.
_READERS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    (("contact",), _contacts),
    (("loyalty",), _memberships),
    (("online", "store"), _purchases),
    (("nurture",), _enrolments),
    (("deal",), _deals),
    (("quote",), _quotes),
    (("check",), _checks),
    (ACTIVITIES, _activities),
)
