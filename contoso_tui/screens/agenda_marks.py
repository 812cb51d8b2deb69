"""Marked lines of the agenda, and closing, skipping or moving them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import work

from contoso_tui.later import Later
from contoso_tui.screens import agenda_words, agenda_work, deal_work
from contoso_tui.screens.agenda_words import ItemKey
from contoso_tui.screens.nurture_actions import NurtureActions
from contoso_tui.widgets.list_view import LineList
from models.nurture.records import AgendaItem

if TYPE_CHECKING:
    from contoso_tui.dialogs import steps as step_forms
    from models.nurture.records import StepDone
else:
    step_forms = Later("contoso_tui.dialogs.steps")

ASKED_ABOVE = 10
"""A change of more rows than this is shown before it is made (ux: conventions)."""


class AgendaMarks(NurtureActions):
    """The part of the agenda's screen that keeps its list and the marks in it."""

    def __init__(self) -> None:
        super().__init__()
        self.list = LineList(id="agenda", empty="Reading …")
        self.items: dict[ItemKey, AgendaItem] = {}

    async def read_again(self) -> None:
        """Read the agenda."""
        raise NotImplementedError

    @property
    def marked(self) -> list[AgendaItem]:
        """The marked lines."""
        return [item for key, item in self.items.items() if key in self.list.marked]

    def facts(self) -> list[str]:
        """Return how many lines are marked."""
        return [f"{len(self.marked)} marked"] if self.marked else []

    def action_item_mark(self) -> None:
        """Mark the line and go down."""
        if self.list.current in self.items:
            self.list.toggle_mark()
            self.show_facts()

    def action_item_mark_all(self) -> None:
        """Mark all lines, or none."""
        self.list.toggle_all_marks(set(self.items))
        self.show_facts()

    def action_step_set(self) -> None:
        """Set the next step of the deal, or of all marked ones."""
        marked = self.marked
        if not marked:
            super().action_step_set()
        elif all(item.kind == "deal" for item in marked):
            self.set_step_of([item.deal_id or 0 for item in marked])
        else:
            self.refuse("Only deals' steps are set: unmark the others")

    def action_step_done(self) -> None:
        """Close the step, or all marked ones that can be closed together."""
        if self.marked:
            self._done_marked(agenda_work.judge_done(self.marked))
        else:
            super().action_step_done()

    @work
    async def _done_marked(self, judged: agenda_work.Judged) -> None:
        if not await self._agrees(judged, "done", "Done"):
            return
        deals = [item for item in judged.can if item.kind == "deal"]
        if not deals:
            await self.change(agenda_work.do_all, judged.can, {})
            await self._leave_marked(judged)
            return
        whose = deals[0].customer if len(deals) == 1 else f"each of the {len(deals)} deals"
        what = deals[0].text if len(judged.can) == 1 else f"{len(judged.can)} steps; what comes next is for {whose}"
        form = step_forms.done_form(f"Step done · {len(judged.can)} marked", what, self.host.today(), None)

        async def submit(values: dict[str, Any]) -> bool:
            step = {name: values[name] or "" for name in ("notes", "who")}
            step |= {"next_channel": values["next_channel"], **step_forms.read_next(values, self.host.today())}
            await self.change(agenda_work.do_all, judged.can, step)
            return True

        if await self.ask(form, submit):
            await self._leave_marked(judged)

    def action_step_skip(self) -> None:
        """Leave this step out, or all marked ones, with a reason."""
        if self.marked:
            self._skip_marked(agenda_work.judge_skip(self.marked))
        else:
            super().action_step_skip()

    @work
    async def _skip_marked(self, judged: agenda_work.Judged) -> None:
        if not await self._agrees(judged, "skipped", "Skip"):
            return
        intro = (", ".join(item.customer for item in judged.can), "The next step of each counts from today.")
        form = step_forms.reason_form(f"Skip · {len(judged.can)} marked steps", intro, "Skip")

        async def submit(values: dict[str, str]) -> list[StepDone]:
            return await self.change(agenda_work.skip_all, judged.can, values["reason"])

        done: list[StepDone] | None = await self.ask(form, submit)
        if done is None:
            return
        again = [step.customer for step in done if step.ask_to_end]
        if again:
            key = self.host.keymap.key("step.move")
            self.status(f"Skipped twice in a row: {', '.join(again)} · {key} on its line leaves nurture")
        await self._leave_marked(judged)

    async def _agrees(self, judged: agenda_work.Judged, verb: str, label: str) -> bool:
        """Show what can be done and what can't where it is much, or not all; False for nothing to do."""
        if judged.cannot or len(judged.can) > ASKED_ABOVE:
            from contoso_tui.dialogs.preview import Preview

            answers = {"cancel": "Cancel"} | ({"go": f"{label} {len(judged.can)}"} if judged.can else {})
            count = len(judged.can) + len(judged.cannot)
            answer = await self.app.push_screen_wait(Preview(f"{count} marked", judged.lines(verb), answers))
            return bool(answer == "go")
        return True

    async def _leave_marked(self, judged: agenda_work.Judged) -> None:
        """Unmark what was done; what could not be stays marked."""
        self.list.marked = {agenda_words.key_of(item) for item, _ in judged.cannot}
        await self.read_again()
        self.show_facts()

    def action_step_snooze(self) -> None:
        """Move the step, or all marked ones, to a later day."""
        if self.marked:
            self._snooze_marked(self.marked)
        else:
            super().action_step_snooze()

    @work
    async def _snooze_marked(self, items: list[AgendaItem]) -> None:
        from contoso_tui.dialogs.snooze import Snooze

        until = await self.app.push_screen_wait(Snooze(f"Snooze · {len(items)} marked steps"))
        if until is None:
            return
        await self.change(deal_work.snooze_items, items, until)
        self.list.clear_marks()
        await self.read_again()
        self.show_facts()
