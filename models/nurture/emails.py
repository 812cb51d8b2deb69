"""Emails of nurture: rendering them, and what comes back: a reply, a bounce."""

from __future__ import annotations

import datetime as dt
import re

from models import clock, journal
from models.activities import tasks
from models.database import company_zone, days_off, execute
from models.errors import RefusedError, UsageError
from models.nurture import enrolments, working
from models.nurture.records import Email, StepDone
from models.people.records import Actor
from models.working_days import roll_forward

BOUNCED = "email bounced"
_PLACE = re.compile(r"\{(account|person|rep)\}")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def render_email(enrolment_id: int, actor: Actor, now: dt.datetime) -> Email:
    """Return the open step's email as it would leave; show it before sending.

    Raises:
        NotFoundError, NotAllowedError: as for doing the step.
        RefusedError: paused or on hold, not to be contacted, or no address; says what to mend.
        UsageError: the open step is no email.
    """
    step = working.get_open(actor, now, enrolment_id)
    working.require_going(step)
    if step.step.channel != "email":
        raise UsageError(f"{step.step.name} of {step.account.name} is no email")
    working.require_channel(step)
    words = {
        "account": step.account.name,
        "person": step.account.person,
        "rep": step.account.owner_name or actor.name,
    }

    def fill(template: str) -> str:
        return _PLACE.sub(lambda found: one_line(words[found[1]]), template)

    row = execute("SELECT max(sent_at) FROM sent_email WHERE enrolment_step_id = ?", (step.id,)).fetchone()
    return Email(
        to=one_line(step.account.person_email),
        subject=one_line(fill(step.step.email_subject)),
        body=fill(step.step.email_body),
        sent_before=clock.from_micros(row[0]) if row[0] is not None else None,
    )


def one_line(text: str) -> str:
    """Return text without line breaks and control characters: nobody's name adds a header to an email."""
    return _BREAKS.sub(" ", text).strip()


def replied(actor: Actor, now: dt.datetime, enrolment_id: int, note: str = "") -> None:
    """Note that the account answered, which ends nurture.

    Raises:
        NotFoundError, NotAllowedError, RefusedError: as `enrolments.end`.
    """
    enrolments.end(actor, now, enrolment_id, "replied", note)


def bounce(actor: Actor, now: dt.datetime, enrolment_id: int) -> StepDone:
    """Note that the last email came back: the first time pauses and raises a task, the second ends nurture.

    Raises:
        NotFoundError, NotAllowedError: as `enrolments.end`.
        RefusedError: it has ended, or no email of it has left.
    """
    with journal.action(actor, now, "nurture.bounce", "Email bounced") as made:
        step = working.get_open(actor, now, enrolment_id)
        account = step.account
        sent = execute(
            "SELECT s.id, s.result FROM enrolment_step s JOIN enrolment e ON e.id = s.enrolment_id"
            " JOIN programme_step p ON p.programme_id = e.programme_id AND p.position = s.position"
            " WHERE s.enrolment_id = ? AND p.channel = 'email' AND s.state = 'done' ORDER BY s.position DESC",
            (enrolment_id,),
        ).fetchall()
        if not sent:
            raise RefusedError(f"No email of {account.name}'s nurture has left yet: none can have bounced")
        if account.person_id is not None:
            execute("UPDATE person SET bounces = bounces + 1 WHERE id = ?", (account.person_id,))
        if any(result == "bounced" for _, result in sent):
            made.summary = f"Email to {account.name} bounced twice: nurture ended"
            enrolments.close(actor, now, enrolment_id, "exited", "bounced")
            return working.outcome(step, None, state="exited", exit_reason="bounced")
        execute("UPDATE enrolment_step SET result = 'bounced' WHERE id = ?", (sent[0][0],))
        enrolments.set_paused(enrolment_id, BOUNCED)
        owner_id = account.owner_id or actor.id
        today = clock.local_date(now, company_zone())
        activity_id = tasks.plan(
            actor,
            now,
            customer_id=account.id,
            text=f"Mend the email address of {account.person or account.name}",
            on=roll_forward(today, days_off(owner_id)),
            owner_id=owner_id,
        )
        made.summary = f"Email to {account.name} bounced: nurture paused"
        return working.outcome(step, (step.step, step.counted_on, step.due_on), state="paused", activity_id=activity_id)
