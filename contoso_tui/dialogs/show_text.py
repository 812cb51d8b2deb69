"""A text full width without borders, to read, or to select by hand where copying does not work."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from contoso_tui.compositor import LeanScreen
from contoso_tui.host import host_of
from contoso_tui.keymap import key_name
from contoso_tui.text import clean, clean_lines, wrap
from contoso_tui.widgets.list_view import LineList, line
from contoso_tui.widgets.rows import KeyRow, TopRow


class ShowText(LeanScreen, ModalScreen[None]):
    """Shows a text; any of the usual keys scrolls, esc or q closes."""

    DEFAULT_CSS = """
    ShowText { layout: vertical; background: $background; }
    """
    AUTO_FOCUS = ""

    def __init__(self, text: str, title: str = "Text") -> None:
        super().__init__()
        self.text = text
        self.heading = title
        self.top_row = TopRow()
        self.list = LineList(has_cursor=False)
        self.key_row = KeyRow()

    def compose(self) -> ComposeResult:
        """Lay out a title, the text, and the keys."""
        yield self.top_row
        yield self.list
        yield self.key_row

    def on_mount(self) -> None:
        """Fill in the text."""
        self.top_row.title(clean(self.heading), "")
        self.key_row.keys([("j/k", "scroll"), ("pgdn", "page"), ("esc", "close")])
        self._fill()

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._fill()

    def on_key(self, event: events.Key) -> None:
        """Scroll or close."""
        event.stop()
        event.prevent_default()
        key = key_name(event.key, event.character)
        command = host_of(self).keymap.find(key, ("everywhere",))
        name = command.id if command is not None else ""
        page = max(1, self.list.size.height - 1)
        scroll = {"list.down": 1, "list.up": -1, "list.page_down": page, "list.page_up": -page}
        if name in scroll:
            self.list.scroll_lines(scroll[name])
        elif name in ("app.back", "app.leave", "item.show_text"):
            self.dismiss(None)

    def _fill(self) -> None:
        width = max(1, self.app.size.width - 1)
        rows = [row for text in clean_lines(self.text) for row in wrap(text, width)]
        self.list.show(line(row, index) for index, row in enumerate(rows))
