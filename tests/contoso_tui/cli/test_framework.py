"""Flags, homes, errors, configuration: what all commands share."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contoso_tui.__main__ import main
from contoso_tui.cli import config, parser
from contoso_tui.cli.output import flatten, guard
from models import database
from models.people import users
from models.people.records import Role
from tests.contoso_tui.cli.conftest import NOW, Shell

_RUN = [sys.executable, "-m", "contoso_tui"]


def _environment(homes: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.getcwd(), "XDG_STATE_HOME": str(homes / "state")}


def test_init_makes_private_files_and_names_its_maker(homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    path = homes / "data" / "contoso" / "contoso.db"
    file = homes / "config" / "contoso" / "config.toml"
    for private in (path, file):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600, private
        assert stat.S_IMODE(private.parent.stat().st_mode) == 0o700, private
    assert config.load().warnings == []
    capsys.readouterr()
    assert main(["user", "list", "--json"]) == 0
    (maker,) = json.loads(capsys.readouterr().out)["data"]
    assert "operations" in maker["roles"]
    assert main(["init"]) == 4


def test_group_database_is_for_the_group_only(homes: Path) -> None:
    import grp

    name = grp.getgrgid(os.getgid()).gr_name
    path = homes / "shared" / "contoso.db"
    assert main(["init", "--data", str(path), "--group", name]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert path.parent.stat().st_mode & stat.S_ISGID
    assert main(["init", "--data", str(homes / "x" / "y.db"), "--group", "no-such-group"]) == 3
    assert not (homes / "x").exists()


def test_path_comes_from_flag_then_variable_then_configuration(homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = homes / "config" / "contoso" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[data]\npath = "/from/config.db"\n')
    assert config.load()["data.path"] == "/from/config.db"
    monkeypatch.setenv("CONTOSO_DATA", "/from/variable.db")
    assert config.load()["data.path"] == "/from/variable.db"
    assert main(["init", "--data", str(homes / "flag.db")]) == 0
    assert (homes / "flag.db").is_file()


def test_wrong_configuration_warns_with_file_line_and_nearest_name(homes: Path) -> None:
    file = homes / "c.toml"
    file.write_text('[ui]\nthem = "mono"\nmouse = "yes"\n\n[bord]\nsort = "amount"\n[board]\nsort = "speed"\n')
    found = config.load(str(file), {})
    assert f"{file}, line 2: there is no setting ui.them; did you mean ui.theme?" in found.warnings
    assert any("line 3: ui.mouse is bool" in warning for warning in found.warnings)
    assert f"{file}, line 5: there is no setting bord; did you mean board?" in found.warnings
    assert any("board.sort is attention amount close name" in warning for warning in found.warnings)
    assert found["ui.mouse"] is True
    assert found["board.sort"] == "attention"


def test_broken_configuration_is_left_out(homes: Path) -> None:
    file = homes / "c.toml"
    file.write_text("[ui\n")
    found = config.load(str(file), {})
    assert "no TOML" in found.warnings[0]
    assert found["ui.theme"] == "auto"


def test_keys_and_views_of_the_configuration(homes: Path) -> None:
    file = homes / "c.toml"
    file.write_text('[keys.deal]\nforward = [">", "f9"]\n[views.big]\nfilter = "late"\n')
    found = config.load(str(file), {})
    assert found.keys == {"deal.forward": [">", "f9"]}
    assert found.views["big"]["filter"] == "late"
    assert found.warnings == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["deal", "frobnicate"], 2),
        (["doal", "list"], 2),
        (["deal", "show"], 2),
        (["deal", "list", "--json", "--csv"], 2),
        (["deal", "list", "--js"], 2),
        (["deal", "show", "X-1"], 2),
        (["deal", "show", "D-999"], 3),
        (["user", "add", "zoe", "--role", "boss"], 2),
        (["user", "add", "zoe", "--role", "manager"], 7),
        (["deal", "new", "--customer", "C-00999"], 3),
        (["import", "list"], 0),
        (["import"], 2),
        (["import", "/no/such/folder"], 3),
        (["--version"], 0),
        (["--help"], 0),
        (["deal", "move", "--help"], 0),
    ],
)
def test_exit_codes(shell: Shell, words: list[str], code: int) -> None:
    assert shell(*words).code == code


def test_database_away_busy_or_newer_is_8(shell: Shell, homes: Path) -> None:
    away = Shell(homes / "none.db", shell._capsys, shell._monkeypatch)("deal", "list")
    assert away.code == 8
    assert "contoso import DIR" in away.err
    (homes / "junk.db").write_text("this is no database, but long enough to look at" * 30)
    assert Shell(homes / "junk.db", shell._capsys, shell._monkeypatch)("deal", "list").code == 8
    database.init(shell.path)
    with database.connection():
        database.execute("PRAGMA user_version = 99")
    newer = shell("deal", "list")
    assert (newer.code, "upgrade contoso" in newer.err) == (8, True)


def test_errors_are_one_sentence_or_json_and_never_a_trace(shell: Shell) -> None:
    plain = shell("deal", "show", "D-999")
    assert plain.out == ""
    assert plain.err.count("\n") == 1
    failed = shell("deal", "show", "D-999", "--json")
    assert failed.out == ""
    error = json.loads(failed.err)
    assert error["schema"] == "contoso.error/1"
    assert error["error"]["code"] == "not_found"


def test_unexpected_failure_goes_to_the_log_without_its_text(
    shell: Shell, homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError(" ".join(("No" + "ra", "Vale")))

    monkeypatch.setattr("models.deals.products.list_products", fail)
    result = shell("product", "list")
    assert result.code == 1
    log = homes / "state" / "contoso" / "contoso.log"
    assert str(log) in result.err
    assert "Traceback" not in result.err
    assert "list_products" in log.read_text()
    assert "Nora" not in log.read_text() + result.err
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_as_and_at_need_a_test_database(homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(homes / "real.db")
    assert main(["init", "--data", path]) == 0
    assert main(["--data", path, "--as", "olga", "deal", "list"]) == 7
    assert main(["--data", path, "--at", "2026-01-01", "user", "add", "x", "--role", "service"]) == 4
    assert main(["--data", path, "--at", "2026-01-01", "user", "list"]) == 0
    assert main(["--data", path, "--at", "noon", "user", "list"]) == 2


def test_flags_stand_before_or_after_the_nouns(shell: Shell) -> None:
    before = shell.ok("--json", "product", "list").json()
    assert before == shell.ok("product", "list", "--json").json()
    assert before == shell.ok("product", "--json", "list").json()
    assert before == shell.ok("product", "--json").json()


def test_forms_of_a_list(shell: Shell) -> None:
    envelope = shell.ok("product", "list", "--json").json()
    assert set(envelope) == {"schema", "data", "next"}
    assert envelope["schema"] == "contoso.product/1"
    lines = [json.loads(line) for line in shell.ok("product", "list", "--jsonl").out.splitlines()]
    assert lines == envelope["data"]
    table = shell.ok("product", "list", "--csv").out.splitlines()
    assert table[0] == "code,name,billing,price.value,price.currency,active"
    assert "SECURITY,Security System,one_off,2450.00,USD,true" in table
    assert (
        shell.ok("product", "list", "--csv", "--fields", "name,price.value").out.splitlines()[0] == "name,price.value"
    )
    assert list(shell.ok("product", "list", "--json", "--fields", "code").data()[0]) == ["code"]
    assert shell("product", "list", "--json", "--fields", "colour").code == 2
    narrow = shell.ok("product", "list", "--width", "40").out.splitlines()
    assert max(map(len, narrow)) <= 40


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_csv_cells_are_no_formulas(text: str) -> None:
    assert guard(text) == f"'{text}"


def test_csv_keeps_numbers_and_flattens() -> None:
    assert guard("-3.50") == "-3.50"
    assert guard(None) == ""
    assert flatten({"a": {"b": [1, 2]}, "c": True}) == {"a.b": "1 2", "c": "true"}


def test_control_characters_never_reach_the_terminal(shell: Shell, customer: object) -> None:
    made = customer("Evil\x1b[2J\u202e Ltd")  # type: ignore[operator]
    shell.ok("deal", "new", "--customer", made, "--type", "\x1b]0;x\x07")
    out = shell.ok("deal", "list").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "Evil?" in out
    assert "\x1b" not in shell.ok("deal", "list", "--json").out


def test_no_input_never_blocks(shell: Shell, deal: object) -> None:
    made = deal()  # type: ignore[operator]
    for words in (
        ("deal", "lost", made),
        ("deal", "disqualify", made),
        ("deal", "lost", made, "--reason", "price"),
        ("log", made, "call"),
        ("techcheck", "ask", made),
        ("deal", "step", made, "--on", "fri"),
    ):
        result = shell(*words, "--no-input")
        assert result.code == 2, words
        assert "give" in result.err


def test_without_a_database_import_asks_for_yes(homes: Path, shell: Shell) -> None:
    (homes / "files").mkdir()
    other = Shell(homes / "new.db", shell._capsys, shell._monkeypatch)
    result = other("import", str(homes / "files"), user=None, at=None)
    assert result.code == 2
    assert "--yes" in result.err
    assert not (homes / "new.db").exists()


def test_home_prints_lines_where_there_is_no_terminal(shell: Shell, deal: object) -> None:
    empty = shell.ok()
    assert "No deals yet" in empty.out
    made = deal(("SECURITY", 9))  # type: ignore[operator]
    lines = shell.ok().out.splitlines()
    assert lines[0] == "Qualify (1)  22,050 USD"
    assert (
        lines[1]
        == f"  {made}  Fabrikam Clinics  Site S24  22,050.00 USD  qualify 0 of 14 days  no next step  tech check due"
    )


def test_dumb_terminal_in_a_process(shell: Shell) -> None:
    done = subprocess.run(
        [*_RUN, "--data", str(shell.path), "--as", "ana"],
        env={**_environment(shell.path.parent), "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Qualify (0)" in done.stdout
    assert "\x1b" not in done.stdout


def test_reader_that_leaves_is_no_error(shell: Shell) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*_RUN, "keys"],
            stdout=writing,
            stderr=subprocess.PIPE,
            env=_environment(shell.path.parent),
            check=False,
            timeout=60,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_interrupt_is_130(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("models.deals.products.list_products", interrupt)
    assert shell("product", "list").code == 130


def test_help_of_one_group_loads_no_other(homes: Path) -> None:
    script = "import sys; from contoso_tui.__main__ import main; main(['keys']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=_environment(homes)
    )
    loaded = set(done.stderr.split())
    assert not loaded & {"pandas", "textual", "peewee", "contoso_tui.cli.deal", "importers"}


def test_completion_loads_in_bash_and_knows_the_verbs() -> None:
    script = (
        f'eval "$({sys.executable} -m contoso_tui completion bash)"\n'
        'ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _contoso; echo "${COMPREPLY[*]}"; }\n'
        "ask contoso te; ask contoso deal mo; ask contoso deal move --rea;"
        " ask contoso log D-1 ca; ask contoso completion z\n"
    )
    done = subprocess.run(["bash", "-eu", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:5] == ["techcheck", "move", "--reason", "call", "zsh"]


def test_completion_of_other_shells(capsys: pytest.CaptureFixture[str], homes: Path) -> None:
    assert main(["completion", "zsh"]) == 0
    assert capsys.readouterr().out.startswith("#compdef contoso\n")
    assert main(["completion", "fish"]) == 0
    assert "__fish_seen_subcommand_from deal; and __fish_seen_subcommand_from won" in capsys.readouterr().out


def test_every_command_has_help(homes: Path) -> None:
    for noun, noun_parser in parser.build().children().items():
        assert noun_parser.description, noun
        for verb, command in noun_parser.children().items():
            assert command.description, (noun, verb)
            assert {"--json", "--no-input", "--if-rev"} <= set(command.flags()), (noun, verb)


def test_keys_as_markdown_and_checked(homes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--md"]) == 0
    assert capsys.readouterr().out.startswith("# Keys\n")
    assert main(["keys", "--check"]) == 0
    file = homes / "c.toml"
    file.write_text('[keys.deal]\nforward = ["t"]\n')
    capsys.readouterr()
    assert main(["keys", "--check", "--config", str(file)]) == 1
    assert "deal.forward" in capsys.readouterr().out


def test_doctor_says_what_is_wrong_and_how_to_mend_it(shell: Shell) -> None:
    assert shell.ok("doctor").out
    shell.path.chmod(0o644)
    found = {(f["about"], f["state"]): f for f in shell("doctor", "--json").data()}
    assert found["permissions", "fail"]["fix"] == f"chmod 600 {shell.path}"
    shell.path.chmod(0o600)
    with database.connection():
        database.execute("DROP TRIGGER deal_enters")
    wrong = shell("doctor", "--json")
    assert wrong.code == 1
    assert any(f["about"] == "rules" and "deal_enters" in f["text"] for f in wrong.data())


def test_text_from_the_editor(shell: Shell, deal: object, homes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = deal()  # type: ignore[operator]
    editor = homes / "editor.sh"
    editor.write_text('#!/bin/sh\nstat -c %a "$1" > ' + str(homes / "mode") + '\necho "Spoke about doors" > "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    from contoso_tui.cli.context import Call

    monkeypatch.setattr(Call, "can_ask", property(lambda _self: True))
    monkeypatch.setattr(Stdin_tty, "isatty", lambda _self: True)
    monkeypatch.setattr("tests.contoso_tui.cli.conftest.Stdin", Stdin_tty)
    shell.ok("log", made, "call")
    assert (homes / "mode").read_text() == "600\n"
    with database.connection():
        (notes,) = database.execute("SELECT notes FROM activity WHERE state = 'done'").fetchone()
    assert notes == "Spoke about doors"


class Stdin_tty(io.StringIO):
    """Standard input that is a terminal."""


def test_bare_start_loads_no_parser_and_no_other_command(shell: Shell) -> None:
    script = (
        "import sys\n"
        "from contoso_tui.cli import run, open, terminal\n"
        "import contoso_tui.launch\n"
        "run.is_full_screen = open.is_full_screen = lambda: True\n"
        "contoso_tui.launch.run_app = lambda *a, **k: print(*sys.modules) or 0\n"
        "sys.exit(run.run([]))\n"
    )
    with database.connection():
        users.add(users.get_actor("olga"), NOW, users.system_login(), [Role.EXECUTIVE])
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={**_environment(shell.path.parent), "CONTOSO_DATA": str(shell.path)},
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert not loaded & {"argparse", "textual", "pandas", "tomllib", "contoso_tui.cli.parser", "contoso_tui.cli.deal"}


def test_a_bare_noun_takes_the_flags_of_its_first_verb(shell: Shell, deal: Callable[..., str]) -> None:
    made = deal()
    for words in (
        ["deal", "--owner", "all", "--json"],
        ["deal", "--json", "--owner=all"],
        ["--json", "deal", "--stage", "qualify"],
        ["deal", "--json"],
    ):
        assert [record["id"] for record in shell.ok(*words).data()] == [made]
    assert shell.ok("deal", "--json", "show", made).data()[0]["id"] == made
    assert shell.ok("techcheck", "--due", "--json").data() == []
    assert shell("deal", "--frobnicate").code == 2
    assert "VERB" in shell.ok("deal", "--help").out


def test_the_flags_that_may_stand_before_a_verb_are_those_of_all_commands() -> None:
    options = parser._common()._option_string_actions
    known = {*parser._TAKE_A_VALUE, *parser._SWITCHES}
    assert set(options) - known == {"--version"}
    assert {name for name, action in options.items() if action.nargs != 0} == set(parser._TAKE_A_VALUE)
