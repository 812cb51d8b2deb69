"""Materials on the command line: kept by operations, sent by anybody through their mail program."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from models import database
from models.customers import customers, people
from models.people import users
from tests.contoso_tui.cli.conftest import NOW, Shell

Make = Callable[..., str]


@pytest.fixture(autouse=True)
def no_mail_program(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONTOSO_MAILER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sheet(shell: Shell, homes: Path) -> Path:
    """A data sheet of the doorbell that is in the catalogue."""
    path = homes / "Doorbell sheet.pdf"
    path.write_bytes(b"%PDF-1.4 doorbell")
    shell.ok("material", "add", str(path), "--product", "doorbell", user="olga")
    return path


def mailer(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a program take emails, and return the file in which it keeps them."""
    got, program = homes / "got", homes / "mutt"
    program.write_text(f"#!/bin/sh\ncat > '{got}'\n")
    program.chmod(0o700)
    monkeypatch.setenv("CONTOSO_MAILER", str(program))
    return got


def test_a_document_is_added_listed_shown_and_retired(shell: Shell, sheet: Path, homes: Path) -> None:
    (found,) = shell.ok("material", "--json").data()
    assert found["name"] == "Doorbell sheet"
    assert (found["file"], found["media_type"], found["bytes"]) == ("Doorbell sheet.pdf", "application/pdf", 17)
    assert (found["active"], found["added_by"], len(found["products"])) == (True, "olga", 1)
    assert "Doorbell sheet.pdf" in shell.ok("material", "list", "--plain").out
    assert "sha256" in shell.ok("material", "show", "doorbell").out
    copy = homes / "copy.pdf"
    shell.ok("material", "show", "doorbell", "-o", str(copy))
    assert copy.read_bytes() == sheet.read_bytes()
    assert copy.stat().st_mode & 0o777 == 0o600
    shell.ok("material", "retire", "Doorbell sheet", user="olga")
    assert shell.ok("material", "list", "--json").data() == []
    assert [one["active"] for one in shell.ok("material", "list", "--retired", "--json").data()] == [False]
    shell.ok("undo", user="olga")
    assert len(shell.ok("material", "list", "--product", "doorbell", "--json").data()) == 1


def test_a_newer_one_takes_its_place_with_replace(shell: Shell, sheet: Path) -> None:
    sheet.write_bytes(b"%PDF-1.4 newer")
    again = shell("material", "add", str(sheet), user="olga")
    assert (again.code, "--replace" in again.err) == (4, True)
    done = shell.ok("material", "add", str(sheet), "--replace", user="olga")
    assert "Added Doorbell sheet for Smart Doorbell" in done.err


@pytest.mark.parametrize("verb", ["add", "retire"])
def test_the_catalogue_is_operations(shell: Shell, sheet: Path, verb: str) -> None:
    word = str(sheet.with_name("absent.pdf")) if verb == "add" else "doorbell"
    refused = shell("material", verb, word, user="max")
    assert (refused.code, "Only sales operations can keep the materials" in refused.err) == (7, True)


def test_a_hostile_file_name_is_harmless(shell: Shell, homes: Path) -> None:
    path = homes / "\x1b]0;owned\x07 \u202efdp.txt"
    path.write_text("x")
    done = shell.ok("material", "add", str(path), user="olga")
    assert "\x1b" not in done.err
    (found,) = shell.ok("material", "list", "--json").data()
    assert found["file"] == "_]0;owned_ fdp.txt"
    large = homes / "large\x1b[2J.pdf"
    with large.open("wb") as file:
        file.truncate(20_000_000)
    refused = shell("material", "add", str(large), user="olga")
    assert (refused.code, "a material at most 10 MB" in refused.err, "\x1b" in refused.err) == (2, True, False)


def test_what_fits_a_deal_is_handed_to_the_mail_program_and_kept(
    shell: Shell, sheet: Path, deal: Make, homes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = mailer(homes, monkeypatch)
    made = deal(("doorbell", 24))
    act(people.add, 1, "Sam Pine", email="sam@fabrikam.example")
    done = shell.ok("material", "send", made)
    assert "Sent Doorbell sheet to sam@fabrikam.example, mutt · +2 points" in done.err
    sent = message_from_bytes(got.read_bytes(), policy=default)
    assert (sent["To"], sent["Subject"]) == ("sam@fabrikam.example", "For Fabrikam Clinics: Doorbell sheet")
    assert [one.get_filename() for one in sent.iter_attachments()] == ["Doorbell sheet.pdf"]
    again = shell("material", "send", made)
    assert (again.code, "Nothing fits that was not sent yet" in again.err) == (2, True)
    named = shell.ok("material", "send", made, "door", "--to", "sam", "-m", "As promised.", "--json").json()
    assert named["schema"] == "contoso.sent-material/1"
    assert named["data"] == {
        "to": "sam@fabrikam.example",
        "subject": "For Fabrikam Clinics: Doorbell sheet",
        "body": "As promised.",
        "attached": [{"file": "Doorbell sheet.pdf", "bytes": 17}],
        "handed_to": "mutt",
        "points": 2,
    }
    assert "Sent Doorbell sheet" in shell.ok("customer", "timeline", "C-00001").out
    refused = shell("undo")
    assert (refused.code, "it has left" in refused.err) == (4, True)


def test_without_a_mail_program_it_is_shown_written_or_noted(
    shell: Shell, sheet: Path, customer: Make, homes: Path
) -> None:
    made = customer("Nora Vale", kind="individual")
    refused = shell("material", "send", made, "door")
    assert (refused.code, "--eml FILE writes the email" in refused.err) == (4, True)
    assert "Attached: Doorbell sheet.pdf" in shell.ok("material", "send", made, "door", "--dry-run").out
    path = homes / "mail.eml"
    shell.ok("material", "send", made, "door", "--eml", str(path))
    assert message_from_bytes(path.read_bytes())["To"] == "office@fabrikam.example"
    assert count() == 0
    assert "sent by hand" in shell.ok("material", "send", made, "door", "--sent").err
    assert count() == 1


def test_a_mail_program_that_fails_notes_nothing(
    shell: Shell, sheet: Path, customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTOSO_MAILER", "false")
    failed = shell("material", "send", customer("Nora Vale", kind="individual"), "door")
    assert (failed.code, "counts as not sent" in failed.err, count()) == (4, True, 0)


def test_who_asked_not_to_be_contacted_gets_nothing(shell: Shell, sheet: Path, customer: Make) -> None:
    made = customer("Nora Vale", kind="individual")
    act(customers.edit, 1, {"do_not_contact": True})
    refused = shell("material", "send", made, "door", "--sent")
    assert (refused.code, "asked not to be contacted" in refused.err, count()) == (4, True, 0)
    assert '"code": "refused"' in shell("material", "send", made, "door", "--sent", "--json").err
    assert shell("material", "send", "D-9999", "door").code == 3


def act(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    with database.connection():
        fn(users.get_actor("ana", "cli"), NOW, *args, **kwargs)


def count() -> int:
    with database.connection():
        return int(database.execute("SELECT count(*) FROM sent_material").fetchone()[0])
