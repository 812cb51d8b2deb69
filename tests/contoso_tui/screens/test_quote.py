"""Quotes by key on a real database: drafts, sending, the answer, revisions, the list."""

from __future__ import annotations

import datetime as dt

import pytest
from rich.cells import cell_len

from contoso_tui.commands import SCOPES
from contoso_tui.dialogs.confirm import Confirm
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.screens.quote import QuoteScreen
from contoso_tui.screens.quotes import QuotesScreen
from models.activities import next_steps
from models.deals import quotes, tech_checks
from models.deals.details import get_detail
from models.deals.records import TechState
from tests.contoso_tui.screens.deal_story import NOW, Story, act, ask, make_app


def current(story: Story, deal_id: int):
    return ask(story, quotes.find_current, deal_id, NOW)


def deal(story: Story, deal_id: int):
    return ask(story, get_detail, deal_id, NOW)


async def on_quote(pilot, app, wait_until, state: str = "") -> None:
    await wait_until(
        pilot,
        lambda: (
            isinstance(app.screen, QuoteScreen)
            and app.screen.page is not None
            and state in ("", app.screen.page.quote.state)
        ),
    )


async def on_form(pilot, app, wait_until, *keys: str) -> FormDialog:
    await pilot.press(*keys)
    await wait_until(pilot, lambda: isinstance(app.screen, FormDialog) and app.screen.box.text)
    return app.screen


async def fill(pilot, app, wait_until, **texts: str) -> None:
    form = app.screen
    for name, text in texts.items():
        form.state.set_text(name, text)
    await pilot.press("ctrl+s")
    await wait_until(pilot, lambda: app.screen is not form)


async def test_b_makes_a_draft_of_the_lines_where_there_is_none(story, wait_until, shown) -> None:
    from models.deals import lines

    act(story, "ana.wu", lines.add, story.small, "DOORBELL", 2)
    app = make_app(story, "ana.wu", f"D-{story.small}")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: getattr(app.screen, "page", None) is not None)
        await pilot.press("b")
        await on_quote(pilot, app, wait_until, "draft")
        rows = shown(app)
        assert "DRAFT · Wingtip Toys" in rows[0]
        assert any("378.00" in row for row in rows)
        assert any("no tech check: $378.00 net is not over $20,000.00" in row for row in rows)
        assert any("Sending makes $378.00 the deal amount and locks r1." in row for row in rows)
        await pilot.press("escape")
        await wait_until(pilot, lambda: not isinstance(app.screen, QuoteScreen))
        # Back on the deal: its amount stays what it is until the draft is sent.
        await wait_until(pilot, lambda: any("r1: $378.00 once sent." in row for row in shown(app)))


async def test_beside_an_accepted_quote_a_draft_promises_no_amount(story, wait_until, shown) -> None:
    from models.deals import quotes

    act(story, "ana.wu", quotes.accept, current(story, story.fabrikam).id)
    app = make_app(story, "ana.wu", "Q-0301")
    async with app.run_test(size=(80, 24)) as pilot:
        await on_quote(pilot, app, wait_until, "accepted")
        await pilot.press("N")
        await on_quote(pilot, app, wait_until, "draft")
        await wait_until(pilot, lambda: any("locks r2; the amount stays the accepted" in row for row in shown(app)))
        assert not any("Sending makes $" in row or "makes the sign-off stale" in row for row in shown(app))


