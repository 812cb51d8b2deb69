"""What of a board's model is in view: scrolls columns, names the deals shown. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contoso_tui.widgets.board_layout import BoardLayout, Shape
from contoso_tui.widgets.board_model import BoardModel
from contoso_tui.widgets.board_picture import Spacing, spacing


@dataclass(slots=True)
class BoardView:
    """A model seen through a layout with cards of `lines` lines."""

    model: BoardModel
    layout: BoardLayout
    lines: int
    plain_top: int = 0

    def scroll(self) -> None:
        """Bring the cursor of every column into view and leave no room empty below the last card."""
        if self.layout.is_plain:
            height = max(self.layout.height, 1)
            current = self.model.flat(self.model.column, self.model.active.row)
            top = min(max(self.plain_top, current - height + 1), current)
            self.plain_top = max(min(top, self.model.deals - height), 0)
            return
        for index in range(len(self.model.columns)):
            space = self.space(index)
            if space is not None:
                self.model.columns[index].bring_into_view(space.page, space.full)

    def wheel(self, index: int, cards: int) -> None:
        """Scroll one column by `cards`; its cursor goes along as far as it must to stay in view."""
        space = self.space(index)
        if space is None:
            return
        column = self.model.columns[index]
        column.top = min(max(column.top + cards, 0), max(column.count - space.full, 0))
        last = column.top + max(column.visible(space.page, space.full) - 1, 0)
        column.row = min(max(column.row, column.top), last)

    def space(self, index: int) -> Spacing | None:
        """Return how cards stand in a column, None for a folded one or in a plain list."""
        box = self.layout.box_of(index)
        if box is None or box.shape is Shape.FOLDED:
            return None
        return spacing(box.shape, self.layout.body_rows, self.lines)

    def page(self) -> int:
        """Return how many deals of the cursor's column are a page."""
        space = self.space(self.model.column)
        return max(self.layout.height, 1) if space is None else space.page

    def in_view(self) -> dict[int, int]:
        """Return the deals in view, each with its column."""
        shown: dict[int, int] = {}
        for index, first, last in self._windows():
            for row in range(first, last):
                deal_id = self.model.id_at(index, row)
                if deal_id is not None:
                    shown[deal_id] = index
        return shown

    def wanted(self) -> dict[int, int]:
        """Return the deals whose cards should be read now, each with its column.

        These are the ones in view and a page around them, of the cursor's column two; nothing as long as all in
        view and a page below and above in the cursor's column are in memory, so that a page key finds its cards.
        """
        missing: dict[int, int] = {}
        windows = list(self._windows())
        is_due = False
        for index, first, last in windows:
            page = max(last - first, 1)
            lacking = self.model.missing(index, first, last)
            is_due = is_due or bool(lacking)
            around = page
            if index == self.model.column:
                is_due = is_due or bool(self.model.missing(index, first - page, last + page))
                around = 2 * page
            missing.update(dict.fromkeys(self.model.missing(index, first - around, last + around), index))
        return missing if is_due else {}

    def has_gaps(self) -> bool:
        """Return whether a card in view is not in memory."""
        return any(self.model.missing(index, first, last) for index, first, last in self._windows())

    def place_at(self, x: int, y: int) -> tuple[int, int | None] | None:
        """Return column and row of a cell; the row is None beside the cards, all None outside."""
        if self.layout.is_plain:
            flat = self.plain_top + y
            return self.model.unflat(flat) if flat < self.model.deals else None
        box = self.layout.box_at(x)
        if box is None:
            return None
        if box.shape is Shape.FOLDED:
            return box.columns[min(max(y - self.layout.body_top, 0), len(box.columns) - 1)], None
        index = box.columns[0]
        space = self.space(index)
        if space is None or y < self.layout.body_top:
            return index, None
        column = self.model.columns[index]
        place = (y - self.layout.body_top) // space.pitch
        is_card = place < column.visible(space.page, space.full)
        return index, column.top + place if is_card else None

    def cursor_cell(self) -> tuple[int, int]:
        """Return x and y of the cursor inside the board."""
        model = self.model
        if self.layout.is_plain:
            return 0, max(model.flat(model.column, model.active.row) - self.plain_top, 0)
        box = self.layout.box_of(model.column)
        if box is None:
            return 0, 0
        space = self.space(model.column)
        if space is None or not model.active.count:
            return box.x, self.layout.heading_top
        return box.x, self.layout.body_top + (model.active.row - model.active.top) * space.pitch

    def _windows(self) -> Iterator[tuple[int, int, int]]:
        """Yield column, first row and row after the last in view."""
        if self.layout.is_plain:
            left = self.layout.height
            index, row = self.model.unflat(self.plain_top)
            while left > 0 and index < len(self.model.columns):
                last = min(row + left, self.model.columns[index].count)
                yield index, row, last
                left -= last - row
                index, row = index + 1, 0
            return
        for index, column in enumerate(self.model.columns):
            space = self.space(index)
            if space is not None:
                yield index, column.top, column.top + column.visible(space.page, space.full)
