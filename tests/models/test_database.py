"""The file: making, opening, upgrading by several at once, and a disk that is full or a database that is busy."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from models import database, journal, setup, triggers
from models.deals import deals
from models.errors import DatabaseAwayError, RefusedError
from tests.models.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]


def run(code: str, *args: str) -> subprocess.Popen[str]:
    """Start a Python process on the program's code."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *args], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_only_its_owner_can_read_it(tmp_path):
    path = tmp_path / "deep" / "er" / "contoso.db"
    before = os.umask(0)
    try:
        setup.create(path, "olga", NOW)
        with database.connection():
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            with journal.action(maker(), NOW, "x", "y"):
                database.put_setting("a", "b")
            files = [path, *path.parent.glob("contoso.db-*")]
            assert len(files) > 1
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def maker():
    from models.people import users

    return users.get_actor("olga")


def test_the_shipped_pragmas_hold(book):
    for pragma, value in (("synchronous", 2), ("foreign_keys", 1), ("journal_mode", "wal"), ("temp_store", 2)):
        assert database.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_a_database_that_is_there_is_not_made_again(tmp_path):
    path = tmp_path / "contoso.db"
    setup.create(path, "olga", NOW)
    with pytest.raises(RefusedError, match="exists already"):
        setup.create(path, "mallory", NOW)


def test_a_newer_schema_is_refused_and_left_alone(book):
    before = (book.path).read_bytes()
    with closing(sqlite3.connect(book.path)) as other:
        other.execute(f"PRAGMA user_version = {database.SCHEMA_VERSION + 1}")
    with pytest.raises(DatabaseAwayError, match="made by a newer contoso"):
        database.ensure_current()
    assert database.schema_version() == database.SCHEMA_VERSION + 1
    assert len(before) == len(book.path.read_bytes())


def test_what_is_no_database_is_said(tmp_path):
    path = tmp_path / "contoso.db"
    path.write_bytes(b"Name,Email\n" * 1000)
    database.init(path)
    with pytest.raises(DatabaseAwayError, match="contoso doctor"), database.connection():
        pass
    database.init(tmp_path / "none" / "contoso.db")
    with pytest.raises(DatabaseAwayError, match="unable to open"), database.connection():
        pass


def test_four_processes_upgrade_at_once_and_one_does_it(tmp_path):
    path = tmp_path / "contoso.db"
    database.create_file(path)
    code = (
        "import sys; from pathlib import Path; from models import database\n"
        "database.init(Path(sys.argv[1]))\n"
        "sys.stdin.readline()\n"
        "with database.connection():\n"
        "    database.ensure_current()\n"
        "    print(database.schema_version(), database.execute('SELECT count(*) FROM stage').fetchone()[0])\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[0].strip() for process in processes]
    assert said == [f"{database.SCHEMA_VERSION} 0"] * 4
    with closing(sqlite3.connect(path)) as made:
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {name for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert names == {statement.split()[2] for statement in triggers.statements()}


def test_an_upgrade_that_fails_changes_nothing(tmp_path, monkeypatch):
    path = tmp_path / "contoso.db"
    database.create_file(path)
    database.init(path)
    shipped = triggers.statements()
    monkeypatch.setattr(triggers, "statements", lambda: [*shipped, "CREATE TRIGGER broken"])
    with database.connection():
        with pytest.raises(database.DatabaseError):
            database.upgrade()
        assert database.schema_version() == 0
        assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        monkeypatch.undo()
        database.upgrade()
        assert database.schema_version() == database.SCHEMA_VERSION


def test_every_migration_there_is_belongs_to_the_schema():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "models" / "migrations").glob("*.sql"))
    assert numbers == list(range(1, database.SCHEMA_VERSION + 1))


def test_pins_of_the_first_schema_are_kept(tmp_path, monkeypatch):
    path = tmp_path / "contoso.db"
    database.create_file(path)
    database.init(path)
    with database.connection():
        with monkeypatch.context() as old:
            old.setattr(database, "SCHEMA_VERSION", 1)
            # The first schema's own triggers are gone by the time pins are carried over.
            old.setattr(triggers, "statements", list)
            database.upgrade()
        database.execute("INSERT INTO customer (id, kind, name, origin, first_seen_on, created_at, updated_at)"
                         " VALUES (7, 'individual', 'Nora', 'crm', '2026-11-18', 1, 1)")  # fmt: skip
        for field in ("phone", "email"):
            database.execute(
                "INSERT INTO customer_pin (customer_id, field, value, pinned_by, pinned_at)"
                " VALUES (7, ?, 'x', 'bo', 5)",
                (field,),
            )
        database.ensure_current()
        assert database.schema_version() == database.SCHEMA_VERSION
        assert database.execute("SELECT * FROM customer_pin").fetchall() == [
            (1, 7, "email", "x", None, "bo", 5),
            (2, 7, "phone", "x", None, "bo", 5),
        ]
    assert (tmp_path / f"contoso.db.before-schema-{database.SCHEMA_VERSION}").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("had", [False, True])
def test_what_lines_give_away_is_known_whether_an_older_database_had_it_or_not(tmp_path, had):
    path = tmp_path / "contoso.db"
    database.create_file(path)
    database.init(path)
    with database.connection():
        with database.database.atomic("EXCLUSIVE"):
            for number in range(1, 13):
                for statement in database._migration(number):
                    database.execute(statement)
            if had:
                database.execute("CREATE VIEW quote_line_given AS SELECT 1 AS line_id, 1 AS quote_id, 1 AS given_bp")
            database.execute("PRAGMA user_version = 12")
        database.ensure_current()
        assert database.execute("SELECT quote_id, given_bp FROM quote_line_given").fetchall() == []


