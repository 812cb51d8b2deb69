"""What a deal and its card warn of besides its step and its customer: lower scores, and that no one decides."""

from __future__ import annotations

import pytest

from contoso_tui.screens.board import BoardScreen
from contoso_tui.screens.deal_words import decides_nobody
from models.assessments import assessments, forms
from models.deals import buying_centre, deals, stages
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import act, ask, make_app

QUALIFIED = {"need": "doors", "budget_minor": 900_000, "time_frame": "soon", "decision_maker": "Lee"}


def assess(story, **worse: int) -> int:
    """Answer Qualify's questions for the small deal, some worse than best; return the score."""
    form = ask(story, forms.find, "sales", "qualify")
    choices = {question.id: worse.get(question.id, 0) for question in form.questions}
    done = act(story, "ana.wu", assessments.complete, story.small, form.id, choices)
    return done.assessment.score


@pytest.fixture
def dropped(story) -> int:
    """Let the small deal score 100, go back and score less; return by how much."""
    act(story, "ana.wu", deals.edit, story.small, QUALIFIED)
    high = assess(story)
    act(story, "ana.wu", stages.backward, story.small, "wrong guess")
    form = ask(story, forms.find, "sales", "qualify")
    low = assess(story, **{question.id: 1 for question in form.questions})
    return high - low


async def test_a_lower_score_flags_card_and_deal_and_moves_nothing(story, dropped, opened, wait_until, shown) -> None:
    assert dropped > 0
    app = make_app(story, "ana.wu", "board")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen) and not app.screen.is_busy)
        await wait_until(pilot, lambda: any("A-" in row for row in shown(app)))
        await wait_until(pilot, lambda: f"scored {dropped} less than before" in shown(app)[-2])
    assert detail(story, story.small).stage.id == "qualify"
    for size in ((80, 24), (140, 40)):
        async with opened("ana.wu", story.small, size) as on:
            await on.until(lambda on=on: f"A- {100 - dropped}, lower than before (100)" in on.text)


async def test_others_see_the_flag_by_themselves(story, wait_until, shown) -> None:
    act(story, "ana.wu", deals.edit, story.small, QUALIFIED)
    assess(story)
    act(story, "ana.wu", stages.backward, story.small, "wrong guess")
    app = make_app(story, "gil.ortega", "board")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen) and not app.screen.is_busy)
        await pilot.press("v")
        await wait_until(pilot, lambda: app.screen.board.model.deals == 3)
        form = ask(story, forms.find, "sales", "qualify")
        assess(story, **{question.id: 1 for question in form.questions})
        await wait_until(pilot, lambda: any("A-" in row for row in shown(app)))


async def test_from_quote_on_it_warns_that_no_one_decides(story, opened) -> None:
    act(story, "ana.wu", deals.edit, story.fabrikam, {"decision_maker": ""})
    assert decides_nobody(detail(story, story.fabrikam))
    async with opened("ana.wu", story.fabrikam) as on:
        await on.until(lambda: "WARN  $! unpaid $3,150.00, oldest 72 days   no one decides" in on.text)
    async with opened("ana.wu", story.fabrikam, (140, 40)) as on:
        await on.until(lambda: "│ no one decides" in on.text)
    act(story, "ana.wu", buying_centre.add, story.fabrikam, "Mira Dune", "decision_maker")
    async with opened("ana.wu", story.fabrikam) as on:
        await on.until(lambda: "WARN" in on.text)
        assert "no one decides" not in on.text
    act(story, "ana.wu", deals.edit, story.small, {"decision_maker": ""})
    assert not decides_nobody(detail(story, story.small))


@pytest.mark.parametrize("width", [60, 80, 140])
async def test_many_warnings_are_shortened_never_cut(story, opened, width) -> None:
    act(story, "ana.wu", deals.edit, story.fabrikam, {"decision_maker": ""})
    async with opened("ana.wu", story.fabrikam, (width, 24)) as on:
        await on.until(lambda: "no one decides" in on.text)
        row = next(row for row in on.text.split("\n") if "no one decides" in row)
        assert "…" not in row.partition("no one decides")[0]
