"""Over a slow link many keys arrive at once: each meets what the one before it has made."""

from __future__ import annotations

from contoso_tui.paste import BEGIN, END
from tests.terminal.terminal import KEYS, Home


def test_a_whole_form_in_one_packet(demo_home: Home) -> None:
    terminal = demo_home.board()
    # To the first deal without a next step: its form is empty.
    steps = terminal.row_of("- no next step") // 3 - 1
    terminal.press(*["j"] * (steps - 1), "s", "Walk the halls today", "ctrl+s", "j")
    terminal.wait_until(
        lambda: demo_home.query("SELECT 1 FROM activity WHERE subject = 'Walk the halls' AND is_next_step = 1")
    )
    # The last key moved the cursor, after the form had gone.
    terminal.wait_for("Today  Walk the halls")
    terminal.wait_until(lambda: terminal.row_of("▌", first=4) > terminal.row_of("Walk the halls"))


def test_a_second_move_finds_the_deal_as_the_first_one_left_it(demo_home: Home) -> None:
    # One that can leave Develop, and then lacks a quote.
    rows = demo_home.query(
        "SELECT d.id, c.name FROM deal d JOIN customer c ON c.id = d.customer_id JOIN app_user u ON u.id = d.owner_id"
        " WHERE u.login = 'ana.wu' AND d.stage = 'develop' AND d.outcome = 'open'"
        " AND EXISTS (SELECT 1 FROM deal_line l WHERE l.deal_id = d.id)"
        " AND NOT EXISTS (SELECT 1 FROM quote q WHERE q.deal_id = d.id) ORDER BY d.id LIMIT 1"
    )
    deal_id, name = rows[0]
    terminal = demo_home.board()
    terminal.press("/", f"{name}", "enter", "L", "L")
    terminal.wait_for("not yet to")
    assert demo_home.query("SELECT stage FROM deal WHERE id = ?", (deal_id,)) == [("quote",)]
    assert "meanwhile" not in terminal.screen_text()


def test_a_customer_chosen_before_the_look_up_has_ended(demo_home: Home) -> None:
    ((name,),) = demo_home.query(
        "SELECT name FROM customer GROUP BY name HAVING count(*) = 1 AND name NOT LIKE '% % %' ORDER BY name LIMIT 1"
    )
    terminal = demo_home.board()
    terminal.press("n", name, "enter", "Two doors", KEYS["ctrl+s"])
    terminal.wait_until(lambda: demo_home.query("SELECT 1 FROM deal WHERE type = 'Two doors'"))
    assert demo_home.query(
        "SELECT c.name FROM deal d JOIN customer c ON c.id = d.customer_id WHERE d.type = 'Two doors'"
    ) == [(name,)]


def test_keys_pressed_as_soon_as_the_board_is_seen_arrive_as_pressed(demo_home: Home) -> None:
    """The first board stands before the program that takes keys: enter stays enter, and nothing is echoed."""
    terminal = demo_home.open("--as", "ana.wu")
    terminal.wait_for("? help")
    shown = terminal.screen_text()
    terminal.press("j", "enter")
    terminal.wait_for("1 Timeline")
    terminal.press("esc")
    terminal.wait_for("mine·open")
    terminal.rest()
    assert terminal.screen_text().splitlines()[7].startswith("▌")
    # The month's points are read after the first board.
    assert terminal.screen_text().splitlines()[0].startswith(shown.splitlines()[0].rstrip())


def test_a_paste_arrives_as_one_text_between_the_keys_around_it(demo_home: Home) -> None:
    """All in one packet, the first key still opening the form; escape sequences in it are neither keys nor lost."""
    terminal = demo_home.board()
    steps = terminal.row_of("- no next step") // 3 - 1
    pasted = f"{BEGIN}for\x1b[31m the\x1b[A plan{END}"
    terminal.press(*["j"] * (steps - 1), "s", "Zebra ", pasted, " now", " today", "ctrl+s")
    found = "SELECT subject FROM activity WHERE subject LIKE 'Zebra %' AND is_next_step = 1"
    terminal.wait_until(lambda: demo_home.query(found))
    assert demo_home.query(found) == [("Zebra for?[31m the?[A plan now",)]


def test_esc_takes_the_marks_away_before_the_key_that_came_with_it(demo_home: Home) -> None:
    terminal = demo_home.board()
    before = demo_home.query("SELECT id, stage FROM deal ORDER BY id")
    terminal.press("space", "space")
    terminal.wait_for("2 marked")
    # Over a slow link both come in one piece, which is also what alt and the key send.
    terminal.press("esc", "l")
    terminal.wait_until(lambda: not terminal.shows("2 marked")())
    terminal.wait_for("▌2 Develop")
    terminal.press("h", "space", "space")
    terminal.wait_for("2 marked")
    terminal.press("esc", "0")
    terminal.wait_until(lambda: not terminal.shows("2 marked")())
    assert demo_home.query("SELECT id, stage FROM deal ORDER BY id") == before
