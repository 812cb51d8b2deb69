"""Forms on a deal's screen as a rep meets them: what is understood, asked, kept and shown."""

from __future__ import annotations

import datetime as dt

from contoso_tui.screens.deal import DealScreen
from models.activities import next_steps
from models.deals import lines
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import ask


async def test_a_next_step_is_one_sentence(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        form = await on.form("s")
        assert "Call Lee fri 14:00" in form.box.text
        await on.press(*"Call Lee fri 14:00")
        assert "Next: Call Lee · Fri 20 Nov 2026 14:00" in form.box.text
        await on.press("ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, DealScreen))
        step = ask(story, next_steps.find, story.small)
        assert (step.text, step.on, step.minute) == ("Call Lee", dt.date(2026, 11, 20), 14 * 60)
        form = await on.form("s")
        form.state.set_text("next_text", "Send sun blinds")
        form.state.set_text("next_on", "")
        await on.press("ctrl+s")
        assert form.state.errors.keys() == {"next_on"}


async def test_the_first_line_in_the_gate_is_chosen_from_the_same_list(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        await on.form("e")
        await on.fill(need="Doorbells", budget_minor="5000", time_frame="May", decision_maker="Lee")
        await on.until(lambda: isinstance(on.app.screen, DealScreen))
        await on.press(">")
        await on.until(lambda: detail(story, story.small).stage.id == "develop")
        await on.until(lambda: on.app.screen.page.deal.stage.id == "develop")
        form = await on.form(">")
        await on.press(*"smart")
        assert form.state.field.name == "product"
        label = form.state.offers[1].label
        assert label in form.box.text
        await on.press("down", "enter")
        assert form.state.field.name == "quantity"
        await on.press("ctrl+s")
        await on.until(lambda: detail(story, story.small).stage.id == "quote")
        assert ask(story, lines.list_lines, story.small)[0].description == label
