"""Nurture steps by key: done with its result, emails shown before they leave, skip, snooze, hand over, pause, leave."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from textual import work

from contoso_tui import formats
from contoso_tui.later import Later
from contoso_tui.screens.step_actions import StepActions, Subject
from models import words
from models.ids import enrolment_id, show_enrolment

if TYPE_CHECKING:
    from contoso_tui.dialogs import nurture as forms
    from contoso_tui.dialogs import steps as step_forms
    from contoso_tui.drafts import DraftKey
    from contoso_tui.forms import fields
    from models.customers import customers
    from models.nurture import calendar, emails, enrolments, records, steps, views
    from models.nurture.records import EnrolmentDetail, StepDone
    from models.people import users
else:
    forms = Later("contoso_tui.dialogs.nurture")
    step_forms = Later("contoso_tui.dialogs.steps")
    fields = Later("contoso_tui.forms.fields")
    customers = Later("models.customers.customers")
    calendar = Later("models.nurture.calendar")
    emails = Later("models.nurture.emails")
    enrolments = Later("models.nurture.enrolments")
    records = Later("models.nurture.records")
    steps = Later("models.nurture.steps")
    views = Later("models.nurture.views")
    users = Later("models.people.users")


class NurtureActions(StepActions):
    """Adds what only steps of nurture have; the deal's own steps are in `StepActions`."""

    def nurture_done(self, subject: Subject) -> None:
        """Close the step: a call at once, an email after it was shown, the last talk with its result."""
        self._nurture_done(subject)

    @work
    async def _nurture_done(self, subject: Subject) -> None:
        now = self.host.clock()
        detail = await self.read(views.get, subject.enrolment_id or 0, now)
        if detail.blocked or detail.hold:
            self.refuse(f"{subject.customer}: {detail.hold or detail.blocked}")
            return
        step = detail.programme.step(detail.position or 1)
        if step.channel == "email":
            is_done = await self._send(detail, subject)
        elif step.position == len(detail.programme.steps):
            is_done = await self._end_with_result(detail, subject)
        else:
            self._say_next(await self.change(steps.done, detail.id, position=detail.position), "done")
            is_done = True
        if is_done:
            await self.steps_changed(subject, [])

    def _say_next(self, done: StepDone, word: str) -> None:
        """Tell what was scored, and what comes next and when: that is what one wants to know."""
        scored = f", {words.scored(done.points)}" if done.points else ""
        told = f"{done.customer}: {word}{scored}"
        if done.deal_id is not None:
            told += f" · opened {formats.deal_id(done.deal_id)}"
        elif done.next_step and done.next_due_on is not None:
            told += f" · next: {done.next_step} {formats.day_dated(done.next_due_on, self.host.today())}"
        elif done.next_position is None:
            told += " · nurture has ended"
        self.status(f"{told} · {self.host.keymap.key('app.undo')} undo")

    async def _send(self, detail: EnrolmentDetail, subject: Subject) -> bool:
        from contoso_tui import mailer
        from contoso_tui.dialogs.email import EmailPreview

        host = self.host
        email = await self.read(emails.render_email, detail.id, host.actor, host.clock())
        step = detail.programme.step(detail.position or 1)
        title = f"{subject.customer} · {show_enrolment(detail.id)} · {step.name}"
        name = f"{show_enrolment(detail.id)}-{step.position}"
        by = await self.app.push_screen_wait(
            EmailPreview(
                title,
                email,
                program=mailer.find_program(),
                hand_over=lambda: mailer.hand_over(self.app, email, name),
                write_file=lambda: mailer.write_file(email, name),
            )
        )
        if by is None:
            return False
        done = await self.change(steps.email_handed_over, detail.id, email, handed_to=by, position=detail.position)
        self._say_next(done, "sent")
        return True

    async def _end_with_result(self, detail: EnrolmentDetail, subject: Subject) -> bool:
        form = forms.result_form(detail, self.draft_key("step.done", subject.shown_id))

        async def submit(values: dict[str, Any]) -> bool:
            arguments = forms.read_result(values, step_forms.minute_of(values["meeting_time"]))
            done = await self.change(steps.done, detail.id, position=detail.position, **arguments)
            self._say_next(done, records.RESULTS[values["result"]])
            meeting = await self.read(calendar.booked, done) if values["meeting_on"] is not None else None
            if meeting is not None:
                self.keep_meetings([meeting], f"{done.customer}: booked")
            return True

        return bool(await self.ask(form, submit))

    async def snooze_nurture(self, subject: Subject, until: dt.date) -> None:
        """Move this step alone to a later day."""
        await self.change(steps.snooze, subject.enrolment_id or 0, until, position=subject.position)

    async def go_on_with(self, key: DraftKey) -> None:
        """Open the form of a draft again; of nurture whatever the row under the cursor is."""
        if key.form in ("step.done", "step.skip", "step.move") and key.subject.startswith("L-"):
            self._go_on_with_nurture(key)
        else:
            await super().go_on_with(key)

    @work
    async def _go_on_with_nurture(self, key: DraftKey) -> None:
        detail = await self.read(views.get, enrolment_id(key.subject), self.host.clock())
        step = detail.programme.step(detail.position or 1)
        account = detail.account
        subject = Subject("nurture", account.id, account.name, step.name, step.channel)
        subject = subject._replace(enrolment_id=detail.id, position=detail.position, of=len(detail.programme.steps))
        if detail.state not in ("active", "paused"):
            self.refuse(f"{account.name} is no longer in nurture")
        elif key.form == "step.done" and detail.position != len(detail.programme.steps):
            # Only the last step asks for a result: closing an earlier one is another thing than was begun.
            self.refuse(f"{account.name} is at step {detail.position} now: {step.name}")
        elif key.form == "step.done":
            self._nurture_done(subject)
        elif key.form == "step.skip":
            self._skip(subject)
        else:
            await self._leave(subject)

    # ---- skip

    def action_step_skip(self) -> None:
        """Leave this step out, with a reason."""
        found = self.subject()
        if found is None or found.kind != "nurture":
            self.refuse("Only steps of nurture are skipped; d closes a deal's step, x on the board loses the deal")
        else:
            self._skip(found)

    @work
    async def _skip(self, subject: Subject) -> None:
        form = step_forms.reason_form(
            f"Skip · {subject.customer} · {subject.text} ({subject.position}/{subject.of})",
            ("The next step counts from today.",),
            "Skip",
            draft=self.draft_key("step.skip", subject.shown_id),
        )

        async def submit(values: dict[str, str]) -> StepDone:
            return await self.change(steps.skip, subject.enrolment_id or 0, values["reason"], position=subject.position)

        done: StepDone | None = await self.ask(form, submit)
        if done is None:
            return
        self._say_next(done, "skipped")
        await self.steps_changed(subject, [])
        if done.ask_to_end:
            question = [f"Two steps in a row were skipped for {subject.customer}. Go on with nurture?"]
            answers = {"go": "Go on", "end": "Leave nurture…"}
            if await self.confirm("Skipped twice", question, answers) == "end":
                await self._leave(subject)

    # ---- hand over, pause, leave

    def action_step_move(self) -> None:
        """Hand the account over, pause or resume nurture, or leave it."""
        found = self.subject()
        if found is None or found.kind != "nurture":
            self.refuse("This is no step of nurture: on the board m moves the deal")
        else:
            self._move_step(found)

    @work
    async def _move_step(self, subject: Subject) -> None:
        from contoso_tui.dialogs.picker import Picker

        detail = await self.read(views.get, subject.enrolment_id or 0, self.host.clock())
        logins = await self.read(users.list_logins)
        going = (
            fields.Choice("resume", "Resume")
            if detail.state == "paused"
            else fields.Choice("pause", "Pause", "until resumed")
        )
        choices = [
            going,
            fields.Choice("bounced", "The email came back", "pauses, and a task to mend the address"),
            fields.Choice("leave", "Leave nurture…", "replied, opted out, no fit, other"),
            *(
                fields.Choice(f"owner:{login}", f"Hand over to {login}", "takes the open step along")
                for login in logins
            ),
        ]
        here = {f"owner:{detail.account.owner}": "looks after it"}
        chosen = await self.app.push_screen_wait(Picker(f"Nurture · {subject.customer}", choices, here))
        if chosen is None:
            return
        if chosen == "leave":
            await self._leave(subject)
            return
        if chosen == "pause":
            await self.change(enrolments.pause, detail.id)
        elif chosen == "resume":
            await self.change(enrolments.resume, detail.id)
        elif chosen == "bounced":
            await self.change(emails.bounce, detail.id)
        else:
            await self.change(customers.assign, [subject.customer_id], chosen.partition(":")[2])
        await self.steps_changed(subject, [])

    async def _leave(self, subject: Subject) -> None:
        async def submit(values: dict[str, Any]) -> bool:
            await self.change(enrolments.end, subject.enrolment_id or 0, values["reason"], values["note"] or "")
            return True

        if await self.ask(forms.leave_form(subject.customer, self.draft_key("step.move", subject.shown_id)), submit):
            await self.steps_changed(subject, [])
