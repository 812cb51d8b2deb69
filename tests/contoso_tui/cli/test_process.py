"""`contoso process`: check, compare and put in force from the shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import process
from tests.contoso_tui.cli.conftest import Shell


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "new.toml"
    path.write_text(process.shipped_text().replace("20000.00", "25000.00"))
    return path


def test_the_process_in_force_comes_out_as_the_file_that_went_in(shell: Shell, file: Path) -> None:
    assert shell.ok("process").out == process.shipped_text()
    assert shell.ok("process", "show", "--json").data()["quote_valid_days"] == 30
    shell.ok("process", "use", str(file), user="olga")
    assert shell.ok("process", "show").out == file.read_text()
    versions = shell.ok("process", "list", "--json").data()
    assert [(one["version"], one["by"]) for one in versions] == [(2, "olga"), (1, "olga")]


def test_a_difference_is_told_and_changes_nothing(shell: Shell, file: Path) -> None:
    told = shell.ok("process", "diff", str(file))
    assert told.out.splitlines() == [
        "The tech-check limit is raised from $20,000.00 to $25,000.00",
        "",
        "Today's deals:",
        "  Raising the limit to $25,000.00 frees 0 deals, voids 0 sign-offs",
    ]
    assert shell.ok("process", "diff", str(file), "--json").data()["rules"] == [told.out.splitlines()[0]]
    assert shell.ok("process", "show").out == process.shipped_text()


def test_a_bad_file_is_refused_with_every_line_and_changes_nothing(shell: Shell, file: Path) -> None:
    file.write_text(file.read_text().replace("probability = 10\n", "probability = ten\n"))
    assert "this is no TOML" in shell("process", "check", str(file)).out
    text = process.shipped_text().replace("quote_valid_days = 30", "quote_valid_day = 30").replace("= 70", "= 700", 1)
    file.write_text(text)
    line = text[: text.index("probability = 700")].count("\n") + 1
    checked = shell("process", "check", str(file))
    assert checked.code == 2
    assert checked.out.splitlines() == [
        f"{file}:1: quote_valid_days is missing",
        f"{file}:5: quote_valid_day is not known here; did you mean quote_valid_days?",
        f"{file}:{line}: probability must be a whole number from 0 to 100, not 700",
    ]
    assert [one["line"] for one in shell("process", "check", str(file), "--json").data()] == [1, 5, line]
    for verb in ("diff", "use"):
        refused = shell("process", verb, str(file), user="olga")
        assert (refused.code, "has 3 errors" in refused.err) == (2, True)
    assert shell.ok("process", "show").out == process.shipped_text()


def test_a_right_file_passes_and_only_operations_use_it(shell: Shell, file: Path) -> None:
    assert "can be put in force" in shell.ok("process", "check", str(file)).err
    assert shell("process", "use", str(file)).code == 7
    assert shell("process", "use", str(file.with_name("none.toml")), user="olga").code == 3
    file.write_bytes(b"\xff\xfe")
    assert "no UTF-8 text" in shell("process", "use", str(file), user="olga").err
    file.write_bytes(b"#" * 1_000_001)
    assert "longer than a process file" in shell("process", "check", str(file)).err


def test_what_use_did_stays_in_the_list_of_changes_and_is_not_undone(shell: Shell, file: Path) -> None:
    shell.ok("process", "use", str(file), user="olga")
    refused = shell("undo", user="olga")
    assert (refused.code, "version 2 of the process" in refused.err) == (4, True)


def test_nobodys_own_files_change_the_process(shell: Shell, homes: Path) -> None:
    file = homes / "config" / "contoso" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('tech_check_limit_usd = "90000.00"\n[process]\ntech_check_limit_usd = "90000.00"\n')
    (homes / "config" / "contoso" / "process.toml").write_text(process.shipped_text().replace("20000.00", "90000.00"))
    shown = shell.ok("process", "show", "--json")
    assert shown.data()["tech_check_limit_usd"] == "20000.00"
    assert "there is no setting process" in shown.err
    assert shell.ok("process", "show").out == process.shipped_text()