async def test_a_revision_is_edited_sent_and_answered(story, wait_until, shown) -> None:
    app = make_app(story, "ana.wu", "Q-0301")
    async with app.run_test(size=(80, 24)) as pilot:
        await on_quote(pilot, app, wait_until, "sent")
        await pilot.press("e")
        await wait_until(pilot, lambda: "locked: N makes a new revision" in shown(app)[-2])
        await pilot.press("N")
        await on_quote(pilot, app, wait_until, "draft")
        await on_form(pilot, app, wait_until, "n")
        await fill(pilot, app, wait_until, product="THERMOSTAT", quantity="4")
        await wait_until(pilot, lambda: len(current(story, story.fabrikam).lines) == 3)
        await wait_until(
            pilot, lambda: app.screen.current_line() is not None and app.screen.current_line().position == 3
        )
        await pilot.press("K")
        await wait_until(pilot, lambda: app.screen.current_line().position == 2)
        await pilot.press("J")
        await wait_until(pilot, lambda: app.screen.current_line().position == 3)
        await on_form(pilot, app, wait_until, "%")
        await fill(pilot, app, wait_until, discount_bp="10")
        await wait_until(pilot, lambda: current(story, story.fabrikam).lines[2].discount_bp == 1000)
        await on_form(pilot, app, wait_until, "e")
        await fill(pilot, app, wait_until, quantity="2")
        await wait_until(pilot, lambda: any("268.20" in row for row in shown(app)))
        assert any("r2" in row and "new" in row for row in shown(app)[4:12]) or any("new" in row for row in shown(app))
        await pilot.press("x")
        await wait_until(pilot, lambda: len(current(story, story.fabrikam).lines) == 2)
        await wait_until(pilot, lambda: "u undo" in shown(app)[-2])
        await pilot.press("u")
        await wait_until(pilot, lambda: len(current(story, story.fabrikam).lines) == 3)
        await wait_until(pilot, lambda: len(app.screen.page.quote.lines) == 3)

        await pilot.press(">")
        await wait_until(pilot, lambda: isinstance(app.screen, Confirm) and app.screen.box.text)
        text = app.screen.box.text
        # What the customer owes and for how long stands before anything else.
        assert "owes $3,150.00 past due, the oldest for 72 days." in " ".join(text.split()).replace("│ │ ", "")
        assert text.index("owes") < text.index("The deal's amount")
        assert "The deal's amount becomes $24,177.40; now it is $23,909.20." in text
        assert "Q-0301 r1 becomes superseded." in text
        assert "Next step: call Mira Dune about Q-0301 r2 in 3 days" in text
        assert "[ Send, the step stays ]" in text
        await pilot.press(">", "enter")
        await wait_until(pilot, lambda: not isinstance(app.screen, Confirm))
        assert current(story, story.fabrikam).state == "draft"
        await pilot.press(">")
        await wait_until(pilot, lambda: isinstance(app.screen, Confirm) and app.screen.box.text)
        await pilot.press("right", "enter")
        await on_quote(pilot, app, wait_until, "sent")
        assert deal(story, story.fabrikam).amount_minor == 2417740
        step = ask(story, next_steps.get, story.fabrikam)
        assert (step.text, step.on) == ("Call Mira Dune about Q-0301 r2", dt.date(2026, 11, 23))
        await wait_until(pilot, lambda: shown(app)[-1].startswith("> answer"))

        form = await on_form(pilot, app, wait_until, ">")
        form.state.set_text("answer", "rejected")
        await pilot.press("ctrl+s")
        assert "reason" in form.state.errors
        await fill(pilot, app, wait_until, answer="accepted")
        await on_quote(pilot, app, wait_until, "accepted")
        assert deal(story, story.fabrikam).quotes.is_accepted


async def test_a_late_step_can_stay_when_a_quote_is_sent(story, wait_until, shown) -> None:
    app = make_app(story, "ana.wu", "Q-0301")
    async with app.run_test(size=(140, 40)) as pilot:
        await on_quote(pilot, app, wait_until, "sent")
        await pilot.press("N")
        await on_quote(pilot, app, wait_until, "draft")
        await wait_until(pilot, lambda: any("Next step: call Mira Dune" in row for row in shown(app)))
        await pilot.press(">")
        await wait_until(pilot, lambda: isinstance(app.screen, Confirm) and app.screen.box.text)
        assert "in place of “Send quote r2”." in " ".join(app.screen.box.text.split())
        await pilot.press("right", "right", "enter")
        await on_quote(pilot, app, wait_until, "sent")
        assert ask(story, next_steps.get, story.fabrikam).text == "Send quote r2"
        act(story, "ana.wu", next_steps.set_step, story.fabrikam, "Sign", dt.date(2026, 12, 1))
        await pilot.press("N")
        await on_quote(pilot, app, wait_until, "draft")
        await wait_until(pilot, lambda: any("The next step stays: Sign" in row for row in shown(app)))
        await pilot.press(">")
        await wait_until(pilot, lambda: isinstance(app.screen, Confirm) and app.screen.box.text)
        assert "the step stays ]" not in app.screen.box.text


