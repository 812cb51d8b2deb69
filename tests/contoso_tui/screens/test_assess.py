"""Assessments, ideas and the buying centre by key on a deal, on a real database."""

from __future__ import annotations

import pytest

from contoso_tui.dialogs.assess import AssessDialog
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.ideas import Ideas
from models.activities import next_steps
from models.assessments import reading
from models.customers import customers, people
from models.deals import buying_centre, deals
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import act, ask

QUALIFIED = {"need": "doors", "budget_minor": 900_000, "time_frame": "soon", "decision_maker": "Lee"}


async def assess(on) -> AssessDialog:
    await on.press("c")
    await on.until(lambda: isinstance(on.app.screen, AssessDialog) and on.app.screen.box.text)
    return on.app.screen


async def test_five_questions_take_seven_keys_and_move_the_deal(story, opened) -> None:
    act(story, "ana.wu", deals.edit, story.small, QUALIFIED)
    async with opened("ana.wu", story.small) as on:
        keys = ["c", "1", "1", "1", "2", "1", "ctrl+s"]
        assert len(keys) <= 8
        dialog = await assess(on)
        assert "more than 60 moves to Develop   so far 0 of 100" in dialog.box.text
        await on.press(*keys[1:-1])
        assert "so far 95 of 100" in dialog.box.text
        assert "Finished now it moves to Develop.  Gate: ok." in dialog.box.text
        await on.press(keys[-1])
        await on.told("scored 95, moved to Develop · u undo")
        assert detail(story, story.small).stage.id == "develop"
        await on.press("u")
        await on.told("Undone")
        assert detail(story, story.small).stage.id == "qualify"


async def test_an_open_question_keeps_the_form_and_esc_keeps_a_draft(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        dialog = await assess(on)
        await on.press("1", "tab", "right", "right")
        assert "Open: 2, 4 and 5.  Best still possible 90, worst 35." in dialog.box.text
        await on.press("ctrl+s")
        await on.until(lambda: "is needed" in dialog.box.text)
        await on.press("escape")
        await on.told("Kept your draft")
        assert ask(story, reading.list_for_deal, story.small) == []


async def test_a_score_that_the_gate_does_not_let_through_says_what_it_waits_for(story, opened) -> None:
    async with opened("ana.wu", story.small, (140, 40)) as on:
        dialog = await assess(on)
        assert "Gate: waits for: need, budget" in dialog.box.text
        await on.press("1", "1", "1", "1", "1", "ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, FormDialog) and "Scored 100" in on.app.screen.box.text)
        gate = on.app.screen
        assert "What the promotion waits for" in gate.box.text
        # The answer filled in the one that was blank and has a question.
        assert detail(story, story.small).time_frame == "within 90 days"
        await on.press("escape", "escape")
        await on.until(lambda: on.app.screen is not gate)
        await on.press("4")
        await on.until(lambda: "waits for: need, budget, decision maker" in on.text and "100 of 100" in on.text)
        await on.press("enter")
        await on.until(lambda: "Do we meet their need?" in on.text)


async def test_what_a_score_waits_for_is_filled_in_at_once_and_the_deal_moves(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        await assess(on)
        await on.press("1", "1", "1", "1", "1", "ctrl+s")
        await on.until(lambda: isinstance(on.app.screen, FormDialog) and "Scored 100" in on.app.screen.box.text)
        await on.fill(need="doors", budget_minor="9000", decision_maker="Lee")
        await on.told("to Develop · u undo")
        assert detail(story, story.small).stage.id == "develop"


async def test_who_may_not_work_on_the_deal_is_told_so(story, opened) -> None:
    async with opened("uma.reyes", story.small) as on:
        await on.press("c")
        await on.told("only ana.wu")


async def test_a_stage_without_a_questionnaire_says_so(story, opened) -> None:
    async with opened("ana.wu", story.power) as on:
        await on.press("c")
        await on.told("The process has no assessment for Tech Check")


async def test_one_key_makes_a_suggestion_the_next_step(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        await on.press("i")
        await on.until(lambda: isinstance(on.app.screen, Ideas) and "Ask who decides" in on.app.screen.box.text)
        await on.press("down", "enter")
        await on.told("Ask who decides and who pays")
        assert ask(story, next_steps.get, story.small).text == "Ask who decides and who pays"


async def test_who_may_only_read_sees_the_suggestions(story, opened) -> None:
    async with opened("uma.reyes", story.small) as on:
        await on.press("i")
        await on.until(lambda: isinstance(on.app.screen, Ideas) and "Ask who decides" in on.app.screen.box.text)
        await on.press("enter")
        assert isinstance(on.app.screen, Ideas)


async def test_people_are_put_on_changed_and_taken_off_by_key(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("2")
        await on.until(lambda: "Nobody is on this deal yet" in on.text)
        await on.form("n")
        name = on.app.screen.state.text("name")
        assert name
        await on.fill(role="decision_maker", influence="3", attitude="1")
        await on.told(f"Put {name} on D-{story.fabrikam}: decides")
        await on.until(lambda: "decides    influence 3  +" in on.text)
        await on.form("e")
        await on.fill(role="blocker", attitude="-1")
        await on.until(lambda: "blocks     influence 3  -" in on.text)
        await on.press("x")
        await on.told(f"Took {name} off")
        assert ask(story, buying_centre.list_people, story.fabrikam) == ()
        await on.press("u")
        await on.until(lambda: "blocks     influence 3  -" in on.text)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_hostile_names_and_circles_are_drawn_clean(story, opened, size) -> None:
    customer = detail(story, story.small).customer_id
    act(story, "ana.wu", customers.edit, customer, {"name": "Evil \x1b[2J [bold]Corp"})
    names = ["\x1b]0;owned\x07 [red]A[/]", "B\u202eB", "漢字" * 40]
    if detail(story, story.small).is_corporate:
        for name in names:
            act(story, "ana.wu", people.add, customer, name)
    for name in names:
        act(story, "ana.wu", buying_centre.add, story.small, name, "user")
    rows = ask(story, buying_centre.list_people, story.small)
    for one, other in zip(rows, (*rows[1:], rows[0]), strict=True):
        act(story, "ana.wu", buying_centre.change, one.id, {"influences": other.name})
    async with opened("ana.wu", story.small, size) as on:
        await on.press("2")
        await on.until(lambda: "stands above" in on.text)
        assert "\x1b" not in on.text
        assert "\u202e" not in on.text
        assert "[red]A" in on.text
