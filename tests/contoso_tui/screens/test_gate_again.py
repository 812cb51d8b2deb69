"""The gate after what kept a deal was settled elsewhere: the move comes by itself (rules 1.5)."""

from __future__ import annotations

from contoso_tui.dialogs.confirm import Confirm
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.screens.quote import QuoteScreen
from models.deals import approvals, deals, lines, quotes, stages
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import NOW, act, ask

QUALIFIED = {"need": "doors", "budget_minor": 900_000, "time_frame": "soon", "decision_maker": "Lee"}


def in_quote(story, **line) -> None:
    """Bring the small deal to Quote, where it lacks a sent quote."""
    act(story, "ana.wu", deals.edit, story.small, QUALIFIED)
    act(story, "ana.wu", lines.add, story.small, "DOORBELL", 8, **line)
    act(story, "ana.wu", stages.move, [story.small], "quote")


async def open_quote(on) -> QuoteScreen:
    await on.form(">")
    assert "no quote in force" in on.app.screen.box.text
    await on.press("enter")
    await on.until(lambda: isinstance(on.app.screen, QuoteScreen) and on.app.screen.page is not None)
    return on.app.screen


async def confirm(on, *keys: str) -> None:
    await on.press(*keys)
    await on.until(lambda: isinstance(on.app.screen, Confirm) and on.app.screen.box.text)
    await on.press("right", "enter")


async def test_sending_the_quote_that_was_missing_moves_the_deal(story, opened) -> None:
    in_quote(story)
    async with opened("ana.wu", story.small) as on:
        screen = await open_quote(on)
        await confirm(on, ">")
        await on.until(lambda: screen.page.quote.state == "sent")
        await on.told("to Close")
        assert detail(story, story.small).stage.id == "close"
        # Nothing more is moved by what happens to the quote afterwards.
        await on.press("escape")
        await on.until(lambda: "[Close" in on.text)
        await on.press("u")
        await on.until(lambda: "[Quote" in on.text)


async def test_what_else_is_missing_keeps_it_and_leaving_the_quote_moves_nothing(story, opened) -> None:
    in_quote(story)
    async with opened("ana.wu", story.small) as on:
        await open_quote(on)
        await on.press("escape")
        await on.until(lambda: "[Quote" in on.text)
        assert detail(story, story.small).stage.id == "quote"


async def test_a_manager_approves_and_sends_and_the_deal_moves(story, opened) -> None:
    in_quote(story, discount_bp=2_000)
    quote = act(story, "ana.wu", quotes.create, story.small)
    act(story, "ana.wu", approvals.ask, quote, "gil.ortega")
    async with opened("gil.ortega", story.small) as on:
        screen = await open_quote(on)
        await on.form("A")
        assert isinstance(on.app.screen, FormDialog)
        await on.fill()
        await on.until(lambda: screen.page.discount.approved_by == "gil.ortega")
        await confirm(on, ">")
        await on.told("to Close")


async def test_the_quote_that_keeps_it_from_being_won_is_accepted_and_the_won_dialog_follows(story, opened) -> None:
    in_quote(story)
    quote = act(story, "ana.wu", quotes.create, story.small)
    act(story, "ana.wu", quotes.send, quote)
    act(story, "ana.wu", stages.move, [story.small], "close")
    async with opened("ana.wu", story.small) as on:
        await on.form(">")
        assert "no quote is accepted" in on.app.screen.box.text
        assert "walk-through" not in on.app.screen.box.text
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, QuoteScreen) and on.app.screen.page is not None)
        answer = await on.form(">")
        answer.state.set_text("answer", "accepted")
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, FormDialog) and on.app.screen.form.title.startswith("Won"))
        await on.fill(walkthrough_on="today", walkthrough_with="Lee", is_ready="yes")
        await on.told("Won ")
        assert detail(story, story.small).outcome == "won"


async def test_the_revision_that_is_shown_is_copied(story, opened) -> None:
    in_quote(story)
    first = act(story, "ana.wu", quotes.create, story.small)
    act(story, "ana.wu", quotes.send, first)
    second = act(story, "ana.wu", quotes.create, story.small)
    line = ask(story, quotes.get, second, NOW).lines[0]
    act(story, "ana.wu", quotes.change_line, line.id, quantity=3)
    act(story, "ana.wu", quotes.send, second)
    async with opened("ana.wu", story.small) as on:
        number = ask(story, quotes.get, first, NOW).number
        on.app.open_goal(f"Q-{number:04d} r1")
        await on.until(lambda: isinstance(on.app.screen, QuoteScreen) and on.app.screen.page is not None)
        screen = on.app.screen
        await on.press("N")
        await on.until(lambda: screen.page.quote.revision == 3)
        assert [found.quantity for found in screen.page.quote.lines] == [8]