async def test_a_rejected_quotes_reason_goes_into_the_next_revision(story, wait_until) -> None:
    app = make_app(story, "ana.wu", "Q-0301 r1")
    async with app.run_test(size=(80, 24)) as pilot:
        await on_quote(pilot, app, wait_until, "sent")
        await pilot.press("m")
        await wait_until(pilot, lambda: type(app.screen).__name__ == "Picker" and app.screen.box.text)
        await pilot.press(*"rejected", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, FormDialog))
        assert app.screen.state.text("answer") == "rejected"
        await fill(pilot, app, wait_until, reason="price")
        await on_quote(pilot, app, wait_until, "rejected")
        await pilot.press("N")
        await on_quote(pilot, app, wait_until, "draft")
        assert "price" in app.screen.page.quote.note


async def test_cancelled_with_a_reason_and_brought_back(story, wait_until) -> None:
    app = make_app(story, "ana.wu", "Q-0301 r1")
    async with app.run_test(size=(80, 24)) as pilot:
        await on_quote(pilot, app, wait_until, "sent")
        await pilot.press("m")
        await wait_until(pilot, lambda: type(app.screen).__name__ == "Picker" and app.screen.box.text)
        await pilot.press(*"cancel", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, FormDialog))
        await fill(pilot, app, wait_until, reason="typo")
        await on_quote(pilot, app, wait_until, "cancelled")
        await pilot.press("u")
        await on_quote(pilot, app, wait_until, "sent")


async def test_sending_says_what_becomes_of_the_sign_off(story, wait_until) -> None:
    act(story, "uma.reyes", tech_checks.sign, story.power, TechState.PASSED, dt.date(2026, 11, 17))
    app = make_app(story, "ana.wu", f"D-{story.power}")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: getattr(app.screen, "page", None) is not None)
        await pilot.press("b")
        await on_quote(pilot, app, wait_until, "sent")
        await pilot.press("N")
        await on_quote(pilot, app, wait_until, "draft")
        assert "still holds" in app.screen.foot.text
        await on_form(pilot, app, wait_until, "e")
        await fill(pilot, app, wait_until, discount_bp="60")
        await wait_until(pilot, lambda: "tech check no longer needed: net $19,989.20" in app.screen.foot.text)
        await on_form(pilot, app, wait_until, "e")
        await fill(pilot, app, wait_until, discount_bp="", quantity="17")
        await wait_until(pilot, lambda: "sending makes the sign-off stale" in app.screen.foot.text)


async def test_fields_of_a_draft_and_views(story, wait_until, shown) -> None:
    app = make_app(story, "ana.wu", "Q-0301")
    async with app.run_test(size=(80, 24)) as pilot:
        await on_quote(pilot, app, wait_until)
        await pilot.press("N")
        await on_quote(pilot, app, wait_until, "draft")
        await pilot.press("end")
        form = await on_form(pilot, app, wait_until, "enter")
        assert [item.name for item in form.form.fields] == ["note"]
        await fill(pilot, app, wait_until, note="As agreed on Monday.")
        await wait_until(pilot, lambda: any("As agreed on Monday." in row for row in shown(app)))
        await pilot.press("v")
        await wait_until(pilot, lambda: any("Against Q-0301 r1" in row for row in shown(app)))
        await pilot.press("v")
        await wait_until(pilot, lambda: any("Text to the customer" in row for row in shown(app)))


