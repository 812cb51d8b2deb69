"""The first run on a real terminal: what is asked before anything is written."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest

from tests.contoso_tui.cli.test_import import CONTACTS, ONLINE


@pytest.fixture
def export(homes: Path) -> Path:
    folder = homes / "export"
    folder.mkdir()
    (folder / "Contacts.csv").write_text(CONTACTS)
    (folder / "OnlinePurchases.csv").write_text(ONLINE)
    return folder


def _spawn(*words: str) -> pexpect.spawn:
    environment = {**os.environ, "PYTHONPATH": os.getcwd(), "TERM": "xterm-256color"}
    return pexpect.spawn(
        sys.executable,
        ["-m", "contoso_tui", *words],
        env=environment,
        dimensions=(24, 80),
        timeout=60,
        encoding="utf-8",
    )


def test_import_shows_what_it_found_then_asks_and_opens_the_board(export: Path, homes: Path) -> None:
    database = homes / "data" / "contoso" / "contoso.db"
    terminal = _spawn("import", str(export))
    terminal.expect_exact("Looked at 2 files, nothing written yet.")
    terminal.expect(r"Contacts\.csv +2 rows +-> \w.*\(con\) +dates M/D/YYYY +1 bad cells")
    terminal.expect(r"OnlinePurchases\.csv +2 rows +-> Online purchases \(onl\).*1 of nobody in Contacts")
    terminal.expect_exact("[y/N]")
    assert not database.exists()
    terminal.sendline("y")
    terminal.expect_exact("4 rows in ")
    terminal.expect_exact("Opening the board")
    terminal.expect_exact("CONTOSO")
    terminal.send("\x11")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert database.exists()


def test_no_is_the_answer_of_enter_and_writes_nothing(export: Path, homes: Path) -> None:
    for words in (("import", str(export)), ()):
        terminal = _spawn(*words)
        terminal.expect_exact("[y/N]")
        terminal.sendline("")
        terminal.expect(pexpect.EOF)
        terminal.close()
        assert terminal.exitstatus == 0
        assert not (homes / "data").exists()


def test_bare_start_offers_an_empty_book(homes: Path) -> None:
    terminal = _spawn()
    terminal.expect_exact("contoso demo shows one")
    terminal.expect_exact("[y/N]")
    terminal.sendline("y")
    terminal.expect_exact("No deals yet")
    terminal.send("\x11")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
