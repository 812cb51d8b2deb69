"""The points screen: plan and score, months, team, values, what scored, and logging from it."""

from __future__ import annotations

import datetime as dt

import pytest

from contoso_tui.dialogs.find_customer import FindCustomer
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.picker import Picker
from contoso_tui.screens.customer import CustomerScreen
from models.activities import log, points
from models.people import users
from models.people.records import Role
from tests.contoso_tui.screens.customer_story import Story, build, running


@pytest.fixture
def story(tmp_path, monkeypatch) -> Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    made = build(tmp_path)
    nora = made.ids["Nora Vale"]
    made.act("ana.wu", log.log, customer_id=nora, channel="visit", on=dt.date(2026, 11, 9))
    made.act("ana.wu", log.log, customer_id=nora, channel="visit", on=dt.date(2026, 10, 9))
    return made


def opened(story: Story, login: str = "ana.wu", size=(80, 24)):
    return running(story, login, "points", lambda screen: getattr(screen, "page", None) is not None, size)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_the_month_stands_against_plan_and_quota(story, size) -> None:
    async with opened(story, size=size) as on:
        scored = story.read(points.month_points, "ana.wu", dt.date(2026, 11, 1))
        assert f"{scored} of 500" in on.text
        row = next(row for row in on.text.splitlines() if "Discovery meeting" in row)
        assert row.split("meeting")[1].split()[:3] == ["12", "4", "1"]
        total = next(row for row in on.text.splitlines() if row.startswith("  Total"))
        assert total.split()[:3] == ["Total", "644", str(scored)]
        assert "the quota is 500" in on.text
        assert max(len(row) for row in on.text.splitlines()) <= size[0]


async def test_a_list_that_is_higher_than_its_room_says_how_long_it_is(story) -> None:
    async with opened(story) as on:
        await on.until(lambda: "21 activities, G goes to the last" in on.text)
    async with opened(story, size=(140, 40)) as on:
        await on.until(lambda: "TEAM WEST" in on.text)
        assert "goes to the last" not in on.text
        # Beside the names of the screens the month is whole.
        assert on.text.splitlines()[0].rstrip().endswith("ana.wu   November 2026 · me")


async def test_left_and_right_go_to_other_months(story) -> None:
    async with opened(story) as on:
        await on.press("left")
        await on.until(lambda: "October 2026" in on.text and "488 missing" in on.text)
        await on.press("right")
        await on.until(lambda: "November 2026" in on.text)
        await on.press("right")
        await on.told("November 2026 is this month")


async def test_what_scored_is_listed_and_opens_its_customer(story) -> None:
    async with opened(story) as on:
        on.screen.list.move_to_key("discovery_meeting")
        await on.dialog(Picker, "enter")
        assert "Nora Vale" in on.text
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, CustomerScreen))


async def test_an_activity_of_the_type_under_the_cursor_is_logged(story) -> None:
    async with opened(story) as on:
        before = on.screen.page.standing.scored
        on.screen.list.move_to_key("business_review")
        await on.dialog(FindCustomer, "a")
        await on.press(*"nora")
        await on.until(lambda: "Nora Vale" in on.text)
        await on.press("enter")
        await on.until(lambda: isinstance(on.screen, FormDialog))
        assert "Scores 20 points." in on.text
        await on.press(*"Looked at all doors", "ctrl+s")
        await on.until(lambda: getattr(on.screen, "page", None) and on.screen.page.standing.scored == before + 20)
        await on.press("u")
        await on.until(lambda: on.screen.page.standing.scored == before)
        on.screen.list.move_to_key("add_prospect")
        await on.press("a")
        await on.told("scores by itself")


async def test_a_manager_sees_the_team_and_opens_a_months_of_one(story) -> None:
    def team(actor, now) -> None:
        for login in ("ana.wu", "bo.lee", "gil.ortega"):
            users.change(actor, now, login, team="West")
        users.change(actor, now, "gil.ortega", roles=[Role.MANAGER])

    story.act("olga", team)
    async with opened(story, "gil.ortega") as on:
        assert "has no quota" in on.text
        await on.press("2")
        await on.until(lambda: "Team of 2" in on.text)
        await on.press("enter")
        await on.until(lambda: "of 500" in on.text and "· ana.wu" in on.text)
        await on.press("escape")
        await on.until(lambda: "Team of 2" in on.text)
        await on.press("3")
        await on.until(lambda: "farming customers" in on.text)


async def test_others_work_appears_by_itself(story) -> None:
    async with opened(story) as on:
        before = on.screen.page.standing.scored
        story.act("ana.wu", log.log, customer_id=story.ids["Nora Vale"], channel="visit")
        await on.until(lambda: on.screen.page.standing.scored == before + 12)
