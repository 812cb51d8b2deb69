"""Every screen and dialog full of hostile texts: nothing ends the program, none of them commands the terminal."""

from __future__ import annotations

import pytest

from tests.flows import hostile
from tests.flows.stream import foreign
from tests.flows.walking import PASTE, PASTED, Steps, settle, walk
from tests.terminal.terminal import Home

BOARD: Steps = (
    ("l", "▌2 Develop"),
    ("pagedown", "▌2 Develop"),
    ("space space", "2 marked"),
    ("s", "┌─ Next step · 2 deals"),
    ("close", "2 marked"),
    ("esc", "▌2 Develop"),
    ("Y", "CONTOSO  Text"),
    ("close", "▌2 Develop"),
    ("a", "┌─ Log"),
    ("close", "▌2 Develop"),
    ("x", "┌─ Lost"),
    ("close", "▌2 Develop"),
    ("m", "┌─ Move"),
    ("close", "▌2 Develop"),
    ("n", "┌─ New deal"),
    ("close", "▌2 Develop"),
    ("l >", "┌─ "),
    ("close", "▌3 Quote"),
    ("l l >", "┌─ Won"),
    ("close", "▌5 Close"),
    ("h t", "┌─ Tech check"),
    ("close", "▌4 Tech"),
)
DEAL: Steps = (
    ("h enter", "1 Timeline"),
    ("2", "2 People"),
    ("e", "┌─ "),
    ("close", "2 People"),
    ("c", "┌─ Assessment"),
    ("close", "2 People"),
    ("i", "┌─ Suggested"),
    ("close", "2 People"),
    ("D", "┌─ Materials"),
    ("* space down up", "┌─ Materials"),
    ("enter", "[ I sent it ]"),
    ("close", "2 People"),
    ("3", "QUOTES"),
    ("e", "┌─ "),
    ("close", "QUOTES"),
    ("4", "4 Checks"),
    ("5", "Decision maker"),
    ("e", "┌─ "),
    ("close", "Decision maker"),
    ("6", "6 Orders"),
    ("7", "7 History"),
    ("J", "History"),
    ("5", "Decision maker"),
)
CUSTOMER: Steps = (
    ("o", "7 Sources"),
    ("D", "┌─ Materials"),
    ("close", "7 Sources"),
    ("2", "Who"),
    ("j j e", "┌─ "),
    ("close", "Who"),
    ("3", "3 Deals"),
    ("4", "4 Money"),
    ("5", "5 "),
    ("6", "6 People"),
    ("7", "7 Sources"),
    ("enter", "j/k scroll"),
    ("close", "7 Sources"),
)
ELSEWHERE: Steps = (
    ("g a", "CONTOSO  DEMO"),
    ("5 G", "Agenda"),
    ("g g pagedown", "Agenda"),
    ("z", "┌─ Snooze"),
    ("close", "Agenda"),
    ("g c", "Customers"),
    ("pagedown", "Customers"),
    ("m", "┌─ "),
    ("close", "Customers"),
    ("n", "┌─ "),
    ("close", "Customers"),
    ("enter", "7 Sources"),
    ("4", "average basket"),
    ("6", "6 People"),
    ("esc", "Customers"),
    ("g q", "Quotes"),
    ("enter", "Q-0"),
    ("esc", "Quotes"),
    ("Y", "j/k scroll"),
    ("close", "Quotes"),
    ("g o", "1 Orders"),
    ("1", "[1 Orders"),
    ("enter", "j/k scroll"),
    ("close", "[1 Orders"),
    ("g p", "Points"),
    ("enter", "┌─ "),
    ("close", "Points"),
    ("2", "Points"),
    ("g i", "ona.quinn"),
    ("j enter", "j/k scroll"),
    ("close", "Imports"),
    (": a n a", "┌─ Commands"),
    ("close", "Imports"),
    ("?", "┌─ Help"),
    ("close", "Imports"),
    ("g", "agenda"),
    ("b", "7 Sources"),
    ("esc", "Decision maker"),
    ("esc", "1 Qualify"),
    ("v v", "1 Qualify"),
)
PANES: Steps = (
    ("p", "1 Qualify"),
    ("j k", "1 Qualify"),
    ("p p", "NURTURE"),
    ("tab j", "NURTURE"),
    ("d", ""),
)
CONSULTANT: Steps = (
    ("t", "┌─ Tech check"),
    ("y n tab tab", "┌─ Tech check"),
    ("close", "tech checks"),
    ("l t", "┌─ Tech check"),
    ("close", "tech checks"),
)


def test_the_list_of_columns_with_texts_of_users_is_whole(demo_home: Home) -> None:
    assert hostile.undecided_columns(demo_home.data) == []


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (140, 40)])
def test_every_screen_shows_hostile_texts_and_sends_none(spoiled: Home, columns: int, rows: int) -> None:
    terminal = spoiled.board(columns=columns, rows=rows)
    settle(terminal, "", "Qualify")
    walk(terminal, (*BOARD, *DEAL, *CUSTOMER, *ELSEWHERE, *(PANES if columns > 100 else ())))
    assert foreign(terminal.raw) == []
    assert (spoiled.state / "contoso.log").read_text("utf-8") == ""


def test_a_window_too_small_for_columns_and_the_consultants_checks(spoiled: Home) -> None:
    terminal = spoiled.board("uma.reyes")
    walk(terminal, CONSULTANT)
    terminal.resize(50, 12)
    terminal.press("j")
    settle(terminal, "j", "tech checks")
    assert foreign(terminal.raw) == []


def test_what_is_pasted_and_saved_reaches_no_terminal_raw(spoiled: Home) -> None:
    """A paste in brackets, as terminals send it, with all that can't be typed; then another user's change with it."""
    spoiled.config.parent.mkdir(parents=True)
    spoiled.config.write_text('[notify]\ntitle = "full"\n', "utf-8")
    mine = spoiled.board()
    mine.press("s")
    mine.wait_for("┌─ Next step")
    mine.press("ctrl+u")
    mine.type(f"{PASTE}{''.join(hostile.TYPED)}{PASTED}")
    # No end of a text in UTF-8, and a control character of eight bits.
    mine.child.send(PASTE.encode() + b"\xff\xfe\x9b31m\x9d0;owned\x9c" + PASTED.encode())
    mine.type(f"{PASTE} seen{PASTED}")
    settle(mine, "paste", "seen")
    mine.press("tab", "ctrl+u")
    mine.type("1w")
    mine.press("ctrl+s")
    mine.wait_gone("┌─ Next step")
    settle(mine, "save", "u undo")
    ((deal, kept),) = spoiled.query("SELECT id, next_step FROM deal WHERE next_step LIKE '%seen'")
    assert "gnp.exe" in kept
    spoiled.run("--as", "gil.ortega", "deal", "set", f"D-{deal}", f"need={kept}")
    mine.wait_for(f"gil.ortega changed D-{deal}")
    walk(mine, (("enter", "1 Timeline"), ("7", "7 History"), ("5", "Decision maker")))
    assert foreign(mine.raw) == []
