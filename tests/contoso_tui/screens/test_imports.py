"""Imports by key on a real database: files chosen and looked at, imported by another process, closed, taken back."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from contoso_tui.commands import SCOPES
from contoso_tui.dialogs.choose_path import ChoosePath
from contoso_tui.dialogs.confirm import Confirm
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.preview import Preview
from contoso_tui.dialogs.show_text import ShowText
from contoso_tui.import_job import ImportJob
from contoso_tui.screens.imports import ImportsScreen
from importers import report, run
from models import database, setup
from models.errors import ContosoError, NotAllowedError, RefusedFile
from models.people import users
from tests.contoso_tui.screens.customer_story import NOW, Story, build, running
from tests.importers.small_files import contact

# A process that loads pandas may take its time on a busy machine.
PATIENCE = 6000


@pytest.fixture
def story(tmp_path, monkeypatch) -> Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    return build(tmp_path)


def opened(story: Story, login: str = "olga", size=(80, 24)):
    return running(story, login, "imports", lambda screen: getattr(screen, "_is_read", False), size)


def more(story: Story) -> Path:
    """Write a folder with one new contact, a date that doesn't exist, and a row like Nora's."""
    folder = story.path.parent / "crm-export"
    folder.mkdir()
    rows = [
        contact(50, "Gus", "Grim", DateOfBirth="31/31/1990"),
        contact(51, "Nora", "Vale", EMail="nora_vale@mail1.example", Telephone="303 555 0142"),
    ]
    header = list(rows[0])
    lines = [",".join(header), *(",".join(row.get(name, "") for name in header) for row in rows)]
    (folder / "Contacts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "notes.txt").write_text("no table\n", encoding="utf-8")
    return folder


async def choose(on, *typed: str) -> None:
    """Open the path dialog, go to the folder, take all of it, and import."""
    dialog = await on.dialog(ChoosePath, "i")
    await on.until(lambda: dialog.chosen is not None)
    await on.press(*typed)
    await on.until(lambda: dialog.chosen is not None and "crm-export" in dialog.chosen.result)
    await on.press("enter")
    await on.until(lambda: dialog.chosen is not None and dialog.chosen.result.startswith("take:"))
    assert "All of ~/crm-export" in dialog.box.text
    await on.press("enter")
    await on.until(lambda: isinstance(on.screen, Preview) and on.screen.box.text, PATIENCE)


async def test_imports_are_listed_with_rows_links_reviews_and_bad_cells(story) -> None:
    async with opened(story) as on:
        rows = on.text.split("\n")
        assert rows[0].startswith(" CONTOSO  TEST  Imports")
        assert rows[0].rstrip().endswith("1 import  olga")
        assert rows[1].split() == ["n", "when", "who", "rows", "new", "linked", "review", "bad", "state"]
        assert rows[2].split() == ["▌", "1", "06", "Nov", "10:00", "olga", "15", "15", "3", "0", "0", "open"]
        assert "Contacts.csv 8 con" in on.status


async def test_files_are_looked_at_first_then_imported_beside_the_screen(story) -> None:
    more(story)
    async with opened(story) as on:
        await choose(on, *"crm")
        text = on.screen.box.text
        assert "nothing written yet" in text
        assert "2 rows  -> Contacts (con)" in text
        assert "notes.txt: left out" in text
        assert "▌[ Not now ]" in "".join(part for part, _ in on.screen.box._foot)
        await on.press("right", "enter")
        await on.until(lambda: "Import 2: 2 rows in" in on.status, PATIENCE)
        assert "x takes it back" in on.status
        assert on.screen.list.current == 2
        assert story.value("SELECT count(*) FROM customer WHERE name = 'Gus Grim'") == 1
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, ShowText))
        assert "Contacts.csv, line 2: DateOfBirth '31/31/1990', no such date; left blank" in on.screen.text
        await on.press("escape")


async def test_leaving_the_preview_writes_nothing(story) -> None:
    more(story)
    async with opened(story) as on:
        await choose(on, *"crm")
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, ImportsScreen))
        assert story.value("SELECT count(*) FROM import_run") == 1


async def test_an_import_is_taken_back_after_its_number_is_typed(story) -> None:
    folder = more(story)
    story.act("olga", lambda actor, now: run.run([folder], actor, now))
    async with opened(story) as on:
        await on.press("j", "x")
        await on.told("Import 2 was built on import 1: take 2 back first")
        await on.press("k")
        form = await on.dialog(FormDialog, "x")
        assert "2 new customers go, 2 new rows with them" in form.box.text
        await on.press("1", "ctrl+s")
        await on.until(lambda: "Type 2, the import's number" in form.box.text)
        await on.fill(number="2")
        await on.told("Import 2 taken back: 2 customers and 0 purchases gone")
        await on.until(lambda: "reverted" in on.text)
        await on.press("x")
        assert "Import 2 is reverted already" in on.status
        await on.press("j")
        await on.dialog(FormDialog, "x")
        await on.fill(number="1")
        # Nora has a deal, Fabrikam is in nurture, two were handed over.
        await on.told("Import 1 taken back: 3 customers and 5 purchases gone, 4 customers")


async def test_an_import_is_closed_and_then_stays(story) -> None:
    async with opened(story) as on:
        dialog = await on.dialog(Confirm, ">")
        assert "It stays for good" in dialog.box.text
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, ImportsScreen))
        assert story.read(report.get_run, 1).state == "open"
        await on.dialog(Confirm, ">")
        await on.press("right", "enter")
        await on.told("Closed import 1")
        await on.until(lambda: "closed" in on.text.split("\n")[2])
        await on.press("x")
        assert "Import 1 is closed already" in on.status


async def test_only_who_made_it_or_operations_closes_or_takes_it_back(story) -> None:
    async with opened(story, "bo.lee") as on:
        for key in (">", "x"):
            await on.press(key)
            assert "Import 1 is olga's: only olga or sales operations" in on.status


async def test_others_imports_appear_and_the_filter_finds_them(story) -> None:
    folder = more(story)
    async with opened(story) as on:
        story.act("bo.lee", lambda actor, now: run.run([folder], actor, now))
        await on.until(lambda: len(on.screen.runs) == 2)
        assert on.screen.list.current == 1
        await on.press("/", *"bo.lee")
        await on.until(lambda: "1 matches" in on.status)
        await on.press("enter", "x")
        await on.dialog(FormDialog)
        await on.press("escape", "escape")
        await on.until(lambda: isinstance(on.screen, ImportsScreen))
        await on.press("escape")
        await on.until(lambda: on.screen.list.count == 2)
        await on.press("/", *"zz", "enter")
        await on.until(lambda: "No import matches 'zz'. esc clear" in on.text)


async def test_a_database_without_imports_says_what_to_do(tmp_path, monkeypatch) -> None:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    path = tmp_path / "new.db"
    setup.create(path, "olga", NOW, is_test=True)
    async with opened(Story(path, tmp_path, {})) as on:
        await on.until(lambda: "Nothing has been imported yet. i imports files" in on.text)
        await on.press("x")
        assert "No import here: i imports files" in on.status


async def test_a_path_is_completed_with_tab_and_hidden_files_wait_for_their_dot(story) -> None:
    more(story)
    (story.path.parent / ".hidden.csv").write_text("x\n")
    async with opened(story) as on:
        dialog = await on.dialog(ChoosePath, "i")
        await on.until(lambda: "crm-export/" in dialog.box.text)
        assert ".hidden" not in dialog.box.text
        await on.press(*"crm", "tab")
        await on.until(lambda: dialog.buffer.text == "~/crm-export/" and "All of" in dialog.box.text)
        await on.press(*"xyz")
        await on.until(lambda: "Nothing there by that name" in dialog.box.text)
        # A whole path after what stands there is meant as it is.
        await on.press("ctrl+u", *"~//no/such/path/")
        await on.until(lambda: "/no/such/path: No such file or directory" in dialog.box.text)
        await on.press("ctrl+u", *"/no/such/place/")
        await on.until(lambda: "No such file or directory" in dialog.box.text)
        await on.press("escape")
        await on.until(lambda: isinstance(on.screen, ImportsScreen))


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 40)])
async def test_hostile_file_names_and_cells_are_drawn_to_the_last_cell(story, size) -> None:
    folder = more(story)
    nasty = folder / "[b]\x1b[2J東京庵.csv"
    (folder / "Contacts.csv").rename(nasty)
    story.act("olga", lambda actor, now: run.run([nasty], actor, now))
    async with opened(story, size=size) as on:
        await on.press("/", *"東京", "enter")
        await on.until(lambda: on.screen.list.count == 1)
        assert {cell_len(row) for row in on.text.split("\n")} == {size[0]}
        assert "\x1b" not in on.text
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, ShowText))
        assert "\x1b" not in on.text
        await on.press("escape")
        dialog = await on.dialog(ChoosePath, "i")
        await on.press(*"crm", "enter")
        await on.until(lambda: "東京庵" in dialog.box.text)
        assert "\x1b" not in on.text


async def test_the_process_refuses_what_is_no_source_and_who_is_somebody_else(story) -> None:
    job = ImportJob(story.path, "olga")
    with pytest.raises(RefusedFile):
        await job.look([more(story) / "notes.txt"])
    assert await job.run([story.files], NOW, lambda _text: None) == 2
    job.close()
    database.init(story.path)
    real = story.path.parent / "real.db"
    setup.create(real, users.system_login(), NOW)
    job = ImportJob(real, "olga")
    with pytest.raises(NotAllowedError, match="Only in demo and test databases"):
        await job.run([story.files], NOW, lambda _text: None)
    job.close()
    job = ImportJob(story.path, "olga")
    job.stop()
    with pytest.raises(ContosoError, match="stopped: nothing was written"):
        await asyncio.wait_for(job.run([story.files], NOW, lambda _text: None), 60)


def test_the_screen_does_not_load_pandas() -> None:
    code = "import sys, contoso_tui.screens.imports; sys.exit('pandas' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0


def test_every_action_of_the_scope_exists() -> None:
    for command_id in (*SCOPES["imports"].ids, "item.open", "item.copy", "list.filter", "app.undo"):
        assert hasattr(ImportsScreen, "action_" + command_id.replace(".", "_")), command_id
