"""Where no screen can be drawn: the same list as text, and nothing that a printer or a pipe would stumble over."""

from __future__ import annotations

import pytest

from tests.terminal.terminal import Home


@pytest.mark.parametrize(
    "words", [(), ("open", "board"), ("open", "agenda"), ("open", "customers"), ("open", "D-1001")]
)
def test_a_dumb_terminal_gets_text_and_exit_0(demo_home: Home, words: tuple[str, ...]) -> None:
    terminal = demo_home.open("--as", "ana.wu", *words, columns=120, rows=50, TERM="dumb")
    assert terminal.ended()
    terminal.rest()
    assert terminal.child.exitstatus == 0
    assert b"\x1b" not in terminal.raw
    assert len(terminal.raw.splitlines()) > 1


def test_a_pipe_gets_one_line_for_each_deal_of_the_first_pipeline_and_exit_0(demo_home: Home) -> None:
    done = demo_home.run("--as", "ana.wu")
    assert "\x1b" not in done.stdout + done.stderr
    ids = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  D-")]
    mine = demo_home.query(
        "SELECT count(*) FROM deal d JOIN app_user u ON u.id = d.owner_id WHERE u.login = 'ana.wu' AND outcome = 'open'"
        " AND pipeline = 'sales'"
    )
    assert len(ids) == len(set(ids)) == mine[0][0]


def test_output_without_a_keyboard_is_text_too(demo_home: Home) -> None:
    """`contoso < /dev/null` on a terminal."""
    terminal = demo_home.shell("contoso --as ana.wu < /dev/null", columns=120, rows=50)
    assert terminal.ended()
    terminal.rest()
    assert terminal.child.exitstatus == 0
    assert b"\x1b" not in terminal.raw
    assert b"D-1" in terminal.raw


def test_the_c_locale_gets_ascii_only(demo_home: Home) -> None:
    done = demo_home.run("--as", "ana.wu", LANG="C", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert "D-1" in done.stdout
