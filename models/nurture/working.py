"""What working on steps shares: the open step, whether it may go on, closing it, opening the next; for this package."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from models import clock, process
from models.activities import next_steps, planning
from models.database import company_zone, days_off, execute
from models.errors import ChangedMeanwhileError, RefusedError
from models.nurture import accounts, dates, enrolments, programmes
from models.nurture.records import Account, Programme, ProgrammeStep, StepDone
from models.people.records import Actor


@dataclass(frozen=True, slots=True)
class OpenStep:
    """The one step of an enrolment that is due or snoozed."""

    id: int
    enrolment_id: int
    account: Account
    programme: Programme
    step: ProgrammeStep
    counted_on: dt.date
    due_on: dt.date
    hold: str
    """Why nurture stands still, empty when it doesn't."""

    @property
    def is_final(self) -> bool:
        """Whether it is the programme's last step."""
        return self.step.position == len(self.programme.steps)


def get_open(actor: Actor, now: dt.datetime, enrolment_id: int, position: int | None = None) -> OpenStep:
    """Return the open step of an enrolment on which the actor may work; `position` is the step that they saw.

    Raises:
        NotFoundError: there is no such enrolment.
        NotAllowedError: the actor neither owns the account nor is a manager.
        RefusedError: it has ended, or the account is no longer corporate.
        ChangedMeanwhileError: another step than `position` is open by now.
    """
    running = enrolments.get_running(actor, enrolment_id)
    account = running.account
    accounts.require_corporate(account)
    step_id, found, counted_on, due_on = execute(
        "SELECT id, position, counted_on, due_on FROM enrolment_step WHERE enrolment_id = ?"
        " AND state IN ('due', 'snoozed')",
        (enrolment_id,),
    ).fetchone()
    programme = programmes.get_version(running.programme_id)
    step = programme.step(found)
    if position is not None and position != found:
        raise ChangedMeanwhileError(
            f"Step {position} of {account.name} is done meanwhile: {step.name} is next", {"position": found}
        )
    today = clock.local_date(now, company_zone())
    paused = f"paused ({running.pause_reason}); resume it first" if running.state == "paused" else ""
    held = accounts.hold_of(account, today)
    return OpenStep(
        id=step_id,
        enrolment_id=enrolment_id,
        account=account,
        programme=programme,
        step=step,
        counted_on=dt.date.fromisoformat(counted_on),
        due_on=dt.date.fromisoformat(due_on),
        hold=paused or (f"on hold: {held}; it resumes by itself" if held else ""),
    )


def require_going(step: OpenStep) -> None:
    """Check that the enrolment is neither paused nor on hold.

    Raises:
        RefusedError: it is; says why and whether it resumes by itself.
    """
    if step.hold:
        raise RefusedError(f"Nurture of {step.account.name} is {step.hold}")


def require_channel(step: OpenStep) -> None:
    """Check that the step's channel to the account may be opened.

    Raises:
        RefusedError: do not contact, or nobody to write to; says what to mend.
    """
    blocked = accounts.block_of(step.account, step.step.channel)
    if blocked:
        raise RefusedError(blocked)


def finish_activity(
    actor: Actor, now: dt.datetime, step: OpenStep, *, notes: str, who: str, deal_id: int | None = None
) -> tuple[int, int]:
    """Log a step as done and return the activity and its points; an appointment that was booked for it becomes it."""
    known = process.current().activity_types
    # A type that left the process since the programme was written gives way to the channel's own.
    wanted = step.step.activity_type if step.step.activity_type in known else ""
    booked = find_meeting(step.id)
    if booked is not None:
        points = next_steps.close(actor, now, booked, notes=notes, who=who, type=wanted, deal_id=deal_id)
        return booked, points
    code, points = planning.choose_type(step.step.channel, wanted, now)
    return log_step(actor, now, step, step.step.name, notes=notes, who=who, code=code, points=points, deal_id=deal_id)


def log_step(
    actor: Actor,
    now: dt.datetime,
    step: OpenStep,
    subject: str,
    *,
    notes: str,
    who: str,
    code: str = "",
    points: int = 0,
    deal_id: int | None = None,
) -> tuple[int, int]:
    """Log something done for a step and return the activity and its points."""
    scored = 0 if actor.path == "import" else points
    activity_id = planning.insert(
        customer_id=step.account.id,
        deal_id=deal_id,
        enrolment_step_id=step.id,
        owner_id=actor.id,
        channel=step.step.channel,
        type=code,
        who=who or (step.account.person if step.step.is_talk else ""),
        subject=subject,
        notes=notes,
        state="done",
        done_at=clock.to_micros(now),
        points=scored,
        created_by=actor.login,
        now=now,
    )
    return activity_id, scored


def find_meeting(step_id: int) -> int | None:
    """Return the planned appointment that was booked for a step, if there is one."""
    row = execute("SELECT id FROM activity WHERE enrolment_step_id = ? AND state = 'planned'", (step_id,)).fetchone()
    return int(row[0]) if row else None


def close_step(
    actor: Actor, now: dt.datetime, step: OpenStep, state: str, *, result: str, reason: str, notes: str
) -> None:
    """Mark the open step as done or skipped; who and when is kept."""
    execute(
        "UPDATE enrolment_step SET state = ?, result = ?, reason = ?, notes = ?, finished_at = ?, finished_by = ?"
        " WHERE id = ?",
        (state, result, reason.strip(), notes.strip(), clock.to_micros(now), actor.login, step.id),
    )


def advance(actor: Actor, now: dt.datetime, step: OpenStep) -> tuple[ProgrammeStep, dt.date, dt.date] | None:
    """Open the step after a closed one, counted from today; after the last one complete the enrolment, return None."""
    if step.is_final:
        enrolments.close(actor, now, step.enrolment_id, "completed")
        return None
    following = step.programme.step(step.step.position + 1)
    today = clock.local_date(now, company_zone())
    counted_on, due_on = dates.count(today, following.days_after, days_off(step.account.owner_id))
    execute(
        "UPDATE enrolment_step SET state = 'due', counted_on = ?, due_on = ? WHERE enrolment_id = ? AND position = ?",
        (counted_on.isoformat(), due_on.isoformat(), step.enrolment_id, following.position),
    )
    return following, counted_on, due_on


def outcome(
    step: OpenStep,
    opened: tuple[ProgrammeStep, dt.date, dt.date] | None,
    *,
    state: str = "",
    exit_reason: str = "",
    points: int = 0,
    deal_id: int | None = None,
    activity_id: int | None = None,
    ask_to_end: bool = False,
) -> StepDone:
    """Return what working on `step` led to; `opened` is the step that is open now with both its dates."""
    following, counted_on, due_on = opened or (None, None, None)
    return StepDone(
        enrolment_id=step.enrolment_id,
        customer=step.account.name,
        position=step.step.position,
        state=state or ("active" if opened else "completed"),
        exit_reason=exit_reason,
        next_position=following.position if following else None,
        next_step=following.name if following else "",
        counted_on=counted_on,
        next_due_on=due_on,
        points=points,
        deal_id=deal_id,
        activity_id=activity_id,
        ask_to_end=ask_to_end,
    )