async def test_others_may_not_change_it_and_see_changes(story, wait_until, shown) -> None:
    app = make_app(story, "bo.lee", "Q-0301")
    async with app.run_test(size=(80, 24)) as pilot:
        await on_quote(pilot, app, wait_until)
        await pilot.press("N")
        await wait_until(pilot, lambda: "only ana.wu, its team or their manager can change it" in shown(app)[-2])
        act(story, "ana.wu", quotes.reject, app.screen.page.quote.id, "price")
        await on_quote(pilot, app, wait_until, "rejected")


async def test_the_list_views_filter_and_keys(story, wait_until, shown) -> None:
    app = make_app(story, "ana.wu", "quotes")
    goals: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, QuotesScreen) and app.screen.found)
        assert "mine·open" in shown(app)[0]
        assert any("City Power & Light" in row and "sent" in row for row in shown(app))
        await pilot.press("/", *"fabri", "enter")
        await wait_until(pilot, lambda: app.screen.list.count == 1)
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen.list.count == 2)
        await pilot.press("v")
        await wait_until(pilot, lambda: app.screen.list.count == 3)
        await pilot.press("v", "v", "v")
        await wait_until(pilot, lambda: app.screen.list.count == 2)
        app.open_goal = goals.append
        await pilot.press("home", "enter")
        await wait_until(pilot, lambda: goals == ["Q-0302 r1"])
        await pilot.press("o")
        await wait_until(pilot, lambda: goals[1:] and goals[1].startswith("C-"))
        await on_form(pilot, app, wait_until, ">")
        await fill(pilot, app, wait_until, answer="rejected", reason="timing")
        await wait_until(pilot, lambda: app.screen.list.count == 1)
        await pilot.press("m")
        await wait_until(pilot, lambda: type(app.screen).__name__ == "Picker")
        await pilot.press("escape")


@pytest.mark.parametrize(("login", "owner"), [("ana.wu", ""), ("uma.reyes", " · ana.wu's")])
async def test_the_first_row_names_reader_and_deal_and_the_panel_cuts_nothing(
    story, wait_until, shown, login, owner
) -> None:
    act(story, "ana.wu", quotes.create, story.fabrikam)
    app = make_app(story, login, "Q-0301")
    async with app.run_test(size=(140, 40)) as pilot:
        await on_quote(pilot, app, wait_until, "draft")
        await wait_until(pilot, lambda: "WHAT SENDING DOES" in "\n".join(shown(app)))
        first, *rows = shown(app)
        assert f"> Q-0301 r2 DRAFT · Fabrikam Clinics · D-{story.fabrikam}{owner}" in first
        assert first.rstrip().endswith(login)
        panel = [row.rpartition("│")[2] for row in rows if "│" in row]
        assert not [row for row in panel if "…" in row]
        assert any(row.rstrip().endswith(" amount") for row in panel)
        # The one that was sent says when.
        sent = next(row for row in panel if " sent " in row)
        assert sent.split()[-3:] == ["29", "Oct", "amount"]


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 36), (140, 40)])
async def test_every_size_is_drawn_to_the_last_cell_with_hostile_text(story, wait_until, shown, size) -> None:
    nasty = "[/b]\x1b[2J\u202e東京庵 é" * 12
    made = act(story, "ana.wu", quotes.create, story.fabrikam)
    act(story, "ana.wu", quotes.change, made, addressee=nasty, note=nasty)
    app = make_app(story, "ana.wu", "Q-0301")
    async with app.run_test(size=size) as pilot:
        await on_quote(pilot, app, wait_until, "draft")
        for _ in range(3):
            rows = shown(app)
            assert {cell_len(row) for row in rows} == {size[0]}
            assert not any("\x1b" in row or "\u202e" in row for row in rows)
            await pilot.press("v")
            await pilot.pause()
        await pilot.press(">")
        await wait_until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert isinstance(app.screen, Confirm)


async def test_every_action_of_quotes_has_its_method() -> None:
    for scope, screen in (("quote", QuoteScreen), ("quotes", QuotesScreen)):
        for command_id in SCOPES[scope].ids:
            assert hasattr(screen, "action_" + command_id.replace(".", "_")), command_id
