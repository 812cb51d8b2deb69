"""Points of a month (rules 6): of activities done, and of deals opened and quotes sent, which score by themselves.

Deals and quotes are counted when read, so no row has to be made or taken back with them. A closed month is read from
what was counted when it was closed (`months`), and what was counted there never counts again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from models import clock, process
from models.activities.records import Scored, TypeScore
from models.database import company_zone, execute

DEAL_OPENED = "add_prospect"
FIRST_QUOTE = "hardware_quote"
LATER_QUOTE = "addendum_quote"

_SENT = (
    "(SELECT j.{column} FROM journal j WHERE j.table_name = 'quote' AND j.row_id = t.id"
    " AND j.column_name = 'sent_at' ORDER BY j.id LIMIT 1)"
)
_IS_FIRST = "NOT EXISTS (SELECT 1 FROM quote e WHERE e.deal_id = t.deal_id AND (e.sent_at, e.id) < (t.sent_at, t.id))"
# Each takes a month's first moment, that of the next month, and a login.
_ACTIVITIES = (
    "FROM activity t WHERE t.done_at >= ? AND t.done_at < ? AND t.done_by = ? AND t.state = 'done' AND t.points > 0"
)
_DEALS = (
    "FROM deal t WHERE t.created_at >= ? AND t.created_at < ? AND t.created_by = ? AND t.run_id IS NULL"
    " AND t.outcome <> 'won_imported'"
)
# The journal knows who sent a quote: another than who made it.
_QUOTES = (
    "FROM quote t WHERE t.sent_at >= ? AND t.sent_at < ?"
    f" AND coalesce({_SENT.format(column='actor')}, t.created_by) = ?"
    f" AND coalesce({_SENT.format(column='path')}, '') <> 'import'"
)


def month_points(login: str, month: dt.date, zone: str = "") -> int:
    """Return what `login` scored in the month of `month`, in the time zone `zone` (default the company's)."""
    return sum(score.score for score in list_month(login, month, zone))


def points_now(login: str, now: dt.datetime) -> int:
    """Return what `login` has scored in the company's present month."""
    zone = company_zone()
    return month_points(login, clock.local_date(now, zone), zone)


def list_month(login: str, month: dt.date, zone: str = "") -> list[TypeScore]:
    """Return the month's points by activity type, in the order of the process; types without any are left out."""
    start, end = bounds(month, zone or company_zone())
    types = process.in_month(start).activity_types
    if is_closed(month):
        counted = _counted_then(login, month)
    else:
        counted = _counted_now(login, start, end, process.in_month(start))
    order = {code: position for position, code in enumerate(types)}
    return [
        TypeScore(code, types[code].name if code in types else code, types[code].points if code in types else 0, *sums)
        for code, sums in sorted(counted.items(), key=lambda pair: order.get(pair[0], len(order)))
    ]


def list_scored(login: str, month: dt.date) -> list[Scored]:
    """Return each thing that scored in a month, the newest first."""
    zone = company_zone()
    if is_closed(month):
        rows = execute(
            "SELECT s.thing, s.thing_id, s.born_at, s.type, s.points, s.at, s.customer_id, coalesce(c.name, '')"
            " FROM closed_score s LEFT JOIN customer c ON c.id = s.customer_id WHERE s.login = ? AND s.month = ?",
            (login, month_key(month)),
        ).fetchall()
        found = [Scored(*row) for row in rows]
    else:
        found = list(things(login, *bounds(month, zone)))
    return sorted(found, key=lambda one: (-one.at, one.thing, one.thing_id))


def things(login: str, start: int, end: int) -> Iterator[Scored]:
    """Yield what scored for `login` between two moments of a month that is open, in no order."""
    types = process.in_month(start).activity_types
    open_only = _uncounted()
    window = (start, end, login)
    name = "coalesce((SELECT c.name FROM customer c WHERE c.id = {customer}), '')"
    for row in execute(
        "SELECT t.id, t.created_at, t.type, t.points, t.done_at, t.customer_id,"
        f" {name.format(customer='t.customer_id')} {_ACTIVITIES}{open_only.format(thing='activity')}",
        window,
    ).fetchall():
        yield Scored("activity", *row)
    for thing_id, born, customer_id, customer in execute(
        f"SELECT t.id, t.created_at, t.customer_id, {name.format(customer='t.customer_id')}"
        f" {_DEALS}{open_only.format(thing='deal')}",
        window,
    ).fetchall():
        if DEAL_OPENED in types:
            yield Scored("deal", thing_id, born, DEAL_OPENED, types[DEAL_OPENED].points, born, customer_id, customer)
    of = "(SELECT d.customer_id FROM deal d WHERE d.id = t.deal_id)"
    for thing_id, born, is_first, at, customer_id, customer in execute(
        f"SELECT t.id, t.created_at, {_IS_FIRST}, t.sent_at, {of}, {name.format(customer=of)}"
        f" {_QUOTES}{open_only.format(thing='quote')}",
        window,
    ).fetchall():
        code = FIRST_QUOTE if is_first else LATER_QUOTE
        if code in types:
            yield Scored("quote", thing_id, born, code, types[code].points, at, customer_id, customer)


def is_closed(month: dt.date) -> bool:
    """Return whether operations have closed the month of `month`."""
    return execute("SELECT 1 FROM closed_month WHERE month = ?", (month_key(month),)).fetchone() is not None


def month_key(month: dt.date) -> str:
    """Return a month as the database names it: 2026-11."""
    return f"{month:%Y-%m}"


def bounds(month: dt.date, zone: str) -> tuple[int, int]:
    """Return the month's first microsecond and that of the next one."""
    following = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return clock.month_start(month, zone), clock.month_start(following, zone)


def _counted_then(login: str, month: dt.date) -> dict[str, tuple[int, int]]:
    rows = execute(
        "SELECT type, count(*), sum(points) FROM closed_score WHERE login = ? AND month = ? GROUP BY type",
        (login, month_key(month)),
    )
    return {code: (times, score) for code, times, score in rows.fetchall()}


def _counted_now(login: str, start: int, end: int, rules: process.Process) -> dict[str, tuple[int, int]]:
    open_only, window = _uncounted(), (start, end, login)
    rows = execute(
        f"SELECT t.type, count(*), sum(t.points) {_ACTIVITIES}{open_only.format(thing='activity')} GROUP BY t.type",
        window,
    )
    counted: dict[str, tuple[int, int]] = {code: (times, score) for code, times, score in rows.fetchall()}
    opened = execute(f"SELECT count(*) {_DEALS}{open_only.format(thing='deal')}", window).fetchone()[0]
    first, sent = execute(
        f"SELECT coalesce(sum({_IS_FIRST}), 0), count(*) {_QUOTES}{open_only.format(thing='quote')}", window
    ).fetchone()
    for code, times in ((DEAL_OPENED, opened), (FIRST_QUOTE, first), (LATER_QUOTE, sent - first)):
        if times and code in rules.activity_types:
            before = counted.get(code, (0, 0))
            counted[code] = (before[0] + times, before[1] + times * rules.activity_types[code].points)
    return counted


def _uncounted() -> str:
    """Return the condition that a thing counts in no closed month; nothing to ask where none is closed."""
    if execute("SELECT 1 FROM closed_month LIMIT 1").fetchone() is None:
        return ""
    return (
        " AND NOT EXISTS (SELECT 1 FROM closed_score s WHERE s.thing = '{thing}' AND s.thing_id = t.id"
        " AND s.born_at = t.created_at)"
    )
