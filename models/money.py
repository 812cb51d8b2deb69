"""Money: integers of a currency's smallest unit, rounded half up; pure functions."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from models.errors import UsageError

# Digits after the point, ISO 4217; all others have 2.
_EXPONENTS = {
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "VND": 0,
    "ISK": 0,
    "BHD": 3,
    "KWD": 3,
    "OMR": 3,
    "JOD": 3,
    "TND": 3,
}


def exponent(currency: str) -> int:
    """Return how many digits after the point the currency's smallest unit has."""
    return _EXPONENTS.get(currency, 2)


def parse_minor(text: str, currency: str = "USD") -> int:
    """Read an amount such as `9,200.00`, `$9200` or `9.2k` as minor units.

    Raises:
        UsageError: it is no amount, is negative, or is finer than the currency's smallest unit.
    """
    cleaned = text.strip().replace(",", "").replace(" ", "").removeprefix(currency).removesuffix(currency).lstrip("$")
    factor = 1
    if cleaned[-1:] in ("k", "K"):
        cleaned, factor = cleaned[:-1], 1000
    try:
        value = Decimal(cleaned) * factor
    except InvalidOperation:
        raise UsageError(f"“{text}” is no amount: write it like 9200 or 9,200.00") from None
    if not value.is_finite() or value < 0 or value > Decimal(10) ** 13:
        raise UsageError(f"“{text}” is no amount: it must be from 0 to 10 trillion")
    minor = value.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise UsageError(f"“{text}” is finer than the smallest unit of {currency}")
    return int(minor)


def to_text(minor: int, currency: str = "USD") -> str:
    """Return the amount as a plain decimal without separators, as JSON has it: `26848.00`."""
    digits = exponent(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def us_dollars(cents: int) -> str:
    """Return US cents as sentences have them: `$26,848.00`."""
    return f"${Decimal(cents).scaleb(-2):,.2f}"


def parse_percent(text: str) -> int:
    """Read a percentage from 0 to 100 with at most two decimals as basis points (1/100 of a percent).

    Raises:
        UsageError: it is no such percentage.
    """
    try:
        points = Decimal(text.strip().removesuffix("%")) * 100
    except InvalidOperation:
        raise UsageError(f"{text!r} is no percentage: write it like 10 or 7.5") from None
    if not points.is_finite() or not 0 <= points <= 10000 or points != points.to_integral_value():
        raise UsageError(f"{text!r} must be from 0 to 100 with at most two decimals")
    return int(points)


def line_net_minor(quantity: int, price_minor: int, discount_bp: int, months: int | None, *, is_monthly: bool) -> int:
    """Return a line's net: price x quantity (x months, 12 when open-ended), discounted, rounded half up (rules 5.1).

    The database computes the same in `deal_line.net_minor`; this one is for previews.
    """
    gross = quantity * price_minor * ((months or 12) if is_monthly else 1)
    return (gross * (10000 - discount_bp) + 5000) // 10000


def shown(minor: int, currency: str = "USD", *, has_unit: bool = True) -> str:
    """Write an amount to the smallest unit: `$26,848.00`, `-$3.50`, `EUR 9,200.00`, `JPY 1,200`."""
    unit = ("$" if currency == "USD" else f"{currency} ") if has_unit else ""
    digits = exponent(currency)
    sign, rest = ("-", -minor) if minor < 0 else ("", minor)
    whole, fraction = divmod(rest, 10**digits)
    tail = f".{fraction:0{digits}d}" if digits else ""
    return f"{sign}{unit}{whole:,}{tail}"
