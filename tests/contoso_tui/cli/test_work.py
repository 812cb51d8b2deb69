"""Customers, activities, agenda and nurture from the shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from models import database, journal
from models.people import users
from tests.contoso_tui.cli.conftest import NOW, Shell

Make = Callable[..., str]


def _add_person(customer: str, email: str = "pat@fabrikam.example") -> None:
    with database.connection():
        olga = users.get_actor("olga", "cli")
        with journal.action(olga, NOW, "person.create", "New person"):
            database.execute(
                "INSERT INTO person (account_id, name, email, is_primary) VALUES (?, 'Pat Marsh', ?, 1)",
                (int(customer.removeprefix("C-")), email),
            )


def test_log_with_a_next_step(shell: Shell, deal: Make) -> None:
    made = deal()
    told = shell.ok("log", made, "call", "-", "--next", "Visit", "--on", "fri", "--time", "14:30", stdin="Asked\nback")
    assert "+1 points" in told.err
    (record,) = shell.ok("deal", "show", made, "--json").data()
    assert record["next_step"] == {"text": "Visit", "on": "2026-11-20", "late_working_days": 0}
    logged = shell.ok("log", made, "visit", "-m", "Saw the doors", "--json", user="sid").data()
    assert logged == [
        {"customer": "C-00001", "deal": made, "channel": "visit", "type": "discovery_meeting", "points": 12}
    ]
    assert shell("log", made, "smoke", "-m", "x").code == 2
    assert shell("log", made, "call", "-m", "x", "--type", "party").code == 2
    assert shell("log", "C-00099", "call", "-m", "x").code == 3


def test_agenda_closes_and_snoozes(shell: Shell, deal: Make) -> None:
    made = deal()
    shell.ok("deal", "step", made, "Call back", "--on", "2026-11-18", "--time", "9:30")
    lines = shell.ok("agenda").out.splitlines()
    assert f"  {made}  09:30  call  Fabrikam Clinics  Call back" in lines
    (item,) = shell.ok("agenda", "--json").data()
    assert (item["id"], item["section"], item["at"]) == (made, "deals_today", "09:30")
    shell.ok("agenda", "snooze", made, "2d")
    (item,) = shell.ok("agenda", "--json", at="2026-11-24T17:00:00+00:00").data()
    assert (item["section"], item["late_working_days"]) == ("late", 2)
    done = shell.ok("agenda", "done", made, "-m", "reached")
    assert "has no next step now" in done.err
    shell.ok("log", "C-00001", "note", "-m", "x", "--next", "Write", "--on", "2026-11-18", user="bo")
    (task,) = shell.ok("agenda", "--json", user="bo").data()
    shell.ok("agenda", "done", task["id"], user="bo")
    assert shell.ok("agenda", "--json", user="bo").data() == []
    assert shell("agenda", "done", made).code == 3


def test_a_next_step_may_end_with_its_day(shell: Shell, deal: Make) -> None:
    made = deal()
    told = shell.ok("deal", "step", made, "Call Lee fri 14:00")
    assert "Call Lee · Fri 20 Nov 2026 14:00" in told.err
    (item,) = shell.ok("agenda", "--json", at="2026-11-20T17:00:00+00:00").data()
    assert (item["text"], item["at"]) == ("Call Lee", "14:00")
    refused = shell("deal", "step", made, "Send sun blinds")
    assert (refused.code, "On which day?" in refused.err) == (2, True)
    shell.ok("deal", "step", made, "Call Lee fri", "--on", "2026-11-30")
    (record,) = shell.ok("deal", "show", made, "--json").data()
    assert (record["next_step"]["text"], record["next_step"]["on"]) == ("Call Lee fri", "2026-11-30")
    shell.ok("log", made, "call", "-m", "x", "--next", "Send quote in 2 days")
    (record,) = shell.ok("deal", "show", made, "--json").data()
    assert (record["next_step"]["text"], record["next_step"]["on"]) == ("Send quote", "2026-11-20")
    shell.ok("agenda", "done", made, "-m", "sent", "--next", "Call mon")
    (record,) = shell.ok("deal", "show", made, "--json").data()
    assert (record["next_step"]["text"], record["next_step"]["on"]) == ("Call", "2026-11-23")


def _events(text: str) -> list[dict[str, str]]:
    """Read a calendar as other programs do: lines unfolded, one record an event."""
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1][name] = value
    return found


def test_the_agenda_is_written_as_a_calendar(shell: Shell, deal: Make, tmp_path: Path) -> None:
    made = deal()
    shell.ok(
        "deal", "step", made, "Show, tell; sign " + "é" * 60, "--on", "2026-11-30", "--time", "9:30", "--minutes", "45"
    )
    shell.ok("log", "C-00001", "note", "-m", "x", "--next", "Write", "--on", "2026-11-18")
    late = {"at": "2026-11-20T17:00:00+00:00"}
    written = shell.ok("agenda", "--ics", **late)
    task, step = _events(written.out)
    assert task["SUMMARY"] == "Fabrikam Clinics: Write"
    assert (task["DTSTART;VALUE=DATE"], task["DTEND;VALUE=DATE"]) == ("20261118", "20261119")
    assert step["SUMMARY"] == "Fabrikam Clinics: Show\\, tell\\; sign " + "é" * 60
    assert (step["DTSTART"], step["DTEND"]) == ("20261130T163000Z", "20261130T171500Z")
    assert (step["UID"], step["DTSTAMP"]) == (f"deal-{made[2:]}@contoso", "20261120T170000Z")
    path = tmp_path / "mine.ics"
    path.write_text("older")
    path.chmod(0o644)
    assert "Wrote 2 entries to" in shell.ok("agenda", "--days", "20", "--view", "deals", "--ics", str(path), **late).err
    assert path.stat().st_mode & 0o777 == 0o600
    assert [event["UID"] for event in _events(path.read_bytes().decode())] == [task["UID"], step["UID"]]
    # Moved and written anew it is the same entry.
    shell.ok("agenda", "snooze", made, "2026-12-01")
    assert {event["UID"] for event in _events(shell.ok("agenda", "--ics", **late).out)} == {task["UID"], step["UID"]}
    assert _events(shell.ok("agenda", "--ics", user="bo").out) == []
    missing = shell("agenda", "--ics", str(tmp_path / "none" / "mine.ics"))
    assert (missing.code, "can't be written" in missing.err) == (1, True)
    assert shell("agenda", "--ics", "--days", "0").code == 2


def test_nurture_from_start_to_a_deal(shell: Shell, customer: Make) -> None:
    account = customer()
    _add_person(account)
    preview = shell.ok("nurture", "start", account, "--dry-run", "--json").data()
    assert [date["due_on"] for date in preview[0]["dates"]] == ["2026-11-18", "2026-11-19", "2026-11-23", "2026-11-25"]
    assert shell.ok("nurture", "list", "--json").data() == []
    enrolment = shell.ok("nurture", "start", account).out.strip()
    assert shell("nurture", "start", account).code == 4
    friday = "2026-11-20T17:00:00+00:00"
    (row,) = shell.ok("nurture", "done", enrolment, "--json", at=friday).data()
    assert (row["position"], row["counted_on"], row["due_on"]) == (2, "2026-11-21", "2026-11-23")
    assert set(row) == {
        "id", "customer", "owner", "programme", "state", "exit_reason", "started_on", "position", "of", "step",
        "channel", "counted_on", "due_on", "late_working_days", "hold",
    }  # fmt: skip
    assert shell("nurture", "skip", enrolment, "--no-input").code == 2
    shell.ok("nurture", "skip", enrolment, "--reason", "spoke already", at=friday)
    shell.ok("nurture", "snooze", account, "3d", at=friday)
    shell.ok("nurture", "pause", enrolment, at=friday)
    shell.ok("nurture", "resume", enrolment, at=friday)
    shell.ok("nurture", "skip", enrolment, "--reason", "spoke already", at=friday)
    assert shell("nurture", "done", enrolment, at=friday).code == 2
    told = shell.ok(
        "nurture", "done", enrolment, "--result", "qualified", "-m", "40 doors", "--deal-type", "Site", at=friday
    )
    assert "new deal D-" in told.err
    (deal,) = shell.ok("deal", "list", "--json", at=friday).data()
    assert deal["type"] == "Site"
    assert shell("nurture", "end", enrolment, "--reason", "manual", at=friday).code == 4


def test_individuals_are_not_nurtured(shell: Shell, customer: Make) -> None:
    person = customer("Nora Vale", kind="individual")
    refused = shell("nurture", "start", person)
    assert refused.code == 4
    assert "individual" in refused.err
    assert shell("nurture", "start", person, user="sid").code == 7


def test_customers_are_listed_labelled_and_handed_over(shell: Shell, customer: Make) -> None:
    person = customer("Nora Vale", kind="individual")
    customer("Oak Terrace")
    (row,) = shell.ok("customer", "list", "nora", "--json").data()
    assert (row["id"], row["kind"], row["unpaid"]) == (person, "individual", {"value": "0.00", "currency": "USD"})
    assert [hit["id"] for hit in shell.ok("customer", "list", "--find", "office@fabrikam.example", "--json").data()]
    (similar,) = shell.ok("customer", "list", "--find", "oka terace", "--json").data()
    assert (similar["name"], similar["why"]) == ("Oak Terrace", "similar name")
    first = shell.ok("customer", "list", "--limit", "1", "--json").json()
    assert first["next"] == person
    second = shell.ok("customer", "list", "--limit", "1", "--json", "--after", person).data()
    assert second[0]["name"] == "Oak Terrace"
    assert shell("customer", "label", person, "corporate", "--no-input").code == 2
    assert shell.ok("customer", "label", person, "corporate", "--dry-run", "--json").data()[0]["id"] == person
    (labelled,) = shell.ok("customer", "label", person, "corporate", "--company", "Vale Works", "--json").data()
    assert (labelled["kind"], labelled["name"]) == ("corporate", "Vale Works")
    shell.ok("undo")
    shell.ok("customer", "assign", person, "bo")
    assert shell("customer", "assign", person, "ana", user="uma").code == 7
    assert "opened" not in shell.ok("customer", "timeline", person).out


def test_private_fields_are_hidden_by_role(shell: Shell, customer: Make) -> None:
    person = customer("Nora Vale", kind="individual")
    (mine,) = shell.ok("customer", "show", person, "--json").data()
    (theirs,) = shell.ok("customer", "show", person, "--json", user="uma").data()
    assert {"id", "kind", "fields", "loyalty", "sources"} <= set(mine)
    assert [field["field"] for field in theirs["fields"] if field.get("hidden")] == ["birth_date", "income_minor"]
    assert not any(field.get("hidden") for field in mine["fields"])
    assert "hidden for your role" in shell.ok("customer", "show", person, user="uma").out


def test_users_are_changed_by_operations(shell: Shell) -> None:
    shell.ok("user", "add", "zoe", "--role", "representative", "--role", "consultant", "--team", "East", user="olga")
    shell.ok("user", "set", "zoe", "role=manager", "active=yes", user="olga")
    zoe = next(one for one in shell.ok("user", "list", "--json").data() if one["login"] == "zoe")
    assert (zoe["roles"], zoe["manager"]) == (["manager"], "zoe")
    shell.ok("user", "set", "zoe", "active=no", user="olga")
    assert shell("deal", "list", user="zoe").code == 7
    assert shell("user", "set", "olga", "role=service", user="olga").code == 4


def test_open_prints_the_same_as_the_commands(shell: Shell, deal: Make) -> None:
    made = deal()
    assert shell.ok("open", made).out == shell.ok("deal", "show", made).out
    assert shell.ok("open", "agenda").out == shell.ok("agenda").out
    assert shell.ok("open", "customers").out == shell.ok("customer", "list").out
    assert shell.ok("open", "board").out == shell.ok().out
    assert shell.ok("open", "quotes", "--json").json()["schema"] == "contoso.quote/1"
    assert shell("open", "moon").code == 2
