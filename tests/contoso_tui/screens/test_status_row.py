"""The status row at 80 cells: one's own result comes first, others' changes are told beside it and for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.deals import stages
from tests.contoso_tui.screens.board_story import Story, make_app, make_story, running

NOTICE = "gil.ortega changed D-"


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return make_story(tmp_path)


def change_as_manager(story: Story) -> None:
    story.act("gil.ortega", stages.forward, story.deals["Northwind Traders"])


async def test_a_notice_goes_after_as_long_as_a_result_stands(story: Story) -> None:
    async with running(make_app(story, ui__status_seconds=1)) as session:
        change_as_manager(story)
        await session.until(lambda: NOTICE in session.rows()[-2])
        await session.until(lambda: NOTICE not in session.rows()[-2])


async def test_a_notice_goes_at_the_next_key_where_results_wait_for_one(story: Story) -> None:
    async with running(make_app(story, ui__status_seconds=0)) as session:
        change_as_manager(story)
        await session.until(lambda: NOTICE in session.rows()[-2])
        await session.press("j")
        await session.until(lambda: NOTICE not in session.rows()[-2])


async def test_ones_own_result_is_whole_and_the_notice_waits_behind_it(story: Story) -> None:
    async with running(make_app(story, ui__status_seconds=0)) as session:
        screen = session.board
        change_as_manager(story)
        await session.until(lambda: NOTICE in session.rows()[-2])
        result = "Moved a customer with a rather long name to Tech Check · u undo"
        screen.call_later(screen.status, result)
        await session.until(lambda: session.rows()[-2].startswith(f" {result}"))
        assert "gil" not in session.rows()[-2]
        # The key that ends the result brings the notice back, the next one ends it.
        await session.press("j")
        await session.until(lambda: NOTICE in session.rows()[-2])
        screen.call_later(screen.status, "Done · u undo")
        await session.until(lambda: session.rows()[-2].startswith(" Done · u undo") and NOTICE in session.rows()[-2])
