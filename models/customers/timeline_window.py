"""What a page of a customer's timeline reads: which rows, and the entries made of them; for the timeline only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from models import clock
from models.customers.records import TimelineEntry

NO_MICROS = -1
"""Stands in a cursor for the moment of what has only a day."""


@dataclass(frozen=True, slots=True)
class Window:
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
        if micros > NO_MICROS or rank < cursor_rank:
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
        if micros == NO_MICROS:
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
        return _entry(day, None, kind, text, source, (on, NO_MICROS, rank, row_id), **more)

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
