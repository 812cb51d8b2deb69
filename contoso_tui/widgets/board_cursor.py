"""What keys and mouse do to the board's cursor, marks and folds. The board itself draws and reads."""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

from textual.events import Click, MouseDown, MouseScrollDown, MouseScrollUp, MouseUp
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget

from contoso_tui.widgets.board_model import BoardModel
from contoso_tui.widgets.board_view import BoardView
from models.deals.records import DealCard


class _Drag(NamedTuple):
    """A deal on which the mouse button went down, its column's number and the place on the screen."""

    deal_id: int
    column: int
    began: Offset


class BoardCursor(Widget):
    """The half of the board that its screen's keys call; every method draws what it changed."""

    class Opened(Message, namespace="board"):
        """A deal was opened by a double click or `open_current()`."""

        def __init__(self, deal_id: int) -> None:
            self.deal_id = deal_id
            super().__init__()

    class Dropped(Message, namespace="board"):
        """A deal was dragged by the mouse into the column of another stage."""

        def __init__(self, deal_id: int, stage_id: str) -> None:
            self.deal_id = deal_id
            self.stage_id = stage_id
            super().__init__()

    def __init__(self, model: BoardModel, view: BoardView, id: str | None) -> None:
        super().__init__(id=id)
        self.model = model
        self._view = view
        self._dragged: _Drag | None = None
        self._was_dropped = False

    @abstractmethod
    def _update(self) -> None:
        """Draw what differs, and read what is missing."""

    @property
    def current(self) -> DealCard | None:
        """Return the card under the cursor; None in an empty column and until the card is read."""
        return self.model.card(self.model.current_id)

    @property
    def marked(self) -> frozenset[int]:
        """Return the marked deals."""
        return frozenset(self.model.marks)

    @property
    def targets(self) -> list[int]:
        """Return the deals an action is meant for: the marked ones, else the one under the cursor."""
        if self.model.marks:
            return sorted(self.model.marks)
        return [] if self.model.current_id is None else [self.model.current_id]

    @property
    def cursor_offset(self) -> Offset:
        """Return the cell of the cursor on the screen; the board keeps `App.cursor_position` there."""
        return self.region.offset + Offset(*self._view.cursor_cell())

    def move_down(self, count: int = 1) -> None:
        """Move `count` deals down, up if negative; in a plain list on to the next column."""
        model = self.model
        model.look_away()
        if self._view.layout.is_plain:
            flat = model.flat(model.column, model.active.row) + count
            model.go(*model.unflat(min(max(flat, 0), max(model.deals - 1, 0))))
        else:
            model.move_rows(count)
        self._update()

    def move_right(self, count: int = 1) -> None:
        """Move `count` columns to the right, to the left if negative."""
        self.model.look_away()
        self.model.move_columns(count)
        self._update()

    def page_down(self, count: int = 1) -> None:
        """Move `count` pages down, up if negative."""
        self.move_down(count * self._view.page())

    def go_top(self) -> None:
        """Go to the first deal of the column."""
        self.move_down(-self.model.deals)

    def go_bottom(self) -> None:
        """Go to the last deal of the column."""
        self.move_down(self.model.deals)

    def go_where_deals_are(self) -> None:
        """Put the cursor into the first column that has a deal if it stands in an empty one."""
        model = self.model
        if model.deals and not model.active.count:
            self.go_to_column(next(number for number, column in enumerate(model.columns, 1) if column.count))

    def go_to_column(self, number: int) -> None:
        """Go to a column by its number, from 1; unknown ones are ignored."""
        if 1 <= number <= len(self.model.columns):
            self.move_right(number - 1 - self.model.column)

    def cursor_to(self, deal_id: int) -> bool:
        """Put the cursor on a deal; False if the view doesn't have it."""
        self.model.look_away()
        is_found = self.model.move_to(deal_id)
        self._update()
        return is_found

    def neighbour(self, deal_id: int, step: int) -> int | None:
        """Return the deal `step` places after another in reading order, over the ends of columns."""
        return self.model.after(deal_id, step)

    def toggle_fold(self) -> None:
        """Fold or unfold the cursor's column."""
        self.model.folded.symmetric_difference_update((self.model.column,))
        self._update()

    def mark(self) -> None:
        """Mark the deal under the cursor, or take its mark away, and go down."""
        if self.model.current_id is not None:
            self.model.toggle_mark(self.model.current_id)
            self.move_down()

    def mark_all(self) -> None:
        """Mark all deals of the view; if all are marked, none."""
        self.model.mark_all()
        self._update()

    def clear_marks(self) -> None:
        """Take all marks away."""
        self.model.marks.clear()
        self._update()

    def open_current(self) -> None:
        """Post `Opened` for the deal under the cursor, also before its card is read."""
        if self.model.current_id is not None:
            self.post_message(self.Opened(self.model.current_id))

    def on_mouse_down(self, event: MouseDown) -> None:
        """Remember the deal under the mouse: it may be dragged."""
        place = self._view.place_at(event.x, event.y)
        self._was_dropped = False
        self._dragged = None
        if event.button == 1 and place is not None and place[1] is not None:
            ids = self.model.columns[place[0]].ids
            if place[1] < len(ids):
                self._dragged = _Drag(ids[place[1]], place[0], event.screen_offset)

    def on_mouse_up(self, event: MouseUp) -> None:
        """Post `Dropped` for a deal that was dragged into another column."""
        dragged, self._dragged = self._dragged, None
        place = self._view.place_at(event.x, event.y)
        if dragged is None or place is None or place[0] == dragged.column or event.screen_offset == dragged.began:
            return
        self._was_dropped = True
        self.post_message(self.Dropped(dragged.deal_id, self.model.columns[place[0]].stage.id))

    def on_click(self, event: Click) -> None:
        """Move to what was clicked; a double click opens it."""
        place = self._view.place_at(event.x, event.y)
        if place is None or self._was_dropped:
            return
        self.model.look_away()
        self.model.go(*place)
        self._update()
        if event.chain == 2 and place[1] is not None:
            self.open_current()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Scroll the column under the mouse."""
        self._wheel(event.x, event.y, 1)
        event.stop()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Scroll the column under the mouse."""
        self._wheel(event.x, event.y, -1)
        event.stop()

    def _wheel(self, x: int, y: int, cards: int) -> None:
        if self._view.layout.is_plain:
            self.move_down(cards)
            return
        place = self._view.place_at(x, y)
        if place is not None:
            self._view.wheel(place[0], cards)
            self._update()
