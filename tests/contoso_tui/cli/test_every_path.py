"""Rules 1.1 and 2 on every path that moves a deal: by key, in bulk, on the command line, by an assessment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models import database
from models.assessments import assessments, forms
from models.deals import lines, quotes, stages
from models.deals.details import get_detail
from models.errors import GateError
from models.people import users
from models.people.records import Actor
from tests.contoso_tui.cli.conftest import NOW, Shell

Make = Callable[..., str]
TODAY = NOW.date()


def actor(login: str = "ana", path: str = "key") -> Actor:
    return users.get_actor(login, path)


@pytest.fixture
def quoted(shell: Shell, deal: Make) -> Callable[[int], int]:
    """Make a deal of ana's in Quote, worth so many cents, with its quote accepted; return its number."""

    def make(cents: int) -> int:
        made = int(deal(("INSTALLATION", 1), stage="quote").removeprefix("D-"))
        with database.connection():
            lines.change(actor(), NOW, lines.list_lines(made)[0].id, price_minor=cents)
            quote = quotes.create(actor(), NOW, made)
            quotes.send(actor(), NOW, quote)
            quotes.accept(actor(), NOW, quote)
        return made

    return make


def by_key(shell: Shell, deal: int) -> None:
    stages.move(actor(), NOW, [deal], "close")


def by_steps(shell: Shell, deal: int) -> None:
    stages.forward(actor(), NOW, deal)
    if get_detail(deal, NOW).stage.id != "close":
        stages.forward(actor(), NOW, deal)


def in_bulk(shell: Shell, deal: int) -> None:
    found = stages.preview(actor(), NOW, [deal], "close")
    stages.move(actor(path="bulk"), NOW, [deal], "close")
    assert not found[0].blocked


def on_the_command_line(shell: Shell, deal: int) -> None:
    done = shell("deal", "move", f"D-{deal}", "close", "--json")
    if done.code == 4:
        assert '"tech_check"' in done.err
        raise GateError("refused", [])
    assert done.code == 0, done.err


def by_assessment(shell: Shell, deal: int) -> None:
    form = forms.find("sales", "quote")
    assert form is not None
    done = assessments.complete(actor(), NOW, deal, form.id, {question.id: 0 for question in form.questions})
    if done.assessment.result == "waits":
        assert "tech check" in done.assessment.waits_for
        raise GateError("waits", [])
    if get_detail(deal, NOW).stage.id != "close":
        # One stage at most; from there on it is the gate again.
        stages.forward(actor(path="assessment"), NOW, deal)


def connected(move: Callable[[Shell, int], None]) -> Callable[[Shell, int], None]:
    """Open the database around it; the command line does so by itself."""

    def moving(shell: Shell, deal: int) -> None:
        with database.connection():
            move(shell, deal)

    return moving


PATHS = {
    "by key": connected(by_key),
    "by steps": connected(by_steps),
    "in bulk": connected(in_bulk),
    "on the command line": on_the_command_line,
    "by assessment": connected(by_assessment),
}


def stage_of(deal: int) -> str:
    with database.connection():
        return get_detail(deal, NOW).stage.id


@pytest.mark.parametrize("move", PATHS.values(), ids=PATHS.keys())
def test_twenty_thousand_needs_no_check_on_any_path(shell: Shell, quoted: Callable[[int], int], move) -> None:
    deal = quoted(2_000_000)
    move(shell, deal)
    assert stage_of(deal) == "close"


@pytest.mark.parametrize("move", PATHS.values(), ids=PATHS.keys())
def test_one_cent_more_reaches_close_on_no_path_without_one(shell: Shell, quoted: Callable[[int], int], move) -> None:
    deal = quoted(2_000_001)
    with pytest.raises(GateError):
        move(shell, deal)
    assert stage_of(deal) in ("quote", "tech_check")
    assert shell("deal", "won", f"D-{deal}", "--walkthrough", "today", "--with", "Pat", "--ready").code == 4


@pytest.mark.parametrize("move", PATHS.values(), ids=PATHS.keys())
def test_signed_it_reaches_close_on_every_path(shell: Shell, quoted: Callable[[int], int], move) -> None:
    deal = quoted(2_000_001)
    shell.ok("techcheck", "sign", f"D-{deal}", "--outcome", "passed", user="uma")
    move(shell, deal)
    assert stage_of(deal) == "close"
