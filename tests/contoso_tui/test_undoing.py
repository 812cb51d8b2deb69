from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from contoso_tui import undoing
from contoso_tui.screens.customers import CustomersScreen
from importers import report, run
from models import database
from models.customers import customers
from models.database import execute
from models.deals import deals
from models.errors import RefusedError
from models.people import users
from models.people.records import Actor, Role
from tests.contoso_tui.small_app import LOGIN, NOW
from tests.importers.small_files import Files, bought, contact, member


@pytest.fixture
def imported(database_path: Path, actor: Actor, tmp_path: Path) -> Path:
    """A database into which the user has imported Nora, with a deal of somebody else's since, and Ivo."""
    files = Files(tmp_path / "files")
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    files.loyalty(member(1, "Nora", "Vale"))
    files.online(bought(1, "OP_1"), bought(2, "OP_2"))
    with database.connection():
        users.add(actor, NOW, "bo", [Role.REPRESENTATIVE])
        run.run([files.folder], actor, NOW)
        nora = execute("SELECT id FROM customer WHERE name = 'Nora Vale'").fetchone()[0]
        deals.create(users.get_actor("bo"), NOW, nora)
    return database_path


def test_undo_of_an_import_takes_it_back_whole(imported: Path, actor: Actor) -> None:
    with database.connection():
        number = execute("SELECT id FROM action WHERE kind = 'import.run'").fetchone()[0]
        done = undoing.undo_last(actor, NOW)
        assert done.reverted is not None
        assert done.summary.startswith("Import 1 taken back: 1 customer and 2 purchases gone, 1 customer worked on")
        assert done.summary.endswith("stays: C-00001 Nora Vale")
        assert [row[0] for row in execute("SELECT name FROM customer")] == ["Nora Vale"]
        assert report.get_run(1).state == "reverted"
        with pytest.raises(RefusedError, match="undone already"):
            undoing.undo_last(actor, NOW, number)


def test_undo_and_redo_of_anything_else_are_as_ever(database_path: Path, actor: Actor) -> None:
    with database.connection():
        customers.create(actor, NOW, name="Uma Reyes")
        undone = undoing.undo_last(actor, NOW)
        assert undone.reverted is None
        assert "Uma Reyes" in undone.summary
        assert customers.count_customers() == 0
        assert undoing.redo_last(actor, NOW).summary == undone.summary
        assert customers.count_customers() == 1


async def test_u_on_a_screen_takes_the_import_back_and_says_what_stays(
    imported: Path, make_app, shown, wait_until
) -> None:
    app = make_app(screens={"board": CustomersScreen})
    async with app.run_test(size=(160, 24)) as pilot:
        await wait_until(pilot, lambda: any("Ivo Hart" in row for row in shown(app)))
        await pilot.press("u")
        await wait_until(pilot, lambda: "Import 1 taken back" in shown(app)[-2])
        assert "1 customer worked on since stays: C-00001 Nora Vale" in shown(app)[-2]
        assert "redo" not in shown(app)[-2]
        await wait_until(pilot, lambda: not any("Ivo Hart" in row for row in shown(app)))
        assert any("Nora Vale" in row for row in shown(app))


def test_an_import_is_taken_back_without_loading_pandas(imported: Path) -> None:
    program = f"""
import datetime as dt, pathlib, sys
from contoso_tui import undoing
from models import database
from models.people import users
database.init(pathlib.Path({str(imported)!r}))
with database.connection():
    print(undoing.undo_last(users.get_actor({LOGIN!r}), dt.datetime.now(dt.UTC)).summary)
print(sorted({{"pandas", "numpy", "rapidfuzz", "thefuzz"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    summary, loaded = done.stdout.splitlines()
    assert summary.startswith("Import 1 taken back")
    assert loaded == "[]"


def test_redo_of_an_import_says_that_it_comes_from_its_files(imported: Path, actor: Actor) -> None:
    with database.connection():
        undoing.undo_last(actor, NOW)
        with pytest.raises(RefusedError, match=r"^Imported 3 files: .*comes again from its files, not by redo$"):
            undoing.redo_last(actor, NOW)
        assert report.get_run(1).state == "reverted"
        # What is done and undone after it is redone as ever.
        customers.create(actor, NOW, name="Uma Reyes")
        undoing.undo_last(actor, NOW)
        assert "Uma Reyes" in undoing.redo_last(actor, NOW).summary


async def test_redo_on_a_screen_says_so_too(imported: Path, make_app, shown, wait_until) -> None:
    app = make_app(screens={"board": CustomersScreen})
    async with app.run_test(size=(160, 24)) as pilot:
        await wait_until(pilot, lambda: any("Ivo Hart" in row for row in shown(app)))
        await pilot.press("u")
        await wait_until(pilot, lambda: "Import 1 taken back" in shown(app)[-2])
        await pilot.press("U")
        await wait_until(pilot, lambda: "comes again from its files" in shown(app)[-2])


def test_what_stays_names_the_change_before_it_which_comes_next(database_path: Path, actor: Actor) -> None:
    with database.connection():
        made = customers.create(actor, NOW, name="Uma Reyes")
        users.add(actor, NOW, "bo", [Role.REPRESENTATIVE])
        users.change(actor, NOW, "bo", name="Bo")
        passed: set[int] = set()
        for before in ("Added user bo", "New customer: Uma Reyes"):
            with pytest.raises(undoing.StaysError, match="replaced") as told:
                undoing.undo_last(actor, NOW, passed=passed)
            assert told.value.before is not None
            assert told.value.before.summary.startswith(before)
            passed.add(told.value.action_id)
        assert "Uma Reyes" in undoing.undo_last(actor, NOW, passed=passed).summary
        assert execute("SELECT count(*) FROM customer WHERE id = ?", (made,)).fetchone() == (0,)


def test_the_command_names_the_number_of_the_change_before(database_path: Path, tmp_path: Path) -> None:
    with database.connection():
        maker = users.get_actor(LOGIN)
        customers.create(maker, NOW, name="Uma Reyes")
        users.add(maker, NOW, "bo", [Role.REPRESENTATIVE])
        number = execute("SELECT max(id) FROM action WHERE kind = 'customer.new'").fetchone()[0]
    command = [sys.executable, "-m", "contoso_tui", "--data", str(database_path), "--as", LOGIN, "undo"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 4
    assert f"contoso undo {number} takes back what was before it: New customer: Uma Reyes" in done.stderr
