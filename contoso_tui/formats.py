"""How money, dates, ages and ids read on screen and in plain text. Pure; anyone above models may use it."""

from __future__ import annotations

import datetime as dt

from models.clock import in_words
from models.money import exponent, shown
from models.words import counted as counted

TECH_LIMIT_MINOR = 2_000_000
"""The tech-check limit of the shipped process, US cents; callers pass the one in force."""
SHORT_BELOW_CELLS = 16
"""Columns narrower than this show thousands (`$4.2k`) instead of whole dollars."""

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# A day without its year is read as the nearest one of that name: beyond half a year it needs the year.
_HALF_YEAR_DAYS = 183


def money(amount_minor: int, currency: str = "USD") -> str:
    """Write an amount to the smallest unit: `$26,848.00`, `-$3.50`, `EUR 9,200.00`, `JPY 1,200`."""
    return shown(amount_minor, currency)


def amount(amount_minor: int, currency: str = "USD") -> str:
    """Write an amount without its unit, where a table's head tells it: `26,848.00`, in yen `1,200`."""
    return shown(amount_minor, currency, has_unit=False)


def money_whole(amount_minor: int, currency: str = "USD", limit_minor: int = TECH_LIMIT_MINOR) -> str:
    """Write whole dollars, half up; an amount above `limit_minor` never reads as the limit or less.

    `$20,000.01` is `$20,001`. The limit is in US cents and counts for US dollars only.
    """
    scale = 10 ** exponent(currency)
    whole = _half_up(amount_minor, scale)
    if currency == "USD" and amount_minor > limit_minor >= whole * scale:
        whole = limit_minor // scale + 1
    sign, rest = ("-", -whole) if whole < 0 else ("", whole)
    return f"{sign}{_unit(currency)}{rest:,}"


def money_short(amount_minor: int, currency: str = "USD") -> str:
    """Write at most three digits: `$950`, `$4.2k`, `$26k`, `$1.2M`; for narrow columns and sums.

    Near the limit it may read as the limit itself: the sign beside it tells.
    """
    sign, rest = ("-", -amount_minor) if amount_minor < 0 else ("", amount_minor)
    unit = 10 ** exponent(currency)
    if _half_up(rest, unit) < 1000:
        return f"{sign}{_unit(currency)}{_half_up(rest, unit)}"
    return f"{sign}{_unit(currency)}{_thousands(rest, unit)}"


def money_card(amount_minor: int, currency: str = "USD", *, width: int, limit_minor: int = TECH_LIMIT_MINOR) -> str:
    """Write an amount as a column of `width` cells shows it."""
    if width < SHORT_BELOW_CELLS:
        return money_short(amount_minor, currency)
    return money_whole(amount_minor, currency, limit_minor)


def count_short(count: int) -> str:
    """Write a count in at most four cells: `9`, `1200`, `20k`, `1.2M`."""
    return str(count) if count < 10_000 else _thousands(count, 1)


def day(date: dt.date, today: dt.date) -> str:
    """Write a date as people say it: `today`, `tomorrow`, `Fri`, `Fri 20 Nov`, `Mar 2027`."""
    distance = (date - today).days
    if distance == 0:
        return "today"
    if distance == 1:
        return "tomorrow"
    if 1 < distance < 7:
        return _WEEKDAYS[date.weekday()]
    if _needs_year(date, today):
        return f"{_MONTHS[date.month - 1]} {date.year}"
    return f"{_WEEKDAYS[date.weekday()]} {date.day} {_MONTHS[date.month - 1]}"


def on_day(date: dt.date, today: dt.date) -> str:
    """Write a date inside a sentence: `today`, `on Fri 20 Nov`."""
    words = day(date, today)
    return words if words in ("today", "tomorrow") else f"{'in' if _needs_year(date, today) else 'on'} {words}"


def day_full(date: dt.date) -> str:
    """Write a date with weekday and year: `Fri 20 Nov 2026`."""
    return in_words(date)


