"""What a customer bought in which channel, month and year."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models.customers import sources
from models.customers.records import Channel
from models.customers.sources import PURCHASES
from models.database import execute

MONTHS = 12


class Period(NamedTuple):
    """Purchases of a month or year (`name` is 2026-11 or 2026) in every channel; 0 where there is nothing."""

    name: str
    channels: tuple[Channel, ...]

    def channel(self, source: str) -> Channel:
        """Return what was bought in the channel of this source."""
        return next(channel for channel in self.channels if channel.source == source)


def sum_up(customer_id: int) -> tuple[tuple[Channel, ...], int, dt.date | None]:
    """Return all purchases by channel, the number of baskets, and the day of the last purchase."""
    rows = execute(
        "SELECT source, sum(amount_minor), count(*), count(DISTINCT purchased_on || store), max(purchased_on)"
        " FROM purchase WHERE customer_id = ? GROUP BY source",
        (customer_id,),
    ).fetchall()
    last = max((row[4] for row in rows), default="")
    spent = {source: (amount, count) for source, amount, count, _, _ in rows}
    return _channels(spent), sum(row[3] for row in rows), dt.date.fromisoformat(last) if last else None


def list_months(customer_id: int, today: dt.date) -> tuple[Period, ...]:
    """Return the last twelve calendar months, oldest first, the last one that of `today`."""
    last = today.year * 12 + today.month - 1
    names = [f"{month // 12}-{month % 12 + 1:02d}" for month in range(last - MONTHS + 1, last + 1)]
    found = _periods(customer_id, 7, f"{names[0]}-01")
    return tuple(found.get(name, Period(name, _channels({}))) for name in names)


def list_years(customer_id: int) -> tuple[Period, ...]:
    """Return the years in which the customer bought, newest first."""
    found = _periods(customer_id, 4, "")
    return tuple(found[name] for name in sorted(found, reverse=True))


def _periods(customer_id: int, letters: int, since: str) -> dict[str, Period]:
    rows = execute(
        "SELECT substr(purchased_on, 1, ?) AS period, source, sum(amount_minor), count(*) FROM purchase"
        " WHERE customer_id = ? AND purchased_on >= ? GROUP BY period, source",
        (letters, customer_id, since),
    ).fetchall()
    sums: dict[str, dict[str, tuple[int, int]]] = {}
    for period, source, amount, count in rows:
        sums.setdefault(period, {})[source] = (amount, count)
    return {period: Period(period, _channels(spent)) for period, spent in sums.items()}


def _channels(spent: dict[str, tuple[int, int]]) -> tuple[Channel, ...]:
    return tuple(
        Channel(source.code, source.plural, *spent.get(source.code, (0, 0)))
        for source in sources.list_sources(PURCHASES)
    )
