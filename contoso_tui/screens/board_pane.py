"""The board's one side pane: nurture, a preview of the deal, or none; which one is remembered for each user."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual import on, work

from contoso_tui import formats, pane_choice
from contoso_tui.later import Later
from contoso_tui.screens.nurture_actions import NurtureActions
from contoso_tui.screens.step_actions import Subject
from contoso_tui.widgets.list_view import LineList
from contoso_tui.widgets.nurture_pane import NurturePane
from contoso_tui.widgets.text_block import BLANK, RULE, TextBlock

if TYPE_CHECKING:
    from textual.timer import Timer

    from contoso_tui.screens import agenda_words, preview
    from contoso_tui.store import Changed
    from contoso_tui.widgets.board import Board
    from models.deals.records import DealCard
    from models.nurture import agenda as nurture_agenda
    from models.nurture import views
    from models.nurture.records import Agenda, AgendaItem
else:
    agenda_words = Later("contoso_tui.screens.agenda_words")
    preview = Later("contoso_tui.screens.preview")
    nurture_agenda = Later("models.nurture.agenda")
    views = Later("models.nurture.views")

SLOW_SECONDS = 0.2
"""On a slow link the preview follows when the cursor rests."""
_NURTURE_TABLES = ("enrolment", "enrolment_step", "customer", "person", "activity")


class PaneHolder(NurtureActions):
    """The part of the board's screen that keeps the side pane."""

    board: Board

    def __init__(self) -> None:
        super().__init__()
        self.pane_choice = ""
        self.pane_is_active = False
        self.nurture_pane = NurturePane(id="nurture-pane")
        self.preview_pane = TextBlock(id="preview-pane", fits=False)
        self.nurture: Agenda | None = None
        self.agenda_due = 0
        """What the agenda holds that is late or due today."""
        self._pane_items: dict[agenda_words.ItemKey, AgendaItem] = {}
        self._preview_timer: Timer | None = None

    @property
    def card(self) -> DealCard | None:
        """The deal under the board's cursor."""
        return self.board.current

    @property
    def pane(self) -> str:
        """Which pane is shown: nurture, preview or off."""
        if not self.is_wide:
            return "off"
        return self.pane_choice or self.host.settings.board_pane

    def fit_pane(self) -> None:
        """Show the chosen pane where there is room, and give the board what remains."""
        width = self.app.size.width
        shown = self.pane
        cells = pane_choice.cells(width)
        for name, widget in (("nurture", self.nurture_pane), ("preview", self.preview_pane)):
            widget.styles.width = cells
            widget.display = name == shown
        self.board.set_pane(shown != "off")
        if self.pane_is_active and shown != "nurture":
            self.leave_pane()

    def action_board_pane(self) -> None:
        """Go on to the next pane; without room for one, to the agenda."""
        if not self.is_wide:
            self.host.go("agenda")
            self.app.call_later(self._say_agenda)
            return
        self.pane_choice = pane_choice.PANES[(pane_choice.PANES.index(self.pane) + 1) % len(pane_choice.PANES)]
        pane_choice.remember_pane(self.host.actor.login, self.pane_choice)
        self.fit_pane()
        self.refresh_pane()
        self.status(f"Pane: {self.pane_choice}")

    def _say_agenda(self) -> None:
        shown = self.app.screen
        if isinstance(shown, NurtureActions):
            key = self.host.keymap.key("app.goto")
            shown.status(f"Beside the board from 120 columns; here as a screen. {key} b goes back to the board")

    # ---- into the pane and out

    def action_pane_next(self) -> None:
        """Go into the pane, or back to the board."""
        if self.pane_is_active:
            self.leave_pane()
        elif self.pane == "nurture":
            self.pane_is_active = True
            self.nurture_pane.list.is_active = True
            self.show_keys()
            self._show_selected()
        else:
            self.refuse(
                "The preview only shows; p goes on to the next pane"
                if self.pane == "preview"
                else "No pane beside the board: p shows one"
            )

    def action_pane_previous(self) -> None:
        """Go back to the board, or into the pane."""
        self.action_pane_next()

    def leave_pane(self) -> None:
        """Let the keys move the board again."""
        self.pane_is_active = False
        self.nurture_pane.list.is_active = False
        self.show_keys()

    @property
    def pane_item(self) -> AgendaItem | None:
        """The pane's line under its cursor."""
        key = self.nurture_pane.list.current
        return self._pane_items.get(key) if isinstance(key, tuple) else None

    def pane_subject(self) -> Subject | None:
        """Return what the pane's line is about."""
        return Subject.of_item(self.pane_item) if self.pane_item is not None else None

    def open_pane_item(self) -> None:
        """Open the customer of the pane's line."""
        if self.pane_item is not None:
            self.host.open_goal(formats.customer_id(self.pane_item.customer_id))

    # ---- what the panes show

    def refresh_pane(self) -> None:
        """Read the pane that is shown."""
        if self.pane == "nurture":
            self._load_nurture()
        elif self.pane == "preview":
            self._load_preview()

    def pane_changed(self, changed: Changed) -> None:
        """Read the pane again if something in it may have changed."""
        if self.pane == "preview" or any(changed.ids(table) for table in _NURTURE_TABLES):
            self.refresh_pane()

    @work(exclusive=True, group="pane")
    async def _load_nurture(self) -> None:
        now = self.host.clock()
        owner = self.host.actor.id
        found = await self.read(nurture_agenda.list_agenda, owner, now, view="nurture")
        deals = await self.read(nurture_agenda.list_agenda, owner, now, view="deals", days=1, limit=1)
        self.nurture = found
        self.agenda_due = found.late_count + found.nurture_today_count + deals.late_count + deals.deals_today_count
        held = (*found.late, *found.nurture_today, *found.tomorrow, *found.on_hold)
        self._pane_items = {agenda_words.key_of(item): item for item in held}
        rows = agenda_words.pane_rows(found, pane_choice.CELLS, self.host.today())
        self.nurture_pane.show(found, rows, has_room=self.app.size.width >= pane_choice.EQUAL_FROM)
        self._show_selected()
        self.nurture_read()

    def nurture_read(self) -> None:
        """Take in that `nurture` is known now."""

    @on(LineList.Highlighted)
    def _pane_highlighted(self) -> None:
        self._show_selected()

    @work(exclusive=True, group="pane-selected")
    async def _show_selected(self) -> None:
        item = self.pane_item
        found = None
        if item is not None and item.enrolment_id is not None:
            found = await self.read(views.get, item.enrolment_id, self.host.clock())
        key = self.host.keymap.key
        keys = f"{key('pane.next')} into the pane"
        if self.pane_is_active:
            names = {"step.done": "done", "step.snooze": "snooze", "step.skip": "skip", "pane.next": "board"}
            keys = "  ".join(f"{key(command)} {word}" for command, word in names.items())
        self.nurture_pane.show_selected(found, self.host.today(), keys)

    def preview_follows(self) -> None:
        """Show the deal under the cursor in the preview, on a slow link once the cursor rests."""
        if self.pane != "preview":
            return
        if not self.host.settings.low_bandwidth:
            self._load_preview()
            return
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(SLOW_SECONDS, self._load_preview)

    @work(exclusive=True, group="pane")
    async def _load_preview(self) -> None:
        card = self.card
        if card is None:
            self.preview_pane.show([])
            return
        found = await self.read(preview.read_preview, card.id, self.host.clock())
        width, height = self.preview_pane.size
        zone = ZoneInfo(self.host.settings.zone)
        told = preview.lines(found, self.host.actor.id, self.host.today(), zone, width or pane_choice.CELLS)
        # The frame below the board's columns goes on below the pane.
        self.preview_pane.show([*told, *[BLANK] * (height - len(told) - 1), RULE])
