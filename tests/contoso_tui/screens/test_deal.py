"""A deal's screen by key on a real database: head, tabs, every action once, lines, conflicts, others' changes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from contoso_tui.commands import SCOPES
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.screens import deal_page, deal_panel, deal_tabs
from contoso_tui.screens.deal import DealScreen
from contoso_tui.screens.quote import QuoteScreen
from models.activities import next_steps
from models.assessments import assessments, forms
from models.customers import customers
from models.deals import deals
from models.deals.records import Outcome
from models.ids import show_customer
from models.people import users
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import NOW, act, ask

SIZES = [(60, 16), (80, 24), (120, 36), (140, 40)]


async def test_head_path_and_lines_say_where_the_deal_stands(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        # What was read is there before the head has its rows.
        await on.until(lambda: "50%" in on.text.split("\n")[2])
        rows = on.text.split("\n")
        assert rows[0].startswith(" CONTOSO  TEST  Board > Fabrikam Clinics · D-1001")
        assert "rev" in rows[0]
        assert "Fabrikam Clinics · Site S24" in rows[2]
        assert "$23,909.20   probability 50%   close 12 Dec" in rows[2]
        assert "Qualify ── Develop ── [Quote 21d/14!] ── Tech Check (needed) ── Close ── Won" in rows[3]
        assert "NEXT  ! 3 days late   Fri 13 Nov   Send quote r2" in rows[5]
        assert rows[5].rstrip().endswith("s change")
        assert "T? over $20,000.00: a consultant must sign before Close" in rows[6]
        assert "$! unpaid $3,150.00, oldest 72 days" in rows[7]
        assert "1 Timeline  2 People 2  3 Quotes 1  4 Checks  5 Fields  6 Orders  7 History" in rows[9]
        assert "Sam Pine, 12 min" in rows[10]
        assert "+1 pt" in rows[10]
        assert "Amount is from Q-0301 r1 (latest sent)." in on.text
        assert "Missing before Tech Check: nothing." in on.text
        assert "Before Close: tech check." in on.text
        assert rows[-1].rstrip().endswith("? help")


@pytest.mark.parametrize("width", [60, 80, 120, 140])
async def test_the_first_row_names_the_reader_and_keeps_id_and_owner(story, opened, width) -> None:
    customer = detail(story, story.small).customer_id
    act(story, "ana.wu", customers.edit, customer, {"name": "Fern & Willow Clinics " * 8})
    async with opened("ana.wu", story.small, (width, 24)) as on:
        await on.until(lambda: "Fe" in on.text.split("\n")[0])
        first = on.text.split("\n")[0].rstrip()
        assert first.endswith("ana.wu" if width == 60 else f"rev {detail(story, story.small).version}")
        assert f"… · D-{story.small}" in first
    async with opened("uma.reyes", story.small, (width, 24)) as on:
        await on.until(lambda: "Fe" in on.text.split("\n")[0])
        first = on.text.split("\n")[0]
        assert f" · D-{story.small} · ana.wu's" in first
        assert "uma.reyes" in first


async def test_at_60_cells_the_three_lines_say_less_but_nothing_is_cut(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam, (60, 16)) as on:
        await on.until(lambda: "WARN" in on.text)
        rows = on.text.split("\n")
        assert "close 12 Dec" in rows[1]
        lines = [row for row in rows if row.startswith((" TECH", " WARN"))]
        assert "T? over $20,000.00: a consultant must sign " in lines[0]
        assert "$! unpaid $3,150.00, oldest 72 days" in lines[1]
        assert not [row for row in lines if "…" in row]


async def test_the_amount_stands_once_with_its_source_below(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.until(lambda: "Amount is from" in on.text)
        await on.press("3")
        await on.until(lambda: "QUOTES" in on.text)
        await on.until(lambda: " each, net " in on.status)
        assert on.text.count("Amount is from") == 1
    async with opened("ana.wu", story.small) as on:
        await on.until(lambda: "not needed" in on.text)
        assert on.text.count("$4,200.00") == 1


def test_tabs_keep_their_counts_as_long_as_they_fit() -> None:
    def told(width: int) -> str:
        return "".join(text for text, _ in deal_tabs.tab_bar(None, "1", width, 4))

    assert "2 People 4   3 Quotes" in told(88)
    assert "2 People 4  3 Quotes" in told(76)
    assert "2 People  3 Quotes" in told(73)
    assert told(66) == " 1 Timeline 2 People 3 Quotes 4 Checks 5 Fields 6 Orders 7 History"
    assert told(60) == " 1Timeline 2People 3Quotes 4Checks 5Fields 6Orders 7History"


def test_the_panel_marks_the_amounts_quote_in_the_words_that_fit(story) -> None:
    page = ask(story, deal_page.read, story.fabrikam, ask(story, users.get_actor, "ana.wu"), NOW)
    for width, sign in ((52, "<- deal amount"), (48, "<- amount"), (42, "<-")):
        rows = deal_panel.panel(page, width, NOW.date(), ZoneInfo("America/Denver"))
        row = next(row for row in rows if any("Q-" in text for text, _ in row.parts))
        text = "".join(text for text, _ in row.parts)
        assert text.endswith(sign)
        assert len(text) <= width - 1


async def test_the_side_panel_stands_from_120_cells(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam, (140, 40)) as on:
        await on.until(lambda: "weighted" in on.text)
        rows = on.text.split("\n")
        assert "probability 50%   weighted $11,954.60" in rows[2]
        assert "Qualify 7d ───── Develop 19d ───── [Quote 21d of 14 !]" in rows[3]
        for words in ("NEXT STEP", "TECH CHECK", "WARNINGS", "PEOPLE", "QUOTES", "SOURCE  trade fair"):
            assert any(f"│ {words}" in row for row in rows)


@pytest.mark.parametrize("size", SIZES)
async def test_every_tab_is_drawn_to_the_last_cell_with_hostile_text(story, opened, size) -> None:
    nasty = "[/b]\x1b[2J\u202e東京庵 e\u0301" * 12
    act(story, "ana.wu", deals.edit, story.fabrikam, {"need": nasty, "type": nasty, "time_frame": nasty})
    act(story, "ana.wu", next_steps.set_step, story.fabrikam, nasty, dt.date(2026, 11, 20))
    async with opened("ana.wu", story.fabrikam, size) as on:
        for key in ("1", "2", "3", "4", "5", "7"):
            await on.press(key)
            await on.pilot.pause()
            rows = on.text.split("\n")
            assert {cell_len(row) for row in rows} == {size[0]}
            assert not any(sign in on.text for sign in ("\x1b", "\u202e"))
        await on.form("e")
        await on.pilot.resize_terminal(90, 25)
        await on.pilot.pause()
        assert isinstance(on.app.screen, FormDialog)


async def test_tabs_by_digit_tab_and_arrow(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        for key, words in (
            ("2", "Mira Dune"),
            ("3", "Site Security S24"),
            ("4", "No tech check has been signed"),
            ("5", "by March 2027"),
            ("6", "No orders yet"),
            ("7", "moved from Develop to Quote"),
        ):
            await on.press(key)
            await on.until(lambda words=words: words in on.text)
        await on.press("tab")
        assert on.app.screen.tab == "1"
        await on.press("l", "shift+tab")
        assert on.app.screen.tab == "1"
        await on.press("h")
        assert on.app.screen.tab == "7"


async def test_kinds_of_the_timeline(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("f")
        await on.until(lambda: on.app.screen is not on.app.screen_stack[1])
        await on.press(*"quote", "enter")
        await on.until(lambda: "only quote" in on.text)
        assert "Sam Pine" not in on.text


async def test_next_step_keys(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.form("s")
        await on.fill(next_text="Call Sam", next_on="+2d")
        await on.told("undo")
        await on.until(lambda: "Call Sam" in on.text)
        await on.press("z")
        await on.until(lambda: type(on.app.screen).__name__ == "Snooze")
        await on.press("w")
        await on.until(lambda: ask(story, next_steps.find, story.fabrikam).on == dt.date(2026, 11, 25))
        await on.until(lambda: isinstance(on.app.screen, DealScreen))
        await on.form("d")
        await on.fill(next_text="Send r2", next_on="fri")
        await on.until(lambda: "Send r2" in on.text)


async def test_log_takes_three_keys_and_text(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        before = len(on.app.screen.page.entries)
        await on.form("a")
        await on.fill(text="Sam agrees to r2")
        await on.until(lambda: len(on.app.screen.page.entries) == before + 1)
        assert "Sam agrees to r2" in on.text


async def test_moving_a_deal_is_one_key_and_one_undo(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press(">")
        await on.until(lambda: detail(story, story.fabrikam).stage.id == "tech_check")
        await on.told("u undo")
        await on.until(lambda: "[Tech Check (needed) 0d]" in on.text)
        await on.press("u")
        await on.until(lambda: "[Quote 21d/14!]" in on.text)
        await on.form("<")
        await on.fill(reason="wrong stage")
        await on.until(lambda: "[Develop 0d]" in on.text)


async def test_a_blocked_move_opens_the_gate_and_saving_completes_it(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        form = await on.form(">")
        assert "not yet to Develop" in str(form.form.title) or "Need" in form.box.text
        names = {item.name for item in form.form.fields}
        texts = {"need": "doorbells", "budget_minor": "5000", "time_frame": "May", "decision_maker": "Ada"}
        await on.fill(**{name: text for name, text in texts.items() if name in names})
        await on.until(lambda: detail(story, story.small).stage.id == "develop")


async def test_move_to_an_owner_and_lost_and_reopened(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        await on.form("x")
        await on.fill(reason="price", by="Ada", on="today")
        await on.until(lambda: detail(story, story.small).outcome is Outcome.LOST)
        await on.until(lambda: "LOST" in on.text)
        await on.press(">")
        await on.told("m reopens it")
        await on.form("m")
        await on.fill(reason="she called back")
        await on.until(lambda: detail(story, story.small).outcome is Outcome.OPEN)
        await on.press("m")
        await on.until(lambda: type(on.app.screen).__name__ == "Picker")
        await on.press(*"bo.lee", "enter")
        await on.until(lambda: detail(story, story.small).owner == "bo.lee")
        await on.until(lambda: isinstance(on.app.screen, DealScreen) and on.app.screen.page.deal.owner == "bo.lee")
        await on.press(">")
        await on.told("is bo.lee's: only bo.lee, its team or their manager can change it")


async def test_won_says_what_is_missing_first(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("w")
        await on.told("is in Quote")
        assert detail(story, story.fabrikam).outcome is Outcome.OPEN


async def test_customer_and_quote_open_from_here(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        goals: list[str] = []
        on.app.open_goal = goals.append
        await on.press("o")
        await on.until(lambda: goals == [show_customer(on.app.screen.page.deal.customer_id)])
        await on.press("b")
        await on.until(lambda: goals[1:] == ["Q-0301 r1"])
        await on.press("3", "G", "enter")
        await on.until(lambda: goals[2:] == ["Q-0301 r1"])


async def test_next_and_previous_deal_of_the_board(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("J")
        await on.until(lambda: on.app.screen.page.deal.id == story.power)
        await on.press("K", "K")
        await on.until(lambda: on.app.screen.page.deal.id == story.small)
        await on.press("K")
        await on.told("first deal of the board")


async def test_others_changes_appear_by_themselves(story, opened) -> None:
    async with opened("uma.reyes", story.fabrikam) as on:
        act(story, "ana.wu", next_steps.set_step, story.fabrikam, "Visit the COO", dt.date(2026, 11, 20))
        await on.until(lambda: "Visit the COO" in on.text)
        await on.until(lambda: "ana.wu changed D-1001" in on.status)


async def test_every_action_of_the_deal_has_its_method() -> None:
    for scope in ("deal", "lines"):
        for command_id in SCOPES[scope].ids:
            assert hasattr(DealScreen, "action_" + command_id.replace(".", "_")), command_id
    assert all(hasattr(QuoteScreen, "action_" + found.replace(".", "_")) for found in SCOPES["quote"].ids)


async def test_copy_and_show_text(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("y", "i")
        await on.told("clipboard")
        await on.press("enter")
        await on.until(lambda: type(on.app.screen).__name__ == "ShowText")
        assert "r1 too high; asks 10% off" in on.text


async def test_no_path_of_a_history_is_cut(story, opened) -> None:
    act(story, "ana.wu", deals.edit, story.small, {"need": "bells", "time_frame": "May", "budget_minor": 1})
    act(story, "ana.wu", deals.edit, story.small, {"decision_maker": "Pat"})
    form = ask(story, forms.find, "sales", "qualify")
    act(story, "ana.wu", assessments.complete, story.small, form.id, {question.id: 0 for question in form.questions})
    for size in ((80, 24), (140, 40)):
        async with opened("ana.wu", story.small, size) as on:
            await on.press("7")
            await on.until(
                lambda on=on: any(" ana.wu assess moved from Qualify to Develop" in row for row in on.text.splitlines())
            )
