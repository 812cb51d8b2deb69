"""Two people in one form at once: the second sees both versions, chooses, and nothing that was typed is lost."""

from __future__ import annotations

import datetime as dt

import pytest

from contoso_tui.dialogs.confirm import Confirm
from contoso_tui.dialogs.conflict import ConflictDialog
from contoso_tui.screens.customer import CustomerScreen
from contoso_tui.screens.deal import DealScreen
from contoso_tui.screens.quote import QuoteScreen
from models.activities import log, next_steps
from models.customers import customers, people
from models.deals import buying_centre, deals, lines, quotes, stages, tech_checks
from models.deals.records import Outcome, TechState
from models.errors import ChangedMeanwhileError
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import NOW, act, ask, make_app

FRIDAY = dt.date(2026, 11, 20)
MONDAY = dt.date(2026, 11, 23)


async def conflict(on) -> str:
    """Save the form that is open and return what the dialog says then."""
    await on.press("ctrl+s")
    await on.until(lambda: isinstance(on.app.screen, ConflictDialog))
    return " ".join(on.app.screen.box.text.split())


async def saved(on, page) -> None:
    await on.press("ctrl+s")
    await on.until(lambda: isinstance(on.app.screen, page))


# ---- lines


async def test_a_line_of_a_deal(story, opened) -> None:
    line = ask(story, lines.list_lines, story.fabrikam)[0]
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("3")
        form = await on.form("e")
        form.state.set_text("quantity", "9")
        act(story, "gil.ortega", lines.change, line.id, quantity=12, discount_bp=500)
        text = await conflict(on)
        assert "gil.ortega changed the line Site Security S24 meanwhile" in text
        assert "Quantity (*) 12 ( ) 9 8" in text
        await on.press("escape")
        await on.until(lambda: on.app.screen is form)
        assert form.state.text("quantity") == "9"
        await conflict(on)
        await on.press("right")
        await saved(on, DealScreen)
    found = ask(story, lines.list_lines, story.fabrikam)[0]
    # The other's discount, which nobody else touched, stays.
    assert (found.quantity, found.discount_bp) == (9, 500)


async def test_a_field_that_only_the_other_touched_is_kept_without_asking(story, opened) -> None:
    line = ask(story, lines.list_lines, story.fabrikam)[0]
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("3")
        form = await on.form("e")
        form.state.set_text("description", "Cameras")
        act(story, "gil.ortega", lines.change, line.id, quantity=12)
        await saved(on, DealScreen)
    found = ask(story, lines.list_lines, story.fabrikam)[0]
    assert (found.quantity, found.description) == (12, "Cameras")


async def test_discounts_of_several_lines_are_chosen_one_by_one(story, opened) -> None:
    first, second = ask(story, lines.list_lines, story.fabrikam)
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("3", "space", "space", "home")
        form = await on.form("%")
        form.state.set_text("discount_bp", "20")
        act(story, "gil.ortega", lines.change, first.id, discount_bp=700)
        text = await conflict(on)
        assert "Site Security S24 (*) 7 % ( ) 20 % 0 %" in text
        assert "Smart Doorbell" in text
        await saved(on, DealScreen)
    assert [line.discount_bp for line in ask(story, lines.list_lines, story.fabrikam)] == [700, 2000]
    assert second.discount_bp == 500


# ---- quotes


@pytest.fixture
def draft(story) -> int:
    return act(story, "ana.wu", quotes.create, story.fabrikam)


async def test_a_line_and_the_fields_of_a_draft_quote(story, draft, wait_until, shown) -> None:
    from tests.contoso_tui.screens.deal_driver import Driver

    app = make_app(story, "ana.wu", "Q-0301 r2")
    async with app.run_test(size=(80, 24)) as pilot:
        on = Driver(app, pilot, wait_until, shown)
        await on.until(lambda: isinstance(app.screen, QuoteScreen) and app.screen.page is not None)
        form = await on.form("e")
        form.state.set_text("quantity", "9")
        line = ask(story, quotes.get, draft, NOW).lines[0]
        act(story, "gil.ortega", quotes.change_line, line.id, quantity=12)
        assert "Quantity (*) 12 ( ) 9 8" in await conflict(on)
        await saved(on, QuoteScreen)
        assert ask(story, quotes.get, draft, NOW).lines[0].quantity == 12

        await on.press("G")
        form = await on.form("e")
        assert "note" in {item.name for item in form.form.fields}
        form.state.set_text("note", "my words")
        act(story, "gil.ortega", quotes.change, draft, note="his words")
        text = await conflict(on)
        assert "gil.ortega changed Q-0301 r2 meanwhile" in text
        assert "his words" in text
        await on.press("right")
        await saved(on, QuoteScreen)
        assert ask(story, quotes.get, draft, NOW).note == "my words"


# ---- customers and people


async def on_customer(on, tab: str) -> None:
    await on.press("o")
    await on.until(lambda: isinstance(on.app.screen, CustomerScreen) and on.app.screen.page is not None)
    await on.press(tab)


