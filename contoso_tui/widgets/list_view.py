"""A list drawn by lines, with its own cursor: any number of rows, one widget, only touched lines repainted."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from contoso_tui.host import palette_of
from contoso_tui.widgets.rows import Part, as_parts, draw_parts

CURSOR = "▌"


class Line(NamedTuple):
    """One row: `parts` are styled texts that share the width; `right` keeps its place at the right edge.

    A heading has no key and cannot hold the cursor.
    """

    parts: tuple[Part, ...]
    key: object = None
    right: tuple[Part, ...] = ()
    is_heading: bool = False


def line(text: str | Sequence[Part], key: object, style: str = "text", right: str | Sequence[Part] = "") -> Line:
    """Return a row that can be chosen; its text is cleaned here."""
    return Line(as_parts(text, style), key, as_parts(right, "dim"))


def heading(text: str | Sequence[Part], style: str = "heading") -> Line:
    """Return a row that only says what follows."""
    return Line(as_parts(text, style), None, (), is_heading=True)


Window = Callable[[int, int], Sequence[Line]]
"""Returns rows `start` to `start + n` of a list too long to hold; must be quick, it runs while drawing."""


@dataclass(slots=True)
class _Rows:
    count: int = 0
    window: Window = field(default=lambda _start, _n: ())


class LineList(Widget):
    """Shows rows and a cursor. The screen's keys call `move`, `page`, `move_to`; it takes no focus itself.

    Give all rows with `show`, or a count and a window of rows with `show_window`.
    """

    DEFAULT_CSS = """
    LineList { width: 1fr; height: 1fr; }
    """
    ALLOW_SELECT = False
    can_focus = False

    class Highlighted(Message):
        """The cursor stands on another row; `key` is that row's."""

        def __init__(self, view: LineList, key: object) -> None:
            super().__init__()
            self.view = view
            self.key = key

        @property
        def control(self) -> LineList:
            """The list, for `@on` selectors."""
            return self.view

    class Chosen(Message):
        """A row was opened by enter or double click."""

        def __init__(self, view: LineList, key: object) -> None:
            super().__init__()
            self.view = view
            self.key = key

        @property
        def control(self) -> LineList:
            """The list, for `@on` selectors."""
            return self.view

    def __init__(self, *, id: str | None = None, empty: str = "", has_cursor: bool = True) -> None:
        super().__init__(id=id)
        self.empty = empty
        self.marked: set[object] = set()
        self._rows = _Rows()
        self._cursor = 0
        self._top = 0
        self._is_active = has_cursor

    # ---- rows

    @property
    def count(self) -> int:
        """How many rows there are, headings included."""
        return self._rows.count

    @property
    def cursor(self) -> int:
        """Index of the row under the cursor."""
        return self._cursor

    @property
    def current(self) -> object:
        """The key of the row under the cursor, None without one."""
        found = self._line(self._cursor)
        return found.key if found is not None and not found.is_heading else None

    @property
    def is_active(self) -> bool:
        """Whether the cursor shows; a list in a pane that the keys do not move hides it."""
        return self._is_active

    @is_active.setter
    def is_active(self, active: bool) -> None:
        if active != self._is_active:
            self._is_active = active
            self._refresh_rows(self._cursor)

    def show(self, lines: Iterable[Line], keep: object = None) -> None:
        """Show these rows; the cursor goes to the row with key `keep`, else stays near where it was."""
        held = tuple(lines)
        if keep is not None:
            place = next((index for index, row in enumerate(held) if row.key == keep), None)
            if place is not None:
                self._cursor = place
        self.show_window(len(held), lambda start, n: held[start : start + n])

    def show_window(self, count: int, window: Window) -> None:
        """Show `count` rows, read piece by piece while drawing."""
        self._rows = _Rows(count, window)
        self._cursor = self._landing(max(0, min(self._cursor, count - 1)), 1)
        self._scroll_into_view()
        self.refresh()
        self._post_highlighted()

    # ---- cursor

    def move(self, by: int) -> None:
        """Move the cursor by rows that can hold it; stops at the ends."""
        step = 1 if by > 0 else -1
        place = self._cursor
        for _ in range(abs(by)):
            following = self._next(place, step)
            if following is None:
                break
            place = following
        self._put(place)

    def page(self, by: int) -> None:
        """Move the cursor by whole pages."""
        rows = max(1, self.size.height - 1)
        goal = max(0, min(self._cursor + by * rows, self.count - 1))
        self._put(self._landing(goal, by))

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, or the nearest that can hold it."""
        self._put(self._landing(max(0, min(index, self.count - 1)), 1))

    def move_to_key(self, key: object) -> bool:
        """Put the cursor on the row with this key; False if there is none."""
        for index, row in enumerate(self._rows.window(0, self.count)):
            if row.key == key and not row.is_heading:
                self._put(index)
                return True
        return False

    def scroll_lines(self, by: int) -> None:
        """Scroll without a cursor, as a text is read."""
        top = max(0, min(self._top + by, self.count - self.size.height))
        if top != self._top:
            self._top = self._cursor = top
            self.refresh()

    def choose(self) -> None:
        """Open the row under the cursor."""
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def toggle_mark(self) -> None:
        """Mark or unmark the row under the cursor and go down."""
        key = self.current
        if key is None:
            return
        self.marked ^= {key}
        self._refresh_rows(self._cursor)
        self.move(1)

    def toggle_all_marks(self, among: Container[object] | None = None) -> None:
        """Mark every row, or none if all are; only those whose keys are `among` these, if given."""
        keys = {
            row.key
            for row in self._rows.window(0, self.count)
            if not row.is_heading and (among is None or row.key in among)
        }
        self.marked = set() if keys <= self.marked else keys
        self.refresh()

    def clear_marks(self) -> bool:
        """Unmark all; False if nothing was marked."""
        if not self.marked:
            return False
        self.marked = set()
        self.refresh()
        return True

    # ---- drawing

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        styles = palette_of(self)
        index = self._top + y
        row = self._line(index)
        if row is None:
            text = self.empty if self.count == 0 and y == 0 else ""
            return Strip(draw_parts(as_parts(f" {text}", "dim"), width, styles), width)
        if row.is_heading:
            return Strip(draw_parts(row.parts, width, styles), width)
        has_cursor = self._is_active and index == self._cursor
        is_marked = row.key in self.marked
        edge = CURSOR if has_cursor else "*" if is_marked else " "
        style = styles["mark" if is_marked and not has_cursor else "accent"]
        right = row.right
        right_width = min(sum(len(text) for text, _ in right) + 1, width // 2) if right else 0
        segments = [Segment(edge, style)]
        segments += draw_parts(row.parts, width - 1 - right_width, styles, reverse=has_cursor)
        if right:
            segments += draw_parts(((" ", "text"), *right), right_width, styles, reverse=has_cursor)
        return Strip(segments, width)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._scroll_into_view()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row; a double click opens it."""
        index = self._top + event.y
        row = self._line(index)
        if row is None or row.is_heading:
            return
        self._put(index)
        if event.chain == 2:
            self.choose()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down."""
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up."""
        event.stop()
        self.move(-3)

    # ---- inside

    def _line(self, index: int) -> Line | None:
        if not 0 <= index < self.count:
            return None
        found = self._rows.window(index, 1)
        return found[0] if found else None

    def _next(self, place: int, step: int) -> int | None:
        place += step
        while 0 <= place < self.count:
            row = self._line(place)
            if row is not None and not row.is_heading:
                return place
            place += step
        return None

    def _landing(self, place: int, step: int) -> int:
        row = self._line(place)
        if row is not None and not row.is_heading:
            return place
        found = self._next(place, 1 if step > 0 else -1)
        if found is None:
            found = self._next(place, -1 if step > 0 else 1)
        return place if found is None else found

    def _put(self, place: int) -> None:
        before = self._cursor
        if place == before or self.count == 0:
            # A heading above the first row comes into view when one goes up against the end.
            if place == before and self._scroll_into_view():
                self.refresh()
            return
        self._cursor = place
        if self._scroll_into_view():
            self.refresh()
        else:
            self._refresh_rows(before, place)
        self._post_highlighted()

    def _scroll_into_view(self) -> bool:
        height = max(1, self.size.height)
        top = self._top
        first = self._cursor
        while first > 0 and (above := self._line(first - 1)) is not None and above.is_heading:
            first -= 1
        if self._cursor >= top + height:
            top = self._cursor - height + 1
        if first < top:
            top = first if self._cursor - first < height else self._cursor
        top = max(0, min(top, self.count - height))
        changed = top != self._top
        self._top = top
        return changed

    def _refresh_rows(self, *indexes: int) -> None:
        width, height = self.size
        regions = [Region(0, index - self._top, width, 1) for index in indexes if 0 <= index - self._top < height]
        if regions:
            self.refresh(*regions)

    def _post_highlighted(self) -> None:
        if self.is_mounted:
            if self._is_active:
                # The terminal's own cursor, hidden as it is, tells Braille displays and magnifiers where to look.
                self.app.cursor_position = Offset(self.region.x, self.region.y + self._cursor - self._top)
            self.post_message(self.Highlighted(self, self.current))
