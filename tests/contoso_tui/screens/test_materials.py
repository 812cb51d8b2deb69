"""Sending materials by key from a deal, the board, a customer and the list of customers: two keys where one can."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from contoso_tui.dialogs.email import EmailPreview
from contoso_tui.dialogs.materials import Materials
from models import database
from models.customers import customers, people
from models.materials import catalogue
from tests.contoso_tui.screens import customer_story, deal_story
from tests.contoso_tui.screens.deal_story import Story


@pytest.fixture(autouse=True)
def no_mail_program(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONTOSO_MAILER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def got(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mail program takes emails; this is the file in which it keeps the last one."""
    path, program = tmp_path / "got.eml", tmp_path / "mutt"
    program.write_text(f"#!/bin/sh\ncat > '{path}'\n")
    program.chmod(0o700)
    monkeypatch.setenv("CONTOSO_MAILER", str(program))
    return path


def add(story: Any, name: str, *products: str, content: bytes = b"") -> int:
    made: int = deal_story.act(
        story, "olga", catalogue.add, f"{name}.pdf", content or name.encode(), product_names=products
    )
    return made


@pytest.fixture
def stocked(story: Story) -> Story:
    """Fabrikam's deal is about thermostats, among others."""
    for name, product in (("Doorbell sheet", "DOORBELL"), ("Moisture sheet", "MOISTURE"), ("Plan terms", "MONITORING")):
        add(story, name, product)
    add(story, "About us")
    return story


def sent(story: Any) -> list[tuple[Any, ...]]:
    query = (
        "SELECT e.recipient, e.handed_to, m.name FROM sent_email e JOIN sent_material s ON s.email_id = e.id"
        " JOIN material m ON m.id = s.material_id ORDER BY m.name"
    )
    found: list[tuple[Any, ...]] = deal_story.ask(story, lambda: database.execute(query).fetchall())
    return found


async def test_two_keys_send_what_fits_the_deal_to_the_mail_program(stocked, opened, got) -> None:
    async with opened("ana.wu", stocked.fabrikam) as on:
        await on.press("D")
        await on.until(lambda: isinstance(on.app.screen, Materials) and on.app.screen.box.text)
        rows = on.app.screen.box.text.splitlines()
        assert rows[0].startswith(" To  ")
        ticked = [row for row in rows if "[x]" in row]
        assert ticked
        assert all("fits" in row for row in ticked)
        await on.press("enter")
        await on.told("Sent ")
    assert [name for *_, name in sent(stocked)] == sorted(row[5:].split("  ")[0].strip() for row in ticked)
    message = message_from_bytes(got.read_bytes(), policy=default)
    assert len(list(message.iter_attachments())) == len(ticked)
    assert {program for _, program, _ in sent(stocked)} == {"mutt"}


async def test_what_was_sent_stands_in_the_timeline_and_is_not_undone(stocked, opened, got) -> None:
    async with opened("ana.wu", stocked.fabrikam) as on:
        await on.press("D")
        await on.until(lambda: isinstance(on.app.screen, Materials))
        await on.press("enter")
        await on.told("Sent ")
        await on.until(lambda: "Sent " in on.text and "email" in on.text)
        await on.press("u")
        await on.told("it has left and can't be taken back")
        await on.press("D")
        await on.until(lambda: isinstance(on.app.screen, Materials) and "sent 18 Nov" in on.app.screen.box.text)
        assert "[x]" not in on.app.screen.box.text


async def test_ticks_filter_and_people_are_chosen_by_key(stocked, opened, got) -> None:
    customer = deal_story.ask(
        stocked, lambda: database.execute("SELECT customer_id FROM deal WHERE id = ?", (stocked.fabrikam,)).fetchone()
    )[0]
    deal_story.act(stocked, "ana.wu", people.add, customer, "Zoe Last", email="zoe@fabrikam.example")
    async with opened("ana.wu", stocked.fabrikam) as on:
        await on.press("D")
        await on.until(lambda: isinstance(on.app.screen, Materials) and on.app.screen.box.text)
        box = on.app.screen.box
        await on.press("*")
        assert box.text.count("[x]") == 4
        await on.press("*")
        assert box.text.count("[x]") == 0
        await on.press(*"plan")
        assert box.text.count("[ ]") == 1
        await on.press("space", "backspace", "backspace", "backspace", "backspace")
        assert box.text.count("[x]") == 1
        await on.press("left")
        await on.until(lambda: "Zoe Last <zoe@fabrikam.example>" in box.text)
        await on.press("right", "tab", "shift+tab", "left", "down", "up", "end")
        await on.press("enter")
        await on.told("Sent Plan terms to Zoe Last")
    assert sent(stocked) == [("zoe@fabrikam.example", "mutt", "Plan terms")]


