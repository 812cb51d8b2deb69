"""The one-line rows that frame every screen; each repaints only when what it says has changed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from contoso_tui.host import palette_of
from contoso_tui.keymap import KeyLabel
from contoso_tui.text import cells, clean, cut
from contoso_tui.themes import Palette

Part = tuple[str, str]
"""A text and the name of its style."""
Parts = tuple[Part, ...]


def as_parts(content: str | Sequence[Part], style: str = "text") -> Parts:
    """Return cleaned parts of a plain text or of styled ones."""
    if isinstance(content, str):
        return ((clean(content), style),) if content else ()
    return tuple((clean(text), name) for text, name in content)


def draw_parts(parts: Sequence[Part], width: int, styles: Palette, *, reverse: bool = False) -> list[Segment]:
    """Return segments of exactly `width` cells: cut with … at the end, or filled with spaces."""
    segments: list[Segment] = []
    room = width
    cursor = styles["cursor"]
    for text, name in parts:
        style = styles[name] + cursor if reverse else styles[name]
        size = cells(text)
        if size > room:
            text = cut(text, room)
            size = cells(text)
            if size:
                segments.append(Segment(text, style))
            room -= size
            break
        segments.append(Segment(text, style))
        room -= size
    if room > 0:
        segments.append(Segment(" " * room, styles["text"] + cursor if reverse else styles["text"]))
    return segments


def _size(parts: Sequence[Part]) -> int:
    return sum(cells(text) for text, _ in parts)


class Row(Widget):
    """One line with a left and a right text; the right one keeps its place, the left one is cut."""

    DEFAULT_CSS = """
    Row { height: 1; width: 1fr; }
    """
    ALLOW_SELECT = False
    can_focus = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left: Parts = ()
        self._right: Parts = ()

    @property
    def text(self) -> str:
        """What the row says, without styles; for tests and the plain form."""
        right = "".join(text for text, _ in self._right)
        return "".join(text for text, _ in self._left) + (f"   {right}" if right else "")

    def show(self, left: str | Sequence[Part], right: str | Sequence[Part] = "", style: str = "text") -> None:
        """Say something else; does nothing if it is what the row says already."""
        new_left, new_right = as_parts(left, style), as_parts(right, "dim")
        if (new_left, new_right) != (self._left, self._right):
            self._left, self._right = new_left, new_right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the row."""
        width = self.size.width
        styles = palette_of(self)
        right = self._right_within(width)
        right_cells = _size(right)
        if not right or right_cells > width // 2 + width // 4:
            return Strip(draw_parts(self._left, width, styles), width)
        left = draw_parts(self._left, width - right_cells - 1, styles)
        return Strip([*left, Segment(" ", styles["text"]), *draw_parts(right, right_cells, styles)], width)

    def _right_within(self, width: int) -> Parts:
        """Return what stands on the right of a row of this width."""
        return self._right


class TopRow(Row):
    """First row: product, screen and view on the left; user and figures on the right."""

    def title(self, screen: str, view: str, right: str | Sequence[Part] = "") -> None:
        """Show where one is; `view` may be a breadcrumb such as "> Fabrikam Clinics · D-1042"."""
        self.show(self.titled(screen, view), right)

    @staticmethod
    def titled(screen: str, view: str) -> list[Part]:
        """Return the left side of `title`."""
        gap = " " if view.startswith(">") else "  "
        return [(" CONTOSO  ", "title"), (f"{screen}{gap}", "heading"), (view, "text")]


class StatusRow(Row):
    """Last but one: the result of the last action for a while, else the detail of the row under the cursor.

    On its right: marks, saved time, what others changed. A result comes first: what it leaves no room for waits.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._detail: Parts = ()
        self._message: Parts = ()
        self._facts: Parts = ()
        self._news: Parts = ()

    @property
    def without_news(self) -> str:
        """What the row says, but for what others changed; a dialog keeps it in view."""
        left = self._message or self._detail
        facts = "".join(text for text, _ in self._facts)
        return "".join(text for text, _ in left) + (f"   {facts}" if facts else "")

    @property
    def message(self) -> str:
        """The result that is being shown, "" if the detail is."""
        return "".join(text for text, _ in self._message)

    @property
    def right_cells(self) -> int:
        """How many cells the right side and the space before it take."""
        return _size(self._right) + bool(self._right)

    def tell(self, message: str, style: str = "text") -> None:
        """Show a result, or with "" the detail again."""
        self._message = as_parts(f" {message}" if message else "", style)
        self._draw()

    def detail(self, detail: str | Sequence[Part]) -> None:
        """Set what stands here while there is no result to tell."""
        self._detail = as_parts(detail)
        self._draw()

    def facts(self, facts: str, news: str = "") -> None:
        """Set the right side: marks and saved time, then what others changed."""
        self._facts = as_parts(f"{facts} " if facts else "", "dim")
        self._news = as_parts(f"  {news} " if facts and news else f"{news} " if news else "", "dim")
        self._draw()

    def _draw(self) -> None:
        self.show(self._message or self._detail, (*self._facts, *self._news))

    def _right_within(self, width: int) -> Parts:
        """Return the whole right side, but of what a result leaves room for: news wait first, then the facts."""
        if not self._message:
            return self._right
        room = width - _size(self._message) - 1
        return next((right for right in (self._right, self._facts) if _size(right) <= room), ())


class KeyRow(Row):
    """Last row: keys and what they do."""

    def keys(self, pairs: Sequence[KeyLabel], prefix: str = "") -> None:
        """Show key and label pairs, two spaces between; `prefix` is a key that waits for a second one.

        Pairs that don't fit are left out whole, the last one never.
        """
        room = self.size.width - (len(prefix) + 3 if prefix else 0)
        shown = list(pairs)
        while len(shown) > 1 and self.size.width and sum(len(f"  {key} {label}") for key, label in shown) - 2 > room:
            del shown[-2]
        parts: list[Part] = [(f"{prefix}_  ", "key")] if prefix else []
        for index, (key, label) in enumerate(shown):
            if index:
                parts.append(("  ", "text"))
            parts += [(key, "key"), (f" {label}", "text")]
        self.show(parts)
