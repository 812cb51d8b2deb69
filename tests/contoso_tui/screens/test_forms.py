"""Forms on a deal's screen as a rep meets them: what is understood, asked, kept and shown."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from contoso_tui import formats
from contoso_tui.dialogs import closing, gate
from contoso_tui.forms.layout import lay_out
from contoso_tui.forms.state import FormState
from contoso_tui.screens import deal_page, deal_words, line_words, preview
from contoso_tui.screens.deal import DealScreen
from models import process
from models.activities import next_steps
from models.deals import gates, lines, quotes
from models.deals.detail_records import Line
from models.deals.details import get_detail
from models.people import users
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import NOW, act, ask

TODAY = dt.date(2026, 11, 18)
MUCH_LATER = dt.datetime(2027, 1, 20, 18, 0, tzinfo=dt.UTC)


def drawn(form) -> str:
    """Return a form as it is first shown, 72 cells wide."""
    return "\n".join("".join(text for text, _ in row.parts) for row in lay_out(FormState(form, TODAY), 72))


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


async def test_a_next_step_keeps_how_long_it_takes(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        await on.form("s")
        await on.fill(next_text="Show the panels fri 14:00", next_minutes="1h30")
        await on.told("Set the next step")
        assert ask(story, next_steps.get, story.small).minutes == 90
        form = await on.form("s")
        assert form.state.text("next_minutes") == "1h30"
        await on.fill(next_text="Show all panels")
        await on.until(lambda: ask(story, next_steps.get, story.small).text == "Show all panels")
        assert ask(story, next_steps.get, story.small).minutes == 90


async def test_a_meeting_that_is_the_next_step_is_a_private_calendar_file(story, opened, tmp_path) -> None:
    path = tmp_path / "state" / "contoso" / "calendar" / f"deal-{story.small}.ics"
    async with opened("ana.wu", story.small, (140, 40)) as on:
        await on.form("s")
        await on.fill(next_text="Show the panels fri 14:00", next_channel="meeting")
        await on.told("Meeting planned · u undo")
        assert path.name in on.status
        text = path.read_bytes().decode()
        assert path.stat().st_mode & 0o777 == 0o600
        assert f"UID:deal-{story.small}@contoso\r\n" in text
        # 14:00 in Denver.
        assert "DTSTART:20261120T210000Z\r\n" in text
        assert "SUMMARY:Wingtip Toys: Show the panels\r\n" in text
        await on.form("d")
        await on.fill(next_text="Meet again", next_on="2026-11-30", next_channel="meeting")
        await on.told("Meeting planned")
        assert "DTSTART;VALUE=DATE:20261130\r\n" in path.read_bytes().decode()
        path.unlink()
        await on.form("a")
        await on.fill(text="Spoke", next_text="Meet Lee mon", next_channel="meeting")
        await on.told("Meeting planned")
        assert ask(story, next_steps.find, story.small).channel == "meeting"
        path.unlink()
        await on.form("s")
        await on.fill(next_text="Call Lee mon", next_channel="call")
        await on.told("Set the next step")
        assert not path.exists()


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


async def test_a_sent_quote_that_has_expired_is_named_not_called_missing(story) -> None:
    deal = ask(story, get_detail, story.fabrikam, MUCH_LATER)
    (blocker,) = gates.blockers(deal, "tech_check", ask(story, process.current))
    assert (blocker.field, blocker.reason) == ("quote", "expired")
    assert blocker.text == f"{deal.quotes.expired} expired on {formats.day_full(deal.quotes.expired_on)}; revise it"
    page = ask(story, deal_page.read, story.fabrikam, ask(story, users.get_actor, "ana.wu"), MUCH_LATER)
    words = "".join(text for parts in deal_words.missing_parts(page) for text, _ in parts)
    assert blocker.text in words
    assert "a sent quote" not in words


async def test_the_gate_shows_the_quote_that_counts_not_the_newest(story) -> None:
    (sent,) = ask(story, quotes.list_for_deal, story.fabrikam, NOW)
    act(story, "ana.wu", quotes.accept, sent.id)
    act(story, "ana.wu", quotes.create, story.fabrikam)
    deal = detail(story, story.fabrikam)
    assert deal.quotes.latest.endswith("r2 draft")
    missing = gates.blockers(deal, gates.WON, ask(story, process.current))
    shown = drawn(gate.gate_form(deal, "Won", [b for b in missing if b.field != "quote"], (), None))
    assert "= Quote" in shown
    assert f"Q-{sent.number:04d} r1 accepted" in shown


async def test_winning_and_the_gate_say_how_a_day_is_written(story) -> None:
    deal = detail(story, story.fabrikam)
    missing = gates.blockers(deal, gates.WON, ask(story, process.current))
    for form in (closing.won_form(deal, missing, None), gate.gate_form(deal, "Won", missing, (), None)):
        line = next(row for row in drawn(form).split("\n") if "Walk-through" in row)
        assert "the day: today, mon, 12 nov" in line


def test_lines_have_the_digits_of_their_currency() -> None:
    item = Line(1, 1, 7, "Kamera", 2, False, None, 18_900, 0, 37_800, 37_800)

    def text(currency: str) -> str:
        rows = [line_words.row(item, 1, 100, currency), *line_words.totals([item], 100, currency)]
        return " ".join(" ".join("".join(part for part, _ in row.parts) for row in rows).split())

    assert "18,900 - 37,800" in text("JPY")
    assert "net JPY 37,800" in text("JPY")
    assert "189.00 - 378.00" in text("EUR")


@pytest.mark.parametrize(("zone", "day"), [("America/Denver", "16 Nov call"), ("Pacific/Auckland", "17 Nov call")])
def test_days_of_the_preview_are_the_company_s(story, zone, day) -> None:
    """The call was at 22:00 UTC on 16 November."""
    actor = ask(story, users.get_actor, "ana.wu")
    found = ask(story, preview.read_preview, story.fabrikam, NOW)
    rows = preview.lines(found, actor.id, TODAY, ZoneInfo(zone), 40)
    assert any(day in "".join(text for text, _ in row.parts) for row in rows)
