"""The filter line: typed in the status row, live; enter keeps it, esc clears it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from contoso_tui.forms.editing import TextBuffer
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.text import clean

if TYPE_CHECKING:
    from textual.timer import Timer

REST_SECONDS = 0.12
"""The list follows when typing rests this long: not once a letter on a slow link."""


class Filtering(ActingScreen):
    """A screen with a list that `/` narrows; subclasses show `filter_text` in `filter_changed`."""

    def __init__(self) -> None:
        super().__init__()
        self.filter_text = ""
        self._typing: TextBuffer | None = None
        self._filter_timer: Timer | None = None
        self._found = ""

    def filter_changed(self) -> None:
        """Show what `filter_text` matches; call `tell_found` when it is known."""
        raise NotImplementedError

    def tell_found(self, found: str) -> None:
        """Say beside the filter line how much matches, such as "14 match"."""
        self._found = found
        if self._typing is not None:
            self._draw_filter()

    def action_list_filter(self) -> None:
        """Type a filter."""
        self._typing = TextBuffer(self.filter_text)
        self._found = ""
        self._draw_filter()
        self.show_keys()

    def show_keys(self) -> None:
        """Draw the key row; while a filter is typed, the keys of its line."""
        if self._typing is None:
            super().show_keys()
        else:
            self.key_row.keys([("enter", "keep"), ("esc", "clear"), ("ctrl+u", "empty")], prefix="/")

    def clear_filter(self) -> bool:
        """Show everything again; False if there was no filter."""
        if not self.filter_text:
            return False
        self.filter_text = ""
        self.filter_changed()
        return True

    async def on_key(self, event: events.Key) -> None:
        """Type into the filter line while it is open; moving keys move the list."""
        buffer = self._typing
        if buffer is None or event.key in ("up", "down", "pageup", "pagedown"):
            return
        event.stop()
        event.prevent_default()
        if event.key in ("enter", "escape", "tab"):
            self._end(keep=event.key != "escape")
        elif buffer.press(event.key, event.character):
            self._draw_filter()
            self._later()

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text into the filter line."""
        if self._typing is not None:
            event.stop()
            self._typing.insert(event.text)
            self._draw_filter()
            self._later()

    def _draw_filter(self) -> None:
        buffer = self._typing
        if buffer is None:
            return
        text = clean(buffer.text)
        self.status_row.tell(f"/ {text[: buffer.cursor]}▌{text[buffer.cursor :]}   {self._found}")

    def _later(self) -> None:
        if self._filter_timer is not None:
            self._filter_timer.stop()
        self._filter_timer = self.set_timer(REST_SECONDS, self._apply)

    def _apply(self) -> None:
        text = self._typing.text.strip() if self._typing is not None else self.filter_text
        if text != self.filter_text:
            self.filter_text = text
            self.filter_changed()

    def _end(self, *, keep: bool) -> None:
        if self._filter_timer is not None:
            self._filter_timer.stop()
        if keep:
            self._apply()
        self._typing = None
        self.status("")
        self.show_keys()
        if not keep:
            self.clear_filter()
