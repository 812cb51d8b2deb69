"""A terminal far away: its late replies turn low bandwidth on, once, and only where the settings leave it open."""

from __future__ import annotations

import time

import pytest

from contoso_tui.driver import SLOW_SECONDS, ReplyTimer
from contoso_tui.slow_line import SLOW_LINE
from tests.terminal.terminal import Home, Terminal

QUESTION = b"\x1b[?2026$p"
REPLY = "\x1b[?2026;2$y"
FAR_SECONDS = 3 * SLOW_SECONDS
MOUSE_OFF = b"\x1b[?1000l"


def reply_late(terminal: Terminal, number: int) -> None:
    """Reply to the question of this number as a terminal with a slow line does."""
    terminal.wait_until(lambda: terminal.raw.count(QUESTION) >= number)
    due = time.monotonic() + FAR_SECONDS
    terminal.wait_until(lambda: time.monotonic() > due)
    terminal.type(REPLY)


def test_late_replies_save_bytes_from_then_on(demo_home: Home) -> None:
    terminal = demo_home.open("--as", "ana.wu")
    reply_late(terminal, 1)
    reply_late(terminal, 2)
    terminal.wait_for(SLOW_LINE)
    terminal.rest()
    assert MOUSE_OFF in terminal.raw
    assert b"38;2;" in terminal.raw
    before = len(terminal.raw)
    terminal.press("j", "j", "l")
    terminal.wait_gone(SLOW_LINE)
    terminal.rest()
    sent = terminal.raw[before:]
    assert b"38;2;" not in sent, "16 colours from now on"
    assert b"48;2;" not in sent
    assert terminal.raw.count(QUESTION) == 2
    terminal.press("ctrl+q")
    assert terminal.ended()


def test_full_bandwidth_stays_full(demo_home: Home) -> None:
    terminal = demo_home.open("--as", "ana.wu", CONTOSO_UI_BANDWIDTH="full")
    reply_late(terminal, 1)
    reply_late(terminal, 2)
    terminal.wait_for("? help")
    terminal.rest()
    assert SLOW_LINE not in terminal.screen_text()
    assert MOUSE_OFF not in terminal.raw


def test_low_bandwidth_begins_with_16_colours(demo_home: Home) -> None:
    terminal = demo_home.board(CONTOSO_UI_BANDWIDTH="low")
    assert b"38;2;" not in terminal.raw
    assert b"\x1b[?1000h" not in terminal.raw


@pytest.mark.parametrize(
    ("replies", "is_slow"),
    [
        ([0.01], False),
        ([0.2, 0.01], False),
        ([0.2, 0.2], True),
        ([0.01, 0.2], False),
        ([0.2, 0.01, 0.2], False),
    ],
)
def test_two_late_replies_in_a_row_are_a_slow_line(replies: list[float], is_slow: bool) -> None:
    timer = ReplyTimer()
    for seconds in replies:
        timer.asked(100.0)
        assert timer.read(b"jj\x1b[?20", 100.0) is False
        assert timer.read(b"26;2$yj", 100.0 + seconds) is (seconds > SLOW_SECONDS)
    assert timer.is_slow is is_slow


def test_keys_and_other_replies_are_no_reply() -> None:
    timer = ReplyTimer()
    assert timer.read(b"\x1b[?2026;2$y", 9.0) is False, "nobody asked"
    timer.asked(10.0)
    assert timer.read(b"jjj", 20.0) is False
    assert timer.read(b"\x1b[?2048;2$y", 20.0) is False
    assert not timer.is_slow
