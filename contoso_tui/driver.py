"""The terminal driver: Textual's for Linux and macOS, with six differences that remote terminals need.

It ends the app on end of input, where Textual 8.2 spins; it reports mouse buttons and drags, not every movement;
an escape key is known sooner; it isn't lost when the next key comes with it; a paste stays one text in its place among
the keys; and a slow line is told. Parts of `LinuxDriver` that are replaced here are private: textual is held at 8.2.
"""

from __future__ import annotations

import os
import re
import selectors
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from textual import constants, events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from contoso_tui import takeover
from contoso_tui.escape_key import ESCAPE, EscapeSplitter
from contoso_tui.paste import Pasted, PasteSplitter

IDLE_SECONDS = 0.1
# Long enough for the rest of a sequence that a slow link split, short enough for esc to feel immediate.
ESCAPE_SECONDS = 0.03
MOUSE_ON = "\x1b[?1000h\x1b[?1002h\x1b[?1015h\x1b[?1006h"
TITLE_PUSH = "\x1b[22;2t"
TITLE_POP = "\x1b[23;2t"
MOUSE_OFF = "\x1b[?1000l\x1b[?1002l\x1b[?1015l\x1b[?1006l"


SLOW_SECONDS = 0.15
_REPLY = re.compile(rb"\x1b\[\?2026;\d+\$y")
_REPLY_BYTES = 16


class EndOfInput(Message):
    """Nothing can be typed any more: the link is gone or standard input has ended."""

    bubble = False


class SlowLine(Message):
    """The terminal took long to reply; `stop_mouse` leaves the mouse to it."""

    bubble = False

    def __init__(self, stop_mouse: Callable[[], None]) -> None:
        self.stop_mouse = stop_mouse
        super().__init__()


class ReplyTimer:
    """Times the terminal's replies to the one question that Textual asks every terminal: does it hold back updates?

    A late first reply may be the fault of a busy machine at the start: only a second one, as late, is the line's.
    A terminal that doesn't reply is not judged.
    """

    def __init__(self) -> None:
        self._asked_at: float | None = None
        self._tail = b""
        self._late = 0

    def asked(self, now: float) -> None:
        """Take the question as sent at `now`, in seconds of a monotonic clock; a slow line is not asked about again."""
        self._asked_at = None if self.is_slow else now

    def read(self, raw: bytes, now: float) -> bool:
        """Take in what was read; True for a reply that came late."""
        if self._asked_at is None:
            return False
        held = self._tail + raw
        self._tail = held[-_REPLY_BYTES:]
        if _REPLY.search(held) is None:
            return False
        is_late = now - self._asked_at > SLOW_SECONDS
        self._asked_at, self._tail = None, b""
        self._late = self._late + 1 if is_late else 0
        return is_late

    @property
    def is_slow(self) -> bool:
        """Whether two replies, one after the other, were late."""
        return self._late >= 2


class _Keys:
    """Turns what is read into events."""

    def __init__(self, parser: XTermParser) -> None:
        self._parser = parser
        self._pastes, self._escapes = PasteSplitter(), EscapeSplitter()

    def read(self, text: str) -> Iterator[Message]:
        """Yield the events of what was read; the parser, which sees a paste's marks alone, knows only empty ones."""
        for piece in self._pastes.feed(text):
            if isinstance(piece, Pasted):
                if piece.text:
                    yield events.Paste(piece.text.replace("\x00", ""))
            else:
                for part in self._escapes.feed(piece.text):
                    yield from self._typed(part)

    def wait_is_over(self) -> Iterator[Message]:
        """Yield what has waited for more: nothing has come."""
        for part in self._escapes.wait_is_over():
            yield from self._typed(part)
        yield from self._parser.tick()

    def _typed(self, part: str) -> Iterator[Message]:
        if part == ESCAPE:
            yield events.Key("escape", ESCAPE)
        else:
            yield from (event for event in self._parser.feed(part) if not isinstance(event, events.Paste))


class ContosoDriver(LinuxDriver):
    """Talks to the user's terminal; posts `EndOfInput` when it is gone, `SlowLine` when it is far away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._replies = ReplyTimer()

    def _request_terminal_sync_mode_support(self) -> None:
        self._replies.asked(time.monotonic())
        super()._request_terminal_sync_mode_support()

    def _look_at_reply(self, raw: bytes) -> None:
        if not self._replies.read(raw, time.monotonic()):
            return
        if self._replies.is_slow:
            self.send_message(SlowLine(self._stop_mouse))
        else:
            self._request_terminal_sync_mode_support()

    def _stop_mouse(self) -> None:
        self._disable_mouse_support()
        self._mouse = False

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self.write(MOUSE_ON)
            self.flush()

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write(MOUSE_OFF)
            self.flush()

    def run_input_thread(self) -> None:
        """Read keys until told to stop or the input ends."""
        if "ESCDELAY" not in os.environ:
            constants.ESCAPE_DELAY = ESCAPE_SECONDS  # type: ignore[misc]
        parser = XTermParser(self._debug)
        keys = _Keys(parser)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        ended = False
        wait = IDLE_SECONDS
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not ended and not self.exit_event.is_set():
                if selector.select(wait):
                    raw = self._read()
                    self._look_at_reply(raw)
                    ended = not raw
                    text = decode(raw, final=ended)
                    for event in keys.read(text):
                        self.process_message(event)
                    # An escape byte at the end may be the key or the start of a sequence: look again soon.
                    wait = constants.ESCAPE_DELAY if b"\x1b" in raw else IDLE_SECONDS
                else:
                    wait = IDLE_SECONDS
                    for event in keys.wait_is_over():
                        self.process_message(event)
        # An unfinished sequence at the very end is no key.
        with suppress(EOFError, ParseError):
            for event in parser.feed(""):
                self.process_message(event)
        if ended:
            self.send_message(EndOfInput())

    def start_application_mode(self) -> None:
        """Take the terminal, remembering its title."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        before = takeover.settings_before()
        if before is not None:
            # What was found here is what the first board has set.
            self.attrs_before = before
        self.write(TITLE_PUSH)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.write(TITLE_POP)
        super().stop_application_mode()

    def _read(self) -> bytes:
        """Read what is there; a terminal that has gone away reads as the end."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""
