"""What the board shows: heads of columns, ordered ids of a column, cards of a window."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from models import clock, process, working_days
from models.database import company_zone, days_off, execute
from models.deals import tech_state
from models.deals.records import Closing, DealCard, Outcome, StageTotal
from models.errors import UsageError
from models.ids import ID_ARRAY

SORTS = ("attention", "amount", "close", "name", "needed")
_WINDOW = 500


class View(NamedTuple):
    """Which deals a board shows, and in which order.

    `owner_id` None means all owners; `pipeline` "" is the process's first; `is_tech_only` keeps those that need a tech
    check; `member_id` those on whose team that user is; `is_to_approve` those with a discount that waits for a manager;
    `text` is the beginning of words of the customer's name, part of what is sold, or a deal's id.
    """

    owner_id: int | None = None
    pipeline: str = ""
    sort: str = "attention"
    outcome: str = "open"
    text: str = ""
    is_tech_only: bool = False
    member_id: int | None = None
    is_to_approve: bool = False

    @property
    def is_whole(self) -> bool:
        """Return whether the kept totals of stages answer it."""
        is_narrow = self.text or self.is_tech_only or self.member_id is not None or self.is_to_approve
        return self.outcome == "open" and not is_narrow


def list_totals(view: View, now: dt.datetime) -> list[StageTotal]:
    """Return the head of each stage in order; mean ages in days, `over_age` counts deals past the stage's limit."""
    rules = process.current()
    view = _placed(view)
    seconds = clock.to_micros(now) // 1_000_000
    if view.is_whole:
        rows = execute(
            "SELECT stage, sum(deals), sum(amount_usd_cents), sum(weighted_usd_cents_percent), sum(entered_seconds)"
            " FROM stage_total WHERE pipeline = ? AND (? IS NULL OR owner_id = ?) GROUP BY stage",
            (view.pipeline, view.owner_id, view.owner_id),
        ).fetchall()
    else:
        where, params = _where(view, None)
        rows = execute(
            "SELECT d.stage, count(*), sum(d.amount_usd_cents),"
            " sum(d.amount_usd_cents * coalesce(d.probability_percent, s.probability_percent)),"
            " sum(d.stage_entered_at / 1000000) FROM deal d JOIN stage s ON s.pipeline = d.pipeline AND s.id = d.stage"
            f" WHERE {where} GROUP BY d.stage",
            params,
        ).fetchall()
    found = {row[0]: row[1:] for row in rows}
    totals = []
    for stage in rules.stages(view.pipeline):
        deals, amount, weighted, entered = found.get(stage.id, (0, 0, 0, 0))
        mean_age = round((seconds - entered / deals) / 86400) if deals else 0
        over = _count_over_age(view, stage.id, stage.age_limit_days, now) if deals else 0
        is_closed = view.outcome != "open"
        totals.append(StageTotal(stage.id, deals, amount, weighted // 100, max(mean_age, 0), over, is_closed))
    return totals


def count_open() -> int:
    """Count the open deals of everybody, in all pipelines."""
    return int(execute("SELECT coalesce(sum(deals), 0) FROM stage_total").fetchone()[0])


def list_closings(view: View, since: dt.date) -> list[Closing]:
    """Return what of a view of closed deals was won, lost or disqualified since a day, the most frequent first."""
    where, params = _where(view, None)
    start = clock.to_micros(dt.datetime.combine(since, dt.time(), ZoneInfo(company_zone())))
    rows = execute(
        "SELECT CASE WHEN d.outcome = 'disqualified' THEN d.outcome ELSE d.lost_reason END reason, count(*),"
        f" sum(d.amount_usd_cents) FROM deal d WHERE {where}"
        # The day that was told counts, not the day when it was typed in.
        " AND CASE WHEN coalesce(d.won_on, d.lost_on) IS NULL THEN d.closed_at >= ?"
        " ELSE coalesce(d.won_on, d.lost_on) >= ? END GROUP BY reason ORDER BY count(*) DESC, reason",
        (*params, start, since.isoformat()),
    )
    return [Closing(*row) for row in rows.fetchall()]


def _count_over_age(view: View, stage: str, limit_days: int | None, now: dt.datetime) -> int:
    if limit_days is None or view.outcome != "open":
        return 0
    where, params = _where(view, stage)
    before = _entered_before(now, limit_days)
    row = execute(f"SELECT count(*) FROM deal d WHERE {where} AND d.stage_entered_at < ?", (*params, before)).fetchone()
    return int(row[0])


def _entered_before(now: dt.datetime, limit_days: int) -> int:
    """Return the moment before which a deal over its stage's age limit entered it, in calendar days as cards count."""
    zone = ZoneInfo(company_zone())
    first_day = now.astimezone(zone).date() - dt.timedelta(days=limit_days)
    return clock.to_micros(dt.datetime.combine(first_day, dt.time(), zone))


def list_column(view: View, stage: str, now: dt.datetime, limit: int | None = None) -> array[int]:
    """Return the ids of a column's deals in the view's order, at most `limit`.

    "attention" is: late (oldest first), no next step, due today, check failed or stale, over the stage's age limit,
    then by amount. It depends on the day, so no index holds it whole: its first three parts come straight from one,
    the rest is sorted, and a short `limit` seldom gets that far.
    """
    view = _placed(view)
    where, params = _where(view, stage)
    if view.outcome == "open" and view.sort == "attention":
        sql, params = _by_attention(view, stage, where, params, now)
    else:
        joins = " JOIN customer c ON c.id = d.customer_id" if view.sort == "name" else ""
        sql = f"SELECT d.id FROM deal d{joins} WHERE {where} ORDER BY {_order(view)}"
    ids: array[int] = array(ID_ARRAY)
    rows = execute(f"{sql} LIMIT ?", (*params, -1 if limit is None else limit))
    while window := rows.fetchmany(500):
        ids.extend(row[0] for row in window)
    return ids


def _order(view: View) -> str:
    if view.sort not in SORTS:
        raise UsageError(f"{view.sort!r} is no order of the board; there are {', '.join(SORTS)}")
    if view.outcome != "open":
        return "d.closed_at DESC, d.id DESC"
    return {
        "amount": "d.amount_usd_cents DESC, d.id",
        "close": "d.close_on IS NULL, d.close_on, d.amount_usd_cents DESC, d.id",
        "name": "c.name COLLATE NOCASE, d.id",
        # What still waits for a consultant, the soonest needed first.
        "needed": "EXISTS (SELECT 1 FROM tech_check k WHERE k.id = d.last_check_id AND k.terms_rev = d.terms_rev"
        " AND k.outcome <> 'failed'), (SELECT coalesce(r.needed_by, '9999') FROM tech_check_request r"
        " WHERE r.deal_id = d.id ORDER BY r.id DESC LIMIT 1) NULLS LAST, d.amount_usd_cents DESC, d.id",
    }[view.sort]


def _by_attention(
    view: View, stage: str, where: str, params: tuple[Any, ...], now: dt.datetime
) -> tuple[str, tuple[Any, ...]]:
    today = clock.local_date(now, company_zone()).isoformat()
    age_limit = process.current().stage(view.pipeline, stage).age_limit_days
    over_age = _entered_before(now, 36500 if age_limit is None else age_limit)
    bad_check = (
        "d.last_check_id IS NOT NULL"
        " AND d.amount_usd_cents > (SELECT value FROM rule WHERE key = 'tech_check_limit_usd_cents')"
        " AND EXISTS (SELECT 1 FROM tech_check k WHERE k.id = d.last_check_id"
        " AND (k.outcome = 'failed') = (k.terms_rev = d.terms_rev))"
    )
    # Without the hint the planner takes a narrower index and reads every row.
    is_narrow = view.text or view.member_id is not None or view.is_to_approve
    index = "" if is_narrow else f" INDEXED BY {'deal_of_all' if view.owner_id is None else 'deal_of_owner'}"
    parts = [
        ("d.next_step_on < ?", (today,), "d.next_step_on, d.amount_usd_cents DESC, d.id", ()),
        ("d.next_step_on IS NULL", (), "d.amount_usd_cents DESC, d.id", ()),
        ("d.next_step_on = ?", (today,), "d.amount_usd_cents DESC, d.id", ()),
        (
            "d.next_step_on > ?",
            (today,),
            f"CASE WHEN {bad_check} THEN 0 WHEN d.stage_entered_at < ? THEN 1 ELSE 2 END,"
            " d.amount_usd_cents DESC, d.id",
            (over_age,),
        ),
    ]
    selects, values = [], []
    for due, due_params, order, order_params in parts:
        selects.append(f"SELECT id FROM (SELECT d.id FROM deal d{index} WHERE {where} AND {due} ORDER BY {order})")
        values += [*params, *due_params, *order_params]
    return " UNION ALL ".join(selects), tuple(values)


def list_cards(ids: Sequence[int], now: dt.datetime) -> list[DealCard]:
    """Return the cards of these deals in their order; ids that are gone are left out."""
    rules = process.current()
    zone = company_zone()
    today = clock.local_date(now, zone)
    off = days_off()
    found: dict[int, DealCard] = {}
    for start in range(0, len(ids), _WINDOW):
        part = list(ids[start : start + _WINDOW])
        marks = ", ".join("?" * len(part))
        for row in execute(_CARDS.format(marks=marks), part).fetchall():
            card = _card(row, rules, now, today, zone, off)
            found[card.id] = card
    return [found[deal_id] for deal_id in ids if deal_id in found]


def list_for_customer(customer_id: int, now: dt.datetime, limit: int = 100) -> list[DealCard]:
    """Return a customer's deals, open and closed, newest first."""
    rows = execute("SELECT id FROM deal WHERE customer_id = ? ORDER BY id DESC LIMIT ?", (customer_id, limit))
    return list_cards([row[0] for row in rows.fetchall()], now)


def keep_matching(view: View, ids: Sequence[int]) -> frozenset[int]:
    """Return those of these deals that the view shows."""
    where, params = _where(view, None)
    kept: set[int] = set()
    for start in range(0, len(ids), _WINDOW):
        part = ids[start : start + _WINDOW]
        marks = ", ".join("?" * len(part))
        rows = execute(f"SELECT d.id FROM deal d WHERE d.id IN ({marks}) AND {where}", (*part, *params))
        kept.update(row[0] for row in rows.fetchall())
    return frozenset(kept)


_CARDS = """
SELECT d.id, d.customer_id, c.name, c.kind, d.type, d.pipeline, d.stage, d.outcome, u.login, d.amount_minor, d.currency,
    d.amount_usd_cents, k.outcome, k.terms_rev, d.terms_rev,
    EXISTS (SELECT 1 FROM tech_check_draft t WHERE t.deal_id = d.id), d.stage_entered_at, d.next_step, d.next_step_on,
    d.next_step_minute, c.unpaid_minor, c.unpaid_since, c.open_cases, c.has_high_case, d.close_on, d.version,
    d.next_step_id, EXISTS (SELECT 1 FROM quote q WHERE q.deal_id = d.id), coalesce(d.won_on, d.lost_on), d.closed_at,
    d.lost_reason, (SELECT group_concat(t.login, ' ') FROM deal_member m JOIN app_user t ON t.id = m.user_id
        WHERE m.deal_id = d.id AND m.user_id <> d.owner_id),
    (SELECT max(o.score) - a.score FROM assessment a CROSS JOIN assessment o ON o.deal_id = a.deal_id AND o.id < a.id
        AND o.score > a.score WHERE a.id = (SELECT max(id) FROM assessment WHERE deal_id = d.id)
        AND (SELECT stage FROM questionnaire WHERE id = o.questionnaire_id)
            = (SELECT stage FROM questionnaire WHERE id = a.questionnaire_id))
FROM deal d JOIN customer c ON c.id = d.customer_id JOIN app_user u ON u.id = d.owner_id
LEFT JOIN tech_check k ON k.id = d.last_check_id
WHERE d.id IN ({marks})
"""


def _card(
    row: tuple[Any, ...], rules: process.Process, now: dt.datetime, today: dt.date, zone: str, off: frozenset[dt.date]
) -> DealCard:
    outcome = Outcome(row[7])
    next_on = dt.date.fromisoformat(row[18]) if row[18] else None
    closed_on = dt.date.fromisoformat(row[28]) if row[28] else None
    if closed_on is None and row[29] is not None:
        closed_on = clock.local_date(clock.from_micros(row[29]), zone)
    return DealCard(
        id=row[0],
        customer_id=row[1],
        customer=row[2],
        is_corporate=row[3] == "corporate",
        what=row[4],
        stage=row[6],
        outcome=outcome,
        owner=row[8],
        amount_minor=row[9],
        currency=row[10],
        amount_usd_cents=row[11],
        tech=tech_state.derive(
            outcome,
            row[11],
            rules.tech_check_limit_usd_cents,
            row[12],
            check_rev=row[13],
            terms_rev=row[14],
            has_draft=bool(row[15]),
        ),
        stage_age_days=clock.age_days(row[16], now, zone),
        stage_limit_days=rules.stage(row[5], row[6]).age_limit_days,
        next_step=row[17],
        next_step_on=next_on,
        next_step_minute=row[19],
        late_working_days=working_days.days_late(next_on, today, off) if outcome is Outcome.OPEN else 0,
        unpaid_minor=row[20],
        unpaid_since=dt.date.fromisoformat(row[21]) if row[21] else None,
        open_cases=row[22],
        has_high_case=bool(row[23]),
        close_on=dt.date.fromisoformat(row[24]) if row[24] else None,
        version=row[25],
        next_step_id=row[26],
        has_quote=bool(row[27]),
        closed_on=closed_on,
        lost_reason=rules.lost_reasons.get(row[30], row[30].replace("_", " ")),
        team=tuple((row[31] or "").split()),
        score_drop=row[32] or 0,
    )


def _placed(view: View) -> View:
    return view if view.pipeline else view._replace(pipeline=process.current().default_pipeline)


def _where(view: View, stage: str | None) -> tuple[str, tuple[Any, ...]]:
    view = _placed(view)
    outcomes = {"open": "d.outcome = 'open'", "won": "d.outcome IN ('won', 'won_imported')"}
    if view.outcome not in (*outcomes, "lost"):
        raise UsageError(f"{view.outcome!r} is no view of deals; there are open, won and lost")
    parts = [outcomes.get(view.outcome, "d.outcome IN ('lost', 'disqualified')"), "d.pipeline = ?"]
    params: list[Any] = [view.pipeline]
    if stage is not None:
        parts.append("d.stage = ?")
        params.append(stage)
    if view.owner_id is not None:
        parts.append("d.owner_id = ?")
        params.append(view.owner_id)
    if view.member_id is not None:
        parts.append("d.id IN (SELECT deal_id FROM deal_member WHERE user_id = ?)")
        params.append(view.member_id)
    if view.is_to_approve:
        # Not needed for a first board.
        from models.deals.approvals import WAITING

        parts.append(f"d.id IN (SELECT deal_id FROM quote WHERE id IN ({WAITING}))")
    if view.is_tech_only:
        parts.append("d.amount_usd_cents > (SELECT value FROM rule WHERE key = 'tech_check_limit_usd_cents')")
    if view.text:
        # Not needed for a first board.
        from models.customers.search import match_expression

        parts.append(
            "(d.customer_id IN (SELECT rowid FROM customer_search WHERE customer_search MATCH ?)"
            " OR d.type LIKE ? ESCAPE '!' OR 'D-' || d.id = ?)"
        )
        pattern = "%" + view.text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        params += [match_expression(view.text), pattern, view.text.strip().upper()]
    return " AND ".join(parts), tuple(params)