async def test_a_value_of_a_customer_and_an_address_as_one(story, opened) -> None:
    customer = detail(story, story.fabrikam).customer_id

    def profile():
        return act(story, "ana.wu", lambda actor, now: customers.get_profile(customer, actor, now))

    async with opened("ana.wu", story.fabrikam) as on:
        await on_customer(on, "2")
        await on.until(lambda: "email" in on.text)
        while on.app.screen.row[1] != "email":
            await on.press("j")
        form = await on.form("e")
        form.state.set_text("email", "mine@fabrikam.example")
        act(story, "gil.ortega", customers.edit, customer, {"email": "his@fabrikam.example"})
        text = await conflict(on)
        assert "gil.ortega changed Fabrikam Clinics meanwhile" in text
        assert "his@fabrikam.example" in text
        await on.press("right")
        await saved(on, CustomerScreen)
        assert next(one.value for one in profile().fields if one.field == "email") == "mine@fabrikam.example"

        while on.app.screen.row[1] != "address":
            await on.press("j")
        form = await on.form("e")
        form.state.set_text("street", "1 High St")
        act(story, "gil.ortega", customers.edit, customer, {"city": "Denver", "state": "CO"})
        text = await conflict(on)
        assert "Denver, CO" in text
        assert "1 High St" in text
        # Theirs is kept whole: no street of one in a city of the other.
        await saved(on, CustomerScreen)
        assert profile().address == ("", "Denver", "CO", "", "")


async def test_a_person_of_an_account(story, opened) -> None:
    customer = detail(story, story.fabrikam).customer_id
    person = ask(story, people.list_people, customer)[0]
    async with opened("ana.wu", story.fabrikam) as on:
        await on_customer(on, "6")
        form = await on.form("e")
        form.state.set_text("position", "Head of buying")
        form.state.set_text("phone", "303 555 0101")
        act(story, "gil.ortega", people.change, person.id, {"position": "CFO", "email": "sam@fabrikam.example"})
        text = await conflict(on)
        assert "Position ▌ (*) theirs CFO ▌ ( ) yours Head of buying" in text
        assert "(*) 303 555 0101" in text
        await saved(on, CustomerScreen)
    found = ask(story, people.get_person, person.id)
    assert (found.position, found.phone, found.email) == ("CFO", "303 555 0101", "sam@fabrikam.example")


async def test_a_person_of_the_buying_centre(story, opened) -> None:
    row = act(story, "ana.wu", buying_centre.add, story.fabrikam, "Sam Pine", "influencer")
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("2")
        form = await on.form("e")
        form.state.set_text("role", "blocker")
        act(story, "gil.ortega", buying_centre.change, row, {"role": "decision_maker", "attitude": 1})
        text = await conflict(on)
        assert "Role (*) decides ( ) blocks influences" in text
        await on.press("right")
        await saved(on, DealScreen)
    found = ask(story, buying_centre.list_people, story.fabrikam)[0]
    assert (found.role, found.attitude) == ("blocker", 1)


# ---- next steps


async def test_the_next_step_field_by_field(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        form = await on.form("s")
        form.state.set_text("next_text", "Call Mira")
        act(story, "gil.ortega", next_steps.set_step, story.fabrikam, "Visit Sam", FRIDAY, channel="visit")
        text = await conflict(on)
        assert "gil.ortega changed the next step" in text
        assert "Visit Sam" in text
        await on.press("right")
        await saved(on, DealScreen)
    found = ask(story, next_steps.find, story.fabrikam)
    # What only the other touched is theirs.
    assert (found.text, found.on, found.channel) == ("Call Mira", FRIDAY, "visit")


async def test_a_step_that_somebody_else_has_closed_is_planned_anew(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        form = await on.form("s")
        form.state.set_text("next_on", "mon")
        act(story, "gil.ortega", next_steps.done, story.fabrikam)
        text = await conflict(on)
        assert "(*) theirs empty ▌ ( ) yours Mon 23 Nov 2026" in text
        await on.press("right")
        await saved(on, DealScreen)
    found = ask(story, next_steps.find, story.fabrikam)
    assert (found.text, found.on) == ("Send quote r2", MONDAY)


async def test_another_step_is_closed_only_after_asking(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        form = await on.form("d")
        form.state.set_text("notes", "Sent it")
        act(story, "gil.ortega", next_steps.set_step, story.fabrikam, "Visit Sam", FRIDAY)
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, Confirm))
        assert "Now: Visit Sam" in on.text
        assert "You saw: Send quote r2" in on.text
        await on.press("escape")
        await on.until(lambda: on.app.screen is form)
        assert form.state.text("notes") == "Sent it"
        assert ask(story, next_steps.find, story.fabrikam).text == "Visit Sam"
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, Confirm))
        await on.press("down", "enter")
        await on.until(lambda: isinstance(on.app.screen, DealScreen))
    assert ask(story, next_steps.find, story.fabrikam) is None


