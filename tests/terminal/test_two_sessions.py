"""Two people at work on one database: each sees what the other does, and nothing is overwritten unseen."""

from __future__ import annotations

from tests.terminal.terminal import Home, Terminal

# The promise is one second; a machine under load gets a few more before this is a failure.
SEEN_SECONDS = 5.0


def card(terminal: Terminal, text: str) -> None:
    """Filter the board so that one deal is left under the cursor."""
    terminal.press("/")
    terminal.type(text)
    terminal.press("enter")
    terminal.wait_for("· D-")


def new_deal(home: Home, kind: str, *fields: str) -> str:
    """Make a deal that ana.wu owns, with `kind` to find it by, and return its id."""
    ((customer,),) = home.query("SELECT id FROM customer WHERE kind = 'corporate' ORDER BY id LIMIT 1")
    home.run("--as", "ana.wu", "deal", "new", "--customer", f"C-{customer:05}", "--type", kind)
    ((deal,),) = home.query("SELECT id FROM deal WHERE type = ?", (kind,))
    if fields:
        home.run("--as", "ana.wu", "deal", "set", f"D-{deal}", *fields)
    return f"D-{deal}"


def test_a_move_is_on_the_other_board_within_a_second(demo_home: Home) -> None:
    deal = new_deal(demo_home, "Zebra kit", "need=doors", "budget=900", "time_frame=soon", "decision_maker=Wren")
    mine, other = demo_home.board(), demo_home.board("gil.ortega")
    other.press("v")
    other.wait_for("all owners")
    for terminal in (mine, other):
        card(terminal, "Zebra kit")
        terminal.wait_for("1 deal  $0")
        terminal.wait_for(deal)
    mine.press("L")
    mine.wait_for("to Develop · u undo")
    other.wait_for(f"ana.wu changed {deal}", seconds=SEEN_SECONDS)
    # The other's cursor has stayed in its column, from which the deal has gone.
    other.wait_for("0 deals  $0")
    other.press("l")
    other.wait_for("▌2 Develop")
    other.wait_for("1 deal  $0")
    mine.press("u")
    mine.wait_for("Undone: ")
    other.wait_for("0 deals  $0", seconds=SEEN_SECONDS)


def test_the_second_of_two_who_move_one_deal_is_told_and_loses_nothing(demo_home: Home) -> None:
    new_deal(demo_home, "Zebra kit", "budget=900", "time_frame=soon", "decision_maker=Wren")
    first, second = demo_home.board(), demo_home.board()
    for terminal in (first, second):
        card(terminal, "Zebra kit")
        terminal.wait_for("1 deal  $0")
        terminal.press(">")
        terminal.wait_for("not yet to Develop")
        terminal.wait_for("x Need")
    first.type("doors")
    first.press("ctrl+s")
    first.wait_for("to Develop · u undo")
    second.type("windows")
    second.press("ctrl+s")
    second.wait_for("meanwhile")
    # Still open, with what was typed; nothing was overwritten.
    second.wait_for("windows")
    assert demo_home.query("SELECT need, stage FROM deal WHERE type = 'Zebra kit'") == [("doors", "develop")]


def test_a_command_of_the_shell_is_on_the_board_too(demo_home: Home) -> None:
    mine = demo_home.board()
    mine.press("/")
    mine.type("Zebra kit")
    mine.press("enter")
    mine.wait_for("No deal matches")
    deal = new_deal(demo_home, "Zebra kit")
    mine.wait_for("1 deal  $0", seconds=SEEN_SECONDS)
    mine.press("h", "h", "h", "h")
    mine.wait_for(deal)
