"""The queries of the agenda, one for each kind of line; for `agenda` only.

Next steps of deals come from the deal's own columns, so that 100,000 open deals cost a look at an index.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from models import process
from models.database import execute
from models.deals import tech_state
from models.deals.records import Outcome
from models.nurture import accounts
from models.nurture.records import AgendaItem
from models.nurture.views import pause_text
from models.working_days import days_late

NURTURE, DEAL, TASK = "nurture", "deal", "task"
_CONTACT_NOT = "{} asked not to be contacted: close the task, or lift the mark on the customer"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose agenda: of one owner, else of one team, else of everybody."""

    owner_id: int | None = None
    team_id: int | None = None

    @property
    def is_everybody(self) -> bool:
        """Whether nobody is left out."""
        return self.owner_id is None and self.team_id is None

    def where(self, column: str) -> tuple[str, tuple[int, ...]]:
        """Return the condition on an owner's column, with its parameters."""
        if self.owner_id is not None:
            return f" AND {column} = ?", (self.owner_id,)
        if self.team_id is not None:
            return f" AND {column} IN (SELECT id FROM app_user WHERE team_id = ?)", (self.team_id,)
        return "", ()


def list_nurture(
    whose: Whose, today: dt.date, end: dt.date, off: Set[dt.date]
) -> tuple[list[AgendaItem], list[AgendaItem]]:
    """Return open nurture steps due up to `end`, and those that stand still, whenever they are due."""
    condition, params = whose.where("c.owner_id")
    # CROSS JOIN keeps the order: open steps are few, an owner's customers are many.
    rows = execute(
        "SELECT e.id, s.position, s.due_on, s.due_minute, s.counted_on, t.channel, t.name, e.state, e.pause_reason,"
        " (SELECT count(*) FROM programme_step WHERE programme_id = e.programme_id), c.id, c.name,"
        " coalesce(u.login, ''), c.unpaid_minor, c.unpaid_since, c.has_high_case, c.open_cases, c.do_not_contact,"
        " p.id, p.name, p.email, p.do_not_contact"
        " FROM enrolment_step s CROSS JOIN enrolment e ON e.id = s.enrolment_id"
        " CROSS JOIN customer c ON c.id = e.customer_id"
        " JOIN programme_step t ON t.programme_id = e.programme_id AND t.position = s.position"
        f" LEFT JOIN app_user u ON u.id = c.owner_id {accounts.PERSON_JOIN}"
        " WHERE s.state IN ('due', 'snoozed') AND e.state IN ('active', 'paused')"
        f" AND (s.due_on <= ? OR e.state = 'paused' OR c.has_high_case = 1 OR c.unpaid_minor > 0){condition}",
        (end.isoformat(), *params),
    ).fetchall()
    going: list[AgendaItem] = []
    held: list[AgendaItem] = []
    for row in rows:
        due_on = dt.date.fromisoformat(row[2])
        since = dt.date.fromisoformat(row[14]) if row[14] else None
        hold = (
            pause_text(row[8])
            if row[7] == "paused"
            else accounts.hold_reason(row[13], since, today, has_high_case=bool(row[15]))
        )
        if not hold and due_on > end:
            continue
        entry = AgendaItem(
            kind=NURTURE,
            due_on=due_on,
            minute=row[3],
            late_working_days=days_late(due_on, today, off),
            channel=row[5],
            customer_id=row[10],
            customer=row[11],
            owner=row[12],
            text=row[6],
            counted_on=dt.date.fromisoformat(row[4]) if row[4] else None,
            position=row[1],
            of=row[9],
            enrolment_id=row[0],
            hold=hold,
            blocked=accounts.block_reason(
                row[11],
                row[5],
                asked=bool(row[17]),
                person=row[19] if row[18] is not None else None,
                email=row[20] or "",
                person_asked=bool(row[21]),
            ),
            unpaid_minor=row[13],
            open_cases=row[16],
            has_high_case=bool(row[15]),
        )
        (held if hold else going).append(entry)
    return going, held