async def test_without_a_mail_program_the_email_is_shown_and_counts_when_the_user_says_so(stocked, opened) -> None:
    async with opened("ana.wu", stocked.fabrikam) as on:
        await on.press("D")
        await on.until(lambda: isinstance(on.app.screen, Materials))
        await on.press(*"about", "space", "enter")
        await on.until(lambda: isinstance(on.app.screen, EmailPreview) and on.app.screen.box.text)
        assert " Attached " in on.text
        assert "About us.pdf" in on.text
        assert "No mail program starts here" in on.text
        await on.press("escape")
        await on.until(lambda: not isinstance(on.app.screen, EmailPreview))
        assert sent(stocked) == []
        await on.press("D")
        await on.until(lambda: isinstance(on.app.screen, Materials))
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, EmailPreview) and on.app.screen.box.text)
        await on.press("ctrl+s")
        await on.told("Sent ")
    assert {program for _, program, _ in sent(stocked)} == {"sent by hand"}


async def test_a_mail_program_that_fails_leaves_the_email_at_hand(stocked, opened, monkeypatch) -> None:
    monkeypatch.setenv("CONTOSO_MAILER", "false")
    async with opened("ana.wu", stocked.fabrikam) as on:
        await on.press("D")
        await on.until(lambda: isinstance(on.app.screen, Materials))
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, EmailPreview) and "ended with 1" in on.app.screen.box.text)
        await on.press("escape")
        await on.until(lambda: not isinstance(on.app.screen, EmailPreview))
    assert sent(stocked) == []


async def test_too_much_for_one_email_is_said_before_it_leaves(stocked, opened, got) -> None:
    for name in ("Large one", "Large two"):
        add(stocked, name, content=name.encode() + b"\0" * 8_000_000)
    async with opened("ana.wu", stocked.fabrikam) as on:
        await on.press("D")
        await on.until(lambda: isinstance(on.app.screen, Materials) and on.app.screen.box.text)
        await on.press("*", "enter")
        await on.told("An email takes 15 MB together: send it in two")
        assert "an email takes 15 MB" in on.text
    assert sent(stocked) == []


async def test_without_materials_or_an_address_the_key_says_why(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("D")
        await on.told("There are no materials yet: sales operations add them")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 40)])
async def test_long_names_fit_every_size(stocked, opened, size) -> None:
    add(stocked, "A very long name of a document that goes on and on, as some do, " + "x" * 14, "DOORBELL", "MOISTURE")
    async with opened("ana.wu", stocked.fabrikam, size=size) as on:
        await on.press("D")
        await on.until(lambda: isinstance(on.app.screen, Materials) and on.app.screen.box.text)
        width = on.app.screen.inner_width
        assert {len(row) for row in on.app.screen.box.text.splitlines()[2:]} <= set(range(width + 1))
        await on.press("end", "pageup", "escape")
        await on.until(lambda: not isinstance(on.app.screen, Materials))


@pytest.fixture
def customer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> customer_story.Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    made = customer_story.build(tmp_path)
    add(made, "About us")
    return made


async def test_two_keys_on_a_customer(customer, got) -> None:
    shown = f"C-{customer.ids['Nora Vale']:05d}"
    async with customer_story.running(customer, "bo.lee", shown, lambda screen: screen.page) as on:
        await on.dialog(Materials, "D")
        await on.press("enter")
        await on.told("Sent About us to Nora Vale")
        await on.until(lambda: "Sent About us" in on.text)
    assert [(program, name) for _, program, name in sent(customer)] == [("mutt", "About us")]


async def test_two_keys_on_the_list_of_customers_for_one_at_a_time(customer, got) -> None:
    async with customer_story.running(customer, "bo.lee", "customers", lambda screen: screen.list.count) as on:
        await on.press("/", *"nora", "enter")
        await on.until(lambda: "Nora Vale" in on.text and "Ada Ashe" not in on.text)
        await on.dialog(Materials, "D")
        await on.press("enter")
        await on.told("Sent About us to Nora Vale")
        await on.press("escape")
        await on.until(lambda: "Ada Ashe" in on.text)
        await on.press("space", "space", "D")
        await on.told("Materials are sent to one customer at a time")


async def test_who_asked_not_to_be_contacted_is_said_before_anything_opens(customer) -> None:
    nora = customer.ids["Nora Vale"]
    customer.act("olga", customers.edit, nora, {"do_not_contact": True})
    async with customer_story.running(customer, "bo.lee", f"C-{nora:05d}", lambda screen: screen.page) as on:
        await on.press("D")
        await on.told("Nora Vale asked not to be contacted")
