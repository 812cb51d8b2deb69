"""Marked deals on the board: one field of all, or another owner, seen beforehand, with one undo."""

from __future__ import annotations

from contoso_tui.dialogs.confirm import Confirm
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.picker import Picker
from models.customers import customers
from models.database import execute
from models.deals import deals
from tests.contoso_tui.screens.deal_story import act, ask, make_app


async def test_a_field_of_marked_deals_changes_where_it_can_as_one_undo(story, shown, wait_until) -> None:
    account = act(story, "bo.lee", customers.create, name="Aardvark Zoo", kind="corporate")
    theirs = act(story, "bo.lee", deals.create, account, type="Gates", amount_minor=100)
    mine = [act(story, "ana.wu", deals.create, account, type=f"Door {n}", amount_minor=100) for n in range(2)]
    app = make_app(story, "ana.wu", "board")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: getattr(app.screen, "card", None) is not None)
        app.screen.deal_ids = lambda: [*mine, theirs]
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, Picker) and "Change of 3 deals" in "\n".join(shown(app)))
        await pilot.press(*"close date", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press(*"2026-12-18", "ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "2 can be changed, 1 cannot" in "\n".join(shown(app))
        await pilot.press("right", "enter")
        await wait_until(pilot, lambda: "Changed close on of 2 deals" in shown(app)[-2])
        days = ask(story, lambda: execute("SELECT id FROM deal WHERE close_on = '2026-12-18'").fetchall())
        assert {row[0] for row in days} == set(mine)
        await pilot.press("u")
        await wait_until(pilot, lambda: "Undone" in shown(app)[-2])
        assert not ask(story, lambda: execute("SELECT 1 FROM deal WHERE close_on = '2026-12-18'").fetchall())


async def test_e_on_one_deal_opens_its_form(story, shown, wait_until) -> None:
    app = make_app(story, "ana.wu", "board")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: getattr(app.screen, "card", None) is not None)
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, FormDialog))
        assert "Decision maker" in "\n".join(shown(app))


async def test_marked_deals_get_another_owner_where_they_can(story, shown, wait_until) -> None:
    account = act(story, "bo.lee", customers.create, name="Aardvark Zoo", kind="corporate")
    theirs = act(story, "bo.lee", deals.create, account, type="Gates", amount_minor=100)
    mine = act(story, "ana.wu", deals.create, account, type="Door", amount_minor=100)
    app = make_app(story, "ana.wu", "board")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: getattr(app.screen, "card", None) is not None)
        app.screen.deal_ids = lambda: [mine, theirs]
        await pilot.press("m")
        await wait_until(pilot, lambda: isinstance(app.screen, Picker) and "Move 2 deals" in "\n".join(shown(app)))
        await pilot.press(*"gil.ortega", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "1 can be changed, 1 cannot" in "\n".join(shown(app))
        await pilot.press("right", "enter")
        await wait_until(pilot, lambda: "Handed" in shown(app)[-2])
        query = "SELECT u.login FROM deal d JOIN app_user u ON u.id = d.owner_id WHERE d.id = ?"
        assert ask(story, lambda: execute(query, (mine,)).fetchone())[0] == "gil.ortega"
