"""The box of second keys after `g`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from contoso_tui.commands import Goto
from contoso_tui.host import palette_of
from contoso_tui.text import pad

WIDTH = 38
COUNT_CELLS = 8


class GotoHint(Widget):
    """Lists the screens one can go to; drawn over the right half of the body."""

    DEFAULT_CSS = f"""
    GotoHint {{ layer: over; position: absolute; width: {WIDTH}; }}
    """
    ALLOW_SELECT = False
    can_focus = False

    def __init__(self, gotos: Sequence[Goto], counts: Mapping[str, int]) -> None:
        super().__init__()
        self._gotos = tuple(gotos)
        self._counts = dict(counts)
        self.styles.height = len(self._gotos) + 2

    def on_mount(self) -> None:
        """Stand right of the middle, above the status row."""
        size = self.screen.size
        left = max(0, min(size.width - WIDTH, size.width // 2))
        top = max(0, min(4, size.height - 2 - len(self._gotos) - 2))
        self.styles.offset = (left, top)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the box."""
        styles = palette_of(self)
        line, text, key = styles["line"], styles["text"], styles["key"]
        inner = WIDTH - 2
        if y == 0:
            return Strip([Segment("┌─ g  go to " + "─" * (inner - 11) + "┐", line)], WIDTH)
        if y > len(self._gotos):
            return Strip([Segment("└─ esc " + "─" * (inner - 6) + "┘", line)], WIDTH)
        goto = self._gotos[y - 1]
        return Strip(
            [
                Segment("│  ", line),
                Segment(goto.key, key),
                Segment(pad(f"  {goto.label}", inner - 3 - COUNT_CELLS), text),
                Segment(pad(str(self._counts.get(goto.screen) or ""), COUNT_CELLS - 2, "right") + "  ", text),
                Segment("│", line),
            ],
            WIDTH,
        )
