"""A real terminal for tests: a program in a pseudo-terminal, read by an emulator; and private folders to run it in."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pexpect
import pyte

ROOT = Path(__file__).parents[2]
CONTOSO = Path(sys.executable).with_name("contoso")
# The keyboard protocol's sequences, which this emulator, unlike terminals that don't know them, shows in part.
_KEYBOARD = re.compile(rb"\x1b\[[<>=]\d*u")
LIMIT_SECONDS = 30.0
"""How long a condition may take on a busy machine before the test fails; no statement about speed."""

KEYS = {
    "esc": "\x1b",
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "F1": "\x1bOP",
    "F2": "\x1bOQ",
    **{f"ctrl+{letter}": chr(ord(letter) - ord("a") + 1) for letter in "cdlpqsu"},
}


class Home:
    """Folders of one test that no other test and no user shares, and the commands run in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data" / "contoso" / "contoso.db"
        self.state = folder / "state" / "contoso"
        self.config = folder / "config" / "contoso" / "config.toml"
        self.opened: list[Terminal] = []

    def environ(self, **more: str) -> dict[str, str]:
        """Return the whole environment of a program; `more` comes on top, TERM and the rest are a good terminal's."""
        names = {"data": "XDG_DATA_HOME", "state": "XDG_STATE_HOME", "config": "XDG_CONFIG_HOME"}
        names |= {"cache": "XDG_CACHE_HOME", "run": "XDG_RUNTIME_DIR"}
        folders = {}
        for name, variable in names.items():
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
            folders[variable] = str(self.folder / name)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(ROOT),
            **folders,
            **more,
        }

    def run(
        self, *words: str, text: str | None = None, code: int | None = 0, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one command without a terminal, `text` on its standard input; fails unless it ends with `code`."""
        done = subprocess.run(
            [str(CONTOSO), *words],
            input=text if text is not None else "",
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            env=self.environ(**environ),
            cwd=self.folder,
            check=False,
        )
        assert code is None or done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    def open(self, *words: str, columns: int = 80, rows: int = 24, **environ: str) -> Terminal:
        """Start `contoso` in a terminal of this size."""
        command = [str(CONTOSO), *words]
        terminal = Terminal(command, self.environ(**environ), rows=rows, columns=columns, folder=self.folder)
        self.opened.append(terminal)
        return terminal

    def shell(self, line: str, columns: int = 80, rows: int = 24, **environ_more: str) -> Terminal:
        """Run a line of the shell in a terminal; it finds `contoso`."""
        environ = self.environ(PATH=f"{CONTOSO.parent}{os.pathsep}{os.environ['PATH']}", **environ_more)
        terminal = Terminal(["sh", "-c", line], environ, rows=rows, columns=columns, folder=self.folder)
        self.opened.append(terminal)
        return terminal

    def board(self, user: str = "ana.wu", **options: Any) -> Terminal:
        """Start on the board as a demo user, and wait until it stands still.

        The first board is written before the program has its screen: only what comes after its title is its own.
        """
        terminal = self.open("--as", user, **options)
        terminal.wait_until(lambda: b"help" in bytes(terminal.raw).partition(b"contoso: board")[2])
        terminal.wait_for("? help")
        terminal.rest()
        return terminal

    def query(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Read the database past the program."""
        with closing(sqlite3.connect(f"file:{self.data}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, params).fetchall()


class Screen(pyte.Screen):
    """An emulator that shows its rows also while half a wide character is overwritten, where pyte's own fails."""

    @property
    def display(self) -> list[str]:
        """Return the rows as text."""
        return ["".join(self.buffer[y][x].data for x in range(self.columns)) for y in range(self.lines)]


class Terminal:
    """A program in a pseudo-terminal, and what a terminal of that size shows of it."""

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        *,
        rows: int = 24,
        columns: int = 80,
        folder: Path | None = None,
    ) -> None:
        self.child = pexpect.spawn(
            command[0],
            list(command[1:]),
            dimensions=(rows, columns),
            env=environ,
            cwd=str(folder or ROOT),
            timeout=LIMIT_SECONDS,
        )
        # pexpect waits before each key so that a password prompt can turn off echo: no prompt here.
        self.child.delaybeforesend = None
        self.screen = Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""

    # ---- what is shown

    def screen_text(self) -> str:
        """Return all rows as text."""
        return "\n".join(self.screen.display)

    def shows(self, text: str) -> Callable[[], bool]:
        """Return a condition: `text` stands in one row of the screen."""
        return lambda: any(text in row for row in self.screen.display)

    def row_of(self, text: str, *, first: int = 0) -> int:
        """Return the number of the first row that holds `text`, from row `first` on.

        Raises:
            StopIteration: none does.
        """
        return next(number for number, row in enumerate(self.screen.display) if number >= first and text in row)

    # ---- reading

    def read(self, wait: float = 0.05) -> int:
        """Take in what has been written; returns how many bytes."""
        if self.child.closed:
            time.sleep(wait)
            return 0
        try:
            found: bytes = self.child.read_nonblocking(65536, timeout=wait)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return 0
        self.raw += found
        self.stream.feed(_KEYBOARD.sub(b"", found))
        return len(found)

    def wait_until(self, condition: Callable[[], object], seconds: float = LIMIT_SECONDS) -> int:
        """Read until a condition holds; returns how many bytes that took, fails with the screen when it never does."""
        end = time.monotonic() + seconds
        total = 0
        while not condition():
            total += self.read()
            assert time.monotonic() < end, f"never came true within {seconds} s:\n{self.screen_text()}"
        return total

    def wait_for(self, text: str, seconds: float = LIMIT_SECONDS) -> int:
        """Read until `text` is shown; returns how many bytes that took."""
        end = time.monotonic() + seconds
        total = 0
        while not self.shows(text)():
            total += self.read()
            assert time.monotonic() < end, f"{text!r} was not shown within {seconds} s:\n{self.screen_text()}"
        return total

    def wait_gone(self, text: str, seconds: float = LIMIT_SECONDS) -> int:
        """Read until `text` is shown no more."""
        end = time.monotonic() + seconds
        total = 0
        while self.shows(text)():
            total += self.read()
            assert time.monotonic() < end, f"{text!r} was still shown after {seconds} s:\n{self.screen_text()}"
        return total

    def rest(self, quiet: float = 0.4) -> int:
        """Read until nothing has come for `quiet` seconds; returns how many bytes came."""
        total = 0
        while got := self.read(quiet):
            total += got
        return total

    # ---- acting

    def press(self, *keys: str) -> None:
        """Press keys by name ("esc", "ctrl+s", "pagedown") or as they are typed (">", "j")."""
        self.child.send("".join(KEYS.get(key, key) for key in keys))

    def type(self, text: str) -> None:
        """Type text as it is."""
        self.child.send(text)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window; the program is told by SIGWINCH, as by a terminal."""
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def hang_up(self) -> None:
        """Close our end, as a dropped link does; sends no signal but the kernel's own."""
        self.child.ptyproc.fileobj.close()
        self.child.closed = self.child.ptyproc.closed = True

    def ended(self, seconds: float = LIMIT_SECONDS) -> bool:
        """Read until the program has ended; returns whether it has within `seconds`."""
        end = time.monotonic() + seconds
        while self.child.isalive() and time.monotonic() < end:
            self.read(0.02)
        return not self.child.isalive()

    def settings(self) -> list[object]:
        """Return the terminal's settings, as `stty -a` prints them."""
        return list(termios.tcgetattr(self.child.child_fd))

    def kill(self) -> None:
        """End the program at once, whatever it does."""
        if self.child.isalive():
            self.child.kill(9)
        self.child.close()
