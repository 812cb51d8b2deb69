"""Accounts in nurture: late, due today, later, on hold and ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from contoso_tui.demo.script import Happening, Script, Story
from models import working_days
from models.nurture import emails, enrolments, steps

# Calendar days after the step before, as in Contoso's programme.
_AFTER = (0, 1, 3, 2)
_EMAILS = (2, 3)


@dataclass(frozen=True, slots=True)
class NurturePlan:
    """An account as it shall stand: step `position` due `due` days from today, or ended for a reason."""

    position: int
    due: int = 0
    ended: str = ""
    minute: int | None = None
    hold: str = ""


def plans() -> list[NurturePlan]:
    """Return the accounts of the demo's default user."""
    late = [NurturePlan(1, -2), NurturePlan(3, -1), NurturePlan(2, -1)]
    today = [NurturePlan(1), NurturePlan(2), NurturePlan(3), NurturePlan(4), NurturePlan(4, minute=870)]
    later = [NurturePlan(p, due) for p, due in ((2, 1), (4, 1), (3, 2), (2, 3), (3, 3), (4, 2), (1, 4), (1, 5), (1, 9))]
    hold = [NurturePlan(2, hold="unpaid"), NurturePlan(3, 1, hold="case")]
    ended = [NurturePlan(4, -9, e) for e in ("qualified", "disqualified", "replied")]
    return late + today + later + hold + ended


class NurtureStory(Story):
    """One account from its enrolment to now."""

    def __init__(self, script: Script, plan: NurturePlan, customer: tuple[int, str], login: str) -> None:
        super().__init__(script)
        self._plan = plan
        self._customer_id, self._person = customer
        self._actor = script.actors[login]
        self._enrolment_id = 0

    def write(self) -> None:
        """Plan all events."""
        plan = self._plan
        done_ago = self._days_ago_of_step_before(plan.position)
        # Steps before that one lie about as far apart as the programme says.
        ago, moments = done_ago, [done_ago]
        for position in range(plan.position - 1, 0, -1):
            ago += max(_AFTER[position - 1], 1) + 2
            moments.insert(0, ago)
        self.then(moments[0], self._start)
        for position in range(1, plan.position):
            self.then(moments[position], self._done(position), exact=position == plan.position - 1)
        if plan.ended:
            self.then(-plan.due - 1, self._end)
        elif plan.due >= 0:
            self.then(max(done_ago, 1), self._settle)

    def _days_ago_of_step_before(self, position: int) -> int:
        """Return how long ago the step before was done (or nurture started) so that this one is due as planned."""
        due = self.script.working_day(self._plan.due)
        for back in range(_AFTER[position - 1], _AFTER[position - 1] + 7):
            done = due - dt.timedelta(days=back)
            counted = done + dt.timedelta(days=_AFTER[position - 1])
            rolled = working_days.roll_forward(counted, self.script.days_off)
            if done < self.script.today and self.script.is_working(done) and rolled == due:
                return (self.script.today - done).days
        # No working day leads there: it is moved by hand.
        return max(_AFTER[position - 1] - self._plan.due, 1)

    def _start(self, now: dt.datetime) -> None:
        (self._enrolment_id,) = enrolments.start(self._actor, now, [self._customer_id])

    def _done(self, position: int) -> Happening:
        def happen(now: dt.datetime) -> None:
            if position in _EMAILS:
                email = emails.render_email(self._enrolment_id, self._actor, now)
                steps.email_handed_over(self._actor, now, self._enrolment_id, email)
            else:
                notes = "Several buildings, wants to know about monitoring"
                steps.done(self._actor, now, self._enrolment_id, notes=notes, who=self._person)

        return happen

    def _settle(self, now: dt.datetime) -> None:
        """Put the open step on its day where the programme alone doesn't."""
        from models.database import execute

        due = self.script.working_day(self._plan.due)
        stands = execute(
            "SELECT due_on FROM enrolment_step WHERE enrolment_id = ? AND state IN ('due', 'snoozed')",
            (self._enrolment_id,),
        ).fetchone()[0]
        if self._plan.minute is not None:
            steps.done(
                self._actor,
                now,
                self._enrolment_id,
                notes="Wants to see a panel",
                who=self._person,
                result="meeting",
                meeting_on=due,
                meeting_minute=self._plan.minute,
            )
        elif stands != due.isoformat():
            steps.snooze(self._actor, now, self._enrolment_id, due)

    def _end(self, now: dt.datetime) -> None:
        if self._plan.ended == "replied":
            emails.replied(self._actor, now, self._enrolment_id, "Has a supplier until next year")
            return
        steps.done(
            self._actor,
            now,
            self._enrolment_id,
            notes="Doors and monitoring for two buildings" if self._plan.ended == "qualified" else "",
            who=self._person,
            result=self._plan.ended,
            reason="Moves out in spring" if self._plan.ended == "disqualified" else "",
            deal_type="Site security" if self._plan.ended == "qualified" else "",
        )
