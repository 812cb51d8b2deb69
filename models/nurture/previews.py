"""What starting nurture would do: dates, refusals, warnings and the load on each owner (rules 3.5, 3.8)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from models import clock, ids
from models.clock import in_words
from models.database import company_zone, days_off, execute
from models.errors import NotAllowedError
from models.nurture import accounts, dates, programmes
from models.nurture.records import EXIT_REASONS, Account, DayLoad, EnrolmentPreview, Programme
from models.people.permissions import require_nurture
from models.people.records import Actor
from models.words import counted

# Enrolling again within so many days after the last one ended warns (rules 3.5).
AGAIN_WARNING_DAYS = 30


def preview(
    actor: Actor, now: dt.datetime, customer_ids: Iterable[int], *, programme: str = "introduction"
) -> list[EnrolmentPreview]:
    """Return what starting the programme today would do for each account, in the given order.

    Raises:
        NotFoundError: there is no such customer or programme.
    """
    chosen = programmes.get(programme)
    today = clock.local_date(now, company_zone())
    off: dict[int | None, frozenset[dt.date]] = {}
    made = []
    for customer_id in customer_ids:
        account = accounts.get(customer_id)
        if account.owner_id not in off:
            off[account.owner_id] = days_off(account.owner_id)
        made.append(
            EnrolmentPreview(
                customer_id=customer_id,
                customer=account.name,
                owner=account.owner,
                dates=tuple(dates.forecast(today, chosen.steps, off[account.owner_id])),
                refusal=_not_allowed(actor, account) or refusal(account, chosen),
                warnings=_warnings(account, chosen, now, today),
            )
        )
    return made


def load(previews: Sequence[EnrolmentPreview]) -> list[DayLoad]:
    """Return the load of each owner and day that the startable previews touch, by owner and day."""
    added = Counter((p.owner, step.due_on) for p in previews if not p.refusal for step in p.dates)
    return [DayLoad(owner, day, _count_planned(owner, day), count) for (owner, day), count in sorted(added.items())]


def refusal(account: Account, programme: Programme) -> str:
    """Say why the account can't start the programme, empty when it can."""
    if account.kind != "corporate":
        return accounts.not_corporate(account.name)
    if account.is_merged:
        return f"{account.name} was merged into another account: start nurture there"
    if not programme.is_active:
        return f"{programme.name} is no longer in use"
    row = execute(
        "SELECT e.id, e.started_on, s.position, (SELECT count(*) FROM enrolment_step WHERE enrolment_id = e.id)"
        " FROM enrolment e LEFT JOIN enrolment_step s ON s.enrolment_id = e.id AND s.state IN ('due', 'snoozed')"
        " WHERE e.customer_id = ? AND e.programme_code = ? AND e.state IN ('active', 'paused')",
        (account.id, programme.code),
    ).fetchone()
    if row is None:
        return ""
    enrolment_id, started_on, position, of = row
    shown, since = ids.show_enrolment(enrolment_id), in_words(dt.date.fromisoformat(started_on))
    return f"{account.name} is in {programme.name} already: {shown}, step {position} of {of}, since {since}"


def _not_allowed(actor: Actor, account: Account) -> str:
    try:
        require_nurture(actor, account.owner_id, account.name)
    except NotAllowedError as error:
        return error.message
    return ""


def _warnings(account: Account, programme: Programme, now: dt.datetime, today: dt.date) -> tuple[str, ...]:
    since = clock.to_micros(now) - AGAIN_WARNING_DAYS * 24 * 60 * 60 * 1_000_000
    row = execute(
        "SELECT ended_at, state, exit_reason FROM enrolment WHERE customer_id = ? AND programme_code = ?"
        " AND ended_at >= ? ORDER BY ended_at DESC LIMIT 1",
        (account.id, programme.code, since),
    ).fetchone()
    found = []
    if row is not None:
        ended_on = clock.local_date(clock.from_micros(row[0]), company_zone())
        ago = f"{counted(days, 'day')} ago" if (days := (today - ended_on).days) else "today"
        how = EXIT_REASONS.get(row[2], row[1])
        found.append(f"{account.name} left {programme.name} only {ago} ({how}, {in_words(ended_on)})")
    held = accounts.hold_of(account, today)
    if held:
        found.append(f"{account.name} starts on hold: {held}")
    blocked = next((text for text in (accounts.block_of(account, s.channel) for s in programme.steps) if text), "")
    if blocked:
        found.append(blocked)
    return tuple(found)


def _count_planned(owner: str, day: dt.date) -> int:
    """Count the owner's nurture steps, next steps of deals and tasks of a day."""
    row = execute(
        "SELECT (SELECT count(*) FROM enrolment_step s JOIN enrolment e ON e.id = s.enrolment_id AND e.state = 'active'"
        "  JOIN customer c ON c.id = e.customer_id"
        "  WHERE s.state IN ('due', 'snoozed') AND s.due_on = ?1 AND c.owner_id = u.id)"
        " + (SELECT count(*) FROM deal d WHERE d.outcome = 'open' AND d.owner_id = u.id AND d.next_step_on = ?1)"
        " + (SELECT count(*) FROM activity a WHERE a.state = 'planned' AND a.due_on = ?1 AND a.owner_id = u.id"
        "  AND a.is_next_step = 0 AND a.enrolment_step_id IS NULL)"
        " FROM app_user u WHERE u.login = ?2",
        (day.isoformat(), owner),
    ).fetchone()
    return int(row[0]) if row else 0
