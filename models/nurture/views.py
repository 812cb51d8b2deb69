"""Reading enrolments: one with its steps and forecast dates, and lists of them."""

from __future__ import annotations

import datetime as dt

from models import clock, ids
from models.database import company_zone, days_off, execute
from models.errors import NotFoundError, UsageError
from models.nurture import accounts, dates, programmes
from models.nurture.records import EnrolmentDetail, EnrolmentRow, Programme, StepView
from models.working_days import days_late

FILTERS = ("running", "due", "late", "hold", "ended", "all")


def find_active(customer_id: int, programme: str | None = None) -> int | None:
    """Return the customer's running enrolment (the newest, or that of one programme), if there is one."""
    row = execute(
        "SELECT max(id) FROM enrolment WHERE customer_id = ? AND state IN ('active', 'paused')"
        " AND programme_code = coalesce(?, programme_code)",
        (customer_id, programme),
    ).fetchone()
    return int(row[0]) if row[0] is not None else None


def get(enrolment_id: int, now: dt.datetime) -> EnrolmentDetail:
    """Return an enrolment; dates of steps to come assume that the open one is done on its due day, or today if late.

    Raises:
        NotFoundError: there is no such enrolment.
    """
    row = execute(
        "SELECT customer_id, programme_id, state, exit_reason, exit_note, started_on, started_by, ended_at, ended_by,"
        " deal_id, pause_reason FROM enrolment WHERE id = ?",
        (enrolment_id,),
    ).fetchone()
    if row is None:
        shown = ids.show_enrolment(enrolment_id)
        raise NotFoundError(f"There is no enrolment {shown}; contoso nurture list shows them")
    account = accounts.get(row[0])
    programme = programmes.get_version(row[1])
    today = clock.local_date(now, company_zone())
    steps = _list_steps(enrolment_id, programme, account.owner_id, today)
    open_step = next((step for step in steps if step.state in ("due", "snoozed")), None)
    return EnrolmentDetail(
        id=enrolment_id,
        account=account,
        programme=programme,
        state=row[2],
        exit_reason=row[3],
        exit_note=row[4],
        started_on=dt.date.fromisoformat(row[5]),
        started_by=row[6],
        ended_at=clock.from_micros(row[7]) if row[7] is not None else None,
        ended_by=row[8],
        deal_id=row[9],
        position=open_step.position if open_step else None,
        late_working_days=days_late(open_step.due_on, today, days_off()) if open_step else 0,
        hold=(pause_text(row[10]) if row[2] == "paused" else accounts.hold_of(account, today)) if open_step else "",
        blocked=accounts.block_of(account, open_step.channel) if open_step else "",
        steps=tuple(steps),
    )


def pause_text(reason: str) -> str:
    """Say that an enrolment was paused, and why."""
    return f"Paused: {reason}"


def _list_steps(enrolment_id: int, programme: Programme, owner_id: int | None, today: dt.date) -> list[StepView]:
    rows = execute(
        "SELECT position, state, counted_on, due_on, due_minute, result, reason, notes, finished_at, finished_by"
        " FROM enrolment_step WHERE enrolment_id = ? ORDER BY position",
        (enrolment_id,),
    ).fetchall()
    expected = {}
    for position, state, _, due_on, *_ in rows:
        if state in ("due", "snoozed"):
            done_on = max(dt.date.fromisoformat(due_on), today)
            to_come = programme.steps[position:]
            expected = {date.position: date for date in dates.forecast(done_on, to_come, days_off(owner_id))}
    steps = []
    for position, state, counted_on, due_on, minute, result, reason, notes, finished_at, finished_by in rows:
        step = programme.step(position)
        date = expected.get(position) if state == "pending" else None
        steps.append(
            StepView(
                position=position,
                name=step.name,
                channel=step.channel,
                days_after=step.days_after,
                guide=step.guide,
                state=state,
                counted_on=date.counted_on if date else dt.date.fromisoformat(counted_on) if counted_on else None,
                due_on=date.due_on if date else dt.date.fromisoformat(due_on) if due_on else None,
                due_minute=minute,
                is_forecast=date is not None,
                result=result,
                reason=reason,
                notes=notes,
                finished_at=clock.from_micros(finished_at) if finished_at is not None else None,
                finished_by=finished_by,
            )
        )
    return steps


def list_enrolments(
    now: dt.datetime, *, owner_id: int | None = None, which: str = "running", customer_id: int | None = None
) -> list[EnrolmentRow]:
    """Return enrolments by due date, ended ones newest first; `which` is one of `FILTERS`.

    `due` are those of today or earlier and `late` those of before today, both without the ones on hold.

    Raises:
        UsageError: an unknown `which`.
    """
    if which not in FILTERS:
        raise UsageError(f"There is no view {which!r} of enrolments; there are {', '.join(FILTERS)}")
    states = {"ended": ("completed", "exited"), "all": ("active", "paused", "completed", "exited")}.get(
        which, ("active", "paused")
    )
    rows = execute(
        "SELECT e.id, e.customer_id, c.name, coalesce(u.login, ''), g.name, e.state, e.exit_reason, e.started_on,"
        " s.position, (SELECT count(*) FROM programme_step WHERE programme_id = e.programme_id), coalesce(t.name, ''),"
        " coalesce(t.channel, ''), s.counted_on, s.due_on, s.due_minute, e.pause_reason, c.unpaid_minor,"
        " c.unpaid_since, c.has_high_case FROM enrolment e JOIN customer c ON c.id = e.customer_id"
        " JOIN programme g ON g.id = e.programme_id LEFT JOIN app_user u ON u.id = c.owner_id"
        " LEFT JOIN enrolment_step s ON s.enrolment_id = e.id AND s.state IN ('due', 'snoozed')"
        " LEFT JOIN programme_step t ON t.programme_id = e.programme_id AND t.position = s.position"
        f" WHERE e.state IN ({', '.join('?' for _ in states)}) AND (? IS NULL OR c.owner_id = ?)"
        " AND (? IS NULL OR e.customer_id = ?) ORDER BY s.due_on IS NULL, s.due_on, e.id DESC",
        (*states, owner_id, owner_id, customer_id, customer_id),
    ).fetchall()
    today, off = clock.local_date(now, company_zone()), days_off()
    found = []
    for row in rows:
        due_on = dt.date.fromisoformat(row[13]) if row[13] else None
        since = dt.date.fromisoformat(row[17]) if row[17] else None
        held = ""
        if due_on is not None:
            held = accounts.hold_reason(row[16], since, today, has_high_case=bool(row[18]))
            held = pause_text(row[15]) if row[5] == "paused" else held
        found.append(
            EnrolmentRow(
                id=row[0],
                customer_id=row[1],
                customer=row[2],
                owner=row[3],
                programme=row[4],
                state=row[5],
                exit_reason=row[6],
                started_on=dt.date.fromisoformat(row[7]),
                position=row[8],
                of=row[9],
                step=row[10],
                channel=row[11],
                counted_on=dt.date.fromisoformat(row[12]) if row[12] else None,
                due_on=due_on,
                due_minute=row[14],
                late_working_days=days_late(due_on, today, off),
                hold=held,
            )
        )
    return [row for row in found if _is_in(row, which, today)]


def _is_in(row: EnrolmentRow, which: str, today: dt.date) -> bool:
    if which == "hold":
        return bool(row.hold)
    if which in ("due", "late"):
        last = today if which == "due" else today - dt.timedelta(days=1)
        return not row.hold and row.due_on is not None and row.due_on <= last
    return True
