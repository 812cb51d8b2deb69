"""Working on the open step of an enrolment: doing it with a result, skipping, snoozing, handing an email over."""

from __future__ import annotations

import datetime as dt

from models import clock, journal, words
from models.activities import planning
from models.clock import in_words
from models.database import execute
from models.deals import deals
from models.errors import UsageError
from models.nurture import enrolments, working
from models.nurture.emails import bounce, render_email, replied
from models.nurture.records import RESULTS, Email, StepDone
from models.nurture.working import OpenStep
from models.people.records import Actor

__all__ = [
    "bounce",
    "check",
    "done",
    "email_handed_over",
    "render_email",
    "replied",
    "skip",
    "snooze",
]

LEAD_SOURCE = "nurture"


def check(actor: Actor, now: dt.datetime, enrolment_id: int, position: int | None = None) -> OpenStep:
    """Return the open step if it can be done now; ask before its channel is opened.

    Raises:
        NotFoundError: there is no such enrolment.
        NotAllowedError: the actor neither owns the account nor is a manager.
        RefusedError: it has ended, is paused or on hold, the account is not corporate, or may not be contacted.
        ChangedMeanwhileError: another step than `position` is open by now.
    """
    step = working.get_open(actor, now, enrolment_id, position)
    working.require_going(step)
    working.require_channel(step)
    return step


def done(
    actor: Actor,
    now: dt.datetime,
    enrolment_id: int,
    *,
    notes: str = "",
    who: str = "",
    result: str = "",
    reason: str = "",
    meeting_on: dt.date | None = None,
    meeting_minute: int | None = None,
    deal_type: str = "",
    deal_amount_minor: int | None = None,
    again_on: dt.date | None = None,
    position: int | None = None,
) -> StepDone:
    """Close the open step and open the next one, or do what its `result` says.

    A talk may have a result of `RESULTS`, the last one must: `not_reached` leaves it due (on `again_on`, if given);
    `meeting` books an appointment on `meeting_on` whose result decides; `qualified` opens a deal for the account's
    owner (with `meeting_on`, that is the deal's next step); `disqualified` needs a `reason`. The last two end nurture.
    `position` is the step that the actor saw: give it where two may work on one account.

    Raises:
        NotFoundError, NotAllowedError, RefusedError, ChangedMeanwhileError: as `check`.
        UsageError: no result or reason where one is needed, a result of an email, or a date that can't be.
    """
    with journal.action(actor, now, "nurture.done", "Nurture step done") as made:
        step = check(actor, now, enrolment_id, position)
        _check_result(step, result, reason)
        label = RESULTS.get(result, "done")
        made.summary = f"{step.step.name} of {step.account.name}: {label}"
        if result == "not_reached":
            found = _not_reached(actor, now, step, notes, who, again_on)
        elif result == "meeting":
            found = _book(actor, now, step, notes, who, meeting_on, meeting_minute)
        elif result == "qualified":
            found = _qualify(actor, now, step, notes, who, deal_type, deal_amount_minor, meeting_on, meeting_minute)
        elif result == "disqualified":
            working.close_step(actor, now, step, "done", result=result, reason=reason, notes=notes)
            activity_id, points = working.finish_activity(actor, now, step, notes=notes or reason, who=who)
            enrolments.close(actor, now, enrolment_id, "exited", result, reason)
            found = working.outcome(
                step, None, state="exited", exit_reason=result, points=points, activity_id=activity_id
            )
        else:
            working.close_step(actor, now, step, "done", result="", reason="", notes=notes)
            activity_id, points = working.finish_activity(actor, now, step, notes=notes, who=who)
            opened = working.advance(actor, now, step)
            found = working.outcome(step, opened, points=points, activity_id=activity_id)
        if found.points:
            made.summary += f" · {words.scored(found.points)}"
        return found


