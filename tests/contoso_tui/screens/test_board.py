import datetime as dt
from pathlib import Path

import pytest

from contoso_tui.commands import BY_ID, SCOPES
from contoso_tui.pane_choice import remembered_pane
from models import process, process_change
from models.activities import next_steps
from models.deals import deals, stages, tech_checks
from models.deals.records import Outcome, TechState
from tests.contoso_tui.screens.board_story import Story, make_app, make_story, running


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("CONTOSO_MAILER", raising=False)
    return make_story(tmp_path)


# ---- what stands there


async def test_first_frame_has_deals_figures_and_keys(story: Story) -> None:
    async with running(make_app(story)) as session:
        rows = session.rows()
        assert rows[0].startswith(" CONTOSO  TEST  Board  mine·open")
        assert "  ana.wu  " in rows[0]
        assert "open" in rows[0]
        assert "wtd" in rows[0]
        await session.sees("pts ")
        assert session.rows()[0].rstrip().endswith("/500")
        assert rows[1].startswith("▌1 Qualify")
        assert [part.strip() for part in rows[1].split("│")][1:] == ["2 Develop", "3 Quote", "4 Tech Check", "5 Close"]
        assert "━" in rows[3]
        assert rows[3].count("┼") == 4
        assert rows[-1].startswith("enter open  > move  s step  t tech  a log  space mark  / filter  u undo")
        assert rows[-1].rstrip().endswith("? help")
        assert len(rows) == 24
        assert all(len(row.rstrip()) <= 80 for row in rows)


async def test_detail_follows_the_cursor(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "City Power")
        await session.sees("City Power · D-")
        assert "T? over $20,000" in session.rows()[-2]


async def test_wide_board_has_second_row_pane_and_its_own_detail(story: Story) -> None:
    async with running(make_app(story), (140, 40)) as session:
        await session.sees("NURTURE")
        await session.sees("1 late")
        rows = session.rows()
        assert "gb Board" in rows[0]
        assert "ga Agenda" in rows[0]
        assert "ana.wu" in rows[0]
        assert "View: mine · open" in rows[1]
        assert "Filter: none" in rows[1]
        assert [index for index, cell in enumerate(rows[2]) if cell == "┬"] == [20, 41, 62, 83, 104]
        assert "─" * 35 in rows[2][105:]
        assert "LATE" in session.text()
        assert "ON HOLD (1)" in session.text()
        assert rows[-2].startswith(" ")
        assert "D-" in rows[-2]
        assert rows[-4].startswith("─")
        assert rows[-4].count("┴") == 5


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30), (120, 36), (140, 40), (40, 10)])
async def test_every_size_shows_deals_and_keys(story: Story, size: tuple[int, int]) -> None:
    async with running(make_app(story), size) as session:
        await session.sees("Alpine")
        assert len(session.rows()) == size[1]
        assert "? help" in session.rows()[-1]


async def test_resize_keeps_deal_and_open_dialog(story: Story) -> None:
    async with running(make_app(story), (140, 40)) as session:
        await session.go_to(story, "Northwind Traders")
        await session.press("s")
        await session.sees("Next step · Northwind")
        await session.type("Call Mira")
        await session.pilot.resize_terminal(60, 16)
        await session.sees("Call Mira")
        await session.pilot.resize_terminal(80, 24)
        await session.sees("Call Mira")
        assert session.board.card is not None
        assert session.board.card.id == story.deals["Northwind Traders"]


# ---- moving


