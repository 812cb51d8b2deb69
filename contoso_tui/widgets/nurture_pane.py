"""The board's side pane with nurture: late, today, tomorrow, later days, on hold; and the steps of the one selected."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.containers import Vertical

from contoso_tui import formats
from contoso_tui.host import host_of
from contoso_tui.text import clean, cut
from contoso_tui.widgets.list_view import Line, LineList
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import BLANK, RULE, TextBlock, text_line
from models.ids import show_enrolment

if TYPE_CHECKING:
    from models.nurture.records import Agenda, EnrolmentDetail, StepView

_STEPS = ("1 intro call   2 info email", "3 check-in     4 appointment call")
_STEPS_SHORT = ("1 call  2 email  3 email  4 call",)


class NurturePane(Vertical):
    """A list with its own cursor, which shows only while the keys move it."""

    DEFAULT_CSS = """
    NurturePane { height: 1fr; }
    """
    can_focus = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.head = TextBlock()
        self.list = LineList(has_cursor=False)
        self.selected = TextBlock()
        self.foot = TextBlock()

    def compose(self) -> ComposeResult:
        """Lay out head, list, selected account, foot."""
        yield self.head
        yield self.list
        yield self.selected
        yield self.foot

    def show(self, agenda: Agenda, rows: list[Line], *, has_room: bool) -> None:
        """Show an agenda of nurture; the cursor stays on its line. With `has_room` the head has three rows.

        So its rule goes on from that of the board's headings.
        """
        due = agenda.late_count + agenda.nurture_today_count
        self.head.show(
            [
                RULE,
                text_line([(" NURTURE", "heading"), ("  corporate", "dim")], f"{due} due "),
                *(text_line(f" {words}", style="dim") for words in (_STEPS if has_room else _STEPS_SHORT)),
                RULE,
            ]
        )
        self.foot.show([RULE])
        self.list.show(rows, keep=self.list.current)

    def show_selected(self, found: EnrolmentDetail | None, today: dt.date, keys: str) -> None:
        """Show the steps of the account under the cursor with their dates."""
        if found is None:
            self.selected.show([])
            return
        zone = ZoneInfo(host_of(self).settings.zone)
        lines = [
            text_line([(" ─ selected " + "─" * max(self.size.width - 12, 0), "line")]),
            text_line([(f" {clean(found.account.name)}", "heading")], f"{show_enrolment(found.id)} "),
            *(
                text_line(f" {step.position} {cut(clean(step.name.lower()), 18)}", _date(step, today, zone))
                for step in found.steps
            ),
        ]
        if found.account.lead_source:
            lines.append(text_line(f" Source: {clean(found.account.lead_source)}", style="dim"))
        self.selected.show([*lines, text_line(f" {keys}", style="dim"), BLANK])


def _date(step: StepView, today: dt.date, zone: dt.tzinfo) -> list[Part]:
    if step.finished_at is not None:
        on = step.finished_at.astimezone(zone).date()
        return [(f"{step.state} {formats.day_card(on, today, is_wide=False)} ", "dim")]
    if step.due_on is None:
        return [(f"{step.state} ", "dim")]
    is_late = not step.is_forecast and step.due_on < today
    lead = "due " if not step.is_forecast else ""
    return [(f"{lead}{formats.day_card(step.due_on, today, is_wide=False)} ", "late" if is_late else "text")]
