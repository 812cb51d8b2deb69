"""Two people at one deal: each is told that the other has it open, and a session that died is soon forgotten."""

from __future__ import annotations

import datetime as dt

from models.people.presence import LIMIT_SECONDS
from tests.terminal.terminal import Home, Terminal
from tests.terminal.test_two_sessions import card, new_deal

# Others are looked for every few seconds; a machine under load gets some more before this is a failure.
SEEN_SECONDS = 20.0
EDITING = "ana.wu is editing"


def opened(home: Home, deal: str, *words: str) -> Terminal:
    """Open a deal's page as the manager of its owner."""
    terminal = home.open("--as", "gil.ortega", *words, "open", deal)
    terminal.wait_for("1 Timeline")
    return terminal


def test_a_form_of_one_session_is_told_in_the_other_until_it_is_closed_or_killed(demo_home: Home) -> None:
    deal = new_deal(demo_home, "Zebra kit")
    board = demo_home.board("gil.ortega")
    mine = demo_home.board()
    card(mine, "Zebra kit")
    mine.wait_for(deal)
    other = opened(demo_home, deal)
    board.rest()
    mine.press("s")
    mine.wait_for("┌─ Next step")
    other.wait_for(EDITING, SEEN_SECONDS)
    # In the form's head, as soon as it opens.
    other.press("e")
    other.wait_for(f"{EDITING} ─┐", SEEN_SECONDS)
    mine.wait_for("gil.ortega is editing ─┐", SEEN_SECONDS)
    other.press("esc", "esc")
    other.wait_gone("┌─ ")
    mine.wait_gone("gil.ortega is editing", SEEN_SECONDS)
    # A board sends nothing of it.
    assert board.rest() == 0
    mine.press("esc", "esc")
    mine.wait_gone("┌─ Next step")
    other.wait_gone(EDITING, SEEN_SECONDS)
    assert demo_home.query("SELECT * FROM presence") == []

    mine.press("s")
    mine.wait_for("┌─ Next step")
    other.wait_for(EDITING, SEEN_SECONDS)
    mine.kill()
    # Nobody could say that the form is closed: its row is there, and counts no longer than it was meant to.
    ((subject, at),) = demo_home.query("SELECT subject, at FROM presence")
    assert subject == deal
    seen = dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC)
    soon, late = (seen + dt.timedelta(seconds=LIMIT_SECONDS + more) for more in (-5, 1))
    opened(demo_home, deal, "--at", soon.isoformat()).wait_for(EDITING)
    after = opened(demo_home, deal, "--at", late.isoformat())
    after.rest()
    assert not after.shows("is editing")()
