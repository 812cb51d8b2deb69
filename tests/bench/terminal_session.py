"""A program in a pseudo-terminal, timed from outside: bytes written, time to a marker, time until it is quiet."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence

import pyte

# The keyboard protocol's sequences, which the emulator would show in part.
_KEYBOARD = re.compile(rb"\x1b\[[<>=]\d*u")
# Longer than any pause between two parts of one repaint, shorter than a poll of the database.
QUIET_SECONDS = 0.06


class TerminalSession:
    """One run of a program at a terminal size."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 80, rows: int = 24, env: Mapping[str, str] | None = None
    ):
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})})
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvp(command[0], list(command))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.seen = b""
        self._size = (columns, rows)
        self._chunks: list[tuple[float, bytes]] = []

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self.fd, keys)

    def read(self, seconds: float) -> bytes:
        """Return what comes within `seconds`, as soon as something does; empty at the time limit or the end."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return b""
        try:
            got = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        self.seen += got
        self._chunks.append((time.perf_counter() - self.started, got))
        self._answer(got)
        return got

    def _answer(self, got: bytes) -> None:
        # A real terminal answers these; without an answer programs wait.
        if b"\x1b[?2026$p" in got:
            self.send(b"\x1b[?2026;2$y")
        if b"\x1b[c" in got:
            self.send(b"\x1b[?62;c")

    def wait_for(self, marker: bytes, limit: float = 60.0) -> float:
        """Return seconds from the start until `marker` has come.

        Raises:
            TimeoutError: it didn't come.
        """
        while marker not in self.seen:
            if time.perf_counter() - self.started > limit:
                raise TimeoutError(f"{marker!r} did not come: {self.seen[-400:]!r}")
            self.read(0.5)
        return time.perf_counter() - self.started

    def row_since(self, row: int) -> float:
        """Return seconds from the start until the screen's row `row` came to be what it is now."""
        screen = pyte.Screen(*self._size)
        stream = pyte.ByteStream(screen)
        since, shown = 0.0, ""
        for seconds, chunk in self._chunks:
            stream.feed(_KEYBOARD.sub(b"", chunk))
            if screen.display[row] != shown:
                since, shown = seconds, screen.display[row]
        return since

    def drain(self, quiet: float = QUIET_SECONDS) -> tuple[int, float]:
        """Read until nothing comes for `quiet` seconds; return bytes and the time of the last one."""
        count, last = 0, time.perf_counter()
        while got := self.read(quiet):
            count += len(got)
            last = time.perf_counter()
        return count, last

    def drain_for(self, seconds: float) -> tuple[int, float]:
        """Read for the whole of `seconds`; return bytes and the time of the last one."""
        end, count, last = time.perf_counter() + seconds, 0, time.perf_counter()
        while (left := end - time.perf_counter()) > 0:
            got = self.read(left)
            if got:
                count, last = count + len(got), time.perf_counter()
        return count, last

    def press(self, keys: bytes, quiet: float = QUIET_SECONDS) -> tuple[float, int]:
        """Type, and return seconds until the last byte of what it caused, and the bytes."""
        start = time.perf_counter()
        self.send(keys)
        count = 0
        last = start
        first = self.read(2.0)
        if first:
            count, last = len(first), time.perf_counter()
            more, at = self.drain(quiet)
            count += more
            if more:
                last = at
        return last - start, count

    def memory_bytes(self) -> int:
        """Return the proportional set size of the process."""
        with open(f"/proc/{self.pid}/smaps_rollup") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))

    def close(self) -> None:
        """End the program and wait for it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        limit = time.perf_counter() + 3
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            self.read(0.05)
            if time.perf_counter() > limit:
                os.kill(self.pid, signal.SIGKILL)
        os.close(self.fd)
