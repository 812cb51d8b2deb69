"""Going through the program by key in a terminal, whatever texts its data holds."""

from __future__ import annotations

import time

from tests.flows.stream import crooked
from tests.terminal.terminal import Terminal

Steps = tuple[tuple[str, str], ...]
"""Keys, apart by spaces, and what then stands on the screen whatever the data; `close` leaves what is open."""
PASTE, PASTED = "\x1b[200~", "\x1b[201~"
_SHOWN_SECONDS = 2.0
"""A busy machine may take so long to show what escape closed; a field that was left looks the same."""


def settle(terminal: Terminal, keys: str, text: str) -> None:
    """Wait for the text; whatever else is drawn then, its lines must be straight."""
    terminal.wait_for(text)
    terminal.wait_until(lambda: terminal.read(0.05) == 0)
    assert crooked(terminal.screen) == [], (keys, terminal.screen_text())
    assert terminal.child.isalive(), keys


def is_open(terminal: Terminal) -> bool:
    return terminal.shows("┌─ ")() or "j/k scroll" in terminal.screen.display[-1]


def press(terminal: Terminal, key: str) -> None:
    """Press a key; `close` leaves whatever dialogs and texts are open, each with a key or two."""
    if key != "close":
        terminal.press(key)
        return
    for _ in range(6):
        if is_open(terminal):
            before, end = terminal.screen_text(), time.monotonic() + _SHOWN_SECONDS
            terminal.press("esc")
            while terminal.read(0.1) or (terminal.screen_text() == before and time.monotonic() < end):
                pass
    assert not is_open(terminal), terminal.screen_text()


def walk(terminal: Terminal, steps: Steps) -> None:
    """Go through screens; each shows what it must."""
    for keys, text in steps:
        for key in keys.split():
            press(terminal, key)
        settle(terminal, keys, text)
