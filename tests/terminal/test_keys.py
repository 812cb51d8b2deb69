"""Keys in any order: the program goes on, or ends as it was asked to."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import copy_demo
from tests.terminal.terminal import KEYS, Home

ROUNDS = 4
# Every key but ctrl+z: nothing could wake the program.
ANY_KEY = st.sampled_from([*KEYS, *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/?:<>*%-+.,é東"])


@settings(
    max_examples=ROUNDS,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(keys=st.lists(ANY_KEY, min_size=40, max_size=120))
def test_random_keys_never_end_it_by_surprise(demo_template: Path, keys: list[str]) -> None:
    press_all(demo_template, keys)


def press_all(demo_template: Path, keys: list[str]) -> None:
    """Press keys on a board of its own, and look whether the program and its database are well."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        copy_demo(demo_template, home)
        terminal = home.board(EDITOR="true")
        try:
            for key in keys:
                terminal.press(key)
                terminal.read(0.01)
            terminal.rest()
            shown = terminal.screen_text()
            # A ctrl+c after ctrl+q may find the terminal as it was before, where it interrupts.
            ended = None if terminal.child.isalive() else (terminal.child.exitstatus, terminal.child.signalstatus)
            assert ended in (None, (0, None), (130, None), (None, signal.SIGINT)), (ended, keys, shown)
            assert "contoso failed" not in shown, (keys, shown)
            log = home.state / "contoso.log"
            assert not log.exists() or log.read_text("utf-8") == "", (keys, log.read_text("utf-8"))
        finally:
            terminal.kill()
        assert home.query("PRAGMA integrity_check") == [("ok",)]
