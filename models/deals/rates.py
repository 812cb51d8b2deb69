"""Exchange rates: entered with a date by sales operations; a deal takes the one of the day its amount changes (5.1)."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

from models import clock, journal, money
from models.clock import in_words
from models.database import company_zone, execute
from models.deals.detail_records import Product
from models.errors import UsageError
from models.people.permissions import require_operations
from models.people.records import Actor

_MICROS = 1_000_000


class Rate(NamedTuple):
    """What one unit of a currency is worth in US dollars from a day on."""

    currency: str
    on: dt.date
    rate: str
    usd_rate_micros: int
    entered_by: str


def list_rates(limit: int = 500) -> list[Rate]:
    """Return all rates, by currency, the newest first."""
    rows = execute(
        "SELECT currency, on_date, rate, usd_rate_micros, entered_by FROM exchange_rate"
        " ORDER BY currency, on_date DESC, id DESC LIMIT ?",
        (limit,),
    )
    return [Rate(row[0], dt.date.fromisoformat(row[1]), *row[2:]) for row in rows.fetchall()]


def add(actor: Actor, now: dt.datetime, currency: str, rate: str, on: dt.date) -> None:
    """Enter a rate in force from a day on; it changes no deal until that deal's amount changes.

    Raises:
        NotAllowedError: the actor isn't operations.
        UsageError: no currency of three letters, or no rate above 0.
    """
    require_operations(actor, "enter exchange rates")
    code = currency.strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha() or code == "USD":
        raise UsageError(f"{currency!r} is no other currency: write its three letters, such as EUR")
    micros = _micros(code, rate)
    with journal.action(actor, now, "rate.add", f"1 {code} is {rate.strip()} USD from {in_words(on)}"):
        execute(
            "INSERT INTO exchange_rate (currency, on_date, rate, usd_rate_micros, entered_by, entered_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (code, on.isoformat(), rate.strip(), micros, actor.login, clock.to_micros(now)),
        )


def find_micros(currency: str, today: dt.date) -> int:
    """Return the rate of a day in millionths of a US cent for one smallest unit of the currency.

    Raises:
        UsageError: none is in force on that day.
    """
    if currency == "USD":
        return _MICROS
    row = execute(
        "SELECT usd_rate_micros FROM exchange_rate WHERE currency = ? AND on_date <= ?"
        " ORDER BY on_date DESC, id DESC LIMIT 1",
        (currency, today.isoformat()),
    ).fetchone()
    if row is None:
        raise UsageError(f"There is no exchange rate for {currency}: sales operations enter it with contoso rate add")
    return int(row[0])


def price_of(product: Product, currency: str, now: dt.datetime) -> int:
    """Return a product's price in a deal's currency, at the rate of today, rounded half up.

    Raises:
        UsageError: there is no rate for one of the currencies.
    """
    if product.currency == currency:
        return product.price_minor
    today = clock.local_date(now, company_zone())
    have, wanted = find_micros(product.currency, today), find_micros(currency, today)
    return (2 * product.price_minor * have + wanted) // (2 * wanted)


def _micros(currency: str, rate: str) -> int:
    try:
        value = Decimal(rate.strip())
    except InvalidOperation:
        raise UsageError(f"{rate!r} is no rate: write what 1 {currency} is in US dollars, such as 1.08") from None
    if not value.is_finite() or not Decimal("0.000001") <= value <= 1_000_000:
        raise UsageError(f"{rate!r} is no rate: it is from 0.000001 to 1,000,000")
    scaled = value.scaleb(2 - money.exponent(currency)) * _MICROS
    micros = int(scaled.to_integral_value(ROUND_HALF_UP))
    if micros < 1:
        raise UsageError(f"{rate!r} is too small a rate")
    return micros
