"""Points of a month (rules 6): of activities done, and of deals opened and quotes sent, which score by themselves.

Deals and quotes are counted when read, so no row has to be made or taken back with them.
"""

from __future__ import annotations

import datetime as dt

from models import clock, process
from models.activities.records import TypeScore
from models.database import company_zone, execute
from models.people.records import Actor, Role
from models.process import Process

DEAL_OPENED = "add_prospect"
FIRST_QUOTE = "hardware_quote"
LATER_QUOTE = "addendum_quote"


def month_points(login: str, month: dt.date, zone: str = "") -> int:
    """Return what `login` scored in the month of `month`, in the time zone `zone` (default the company's)."""
    return sum(score.score for score in list_month(login, month, zone))


def quota_of(actor: Actor, rules: Process) -> int | None:
    """Return the points a month that the process expects of the actor, None for one who doesn't sell."""
    sells = actor.has(Role.REPRESENTATIVE) or actor.has(Role.EXECUTIVE)
    return rules.points_quota if sells else None


def points_now(login: str, now: dt.datetime) -> int:
    """Return what `login` has scored in the company's present month."""
    zone = company_zone()
    return month_points(login, clock.local_date(now, zone), zone)


def list_month(login: str, month: dt.date, zone: str = "") -> list[TypeScore]:
    """Return the month's points by activity type, in the order of the process; types without any are left out."""
    start, end = _bounds(month, zone or company_zone())
    counted: dict[str, tuple[int, int]] = {}

    def add(code: str, times: int, score: int) -> None:
        before = counted.get(code, (0, 0))
        counted[code] = (before[0] + times, before[1] + score)

    for code, times, score in execute(
        "SELECT type, count(*), sum(points) FROM activity WHERE state = 'done' AND done_by = ? AND done_at >= ?"
        " AND done_at < ? AND points > 0 GROUP BY type",
        (login, start, end),
    ).fetchall():
        add(code, times, score)
    types = process.in_month(start).activity_types
    for code, times in (
        (DEAL_OPENED, _count_opened(login, start, end)),
        *zip((FIRST_QUOTE, LATER_QUOTE), _count_quotes(login, start, end), strict=True),
    ):
        if times and code in types:
            add(code, times, times * types[code].points)
    order = {code: position for position, code in enumerate(types)}
    return [
        TypeScore(code, types[code].name if code in types else code, types[code].points if code in types else 0, *sums)
        for code, sums in sorted(counted.items(), key=lambda pair: order.get(pair[0], len(order)))
    ]


def _bounds(month: dt.date, zone: str) -> tuple[int, int]:
    """Return the month's first microsecond and that of the next one."""
    following = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return clock.month_start(month, zone), clock.month_start(following, zone)


def _count_opened(login: str, start: int, end: int) -> int:
    row = execute(
        "SELECT count(*) FROM deal WHERE created_at >= ? AND created_at < ? AND created_by = ? AND run_id IS NULL"
        " AND outcome <> 'won_imported'",
        (start, end, login),
    ).fetchone()
    return int(row[0])


def _count_quotes(login: str, start: int, end: int) -> tuple[int, int]:
    """Count first and later quotes sent by `login`; the journal knows who sent it, who need not have made it."""
    sent = (
        "(SELECT j.{column} FROM journal j WHERE j.table_name = 'quote' AND j.row_id = q.id"
        " AND j.column_name = 'sent_at' ORDER BY j.id LIMIT 1)"
    )
    is_first = (
        "NOT EXISTS (SELECT 1 FROM quote e WHERE e.deal_id = q.deal_id AND (e.sent_at, e.id) < (q.sent_at, q.id))"
    )
    row = execute(
        f"SELECT coalesce(sum({is_first}), 0), count(*) FROM quote q WHERE q.sent_at >= ? AND q.sent_at < ?"
        f" AND coalesce({sent.format(column='actor')}, q.created_by) = ?"
        f" AND coalesce({sent.format(column='path')}, '') <> 'import'",
        (start, end, login),
    ).fetchone()
    return int(row[0]), int(row[1] - row[0])
