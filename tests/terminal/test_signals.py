"""A link that drops, a machine that goes down: the terminal is given back, and what was typed is offered again."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.terminal.terminal import CONTOSO, Home, Terminal

# The promise is one second; a machine under load gets a few more before this is a failure.
GONE_SECONDS = 4.0
TYPED = "Ask Wren about the wiring"
RESTORED = {
    "alternate screen left": b"\x1b[?1049l",
    "cursor shown": b"\x1b[?25h",
    "mouse clicks off": b"\x1b[?1000l",
    "mouse drags off": b"\x1b[?1002l",
    "mouse form off": b"\x1b[?1006l",
    "pasted text no longer marked": b"\x1b[?2004l",
    "title back": b"\x1b[23;2t",
}


def half_filled(home: Home, **options: int) -> Terminal:
    """Return a board with the next-step form open and a text typed into it."""
    terminal = home.board(**options)
    terminal.press("s")
    terminal.wait_for("Next step")
    terminal.rest()
    terminal.press("ctrl+u")
    terminal.type(TYPED)
    terminal.wait_for(TYPED)
    return terminal


def offered(home: Home) -> None:
    """Start again: the draft is offered, and its form opens with what was typed."""
    again = home.open("--as", "ana.wu")
    again.wait_for("Drafts (1)")
    again.wait_for("Next step · ")
    again.press("enter")
    again.wait_for(TYPED)


def gone_within(terminal: Terminal, began: float) -> bool:
    return terminal.ended(GONE_SECONDS) and time.monotonic() - began < GONE_SECONDS


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_restores_the_terminal_and_the_form_is_offered_again(demo_home: Home, number: signal.Signals) -> None:
    terminal = demo_home.open("--as", "ana.wu", "open")
    before = terminal.settings()
    terminal.wait_for("? help")
    terminal.rest()
    assert terminal.settings() != before
    terminal.press("s")
    terminal.wait_for("Next step")
    terminal.rest()
    terminal.press("ctrl+u")
    terminal.type(TYPED)
    terminal.wait_for(TYPED)
    began = time.monotonic()
    os.kill(terminal.child.pid, number)
    assert gone_within(terminal, began)
    terminal.rest()
    assert terminal.child.exitstatus == 128 + number
    assert [name for name, sequence in RESTORED.items() if sequence not in terminal.raw] == []
    last_alternate = terminal.raw.rindex(b"\x1b[?1049l")
    assert terminal.raw.rindex(b"\x1b[?1049h") < last_alternate
    assert b"Traceback" not in terminal.raw
    assert terminal.settings() == before
    offered(demo_home)


def test_a_closed_terminal_ends_the_program_and_the_form_is_offered_again(demo_home: Home) -> None:
    terminal = half_filled(demo_home)
    began = time.monotonic()
    terminal.hang_up()
    assert gone_within(terminal, began)
    offered(demo_home)


def test_a_killed_program_has_kept_what_was_typed_half_a_second_ago(demo_home: Home) -> None:
    terminal = half_filled(demo_home)
    folder = demo_home.state / "drafts"
    terminal.wait_until(lambda: any(TYPED in path.read_text("utf-8") for path in folder.glob("*.json")))
    terminal.kill()
    offered(demo_home)


def test_end_of_input_ends_it_even_where_hangups_are_ignored(demo_home: Home) -> None:
    """No signal comes then when the link drops, only the end of input."""
    command = ["sh", "-c", 'trap "" HUP; exec "$0" "$@"', str(CONTOSO), "--as", "ana.wu"]
    terminal = Terminal(command, demo_home.environ(), folder=demo_home.folder)
    demo_home.opened.append(terminal)
    terminal.wait_for("? help")
    terminal.rest()
    began = time.monotonic()
    terminal.hang_up()
    assert gone_within(terminal, began)


def test_without_input_it_prints_the_list_and_ends(demo_home: Home) -> None:
    """`nohup contoso` takes the input away: there is nobody who could press a key."""
    command = ["nohup", str(CONTOSO), "--as", "ana.wu"]
    terminal = Terminal(command, demo_home.environ(), folder=demo_home.folder, rows=60, columns=200)
    demo_home.opened.append(terminal)
    assert terminal.ended()
    terminal.rest()
    assert terminal.child.exitstatus == 0
    kept = (demo_home.folder / "nohup.out").read_text("utf-8")
    assert "D-1" in kept
    assert "\x1b" not in kept
    assert b"\x1b[?1049h" not in terminal.raw


def test_quitting_restores_the_terminal(demo_home: Home) -> None:
    terminal = demo_home.open("--as", "ana.wu")
    before = terminal.settings()
    terminal.wait_for("? help")
    terminal.rest()
    terminal.press("q")
    assert terminal.ended()
    terminal.rest()
    assert terminal.child.exitstatus == 0
    assert [name for name, sequence in RESTORED.items() if sequence not in terminal.raw] == []
    assert terminal.settings() == before


def test_a_suspended_program_gives_the_terminal_back_and_draws_all_again(demo_home: Home) -> None:
    """ctrl+z as in every program; the shell's `fg` is a SIGCONT."""
    terminal = demo_home.board()
    shown = terminal.screen_text()
    # A program that leads its session is not stopped by the terminal: nobody could wake it.
    terminal.press("\x1a")
    terminal.rest()
    os.kill(terminal.child.pid, signal.SIGCONT)
    terminal.press("ctrl+l")
    terminal.rest()
    assert terminal.screen_text() == shown


def test_a_signal_between_the_first_board_and_the_program_restores_the_terminal(demo_home: Home) -> None:
    terminal = demo_home.open("--as", "ana.wu")
    before = terminal.settings()
    terminal.wait_until(lambda: b"\x1b[?1049h" in terminal.raw)
    os.kill(terminal.child.pid, signal.SIGTERM)
    assert terminal.ended()
    terminal.rest()
    assert terminal.child.exitstatus == 128 + signal.SIGTERM
    assert terminal.raw.rindex(b"\x1b[?1049l") > terminal.raw.rindex(b"\x1b[?1049h")
    assert terminal.raw.rindex(b"\x1b[?25h") > terminal.raw.rindex(b"\x1b[?25l")
    assert terminal.settings() == before


def test_ctrl_c_in_the_editor_is_the_editors(demo_home: Home) -> None:
    editor = demo_home.folder / "editor"
    editor.write_text(
        '#!/bin/sh\ntrap \'printf " and more" >> "$1"; exit 0\' INT\necho ready\nwhile :; do sleep 0.05; done\n',
        "utf-8",
    )
    editor.chmod(0o700)
    terminal = demo_home.board(EDITOR=str(editor))
    terminal.press("s")
    terminal.wait_for("┌─ Next step")
    terminal.press("ctrl+u")
    terminal.type(TYPED)
    terminal.wait_for(TYPED)
    terminal.press("F2")
    terminal.wait_for("ready")
    terminal.press("ctrl+c")
    terminal.wait_for(f"{TYPED} and more")
    assert terminal.child.isalive()
