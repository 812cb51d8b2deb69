"""Pipelines and teams on the command line."""

from __future__ import annotations

from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "two-pipelines.toml"


def test_deals_of_every_pipeline_are_made_listed_and_moved(shell, customer, deal):
    shell.ok("process", "use", str(EXAMPLE), "--yes", user="olga")
    sale = deal()
    made = shell.ok("deal", "new", "--customer", customer("Elm"), "--pipeline", "Funnel").out.strip()
    listed = shell.ok("deal", "list", "--json").data()
    assert {row["id"]: (row["pipeline"], row["stage"]) for row in listed} == {
        sale: ("sales", "qualify"),
        made: ("funnel", "prospect"),
    }
    assert [row["id"] for row in shell.ok("deal", "list", "--pipeline", "funnel", "--json").data()] == [made]
    assert [row["id"] for row in shell.ok("deal", "list", "--stage", "prospect", "--json").data()] == [made]
    shell.ok("deal", "move", made, "1st Appointment")
    missing = shell.ok("deal", "why", made, "discovery", "--json").data()
    assert [row["field"] for row in missing] == ["need", "decision_maker"]
    assert "1st Appointment (1)" in shell.ok("open", "board", "--view", "funnel").out
    assert shell("deal", "list", "--pipeline", "nonsense").code == 3
    assert shell("deal", "list", "--stage", "nonsense").code == 3
    assert shell("open", "board", "--view", "nonsense").code == 2


def test_a_team_is_listed_changed_and_kept_from_winning(shell, deal):
    made = deal()
    assert "Nobody but its owner" in shell.ok("deal", "team", made).out + shell.ok("deal", "team", made).err
    shell.ok("deal", "team", made, "add", "bo")
    (member,) = shell.ok("deal", "team", made, "--json").data()
    assert (member["login"], member["added_by"]) == ("bo", "ana")
    assert shell.ok("deal", "show", made, "--json").data()[0]["team"] == ["bo"]
    shell.ok("deal", "set", made, "need=more doors", user="bo")
    assert shell("deal", "won", made, user="bo").code == 7
    assert shell("deal", "team", made, "add", "bo").code == 4
    assert shell("deal", "team", made, "rm").code == 2
    shell.ok("deal", "team", made, "rm", "bo", user="bo")
    assert shell("deal", "set", made, "need=x", user="bo").code == 7
    assert "took bo off the team" in shell.ok("history", made).out
