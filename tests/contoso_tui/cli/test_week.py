"""`contoso agenda --week`, and the next step that `contoso quote send` makes."""

from __future__ import annotations

from collections.abc import Callable

from tests.contoso_tui.cli.conftest import Shell

Make = Callable[..., str]


def test_the_week_has_each_day_with_start_and_minutes(shell: Shell, deal: Make) -> None:
    made = deal()
    shell.ok("deal", "step", made, "Site visit", "--on", "2026-11-20", "--time", "9:30", "--minutes", "90")
    shell.ok("log", "C-00001", "note", "-m", "x", "--next", "Write", "--on", "2026-11-18")
    lines = shell.ok("agenda", "--week").out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "Wed 18 Nov 2026 (1)",
        "Thu 19 Nov 2026 (0)",
        "Fri 20 Nov 2026 (1)  1h30 planned",
        "Sat 21 Nov 2026 (0)  weekend",
        "Sun 22 Nov 2026 (0)  weekend",
        "Mon 23 Nov 2026 (0)",
        "Tue 24 Nov 2026 (0)",
    ]
    assert f"  {made}  09:30  1h30  call  Fabrikam Clinics  Site visit" in lines
    found = shell.ok("agenda", "--week", "--json").data()
    assert [(item["section"], item["due_on"], item["at"], item["minutes"]) for item in found] == [
        ("week", "2026-11-18", None, None),
        ("week", "2026-11-20", "09:30", 90),
    ]
    assert shell.ok("agenda", "--week", "fri").out.startswith("Fri 20 Nov 2026 (1)  1h30 planned\n")
    late = {"at": "2026-11-23T17:00:00+00:00"}
    assert shell.ok("agenda", "--week", **late).out.startswith("LATE (2)\n")
    assert {item["section"] for item in shell.ok("agenda", "--week", "--json", **late).data()} == {"late"}
    assert shell.ok("agenda", "--week", "--view", "nurture", "--json").data() == []
    assert shell.ok("agenda", "--week", "--owner", "bo", "--json").data() == []


def test_a_week_that_cannot_be_shown_says_why(shell: Shell) -> None:
    past = shell("agenda", "--week", "2026-11-01")
    assert (past.code, "A week begins today or later, not on Sun 1 Nov 2026" in past.err) == (2, True)
    assert shell("agenda", "--week", "someday").code == 2
    assert shell("agenda", "--week", "fri", "--days", "3").code == 2
    both = shell("agenda", "--week", "fri", "--ics")
    assert (both.code, "leave --week out" in both.err) == (2, True)


def test_sending_a_quote_makes_the_call_about_it_the_next_step(shell: Shell, deal: Make) -> None:
    made = deal(("DOORBELL", 2), stage="quote")

    def step() -> tuple[str, str]:
        (record,) = shell.ok("deal", "show", made, "--json").data()
        return record["next_step"]["text"], record["next_step"]["on"]

    sent = shell.ok("quote", "send", shell.ok("quote", "new", made).out.strip())
    assert "Next step: Call Dr Osei about Q-0301 r1, Mon 23 Nov 2026" in sent.err
    assert step() == ("Call Dr Osei about Q-0301 r1", "2026-11-23")
    shell.ok("deal", "step", made, "Sign", "--on", "2026-12-01")
    again = shell.ok("quote", "send", shell.ok("quote", "revise", "Q-0301").out.strip())
    assert "The next step stays: Sign, Tue 1 Dec 2026" in again.err
    later = {"at": "2026-12-03T17:00:00+00:00"}
    third = shell.ok("quote", "revise", "Q-0301", **later).out.strip()
    shell.ok("quote", "send", third, "--keep-step", **later)
    assert step() == ("Sign", "2026-12-01")
    fourth = shell.ok("quote", "revise", "Q-0301", **later).out.strip()
    assert shell.ok("quote", "send", fourth, "--json", **later).data()[0]["state"] == "sent"
    assert step() == ("Call Dr Osei about Q-0301 r4", "2026-12-07")
