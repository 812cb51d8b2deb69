"""Next steps and the log by key: on deals, on nurture steps and on tasks, wherever these are listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import work

from contoso_tui import formats
from contoso_tui.later import Later
from contoso_tui.screens.acting import ActingScreen
from models.ids import show_customer, show_deal, show_enrolment

if TYPE_CHECKING:
    from contoso_tui.dialogs import steps as step_forms
    from contoso_tui.forms.fields import Form
    from contoso_tui.screens import deal_work, step_conflicts
    from models import process
    from models.activities import log, next_steps, tasks
    from models.deals.records import DealCard
    from models.nurture import calendar
    from models.nurture.calendar import Appointment
    from models.nurture.records import AgendaItem
else:
    calendar = Later("models.nurture.calendar")
    step_forms = Later("contoso_tui.dialogs.steps")
    deal_work = Later("contoso_tui.screens.deal_work")
    step_conflicts = Later("contoso_tui.screens.step_conflicts")
    process = Later("models.process")
    log = Later("models.activities.log")
    next_steps = Later("models.activities.next_steps")
    records = Later("models.activities.records")
    tasks = Later("models.activities.tasks")


class Subject(NamedTuple):
    """What a step or an activity belongs to; `kind` is deal, nurture or task."""

    kind: str
    customer_id: int
    customer: str
    text: str = ""
    channel: str = ""
    deal_id: int | None = None
    enrolment_id: int | None = None
    activity_id: int | None = None
    position: int | None = None
    of: int | None = None

    @classmethod
    def of_card(cls, card: DealCard) -> Subject:
        """Return a deal of the board."""
        return cls("deal", card.customer_id, card.customer, card.next_step, deal_id=card.id)

    @classmethod
    def of_item(cls, item: AgendaItem) -> Subject:
        """Return a line of the agenda."""
        return cls(
            item.kind,
            item.customer_id,
            item.customer,
            item.text,
            item.channel,
            item.deal_id,
            item.enrolment_id,
            item.activity_id,
            item.position,
            item.of,
        )

    @property
    def shown_id(self) -> str:
        """The id that a user reads for it."""
        if self.kind == "nurture" and self.enrolment_id is not None:
            return show_enrolment(self.enrolment_id)
        return show_deal(self.deal_id) if self.deal_id is not None else show_customer(self.customer_id)


class StepActions(ActingScreen):
    """Keys of next steps; the screen says what is under the cursor."""

    def subject(self) -> Subject | None:
        """Return what the row under the cursor is about."""
        raise NotImplementedError

    def subject_deals(self) -> list[int]:
        """Return the deals a step action is for: several if they are marked."""
        found = self.subject()
        return [found.deal_id] if found is not None and found.kind == "deal" and found.deal_id is not None else []

    async def steps_changed(self, subject: Subject | None, deal_ids: Sequence[int]) -> None:
        """Show what changed."""
        raise NotImplementedError

    # ---- set

    def action_step_set(self) -> None:
        """Set the next step of the deal."""
        found = self.subject()
        if found is not None and found.kind == "nurture":
            self.refuse(f"Nurture plans its own steps: {self.host.keymap.key('step.snooze')} moves this one")
        elif found is not None and found.deal_id is None:
            self.refuse(f"{found.text} is a task: {self.host.keymap.key('step.done')} closes it")
        else:
            ids = self.subject_deals()
            self.set_step_of(ids or [found.deal_id] if found and found.deal_id else ids, found)

    @work
    async def set_step_of(self, ids: Sequence[int], subject: Subject | None = None) -> None:
        """Ask for the next step of these deals, the same for all."""
        present = await self.read(next_steps.find, ids[0]) if len(ids) == 1 else None
        name = f"{subject.customer} · {show_deal(ids[0])}" if len(ids) == 1 and subject else f"{len(ids)} deals"
        draft = self.draft_key("step.set", show_deal(ids[0])) if len(ids) == 1 else None

        async def submit(values: dict[str, Any]) -> bool:
            found = step_forms.read_next(values, self.host.today())
            step = {name.removeprefix("next_"): value for name, value in found.items()}
            step |= {"channel": values["next_channel"], "minutes": values["next_minutes"]}
            if len(ids) == 1:
                await step_conflicts.set_step(self, ids[0], step, next_steps.standing(present))
            else:
                await self.change(deal_work.set_steps, list(ids), step)
            await self._keep_next_meetings(ids, values)
            return True

        if await self.ask(step_forms.step_form(f"Next step · {name}", present, self.host.today(), draft), submit):
            await self.steps_changed(subject, ids)

    # ---- meetings

    async def _keep_next_meetings(self, deal_ids: Sequence[int], values: dict[str, Any]) -> None:
        """Write the next steps that were just planned for the user's calendar, if they are meetings."""
        if values["next_channel"] != "meeting" or not values["next_text"]:
            return
        found = [await self.read(calendar.next_meeting, deal_id) for deal_id in deal_ids]
        meetings = [meeting for meeting in found if meeting is not None]
        if meetings:
            self.keep_meetings(
                meetings, "Meeting planned" if len(meetings) == 1 else f"{len(meetings)} meetings planned"
            )

    def keep_meetings(self, meetings: Sequence[Appointment], told: str) -> None:
        """Write meetings as calendar files and say where they are."""
        from contoso_tui import appointments

        now = self.host.clock()
        try:
            paths = [appointments.keep(calendar.write([m], now), m.uid.partition("@")[0]) for m in meetings]
        except OSError as error:
            self.status(f"{told}, but not written for your calendar: {error.strerror}")
        else:
            where = paths[0] if len(paths) == 1 else paths[0].parent
            self.status(f"{told} · {self.host.keymap.key('app.undo')} undo · {appointments.short(where)}")

    # ---- done

    def action_step_done(self) -> None:
        """Close the step; of a deal it asks for the next one."""
        found = self.subject()
        if found is None:
            return
        if found.kind == "nurture":
            self.nurture_done(found)
        elif found.kind == "task" and found.activity_id is not None:
            self._task_done(found.activity_id, found)
        elif not found.text:
            key = self.host.keymap.key("step.set")
            self.refuse(f"{found.shown_id} {found.customer} has no next step: {key} sets one")
        else:
            self._deal_done(found)

    def nurture_done(self, subject: Subject) -> None:
        """Close a nurture step; screens that list them know how."""
        raise NotImplementedError

    @work
    async def _task_done(self, activity_id: int, subject: Subject) -> None:
        await self.change(tasks.done, activity_id)
        await self.steps_changed(subject, [])

    @work
    async def _deal_done(self, subject: Subject) -> None:
        deal_id = subject.deal_id or 0
        form = step_forms.done_form(
            f"Step done · {subject.customer} · {show_deal(deal_id)}",
            subject.text,
            self.host.today(),
            self.draft_key("step.done", show_deal(deal_id)),
        )

        async def submit(values: dict[str, Any]) -> bool:
            done = partial(
                next_steps.done,
                deal_id=deal_id,
                notes=values["notes"] or "",
                who=values["who"] or "",
                next_channel=values["next_channel"],
                **step_forms.read_next(values, self.host.today()),
            )
            await step_conflicts.over_others(self, done, {"text": subject.text}, "Close the new one")
            await self._keep_next_meetings([deal_id], values)
            return True

        if await self.ask(form, submit):
            await self.steps_changed(subject, [deal_id])

    # ---- later

    def action_step_snooze(self) -> None:
        """Move the step to a later day."""
        found = self.subject()
        ids = self.subject_deals()
        if found is not None and found.kind == "deal" and len(ids) == 1 and not found.text:
            self.refuse(f"{found.shown_id} {found.customer} has no next step to snooze")
        elif found is not None:
            self._snooze(found, ids)

    @work
    async def _snooze(self, subject: Subject, ids: Sequence[int]) -> None:
        from contoso_tui.dialogs.snooze import Snooze

        name = subject.customer if len(ids) < 2 else f"{len(ids)} deals"
        until = await self.app.push_screen_wait(Snooze(f"Snooze · {name}"))
        if until is None:
            return
        if subject.kind == "nurture":
            await self.snooze_nurture(subject, until)
        elif subject.kind == "task" and subject.activity_id is not None:
            await self.change(tasks.snooze, subject.activity_id, until)
        else:
            seen = {"text": subject.text} if list(ids) == [subject.deal_id] else None
            await self.change(deal_work.snooze_steps, list(ids), until, seen=seen)
        await self.steps_changed(subject, ids)

    async def snooze_nurture(self, subject: Subject, until: dt.date) -> None:
        """Move a nurture step; screens that list them know how."""
        raise NotImplementedError

    # ---- log

    def action_activity_log(self) -> None:
        """Log what was done, with the next step in the same form."""
        found = self.subject()
        if found is not None:
            self._log(found)

    @work
    async def _log(self, subject: Subject) -> None:
        await self.log_of(subject)

    async def log_of(self, subject: Subject, type: str = "") -> None:
        """Ask what was done with a customer, `type` chosen already if given, and log it."""
        rules = await self.read(process.current)
        step = await self.read(next_steps.find, subject.deal_id) if subject.deal_id is not None else None
        before = next_steps.standing(step) if subject.deal_id is not None else None
        form: Form = step_forms.log_form(
            f"Log · {subject.customer} · {subject.shown_id}",
            rules.activity_types,
            self.host.today(),
            self.draft_key("activity.log", subject.shown_id),
            has_deal=subject.deal_id is not None,
            type=type,
        )

        async def submit(values: dict[str, Any]) -> bool:
            done = partial(
                log.log,
                customer_id=subject.customer_id,
                deal_id=subject.deal_id,
                channel=values["channel"],
                type=values["type"] or "",
                who=values["who"] or "",
                text=values["text"] or "",
                duration_minutes=values["duration_minutes"],
                on=values["on"],
                next_channel=values["next_channel"],
                **step_forms.read_next(values, self.host.today()),
            )
            await step_conflicts.over_others(self, done, before, "Replace it")
            await self._keep_next_meetings([subject.deal_id] if subject.deal_id is not None else [], values)
            return True

        if await self.ask(form, submit):
            await self.steps_changed(subject, [subject.deal_id] if subject.deal_id is not None else [])

    # ---- open

    def action_customer_open(self) -> None:
        """Open the customer of the row under the cursor."""
        found = self.subject()
        if found is not None:
            self.host.open_goal(formats.customer_id(found.customer_id))
