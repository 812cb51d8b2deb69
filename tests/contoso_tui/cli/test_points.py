"""`contoso points` by month and team, the values, and closing a month."""

from __future__ import annotations

LATER = "2026-12-03T17:00:00+00:00"


def test_the_plan_stands_beside_what_was_done(shell, customer) -> None:
    shell.ok("log", customer(), "visit", "-m", "Site walk")
    rows = {one["type"]: one for one in shell.ok("points", "--json").data()}
    assert rows["discovery_meeting"] == {
        "type": "discovery_meeting",
        "name": "discovery meeting",
        "group": "funnel stages",
        "points": 12,
        "planned": 4,
        "times": 1,
        "score": 12,
        "left": 3,
    }
    assert rows["business_review"]["left"] == 4
    assert "12 of 500 points in November 2026: 488 to go, 7 working days left" in shell.ok("points").err
    assert "worth 644 points" in shell.ok("points", "values").err


def test_a_manager_sees_the_team_one_by_one_and_a_rep_its_total(shell, customer) -> None:
    shell.ok("log", customer(owner="bo"), "visit", "-m", "Site walk", user="bo")
    rows = shell.ok("points", "--team", "--json", user="max").data()
    assert [(one["team"], one["user"], one["score"]) for one in rows] == [
        ("West", "bo", 12),
        ("West", "ana", 0),
        ("West", None, 12),
    ]
    own = shell.ok("points", "--team", "--json").data()
    assert [(one["user"], one["score"]) for one in own] == [("ana", 0), (None, 12)]
    assert (
        shell.ok("points", "--team", "--csv", "--month", "2026-10").out.splitlines()[1].startswith("2026-10,West,ana,0")
    )


def test_operations_close_a_month_for_good(shell, customer) -> None:
    shell.ok("log", customer(), "visit", "-m", "Site walk")
    refused = shell("points", "close", "2026-11", "--yes", user="olga")
    assert (refused.code, "isn't over" in refused.err) == (4, True)
    assert shell("points", "close", "2026-11", "--yes", at=LATER).code == 7
    assert shell("points", "close", "november", user="olga", at=LATER).code == 2
    # Nobody can be asked here: it must be said on the line.
    assert shell("points", "close", "2026-11", user="olga", at=LATER).code == 2
    assert "12 points stand" in shell.ok("points", "close", "2026-11", "--yes", user="olga", at=LATER).err
    shell.ok("undo", at=LATER)
    assert "12 of 500 points in November 2026, closed" in shell.ok("points", "--month", "2026-11", at=LATER).err