async def test_forward_moves_and_undo_and_redo(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Alpine Ski House")
        await session.press(">")
        await session.sees("Moved Alpine Ski House to Develop · u undo")
        assert story.deal("Alpine Ski House").stage.id == "develop"
        await session.press("u")
        await session.sees("Undone: Moved Alpine Ski House to Develop · U redo")
        assert story.deal("Alpine Ski House").stage.id == "qualify"
        await session.press("U")
        await session.sees("Redone")
        assert story.deal("Alpine Ski House").stage.id == "develop"


async def test_capital_l_takes_the_cursor_along_and_capital_h_back(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Alpine Ski House")
        await session.press("L")
        await session.until(lambda: session.board.board.model.column == 1)
        assert session.board.board.model.current_id == story.deals["Alpine Ski House"]
        await session.press("H")
        await session.sees("back to Qualify")
        await session.type("asked again")
        await session.press("ctrl+s")
        await session.until(lambda: session.board.board.model.column == 0)
        assert story.deal("Alpine Ski House").stage.id == "qualify"


async def test_small_deal_passes_over_the_tech_check_and_says_so(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fabrikam Clinics")
        await session.press(">")
        await session.sees("Tech Check not needed: $")
        assert story.deal("Fabrikam Clinics").stage.id == "close"


async def test_gate_asks_for_what_is_missing_and_saving_completes_the_move(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fourth Coffee")
        await session.press(">")
        await session.sees("not yet to Develop")
        for text in ("Two doors", "9,200.00", "spring"):
            await session.type(text)
            await session.press("tab")
        await session.press("ctrl+s")
        # What was saved is kept, and the form goes on asking.
        await session.sees("Kept: Need, Budget, Time frame.")
        await session.sees("1 thing is still missing")
        assert story.deal("Fourth Coffee").budget_minor == 920_000
        await session.press("ctrl+s")
        await session.sees("Still missing: Decides")
        assert "not yet to Develop" in session.text()
        await session.type("Kim Larch")
        assert "empty" not in next(row for row in session.rows() if "Kim Larch" in row)
        await session.press("ctrl+s")
        await session.sees("Moved Fourth Coffee to Develop · u undo")
        assert story.deal("Fourth Coffee").stage.id == "develop"


async def test_gate_with_a_value_that_cannot_be_read_stays_open_with_all_that_was_typed(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fourth Coffee")
        await session.press(">")
        await session.sees("not yet to Develop")
        await session.type("Two doors")
        await session.press("tab")
        await session.type("much")
        await session.press("ctrl+s")
        await session.sees("! “much” is no amount")
        assert "Two doors" in session.text()
        assert story.deal("Fourth Coffee").need == ""


async def test_a_card_dragged_to_another_stage_goes_the_way_of_a_key(story: Story) -> None:
    async with running(make_app(story), (140, 40)) as session:
        pilot, board = session.pilot, session.board.board
        await session.go_to(story, "Alpine Ski House")
        begin = board.cursor_offset
        await pilot.mouse_down(offset=begin)
        await pilot.mouse_up(offset=(25, begin.y))
        await session.sees("Moved Alpine Ski House to Develop · u undo")
        assert story.deal("Alpine Ski House").stage.id == "develop"
        await session.go_to(story, "City Power")
        begin = board.cursor_offset
        await pilot.mouse_down(offset=begin)
        await pilot.mouse_up(offset=(88, begin.y))
        await session.sees("not yet to Close")
        await session.press("escape")
        await pilot.mouse_down(offset=begin)
        await pilot.mouse_up(offset=(46, begin.y))
        await session.sees("Move City Power back to Quote")
        assert story.deal("City Power").stage.id == "tech_check"


async def test_gate_takes_the_first_line(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Wingtip Toys")
        await session.press(">")
        await session.sees("not yet to Quote")
        await session.type("doorb")
        await session.press("tab", "backspace", "4", "ctrl+s")
        await session.sees("Moved Wingtip Toys to Quote")
        assert story.deal("Wingtip Toys").line_count == 1


async def test_gate_before_close_leads_to_the_tech_check(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "City Power")
        await session.press(">")
        await session.sees("not yet to Close")
        # The label is not said twice; who was asked already stands beside what is missing.
        said = " ".join(session.text().replace("│", " ").split())
        assert "x Tech check is not signed; $41,391.00 is over $20,000.00" in said
        assert "Asked uma.reyes" in said
        assert "no answer yet." in said
        assert "[ Ask again ]" in said
        await session.press("escape")
        await session.sees("City Power · D-")
        assert story.deal("City Power").stage.id == "tech_check"


async def test_picker_moves_to_a_stage_or_an_owner(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Northwind Traders")
        await session.press("m")
        await session.sees("Move D-")
        await session.type("tech")
        await session.press("enter")
        await session.sees("Moved Northwind Traders to Tech Check")
        await session.press("m")
        await session.type("bo.lee")
        await session.press("enter")
        await session.sees("Handed D-")
        assert story.deal("Northwind Traders").owner == "bo.lee"


async def test_marked_deals_move_together_with_the_reason_for_those_that_cannot(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.press("space", "space")
        await session.sees("2 marked")
        await session.press(">")
        await session.sees("1 can move, 1 cannot:")
        assert "Fourth Coffee" in session.text()
        await session.press("right", "enter")
        await session.sees("Moved Alpine Ski House to Develop")
        assert story.deal("Fourth Coffee").stage.id == "qualify"
        await session.press("u")
        await session.sees("Undone")
        assert story.deal("Alpine Ski House").stage.id == "qualify"


async def test_marked_deals_go_back_together_with_one_reason(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.press("3", "space", "space", "m")
        await session.sees("Move 2 deals to")
        await session.type("develop")
        await session.press("enter")
        await session.sees("that needs a reason")
        await session.type("new wishes")
        await session.press("ctrl+s")
        await session.sees("Moved 2 deals to Develop · u undo")
        assert story.deal("Northwind Traders").stage.id == "develop"


# ---- closing


async def test_lost_asks_who_and_why_and_keep_open_is_the_default(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fabrikam Clinics")
        await session.press("x")
        await session.sees("Lost · Fabrikam Clinics")
        assert "▌Reason *" in session.text()
        assert "not a fit" not in session.text()
        await session.press("right", "tab")
        await session.type("Mira Dune")
        await session.press("ctrl+s")
        await session.sees("Lost Fabrikam Clinics: price · u undo")
        assert story.deal("Fabrikam Clinics").outcome is Outcome.LOST


async def test_early_a_deal_can_be_no_fit(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fourth Coffee")
        await session.press("x")
        await session.sees("not a fit")
        await session.press("left", "tab", "tab", "tab")
        await session.type("too far away")
        await session.press("ctrl+s")
        await session.sees("Disqualified Fourth Coffee")
        assert story.deal("Fourth Coffee").outcome is Outcome.DISQUALIFIED


async def test_won_from_the_last_stage_with_the_walk_through(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Graphic Design")
        await session.press(">")
        await session.sees("Won · Graphic Design")
        await session.type("yesterday")
        await session.press("tab", "tab", "y", "ctrl+s")
        await session.sees("Won Graphic Design")
        assert story.deal("Graphic Design").outcome is Outcome.WON


async def test_won_elsewhere_says_what_to_do_first(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fabrikam Clinics")
        await session.press("w")
        await session.sees("is in Quote: > moves it on first")


# ---- steps


async def test_next_step_with_its_day_in_the_text(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Northwind Traders")
        await session.press("s")
        await session.sees("Next step · Northwind")
        await session.type("Walk through fri")
        await session.sees("Next: Walk through · Fri 20 Nov 2026")
        await session.press("ctrl+s")
        await session.sees("Set the next step of D-")
        step = story.read(next_steps.get, story.deals["Northwind Traders"])
        assert (step.text, step.on) == ("Walk through", dt.date(2026, 11, 20))


async def test_done_asks_for_the_next_one_in_at_most_four_keys(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fabrikam Clinics")
        await session.press("d")
        await session.sees("Done: Send quote r3")
        await session.type("Call Mira mon")
        await session.press("ctrl+s")
        await session.sees("Done: Send quote r3 (D-")
        assert story.deal("Fabrikam Clinics").next_step == "Call Mira"


async def test_snooze_by_one_key(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fabrikam Clinics")
        await session.press("z")
        await session.sees("Snooze · Fabrikam")
        await session.press("3")
        await session.sees("Snoozed D-")
        # Three days from Wednesday is a Saturday.
        assert story.deal("Fabrikam Clinics").next_step_on == dt.date(2026, 11, 23)


async def test_log_a_call_with_next_step_takes_three_keys_besides_the_text(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "City Power")
        await session.press("a")
        await session.sees("Log · City Power")
        await session.type("Power at every panel")
        await session.press("tab")
        await session.type("Survey site tue")
        await session.press("ctrl+s")
        await session.sees("Logged call: City Power")
        assert story.deal("City Power").next_step == "Survey site"


async def test_draft_of_a_form_is_kept_and_offered(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "City Power")
        await session.press("s")
        await session.sees("Next step · City")
        await session.press("ctrl+u")
        await session.type("Ask about panels")
        await session.press("escape", "escape")
        await session.sees(f"Kept your draft of D-{story.deals['City Power']} · s goes on")
        await session.press("s")
        await session.sees("You left this form half filled in")
        await session.press("enter")
        await session.sees("Ask about panels")


# ---- views, filter, marks


async def test_views_go_round_and_say_their_names(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.press("v")
        await session.sees("all owners·open")
        await session.sees("Datum Corp"[:9])
        await session.press("v")
        await session.sees("on my teams·open")
        await session.until(lambda: session.board.board.model.deals == 0)
        await session.press("v")
        await session.sees("tech checks·all owners")
        await session.until(lambda: session.board.board.model.deals == 2)
        for name in ("mine·by amount", "mine·by close date", "mine·by name", "won·all owners", "lost·all owners"):
            await session.press("v")
            await session.sees(name)
        await session.sees("No deals in lost·all owners")
        await session.press("v")
        await session.until(lambda: session.board.board.model.deals == 7)


async def test_a_view_of_closed_deals_counts_what_fits_them(story: Story) -> None:
    story.act("ana.wu", stages.lose, story.deals["City Power"], "price", "Mira", dt.date(2026, 11, 18))
    for size in ((80, 24), (140, 40)):
        async with running(make_app(story), size) as session:
            session.board.view_index = [named.code for named in session.board.views].index("lost")
            session.board.show_view()
            await session.sees("ana.wu  Q4  1 lost  $41k")
            text = session.text()
            assert "lost 18 Nov" in text
            assert "wtd" not in text
            assert "avg" not in text
            assert "no next step" not in text
            if size[0] == 140:
                assert "lost this quarter:  price 1" in text
            await session.press("v")
            await session.sees("wtd")


async def test_won_deals_stay_on_the_view_of_won_deals(story: Story) -> None:
    graphic = story.deals["Graphic Design"]
    story.act(
        "ana.wu", stages.win, graphic, walkthrough_on=dt.date(2026, 11, 17), walkthrough_with="Pat", is_ready=True
    )
    async with running(make_app(story)) as session:
        session.board.view_index = [named.code for named in session.board.views].index("won")
        session.board.show_view()
        await session.sees("Graphic Design")
        session.board.board.refresh_deals([graphic])
        await session.press("r")
        await session.sees("Graphic Design")


async def test_filter_is_live_kept_by_enter_and_cleared_by_esc(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.press("/")
        await session.type("north")
        await session.sees("1 match")
        await session.until(lambda: session.board.card is not None and session.board.card.customer.startswith("North"))
        await session.press("enter")
        await session.sees("mine·open  /north")
        await session.press("escape")
        await session.until(lambda: session.board.board.model.deals == 7)
        assert session.board.filter_text == ""


async def test_filter_without_result_says_where_there_is_one(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.press("/")
        await session.type("datum")
        await session.press("enter")
        await session.sees("No deal matches 'datum' in mine·open. esc clear, v all owners (1 match)")


async def test_marks_are_counted_and_taken_away(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.press("*")
        await session.sees("7 marked")
        await session.press("escape")
        await session.until(lambda: "marked" not in session.rows()[-2])


async def test_columns_by_number_and_fold(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.press("3")
        await session.until(lambda: session.board.board.model.column == 2)
        await session.press("minus")
        await session.until(lambda: session.board.board.model.folded == {2})
        await session.press("G", "home", "pagedown", "pageup", "left", "right", "k", "j", "9")
        assert session.board.board.model.column == 2


async def test_consultant_starts_on_the_tech_checks(story: Story) -> None:
    async with running(make_app(story, "uma.reyes")) as session:
        assert "tech checks·all owners" in session.rows()[0]
        assert {card.customer for card in session.board.board.model.cards} == {"City Power", "Northwind Traders"}
        await session.press(">")
        await session.sees("ana.wu's: only ana.wu, its team or their manager can change it")


# ---- others


async def test_a_move_by_another_shows_within_moments_and_names_who(story: Story) -> None:
    async with running(make_app(story)) as session:
        before = session.board.board.model.current_id
        story.act("gil.ortega", stages.forward, story.deals["Northwind Traders"])
        await session.until(lambda: session.board.board.model.find(story.deals["Northwind Traders"])[0] == 3)
        await session.sees(f"gil.ortega changed D-{story.deals['Northwind Traders']}")
        assert session.board.board.model.current_id == before
        assert story.deals["Northwind Traders"] in session.board.board.model.changed


async def test_a_next_step_that_another_puts_off_shows_on_its_card(story: Story) -> None:
    deal = story.deals["Fabrikam Clinics"]
    async with running(make_app(story)) as session:
        day = session.board.board.model.card(deal).next_step_on
        story.act("gil.ortega", next_steps.snooze, deal, day + dt.timedelta(days=7))
        await session.until(lambda: session.board.board.model.card(deal).next_step_on != day)


async def test_a_new_process_shows_on_an_open_board_and_on_a_deal_above_it(story: Story) -> None:
    deal = story.deals["Fabrikam Clinics"]
    stage = '[[pipeline.stage]]\nid = "quote"'
    demo = '[[pipeline.stage]]\nid = "demo"\nname = "Demo"\nprobability = 45\n\n'
    text = process.shipped_text().replace(stage, demo + stage)
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fabrikam Clinics")
        story.act("olga", process_change.use, text)
        await session.sees("3 Demo")
        await session.sees("olga changed the sales process")
        await session.until(lambda: session.board.board.model.current_id == deal)
        await session.press("3")
        await session.sees("No deals")
        await session.go_to(story, "Fabrikam Clinics")
        await session.press("enter")
        await session.sees("1 Timeline")
        story.act("olga", process_change.use, process.shipped_text().replace("20000.00", "90000.00"))
        await session.sees("not needed")
        await session.press("escape")
        await session.until(lambda: "3 Demo" not in session.text())
        await session.until(lambda: session.board.board.model.current_id == deal)


async def test_back_from_a_screen_the_next_key_is_for_the_deal_as_it_was_left_there(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fabrikam Clinics")
        await session.press("enter")
        await session.sees("1 Timeline")
        # As another screen of this session does it; the news of it are still on their way.
        session.board.receive = lambda changed: None
        story.act("ana.wu", deals.edit, story.deals["Fabrikam Clinics"], {"need": "Doors and windows"})
        await session.press("escape", ">")
        await session.sees("Tech Check not needed: $")
        assert story.deal("Fabrikam Clinics").stage.id == "close"


async def test_nothing_of_others_moves_under_an_open_dialog(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Alpine Ski House")
        await session.press("s")
        await session.sees("Next step · Alpine")
        story.act("gil.ortega", stages.forward, story.deals["Northwind Traders"])
        await session.until(lambda: session.board._unseen is not None)
        assert session.board.board.model.find(story.deals["Northwind Traders"])[0] == 2
        await session.press("escape", "escape")
        await session.until(lambda: session.board.board.model.find(story.deals["Northwind Traders"])[0] == 3)


async def test_low_bandwidth_counts_and_r_takes_in(story: Story) -> None:
    async with running(make_app(story, ui__bandwidth="low")) as session:
        story.act("gil.ortega", stages.forward, story.deals["Northwind Traders"])
        await session.sees("1 changed · r")
        assert session.board.board.model.find(story.deals["Northwind Traders"])[0] == 2
        await session.press("r")
        await session.until(lambda: session.board.board.model.find(story.deals["Northwind Traders"])[0] == 3)


async def test_a_new_deal_of_mine_made_elsewhere_comes(story: Story) -> None:
    async with running(make_app(story)) as session:
        story.act("ana.wu", deals.create, story.customers["Oak Terrace"], type="Site S8")
        await session.until(lambda: session.board.board.model.deals == 8)


# ---- pane


async def test_pane_cycles_and_is_remembered(story: Story) -> None:
    async with running(make_app(story), (140, 40)) as session:
        await session.sees("NURTURE")
        await session.press("p")
        await session.sees("Pane: preview")
        await session.sees("─ Tech check ─")
        await session.press("p")
        await session.until(lambda: "─ Tech check ─" not in session.text())
        assert remembered_pane("ana.wu") == "off"
    async with running(make_app(story), (140, 40)) as session:
        assert session.board.pane == "off"


async def test_below_120_cells_p_opens_the_agenda_and_says_so(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.press("p")
        await session.sees("LATE")
        await session.sees("Beside the board from 120 columns")


async def test_pane_has_its_own_keys(story: Story) -> None:
    async with running(make_app(story), (140, 40)) as session:
        await session.sees("Oak Terrace")
        await session.press("tab")
        await session.sees("d done  z snooze  x skip")
        await session.until(lambda: session.board.pane_item is not None)
        assert session.board.pane_item.customer == "Oak Terrace"
        await session.press("d")
        await session.sees("next: Information email")
        await session.press("tab")
        await session.sees("enter open  > move")


async def test_board_and_pane_have_a_method_for_every_key(story: Story) -> None:
    async with running(make_app(story)) as session:
        for scope in ("board", "pane"):
            for command_id in SCOPES[scope].ids:
                assert callable(getattr(session.board, BY_ID[command_id].method)), command_id


# ---- what is refused, copied, found


async def test_somebody_elses_deal_is_refused_with_the_reason(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.press("v")
        await session.until(lambda: session.board.board.model.find(story.deals["Datum Corp"]) is not None)
        await session.go_to(story, "Datum Corp")
        await session.press(">")
        await session.sees("bo.lee's: only bo.lee, its team or their manager can change it")


async def test_nothing_under_the_cursor_is_refused(story: Story) -> None:
    async with running(make_app(story, "gil.ortega")) as session:
        await session.press(">")
        await session.sees("No deal here")


async def test_tech_check_of_a_small_deal_is_refused_with_its_amount(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Fabrikam Clinics")
        await session.press("t")
        await session.sees("needs no tech check: $")


async def test_copy_offers_id_name_line_and_json(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "City Power")
        texts = session.board.copy_texts()
        assert texts["i"] == f"D-{story.deals['City Power']}"
        assert texts["n"] == "City Power"
        await session.press("y")
        await session.sees("i id  n name")
        await session.press("i")
        await session.sees("clipboard")


async def test_signing_elsewhere_changes_the_sign(story: Story) -> None:
    async with running(make_app(story)) as session:
        story.act(
            "uma.reyes",
            tech_checks.sign,
            story.deals["City Power"],
            TechState.PASSED,
            dt.date(2026, 11, 18),
        )
        await session.until(lambda: session.board.board.model.card(story.deals["City Power"]).tech is TechState.PASSED)
        await session.go_to(story, "City Power")
        await session.press(">")
        await session.sees("Moved City Power to Close")


async def test_palette_finds_deals_and_shows_the_shell_form(story: Story) -> None:
    async with running(make_app(story)) as session:
        await session.go_to(story, "Alpine Ski House")
        await session.press(":")
        await session.type("next stage")
        await session.sees(f"contoso deal move D-{story.deals['Alpine Ski House']} develop")
