"""What a slow line to the terminal leaves out: colours beyond 16, the mouse, a repaint for each of others' changes.

The driver times the terminal's first reply (`driver.ReplyTimer`). Behind a multiplexer on this machine it is that
which replies, and nothing is known of the line; `bandwidth = "low"` tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui import themes
from contoso_tui.host import Settings
from contoso_tui.widgets.board import Board

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

    from contoso_tui.driver import SlowLine

    _App = App[Any]
else:
    _App = object

SLOW_LINE = "Slow line: low bandwidth; bandwidth = full in the configuration turns it off"


class ThriftyApp(_App):
    """Mixed into an App before `App`: saves bytes where the settings say so, or the line turns out to be slow."""

    settings: Settings

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        """Leave the mouse to the terminal where the settings say so, or where bytes are dear."""
        wants_mouse = mouse and self.settings.mouse and not self.settings.low_bandwidth
        return super()._build_driver(headless, inline, wants_mouse, size)

    def on_slow_line(self, message: SlowLine) -> None:
        """Save bytes from now on, and say so once."""
        if not self.settings.watches_line or self.settings.low_bandwidth:
            return
        self.settings = self.settings._replace(low_bandwidth=True, mouse=False)
        message.stop_mouse()
        self.theme = themes.choose(self.settings.theme, is_low=True)
        for stack in self._screen_stacks.values():
            for screen in stack:
                for board in screen.query(Board):
                    board.use_styles(themes.palette(self.theme))
        self.tell(SLOW_LINE)

    def tell(self, message: str) -> None:
        """Tell something in the status row."""
        raise NotImplementedError