def list_tasks(whose: Whose, today: dt.date, end: dt.date, off: Set[dt.date]) -> list[AgendaItem]:
    """Return planned activities up to `end` that are neither a deal's next step nor booked for a nurture step."""
    # The board's pane lists nurture alone, and starts without it.
    from models.customers import follow_ups

    condition, params = whose.where("u.id")
    rows = execute(
        "SELECT a.id, a.due_on, a.due_minute, a.channel, a.subject, a.deal_id, c.id, c.name, u.login, c.unpaid_minor,"
        " c.open_cases, c.has_high_case, f.purchased_on, f.bought, f.others, f.id IS NOT NULL AND c.do_not_contact,"
        " a.duration_minutes"
        " FROM app_user u CROSS JOIN activity a ON a.owner_id = u.id"
        " AND a.state = 'planned' AND a.is_next_step = 0 AND a.due_on <= ? JOIN customer c ON c.id = a.customer_id"
        " LEFT JOIN follow_up f ON f.activity_id = a.id"
        f" WHERE a.enrolment_step_id IS NULL{condition}",
        (end.isoformat(), *params),
    ).fetchall()
    return [
        AgendaItem(
            kind=TASK,
            due_on=dt.date.fromisoformat(row[1]),
            minute=row[2],
            late_working_days=days_late(dt.date.fromisoformat(row[1]), today, off),
            channel=row[3],
            customer_id=row[6],
            customer=row[7],
            owner=row[8],
            text=row[4],
            deal_id=row[5],
            activity_id=row[0],
            unpaid_minor=row[9],
            open_cases=row[10],
            has_high_case=bool(row[11]),
            reason=follow_ups.reason(*row[12:15]),
            blocked=_CONTACT_NOT.format(row[7]) if row[15] else "",
            minutes=row[16],
        )
        for row in rows
    ]


def count_deal_days(whose: Whose, end: dt.date) -> Counter[dt.date]:
    """Return how many next steps of open deals are due on each day up to `end`."""
    found: Counter[dt.date] = Counter()
    for source, params in _open_deals(whose):
        rows = execute(
            f"SELECT d.next_step_on, count(*) FROM {source} AND d.next_step_on <= ? GROUP BY d.next_step_on",
            (*params, end.isoformat()),
        ).fetchall()
        found.update({dt.date.fromisoformat(day): count for day, count in rows})
    return found


def list_deals(
    whose: Whose, first: dt.date, last: dt.date, today: dt.date, off: Set[dt.date], limit: int
) -> list[AgendaItem]:
    """Return next steps of open deals due from `first` to `last`: the oldest, of one day the first.

    At most `limit` of them, and as many of deals on whose team the owner is.
    """
    # The time of day is in no index: it is asked only of the few deals of one day.
    order = "d.next_step_minute IS NULL, d.next_step_minute, d.id" if first == last else "d.next_step_on, d.id"
    chosen: list[str] = []
    values: list[Any] = []
    for source, params in _open_deals(whose):
        window = f"{source} AND d.next_step_on >= ? AND d.next_step_on <= ? ORDER BY {order} LIMIT ?"
        chosen.append(f"SELECT id FROM (SELECT d.id FROM {window})")
        values += [*params, first.isoformat(), last.isoformat(), limit]
    rows = execute(
        "SELECT d.id, d.next_step_on, d.next_step_minute, d.next_step, d.next_step_id, a.channel, c.id, c.name,"
        " u.login, c.unpaid_minor, c.open_cases, c.has_high_case, d.amount_usd_cents, d.terms_rev, k.outcome,"
        " k.terms_rev, EXISTS (SELECT 1 FROM tech_check_draft WHERE deal_id = d.id), a.duration_minutes"
        f" FROM ({' UNION ALL '.join(chosen)}) chosen"
        " CROSS JOIN deal d ON d.id = chosen.id JOIN activity a ON a.id = d.next_step_id"
        " JOIN customer c ON c.id = d.customer_id JOIN app_user u ON u.id = d.owner_id"
        " LEFT JOIN tech_check k ON k.id = d.last_check_id",
        values,
    ).fetchall()
    limit_usd_cents = process.current().tech_check_limit_usd_cents
    return [
        AgendaItem(
            kind=DEAL,
            due_on=dt.date.fromisoformat(row[1]),
            minute=row[2],
            late_working_days=days_late(dt.date.fromisoformat(row[1]), today, off),
            channel=row[5],
            customer_id=row[6],
            customer=row[7],
            owner=row[8],
            text=row[3],
            deal_id=row[0],
            activity_id=row[4],
            tech=tech_state.derive(
                Outcome.OPEN,
                row[12],
                limit_usd_cents,
                row[14],
                check_rev=row[15],
                terms_rev=row[13],
                has_draft=bool(row[16]),
            ),
            unpaid_minor=row[9],
            open_cases=row[10],
            has_high_case=bool(row[11]),
            minutes=row[17],
        )
        for row in rows
    ]


def _open_deals(whose: Whose) -> list[tuple[str, tuple[int, ...]]]:
    """Return FROM and WHERE over open deals `d`, and over those of others on whose team the owner is.

    By stage, so that the indexes of the board find the dates; the two apart, as no index has both.
    """
    condition, params = whose.where("d.owner_id")
    by_stage = "stage g CROSS JOIN deal d ON d.pipeline = g.pipeline AND d.stage = g.id"
    found = [(f"{by_stage} WHERE d.outcome = 'open'{condition}", params)]
    if whose.owner_id is not None:
        on_team = (
            "deal_member m CROSS JOIN deal d ON d.id = m.deal_id"
            " WHERE d.outcome = 'open' AND m.user_id = ? AND d.owner_id <> m.user_id"
        )
        found.append((on_team, (whose.owner_id,)))
    return found
