"""Lines, fields, conflicts and new deals by key on a real database."""

from __future__ import annotations

import datetime as dt

import pytest

from contoso_tui.dialogs.conflict import ConflictDialog
from contoso_tui.dialogs.find_customer import FindCustomer
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.screens.deal import DealScreen
from models.deals import deals, lines
from models.deals.records import Outcome
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import act, ask

SIZES = [(60, 16), (80, 24), (120, 36), (140, 40)]


async def test_lines_by_key(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        await on.press("3")
        form = await on.form("n")
        await on.press(*"smart door")
        assert "Smart Doorbell" in form.box.text
        await on.press("tab", *"24", "ctrl+s")
        await on.told("Added 24 x Smart Doorbell")
        await on.until(lambda: "4,536.00" in on.text)
        await on.form("n")
        await on.fill(product="S24", quantity="2", discount_bp="10")
        await on.until(lambda: len(ask(story, lines.list_lines, story.small)) == 2)
        await on.until(lambda: on.app.screen.current_line() is not None and on.app.screen.current_line().position == 2)
        await on.press("K")
        await on.until(lambda: ask(story, lines.list_lines, story.small)[0].description.startswith("Site"))
        await on.until(lambda: on.app.screen.current_line().position == 1)
        await on.press("J")
        await on.until(lambda: ask(story, lines.list_lines, story.small)[1].description.startswith("Site"))
        await on.form("e")
        await on.fill(quantity="3", price_minor="2000")
        await on.until(lambda: "5,400.00" in on.text)
        await on.press("home", "space", "space")
        form = await on.form("%")
        assert "2 lines" in form.form.title
        await on.fill(discount_bp="20")
        await on.told("Set discount of 2 lines to 20% · u undo")
        assert [x.discount_bp for x in ask(story, lines.list_lines, story.small)] == [2000, 2000]
        await on.until(lambda: on.app.screen.list.marked == set())
        await on.press("u")
        await on.until(lambda: [x.discount_bp for x in ask(story, lines.list_lines, story.small)] == [0, 1000])
        await on.press("x")
        await on.until(lambda: len(ask(story, lines.list_lines, story.small)) == 1)
        assert detail(story, story.small).outcome is Outcome.OPEN
        await on.told("Removed")


async def test_fields_one_and_all(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        await on.press("5", "j")
        form = await on.form("e")
        assert [item.name for item in form.form.fields] == ["need"]
        await on.press(*"doorbells", "ctrl+s")
        await on.until(lambda: detail(story, story.small).need == "doorbells")
        await on.until(lambda: isinstance(on.app.screen, DealScreen))
        await on.press("1")
        form = await on.form("e")
        assert len(form.form.fields) > 10
        await on.fill(close_on="12 dec", probability_percent="35")
        await on.until(lambda: detail(story, story.small).probability_percent == 35)
        assert detail(story, story.small).close_on == dt.date(2026, 12, 12)
        await on.told("u undo")


async def test_two_who_change_the_same_field_choose_and_lose_nothing(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        form = await on.form("e")
        form.state.set_text("need", "mine")
        form.state.set_text("time_frame", "May")
        act(story, "ana.wu", deals.edit, story.small, {"need": "theirs", "amount_minor": 2_000_001})
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, ConflictDialog))
        text = on.app.screen.box.text
        assert "(*) theirs" in text
        assert "(*) May" in text
        assert "$4,200.00 -> $20,000.01: a tech check applies" in " ".join(text.split())
        await on.press("escape")
        await on.until(lambda: on.app.screen is form)
        assert form.state.text("need") == "mine"
        assert detail(story, story.small).time_frame == ""
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, ConflictDialog))
        await on.press("right", "ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, DealScreen))
        found = detail(story, story.small)
        assert (found.need, found.time_frame) == ("mine", "May")


async def test_names_of_columns_stand_above_columns_and_not_above_long_texts(story, opened) -> None:
    async with opened("ana.wu", story.small, (140, 40)) as on:
        form = await on.form("e")
        form.state.set_text("need", "Doorbells at the front and at the back of all three houses")
        form.state.set_text("time_frame", "May")
        act(story, "ana.wu", deals.edit, story.small, {"need": "Sensors at every window of the ground floor"})
        act(story, "ana.wu", deals.edit, story.small, {"time_frame": "June"})
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, ConflictDialog))
        rows = [row.split() for row in on.app.screen.box.text.splitlines()]
        head = rows.index(["theirs", "yours", "before"])
        assert rows[head - 4] == ["▌Need"]
        assert rows[head + 1][-6:] == ["(*)", "June", "(", ")", "May", "empty"]


@pytest.mark.parametrize("size", SIZES)
async def test_two_long_texts_are_shown_from_where_they_differ(story, opened, size) -> None:
    long = "Doorbells at the front and the back of all three houses, sensors at every window of the ground floor; " * 2
    async with opened("ana.wu", story.small, size) as on:
        form = await on.form("e")
        form.state.set_text("need", long + "monitoring by day")
        form.state.set_text("time_frame", "May")
        act(story, "ana.wu", deals.edit, story.small, {"need": long + "monitoring by night"})
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, ConflictDialog))
        assert "monitoring by night" in on.text
        assert "monitoring by day" in on.text
        await on.press("right", "ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, DealScreen))
        assert detail(story, story.small).need == long + "monitoring by day"


async def test_a_new_deal_finds_its_customer_by_typing(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("escape")
        await on.until(lambda: not isinstance(on.app.screen, DealScreen))
        await on.press("n")
        await on.until(lambda: isinstance(on.app.screen, FindCustomer))
        await on.press(*"wingt")
        await on.until(lambda: "Wingtip Toys" in on.text and "C-0" in on.app.screen.box.text)
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, FormDialog))
        await on.fill(type="Thermostats", amount_minor="900")
        await on.told("New deal D-1005 for Wingtip Toys · u undo")
        assert detail(story, 1005).amount_minor == 90000


async def test_a_new_deal_of_a_new_customer_is_one_undo(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("escape")
        await on.until(lambda: not isinstance(on.app.screen, DealScreen))
        await on.press("n")
        await on.until(lambda: isinstance(on.app.screen, FindCustomer))
        await on.press(*"Nora Vale")
        await on.until(lambda: "New customer “Nora Vale”" in on.app.screen.box.text)
        await on.press("end", *["down"] * 5, "enter")
        await on.until(lambda: isinstance(on.app.screen, FormDialog))
        await on.fill(kind="individual")
        await on.until(lambda: isinstance(on.app.screen, FormDialog) and "New deal" in on.app.screen.form.title)
        await on.fill(type="Doorbell")
        await on.told("for Nora Vale · u undo")
        assert detail(story, 1005).customer == "Nora Vale"


async def test_leaving_a_form_says_what_is_kept_and_which_key_goes_on(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        await on.press("3")
        await on.form("n")
        await on.press(*"door", "escape", "escape")
        await on.told(f"Kept your draft of D-{story.small} · n goes on")
        await on.press("n")
        await on.until(lambda: "half filled in" in on.text)
        await on.press("enter")
        await on.until(lambda: "[ door" in on.text)
        await on.press("ctrl+u", "escape", "escape", "1")
        await on.form("s")
        await on.press(*"Call", "escape", "escape")
        await on.told(f"Kept your draft of D-{story.small} · s goes on")
        # Nothing typed, nothing kept, nothing said.
        await on.form("a")
        await on.press("escape", "escape")
        await on.until(lambda: on.app.screen.scope == "deal")
        assert "Kept" not in on.status