async def test_logging_replaces_another_step_only_after_asking(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        form = await on.form("a")
        form.state.set_text("text", "Talked")
        form.state.set_text("next_text", "Call Mira mon")
        act(story, "gil.ortega", next_steps.set_step, story.fabrikam, "Visit Sam", FRIDAY)
        before = len(ask(story, log.list_for_deal, story.fabrikam))
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, Confirm))
        assert "Visit Sam · Fri 20 Nov 2026" in on.text
        await on.press("escape")
        await on.until(lambda: on.app.screen is form)
        assert len(ask(story, log.list_for_deal, story.fabrikam)) == before
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, Confirm))
        await on.press("down", "enter")
        await on.until(lambda: isinstance(on.app.screen, DealScreen))
    assert ask(story, next_steps.find, story.fabrikam).text == "Call Mira"


async def test_a_step_that_one_has_not_seen_is_not_snoozed(story, opened) -> None:
    act(story, "gil.ortega", next_steps.set_step, story.fabrikam, "Visit Sam", FRIDAY)
    with pytest.raises(ChangedMeanwhileError, match=r"gil\.ortega changed the next step"):
        act(story, "ana.wu", next_steps.snooze, story.fabrikam, MONDAY, seen={"text": "Send quote r2"})
    assert ask(story, next_steps.find, story.fabrikam).on == FRIDAY


# ---- the gate, winning, handing over


async def test_the_gate_asks_whose_is_kept_and_moves_on(story, opened) -> None:
    act(story, "ana.wu", deals.edit, story.small, {"budget_minor": 90000, "time_frame": "soon"})
    async with opened("ana.wu", story.small) as on:
        form = await on.form(">")
        form.state.set_text("need", "windows")
        form.state.set_text("decision_maker", "Wren")
        act(story, "gil.ortega", deals.edit, story.small, {"need": "doors"})
        text = await conflict(on)
        assert "gil.ortega changed" in text
        assert "Need (*) doors ( ) windows empty" in text
        await on.press("escape")
        await on.until(lambda: on.app.screen is form)
        assert form.state.text("need") == "windows"
        await conflict(on)
        await saved(on, DealScreen)
        await on.told("to Develop")
    found = detail(story, story.small)
    assert (found.need, found.decision_maker, found.stage.id) == ("doors", "Wren", "develop")


async def test_a_deal_that_somebody_else_has_moved_meanwhile_keeps_what_is_filled_in(story, opened) -> None:
    act(
        story,
        "ana.wu",
        deals.edit,
        story.small,
        {"budget_minor": 90000, "time_frame": "soon", "decision_maker": "Wren"},
    )
    async with opened("ana.wu", story.small) as on:
        form = await on.form(">")
        form.state.set_text("need", "windows")
        act(story, "gil.ortega", deals.edit, story.small, {"need": "doors"})
        act(story, "gil.ortega", stages.forward, story.small)
        await conflict(on)
        await on.press("right")
        await saved(on, DealScreen)
    found = detail(story, story.small)
    assert (found.need, found.stage.id) == ("windows", "develop")


async def test_winning_asks_about_another_walk_through(story, opened) -> None:
    act(story, "uma.reyes", tech_checks.sign, story.power, TechState.PASSED, dt.date(2026, 11, 17))
    quote = ask(story, quotes.list_for_deal, story.power, NOW)[0].id
    act(story, "ana.wu", quotes.accept, quote)
    act(story, "ana.wu", stages.forward, story.power)
    async with opened("ana.wu", story.power) as on:
        form = await on.form("w")
        for name, text in {"walkthrough_on": "mon", "walkthrough_with": "Ira Stone", "is_ready": "yes"}.items():
            form.state.set_text(name, text)
        theirs = {"walkthrough_on": dt.date(2026, 11, 17), "walkthrough_with": "Mira Dune", "walkthrough_ready": True}
        act(story, "gil.ortega", deals.edit, story.power, theirs)
        text = await conflict(on)
        assert "Mira Dune" in text
        await on.press("right")
        await saved(on, DealScreen)
    found = detail(story, story.power)
    assert (found.outcome, found.walkthrough_on) == (Outcome.WON, dt.date(2026, 11, 16))
    assert found.walkthrough_with == "Mira Dune"


async def test_an_owner_whom_one_has_not_seen_is_not_replaced(story) -> None:
    act(story, "gil.ortega", deals.assign, [story.small], "bo.lee")
    with pytest.raises(ChangedMeanwhileError, match=r"gil\.ortega changed the owner of D-\d+ meanwhile"):
        act(story, "gil.ortega", deals.assign, [story.small], "gil.ortega", seen="ana.wu")
    assert detail(story, story.small).owner == "bo.lee"


async def test_moving_back_goes_where_the_form_said(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        form = await on.form("<")
        assert "back to Develop" in form.form.title
        form.state.set_text("reason", "too early")
        act(story, "gil.ortega", stages.backward, story.fabrikam, "much too early")
        await on.press("ctrl+s")
        await on.until(lambda: "is in Develop already" in on.text)
        assert form.state.text("reason") == "too early"
    assert detail(story, story.fabrikam).stage.id == "develop"
