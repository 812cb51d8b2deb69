"""`contoso report outlook`: in words, as JSON, and with names that mean harm."""

from __future__ import annotations

import pytest

from models import database
from models.people import users
from tests.contoso_tui.cli.conftest import Shell
from tests.models.planted import DURING_QUOTE, Plan, plant

AT = DURING_QUOTE.isoformat()
HARM = "Oak\x1b[31m\x07\nTerrace"
MEETINGS = ((1, "meeting"), (2, "meeting"), (3, "meeting"))
POOR = {"qualify": {"budget": 2, "time": 1}}


@pytest.fixture
def deal(shell: Shell) -> str:
    """Plant 50 won deals with meetings and good scores, 50 lost ones without, and return an open one like the first."""
    plans = [Plan("won", MEETINGS, {"qualify": {}}, HARM), Plan("lost", (), POOR, HARM)] * 50
    with database.connection():
        ids = plant(users.get_actor("ana", "cli"), [*plans, Plan("", MEETINGS, {"qualify": {}}, HARM)])
    return f"D-{ids[-1]}"


def test_too_few_closed_deals_are_refused_in_a_sentence(shell: Shell) -> None:
    found = shell("report", "outlook")
    assert (found.code, found.out) == (4, "")
    assert "Too few closed deals to learn from: 0 won and 0 lost; 40 of each are needed" in found.err


def test_what_closed_deals_teach_is_told(shell: Shell, deal: str) -> None:
    out = shell.ok("report", "outlook", at=AT).out
    assert "Sales: learned from 50 won and 50 lost deals, closed since 2026-10-01" in out
    assert "of the plain baseline 0.69" in out
    assert "  Quote: 50 of 100, 50%" in out
    assert "  more meetings: for winning, odds times" in out
    assert "  Qualify, more than 60: 50% right; more than 65 would have been right in 100%" in out
    assert out.count("    would have held D-") == 10
    assert "    would have held 40 more; --json names all" in out
    assert "  Close, exactly 100: 0 won and 0 lost deals were scored; 40 of each are needed" in out
    assert "no better" not in out
    assert "\x1b" not in out
    assert "\x07" not in out
    assert all("Terrace" in line for line in out.splitlines() if "held D-" in line)


def test_the_report_as_json_names_every_deal(shell: Shell, deal: str) -> None:
    result = shell.ok("report", "outlook", "--json", at=AT)
    assert result.json()["schema"] == "contoso.outlook-report/1"
    found = result.data()
    assert (found["won"], found["lost"], found["quality"]["better"]) == (50, 50, True)
    assert found["quality"]["loss"] < found["quality"]["baseline_loss"]
    qualify, *_, close = found["thresholds"]
    assert (qualify["better"], len(qualify["held"]), qualify["moved"]) == (True, 50, [])
    assert {one["outcome"] for one in qualify["held"]} == {"lost"}
    assert close.keys() == qualify.keys()
    assert close["accuracy"] is None


def test_an_open_deal_is_judged_with_reasons_beside_the_baseline(shell: Shell, deal: str) -> None:
    lines = shell.ok("report", "outlook", deal, at=AT).out.splitlines()
    assert lines[0].startswith(deal)
    assert lines[0].endswith("Quote")
    assert "plain baseline 50% (won of 100 closed deals that reached Quote)" in lines[1]
    assert any(line.startswith("  meetings: 3, on average") for line in lines)
    assert any(line.startswith("Its history fits ") for line in lines)
    assert "\x1b" not in "".join(lines)
    found = shell.ok("report", "outlook", deal, "--json", at=AT).data()
    assert (found["id"], found["stage"], found["baseline"], found["better"]) == (deal, "quote", 0.5, True)
    assert found["chance"] > 0.8
    assert {one["feature"] for one in found["why"]} >= {"done.meeting"}


def test_what_cannot_be_asked_is_said(shell: Shell, deal: str) -> None:
    assert shell("report", "outlook", deal, "--pipeline", "sales").code == 2
    assert shell("report", "outlook", "--pipeline", "funnel").code == 3
    assert shell("report", "outlook", "D-1").code == 3