def _check_result(step: OpenStep, result: str, reason: str) -> None:
    name = step.step.name
    if result and result not in RESULTS:
        raise UsageError(f"There is no result {result!r}; there are {', '.join(RESULTS)}")
    if result and not step.step.is_talk:
        raise UsageError(f"{name} is no talk and has no result; end nurture or note the reply instead")
    if not result and step.is_final and step.step.is_talk:
        raise UsageError(f"{name} needs a result: {', '.join(RESULTS)}")
    if result == "disqualified" and not reason.strip():
        raise UsageError("Disqualifying needs the reason why there is no fit")


def _not_reached(
    actor: Actor, now: dt.datetime, step: OpenStep, notes: str, who: str, again_on: dt.date | None
) -> StepDone:
    due_on = planning.check_upcoming(again_on, now, "Trying again") if again_on is not None else step.due_on
    meeting = working.find_meeting(step.id)
    if meeting is not None:
        execute("UPDATE activity SET state = 'cancelled' WHERE id = ?", (meeting,))
    activity_id, _ = working.log_step(actor, now, step, f"{step.step.name}: not reached", notes=notes, who=who)
    execute(
        "UPDATE enrolment_step SET state = 'due', result = 'not_reached', notes = ?, due_on = ?, due_minute = NULL"
        " WHERE id = ?",
        (notes.strip(), due_on.isoformat(), step.id),
    )
    return working.outcome(step, (step.step, step.counted_on, due_on), activity_id=activity_id)


def _book(
    actor: Actor, now: dt.datetime, step: OpenStep, notes: str, who: str, on: dt.date | None, minute: int | None
) -> StepDone:
    day = planning.check_upcoming(on, now, "A meeting")
    planning.check_minute(minute, None)
    working.log_step(actor, now, step, f"{step.step.name}: meeting booked", notes=notes, who=who)
    meeting = working.find_meeting(step.id)
    if meeting is not None:
        execute(
            "UPDATE activity SET due_on = ?, due_minute = ?, who = ? WHERE id = ?",
            (day.isoformat(), minute, who.strip() or step.account.person, meeting),
        )
    else:
        meeting = planning.insert(
            customer_id=step.account.id,
            deal_id=None,
            enrolment_step_id=step.id,
            owner_id=step.account.owner_id or actor.id,
            channel="meeting",
            type=step.step.activity_type,
            who=who or step.account.person,
            subject=f"Appointment with {step.account.name}",
            state="planned",
            due_on=day,
            due_minute=minute,
            created_by=actor.login,
            now=now,
        )
    execute(
        "UPDATE enrolment_step SET state = 'due', result = 'meeting', notes = ?, due_on = ?, due_minute = ?"
        " WHERE id = ?",
        (notes.strip(), day.isoformat(), minute, step.id),
    )
    return working.outcome(step, (step.step, step.counted_on, day), activity_id=meeting)


def _qualify(
    actor: Actor,
    now: dt.datetime,
    step: OpenStep,
    notes: str,
    who: str,
    deal_type: str,
    amount_minor: int | None,
    meeting_on: dt.date | None,
    meeting_minute: int | None,
) -> StepDone:
    owner_id = step.account.owner_id or actor.id
    deal_id = deals.create(
        actor,
        now,
        step.account.id,
        type=deal_type,
        amount_minor=amount_minor,
        owner_id=owner_id,
        lead_source=LEAD_SOURCE,
        need=notes,
    )
    working.close_step(actor, now, step, "done", result="qualified", reason="", notes=notes)
    activity_id, points = working.finish_activity(actor, now, step, notes=notes, who=who, deal_id=deal_id)
    if meeting_on is not None:
        planning.check_minute(meeting_minute, None)
        planning.insert(
            customer_id=step.account.id,
            deal_id=deal_id,
            owner_id=owner_id,
            channel="meeting",
            who=who or step.account.person,
            subject=f"Meeting with {who.strip() or step.account.person or step.account.name}",
            state="planned",
            is_next_step=True,
            due_on=planning.check_upcoming(meeting_on, now, "A meeting"),
            due_minute=meeting_minute,
            created_by=actor.login,
            now=now,
        )
    enrolments.close(actor, now, step.enrolment_id, "exited", "qualified", notes, deal_id=deal_id)
    return working.outcome(
        step, None, state="exited", exit_reason="qualified", points=points, deal_id=deal_id, activity_id=activity_id
    )


