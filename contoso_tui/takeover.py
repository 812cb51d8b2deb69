"""Holds the terminal from the first board on until Textual takes it over.

What is typed meanwhile reaches the app as it was typed: a terminal that still edits lines would show it over the
board, make enter a newline and stop at ctrl+s. A signal gives the terminal back, as the app does later.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
from types import FrameType
from typing import Any, TextIO

ENTER = "\x1b[?1049h\x1b[?25l\x1b[H"
LEAVE = "\x1b[?25h\x1b[?1049l"

_before: list[Any] | None = None


def hold(out: TextIO) -> None:
    """Take the keys as Textual will, and end well at a signal; `out` is the terminal."""
    global _before
    keyboard = _keyboard()
    if keyboard is None:
        return
    _before = termios.tcgetattr(keyboard)
    raw = termios.tcgetattr(keyboard)
    raw[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    raw[6][termios.VMIN] = 1
    termios.tcsetattr(keyboard, termios.TCSANOW, raw)

    def leave(number: int, _frame: FrameType | None) -> None:
        give_back(out)
        os._exit(128 + number)

    for number in (signal.SIGHUP, signal.SIGTERM):
        # Ignored it stays ignored (nohup).
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, leave)


def settings_before() -> list[Any] | None:
    """Return the terminal's settings as they were before `hold`, None if nothing was held."""
    return _before


def give_back(out: TextIO) -> None:
    """Restore the terminal; for what comes before Textual restores it itself."""
    keyboard = _keyboard()
    if keyboard is not None and _before is not None:
        termios.tcsetattr(keyboard, termios.TCSANOW, _before)
    try:
        os.write(out.fileno(), LEAVE.encode())
    except OSError:
        # The terminal has gone: there is nothing to restore.
        return


def _keyboard() -> int | None:
    """Return the descriptor that Textual will read keys from, if it is a terminal."""
    source = sys.__stdin__
    return source.fileno() if source is not None and source.isatty() else None
