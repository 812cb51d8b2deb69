"""Windows of any size, and one that changes while a dialog is open."""

from __future__ import annotations

import pytest

from tests.terminal.terminal import Home, Terminal

TYPED = "Ask Wren about the wiring"


def deal_under_cursor(terminal: Terminal) -> str:
    """Return the id in the detail row."""
    words = terminal.screen_text().replace("·", " ").split()
    return next(word for word in words if word.startswith("D-1"))


def test_a_dialog_stays_open_with_what_was_typed_at_every_size(demo_home: Home) -> None:
    terminal = demo_home.board()
    deal = deal_under_cursor(terminal)
    terminal.press("s")
    terminal.wait_for("┌─ Next step · ")
    terminal.press("ctrl+u")
    terminal.type(TYPED)
    terminal.wait_for(TYPED)
    for columns, rows in ((60, 16), (140, 40), (100, 30), (80, 24)):
        terminal.resize(columns, rows)
        terminal.wait_until(lambda: is_framed(terminal))
        terminal.wait_for(TYPED)
        # The box leaves the two last rows free.
        assert not any("│" in row and TYPED in row for row in terminal.screen.display[-2:])
    terminal.press("esc")
    terminal.rest()
    terminal.press("esc")
    terminal.wait_gone("┌─ Next step · ")
    terminal.rest()
    assert deal_under_cursor(terminal) == deal


def is_framed(terminal: Terminal) -> bool:
    """Return whether the dialog's frame is whole: its corners stand above each other."""
    rows = terminal.screen.display
    top = next((row for row in rows if "┌─ Next step · " in row), None)
    bottom = next((row for row in rows if "└" in row and "┘" in row), None)
    if top is None or bottom is None or "┐" not in top:
        return False
    return top.index("┌") == bottom.index("└") and top.rindex("┐") == bottom.rindex("┘")


@pytest.mark.parametrize(("columns", "rows"), [(60, 16), (80, 24), (100, 30), (120, 36), (140, 40), (200, 60)])
def test_the_board_fills_the_window(demo_home: Home, columns: int, rows: int) -> None:
    terminal = demo_home.board(columns=columns, rows=rows)
    shown = terminal.screen.display
    assert shown[0].startswith(" CONTOSO  DEMO")
    assert all(f"{number} {name[:5]}" in terminal.screen_text() for number, name in enumerate(STAGES, 1))
    assert "? help" in shown[-1]
    assert any(row.startswith("▌") or "│▌" in row for row in shown[3:-2])
    has_pane = "NURTURE" in terminal.screen_text()
    assert has_pane == (columns >= 120)


STAGES = ("Qualify", "Develop", "Quote", "Tech Check", "Close")


def test_a_window_too_small_for_the_board_lists_deals_line_by_line(demo_home: Home) -> None:
    terminal = demo_home.board(columns=50, rows=12)
    terminal.wait_for("60x16 shows the board")
    assert "1 Qualify  │" not in terminal.screen_text()
    rows = [row for row in terminal.screen.display if "$" in row]
    assert len(rows) >= 5
    terminal.press("j")
    terminal.wait_until(lambda: any(row.startswith("▌") for row in terminal.screen.display))
    terminal.resize(60, 16)
    terminal.wait_for("Qualify")
    terminal.wait_gone("60x16 shows the board")


def test_back_and_forth_shows_the_same_board(demo_home: Home) -> None:
    terminal = demo_home.board()
    terminal.press("l", "j")
    terminal.rest()
    before = terminal.screen_text()
    for size in ((140, 40), (60, 16), (80, 24)):
        terminal.resize(*size)
        terminal.rest()
    assert terminal.screen_text() == before
