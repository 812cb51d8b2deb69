"""Marked lines of the agenda, and moving them to a later day together."""

from __future__ import annotations

from textual import work

from contoso_tui.screens import deal_work
from contoso_tui.screens.agenda_words import ItemKey
from contoso_tui.screens.nurture_actions import NurtureActions
from contoso_tui.widgets.list_view import LineList
from models.nurture.records import AgendaItem


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
        self.list.toggle_mark()
        self.show_facts()

    def action_item_mark_all(self) -> None:
        """Mark all lines, or none."""
        self.list.toggle_all_marks()
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
