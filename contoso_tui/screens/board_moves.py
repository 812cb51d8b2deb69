"""Moving about the board: its cursor, columns and marks, or the pane's list while the keys move that."""

from __future__ import annotations

from textual import on, work

from contoso_tui import formats
from contoso_tui.screens.board_pane import PaneHolder
from contoso_tui.screens.filtering import Filtering
from contoso_tui.waiting import settled
from contoso_tui.widgets.board import Board
from contoso_tui.widgets.list_view import LineList


class BoardMoves(PaneHolder, Filtering):
    """Keys that change nothing in the database."""

    _was_covered = False

    @property
    def active_list(self) -> LineList | None:
        """The pane's list while the keys move it."""
        return self.nurture_pane.list if self.pane_is_active else None

    def action_list_up(self) -> None:
        """Move up."""
        if self.pane_is_active:
            super().action_list_up()
        else:
            self.board.move_down(-1)

    def action_list_down(self) -> None:
        """Move down."""
        if self.pane_is_active:
            super().action_list_down()
        else:
            self.board.move_down(1)

    def action_list_left(self) -> None:
        """Move to the column on the left, out of the pane to the board."""
        if self.pane_is_active:
            self.leave_pane()
        else:
            self.board.move_right(-1)

    def action_list_right(self) -> None:
        """Move to the column on the right."""
        if not self.pane_is_active:
            self.board.move_right(1)

    def action_list_page_up(self) -> None:
        """Move a page up."""
        if self.pane_is_active:
            super().action_list_page_up()
        else:
            self.board.page_down(-1)

    def action_list_page_down(self) -> None:
        """Move a page down."""
        if self.pane_is_active:
            super().action_list_page_down()
        else:
            self.board.page_down(1)

    def action_list_top(self) -> None:
        """Move to the first row."""
        if self.pane_is_active:
            super().action_list_top()
        else:
            self.board.go_top()

    def action_list_bottom(self) -> None:
        """Move to the last row."""
        if self.pane_is_active:
            super().action_list_bottom()
        else:
            self.board.go_bottom()

    def action_board_column(self, key: str) -> None:
        """Go to a column."""
        self.board.go_to_column(int(key))

    def action_board_fold(self) -> None:
        """Fold or unfold the column."""
        self.board.toggle_fold()

    def action_item_open(self) -> None:
        """Open the deal under the cursor, or the account of the pane's line."""
        if self.pane_is_active:
            self.open_pane_item()
        else:
            self.board.open_current()

    def action_item_mark(self) -> None:
        """Mark the deal and go down."""
        if self.pane_is_active:
            self.refuse("Lines of the pane are done one by one; the agenda (g a) has marks")
            return
        self.board.mark()
        self.show_facts()

    def action_item_mark_all(self) -> None:
        """Mark all deals of the view, or none."""
        if not self.pane_is_active:
            self.board.mark_all()
            self.show_facts()

    def action_app_back(self) -> None:
        """Leave the pane, else clear the filter, else the marks."""
        if self.pane_is_active:
            self.leave_pane()
        elif not self.clear_filter() and self.board.marked:
            self.board.clear_marks()
            self.show_facts()

    # ---- other screens over it

    def on_screen_suspend(self) -> None:
        """Remember that the deal under the cursor may be changed on the screen that comes over this one."""
        self._was_covered = True

    def on_screen_resume(self) -> None:
        """Read the deal under the cursor again: the next key is for the deal as it stands, not as it was left."""
        if self._was_covered and self.board.current is not None:
            self._catch_up(self.board.current.id)
        self._was_covered = False

    @work
    async def _catch_up(self, deal_id: int) -> None:
        await settled(self.board.refresh_deals([deal_id]))

    # ---- what the board says

    @on(Board.Opened)
    def _opened(self, message: Board.Opened) -> None:
        self.host.open_goal(formats.deal_id(message.deal_id))

    @on(Board.ReadFailed)
    def _read_failed(self, message: Board.ReadFailed) -> None:
        self.refuse(f"{message.error.message} · {self.host.keymap.key('app.refresh')} tries again")
