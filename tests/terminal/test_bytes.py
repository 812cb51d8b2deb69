"""What reaches the terminal, in bytes, at 80x24 in full colour: every one of them crosses somebody's slow link."""

from __future__ import annotations

from tests.terminal.terminal import Home, Terminal

START, CURSOR, COLUMN, PAGE, MOVE, SCREEN = 65_000, 1_000, 4_000, 20_000, 20_000, 9_000
"""Ceilings. In an accordion another column gives all columns new widths; where they are equal it is a cursor move."""
IDLE_SECONDS = 5.0


def cost(terminal: Terminal, key: str, text: str) -> int:
    """Press a key and return the bytes until all is still again; `text` must be shown then."""
    terminal.press(key)
    total = terminal.wait_for(text) + terminal.rest()
    terminal.wait_for(text)
    return total


def test_the_start_and_keys_keep_their_budgets(demo_home: Home) -> None:
    terminal = demo_home.board()
    assert len(terminal.raw) <= START
    assert 0 < cost(terminal, "j", "mine·open") <= CURSOR
    assert 0 < cost(terminal, "k", "mine·open") <= CURSOR
    assert 0 < cost(terminal, "l", "▌2 Develop") <= COLUMN
    assert 0 < cost(terminal, "pagedown", "mine·open") <= PAGE
    assert 0 < cost(terminal, "G", "mine·open") <= PAGE
    assert 0 < cost(terminal, "enter", "1 Timeline") <= SCREEN
    assert 0 < cost(terminal, "j", "1 Timeline") <= CURSOR
    assert 0 < cost(terminal, "esc", "mine·open") <= SCREEN
    assert 0 < cost(terminal, "s", "┌─ Next step") <= SCREEN
    terminal.press("esc")
    terminal.rest()
    assert 0 < cost(terminal, "esc", "mine·open") <= SCREEN


def test_a_move_keeps_its_budget(demo_home: Home) -> None:
    terminal = demo_home.board()
    # Velvetoak and its like: quotable, with lines and no quote.
    ((name,),) = demo_home.query(
        "SELECT c.name FROM deal d JOIN customer c ON c.id = d.customer_id JOIN app_user u ON u.id = d.owner_id"
        " WHERE u.login = 'ana.wu' AND d.stage = 'develop' AND d.outcome = 'open'"
        " AND EXISTS (SELECT 1 FROM deal_line l WHERE l.deal_id = d.id) ORDER BY d.id LIMIT 1"
    )
    terminal.press("/")
    terminal.type(name)
    terminal.press("enter")
    terminal.wait_for("▌2 Develop")
    terminal.rest()
    assert 0 < cost(terminal, ">", "u undo") <= MOVE


def test_another_column_costs_no_more_than_a_cursor_move_where_columns_are_equal(demo_home: Home) -> None:
    terminal = demo_home.board(columns=100, rows=30)
    assert 0 < cost(terminal, "l", "▌2 Develop") <= CURSOR + 200


def test_a_session_at_rest_sends_nothing(demo_home: Home) -> None:
    terminal = demo_home.board()
    terminal.press("j")
    terminal.rest()
    assert terminal.rest(quiet=IDLE_SECONDS) == 0


def test_others_changes_elsewhere_cost_little(demo_home: Home) -> None:
    """A deal that this board doesn't show is changed: at most the notice is drawn."""
    ((deal,),) = demo_home.query(
        "SELECT d.id FROM deal d JOIN app_user u ON u.id = d.owner_id"
        " WHERE u.login = 'di.okoro' AND d.outcome = 'open' ORDER BY d.id LIMIT 1"
    )
    terminal = demo_home.board()
    demo_home.run("--as", "di.okoro", "deal", "set", f"D-{deal}", "need=Two more doors")
    terminal.wait_for(f"di.okoro changed D-{deal}")
    assert terminal.rest() <= CURSOR
