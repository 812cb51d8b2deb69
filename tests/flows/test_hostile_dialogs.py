"""Dialogs that show others' words: nurture's, emails, files to import, drafts; none of them commands the terminal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.flows import hostile
from tests.flows.stream import foreign
from tests.flows.walking import PASTE, PASTED, settle, walk
from tests.terminal.terminal import Home

# Nothing holds it and nobody of it asked not to be contacted: its email can be shown.
_OPEN_EMAIL = """
    SELECT e.id FROM enrolment e JOIN enrolment_step s ON s.enrolment_id = e.id AND s.state = 'due'
    JOIN programme_step t ON t.programme_id = e.programme_id AND t.position = s.position AND t.channel = 'email'
    JOIN customer c ON c.id = e.customer_id JOIN app_user u ON u.id = c.owner_id
    WHERE u.login = 'ana.wu' AND e.state = 'active' AND c.unpaid_minor = 0 AND c.has_high_case = 0
      AND c.do_not_contact = 0 AND EXISTS (SELECT 1 FROM person p WHERE p.account_id = c.id AND p.do_not_contact = 0
      AND p.email <> '') AND NOT EXISTS (SELECT 1 FROM person p WHERE p.account_id = c.id AND p.do_not_contact = 1)
"""
_NOT_IN_NURTURE = """
    SELECT c.id FROM customer c JOIN app_user u ON u.id = c.owner_id WHERE u.login = 'ana.wu' AND c.kind = 'corporate'
      AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.customer_id = c.id)
"""


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (140, 40)])
def test_nurtures_dialogs_and_an_email(spoiled: Home, columns: int, rows: int) -> None:
    shown = f"L-{spoiled.query(_OPEN_EMAIL)[0][0]:04d}"
    terminal = spoiled.board(columns=columns, rows=rows)
    walk(
        terminal,
        (
            ("g a", "CONTOSO  DEMO"),
            ("/ " + " ".join(shown), "enter keep"),
            ("enter", shown),
            ("d", "[ I sent it ]"),
            ("down down", "[ I sent it ]"),
            ("y", "Sent to your terminal's clipboard"),
            ("right enter", "j/k scroll"),
            ("close", shown),
            ("x", "┌─ Skip"),
            ("close", shown),
            ("m", "┌─ Nurture"),
            ("l e a v e enter", "┌─ Leave nurture"),
            ("close", shown),
            ("m enter", "u undo"),
            ("m", "Resume"),
            ("close", shown),
            ("5", shown),
        ),
    )
    assert foreign(terminal.raw) == []


@pytest.mark.parametrize(("columns", "rows"), [(60, 16), (80, 24), (140, 40)])
def test_starting_and_pausing_nurture_on_a_customer(spoiled: Home, columns: int, rows: int) -> None:
    shown = f"C-{spoiled.query(_NOT_IN_NURTURE)[0][0]:05d}"
    terminal = spoiled.open("--as", "ana.wu", "open", shown, columns=columns, rows=rows)
    terminal.wait_for("1 Timeline")
    walk(
        terminal,
        (
            ("N", "┌─ Start nurture"),
            ("right enter", "u undo"),
            ("z", "u undo"),
            ("z", "u undo"),
            ("u", "Undone"),
            ("2", "2 Who"),
        ),
    )
    assert foreign(terminal.raw) == []


def test_files_of_hostile_names_and_cells_are_chosen_looked_at_and_imported(spoiled: Home) -> None:
    folder = spoiled.folder / "in"
    folder.mkdir()
    named = [text for text in hostile.TYPED if "/" not in text and "\x00" not in text][:24]
    for number, text in enumerate(named):
        name = os.fsencode(f"{number} {text}")[:200].decode("utf-8", "ignore")
        (folder / f"{name}.csv").write_text(f"{text}\n", "utf-8")
    (folder / "\x1b]0;owned\x07").mkdir()
    chosen = folder / "one"
    chosen.mkdir()
    _contacts(chosen / "Contacts \u202egnp.csv")
    terminal = spoiled.board()
    walk(terminal, (("g i", "Imports"), ("i", "┌─ Import files")))
    terminal.press("ctrl+u")
    terminal.type(f"{folder}/")
    settle(terminal, "the folder", "All of")
    terminal.press("pagedown")
    settle(terminal, "pagedown", "┌─ Import files")
    terminal.press("ctrl+u")
    terminal.type(f"{PASTE}{chosen}/{PASTED}")
    settle(terminal, "paste", "1 file")
    terminal.press("enter")
    settle(terminal, "look", "[ Not now ]")
    terminal.press("right", "enter")
    terminal.wait_until(lambda: spoiled.query("SELECT count(*) FROM source_record WHERE key = 'CNTID_777'") == [(1,)])
    terminal.wait_for("Contacts ?gnp.csv")
    walk(terminal, (("g g enter", "j/k scroll"), ("close", "Imports")))
    assert foreign(terminal.raw) == []


def _contacts(path: Path) -> None:
    header = ["ContactId", "FirstName", "LastName", "EMail", "DateOfBirth", "[@click=app.quit]x[/]"]
    cells = ["CNTID_777", "Acme [/b]", "\x1b]0;owned\x07", "\x1b[38;5;199mpink", "\u202e31/31", "\x9b38;5;199mpink"]
    lines = [",".join(f'"{cell}"' for cell in row) for row in (header, cells)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def test_kept_drafts_are_listed_and_opened_again(spoiled: Home) -> None:
    first = spoiled.board()
    first.press("s")
    first.wait_for("┌─ Next step")
    first.press("ctrl+u")
    first.type(f"{PASTE}{''.join(hostile.TYPED)}{PASTED}")
    first.type(f"{PASTE} seen{PASTED}")
    settle(first, "paste", "seen")
    first.hang_up()
    assert first.ended()
    again = spoiled.open("--as", "ana.wu")
    settle(again, "drafts", "Drafts (1)")
    again.press("enter")
    settle(again, "enter", "┌─ Next step")
    again.wait_for("seen")
    assert foreign(first.raw) == []
    assert foreign(again.raw) == []
