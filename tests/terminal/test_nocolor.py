"""NO_COLOR means none: no colour in any sequence, and the cursor seen by its sign and by reverse video."""

from __future__ import annotations

import re

from tests.terminal.terminal import Home, Terminal

_SGR = re.compile(rb"\x1b\[([\d;:]*)m")
# Reset, bold, dim, italic, underline, reverse, strike, their ends, and the terminal's own colours.
_WITHOUT_COLOUR = {"", "0", "1", "2", "3", "4", "7", "9", "22", "23", "24", "27", "29", "39", "49"}


def colours(terminal: Terminal) -> set[str]:
    codes = {code for found in _SGR.findall(terminal.raw) for code in found.decode().replace(":", ";").split(";")}
    return codes - _WITHOUT_COLOUR


def walk(terminal: Terminal) -> None:
    """Go through board, deal, dialog, agenda and palette."""
    for keys, text in (
        (("l",), "▌2 Develop"),
        (("enter",), "1 Timeline"),
        (("esc",), "mine·open"),
        (("s",), "┌─ Next step"),
    ):
        terminal.press(*keys)
        terminal.wait_for(text)
    terminal.press("esc")
    terminal.rest()
    terminal.press("esc")
    terminal.wait_gone("┌─ Next step")
    terminal.press("g", "a")
    terminal.wait_for("Agenda")
    terminal.press(":")
    terminal.wait_for("┌─ Commands")
    terminal.rest()


def test_no_colour_reaches_the_terminal(demo_home: Home) -> None:
    terminal = demo_home.board(NO_COLOR="1")
    row = terminal.row_of("▌", first=2)
    cells = terminal.screen.buffer[row]
    assert cells[0].data == "▌"
    assert all(cells[column].reverse for column in range(1, 8))
    assert not any(cells[column].reverse for column in range(40, 60))
    walk(terminal)
    assert colours(terminal) == set()


def test_the_flag_does_the_same(demo_home: Home) -> None:
    terminal = demo_home.open("--no-color", "--as", "ana.wu")
    terminal.wait_for("? help")
    terminal.rest()
    walk(terminal)
    assert colours(terminal) == set()


def test_without_it_there_is_colour(demo_home: Home) -> None:
    assert colours(demo_home.board())
