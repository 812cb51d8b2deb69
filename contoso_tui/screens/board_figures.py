"""The board's first two rows: where one is, the user's figures, and what of the view needs a look."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work

from contoso_tui.screens import board_words
from contoso_tui.screens.board_moves import BoardMoves
from contoso_tui.screens.board_source import BoardStart, NamedView, read_points, views_of
from contoso_tui.text import cells
from contoso_tui.widgets.rows import Part, Row
from models.deals import board as deals_board
from models.deals.board import View

COUNTED_AT_MOST = 500
"""Warnings are counted in views of at most this many deals."""


class BoardFigures(BoardMoves):
    """The part of the board's screen that names the view and counts."""

    info_row: Row

    def __init__(self, start: BoardStart) -> None:
        super().__init__()
        self.start = start
        self.rules = start.rules
        self.points: int | None = None
        self.view_index = start.view_index
        self.warnings: board_words.Warnings | None = None
        self.closed: board_words.Closed | None = None

    @property
    def views(self) -> tuple[NamedView, ...]:
        """The views that `v` goes through."""
        return views_of(self.host.actor, self.rules, self.host.settings.board_sort)

    @property
    def named_view(self) -> NamedView:
        """The view that is shown."""
        return self.views[self.view_index % len(self.views)]

    @property
    def pipeline(self) -> str:
        """The pipeline that is shown."""
        return self.named_view.view.pipeline

    @property
    def view(self) -> View:
        """What is shown, with the filter."""
        return self.named_view.for_user(self.host.actor.id, self.filter_text)

    def show_rows(self) -> None:
        """Draw first and second row again."""
        name = self.named_view.name + (f"  /{self.filter_text}" if self.filter_text else "")
        self.show_place(name)
        if self.is_wide:
            left: list[Part] = [(f" View: {name.replace('·', ' · ')}", "text")]
            left.append((f"        Filter: {self.filter_text or 'none'}", "text"))
            room = self.app.size.width - sum(cells(text) for text, _ in left) - 1
            self.info_row.show(left, self._looked_at(room))

    def show_place(self, view: str, figures: str | Sequence[Part] = "") -> None:
        """Show in the first row where one is, on a wide terminal the other screens with their keys, and the figures."""
        left = self.goto_parts() if self.is_wide else self.top_row.titled(self.place_name, view)
        room = self.app.size.width - sum(cells(text) for text, _ in left) - 1
        self.top_row.show(left, figures or self._figures_within(room))

    def _figures_within(self, room: int) -> str:
        totals = [column.total for column in self.board.model.columns if column.total is not None]
        return board_words.figures(
            self.host.actor.login,
            totals if self.view.outcome == "open" else None,
            self.points,
            self.start.quota,
            self.host.today(),
            room,
            self.closed,
        )

    def _looked_at(self, room: int) -> Sequence[Part]:
        """Return what needs a look; of lost deals why they were."""
        if self.closed is not None:
            return self.closed.parts(self.rules.lost_reasons, room)
        return self.warnings.parts() if self.warnings is not None else ()

    @work(exclusive=True, group="warnings")
    async def count_warnings(self) -> None:
        """Count what needs a look, on a wide terminal; of closed deals what the quarter brought."""
        view = self.view
        self.warnings = None
        if view.outcome != "open":
            since = board_words.quarter_start(self.host.today())
            found = await self.read(deals_board.list_closings, view, since)
            self.closed = board_words.Closed(view.outcome, found)
        else:
            self.closed = None
            if self.is_wide and self.board.model.deals <= COUNTED_AT_MOST:
                ids = [deal_id for column in self.board.model.columns for deal_id in column.ids]
                cards = await self.read(deals_board.list_cards, ids, self.host.clock())
                self.warnings = board_words.Warnings.of(cards)
        self.show_rows()

    @work(exclusive=True, group="figures")
    async def renew_figures(self) -> None:
        """Read the points again, and count."""
        if self.start.quota is not None:
            self.points = await self.read(read_points, self.host.actor, self.host.clock())
            self.show_rows()
        self.count_warnings()

    def goto_counts(self) -> dict[str, int]:
        """Count what is late or due in the agenda, once that is known."""
        return {"agenda": self.agenda_due}

    def nurture_read(self) -> None:
        """Count what is due beside the agenda's key."""
        self.show_rows()
