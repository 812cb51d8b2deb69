"""Copying over a terminal: OSC 52 where it is understood, through tmux where a default tmux would drop it."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.terminal.terminal import CONTOSO, Home, Terminal

_OSC_52 = re.compile(rb"\x1b\]52;[a-z]*;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)")
SENT = "Sent to your terminal's clipboard"


def deal_id(terminal: Terminal) -> str:
    """Return the id of the deal under the cursor."""
    return next(word for word in terminal.screen.display[22].split() if word.startswith("D-"))


def copied(raw: bytes) -> list[str]:
    return [base64.b64decode(found).decode() for found in _OSC_52.findall(raw)]


def test_outside_tmux_the_terminal_gets_the_text(demo_home: Home) -> None:
    terminal = demo_home.board()
    deal = deal_id(terminal)
    terminal.press("y", "i")
    terminal.wait_for(SENT)
    assert copied(terminal.raw) == [deal]
    terminal.press("Y")
    terminal.wait_until(lambda: any(row.strip() == deal for row in terminal.screen.display) or deal in first(terminal))


def first(terminal: Terminal) -> str:
    """Return the first row: the text stands there without a frame."""
    return str(terminal.screen.display[0])


@pytest.fixture
def socket(demo_home: Home) -> Iterator[str]:
    if shutil.which("tmux") is None:
        pytest.skip("needs tmux")
    path = str(demo_home.folder / "tmux")
    yield path
    subprocess.run(["tmux", "-S", path, "kill-server"], capture_output=True, check=False)


@pytest.mark.parametrize("setting", ["external", "on"])
def test_in_tmux_the_text_goes_through_tmux(demo_home: Home, socket: str, setting: str) -> None:
    line = f"tmux -S {socket} -f /dev/null new-session -d '{CONTOSO} --as ana.wu'"
    line += f" \\; set -g status off \\; set -s set-clipboard {setting}; exec tmux -S {socket} attach"
    terminal = demo_home.shell(line)
    terminal.wait_for("? help")
    terminal.rest()
    deal = deal_id(terminal)
    terminal.press("y", "i")
    terminal.wait_for(SENT)
    kept = subprocess.run(["tmux", "-S", socket, "show-buffer"], capture_output=True, text=True, check=True)
    assert kept.stdout == deal
    # tmux handed it on to the terminal in which it runs.
    terminal.wait_until(lambda: deal in copied(terminal.raw))
