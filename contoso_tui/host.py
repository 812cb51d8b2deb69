"""What screens and dialogs may ask of the app, so that they need not import it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from contoso_tui.keymap import KeyMap
from contoso_tui.themes import Palette

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from contoso_tui.drafts import DraftStore
    from contoso_tui.store import Store
    from models.people.records import Actor

Clock = Callable[[], dt.datetime]
"""Returns the time now, aware, in UTC; tests and `--at` pass their own."""


class Hit(NamedTuple):
    """One customer or deal that the palette found: `goal` is what `Host.open` takes, such as "D-1042"."""

    goal: str
    name: str
    detail: str


Search = Callable[[str], Awaitable[list[Hit]]]


class Settings(NamedTuple):
    """What of the configuration the screens need; `zone` is the company's, in which its days end."""

    theme: str = "auto"
    ascii_glyphs: bool = False
    mouse: bool = True
    low_bandwidth: bool = False
    watches_line: bool = False
    """Whether a slow reply of the terminal turns `low_bandwidth` on."""
    hint_delay_ms: int = 300
    status_seconds: float = 8
    clipboard_method: str = "auto"
    clipboard_max_bytes: int = 74_994
    editor: str = ""
    board_sort: str = "attention"
    card_lines: int = 3
    board_pane: str = "nurture"
    terminal_title: str = "app"
    home: str = ""
    banner: str = ""
    """DEMO or TEST, in the first row of a database where others' names may be used."""
    zone: str = "UTC"


class Host(Protocol):
    """The app as its screens see it."""

    store: Store
    drafts: DraftStore
    settings: Settings
    keymap: KeyMap
    clock: Clock
    last_key: str

    @property
    def actor(self) -> Actor:
        """The user at this terminal."""

    @property
    def palette(self) -> Palette:
        """The named styles of the theme in force."""

    @property
    def screen_names(self) -> tuple[str, ...]:
        """The screens that exist, for goto and palette."""

    @property
    def home_screen(self) -> str:
        """The screen this user starts on."""

    @property
    def is_at_home(self) -> bool:
        """Whether the home screen is shown, with nothing over it."""

    @property
    def search(self) -> Search | None:
        """Finds customers and deals for the palette, if there is a database to ask."""

    def today(self) -> dt.date:
        """The date now, where the company is."""

    def set_terminal_title(self, name: str) -> None:
        """Name the screen in the terminal's title, as far as the settings allow."""

    def go(self, screen: str) -> None:
        """Show a top-level screen; one that was shown before keeps its place."""

    def open_goal(self, goal: str) -> None:
        """Open the deal, customer or quote with this shown id."""

    def tell(self, message: str) -> None:
        """Tell something in the status row of the screen that is shown."""

    def redraw(self) -> None:
        """Draw everything again, after another program wrote to the terminal."""

    def forget_keys(self) -> None:
        """Drop keys that were typed ahead."""

    def leave(self) -> None:
        """End the app, after asking if forms are half filled in."""


def host_of(node: MessagePump) -> Host:
    """Return the app that a widget or screen lives in."""
    return cast(Host, node.app)


def palette_of(node: MessagePump) -> Palette:
    """Return the named styles in force for a widget, also in a bare Textual app."""
    from contoso_tui.themes import palette

    return palette(node.app.theme)


ShellValues = Mapping[str, str]
"""Fills the places of `Command.shell`: deal, customer, quote, id, next_stage, previous_stage, line, import."""
