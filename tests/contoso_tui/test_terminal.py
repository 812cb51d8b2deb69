"""The frame in a real terminal: bytes, signals, end of input, crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contoso_tui.drafts import DraftStore
from tests.contoso_tui.small_app import KEY
from tests.terminal.terminal import ROOT, Terminal

# The promise is one second; a machine under load gets a few more before this is a failure.
GONE_SECONDS = 4.0


@pytest.fixture
def start(database_path: Path, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def make(**environ: str) -> Terminal:
        base = {
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path),
        }
        command = [sys.executable, "-m", "tests.contoso_tui.small_app", str(database_path), str(tmp_path / "drafts")]
        terminal = Terminal(command, {**base, **environ})
        opened.append(terminal)
        terminal.wait_until(terminal.shows("? help"))
        terminal.wait_until(terminal.shows("row 1"))
        terminal.rest()
        return terminal

    yield make
    for terminal in opened:
        terminal.kill()


def test_bytes_of_a_cursor_move_a_page_a_dialog_and_of_rest(start) -> None:
    terminal = start()
    terminal.child.send("j")
    moved = terminal.wait_until(terminal.shows("row 2")) + terminal.rest()
    assert moved <= 1_000
    terminal.child.send("\x1b[6~")
    paged = terminal.wait_until(terminal.shows("row 22")) + terminal.rest()
    assert paged <= 20_000
    terminal.child.send("w")
    opened = terminal.wait_until(terminal.shows("┌─ Note")) + terminal.rest()
    assert opened <= 15_000
    terminal.child.send("x")
    typed = terminal.wait_until(terminal.shows("[ x")) + terminal.rest()
    assert typed <= 1_000
    terminal.child.send("\x1b")
    terminal.rest()
    terminal.child.send("\x1b")
    terminal.wait_until(lambda: not terminal.shows("┌─ Note")())
    terminal.rest()
    # The watch on the database asks four times a second: none of that may reach the terminal.
    assert terminal.read(1.5) == 0


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_keeps_the_form_restores_the_terminal_and_ends_within_a_second(start, number, tmp_path) -> None:
    terminal = start()
    before_title = terminal.raw.count(b"\x1b[22;2t")
    terminal.child.send("w")
    terminal.wait_until(terminal.shows("┌─ Note"))
    terminal.child.send("half a sentence")
    terminal.wait_until(terminal.shows("half a sentence"))
    os.kill(terminal.child.pid, number)
    assert terminal.ended(GONE_SECONDS)
    assert before_title == 1
    for sequence in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1002l", b"\x1b[23;2t"):
        assert sequence in terminal.raw
    assert terminal.child.exitstatus == 128 + number
    draft = DraftStore(tmp_path / "drafts").open(KEY)
    assert draft is not None
    assert draft.values == {"text": "half a sentence"}


def test_a_closed_terminal_ends_the_program_within_a_second(start, tmp_path) -> None:
    terminal = start()
    terminal.child.send("w")
    terminal.wait_until(terminal.shows("┌─ Note"))
    terminal.child.send("typed")
    terminal.wait_until(terminal.shows("typed"))
    terminal.hang_up()
    assert terminal.ended(GONE_SECONDS)
    draft = DraftStore(tmp_path / "drafts").open(KEY)
    assert draft is not None
    assert draft.values == {"text": "typed"}


def test_end_of_input_ends_the_program_although_hangups_are_ignored(database_path, tmp_path) -> None:
    code = (
        "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "from pathlib import Path; from tests.contoso_tui.small_app import main;"
        "sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    environ = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(database_path), str(tmp_path / "drafts")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        env=environ,
        check=False,
    )
    assert done.returncode == 129


def test_a_crash_restores_the_terminal_and_tells_no_customer(start, tmp_path) -> None:
    terminal = start()
    terminal.child.send("b")
    assert terminal.ended(5)
    terminal.rest()
    text = terminal.raw.decode("utf-8", "replace")
    ending = text[text.rindex("\x1b[?1049l") :]
    assert "contoso failed (LookupError)" in ending
    assert "Traceback" not in text
    assert "nobody's business" not in text
    assert terminal.child.exitstatus == 1


def test_keys_typed_ahead_are_all_taken_and_quitting_restores_the_terminal(start) -> None:
    terminal = start()
    is_raw = not termios.tcgetattr(terminal.child.child_fd)[3] & termios.ICANON
    assert is_raw
    terminal.child.send("j" * 15 + "k" * 5)
    terminal.wait_until(terminal.shows("row 12"))
    terminal.child.send("q")
    assert terminal.ended(5)
    assert terminal.child.exitstatus == 0
    assert b"\x1b[?1049l" in terminal.raw
    assert b"\x1b[?1003h" not in terminal.raw
    assert termios.tcgetattr(terminal.child.child_fd)[3] & termios.ICANON


def test_without_colour_the_cursor_is_seen_by_sign_and_reverse(start) -> None:
    terminal = start(NO_COLOR="1")
    row = next(y for y, text in enumerate(terminal.screen.display) if text.startswith("▌"))
    cells = terminal.screen.buffer[row]
    assert cells[5].reverse
    colours = {cell.fg for line in terminal.screen.buffer.values() for cell in line.values()}
    assert colours == {"default"}