def skip(actor: Actor, now: dt.datetime, enrolment_id: int, reason: str, *, position: int | None = None) -> StepDone:
    """Leave the open step out and open the next one, counted from today.

    `StepDone.ask_to_end` says that two in a row were skipped.

    Raises:
        NotFoundError, NotAllowedError, ChangedMeanwhileError: as `check`.
        RefusedError: it has ended, is paused or on hold, or the account is not corporate.
        UsageError: no reason.
    """
    if not reason.strip():
        raise UsageError("Skipping a step needs a reason")
    with journal.action(actor, now, "nurture.skip", "Skipped a nurture step") as made:
        step = working.get_open(actor, now, enrolment_id, position)
        working.require_going(step)
        made.summary = f"Skipped {step.step.name} of {step.account.name}"
        working.close_step(actor, now, step, "skipped", result="", reason=reason, notes="")
        meeting = working.find_meeting(step.id)
        if meeting is not None:
            execute("UPDATE activity SET state = 'cancelled' WHERE id = ?", (meeting,))
        before = execute(
            "SELECT state FROM enrolment_step WHERE enrolment_id = ? AND position = ?",
            (enrolment_id, step.step.position - 1),
        ).fetchone()
        opened = working.advance(actor, now, step)
        again = before is not None and before[0] == "skipped" and opened is not None
        return working.outcome(step, opened, ask_to_end=again)


def snooze(
    actor: Actor, now: dt.datetime, enrolment_id: int, until: dt.date, *, position: int | None = None
) -> StepDone:
    """Move the open step, and an appointment booked for it, to a later day; no other step moves.

    Raises:
        NotFoundError, NotAllowedError, ChangedMeanwhileError: as `check`.
        RefusedError: it has ended, or the account is not corporate.
        UsageError: the day is not after today.
    """
    planning.check_later(until, now)
    with journal.action(actor, now, "nurture.snooze", "Snoozed a nurture step") as made:
        step = working.get_open(actor, now, enrolment_id, position)
        made.summary = f"Snoozed {step.account.name} to {in_words(until)}"
        execute(
            "UPDATE enrolment_step SET state = 'snoozed', due_on = ?, due_minute = NULL WHERE id = ?",
            (until.isoformat(), step.id),
        )
        execute(
            "UPDATE activity SET due_on = ?, due_minute = NULL WHERE enrolment_step_id = ? AND state = 'planned'",
            (until.isoformat(), step.id),
        )
        return working.outcome(step, (step.step, step.counted_on, until))


def email_handed_over(
    actor: Actor,
    now: dt.datetime,
    enrolment_id: int,
    email: Email,
    *,
    handed_to: str = "mail program",
    notes: str = "",
    position: int | None = None,
) -> StepDone:
    """Keep the email of the open step as it left, then close the step.

    Two actions: the step can be undone, the email that left stays.

    Raises:
        NotFoundError, NotAllowedError, RefusedError, ChangedMeanwhileError: as `check`.
        UsageError: the open step is no email.
    """
    with journal.action(actor, now, "email.send", "Sent an email", can_undo=False) as made:
        step = check(actor, now, enrolment_id, position)
        if step.step.channel != "email":
            raise UsageError(f"{step.step.name} of {step.account.name} is no email")
        made.summary = f"Sent {step.step.name} to {step.account.name}"
        execute(
            "INSERT INTO sent_email (customer_id, enrolment_step_id, recipient, subject, body, handed_to, sent_at,"
            " sent_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                step.account.id,
                step.id,
                email.to,
                email.subject,
                email.body,
                handed_to,
                clock.to_micros(now),
                actor.login,
            ),
        )
    return done(actor, now, enrolment_id, notes=notes, who=step.account.person, position=step.step.position)
