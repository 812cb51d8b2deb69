"""A customer's screen by key on a real database: head, tabs, sources of values, every action once, others' changes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from contoso_tui.commands import SCOPES
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.kinds import Kinds
from contoso_tui.dialogs.preview import Preview
from contoso_tui.screens.customer import CustomerScreen
from contoso_tui.screens.deal import DealScreen
from importers import run
from models import database, journal, setup
from models.customers import customers, people
from models.nurture import enrolments
from models.people import users
from tests.contoso_tui.screens.customer_story import NOW, Story, build, running


def set_customer(actor, now, update: str, customer_id: int) -> None:
    """Change a customer as a service that keeps invoices and cases would."""
    with journal.action(actor, now, "customer.edit", "What is owed"):
        database.execute(f"{update} WHERE id = ?", (customer_id,))


SIZES = [(60, 16), (80, 24), (120, 36), (140, 40)]


@pytest.fixture
def story(tmp_path, monkeypatch) -> Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return build(tmp_path)


def opened(story: Story, name: str, login: str = "bo.lee", size=(80, 24)):
    goal = f"C-{story.ids[name]:05d}"
    return running(story, login, goal, lambda screen: getattr(screen, "page", None) is not None, size)


async def test_head_and_timeline_show_everything_with_its_source(story) -> None:
    async with opened(story, "Nora Vale") as on:
        rows = on.text.split("\n")
        assert rows[0].startswith(" CONTOSO  TEST  Board > Nora Vale")
        assert rows[0].rstrip().endswith(f"C-{story.ids['Nora Vale']:05d}   4 sources")
        assert "Nora Vale   individual · Denver, Colorado" in rows[2]
        assert rows[2].rstrip().endswith("since Jan 2018   rep Bo Lee")
        assert "online $2,516 (2)   stores $227 (2)   640 points, tier medium   open deal $890" in rows[3]
        assert "1 Timeline   2 Who   3 Deals 1   4 Money 4   6 People 1   7 Sources 6" in rows[5]
        assert " 5 " not in rows[5]
        shown = [(row[1:10], row[12:20].strip(), row.rstrip()[-3:]) for row in rows[6:14]]
        assert shown == [
            ("16 Nov 26", "call", "crm"),
            ("10 Nov 26", "deal", "crm"),
            ("02 Nov 26", "online", "onl"),
            ("14 Sep 26", "store", "pos"),
            ("05 Jun 26", "online", "onl"),
            ("01 Dec 18", "store", "pos"),
            ("23 Oct 18", "loyalty", "loy"),
            ("31 Jan 18", "contact", "con"),
        ]
        assert "+95 pts    $189.00  pos" in rows[9]
        assert "Thermostat T2" in rows[8]
        assert "$1,390.00  onl" in rows[8]
        assert "born con ~ loy" in on.text
        assert "household: Eva Elm (same address)" in on.text
        assert "f shows: all kinds, all sources" in on.text
        assert rows[-1].rstrip().endswith("? help")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 40)])
async def test_what_is_unpaid_and_open_comes_first_and_the_least_telling_gives_way(story, size) -> None:
    owes = "UPDATE customer SET unpaid_minor = 315000, unpaid_since = '2026-09-07', open_cases = 2, has_high_case = 1"
    story.act("olga", set_customer, owes, story.ids["Nora Vale"])
    async with opened(story, "Nora Vale", size=size) as on:
        amount = "$3,150.00" if size[0] == 140 else "$3,150"
        row = next(row for row in on.text.split("\n") if f"unpaid {amount}" in row)
        assert row.startswith(f" unpaid {amount}")
        assert "2 open cases, one is high" in row
        assert "open deal $890" in row
        assert ("640 points" in row) == (size[0] == 140)
        assert "…" not in row


async def test_the_side_panel_stands_from_120_cells(story) -> None:
    for size, titles in (((120, 36), 5), ((140, 40), 6)):
        async with opened(story, "Nora Vale", size=size) as on:
            for words in ("FIELD", "MONEY, 12 months", "WARNINGS", "NURTURE", "DEALS", "SOURCES")[:titles]:
                assert any(f"│ {words}" in row for row in on.text.split("\n"))
            if size[0] == 140:
                assert " 2026 ─────" in on.text
                assert "16 Nov 10:00  call" in on.text
                assert "online ▁▁▁▁▁▁▇▁▁▁▁█    $2,516.00   2 in all time" in on.text
                assert "1984-03-12 con ~ loy alike" in " ".join(on.text.split())


async def test_each_field_says_where_its_value_comes_from_and_what_others_say(story) -> None:
    async with opened(story, "Nora Vale") as on:
        await on.press("2")
        rows = {row[1:14].strip(): " ".join(row[16:].split()) for row in on.text.split("\n")[6:20]}
        assert rows["name"] == "Nora Vale con = loy"
        assert rows["phone"] == "303 555 0142 loy ~ con 303 555 014"
        assert rows["born"] == "1984-03-12 con ~ loy 1984-12-03"
        assert rows["address"].startswith("14 Elm Walk, Denver, Colora")
        assert "- loy has none" in rows["address"]
        assert rows["points"] == "640 loy"


async def test_what_a_role_may_not_see_is_hidden_everywhere(story) -> None:
    async with opened(story, "Nora Vale", "uma.reyes", (140, 40)) as on:
        texts = []
        for key in ("1", "2", "7"):
            await on.press(key)
            await on.pilot.pause()
            texts.append(on.text)
        await on.press("Y")
        await on.pilot.pause()
        texts.append(on.text)
        everything = "\n".join(texts) + json.dumps(on.app.screen_stack[-2].copy_texts())
        assert "hidden for your role" in texts[1]
        for secret in ("1984-03-12", "3/12/1984", "1984-12-03", "52000", "52,000"):
            assert secret not in everything


async def test_a_value_is_taken_from_another_source_pinned_by_hand_and_follows_again(story) -> None:
    async with opened(story, "Nora Vale") as on:
        nora = story.ids["Nora Vale"]
        born = lambda: story.value("SELECT birth_date FROM customer WHERE id = ?", nora)  # noqa: E731
        await on.press("2", *["j"] * 3)
        assert on.screen.list.current == ("field", "birth_date")
        await on.pick("1984-12", "e")
        await on.told("Took birth date of Nora Vale from loyalty · u undo")
        assert born() == "1984-12-03"
        await on.until(lambda: "1984-12-03" in on.text and "(pin)" in on.text)
        story.act("olga", lambda actor, now: run.run([story.files], actor, now))
        assert born() == "1984-12-03"
        await on.pick("Follow", "e")
        await on.told("birth date follows the sources again")
        assert born() == "1984-03-12"
        await on.press("u")
        await on.told("Undone: Nora Vale: birth date follows the sources again")
        await on.until(lambda: "(pin)" in on.text)
        await on.press("k", "k")
        await on.pick("by hand", "e")
        await on.fill(email="nora@vale.example")
        await on.told("Changed Nora Vale: email")
        await on.until(lambda: "nora@vale.example" in on.text)


async def test_undo_takes_back_a_pin_that_changed_no_value(story) -> None:
    async with opened(story, "Nora Vale") as on:
        await on.press("2")
        on.screen.list.move_to_key(("field", "phone"))
        before = next(row for row in on.text.split("\n") if "phone" in row)
        assert "(pin)" not in before
        await on.pick("by hand", "e")
        await on.until(lambda: isinstance(on.screen, FormDialog))
        await on.press("ctrl+s")
        await on.until(lambda: "(pin)" in next(row for row in on.text.split("\n") if "phone" in row))
        await on.press("u")
        await on.told("Undone")
        await on.until(lambda: "(pin)" not in next(row for row in on.text.split("\n") if "phone" in row))


async def test_who_may_not_edit_reads_why(story) -> None:
    async with opened(story, "Nora Vale", "uma.reyes") as on:
        await on.press("2", "e")
        assert "is bo.lee's: only bo.lee, their manager or operations can change it" in on.status


async def test_kinds_and_sources_are_chosen(story) -> None:
    async with opened(story, "Nora Vale") as on:
        dialog = await on.dialog(Kinds, "f")
        await on.press("*", "right", *["down"] * 3, "space", "left", *["down"] * 4)
        await on.press("space", "enter")
        await on.until(lambda: on.screen is not dialog and len(on.screen.entries) == 2)
        assert "only store · pos · f changes it" in on.text
        assert [entry.kind for entry in on.screen.entries] == ["store", "store"]
        dialog = await on.dialog(Kinds, "f")
        await on.press("*", "enter")
        await on.until(lambda: on.screen is not dialog and len(on.screen.entries) == 8)


async def test_deals_money_people_and_sources_have_their_tabs(story) -> None:
    async with opened(story, "Nora Vale") as on:
        await on.press("4")
        text = " ".join(on.text.split())
        assert "lifetime spend $2,743.00 last purchase Mon 2 Nov 2026" in text
        assert "2018 $0.00 $38.00 (1)" in text or on.screen.list.count > 12
        await on.press("5")
        assert "There is no tab 5" in on.status
        await on.press("6")
        assert "HOUSEHOLD of Nora Vale" in on.text
        await on.press("S")
        assert "con  CNTID_1  Contacts.csv line 2  first  import 1" in on.text
        await on.press("/", *"telephone")
        await on.until(lambda: "2 match" in on.status)
        assert "303 555 014" in on.text
        await on.press("enter", "escape", "3")
        assert "Qualify" in on.text
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, DealScreen))
        await on.press("escape")
        await on.until(lambda: isinstance(on.screen, CustomerScreen))


async def test_log_note_new_deal_and_copy(story, monkeypatch, tmp_path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "Wants one price with mounting" > "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    async with opened(story, "Nora Vale") as on:
        await on.dialog(FormDialog, "a")
        await on.fill(channel="call", text="Called back")
        await on.until(lambda: "Called back" in on.text)
        await on.press("y", "n")
        await on.told("clipboard")
        assert json.loads(on.screen.copy_texts()["j"])["email"] == "nora_vale@mail1.example"
        await on.press("E")
        await on.told("This terminal cannot be lent")
        await on.dialog(FormDialog, "n")
        await on.fill(type="Sensors", amount="500")
        await on.until(lambda: isinstance(on.screen, DealScreen) and on.screen.page is not None)
        assert on.screen.page.deal.customer == "Nora Vale"


async def test_nurture_is_refused_paused_resumed_and_started(story) -> None:
    async with opened(story, "Nora Vale") as on:
        for key in ("N", "z"):
            await on.press(key)
            assert "Nora Vale is an individual; nurture is for corporate accounts" in on.status
    async with opened(story, "Fabrikam Clinics", "ana.wu") as on:
        await on.press("N")
        assert "Fabrikam Clinics is in nurture: L-0201; z pauses it" in on.status
        await on.press("z")
        await on.told("Paused nurture: Fabrikam Clinics · u undo")
        await on.until(lambda: "on hold: Paused: by hand" in on.text)
        await on.press("z")
        await on.told("Resumed nurture: Fabrikam Clinics")
        form = await on.dialog(FormDialog, "x")
        assert form.form.title == "Leave nurture · Fabrikam Clinics"
        await on.fill(reason="replied")
        await on.told("u undo")
        await on.until(lambda: on.screen.page.enrolment is None)
        await on.press("u")
        await on.until(lambda: on.screen.page.enrolment is not None)
        await on.pick("individual", "m")
        preview = await on.dialog(Preview)
        assert "! Nurture ends: L-0201, step 1 of 4" in preview.box.text
        await on.press("escape")
    async with opened(story, "Wingtip Toys", "ana.wu") as on:
        await on.press("z")
        assert "Wingtip Toys is not in nurture: N starts it" in on.status
        await on.press("x")
        assert "Wingtip Toys is not in nurture: N starts it" in on.status
        preview = await on.dialog(Preview, "N")
        assert "1 Introduction call: today" in preview.box.text
        await on.press("right", "enter")
        await on.told("Started nurture: Wingtip Toys")
        assert story.read(enrolments.find_active, story.ids["Wingtip Toys"])


async def test_an_individual_becomes_corporate_with_the_companys_name(story) -> None:
    async with opened(story, "Nora Vale") as on:
        await on.pick("corporate", "m")
        await on.fill(**{f"company_{story.ids['Nora Vale']}": "Vale Bakery"})
        await on.told("Labelled Nora Vale corporate · u undo")
        await on.until(lambda: "> Vale Bakery" in on.text)
        await on.press("6")
        assert "Nora Vale" in on.text
        await on.press("u")
        await on.until(lambda: "> Nora Vale" in on.text)


async def test_people_are_added_changed_made_first_and_taken_off(story) -> None:
    fabrikam = story.ids["Fabrikam Clinics"]
    names = lambda: [person.name for person in story.read(people.list_people, fabrikam)]  # noqa: E731
    async with opened(story, "Fabrikam Clinics", "ana.wu") as on:
        await on.press("6")
        assert "Mira Dune" in on.text
        await on.dialog(FormDialog, "n")
        await on.fill(name="Zoe Zorn", position="Buyer", do_not_contact="yes")
        await on.told("Added Zoe Zorn to Fabrikam Clinics")
        await on.until(lambda: "Zoe Zorn" in on.text and "Buyer" in on.text and "do not contact" in on.text)
        await on.press("G")
        await on.dialog(FormDialog, "e")
        await on.fill(position="Head buyer")
        await on.until(lambda: "Head buyer" in on.text)
        await on.pick("first", "enter")
        await on.until(lambda: names()[0] == "Zoe Zorn")
        await on.until(lambda: on.screen.page.profile.people[0].name == "Zoe Zorn")
        await on.pick("Take off", "enter")
        await on.told("Took Zoe Zorn off Fabrikam Clinics")
        assert "Zoe Zorn" not in names()


async def test_a_new_person_is_for_accounts_only(story) -> None:
    async with opened(story, "Nora Vale") as on:
        await on.press("6", "n")
        await on.told("Nora Vale is an individual; people belong to corporate accounts: m labels it")


async def test_others_changes_and_a_new_import_appear_by_themselves(story) -> None:
    async with opened(story, "Nora Vale") as on:
        await on.press("j")
        before = on.screen.list.current
        story.act("olga", customers.edit, story.ids["Nora Vale"], {"tier": "high"})
        await on.until(lambda: "tier high" in on.text)
        assert on.screen.list.current == before
        assert "olga changed C-" in on.status


async def test_a_customer_that_is_not_there_says_so(story) -> None:
    ready = lambda screen: isinstance(screen, CustomerScreen) and screen.list.empty != "Reading …"  # noqa: E731
    async with running(story, "bo.lee", "C-09999", ready) as on:
        assert "There is no customer C-09999" in on.text
        await on.press("N")
        assert "Still reading the customer" in on.status
        await on.press("escape")
        await on.until(lambda: not isinstance(on.screen, CustomerScreen))


@pytest.mark.parametrize("size", SIZES)
async def test_every_tab_is_drawn_to_the_last_cell_with_hostile_text(story, size) -> None:
    nasty = "[/b]\x1b[2J\u202e東京庵 e\u0301" * 12
    changes = dict.fromkeys(("name", "city", "street", "email", "phone", "tier", "occupation"), nasty)
    story.act("olga", customers.edit, story.ids["Nora Vale"], changes, is_from_record=True)
    async with opened(story, "Nora Vale", size=size) as on:
        for key in ("1", "2", "3", "4", "6", "7"):
            await on.press(key)
            await on.pilot.pause()
            assert {cell_len(row) for row in on.text.split("\n")} == {size[0]}
            assert not any(sign in on.text for sign in ("\x1b", "\u202e"))
        await on.dialog(Kinds, "f")
        await on.pilot.resize_terminal(90, 25)
        await on.pilot.pause()
        assert isinstance(on.screen, Kinds)


async def test_older_entries_are_read_when_one_comes_near_the_end(story) -> None:
    def seed(actor, now):
        from models import journal
        from models.activities import log

        with journal.action(actor, now, "activity.log", "Many"):
            for number in range(230):
                log.log(actor, now, customer_id=story.ids["Nora Vale"], channel="note", text=f"Note {number}")

    story.act("bo.lee", seed)
    async with opened(story, "Nora Vale") as on:
        assert len(on.screen.entries) == 200
        await on.press("G")
        await on.until(lambda: len(on.screen.entries) == 238)
        await on.press("G")
        assert "First seen in eCommerce" in on.text


def test_every_action_of_the_scope_exists() -> None:
    more = ("item.open", "item.edit", "item.new", "item.copy", "item.show_text", "item.editor", "list.filter")
    for command_id in (*SCOPES["customer"].ids, *more):
        assert hasattr(CustomerScreen, "action_" + command_id.replace(".", "_")), command_id


@pytest.fixture
def real(tmp_path, monkeypatch) -> Story:
    place = os.environ.get("CONTOSO_TEST_DATA", "")
    if not place:
        pytest.skip("CONTOSO_TEST_DATA does not name the folder of real data")
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    path, files = tmp_path / "real.db", Path(place) / "ci-ilt" / "sources"
    setup.create(path, "olga", NOW, is_test=True)
    with database.connection():
        run.run([files], users.get_actor("olga"), NOW)
        abbie = database.execute("SELECT id FROM customer WHERE name = 'Abbie Moss'").fetchone()[0]
    return Story(path, files, {"Abbie Moss": abbie})


async def test_abbie_moss_is_one_customer_of_all_four_sources(real) -> None:
    async with opened(real, "Abbie Moss", "olga", (140, 40)) as on:
        page = on.screen.page
        assert "loyalty 293 points" in on.text
        assert page.profile.measures.points == 293
        assert {row.source for row in page.profile.sources} == {"con", "loy"}
        assert {found.source for found in page.profile.owned} == {"onl", "pos"}
        kinds = {entry.kind for entry in on.screen.entries}
        assert {"online", "store", "loyalty", "contact"} <= kinds
        assert all(field.source for field in page.profile.fields if field.value and field.field != "email_subscriber")
