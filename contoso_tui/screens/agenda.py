"""The agenda: nurture steps, deals' next steps and tasks of the coming days, and doing them by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from contoso_tui import formats
from contoso_tui.host import ShellValues
from contoso_tui.screens import agenda_side, agenda_words
from contoso_tui.screens.agenda_side import Selected
from contoso_tui.screens.agenda_week import DAYS, AgendaWeek
from contoso_tui.screens.deal_actions import DealActions
from contoso_tui.screens.step_actions import Subject
from contoso_tui.text import cells
from contoso_tui.widgets.list_view import LineList
from contoso_tui.widgets.rows import Part, Row
from contoso_tui.widgets.text_block import BLANK, RULE, TextBlock
from models.deals.records import DealCard
from models.nurture.agenda import list_agenda
from models.nurture.records import AgendaItem

if TYPE_CHECKING:
    from contoso_tui.store import Changed

SIDE_CELLS = 48
_DATES_FROM_ROWS = 30
"""Terminals as high as this keep room for the dates of nurture; on others it is made when first needed."""
_FOR_MARKED = frozenset({"step.set", "step.done", "step.snooze", "step.skip"})
_TABLES = ("deal", "activity", "enrolment", "enrolment_step", "customer", "person", "import_run", "process_version")


class AgendaScreen(AgendaWeek, DealActions):
    """Whom to call today."""

    scope: ClassVar[str] = "agenda"
    DEFAULT_CSS = f"""
    AgendaScreen .wide {{ display: none; }}
    AgendaScreen.-is-wide .wide {{ display: block; }}
    AgendaScreen #side {{ width: {SIDE_CELLS}; height: 1fr; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self.selected: Selected | None = None
        self._date_rows = 0

    # ---- frame

    def compose(self) -> ComposeResult:
        """Lay out list and side."""
        self.info_row = Row(id="info")
        self.info_row.add_class("wide")
        self.rule = TextBlock(id="rule")
        self.dates = TextBlock(id="dates")
        self.dates.add_class("wide")
        self.side = TextBlock(id="side", has_edge=True, fits=False)
        self.side.add_class("wide")
        self.foot_rule = TextBlock(id="foot")
        self.foot_rule.add_class("wide")
        self.detail_row = Row(id="detail")
        yield self.top_row
        yield self.info_row
        yield self.rule
        with Horizontal():
            with Vertical():
                yield self.list
                yield self.dates
            yield self.side
        yield self.foot_rule
        yield self.detail_row
        yield self.status_row
        yield self.key_row

    def on_mount(self) -> None:
        """Read the agenda."""
        self.rule.show([RULE])
        self.foot_rule.show([RULE])
        self._fit()
        self.show_frame()
        self.load()

    def on_resize(self) -> None:
        """Show the side where there is room."""
        self._fit()
        self.call_after_refresh(self.show_rows)

    def _fit(self) -> None:
        self.set_class(self.is_wide, "-is-wide")
        self.detail_row.display = not self.is_wide and self.app.size.height > 16
        self.show_frame()

    @property
    def active_list(self) -> LineList:
        """The list that the moving keys move."""
        return self.list

    def goto_counts(self) -> dict[str, int]:
        """Count what is late or due."""
        found = self.agenda
        return {"agenda": found.late_count + found.nurture_today_count + found.deals_today_count if found else 0}

    def show_frame(self) -> None:
        """Draw first and second row."""
        today = self.host.today()
        found = self.agenda
        late = found.late_count if found else 0
        due = found.nurture_today_count + found.deals_today_count if found else 0
        name = self.view_words + (f"  /{self.filter_text}" if self.filter_text else "")
        date = formats.day_full(today)
        if not self.is_wide:
            words = f"{self.host.settings.banner}  Agenda  {name}"
            room = self.app.size.width - cells(f" CONTOSO  {words} ")
            self.show_place(name, agenda_words.figures(today, late, due, room))
            return
        self.show_place(name, date)
        self.top_row.show(self.goto_parts(), f"{self.host.actor.login}   {date} ")
        if found is not None:
            counts: list[Part] = [
                (f"! {late} late   ", "late" if late else "dim"),
                (f"{found.nurture_today_count} nurture today   {found.deals_today_count} deal steps today   ", "text"),
                (f"{found.on_hold_count} on hold ", "soon" if found.on_hold_count else "dim"),
            ]
            self.info_row.show(f" View: {name} · {self.view.days} days", counts)

    # ---- reading

    @work(exclusive=True, group="agenda")
    async def load(self) -> None:
        """Read the agenda."""
        await self.read_again()

    async def read_again(self) -> None:
        """Read the agenda; the cursor stays on its line, or on the one that took its place."""
        actor = self.host.actor
        self.agenda = await self.read(
            list_agenda,
            None if self.view.is_team else actor.id,
            self.host.clock(),
            days=DAYS,
            view=self.view.kinds,
            team_id=actor.team_id if self.view.is_team else None,
            with_later=self.wants_later,
        )
        await self.read_week()
        self.show_rows()
        self.arrive()
        self.show_frame()

    def show_rows(self) -> None:
        """Draw the list; the cursor stays on its line."""
        items = self.listed()
        if items is None:
            return
        self.items = {agenda_words.key_of(item): item for item in items}
        size = self.list.size
        lines = self.lines(max(size.width, 40), max(size.height, 5))
        self.list.empty = self._empty_text()
        self.list.marked &= set(self.items)
        self.list.show(lines, keep=self.list.current)
        shown = sum(row.key in self.items for row in lines)
        self.tell_found(f"{shown} match" if shown != 1 else "1 matches")
        self._show_selected()

    def _empty_text(self) -> str:
        if self.filter_text:
            return f"Nothing matches '{self.filter_text}' in {self.view.name}. esc clear"
        return f"Nothing to do in {self.view.name}. v next view"

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self._show_selected()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_item_open()

    @work(exclusive=True, group="selected")
    async def _show_selected(self) -> None:
        item = self.item
        if item is None:
            self.selected = None
        else:
            self.selected = await self.read(agenda_side.read_selected, item, self.host.clock())
        self._draw_side()

    def _draw_side(self) -> None:
        today = self.host.today()
        found = self.selected
        self.detail_row.show(agenda_side.one_line(found, today) if found is not None else "")
        if self.is_wide and self.agenda is not None:
            self.side.show(agenda_side.side_lines(found, self.agenda, today, SIDE_CELLS - 1))
            dates = agenda_side.dates_if_done(found, today, ZoneInfo(self.host.settings.zone))
            # The list keeps its height while the cursor goes from nurture to deals and back.
            steps = max((item.of + 1 for item in self.items.values() if item.of), default=0)
            has_room = self.app.size.height >= _DATES_FROM_ROWS
            self._date_rows = max(self._date_rows, len(dates), steps if has_room else 0)
            self.dates.show([*dates, *[BLANK] * (self._date_rows - len(dates))])

    def database_changed(self, changed: Changed) -> None:
        """Read the agenda again if something on it may have changed."""
        if any(changed.ids(table) for table in _TABLES):
            self.load()
            self.note_others(changed)

    # ---- what actions act on

    @property
    def item(self) -> AgendaItem | None:
        """The line under the cursor."""
        key = self.list.current
        return self.items.get(key) if isinstance(key, tuple) else None

    @property
    def card(self) -> DealCard | None:
        """No card: lines are no cards."""
        return None

    def subject(self) -> Subject | None:
        """Return what the line under the cursor is about."""
        return Subject.of_item(self.item) if self.item is not None else None

    def deal_ids(self) -> list[int]:
        """Return the deal of the line under the cursor."""
        return [self.item.deal_id] if self.item is not None and self.item.deal_id is not None else []

    async def deals_changed(self, ids: Sequence[int], *, follow: int | None = None) -> None:
        """Read again."""
        await self.read_again()

    async def steps_changed(self, subject: Subject | None, deal_ids: Sequence[int]) -> None:
        """Read again; the cursor stands on the next line."""
        await self.read_again()

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run on this line."""
        area, _, verb = command_id.partition(".")
        if area in ("step", "activity", "customer", "deal") or command_id in ("item.open", "item.mark"):
            if self.on_fold and command_id == "item.open":
                return None
            if self.marked and command_id in _FOR_MARKED:
                return None
            if self.item is None:
                return (
                    "This is the head of a section: enter opens it"
                    if self.on_fold
                    else "No line here: v shows other views"
                )
            if self.marked and area in ("step", "activity", "deal"):
                return "That is done line by line: esc takes the marks away"
            if area == "deal" and self.item.deal_id is None:
                return f"{self.item.customer} has no deal on this line"
            is_nurture = self.item.kind == "nurture"
            if area == "step" and verb in ("skip", "move") and not is_nurture:
                return "Only steps of nurture can be skipped, paused or left"
        return super().why_not(command_id)

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms with the line under the cursor."""
        item = self.item
        if item is None:
            return {}
        values = {"id": agenda_words.shown_id(item), "customer": formats.customer_id(item.customer_id)}
        return values | ({"deal": formats.deal_id(item.deal_id)} if item.deal_id is not None else {})

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the line under the cursor."""
        return agenda_side.copy_texts(self.item, self.selected) if self.item is not None else {}

    # ---- keys

    def action_item_open(self) -> None:
        """Open the deal, or the customer of a nurture step; on the head of a section, open or close that."""
        if self.on_fold:
            self.fold(self.on_fold, is_open=self.on_fold not in self.opened)
            return
        item = self.item
        if item is None:
            return
        goal = formats.deal_id(item.deal_id) if item.deal_id is not None else formats.customer_id(item.customer_id)
        self.host.open_goal(goal)

    def action_app_refresh(self) -> None:
        """Read again."""
        super().action_app_refresh()
        self.load()

    def filter_changed(self) -> None:
        """Show what the filter matches."""
        self.show_or_read()
        self.show_frame()

    def action_app_back(self) -> None:
        """Clear the filter, else the marks; then back to where the user starts."""
        if self.clear_filter():
            return
        if self.list.clear_marks():
            self.show_facts()
        else:
            self.host.go(self.host.home_screen)
