"""A second process works out what it is asked for, and never outlives the import."""

from __future__ import annotations

import datetime as dt
import operator
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from importers import helper, run
from importers.helper import Helper
from importers.sources import get_source
from models import database, setup
from models.errors import ContosoError, RefusedFile, UsageError
from models.people.records import Actor
from tests.importers.small_files import Files, bought, bought_in_store, contact, member


@pytest.fixture
def other() -> Iterator[Helper]:
    with helper.beside(helper.LARGE_BYTES) as found:
        yield found


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    # One that has ended and that nobody has asked after yet is still listed.
    return Path(f"/proc/{process_id}/stat").read_text().split(") ")[1][0] != "Z"


def _wait_for_end(process_id: int) -> None:
    until = time.monotonic() + 20
    while _is_running(process_id):
        assert time.monotonic() < until, "the second process outlives the import"
        time.sleep(0.05)


def test_a_small_import_does_all_by_itself() -> None:
    with helper.beside(helper.LARGE_BYTES - 1) as alone:
        assert alone.ask(os.getpid).result() == os.getpid()


def test_another_process_answers_each_question(other: Helper) -> None:
    first, second = other.ask(os.getpid), other.ask(operator.mul, 6, 7)
    assert second.result() == 42
    assert first.result() == first.result() != os.getpid()


def test_a_long_question_waits_for_long_answers_before_it(other: Helper) -> None:
    long = "x" * 1_000_000
    answers = [other.ask(operator.mul, long, 3) for _ in range(3)]
    assert [len(answer.result()) for answer in answers] == [3_000_000] * 3


def test_a_source_is_the_same_in_both(other: Helper) -> None:
    source = get_source("pos")
    assert other.ask(operator.attrgetter("is_people"), get_source("con")).result() is True
    assert other.ask(operator.itemgetter(0), [source]).result() is source


def test_an_error_for_people_is_raised_when_its_answer_is_wanted(other: Helper) -> None:
    failed, fine = other.ask(get_source, "none"), other.ask(operator.add, 1, 2)
    assert fine.result() == 3
    with pytest.raises(UsageError, match="There is no source none"):
        failed.result()


def test_an_unexpected_error_tells_its_place_and_no_values(other: Helper) -> None:
    with pytest.raises(RuntimeError, match=r"ValueError in .*helper_process") as failed:
        other.ask(int, "hidden").result()
    assert "hidden" not in str(failed.value)


def test_an_end_from_outside_is_told(other: Helper) -> None:
    with pytest.raises(ContosoError, match="nothing was written, import again"):
        other.ask(os._exit, 1).result()


def test_what_still_goes_on_at_the_end_is_given_up() -> None:
    with helper.beside(helper.LARGE_BYTES) as other:
        process_id = other.ask(os.getpid).result()
        other.ask(time.sleep, 600)
    assert not _is_running(process_id)


def test_it_ends_with_an_import_that_is_killed() -> None:
    script = (
        "import os, time\nfrom importers import helper\n"
        "with helper.beside(helper.LARGE_BYTES) as other:\n"
        "    print(other.ask(os.getpid).result(), flush=True)\n"
        "    other.ask(time.sleep, 600).result()\n"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root) as killed:
        assert killed.stdout is not None
        process_id = int(killed.stdout.readline())
        killed.send_signal(signal.SIGKILL)
    _wait_for_end(process_id)


def _write(files: Files) -> None:
    files.contacts(*(contact(number, f"Nora{number}", "Vale") for number in range(1, 30)))
    files.loyalty(*(member(number, f"Nora{number}", "Vale") for number in range(10, 40)))
    files.online(*(bought(number, f"OP_{number}", "75") for number in range(1, 35)))
    files.pos(*(bought_in_store(number, f"P_{number}") for number in range(5, 45)))


def _all_rows() -> dict[str, list[str]]:
    """Return everything the database holds, but for the run itself: how long it took is no matter."""
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'import_run'")
    return {
        table: sorted(map(repr, database.execute(f"SELECT * FROM {table}").fetchall()))
        for table in [str(row[0]) for row in tables.fetchall()]
    }


def test_a_large_import_writes_what_a_small_one_does(
    files: Files, maker: Actor, now: dt.datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(files)
    found = []
    for number, large in enumerate((helper.LARGE_BYTES, 0)):
        monkeypatch.setattr(helper, "LARGE_BYTES", large)
        database.database.close()
        path = tmp_path / f"{number}.db"
        setup.create(path, "ana.wu", now)
        database.init(path)
        with database.connection():
            run.run([files.folder], maker, now)
            files.online(*(bought(number, f"OP_{number}", "80") for number in range(3, 50)))
            files.contacts(*(contact(number, f"Nora{number}", "Vale", City="Boulder") for number in range(2, 33)))
            run.run([files.folder], maker, now + dt.timedelta(days=1))
            found.append(_all_rows())
        _write(files)
        database.init(tmp_path / "contoso.db")
        database.database.connect()
    assert found[0]["purchase"]
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["Online.csv", "Loyalty.csv", "Contacts.csv"])
def test_a_file_that_is_refused_there_leaves_everything_as_it_was(
    name: str, files: Files, maker: Actor, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "LARGE_BYTES", 0)
    _write(files)
    path = files.folder / name
    path.write_text(path.read_text() + "cut,off\n")
    with pytest.raises(RefusedFile, match=f"{name} is cut off"):
        run.run([files.folder], maker, now)
    assert database.execute("SELECT count(*) FROM import_run").fetchone() == (0,)