def day_card(date: dt.date, today: dt.date, *, is_wide: bool) -> str:
    """Write a date for a card: `Today`, then `Fri 20 Nov` where there is room, `Fri 20` where not.

    Narrow, a date a week away needs its month more than its weekday: `30 Nov`; beyond the year
    both read `Mar 2027`.
    """
    if date == today:
        return "Today"
    if _needs_year(date, today):
        return f"{_MONTHS[date.month - 1]} {date.year}"
    month = _MONTHS[date.month - 1]
    if is_wide:
        return f"{_WEEKDAYS[date.weekday()]} {date.day} {month}"
    if abs((date - today).days) < 7:
        return f"{_WEEKDAYS[date.weekday()]} {date.day}"
    return f"{date.day} {month}"


def day_dated(date: dt.date, today: dt.date) -> str:
    """Write a date where there is room: `today`, `tomorrow`, then always with its day and month: `Tue 24 Nov`."""
    return day(date, today) if 0 <= (date - today).days <= 1 else day_card(date, today, is_wide=True)


def day_short(date: dt.date, today: dt.date) -> str:
    """Write a date without its weekday: `24 Nov`, `Mar 2027` beyond the year."""
    month = _MONTHS[date.month - 1]
    return f"{month} {date.year}" if _needs_year(date, today) else f"{date.day} {month}"


def clock(minute: int) -> str:
    """Write minutes after midnight as `14:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def length(minutes: int) -> str:
    """Write how long something takes as fields read it: `45m`, `1h`, `1h30`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}h{rest:02d}" if hours and rest else f"{hours}h" if hours else f"{rest}m"


def age(days: int, limit_days: int | None = None) -> str:
    """Write an age in days, with the stage's limit if one is given: `21d`, `21d/14`."""
    return f"{days}d" if limit_days is None else f"{days}d/{limit_days}"


def owing(customer: str, unpaid_minor: int, since: dt.date | None, today: dt.date) -> str:
    """Say what a customer owes past due, and for how long: asked before anything more is sold to it (rules 5.4)."""
    words = f"{customer} owes {money(unpaid_minor)} past due"
    days = (today - since).days if since is not None else 0
    return f"{words}, the oldest for {counted(days, 'day')}" if days > 0 else words


def deal_id(number: int) -> str:
    """Write the id of a deal: `D-1042`."""
    return f"D-{number:04d}"


def customer_id(number: int) -> str:
    """Write the id of a customer: `C-00731`."""
    return f"C-{number:05d}"


def quote_id(number: int, revision: int | None = None) -> str:
    """Write the id of a quote, with its revision if one is given: `Q-0388 r3`."""
    return f"Q-{number:04d}" if revision is None else f"Q-{number:04d} r{revision}"


def _unit(currency: str) -> str:
    return "$" if currency == "USD" else f"{currency} "


def _half_up(amount: int, scale: int) -> int:
    """Divide and round half away from zero, in integers."""
    if amount < 0:
        return -_half_up(-amount, scale)
    return (2 * amount + scale) // (2 * scale)


def _thousands(amount: int, unit: int) -> str:
    """Write `amount / unit`, at least 1,000, with one letter: one decimal below ten, none above."""
    for letter, power in (("k", 3), ("M", 6), ("B", 9), ("T", 12)):
        scale = unit * 10**power
        tenths = _half_up(amount * 10, scale)
        if tenths < 100:
            whole, tenth = divmod(tenths, 10)
            return f"{whole}.{tenth}{letter}" if tenth else f"{whole}{letter}"
        whole = _half_up(amount, scale)
        if whole < 1000 or letter == "T":
            return f"{whole}{letter}"
    raise AssertionError("the last letter always returns")


def _needs_year(date: dt.date, today: dt.date) -> bool:
    return date.year != today.year and abs((date - today).days) > _HALF_YEAR_DAYS
