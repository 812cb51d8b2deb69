"""Where each column and row of the board stands. Pure integers, no text: `layout()` for a size."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from typing import NamedTuple

NARROW_CELLS = 11
"""An accordion's columns beside the cursor's; they get one cell more if `ACTIVE_CELLS` remain."""
ACTIVE_CELLS = 30
MIN_ACTIVE_CELLS = 12
"""Five columns in 60 cells leave this much."""
MIN_ACTIVE_CELLS_WHEN_FOLDING = 22
FOLDED_CELLS = 15
"""A folded column between equal ones; in an accordion it is as narrow as the others."""
EQUAL_FROM_CELLS = 100
"""Width of the columns together, from which all are equally wide (ux.md: from 100 cells; 104 with a pane)."""
EQUAL_FROM_CELLS_WITH_PANE = 104
EQUAL_MIN_CELLS = 16
"""Below this an equal column shows no whole dollars: then an accordion serves better."""
TALL_FROM_CELLS = 140
"""Board width from which headings have three rows (with a pane: whenever columns are equal)."""
FRAME_FROM_CELLS = 120
FRAME_FROM_ROWS = 24
PLAIN_BELOW_CELLS = 60
PLAIN_BELOW_ROWS = 13
"""A screen of 16 rows leaves the board 13."""
OPEN_COLUMNS = 6
"""More than this many columns: those far from the cursor fold."""
OPEN_WHEN_FOLDING = 5


class Shape(Enum):
    """How a column is drawn."""

    ACTIVE = "active"
    """The accordion's wide column: cards without a row between them."""
    NARROW = "narrow"
    """Beside an accordion's wide column."""
    EQUAL = "equal"
    FOLDED = "folded"
    """One or more neighbours as one line each: name and count."""


class Box(NamedTuple):
    """A column on screen, or several folded ones in one place."""

    columns: tuple[int, ...]
    x: int
    width: int
    shape: Shape

    @property
    def right(self) -> int:
        """Return the cell after the column: its separator's."""
        return self.x + self.width


class BoardLayout(NamedTuple):
    """The board's geometry; without boxes it is a plain list of deals."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    has_frame: bool
    has_edge: bool
    """A separator at the right, towards the side pane."""
    heading_rows: int

    @property
    def is_plain(self) -> bool:
        """Return whether there is no room for columns."""
        return not self.boxes

    @property
    def is_accordion(self) -> bool:
        """Return whether moving to another column changes widths."""
        return any(box.shape is Shape.ACTIVE for box in self.boxes)

    @property
    def heading_top(self) -> int:
        """Return the row of the columns' names."""
        return 1 if self.has_frame else 0

    @property
    def body_top(self) -> int:
        """Return the row of the first card."""
        return 0 if self.is_plain else self.heading_top + self.heading_rows + 1

    @property
    def body_rows(self) -> int:
        """Return how many rows cards have."""
        return max(self.height - self.body_top - (1 if self.has_frame else 0), 0)

    def box_of(self, column: int) -> Box | None:
        """Return where a column stands, None in a plain list."""
        return next((box for box in self.boxes if column in box.columns), None)

    def box_at(self, x: int) -> Box | None:
        """Return the column at a cell; a separator belongs to the column on its left."""
        return next((box for box in self.boxes if box.x <= x <= box.right), None)


class _Group(NamedTuple):
    columns: tuple[int, ...]
    is_folded: bool


