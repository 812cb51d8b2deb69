"""Imports from the shell: first run, JSON, taking back, refusals; and the demo."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from contoso_tui.__main__ import main
from models import database
from models.customers import customers
from models.people import users
from tests.contoso_tui.cli.conftest import NOW, Shell
from tests.importers import known_people
from tests.importers.small_files import Files, contact

# ruff: noqa: E501
CONTACTS = """ContactId,FirstName,LastName,FullName,DateOfBirth,Gender,EMail,Telephone,PostCode,StreetAddress,City,State,Country,CreatedOn,Loyalty Tier,Email Subscriber,Income,Occupation,CustomerSatisfaction
C1,Nora,Vale,Nora Vale,3/12/1984,Female,nora@vale.example,555-0101,80202,1 Elm St,Denver,Colorado,USA,1/2/2020,low,Yes,50000,Teacher,high
C2,Ola,Berg,Ola Berg,31/31/1990,Male,ola@berg.example,555-0102,80203,2 Elm St,Denver,Colorado,USA,1/3/2020,low,No,60000,Teacher,high
"""
ONLINE = """ContactId,PurchaseId,ProductId,PurchasedOn,TotalPrice,ActivityTypeDisplay,Subject
C1,O1,P1,5/6/2026,189,OnlinePurchase,Purchased a product online
C9,O2,P1,5/7/2026,149,OnlinePurchase,Purchased a product online
"""


@pytest.fixture
def export(homes: Path) -> Path:
    folder = homes / "export"
    folder.mkdir()
    (folder / "Contacts.csv").write_text(CONTACTS)
    (folder / "OnlinePurchases.csv").write_text(ONLINE)
    return folder


def _import(path: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["import", *words, "--data", str(path)])
    out, err = capsys.readouterr()
    return code, out, err


def test_first_import_makes_the_database_and_a_second_changes_nothing(
    export: Path, homes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = homes / "new" / "contoso.db"
    code, out, err = _import(path, str(export), "--yes", "--json", capsys=capsys)
    assert code == 0, err
    form = json.loads(out)
    assert form["schema"] == "contoso.import/1"
    first = form["data"]
    assert first.pop("seconds") >= 0
    bad = {"line": 3, "column": "DateOfBirth", "value": "31/31/1990", "reason": first["files"][0]["bad"][0]["reason"]}
    assert first == {
        "run": 1,
        "dry_run": False,
        "files": [
            {"path": "Contacts.csv", "source": "con", "rows": 2, "bad": [bad]},
            {"path": "OnlinePurchases.csv", "source": "onl", "rows": 2, "bad": []},
        ],
        "records": {"new": 4, "changed": 0, "unchanged": 0, "absent": 0},
        "customers": {"total": 2, "new": 2, "changed": 0},
        "purchases": {"online": 2, "pos": 0, "orphans": 1},
        "events": {"reviews": 0, "orphans": 0},
        "review": 0,
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    code, out, _ = _import(path, str(export), capsys=capsys)
    assert code == 0
    assert "Nothing changed" in out
    assert "revert" not in out


def test_report_for_people_names_bad_cells(export: Path, homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _import(homes / "a.db", str(export), "--yes", capsys=capsys)
    assert "4 rows in " in out
    assert "2 customers, 0 rows to review. Take it back: contoso import revert 1" in out
    assert "1 row waits for its customer: online 1" in out
    assert "Contacts.csv, line 3: DateOfBirth '31/31/1990'" in out


def test_dry_run_makes_no_database(export: Path, homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = homes / "none.db"
    code, out, _ = _import(path, str(export), "--dry-run", "--json", capsys=capsys)
    assert code == 0
    assert json.loads(out)["data"]["run"] is None
    assert not path.exists()


def test_refused_file_leaves_no_database(export: Path, homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = homes / "none.db"
    (export / "Contacts.csv").write_text("Colour,Size\nred,1\n")
    code, _, err = _import(path, str(export / "Contacts.csv"), "--yes", capsys=capsys)
    assert code == 1
    assert "Contacts.csv" in err
    assert not path.exists()


def test_an_import_stays_whose_report_nobody_reads(export: Path, homes: Path, shell: Shell) -> None:
    path = homes / "new.db"
    head, row = CONTACTS.splitlines()[:2]
    # A report that is longer than what Python holds back until the end.
    rows = [row.replace("C1", f"C{number}").replace("3/12", "31/31") for number in range(300)]
    (export / "Contacts.csv").write_text("\n".join([head, *rows, ""]))
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "contoso_tui", "import", str(export), "--yes", "--json", "--data", str(path)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    done = subprocess.run(command, env=environment, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
    database.init(path)
    with database.connection():
        assert database.execute("SELECT count(*) FROM source_record").fetchone() == (300,)


def test_list_show_revert_close_and_undo(export: Path, shell: Shell) -> None:
    shell.ok("import", str(export))
    (run,) = shell.ok("import", "list", "--json").data()
    assert (run["run"], run["state"], run["rows"], run["actor"]) == (1, "open", 4, "ana")
    assert "DateOfBirth" in shell.ok("import", "show", "1").out
    assert shell("import", "revert", "1", user="bo").code == 7
    reverted = shell.ok("import", "revert", "1", "--json").data()
    assert reverted == {"run": 1, "records": 2, "purchases": 2, "events": 0, "customers": 2, "kept": []}
    assert shell.ok("customer", "list", "--json").data() == []
    shell.ok("import", str(export))
    assert "Import 2 is taken back" in shell.ok("undo").err
    assert shell.ok("customer", "list", "--json").data() == []
    shell.ok("import", str(export))
    shell.ok("import", "close", "3")
    assert shell("import", "revert", "3").code == 4
    assert shell("import", "show", "9").code == 3


def test_rows_for_review_end_with_6(shell: Shell, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from importers import run
    from importers.report import Report, Review

    real = run.run

    def with_review(*args: object, **options: object) -> Report:
        found: Report = real(*args, **options)  # type: ignore[arg-type]
        return replace(found, reviews=(Review("con:C1", "con:C2", 3.0, "same email"),))

    monkeypatch.setattr(run, "run", with_review)
    assert shell("import", str(export)).code == 6


def test_profile_of_an_imported_customer(shell: Shell, export: Path) -> None:
    shell.ok("import", str(export))
    (row,) = shell.ok("customer", "list", "nora", "--json").data()
    (profile,) = shell.ok("customer", "show", row["id"], "--json", user="max").data()
    born = next(field for field in profile["fields"] if field["field"] == "birth_date")
    assert born.pop("policy") == "contacts first, then loyalty; of one source the newest, then the fullest"
    assert born == {"field": "birth_date", "value": "1984-03-12", "source": "con", "others": []}
    assert profile["sources"] == ["con:C1"]
    assert profile["loyalty"] is None
    assert profile["spend"]["total"] == {"value": "189.00", "currency": "USD"}
    (bought,) = shell.ok("customer", "timeline", row["id"], "--kinds", "online", "--json").data()
    assert (bought["on"], bought["amount"]["value"]) == ("2026-05-06", "189.00")


def test_demo_prints_a_board_and_leaves_nothing(homes: Path) -> None:
    temporary = homes / "tmp"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        [sys.executable, "-m", "contoso_tui", "demo"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Tech Check (5)" in done.stdout
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_demo_that_is_stopped_leaves_nothing(homes: Path, number: signal.Signals) -> None:
    temporary = homes / "tmp"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-m", "contoso_tui", "demo"]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not list(temporary.glob("contoso-demo-*/contoso.db")):
        assert running.poll() is None
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, "", "")
    assert list(temporary.iterdir()) == []


def test_demo_is_kept_where_asked_and_plays_every_role(homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = homes / "kept"
    assert main(["demo", "--keep", str(folder)]) == 0
    path = folder / "contoso.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert main(["demo", "--keep", str(folder)]) == 4
    for user in ("uma.reyes", "gil.ortega", "sol.brandt", "ona.quinn"):
        assert main(["--data", str(path), "--as", user]) == 0
    capsys.readouterr()
    assert main(["--data", str(path), "--as", "uma.reyes"]) == 0
    assert "asked" in capsys.readouterr().out.splitlines()[0]
    assert main(["--data", str(path), "deal", "list", "--json"]) == 0
    assert {deal["owner"] for deal in json.loads(capsys.readouterr().out)["data"]} == {"ana.wu"}
    database.database.close()


def test_real_files(homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = os.environ.get("CONTOSO_TEST_DATA")
    if not data:
        pytest.skip("CONTOSO_TEST_DATA names no folder with the published files")
    code, out, err = _import(
        homes / "real.db", str(Path(data) / "ci-ilt" / "sources"), "--yes", "--json", capsys=capsys
    )
    assert code == 0, err
    found = json.loads(out)["data"]
    assert found["customers"] == {"total": 5002, "new": 5002, "changed": 0}
    assert found["purchases"] == {"online": 12369, "pos": 20024, "orphans": 1}
    code, out, _ = _import(homes / "real.db", str(Path(data) / "ci-ilt" / "sources"), "--json", capsys=capsys)
    again = json.loads(out)["data"]
    assert again["records"] == {"new": 0, "changed": 0, "unchanged": 42395, "absent": 0}


@pytest.fixture
def namesake(shell: Shell, tmp_path: Path) -> Path:
    """A folder whose one contact is of a company that was entered by hand, with another address."""
    with database.connection():
        ana = users.get_actor("ana", "cli")
        customers.create(ana, NOW, name="Fabrikam", kind="corporate", email="office@fabrikam.example")
    files = Files(tmp_path / "namesake")
    files.contacts(contact(1, "Ivo", "Hart", CompanyName="Fabrikam", EMail="ivo@elsewhere.example"))
    return files.folder


def test_pairs_for_review_are_printed_now_left_for_later_or_not_told(shell: Shell, namesake: Path) -> None:
    dry = shell("import", str(namesake), "--dry-run", "--review", "now")
    assert dry.code == 6
    assert "to review: con:CNTID_1 and crm:C-00001, same company name" in dry.out
    made = shell("import", str(namesake), "--review", "now")
    assert made.code == 6
    assert "To review, 1 of 1: same company name, other domain and postcode" in made.out
    assert "  crm:C-00001           C-00001   Fabrikam" in made.out
    assert "ivo@elsewhere.example | office@fabrikam.example" in made.out
    assert "1960" not in made.out
    assert "to review: con:CNTID_1 and crm:C-00001" in shell.ok("import", "show", "1").out
    shell.ok("import", "revert", "1")
    assert "To review" not in shell.ok("import", str(namesake), "--review", "none").out
    assert shell("import", str(namesake), "--review", "soon").code == 2


def test_columns_are_named_on_the_command_line(shell: Shell, namesake: Path) -> None:
    path = namesake / "Contacts.csv"
    path.write_text(path.read_text().replace("EMail", "Their Column"))
    wrong = shell("import", str(namesake), "--map", "Contacts.csv:Their Colum=email")
    assert (wrong.code, "did you mean Their Column?" in wrong.err) == (2, True)
    shell.ok("import", str(namesake), "--map", "Contacts.csv:Their Column=email", "--review", "none")
    (row,) = (row for row in shell.ok("customer", "list", "--json").data() if row["id"] != "C-00001")
    assert row["email"] == "ivo@elsewhere.example"


def test_files_in_two_halves_make_the_customers_that_they_make_at_once(
    homes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = known_people.people(1500)
    truth = rows.pop("person")
    keys = rows.index.sort_values()
    found = []
    for number, lots in enumerate(([keys[::2], keys[1::2]], [keys])):
        path = homes / f"{number}.db"
        for at, lot in enumerate(lots):
            files = Files(homes / f"files{number}{at}")
            known_people.write(files, rows.loc[lot])
            code, _, err = _import(path, str(files.folder), "--yes", "--review", "none", capsys=capsys)
            assert code == 0, err
        database.init(path)
        with database.connection():
            found.append(known_people.f1(known_people.customers(), truth))
            learned = database.execute("SELECT run_id, records FROM match_model").fetchall()
        assert learned == [(1, len(lots[0]))]
    halves, at_once = found
    assert halves >= at_once - 0.002
    assert at_once > 0.98
