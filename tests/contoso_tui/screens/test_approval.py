"""Discounts that wait for a manager, where the manager looks; and who gets a quote, for how long (rules 5.2)."""

from __future__ import annotations

import pytest

from contoso_tui.dialogs.form import FormDialog
from contoso_tui.screens.board import BoardScreen
from contoso_tui.screens.quotes import TO_APPROVE, QuotesScreen
from models.customers import people
from models.deals import approvals, buying_centre, lines, quotes
from models.ids import show_quote
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import NOW, act, ask, make_app


@pytest.fixture
def waiting(story) -> str:
    """A draft of ana's with a discount of which gil was asked; return its shown id."""
    act(story, "ana.wu", lines.add, story.small, "DOORBELL", 8, discount_bp=2_000)
    made = act(story, "ana.wu", quotes.create, story.small)
    act(story, "ana.wu", approvals.ask, made, "gil.ortega")
    quote = ask(story, quotes.get, made, NOW)
    return show_quote(quote.number, quote.revision)


async def test_a_manager_finds_the_deal_by_a_view_of_the_board_which_empties_by_itself(
    story, waiting, wait_until, shown
) -> None:
    app = make_app(story, "gil.ortega", "board")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen) and not app.screen.is_busy)
        while app.screen.named_view.code != "to-approve":
            await pilot.press("v")
        await wait_until(pilot, lambda: app.screen.board.model.deals == 1)
        await wait_until(pilot, lambda: any("Wingtip" in row for row in shown(app)))
        assert "to approve·all owners" in shown(app)[0]
        assert app.screen.board.model.deals == 1
        quote = next(found for found in ask(story, quotes.list_for_deal, story.small, NOW))
        act(story, "gil.ortega", approvals.approve, quote.id)
        await wait_until(pilot, lambda: app.screen.board.model.deals == 0)


async def test_only_managers_have_the_view(story, wait_until) -> None:
    app = make_app(story, "ana.wu", "board")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen) and not app.screen.is_busy)
        assert "to-approve" not in {named.code for named in app.screen.views}


async def test_a_manager_approves_in_the_list_of_quotes(story, waiting, wait_until, shown) -> None:
    app = make_app(story, "gil.ortega", "quotes")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, QuotesScreen))
        while app.screen.view_name != TO_APPROVE:
            await pilot.press("v")
        await wait_until(pilot, lambda: [found.asked_of for found in app.screen.found] == ["gil.ortega"])
        assert "gil.ortega was asked to approve it" in shown(app)[-2]
        await pilot.press("A")
        await wait_until(pilot, lambda: isinstance(app.screen, FormDialog) and app.screen.box.text)
        assert "ana.wu gives up to 20% on a line" in app.screen.box.text
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, QuotesScreen) and not app.screen.found)
        assert "No discount waits for approval" in "\n".join(shown(app))


async def test_the_panel_says_who_gets_it_how_long_it_holds_and_who_was_asked(
    story, waiting, wait_until, shown
) -> None:
    quote = ask(story, quotes.list_for_deal, story.small, NOW)[0]
    act(story, "ana.wu", quotes.change, quote.id, addressee="Lee Sands")
    customer = detail(story, story.small).customer_id
    for name in ("Lee Sands", "Mira Dune", "Ira Stone"):
        act(story, "ana.wu", people.add, customer, name)
    act(story, "ana.wu", buying_centre.add, story.small, "Lee Sands", "economic_buyer")
    act(story, "ana.wu", buying_centre.add, story.small, "Mira Dune", "decision_maker")
    act(story, "ana.wu", buying_centre.add, story.small, "Ira Stone", "user")
    for login, words in (
        ("ana.wu", ("your limit 15%, highest line 20%", "A ask")),
        ("gil.ortega", ("your limit 100%, highest line 20%", "A approve")),
    ):
        app = make_app(story, login, waiting)
        async with app.run_test(size=(140, 40)) as pilot:
            await wait_until(pilot, lambda app=app: "WHO" in "\n".join(shown(app)))
            # The head grows with its text in the frame after.
            await wait_until(pilot, lambda app=app: "more lines" not in "\n".join(shown(app)))
            panel = [row.rpartition("│")[2].rstrip() for row in shown(app)]
            assert " to Fri 18 Dec 2026 (30 days)" in panel
            assert " gil.ortega was asked to approve it" in panel
            assert " to Lee Sands  pays" in panel
            assert "    Mira Dune  decides" in panel
            assert not any("Ira Stone" in row for row in panel)
            assert all(any(word in row for row in panel) for word in words)
            assert not any("…" in row for row in panel)


async def test_what_was_asked_already_is_told_instead_of_asking_again(story, waiting, wait_until, shown) -> None:
    app = make_app(story, "ana.wu", waiting)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: getattr(app.screen, "page", None) is not None)
        await pilot.press(">")
        await wait_until(pilot, lambda: "gil.ortega was asked to approve it" in shown(app)[-2])