def layout(
    width: int,
    height: int,
    columns: int,
    active: int,
    *,
    has_pane: bool = False,
    folded: Collection[int] = (),
) -> BoardLayout:
    """Lay out `columns` columns in `width` x `height` cells, the cursor being in column `active`.

    Args:
        width: Cells of the board's widget, the separator towards a pane included (105 in a window of
            140 with a pane of 35).
        height: Rows of the widget, headings included.
        columns: How many columns the pipeline has, 1 to 9.
        active: Index of the cursor's column.
        has_pane: Whether a pane stands at the right of the board.
        folded: Columns folded by hand; the others fold by themselves where they are too many.
    """
    if width < PLAIN_BELOW_CELLS or height < PLAIN_BELOW_ROWS or columns < 1:
        return BoardLayout(width, height, (), False, False, 0)
    room = width - 1 if has_pane else width
    has_frame = height >= FRAME_FROM_ROWS and (has_pane or width >= FRAME_FROM_CELLS)
    groups = _groups(room, columns, active, frozenset(folded))
    widths, shapes = _place(room, groups, active, has_pane)
    boxes = []
    x = 0
    for group, cells, shape in zip(groups, widths, shapes, strict=True):
        boxes.append(Box(group.columns, x, cells, shape))
        x += cells + 1
    is_equal = Shape.ACTIVE not in shapes and any(shape is Shape.EQUAL for shape in shapes)
    is_tall = has_frame and is_equal and (has_pane or width >= TALL_FROM_CELLS)
    return BoardLayout(width, height, tuple(boxes), has_frame, has_pane, 3 if is_tall else 2)


def _groups(room: int, columns: int, active: int, folded: frozenset[int]) -> list[_Group]:
    """Return the columns from left to right, folded neighbours in one group."""
    groups = _grouped(columns, folded)
    if columns - len(folded) <= OPEN_COLUMNS and _cells_left(room, groups) >= MIN_ACTIVE_CELLS:
        return groups
    for count in range(min(OPEN_WHEN_FOLDING, columns), 0, -1):
        shown = _nearest(columns, active, count)
        groups = _grouped(columns, folded | {column for column in range(columns) if column not in shown})
        if _cells_left(room, groups) >= MIN_ACTIVE_CELLS_WHEN_FOLDING:
            break
    return groups


def _grouped(columns: int, hidden: frozenset[int]) -> list[_Group]:
    groups: list[_Group] = []
    for column in range(columns):
        is_folded = column in hidden
        if is_folded and groups and groups[-1].is_folded:
            groups[-1] = _Group((*groups[-1].columns, column), True)
        else:
            groups.append(_Group((column,), is_folded))
    return groups


def _cells_left(room: int, groups: list[_Group]) -> int:
    """Return what an accordion's wide column gets."""
    others = len(groups) - 1
    return room - others * (NARROW_CELLS + 1)


def _nearest(columns: int, active: int, count: int) -> range:
    first = min(max(active - count // 2, 0), columns - count)
    return range(first, first + count)


def _place(room: int, groups: list[_Group], active: int, has_pane: bool) -> tuple[list[int], list[Shape]]:
    """Return the width and shape of each group; widths and separators add up to `room`."""
    cells = room - (len(groups) - 1)
    places = [place for place, group in enumerate(groups) if not group.is_folded]
    if not places:
        return _fill(cells, [FOLDED_CELLS] * len(groups)), [Shape.FOLDED] * len(groups)
    folded_cells = FOLDED_CELLS * (len(groups) - len(places))
    each, over = divmod(max(cells - folded_cells, 0), len(places))
    limit = EQUAL_FROM_CELLS_WITH_PANE if has_pane else EQUAL_FROM_CELLS
    shapes = [Shape.FOLDED if group.is_folded else Shape.NARROW for group in groups]
    if room >= limit and each >= EQUAL_MIN_CELLS:
        widths = [FOLDED_CELLS] * len(groups)
        for order, place in enumerate(places):
            widths[place] = each + (1 if order < over else 0)
            shapes[place] = Shape.EQUAL
        return widths, shapes
    wide = min(places, key=lambda place: min(abs(column - active) for column in groups[place].columns))
    shapes[wide] = Shape.ACTIVE
    widths = [NARROW_CELLS] * len(groups)
    spare = cells - NARROW_CELLS * (len(groups) - 1) - ACTIVE_CELLS
    # From the right, so that moving to a neighbour shifts no third column.
    for place in reversed(range(len(groups))):
        if place != wide and spare > 0:
            widths[place] += 1
            spare -= 1
    widths[wide] = cells - (sum(widths) - widths[wide])
    return widths, shapes


def _fill(cells: int, widths: list[int]) -> list[int]:
    """Give what is missing to the last one."""
    return [*widths[:-1], cells - sum(widths[:-1])]
