"""The framed box of every dialog: a title, lines that scroll inside, a foot; repaints only lines that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from contoso_tui.host import palette_of
from contoso_tui.text import cells, cut
from contoso_tui.widgets.rows import Part, draw_parts

FRAME_ROWS = 2
FRAME_CELLS = 2


@dataclass(frozen=True, slots=True)
class BoxLine:
    """One line inside; `is_current` draws it reversed with the cursor at its left edge."""

    parts: tuple[Part, ...] = ()
    is_current: bool = False
    owner: str = ""


def plain(text: str, style: str = "text") -> BoxLine:
    """Return a line of one style with the usual blank at the left; the text must be clean."""
    return BoxLine(((f" {text}", style),))


RULE = BoxLine((("─", "line"),))
"""A line across the box."""


class Box(Widget):
    """Draws a dialog's frame and lines. The first `fixed` lines stay when the rest scrolls."""

    DEFAULT_CSS = """
    Box { width: 74; height: auto; }
    """
    ALLOW_SELECT = False
    can_focus = False

    class LineClicked(Message):
        """A line was clicked; `owner` is what the line belongs to, `chain` how many clicks came together."""

        def __init__(self, index: int, owner: str, chain: int) -> None:
            super().__init__()
            self.index = index
            self.owner = owner
            self.chain = chain

    class Wheel(Message):
        """The wheel was turned by so many steps, down positive."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, *, fixed: int = 0) -> None:
        super().__init__()
        self._fixed = fixed
        self._title = ""
        self._lines: tuple[BoxLine, ...] = ()
        self._foot: tuple[Part, ...] = ()
        self._note = ""
        self._top = 0
        self._room = 10
        self._tallest = 0

    @property
    def inner_width(self) -> int:
        """Cells between the two sides of the frame."""
        return max(1, self.size.width - FRAME_CELLS)

    @property
    def shown_rows(self) -> int:
        """How many lines there is room for."""
        return max(1, self._room - FRAME_ROWS)

    @property
    def text(self) -> str:
        """All lines without styles, for tests."""
        return "\n".join("".join(text for text, _ in line.parts) for line in self._lines)

    def fit(self, width: int, rows: int) -> None:
        """Take at most this width and height, frame included."""
        self._room = rows
        self._tallest = 0
        self.styles.width = width
        self._set_height()

    def keep_in_view(self, rows: int) -> None:
        """Leave so many lines at the top where they are when the others are scrolled."""
        self._fixed = rows

    def show(
        self,
        title: str,
        lines: Sequence[BoxLine],
        foot: Sequence[Part] = (),
        visible: tuple[int, int] | None = None,
    ) -> None:
        """Show this; lines `visible[0]` to `visible[1]` are scrolled into view."""
        old = [self._row(y) for y in range(self._height())]
        self._title, self._lines, self._foot = title, tuple(lines), tuple(foot)
        if visible is not None:
            self._bring_into_view(*visible)
        self._top = max(0, min(self._top, len(self._lines) - self.shown_rows))
        self._set_height()
        self._place_real_cursor()
        new = [self._row(y) for y in range(self._height())]
        if len(old) != len(new):
            return
        width = self.size.width
        regions = [
            Region(0, y, width, 1) for y, (before, after) in enumerate(zip(old, new, strict=True)) if before != after
        ]
        if regions:
            self.refresh(*regions)

    def note(self, text: str) -> None:
        """Show a few words at the right end of the upper frame, "" for none; the text must be clean."""
        if text != self._note:
            self._note = text
            self.refresh(Region(0, 0, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw a line of frame or content."""
        width = self.size.width
        styles = palette_of(self)
        frame = styles["line"]
        inner = width - FRAME_CELLS
        kind, content = self._row(y)
        if kind == "top":
            note = f" {cut(self._note, inner // 2)} ─" if self._note else ""
            title = cut(str(content), inner - 4 - cells(note))
            rest = "─" * max(0, inner - 3 - cells(title) - cells(note))
            drawn = [Segment("┌─ ", frame), Segment(title, styles["heading"]), Segment(f" {rest}", frame)]
            return Strip([*drawn, Segment(note[:-1], styles["soon"]), Segment(f"{note[-1:]}┐", frame)], width)
        if kind == "foot":
            parts = self._foot
            segments = draw_parts(parts, inner, styles)
            used = sum(cells(text) for text, _ in parts)
            if used < inner - 1:
                segments = [
                    Segment("─ ", frame),
                    *draw_parts(parts, used, styles),
                    Segment(" " + "─" * max(0, inner - used - 3) if parts else "─" * (inner - 2), frame),
                ]
            return Strip([Segment("└", frame), *segments, Segment("┘", frame)], width)
        if not isinstance(content, BoxLine):
            return Strip([Segment("│" + " " * inner + "│", frame)], width)
        if content == RULE:
            return Strip([Segment("│ " + "─" * (inner - 2) + " │", frame)], width)
        if content.is_current:
            drawn = [
                Segment("▌", styles["accent"]),
                *draw_parts(_without_edge(content.parts), inner - 1, styles, reverse=True),
            ]
        else:
            drawn = draw_parts(content.parts, inner, styles)
        return Strip([Segment("│", frame), *drawn, Segment("│", frame)], width)

    def on_resize(self) -> None:
        """Take the terminal's own cursor along."""
        self._place_real_cursor()

    def on_click(self, event: events.Click) -> None:
        """Say which line was clicked."""
        kind, content = self._row(event.y)
        if kind == "line" and isinstance(content, BoxLine):
            self.post_message(self.LineClicked(self._index(event.y), content.owner, event.chain))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Pass the wheel on."""
        event.stop()
        self.post_message(self.Wheel(1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Pass the wheel on."""
        event.stop()
        self.post_message(self.Wheel(-1))

    def _place_real_cursor(self) -> None:
        """Put the terminal's cursor on the caret or the current line: input methods and Braille displays follow it."""
        for y in range(1, self._height() - 1):
            content = self._row(y)[1]
            if not isinstance(content, BoxLine):
                continue
            styles = [style for _, style in content.parts]
            if content.is_current or "caret" in styles:
                before = content.parts[: styles.index("caret")] if "caret" in styles else ()
                x = 1 + sum(cells(text) for text, _ in before)
                self.app.cursor_position = Offset(self.region.x + x, self.region.y + y)
                return

    def _height(self) -> int:
        # It never shrinks while it is open: that would lay out and repaint the whole screen.
        return max(self._tallest, min(len(self._lines) + FRAME_ROWS, max(self._room, FRAME_ROWS + 1)))

    def _set_height(self) -> None:
        height = self._tallest = self._height()
        if self.styles.height is None or self.styles.height.value != height or self.styles.height.is_auto:
            self.styles.height = height

    def _index(self, y: int) -> int:
        place = y - 1
        return place if place < self._fixed else place + self._top

    def _row(self, y: int) -> tuple[str, object]:
        if y == 0:
            return "top", self._title
        if y >= self._height() - 1:
            return "foot", self._foot
        index = self._index(y)
        return "line", self._lines[index] if index < len(self._lines) else None

    def _bring_into_view(self, first: int, last: int) -> None:
        rows = self.shown_rows
        if last >= self._top + rows:
            self._top = last - rows + 1
        if first - self._fixed < self._top:
            self._top = max(0, first - self._fixed)


def _without_edge(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Drop the blank at the left, whose place the cursor takes."""
    if parts and parts[0][0].startswith(" "):
        return ((parts[0][0][1:], parts[0][1]), *parts[1:])
    return parts
