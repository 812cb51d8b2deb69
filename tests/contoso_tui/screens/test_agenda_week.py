"""The agenda's view of seven days: each with its steps by start and length, what is late before them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from models.activities import next_steps
from tests.contoso_tui.screens.board_story import Session, Story, make_app, make_story, running


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = make_story(tmp_path)
    made.act(
        "ana.wu",
        next_steps.set_step,
        made.deals["Alpine Ski House"],
        "Call",
        dt.date(2026, 11, 18),
        minute=570,
        minutes=45,
    )
    return made


async def to_week(session: Session) -> None:
    await session.press("v", "v", "v")
    await session.sees("1 Wed 18 Nov")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30), (120, 36), (140, 40)])
async def test_days_stand_one_below_the_other_at_every_size(story: Story, size: tuple[int, int]) -> None:
    async with running(make_app(story, screen="agenda"), size) as session:
        await to_week(session)
        assert "Agenda  my week" in session.rows()[0] or "View: my week · 7 days" in session.rows()[1]
        assert "LATE (2)" in session.text()
        assert "1 Wed 18 Nov (3)   45m planned" in session.text()
        row = next(row for row in session.rows() if "Alpine" in row)
        assert "09:30 45m" in row
        assert all(len(row) <= size[0] for row in session.rows())


async def test_at_80_all_days_are_there_in_the_order_of_time(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await to_week(session)
        rows = [row.strip() for row in session.rows()]
        heads = [row for row in rows if row[:2] in {f"{n} " for n in range(1, 8)}]
        assert heads == [
            "1 Wed 18 Nov (3)   45m planned",
            "2 Thu 19 Nov   nothing planned",
            "3 Fri 20 Nov (1)",
            "4 Sat 21 Nov   weekend",
            "5 Sun 22 Nov   weekend",
            "6 Mon 23 Nov   nothing planned",
            "7 Tue 24 Nov   nothing planned",
        ]
        today = rows[rows.index(heads[0]) + 1 : rows.index(heads[1])]
        assert today[0].startswith("09:30 45m")
        assert [row[:3] for row in today[1:]] == ["any", "any"]


async def test_digits_go_to_days_and_left_and_right_to_other_weeks(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await to_week(session)
        await session.press("3")
        await session.until(lambda: session.agenda.item is not None and session.agenda.item.customer == "City Power")
        await session.press("4")
        await session.sees("Nothing on Sat")
        await session.press("l")
        await session.sees("2 Thu 26 Nov   Thanksgiving Day")
        assert "my week from Wed 25 Nov" in session.rows()[0]
        await session.press("h")
        await session.sees("1 Wed 18 Nov")
        assert "from" not in session.rows()[0]
        await session.press("h")
        await session.sees("The week begins today")


async def test_a_step_is_moved_to_another_day_and_found_by_the_filter(story: Story) -> None:
    async with running(make_app(story, screen="agenda")) as session:
        await to_week(session)
        await session.press("3")
        await session.until(lambda: session.agenda.item is not None and session.agenda.item.customer == "City Power")
        await session.press("z")
        await session.sees("Snooze · City Power")
        await session.type("mon")
        await session.press("enter")
        await session.sees("6 Mon 23 Nov (1)")
        await session.press("/")
        await session.type("city")
        await session.sees("1 matches")
        await session.press("enter")
        await session.until(lambda: "LATE" not in session.text())
        assert "6 Mon 23 Nov (1)" in session.text()
        assert "7 Tue" not in session.text()


async def test_a_manager_has_the_teams_week_too(story: Story) -> None:
    async with running(make_app(story, "gil.ortega", screen="agenda"), (140, 40)) as session:
        await session.press("v", "v", "v", "v")
        await session.sees("View: my week · 7 days")
        await session.press("v")
        await session.sees("View: my team's week · 7 days")
        await session.sees("City Power")
        await session.sees("─ This step ─")
