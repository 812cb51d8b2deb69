"""The list of customers by key on a real database: finding, marking, handing over, labelling, nurture."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from contoso_tui.commands import SCOPES
from contoso_tui.dialogs.alike import Alike
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.preview import Preview
from contoso_tui.screens.customer import CustomerScreen
from contoso_tui.screens.customers import CustomersScreen
from contoso_tui.screens.deal import DealScreen
from models import undo
from models.customers import customers
from models.nurture import enrolments
from tests.contoso_tui.screens.customer_story import OTHERS, Story, build, running

SIZES = [(60, 16), (80, 24), (140, 40)]


@pytest.fixture
def story(tmp_path, monkeypatch) -> Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return build(tmp_path)


def opened(story: Story, login: str = "bo.lee", size=(80, 24)):
    return running(story, login, "customers", lambda screen: getattr(screen, "_has_all", False), size)


async def test_customers_stand_by_name_with_owner_place_and_open_deals(story) -> None:
    async with opened(story) as on:
        rows = on.text.split("\n")
        assert rows[0].startswith(" CONTOSO  TEST  Customers  all")
        assert "8 customers  bo.lee" in rows[0]
        assert rows[1].split() == ["name", "^", "kind", "place", "owner", "deals", "unpaid"]
        names = [row[1:25].strip() for row in rows[2:10]]
        assert names == [*OTHERS, "Fabrikam Clinics", "Nora Vale", "Wingtip Toys"]
        assert rows[2].startswith("▌Ada Ashe")
        assert rows[8].split() == ["Nora", "Vale", "person", "Denver,", "Colora…", "bo.lee", "1"]
        assert "Ada Ashe · C-" in on.status


async def test_typing_narrows_the_list_and_enter_keeps_what_is_found(story) -> None:
    async with opened(story) as on:
        await on.press("/", *"nor")
        await on.until(lambda: "1 matches" in on.status)
        await on.press("enter")
        assert "all  /nor" in on.text.split("\n")[0]
        await on.press("escape")
        await on.until(lambda: len(on.screen.rows.ids) == 8)
        assert on.screen.list.current == story.ids["Nora Vale"]
        shown = f"C-{story.ids['Fabrikam Clinics']:05d}"
        for typed in (shown, "mira@fabrikam", "fab cli", "CNTID_3"):
            await on.press("/", *typed)
            await on.until(lambda: list(on.screen.rows.ids) == [story.ids["Fabrikam Clinics"]])
            await on.press("escape")
            await on.until(lambda: len(on.screen.rows.ids) == 8)
        await on.press("/", *"xq", "enter")
        await on.until(lambda: "No customer matches 'xq' in all. esc clear" in on.text)


async def test_views_show_mine_corporate_and_nobodys(story) -> None:
    async with opened(story, "ana.wu") as on:
        seen = []
        for count in (2, 2, 2, 0, 8):
            await on.press("v")
            await on.until(lambda wanted=count: on.screen._has_all and len(on.screen.rows.ids) == wanted)
            seen.append(on.text.split("\n")[0].split("Customers  ")[1].split("  ")[0].strip())
            if not count:
                assert "No customers in nobody's" in on.text
        assert seen == ["mine", "corporate", "my corporate", "nobody's", "all"]


async def test_marked_customers_are_handed_over_with_the_reasons_of_those_that_are_not(story) -> None:
    async with opened(story) as on:
        await on.press("*")
        assert "8 marked" in on.status
        await on.pick("Hand over to gil", "m")
        preview = await on.dialog(Preview)
        text = preview.box.text
        assert "6 can be handed to gil.ortega: 6 of bo.lee" in text
        assert "2 cannot:" in text
        assert "Fabrikam Clinics is ana.wu's" in text
        await on.press("right", "enter")
        await on.told("Handed 6 customers to gil.ortega · u undo")
        assert story.value("SELECT count(*) FROM customer c JOIN app_user u ON u.id = owner_id"
                           " WHERE u.login = 'gil.ortega'") == 6  # fmt: skip
        await on.until(lambda: on.text.count("gil.ortega") >= 6 and not on.screen.list.marked)
        await on.press("u")
        await on.told("Undone: Handed 6 customers to gil.ortega")
        await on.until(lambda: on.text.split("\n")[2].split()[-1] == "bo.lee")


async def test_one_customer_is_handed_over_and_becomes_corporate_and_individual_again(story) -> None:
    async with opened(story, "olga") as on:
        ada = story.ids["Ada Ashe"]
        await on.pick("Hand over to ana", "m")
        await on.told("Handed Ada Ashe to ana.wu")
        await on.pick("corporate", "m")
        await on.dialog(FormDialog)
        await on.press("ctrl+s")
        await on.until(lambda: "still needed" in on.screen.box.text)
        await on.fill(**{f"company_{ada}": "Ashe Bakery"})
        await on.told("Labelled Ada Ashe corporate")
        await on.until(lambda: "Ashe Bakery" in on.text)
        assert story.read(customers.get_row, ada).kind == "corporate"
        await on.until(lambda: on.screen.list.current == ada)
        await on.pick("individual", "m")
        preview = await on.dialog(Preview)
        assert "Ashe Bakery becomes an individual, called Ada Ashe again." in preview.box.text
        await on.press("right", "enter")
        await on.told("Labelled Ashe Bakery individual")
        assert story.read(customers.get_row, ada).name == "Ada Ashe"


async def test_nurture_shows_dates_and_load_first_and_starts_only_what_can(story) -> None:
    async with opened(story, "ana.wu") as on:
        await on.press("N")
        assert "Ada Ashe is an individual; nurture is for corporate accounts" in on.status
        await on.press("G", "N")
        preview = await on.dialog(Preview)
        text = preview.box.text
        assert "1 Introduction call: today" in text
        assert "4 Appointment call: Wed 25 Nov" in text
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, CustomersScreen))
        assert story.read(enrolments.find_active, story.ids["Wingtip Toys"]) is None
        await on.press("*", "N")
        preview = await on.dialog(Preview)
        assert "x Nora Vale is bo.lee's" in preview.box.text
        assert "is in Introduction to Contoso already" in preview.box.text
        await on.press("right")
        assert "Start nurture" in "".join(text for text, _ in preview.box._foot)
        await on.press("enter")
        await on.told("Started nurture: Wingtip Toys")
        assert story.read(enrolments.find_active, story.ids["Wingtip Toys"]) is not None


async def test_a_log_a_new_customer_and_the_copy_menu(story) -> None:
    async with opened(story) as on:
        await on.dialog(FormDialog, "a")
        await on.fill(channel="note", text="Moved house")
        await on.told("undo")
        assert story.value("SELECT notes || subject FROM activity ORDER BY id DESC LIMIT 1") == "Moved house"
        texts = on.screen.copy_texts()
        assert json.loads(texts["j"])["name"] == texts["n"] == "Ada Ashe"
        assert texts["e"] == "ada_ashe@mail10.example"
        await on.dialog(FormDialog, "n")
        await on.fill(name="Zoe Zorn", kind="individual", city="Boise")
        await on.until(lambda: isinstance(on.screen, CustomerScreen) and on.screen.page is not None)
        assert on.screen.page.profile.name == "Zoe Zorn"
        await on.press("escape")
        await on.until(lambda: isinstance(on.screen, CustomersScreen) and len(on.screen.rows.ids) == 9)


async def test_others_changes_appear_by_themselves(story) -> None:
    async with opened(story) as on:
        await on.press("j")
        story.act("olga", customers.edit, story.ids["Ada Ashe"], {"name": "Zora Ashe"})
        await on.until(lambda: "Zora Ashe" in on.text)
        assert on.screen.list.current == story.ids["Ben Bell"]
        assert "olga changed C-" in on.status


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_names_are_drawn_to_the_last_cell(story, size) -> None:
    nasty = "[/b]\x1b[2J\u202e東京庵 e\u0301" * 9
    story.act(
        "olga",
        customers.edit,
        story.ids["Nora Vale"],
        {"name": nasty, "city": nasty, "email": nasty},
        is_from_record=True,
    )
    async with opened(story, size=size) as on:
        rows = on.text.split("\n")
        assert {cell_len(row) for row in rows} == {size[0]}
        assert "東京庵" in on.text
        assert not any(sign in on.text for sign in ("\x1b", "\u202e"))
        await on.press("end", "space", "/", *"東京")
        await on.until(lambda: len(on.screen.rows.ids) == 1)
        assert {cell_len(row) for row in on.text.split("\n")} == {size[0]}
        if size[0] == 140:
            assert "C-0000" in on.text


async def test_a_long_list_is_read_where_it_is_looked_at(story) -> None:
    def seed(actor, now):
        from models import database, journal

        with journal.action(actor, now, "customer.new", "Many"):
            rows = [(f"Customer {number:05d}",) for number in range(3000)]
            database.raw_connection().executemany("INSERT INTO customer (name, created_at) VALUES (?, 0)", rows)

    story.act("olga", seed)
    async with opened(story) as on:
        assert "3,008 customers" in on.text
        await on.press("G")
        await on.until(lambda: "Wingtip Toys" in on.text)
        await on.press("home")
        await on.press(*["pagedown"] * 40)
        await on.until(lambda: "…" not in on.text.split("\n")[10])
        assert len(on.screen.rows._rows) < 3000
        assert on.screen.list.current in on.screen.rows._rows


async def test_every_action_of_the_scope_exists_and_its_key_is_taken(story) -> None:
    async with opened(story, "ana.wu") as on:
        for command_id in (*SCOPES["customers"].ids, "item.open", "item.mark", "item.mark_all", "item.copy", "item.new",
                           "list.filter", "screen.view", "app.refresh"):  # fmt: skip
            assert hasattr(CustomersScreen, "action_" + command_id.replace(".", "_")), command_id
        await on.press("space", "space")
        assert "2 marked" in on.status
        await on.press("escape")
        assert "marked" not in on.status
        await on.press("r")
        await on.press("y", "n")
        await on.told("clipboard")
        await on.press("home", "enter")
        await on.until(lambda: isinstance(on.screen, CustomerScreen))


async def test_undoing_what_was_made_leads_back_from_its_page_and_says_so(story) -> None:
    async with opened(story) as on:
        form = await on.dialog(FormDialog, "n")
        form.state.set_text("name", "Ivy Holt")
        form.state.set_text("kind", "individual")
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.screen, CustomerScreen) and on.screen.page is not None)
        await on.dialog(FormDialog, "n")
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.screen, DealScreen) and on.screen.page is not None)
        await on.press("u")
        await on.until(lambda: isinstance(on.screen, CustomerScreen))
        await on.told("Undone: New deal")
        await on.press("u")
        await on.until(lambda: isinstance(on.screen, CustomersScreen))
        await on.told("Undone: New customer: Ivy Holt · U redo")
        await on.until(lambda: len(on.screen.rows.ids) == 8)


async def test_a_page_whose_customer_another_takes_back_closes_when_nothing_stands_over_it(story) -> None:
    made = story.act("bo.lee", customers.create, name="Ivy Holt")
    goal = f"C-{made:05d}"
    async with running(story, "ana.wu", goal, lambda screen: getattr(screen, "page", None) is not None) as on:
        page = on.screen
        await on.dialog(FormDialog, "a")
        story.act("bo.lee", undo.undo)
        await on.press("escape", "escape")
        await on.until(lambda: on.screen is not page and not isinstance(on.screen, FormDialog))
        await on.told("Ivy Holt is gone")


async def test_a_new_customer_who_may_be_here_already_is_shown_with_what_is_the_same(story) -> None:
    async with opened(story) as on:
        form = await on.dialog(FormDialog, "n")
        for name, text in {"name": "Adda Ashe", "kind": "individual", "email": "ADA_ASHE@mail10.example"}.items():
            form.state.set_text(name, text)
        alike = await on.dialog(Alike, "ctrl+s")
        assert "Ada Ashe" in alike.box.text
        assert "same email, name alike" in alike.box.text
        assert "n new all the same" in on.text.split("\n")[-1]
        await on.press("escape")
        await on.until(lambda: on.screen is form)
        await on.until(lambda: "Nothing is made yet" in on.status)
        await on.dialog(Alike, "ctrl+s")
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, CustomerScreen) and on.screen.page is not None)
        assert on.screen.customer_id == story.ids["Ada Ashe"]
        await on.press("escape")
        await on.until(lambda: isinstance(on.screen, CustomersScreen))
        form = await on.dialog(FormDialog, "n")
        assert form.state.text("name") == ""
        form.state.set_text("name", "Ada Ashe")
        form.state.set_text("kind", "individual")
        await on.dialog(Alike, "ctrl+s")
        await on.press("n")
        await on.until(lambda: isinstance(on.screen, CustomerScreen) and on.screen.page is not None)
        assert on.screen.customer_id not in story.ids.values()
        assert on.screen.page.profile.name == "Ada Ashe"


async def test_what_is_no_email_or_phone_is_refused_at_its_field(story) -> None:
    async with opened(story) as on:
        form = await on.dialog(FormDialog, "n")
        for name, text in {"name": "Zoe Zorn", "kind": "individual", "email": "not an email", "phone": "none"}.items():
            form.state.set_text(name, text)
        await on.press("ctrl+s")
        await on.until(lambda: "This is not an email address" in on.text)
        assert "This is not a phone number" in form.box.text
        assert form.state.field.name == "email"
        assert story.value("SELECT count(*) FROM customer WHERE name = 'Zoe Zorn'") == 0
        await on.fill(email="zoe@zorn.example", phone="720 555 0177")
        await on.until(lambda: isinstance(on.screen, CustomerScreen) and on.screen.page is not None)
