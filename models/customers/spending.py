"""What a customer bought in which month and year, online and in stores."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from models.database import execute

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Period:
    """Purchases of a month or year (`name` is 2026-11 or 2026); amounts in US cents, 0 where there is nothing."""

    name: str
    online_minor: int
    online_count: int
    stores_minor: int
    stores_count: int


def list_months(customer_id: int, today: dt.date) -> tuple[Period, ...]:
    """Return the last twelve calendar months, oldest first, the last one that of `today`."""
    last = today.year * 12 + today.month - 1
    names = [f"{month // 12}-{month % 12 + 1:02d}" for month in range(last - MONTHS + 1, last + 1)]
    found = _periods(customer_id, 7, f"{names[0]}-01")
    return tuple(found.get(name, Period(name, 0, 0, 0, 0)) for name in names)


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
    return {
        period: Period(period, *by_source.get("onl", (0, 0)), *by_source.get("pos", (0, 0)))
        for period, by_source in sums.items()
    }
