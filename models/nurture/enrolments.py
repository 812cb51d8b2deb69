"""Enrolments: starting, pausing, ending and reading them. Working on their steps is in `steps`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models import clock, ids, journal
from models.clock import in_words
from models.database import company_zone, days_off, execute
from models.errors import NotFoundError, RefusedError, UsageError
from models.nurture import accounts, dates, previews, programmes
from models.nurture.previews import load, preview
from models.nurture.records import EXIT_REASONS, Account
from models.nurture.views import find_active, get, list_enrolments
from models.people.permissions import require_nurture
from models.people.records import Actor
from models.working_days import roll_forward

__all__ = [
    "end",
    "find_active",
    "follow_merge",
    "get",
    "list_clashes",
    "list_enrolments",
    "load",
    "pause",
    "preview",
    "resume",
    "start",
]


@dataclass(frozen=True, slots=True)
class Running:
    """An enrolment that has not ended, as the modules of this package work on it."""

    id: int
    programme_id: int
    state: str
    pause_reason: str
    account: Account


def start(actor: Actor, now: dt.datetime, customer_ids: Iterable[int], *, programme: str = "introduction") -> list[int]:
    """Enrol accounts, all or none, and return the enrolments' ids in the given order.

    Raises:
        NotAllowedError: the actor neither owns an account nor is a manager.
        NotFoundError: there is no such customer or programme.
        RefusedError: one is no corporate account, or is in the programme already.
        UsageError: no accounts at all.
    """
    asked = list(customer_ids)
    if not asked:
        raise UsageError("Name the accounts whose nurture should start")
    with journal.action(actor, now, "nurture.start", "Started nurture") as made:
        chosen = programmes.get(programme)
        found = [accounts.get(customer_id) for customer_id in dict.fromkeys(asked)]
        for account in found:
            require_nurture(actor, account.owner_id, account.name)
        for account in found:
            refused = previews.refusal(account, chosen)
            if refused:
                raise RefusedError(refused)
        today = clock.local_date(now, company_zone())
        started: dict[int, int] = {}
        for account in found:
            cursor = execute(
                "INSERT INTO enrolment (customer_id, programme_id, programme_code, started_at, started_on, started_by)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (account.id, chosen.id, chosen.code, clock.to_micros(now), today.isoformat(), actor.login),
            )
            enrolment_id = int(cursor.lastrowid or 0)
            started[account.id] = enrolment_id
            counted_on, due_on = dates.count(today, chosen.steps[0].days_after, days_off(account.owner_id))
            for step in chosen.steps:
                is_first = step.position == 1
                execute(
                    "INSERT INTO enrolment_step (enrolment_id, position, state, counted_on, due_on)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (
                        enrolment_id,
                        step.position,
                        "due" if is_first else "pending",
                        counted_on.isoformat() if is_first else None,
                        due_on.isoformat() if is_first else None,
                    ),
                )
        made.summary = (
            f"Started nurture: {found[0].name} ({ids.show_enrolment(started[found[0].id])})"
            if len(started) == 1
            else f"Started nurture of {len(started)} accounts"
        )
        return [started[customer_id] for customer_id in asked]


def pause(actor: Actor, now: dt.datetime, enrolment_id: int, reason: str = "") -> None:
    """Let an enrolment stand still until it is resumed by hand.

    Raises:
        NotAllowedError: the actor neither owns the account nor is a manager.
        RefusedError: it is paused already, or has ended.
    """
    with journal.action(actor, now, "nurture.pause", "Paused nurture") as made:
        running = get_running(actor, enrolment_id)
        made.summary = f"Paused nurture: {running.account.name}"
        if running.state == "paused":
            raise RefusedError(f"{running.account.name} is paused already: {running.pause_reason}")
        set_paused(enrolment_id, reason.strip() or "by hand")


def set_paused(enrolment_id: int, reason: str) -> None:
    """Mark an enrolment as paused; call it inside an action."""
    execute("UPDATE enrolment SET state = 'paused', pause_reason = ? WHERE id = ?", (reason, enrolment_id))


def resume(actor: Actor, now: dt.datetime, enrolment_id: int) -> dt.date:
    """Go on with a paused enrolment and return when its open step is due: not before today.

    Raises:
        NotAllowedError: the actor neither owns the account nor is a manager.
        RefusedError: it isn't paused, has ended, or the account is no longer corporate.
    """
    with journal.action(actor, now, "nurture.resume", "Resumed nurture") as made:
        running = get_running(actor, enrolment_id)
        accounts.require_corporate(running.account)
        if running.state != "paused":
            raise RefusedError(f"{running.account.name} is not paused")
        execute("UPDATE enrolment SET state = 'active', pause_reason = '' WHERE id = ?", (enrolment_id,))
        step_id, due_text = execute(
            "SELECT id, due_on FROM enrolment_step WHERE enrolment_id = ? AND state IN ('due', 'snoozed')",
            (enrolment_id,),
        ).fetchone()
        due_on = dt.date.fromisoformat(due_text)
        today = clock.local_date(now, company_zone())
        if due_on < today:
            due_on = roll_forward(today, days_off(running.account.owner_id))
            execute(
                "UPDATE enrolment_step SET due_on = ?, due_minute = NULL WHERE id = ?", (due_on.isoformat(), step_id)
            )
        made.summary = f"Resumed nurture: {running.account.name}, due {in_words(due_on)}"
        return due_on


def end(actor: Actor, now: dt.datetime, enrolment_id: int, reason: str, note: str = "") -> None:
    """End an enrolment before its last step; a `reason` that is no code of `EXIT_REASONS` is the note of a manual end.

    `opted_out` also marks the primary person (the account, where it has nobody) as not to be contacted.

    Raises:
        NotAllowedError: the actor neither owns the account nor is a manager.
        RefusedError: it has ended already.
        UsageError: no reason, or disqualified without a note.
    """
    code = reason.strip().lower().replace(" ", "_").replace("-", "_")
    if code not in EXIT_REASONS:
        code, note = "manual", "; ".join(text for text in (reason.strip(), note.strip()) if text)
        if not note:
            raise UsageError("Ending nurture needs a reason")
    elif code == "disqualified" and not note.strip():
        raise UsageError("Disqualifying needs the reason why there is no fit")
    with journal.action(actor, now, "nurture.end", "Ended nurture") as made:
        running = get_running(actor, enrolment_id)
        made.summary = f"Ended nurture: {running.account.name}, {note.strip() or EXIT_REASONS[code]}"
        if code == "opted_out":
            _mark_opted_out(running.account)
        close(actor, now, enrolment_id, "exited", code, note)


def _mark_opted_out(account: Account) -> None:
    if account.person_id is None:
        execute("UPDATE customer SET do_not_contact = 1 WHERE id = ?", (account.id,))
    else:
        execute("UPDATE person SET do_not_contact = 1 WHERE id = ?", (account.person_id,))


def close(
    actor: Actor,
    now: dt.datetime,
    enrolment_id: int,
    state: str,
    reason: str = "",
    note: str = "",
    *,
    deal_id: int | None = None,
) -> None:
    """Mark an enrolment as completed or exited, cancelling its open steps and meetings; call it inside an action."""
    execute(
        "UPDATE enrolment_step SET state = 'cancelled' WHERE enrolment_id = ?"
        " AND state IN ('pending', 'due', 'snoozed')",
        (enrolment_id,),
    )
    execute(
        "UPDATE activity SET state = 'cancelled' WHERE state = 'planned' AND enrolment_step_id IN"
        " (SELECT id FROM enrolment_step WHERE enrolment_id = ?)",
        (enrolment_id,),
    )
    execute(
        "UPDATE enrolment SET state = ?, pause_reason = '', exit_reason = ?, exit_note = ?, ended_at = ?, ended_by = ?,"
        " deal_id = ? WHERE id = ?",
        (state, reason, note.strip(), clock.to_micros(now), actor.login, deal_id, enrolment_id),
    )


def list_clashes(gone_id: int, kept_id: int) -> list[tuple[int, int]]:
    """Return the running enrolments (of the one, of the other) of two customers in the same programme."""
    rows = execute(
        "SELECT g.id, k.id FROM enrolment g JOIN enrolment k ON k.programme_code = g.programme_code"
        " WHERE g.customer_id = ? AND k.customer_id = ? AND g.state IN ('active', 'paused')"
        " AND k.state IN ('active', 'paused') ORDER BY g.id",
        (gone_id, kept_id),
    )
    return [(row[0], row[1]) for row in rows.fetchall()]


def follow_merge(
    actor: Actor, now: dt.datetime, gone_id: int, kept_id: int, going_on: Collection[int] = frozenset()
) -> None:
    """Let running enrolments of a customer that was merged go on with the kept one.

    Where that one is no corporate account they end as merged. Of two in the same programme the one in `going_on`
    goes on, without a word the kept customer's.
    """
    with journal.action(actor, now, "nurture.merge", "Nurture follows the merged customer"):
        kept = accounts.get(kept_id)
        note = f"merged into {kept.name}"
        for gone_enrolment, kept_enrolment in list_clashes(gone_id, kept_id):
            ended = kept_enrolment if gone_enrolment in going_on else gone_enrolment
            close(actor, now, ended, "exited", "merged", note)
        if kept.kind != "corporate":
            rows = execute(
                "SELECT id FROM enrolment WHERE customer_id = ? AND state IN ('active', 'paused')", (gone_id,)
            )
            for (enrolment_id,) in rows.fetchall():
                close(actor, now, enrolment_id, "exited", "merged", note)
        execute("UPDATE enrolment SET customer_id = ? WHERE customer_id = ?", (kept_id, gone_id))


def get_running(actor: Actor, enrolment_id: int) -> Running:
    """Return an enrolment on which the actor may work.

    Raises:
        NotFoundError: there is no such enrolment.
        NotAllowedError: the actor neither owns the account nor is a manager.
        RefusedError: it has ended.
    """
    row = execute(
        "SELECT customer_id, programme_id, state, pause_reason, exit_reason FROM enrolment WHERE id = ?",
        (enrolment_id,),
    ).fetchone()
    shown = ids.show_enrolment(enrolment_id)
    if row is None:
        raise NotFoundError(f"There is no enrolment {shown}; contoso nurture list shows them")
    account = accounts.get(row[0])
    require_nurture(actor, account.owner_id, account.name)
    if row[2] not in ("active", "paused"):
        raise RefusedError(f"{shown} {account.name} has ended: {EXIT_REASONS.get(row[4], row[2])}")
    return Running(enrolment_id, row[1], row[2], row[3], account)
