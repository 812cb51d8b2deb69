"""Deals, quotes and tech checks from the shell: the same functions, gates and permissions as the screens."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from contoso_tui.cli import deal_forms
from models import database, journal
from models.errors import RefusedError
from models.people import users
from tests.contoso_tui.cli.conftest import NOW, Shell

Make = Callable[..., str]


def test_golden_keys_of_a_deal(shell: Shell, deal: Make) -> None:
    made = deal(("SECURITY", 9), stage="quote")
    quote = shell.ok("quote", "new", made).out.strip()
    shell.ok("quote", "send", quote)
    shell.ok("deal", "step", made, "Send quote r3", "--on", "2026-11-20")
    (record,) = shell.ok("deal", "show", made, "--json").data()
    (listed,) = shell.ok("deal", "list", "--json").data()
    assert listed == record
    assert record == {
        "id": made,
        "customer": {"id": "C-00001", "name": "Fabrikam Clinics", "kind": "corporate"},
        "type": "Site S24",
        "amount": {"value": "22050.00", "currency": "USD", "from": "quote_sent", "quote": "Q-0301", "revision": 1},
        "pipeline": "sales",
        "stage": "quote",
        "outcome": "open",
        "stage_age_days": 0,
        "stage_limit_days": 14,
        "probability": "0.50",
        "category": "pipeline",
        "close_date": None,
        "owner": "ana",
        "team": [],
        "next_step": {"text": "Send quote r3", "on": "2026-11-20", "late_working_days": 0},
        "tech_check": {"needed": True, "state": "due", "over": {"value": "20000.00", "currency": "USD"}},
        "warnings": [],
        "rev": record["rev"],
    }


def test_warnings_of_unpaid_invoices_and_cases() -> None:
    record = {"code": "unpaid", "value": "3150.00", "oldest_days": 72}
    line = deal_forms.line(
        {
            "id": "D-1042",
            "customer": {"name": "Fabrikam Clinics"},
            "type": "Site S24",
            "amount": {"value": "26848.00", "currency": "USD"},
            "stage": "quote",
            "outcome": "open",
            "stage_age_days": 21,
            "stage_limit_days": 14,
            "next_step": {"text": "Send quote r3", "on": "2026-11-13", "late_working_days": 3},
            "tech_check": {"state": "due"},
            "warnings": [record, {"code": "case", "id": None, "severity": "high"}],
        }
    )
    assert line == (
        "D-1042  Fabrikam Clinics  Site S24  26,848.00 USD  quote 21 of 14 days  step late 3 days: Send quote r3"
        "  tech check due  unpaid 3,150.00  1 case"
    )


def test_gate_lists_what_is_missing_with_its_fix(shell: Shell, deal: Make) -> None:
    made = deal(fields=())
    refused = shell("deal", "move", made, "develop", "--json")
    assert refused.code == 4
    error = json.loads(refused.err)["error"]
    assert error["code"] == "gate"
    assert [one["field"] for one in error["missing"]] == ["need", "budget_minor", "time_frame", "decision_maker"]
    assert all(set(one) == {"field", "reason", "fix"} for one in error["missing"])
    why = shell.ok("deal", "why", made, "develop", "--json").data()
    assert [one["field"] for one in why] == [one["field"] for one in error["missing"]]
    shell.ok("deal", "set", made, "need=doors", "budget=$9.2k", "time-frame=soon", "decision_maker=Pat")
    assert shell.ok("deal", "why", made).out == ""
    moved = shell.ok("deal", "move", made, "develop", "--json").data()
    assert [one["stage"] for one in moved] == ["develop"]


def test_there_is_no_force_past_the_gate(shell: Shell, deal: Make) -> None:
    made = deal(fields=())
    assert shell("deal", "move", made, "develop", "--force").code == 2
    assert shell("deal", "move", made, "develop", "--yes").code == 4


@pytest.mark.parametrize(("amount", "code"), [("20000.00", 0), ("20000.01", 4)])
def test_tech_check_limit_from_the_shell(shell: Shell, deal: Make, amount: str, code: int) -> None:
    shell.ok("product", "new", "EXACT", "Exactly this", "--price", amount, user="olga")
    made = deal(("EXACT", 1), stage="quote")
    quote = shell.ok("quote", "new", made).out.strip()
    shell.ok("quote", "send", quote)
    assert shell("deal", "move", made, "close").code == code
    assert shell("deal", "move", made, "tech_check").code == 4 - code


def test_story_of_a_large_deal(shell: Shell, deal: Make) -> None:
    made = deal(("SECURITY", 10), stage="quote")
    quote = shell.ok("quote", "new", made).out.strip()
    assert quote == "Q-0301 r1"
    shell.ok("quote", "set", quote, "1", "discount=4")
    shell.ok("quote", "send", quote)
    assert shell("quote", "set", quote, "1", "qty=3").code == 4
    shell.ok("deal", "move", made, "tech_check")
    assert shell("techcheck", "sign", made, "--outcome", "passed").code == 7
    shell.ok("techcheck", "ask", made, "--of", "uma", "--by", "fri", "--note", "-", stdin="Old wiring")
    waiting = shell.ok("techcheck", "list", "--mine", "--json", user="uma").data()
    assert [one["deal"] for one in waiting] == [made]
    assert waiting[0]["signed_by"] is None
    assert shell("techcheck", "sign", made, "--outcome", "conditions", user="uma").code == 2
    signed = shell.ok(
        "techcheck", "sign", made, "--outcome", "conditions", "--details", "-", "--json",
        user="uma", stdin="Customer opens 443 before go-live.",
    ).data()  # fmt: skip
    assert signed == [
        {
            "deal": made,
            "state": "passed_with_conditions",
            "signed_by": "uma",
            "checked_on": "2026-11-18",
            "entered_at": "2026-11-18T10:00:00-07:00",
            "details": "Customer opens 443 before go-live.",
            "bound_to": {"quote": "Q-0301", "revision": 1, "amount": "23520.00"},
            "stale": False,
        }
    ]
    shell.ok("deal", "move", made, "close")
    assert shell("deal", "won", made).code == 4
    shell.ok("quote", "accept", "Q-301")
    won = shell.ok("deal", "won", made, "--walkthrough", "2026-11-18", "--with", "Dr Osei", "--ready", "--json").data()
    assert won[0]["outcome"] == "won"
    assert shell("deal", "line", made, "add", "DOORBELL").code == 4
    assert shell("deal", "show", made).out.splitlines()[0].startswith(made)


def test_answers_of_a_check_from_a_file(shell: Shell, deal: Make, homes: Any) -> None:
    made = deal(("SECURITY", 10), stage="develop")
    answers = homes / "answers"
    answers.write_text("yes seen on site\nno: port closed\n4 yes\n")
    shell.ok("techcheck", "sign", made, "--outcome", "passed", "--answers", str(answers), user="uma")
    shown = shell.ok("techcheck", "show", made).out
    assert "yes Power at every panel?  seen on site" in shown
    assert "no  Network: outbound 443 open?  port closed" in shown
    assert "-   Door frames take the doorbell?" in shown
    answers.write_text("maybe\n")
    assert shell("techcheck", "sign", made, "--outcome", "passed", "--answers", str(answers), user="uma").code == 2


def test_revision_that_changed_is_refused(shell: Shell, deal: Make) -> None:
    made = deal()
    (before,) = shell.ok("deal", "show", made, "--json").data()
    shell.ok("deal", "set", made, "need=other", "--if-rev", str(before["rev"]))
    for words in (("set", made, "need=third"), ("move", made, "develop"), ("step", made, "Call", "--on", "fri")):
        changed = shell("deal", *words, "--if-rev", str(before["rev"]), "--json")
        assert changed.code == 5, words
        assert json.loads(changed.err)["error"]["code"] == "changed"


def test_role_is_judged_before_rules(shell: Shell, deal: Make) -> None:
    made = deal(fields=())
    assert shell("deal", "move", made, "develop", user="bo").code == 7
    assert shell("deal", "move", made, "develop", user="max").code == 4
    assert shell("deal", "assign", made, "bo", user="bo").code == 7
    assert shell("product", "new", "X", "X", "--price", "1").code == 7


def test_bulk_move_moves_what_can_and_says_why_not(shell: Shell, deal: Make) -> None:
    free, stuck = deal(), deal(fields=())
    asked = shell("deal", "move", free, stuck, "develop")
    assert asked.code == 2
    assert "1 can move, 1 cannot" in asked.err
    moved = shell("deal", "move", free, stuck, "develop", "--yes")
    assert moved.code == 6
    assert f"{stuck} Fabrikam Clinics: Need, Budget, Time frame and Decision maker are empty" in moved.err
    assert [one["id"] for one in shell.ok("deal", "list", "--stage", "develop", "--json").data()] == [free]
    shell.ok("undo")
    assert shell.ok("deal", "list", "--stage", "develop", "--json").data() == []
    assert shell("deal", "move", stuck, deal(fields=()), "develop", "--yes").code == 4


def test_lines_are_named_by_position(shell: Shell, deal: Make) -> None:
    made = deal(("DOORBELL", 2), ("MONITORING", 1))
    lines = shell.ok("deal", "line", made, "--json").data()
    assert [(line["product"], line["months"]) for line in lines] == [("Smart Doorbell", None), ("Monitoring Plan", 12)]
    shell.ok("deal", "line", made, "set", "1", "qty=3", "discount=10")
    shell.ok("deal", "line", made, "rm", "2")
    (line,) = shell.ok("deal", "line", made, "list", "--json").data()
    assert line["net"] == {"value": "510.30", "currency": "USD"}
    assert shell("deal", "line", made, "rm", "7").code == 3
    assert shell("deal", "line", made, "set", "1").code == 2
    assert shell("deal", "line", made, "add", "spaceship").code == 3


def test_filters_of_the_list(shell: Shell, deal: Make) -> None:
    small, large = deal(("DOORBELL", 1)), deal(("SECURITY", 9), stage="develop")
    shell.ok("deal", "step", small, "Call", "--on", "2026-11-18")

    def listed(*words: str, at: str = "2026-11-18T17:00:00+00:00") -> set[str]:
        return {one["id"] for one in shell.ok("deal", "list", "--json", *words, at=at).data()}

    assert listed() == {small, large}
    assert listed("--stage", "Develop") == {large}
    assert listed("--min", "20000") == {large}
    assert listed("--no-step") == {large}
    assert listed("--late") == set()
    assert listed("--late", at="2026-11-20T17:00:00+00:00") == {small}
    assert listed("--over-age", at="2026-12-18T17:00:00+00:00") == {small, large}
    assert listed("--owner", "bo") == set()
    assert listed("--owner", "all") == {small, large}
    assert listed("--text", "nobody") == set()
    assert shell("deal", "list", "--stage", "limbo").code == 3


def test_lost_disqualified_and_reopened(shell: Shell, deal: Make) -> None:
    made, other = deal(), deal()
    assert shell("deal", "lost", made, "--reason", "no answer", "--by", "Pat").code == 2
    shell.ok("deal", "lost", made, "--reason", "other", "--by", "Pat", "--note", "-", stdin="moves away")
    assert [one["id"] for one in shell.ok("deal", "list", "--outcome", "lost", "--json").data()] == [made]
    assert shell("deal", "move", made, "develop").code == 4
    shell.ok("deal", "reopen", made, "--reason", "stays after all")
    shell.ok("deal", "disqualify", other, "--reason", "too small")
    history = shell.ok("history", made, "--json").data()
    assert {"at", "actor", "path", "text"} == set(history[0])
    assert {one["path"] for one in history} == {"cli"}


def test_quotes_through_their_states(shell: Shell, deal: Make) -> None:
    made = deal(("DOORBELL", 10))
    quote = shell.ok("quote", "new", made).out.strip()
    shell.ok("quote", "add", quote, "Moisture", "Sensor", "--qty", "3")
    shell.ok("quote", "set", quote, "addressee=Dr Osei", "valid_until=2026-12-24")
    shell.ok("quote", "rm", quote, "1")
    shell.ok("quote", "send", quote)
    assert shell("quote", "reject", quote, "--no-input").code == 2
    shell.ok("quote", "reject", quote, "--reason", "too dear")
    second = shell.ok("quote", "revise", quote).out.strip()
    assert second == "Q-0301 r2"
    shell.ok("quote", "cancel", second)
    listed = shell.ok("quote", "list", "--json").data()
    assert [(one["revision"], one["state"]) for one in listed] == [(2, "cancelled"), (1, "rejected")]
    assert set(listed[0]) == {
        "id", "revision", "deal", "customer", "owner", "state", "amount", "valid_until", "addressee", "note", "reason",
        "answered_on", "lines", "extended_from", "approval_asked_of",
    }  # fmt: skip
    shown = shell.ok("quote", "show", "Q-0301", "--rev", "1").out
    assert "Q-0301 r1  rejected  117.00 USD" in shown
    assert shell("quote", "show", "Q-77").code == 3


def test_undo_redo_and_their_list(shell: Shell, deal: Make) -> None:
    made = deal()
    shell.ok("deal", "set", made, "need=other")
    actions = shell.ok("undo", "--list", "--json").data()
    assert actions[0]["summary"].startswith("Changed need")
    shell.ok("undo")
    assert "  Need           entry for 40 doors" in shell.ok("deal", "show", made).out
    shell.ok("redo")
    assert "  Need           other" in shell.ok("deal", "show", made).out
    assert shell("redo").code == 3
    shell.ok("undo", str(actions[0]["id"]))
    assert shell("undo", "99999").code == 3
    assert shell("undo", user="bo").code == 3


def test_sent_quote_is_not_undone(shell: Shell, deal: Make) -> None:
    made = deal(("DOORBELL", 1))
    shell.ok("quote", "send", shell.ok("quote", "new", made).out.strip())
    refused = shell("undo")
    assert refused.code == RefusedError.exit_code
    assert "revised, never unsent" in refused.err


def test_amounts_are_read_in_the_deals_currency(shell: Shell, deal: Make) -> None:
    made = deal()
    with database.connection(), journal.action(users.get_actor("ana"), NOW, "deal.create", "From elsewhere"):
        row = database.execute("SELECT pipeline, stage, stage_entered_at, customer_id, owner_id FROM deal").fetchone()
        database.execute(
            "INSERT INTO exchange_rate (currency, on_date, rate, usd_rate_micros, entered_by, entered_at)"
            " VALUES ('JPY', '2026-11-01', '0.000065', 6500, 'olga', 1)"
        )
        yen = database.execute(
            "INSERT INTO deal (pipeline, stage, stage_entered_at, customer_id, owner_id, currency, usd_rate_micros,"
            " created_at, created_on, created_by) VALUES (?, ?, ?, ?, ?, 'JPY', 6500, 1, '2026-11-18', 'ana')",
            row,
        ).lastrowid
    shell.ok("deal", "set", f"D-{yen}", "amount=1,200", "budget=5000")
    (record,) = shell.ok("deal", "show", f"D-{yen}", "--json").data()
    assert record["amount"] | {"from": ""} == {
        "value": "1200",
        "currency": "JPY",
        "from": "",
        "quote": None,
        "revision": None,
    }
    assert shell("deal", "set", f"D-{yen}", "budget=5000.50").code == 2
    assert shell("deal", "set", made, "budget=5000.50").code == 0
    shell.ok("deal", "line", f"D-{yen}", "add", "DOORBELL")
    shell.ok("deal", "line", f"D-{yen}", "set", "1", "price=250")
    (line,) = shell.ok("deal", "line", f"D-{yen}", "list", "--json").data()
    assert line["price"] == {"value": "250", "currency": "JPY"}
    assert shell("deal", "line", f"D-{yen}", "set", "1", "price=250.5").code == 2
