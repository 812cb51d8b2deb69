"""The board: deals in columns, what can be done with the one under the cursor, and the side pane."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal

from contoso_tui.host import ShellValues
from contoso_tui.pane_choice import remembered_pane
from contoso_tui.screens import board_words
from contoso_tui.screens.board_figures import BoardFigures
from contoso_tui.screens.board_source import BoardStart, StoreSource
from contoso_tui.screens.deal_actions import DealActions
from contoso_tui.screens.step_actions import Subject
from contoso_tui.waiting import settled
from contoso_tui.widgets.board import Board
from contoso_tui.widgets.rows import Row
from models import process
from models.deals import board as deals_board
from models.deals.board import View
from models.deals.records import DealCard, TechState

if TYPE_CHECKING:
    from contoso_tui.store import Changed

REFRESH_AT_MOST = 200
"""With more changed deals than this the whole board is read again: it costs less."""
DAY_SECONDS = 60
_WAITING = frozenset({TechState.DUE, TechState.DRAFT, TechState.STALE, TechState.FAILED})
_FOR_DEALS = frozenset({"item.open", "item.mark", "item.edit"})


class BoardScreen(BoardFigures, DealActions):
    """Home of those who sell; made with what `read_start` read, so that the first frame shows deals."""

    scope: ClassVar[str] = "board"
    DEFAULT_CSS = """
    BoardScreen .wide { display: none; }
    BoardScreen.-is-wide .wide { display: block; }
    BoardScreen #preview-pane { height: 1fr; }
    """

    def __init__(self, start: BoardStart) -> None:
        super().__init__(start)
        self._today = dt.date.min
        self._is_new_view = False
        self._waiting_ids: set[int] = set()
        self._detailed: DealCard | None = None

    # ---- frame

    def compose(self) -> ComposeResult:
        """Lay out the frame; on a wide terminal with a second row, and the deal's line apart from the results."""
        self._today = self.host.today()
        self.pane_choice = remembered_pane(self.host.actor.login)
        self.info_row = Row(id="info", classes="wide")
        self.detail_row = Row(id="detail", classes="wide")
        self.board = Board(
            self.rules.stages(self.view.pipeline),
            today=self._today,
            styles=self.host.palette,
            card_lines=self.host.settings.card_lines,
            limit_minor=self.rules.tech_check_limit_usd_cents,
        )
        yield self.top_row
        yield self.info_row
        with Horizontal(id="middle"):
            yield self.board
            yield self.nurture_pane
            yield self.preview_pane
        yield self.status_row
        yield self.detail_row
        yield self.key_row

    def on_mount(self) -> None:
        """Show what was read before the screen was there."""
        self._fit()
        self.board.show(self._source(), first=self.start.window)
        self.board.go_where_deals_are()
        self.show_frame()
        self.set_interval(DAY_SECONDS, self._look_at_the_day)
        self.renew_figures()
        self.refresh_pane()
        if not self.start.has_deals:
            self.call_after_refresh(self._show_ways)

    def _show_ways(self) -> None:
        from contoso_tui.screens.empty import EmptyScreen

        self.app.push_screen(EmptyScreen())

    def on_resize(self) -> None:
        """Show or hide what needs a wide terminal."""
        shown = self.pane
        self._fit()
        self.show_frame()
        self.show_facts()
        if self.pane != shown or self.warnings is None:
            self.refresh_pane()
            self.count_warnings()

    def _fit(self) -> None:
        self.set_class(self.is_wide, "-is-wide")
        self.fit_pane()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The pane's keys hold while it is active."""
        return ("pane", "everywhere") if self.pane_is_active else super().scopes

    def show_frame(self) -> None:
        """Draw first and second row and the deal's line again."""
        self.show_rows()
        self._show_detail()

    async def run_command(self, command_id: str, key: str = "") -> None:
        """Run a command and show what the cursor then stands on: in the same frame, not in the next."""
        await super().run_command(command_id, key)
        self._show_detail()

    def _show_detail(self) -> None:
        limit = self.rules.tech_check_limit_usd_cents
        self._detailed = self.board.current
        room = self.app.size.width - (0 if self.is_wide else self.status_row.right_cells)
        parts = board_words.detail(self._detailed, limit, self._today, room, is_wide=self.is_wide)
        self.detail_row.show(parts)
        self.status_row.detail("" if self.is_wide else parts)
        self.show_keys()

    def facts(self) -> list[str]:
        """Return how many deals are marked, what waits, and which size the columns need."""
        marked = len(self.board.marked)
        waiting = len(self._waiting_ids)
        news = [f"{waiting} changed · {self.host.keymap.key('app.refresh')}"] if waiting else []
        return [*([f"{marked} marked"] if marked else []), *news, *board_words.too_small(*self.app.size)]

    # ---- what is shown

    def _source(self) -> StoreSource:
        return StoreSource(self.host.store, self.view, self.host.clock)

    def show_view(self, keep_id: int | None = None) -> None:
        """Read the view anew; the cursor stays on its deal if the view has it."""
        self._is_new_view = True
        self.closed = None
        self.board.set_empty_text("")
        self.board.show(self._source(), keep_id=keep_id if keep_id is not None else self.board.model.current_id)

    @on(Board.Loaded)
    def _loaded(self) -> None:
        self.show_frame()
        if not self._is_new_view:
            return
        self._is_new_view = False
        self.board.go_where_deals_are()
        count = self.board.model.deals
        self.tell_found(f"{count:,} match" if count != 1 else "1 matches")
        self.count_warnings()
        if not count:
            self._say_empty()

    @work(exclusive=True, group="empty")
    async def _say_empty(self) -> None:
        elsewhere = 0
        if self.filter_text:
            totals = await self.read(
                deals_board.list_totals, View(pipeline=self.view.pipeline, text=self.filter_text), self.host.clock()
            )
            elsewhere = sum(total.deals for total in totals)
        self.board.set_empty_text(board_words.nothing_found(self.named_view.name, self.filter_text, elsewhere))

    @property
    def is_busy(self) -> bool:
        """Whether the cursor is still to go where the deals of a new view are."""
        return super().is_busy or self._is_new_view

    def filter_changed(self) -> None:
        """Show what the filter matches."""
        self.show_view()

    def action_screen_view(self) -> None:
        """Go on to the next view."""
        self._go_to_view((self.view_index + 1) % len(self.views))
        following = self.views[(self.view_index + 1) % len(self.views)].name
        self.status(f"{self.named_view.name} · {self.host.keymap.key('screen.view')} {following}")

    def _go_to_view(self, index: int) -> None:
        """Show a view; one of another pipeline has other columns."""
        before, self.view_index = self.view.pipeline, index
        if self.view.pipeline != before:
            self.board.set_rules(self.rules.stages(self.view.pipeline), self.rules.tech_check_limit_usd_cents)
        self.show_view()

    def action_board_views(self) -> None:
        """Choose one of all views."""
        self._choose_view()

    @work
    async def _choose_view(self) -> None:
        from contoso_tui.dialogs.picker import Picker
        from contoso_tui.forms.fields import Choice

        choices = [Choice(named.code, named.name, named.code) for named in self.views]
        chosen = await self.app.push_screen_wait(Picker("Views of the board", choices))
        if chosen is not None:
            self._go_to_view([named.code for named in self.views].index(chosen))

    def action_app_refresh(self) -> None:
        """Renew order and figures."""
        super().action_app_refresh()
        self._waiting_ids.clear()
        self.show_facts()
        self.board.reload()
        self.refresh_pane()
        self.renew_figures()

    def _look_at_the_day(self) -> None:
        """Begin a new day when the company does."""
        if self.host.today() != self._today:
            self._today = self.host.today()
            self.board.set_today(self._today)
            self.action_app_refresh()

    # ---- others

    def database_changed(self, changed: Changed) -> None:
        """Read again what changed and is shown."""
        ids = set(changed.ids("deal"))
        customers = changed.ids("customer")
        steps = changed.ids("activity")
        has_check = bool(changed.ids("tech_check_draft") | changed.ids("tech_check"))
        has_score = bool(changed.ids("assessment"))
        for card in self.board.model.cards:
            is_waiting = has_score or (has_check and card.tech in _WAITING)
            if card.customer_id in customers or card.next_step_id in steps or is_waiting:
                ids.add(card.id)
        if changed.ids("process_version"):
            self._follow_process()
        asked = changed.ids("quote_approval_request") | changed.ids("quote_approval")
        if changed.ids("deal_member") or (asked and self.view.is_to_approve):
            self.board.reload()
        others = changed.by_others(self.host.actor.login, "deal")
        if self.host.settings.low_bandwidth and others:
            self._waiting_ids |= ids
            self.show_facts()
            return
        self.note_others(changed)
        if len(ids) > REFRESH_AT_MOST or changed.ids("import_run"):
            self.board.reload()
        elif ids:
            self.board.refresh_deals(ids - others)
            if others:
                self.board.refresh_deals(others, is_by_others=True)
        self.pane_changed(changed)
        self.renew_figures()

    @work(exclusive=True, group="process")
    async def _follow_process(self) -> None:
        """Show the columns of a process that was put in force meanwhile."""
        current, code = self.board.model.current_id, self.named_view.code
        self.rules = await self.read(process.current)
        codes = [named.code for named in self.views]
        self.view_index = codes.index(code) if code in codes else 0
        self.board.set_rules(self.rules.stages(self.view.pipeline), self.rules.tech_check_limit_usd_cents)
        self.show_view(current)

    @on(Board.Highlighted)
    def _highlighted(self) -> None:
        # After a key it is shown already.
        if self.board.current is not self._detailed:
            self._show_detail()
        self.preview_follows()
        self.app.cursor_position = self.board.cursor_offset

    # ---- what actions act on

    def deal_ids(self) -> list[int]:
        """Return the marked deals, else the one under the cursor."""
        return self.board.targets

    def subject(self) -> Subject | None:
        """Return what a step or an activity would belong to."""
        if self.pane_is_active:
            return self.pane_subject()
        return Subject.of_card(self.card) if self.card is not None else None

    def subject_deals(self) -> list[int]:
        """Return the deals a step action is for."""
        return [] if self.pane_is_active else self.deal_ids()

    async def steps_changed(self, subject: Subject | None, deal_ids: Sequence[int]) -> None:
        """Show what a step or a log entry changed."""
        if deal_ids:
            await self.deals_changed(deal_ids)
        self.refresh_pane()

    async def deals_changed(self, ids: Sequence[int], *, follow: int | None = None) -> None:
        """Show deals as they stand after a change of the user's."""
        await settled(self.board.refresh_deals(ids, follow=follow))
        if len(ids) > 1:
            self.board.clear_marks()
            self.show_facts()

    async def deal_made(self, deal_id: int) -> None:
        """Show a new deal, on the board of the pipeline that it went into."""
        from models.deals.details import get_detail

        pipeline = (await self.read(get_detail, deal_id, self.host.clock())).pipeline
        place = next((at for at, one in enumerate(self.views) if one.is_mine and one.view.pipeline == pipeline), None)
        if pipeline == self.pipeline or place is None:
            await super().deal_made(deal_id)
        else:
            self._go_to_view(place)

    def stage_to_leave(self) -> str:
        """Return the stage of the deal under the cursor unless it is the last one."""
        stages = self.rules.stages(self.view.pipeline)
        return next((stage.name for stage in stages[:-1] if self.card and stage.id == self.card.stage), "")

    def action_item_edit(self) -> None:
        """Change the deal's fields, or one field of the marked ones."""
        self.edit_several(self.deal_ids())

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run now."""
        area = command_id.partition(".")[0]
        if command_id == "item.edit" and self.pane_is_active:
            return "Deals are changed on the board: esc leaves the pane"
        if self.pane_is_active:
            needs_line = area in ("step", "activity", "customer") or command_id == "item.open"
            return "Nothing in the pane to act on" if needs_line and self.pane_item is None else None
        needs_deal = area in ("deal", "step", "activity", "customer") or command_id in _FOR_DEALS
        if needs_deal and not self.deal_ids():
            return "No deal here: h and l go to other columns, n makes one"
        return super().why_not(command_id)

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms with the deal under the cursor."""
        stages = self.rules.stages(self.view.pipeline)
        return board_words.shell_values(self.card, [stage.id for stage in stages]) if self.card is not None else {}

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the deal under the cursor."""
        return board_words.copy_texts(self.card) if self.card is not None else {}
