"""Hostile texts in what commands print: on a terminal, on one that is dumb, in a pipe, and in their complaints."""

from __future__ import annotations

import pytest

from tests.flows.stream import foreign
from tests.terminal.terminal import Home

LISTS = (
    "deal list",
    "deal show D-1006",
    "deal why D-1006",
    "deal line D-1006 list",
    "customer list",
    "customer timeline C-00048",
    "customer show C-00048",
    "customer timeline C-00059",
    "customer show C-00059",
    "agenda list",
    "quote list",
    "quote show Q-0301",
    "nurture list",
    "techcheck list",
    "history D-1006",
    "product list",
    "user list",
    "material list",
    "import show 1",
)
COMPLAINTS = (
    ("open", "\x1b]0;owned\x07"),
    ("deal", "show", "\x1b[38;5;199mD-1"),
    ("deal", "step", "D-1006", "x", "--on", "\x9b38;5;199m"),
    ("deal", "\u202elist"),
    ("--\x1b[38;5;199m",),
)


@pytest.mark.parametrize(("name", "lists"), [("dumb", LISTS[::2]), ("xterm-256color", LISTS[1::2])])
def test_lists_on_a_terminal_hold_no_command(spoiled: Home, name: str, lists: tuple[str, ...]) -> None:
    line = "; ".join(f"contoso --as ana.wu {words} || echo FAILED {words}" for words in lists)
    terminal = spoiled.shell(line, TERM=name)
    assert terminal.ended(seconds=90)
    terminal.rest()
    assert b"FAILED" not in terminal.raw
    assert foreign(terminal.raw) == []
    assert b"\x1b" not in terminal.raw


def test_lists_in_a_pipe_hold_none_either(spoiled: Home) -> None:
    for words in LISTS[::5]:
        done = spoiled.run("--as", "ana.wu", *words.split())
        assert foreign(done.stdout.encode()) == [], words
        assert "\x1b" not in done.stdout


@pytest.mark.parametrize("words", COMPLAINTS)
def test_what_a_command_complains_about_is_shown_clean(spoiled: Home, words: tuple[str, ...]) -> None:
    done = spoiled.run("--as", "ana.wu", *words, code=None)
    assert done.returncode in (1, 2, 3)
    assert foreign((done.stdout + done.stderr).encode()) == []
