"""Lines of text without a cursor: heads, side panels, feet; only lines that changed are painted again."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from contoso_tui.host import palette_of
from contoso_tui.text import cells
from contoso_tui.widgets.list_view import Line
from contoso_tui.widgets.rows import Part, as_parts, draw_parts

RULE = Line((("─", "line"),), is_heading=True)
"""A line across."""
BLANK = Line((), is_heading=True)


def text_line(left: str | Sequence[Part], right: str | Sequence[Part] = "", style: str = "text") -> Line:
    """Return a line whose right text keeps its place; both are cleaned here."""
    return Line(as_parts(left, style), None, as_parts(right, "dim"))


class TextBlock(Widget):
    """Shows lines from its top; as high as they are, unless the style sheet gives it a height.

    With `has_edge` a vertical line stands at the left. Where the style sheet gives the height (not `fits`), empty lines
    give way to what doesn't fit; what still doesn't is counted in the last line.
    """

    DEFAULT_CSS = """
    TextBlock { width: 1fr; height: auto; }
    """
    ALLOW_SELECT = False
    can_focus = False

    def __init__(self, *, id: str | None = None, has_edge: bool = False, fits: bool = True) -> None:
        super().__init__(id=id)
        self._given: tuple[Line, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._has_edge = has_edge
        self._fits = fits

    @property
    def text(self) -> str:
        """All lines without styles, for tests; also those that the widget has no room for."""
        return "\n".join("".join(text for text, _ in (*row.parts, *row.right)) for row in self._lines)

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self._given = tuple(lines)
        before, self._lines = self._lines, self._given if self._fits else squeezed(self._given, self.size.height)
        if self._fits and len(before) != len(self._lines):
            self.styles.height = len(self._lines)
            self.refresh(layout=True)
            return
        width = self.size.width
        longest = max(len(before), len(self._lines))
        pairs = ((_at(before, y), _at(self._lines, y)) for y in range(longest))
        regions = [Region(0, y, width, 1) for y, (old, new) in enumerate(pairs) if old != new]
        if len(before) != len(self._lines) and self.size.height:
            regions.append(Region(0, self.size.height - 1, width, 1))
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Let empty lines come back, or give way."""
        if not self._fits:
            self.show(self._given)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        styles = palette_of(self)
        row = _at(self._lines, y)
        hidden = len(self._lines) - self.size.height
        if hidden > 0 and y == self.size.height - 1:
            row = text_line(f"  … {hidden + 1} more lines", style="dim")
        lead = [Segment("├" if row == RULE else "│", styles["line"])] if self._has_edge else []
        room = width - len(lead)
        if row == RULE:
            return Strip([*lead, Segment("─" * room, styles["line"])], width)
        right_width = sum(cells(text) for text, _ in row.right) + bool(row.right)
        if right_width >= room:
            return Strip([*lead, *draw_parts((*row.parts, (" ", "text"), *row.right), room, styles)], width)
        right = ((" ", "text"), *row.right) if row.right else ()
        drawn = draw_parts(row.parts, room - right_width, styles)
        return Strip([*lead, *drawn, *draw_parts(right, right_width, styles)], width)


def squeezed(lines: Sequence[Line], height: int) -> tuple[Line, ...]:
    """Leave out as many empty lines as it takes to fit `height`, the last ones first; a height of 0 isn't known yet."""
    kept = list(lines)
    for place in range(len(kept) - 1, -1, -1):
        if not height or len(kept) <= height:
            break
        if kept[place] == BLANK:
            del kept[place]
    return tuple(kept)


def _at(lines: Sequence[Line], y: int) -> Line:
    return lines[y] if 0 <= y < len(lines) else BLANK
