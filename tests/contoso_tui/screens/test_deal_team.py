"""The team on a deal's screen, and the board's views of teams and pipelines."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import process_change
from models.deals import deals, team
from tests.contoso_tui.screens import board_story

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "two-pipelines.toml"


async def test_m_puts_a_colleague_on_the_team_and_u_takes_it_back(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:
        await on.press("m", *"team")
        await on.until(lambda: "Team…" in on.text)
        await on.press("enter")
        await on.until(lambda: "Team of D-" in on.text)
        await on.press(*"bo.lee", "enter")
        await on.told("Put bo.lee on the team")
        await on.press("5")
        await on.until(lambda: on.app.screen.page.deal.team == ("bo.lee",))
        await on.press("u")
        await on.until(lambda: on.app.screen.page.deal.team == ())


@pytest.fixture
def board(tmp_path, monkeypatch) -> board_story.Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return board_story.make_story(tmp_path)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_the_board_shows_one_pipeline_and_v_and_capital_v_go_to_another(board, size) -> None:
    board.act("olga", process_change.use, EXAMPLE.read_text("utf-8"))
    deal = board.act("ana.wu", deals.create, board.customers["Oak Terrace"], pipeline="funnel")
    async with board_story.running(board_story.make_app(board), size) as session:
        await session.press("V", *"funnel", "enter")
        await session.sees("Funnel·mine·open" if size[0] < 100 else "Funnel · mine · open")
        await session.until(lambda: session.board.board.model.deals == 1)
        assert len(session.board.board.model.columns) == 6
        await session.sees("Prospect")
        await session.press(">")
        await session.sees("1st Appointment")
        await session.until(lambda: board.read(_stage, deal) == "first_appointment")
        for _ in session.board.views:
            await session.press("v")
        await session.until(lambda: session.board.board.model.deals == 1)


def _stage(deal_id: int) -> str:
    from models.deals.details import get_detail

    return get_detail(deal_id, board_story.NOW).stage.id


async def test_deals_of_ones_team_have_a_view_and_their_keys(board) -> None:
    deal = board.deals["Wingtip Toys"]
    async with board_story.running(board_story.make_app(board, "bo.lee")) as session:
        board.act("ana.wu", team.add, deal, ["bo.lee"])
        await session.press("V", *"teams", "enter")
        await session.sees("on my teams·open")
        await session.until(lambda: session.board.board.model.deals == 1)
        await session.until(lambda: session.board.why_not("deal.forward") is None)
        assert "only ana.wu or their manager" in (session.board.why_not("deal.won") or "")
