"""Points, settings, and the sources of a customer from the shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contoso_tui.cli.conftest import Shell
from tests.importers.small_files import Files, contact, member

Make = Callable[..., str]


def test_points_of_a_month_beside_the_quota(shell: Shell, deal: Make) -> None:
    made = deal()
    shell.ok("log", made, "visit", "-m", "x")
    scored = shell.ok("points", "--json").data()
    assert [(one["type"], one["times"], one["score"]) for one in scored if one["times"]] == [
        ("add_prospect", 1, 3),
        ("discovery_meeting", 1, 12),
    ]
    assert "15 of 500 points in November 2026" in shell.ok("points").err
    shell.ok("undo")
    assert "3 of 500 points" in shell.ok("points", "--month", "2026-11").err
    assert "0 of 500 points in October 2026" in shell.ok("points", "--month", "2026-10").err
    assert "0 points in" in shell.ok("points", user="uma").err
    assert shell("points", "--month", "november").code == 2
    values = {one["type"]: one["points"] for one in shell.ok("points", "values", "--json").data()}
    assert values["business_review"] == 20


def test_settings_are_shown_one_by_one_and_checked(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(shell.ok("config", "path").out.strip())
    assert path.name == "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[board]\nsort = "amount"\n')
    assert shell.ok("config", "get", "board.sort").out == "amount\n"
    shown = {one["name"]: one for one in shell.ok("config", "--json").data()}
    assert (shown["board.sort"]["value"], shown["board.sort"]["is_default"]) == ("amount", False)
    assert shown["ui.theme"]["is_default"] is True
    assert shell("config", "get", "board.sorts").code == 3
    assert shell.ok("config", "check").code == 0
    path.write_text('[bord]\nsort = "amount"\n')
    wrong = shell("config", "check")
    assert (wrong.code, "did you mean board?" in wrong.err) == (1, True)


def test_a_customers_rows_are_listed_and_a_field_is_taken_from_one(shell: Shell, tmp_path: Path) -> None:
    files = Files(tmp_path / "files")
    files.contacts(contact(1, "Nora", "Vale"))
    files.loyalty(member(1, "Nora", "Vale", EMail="nora@home.example"))
    shell.ok("import", str(files.folder))
    rows = shell.ok("customer", "sources", "C-00001", "--json", user="olga").data()
    assert [row["key"] for row in rows] == ["con:CNTID_1", "loy:LOYID_1"]
    assert rows[1]["cells"]["EMail"] == "nora@home.example"
    assert "LOYID_1" in shell.ok("customer", "sources", "C-00001", user="olga").out

    def email() -> str:
        (found,) = shell.ok("customer", "show", "C-00001", "--json", user="olga").data()
        return next(str(one["value"]) for one in found["fields"] if one["field"] == "email")

    before = email()
    shell.ok("customer", "pin", "C-00001", "email", "loy", user="olga")
    assert email() == "nora@home.example"
    shell.ok("customer", "pin", "C-00001", "email", "auto", user="olga")
    assert email() == before
    shell.ok("customer", "pin", "C-00001", "email", "loy:LOYID_1", user="olga")
    shell.ok("undo", user="olga")
    assert email() == before
    assert shell("customer", "pin", "C-00001", "email", "pos", user="olga").code == 3
    assert shell("customer", "pin", "C-00001", "shoe", "loy", user="olga").code == 2
    assert shell("customer", "pin", "C-00001", "email", "loy", user="uma").code == 7