def test_a_busy_database_is_said_and_nothing_is_saved(book):
    deal = book.deal("develop", 9_000)
    database.execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(book.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseAwayError, match="busy with another write"):
            deals.edit(book.ana, book.now, deal, {"need": "x"})
        # Reads go on.
        assert book.detail(deal).need != "x"
        other.execute("ROLLBACK")
    deals.edit(book.ana, book.now, deal, {"need": "x"})
    assert book.detail(deal).need == "x"


FILLED = """
import os, signal, sys
from pathlib import Path
from models import database
database.init(Path(sys.argv[1]))
with database.connection(), database.written_once():
    database.execute("CREATE TABLE filled (text)")
    print(*database.execute("PRAGMA journal_mode").fetchone(), flush=True)
    # So little is held that most is in the file long before the end.
    database.execute("PRAGMA cache_size = 10")
    with database.database.atomic():
        for number in range(20_000):
            database.execute("INSERT INTO filled (text) VALUES (?)", (f"{number} " * 20,))
        if sys.argv[2] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
"""


def _filled(path: Path) -> tuple[int, str]:
    database.init(path)
    with database.connection():
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        filled = database.execute("SELECT count(*) FROM filled").fetchone()[0]
        return filled, database.execute("PRAGMA journal_mode").fetchone()[0]


def test_what_is_written_once_is_there_whole_and_the_log_is_back(tmp_path):
    path = tmp_path / "contoso.db"
    setup.create(path, "olga", NOW)
    process = run(FILLED, str(path), "end")
    assert process.communicate(timeout=60)[0].strip() == "delete"
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert _filled(path) == (20_000, "wal")


def test_what_is_written_once_and_killed_was_never_there(tmp_path):
    path = tmp_path / "contoso.db"
    setup.create(path, "olga", NOW)
    before = path.stat().st_size
    process = run(FILLED, str(path), "kill")
    assert process.communicate(timeout=60)[0].strip() == "delete"
    assert path.stat().st_size > before
    assert _filled(path) == (0, "wal")


def test_the_log_is_kept_where_another_session_is_open(tmp_path):
    path = tmp_path / "contoso.db"
    setup.create(path, "olga", NOW)
    database.init(path)
    with database.connection():
        process = run(FILLED, str(path), "end")
        assert process.communicate(timeout=60)[0].strip() == "wal"
        assert database.execute("SELECT count(*) FROM filled").fetchone() == (20_000,)


def test_a_table_that_was_filled_has_its_indexes_and_triggers_again(book):
    def made() -> dict[str, str]:
        return dict(database.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'customer'").fetchall())

    before = made()
    with database.database.atomic(), database.filled_by_import("customer"):
        meanwhile = made()
        # Those that keep the search index and the rules stay.
        away = set(before) - set(meanwhile)
        assert {name for name in away if not name.startswith("customer_")} == {"journal_customer_i"}
        assert {"customer_replaced", "customer_spelt", "customer_name", "customer_email"} < away
        assert {"customer_searched", "customer_kept", "journal_customer_u"} < set(meanwhile)
    assert made() == before
    with pytest.raises(ZeroDivisionError), database.database.atomic(), database.filled_by_import("customer"):
        raise ZeroDivisionError
    assert made() == before
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


FULL = """
import resource, signal, sys
from pathlib import Path
from models import database
from models.deals import deals
from models.errors import DatabaseAwayError
from models.people import users
from tests.models.conftest import NOW

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
database.init(path)
with database.connection():
    ana = users.get_actor("ana")
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        deals.edit(ana, NOW, 1001, {"need": "x" * 50_000})
    except DatabaseAwayError as error:
        print(error.message)
    print(database.execute("SELECT need FROM deal WHERE id = 1001").fetchone()[0])
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    deals.edit(ana, NOW, 1001, {"need": "room again"})
    print(database.execute("SELECT need FROM deal WHERE id = 1001").fetchone()[0])
"""


def test_a_full_disk_is_said_reads_go_on_and_writes_when_there_is_room(book):
    book.deal("develop", 9_000)
    said, _ = run(FULL, str(book.path)).communicate(timeout=120)
    assert said.splitlines() == [
        "The disk is full: nothing was saved; make room and try again",
        "doors and windows of 12 sites",
        "room again",
    ]
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_connections_nest_and_close(tmp_path):
    path = tmp_path / "contoso.db"
    setup.create(path, "olga", NOW)
    with database.connection():
        with database.connection():
            assert database.schema_version() == database.SCHEMA_VERSION
        assert not database.database.is_closed()
    assert database.database.is_closed()


def test_data_version_tells_of_others_only(book):
    before = database.data_version()
    deal = book.deal("develop", 9_000)
    assert database.data_version() == before
    code = (
        "import sys; from pathlib import Path; from models import database; from models.deals import deals\n"
        "from models.people import users; from tests.models.conftest import NOW\n"
        "database.init(Path(sys.argv[1]))\n"
        "with database.connection(): deals.edit(users.get_actor('max'), NOW, int(sys.argv[2]), {'need': 'theirs'})\n"
    )
    assert run(code, str(book.path), str(deal)).communicate(timeout=120)[0] == ""
    assert database.data_version() != before
    assert book.detail(deal).need == "theirs"
