"""Logged in from elsewhere: the board at 80x24, and a connection that drops in the middle of a form."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.conftest import copy_demo
from tests.flows.ssh import RemoteHome

# The promise is one second; a machine under load gets a few more before this is a failure.
GONE_SECONDS = 4.0
TYPED = "Ask Wren about the wiring"


def test_a_dropped_connection_ends_the_program_and_keeps_the_form(remote_home: RemoteHome, demo_template: Path) -> None:
    copy_demo(demo_template, remote_home)
    link = remote_home.board()
    assert link.screen_text().splitlines()[1].startswith("▌1 Qualify")
    link.press("l")
    link.wait_until(lambda: "▌2 Develop" in link.screen.display[1])
    link.press("s")
    link.wait_for("Next step · ")
    link.press("ctrl+u")
    link.type(TYPED)
    link.wait_for(TYPED)
    remote = int(remote_home.pid_file.read_text())
    assert is_running(remote)
    began = time.monotonic()
    link.kill()
    while is_running(remote):
        assert time.monotonic() - began < GONE_SECONDS
    again = remote_home.open("--as", "ana.wu")
    again.wait_for("Drafts (1)")
    again.press("enter")
    again.wait_for(TYPED)


def is_running(process: int) -> bool:
    """Return whether a process still runs; one that has ended and waits for its parent to look does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return False
        # No such file system here: ask by a signal that does nothing.
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        return True
    return state != "Z"
