"""A test database with users of every role, and a way to run the command line in this process."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contoso_tui.__main__ import main
from models import clock, database, journal, setup
from models.people import users
from models.people.records import Role

NOW = dt.datetime(2026, 11, 18, 17, 0, tzinfo=dt.UTC)
AT = NOW.isoformat()


@dataclass(frozen=True, slots=True)
class Result:
    """What a command line ended with."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def data(self) -> Any:
        return self.json()["data"]


class Stdin(io.StringIO):
    """Standard input that is a pipe."""

    def isatty(self) -> bool:
        return False


class Shell:
    """Runs `contoso` on one database at one time."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str, stdin: str = "", at: str | None = AT, user: str | None = "ana") -> Result:
        self._monkeypatch.setattr("sys.stdin", Stdin(stdin))
        flags = ["--data", str(self.path)]
        flags += ["--at", at] if at else []
        flags += ["--as", user] if user else []
        self._capsys.readouterr()
        code = main([*flags, *words])
        out, err = self._capsys.readouterr()
        return Result(code, out, err)

    def ok(self, *words: str, **options: Any) -> Result:
        """Run and expect success."""
        result = self(*words, **options)
        assert result.code == 0, result.err
        return result


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep configuration, data and state of these tests below a temporary folder."""
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in ("CONTOSO_DATA", "NO_COLOR", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def shell(homes: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    path = homes / "book" / "contoso.db"
    setup.create(path, "olga", NOW - dt.timedelta(days=90), is_test=True)
    with database.connection():
        olga = users.get_actor("olga", "cli")
        for login, roles, team in (
            ("max", [Role.MANAGER], "West"),
            ("ana", [Role.EXECUTIVE, Role.REPRESENTATIVE], "West"),
            ("bo", [Role.REPRESENTATIVE], "West"),
            ("uma", [Role.CONSULTANT], "West"),
            ("sid", [Role.SERVICE], ""),
        ):
            users.add(olga, NOW - dt.timedelta(days=90), login, roles, team=team)
        users.change(olga, NOW - dt.timedelta(days=90), "olga", roles=[Role.OPERATIONS])
    yield Shell(path, capsys, monkeypatch)
    database.database.close()


@pytest.fixture
def customer(shell: Shell) -> Callable[..., str]:
    """Make a customer of ana's and return its shown id."""

    def make(name: str = "Fabrikam Clinics", kind: str = "corporate", owner: str = "ana") -> str:
        with database.connection():
            actor = users.get_actor(owner, "cli")
            with journal.action(actor, NOW, "customer.create", f"New customer {name}"):
                cursor = database.execute(
                    "INSERT INTO customer (name, kind, owner_id, email, created_at) VALUES (?, ?, ?, ?, ?)",
                    (name, kind, actor.id, "office@fabrikam.example", clock.to_micros(NOW)),
                )
            return f"C-{cursor.lastrowid:05d}"

    return make


QUALIFIED = ("need=entry for 40 doors", "budget=30000", "time_frame=this quarter", "decision_maker=Dr Osei")


@pytest.fixture
def deal(shell: Shell, customer: Callable[..., str]) -> Callable[..., str]:
    """Open a deal of ana's through the command line and return its shown id; `lines` are (product, quantity)."""

    def make(*lines: tuple[str, int], stage: str = "qualify", fields: tuple[str, ...] = QUALIFIED) -> str:
        made = shell.ok("deal", "new", "--customer", customer(), "--type", "Site S24", *fields).out.strip()
        for product, quantity in lines:
            shell.ok("deal", "line", made, "add", product, "--qty", str(quantity))
        if stage != "qualify":
            shell.ok("deal", "move", made, "develop")
        if stage in ("quote", "tech_check", "close"):
            shell.ok("deal", "move", made, "quote")
        return made

    return make
