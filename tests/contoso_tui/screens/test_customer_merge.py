"""Merging two customers, parting them and splitting a source row off, by key on a real database."""

from __future__ import annotations

import pytest

from contoso_tui.dialogs.find_customer import FindCustomer
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.preview import Preview
from contoso_tui.screens.customer import CustomerScreen
from models import undo
from models.customers import customers
from models.merging import merges
from tests.contoso_tui.screens.customer_story import Story, build, running


@pytest.fixture
def story(tmp_path, monkeypatch) -> Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return build(tmp_path)


def listed(story: Story, login: str, size=(80, 24)):
    return running(story, login, "customers", lambda screen: getattr(screen, "_has_all", False), size)


def merged_into(story: Story, name: str) -> int | None:
    return story.value("SELECT merged_into_id FROM customer WHERE id = ?", story.ids[name])


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_two_marked_customers_become_one_after_a_look_at_what_that_does(story, size) -> None:
    async with listed(story, "bo.lee", size) as on:
        await on.press("space", "space", "M")
        await on.until(lambda: isinstance(on.app.screen, Preview))
        assert "Ben Bell" in on.text
        assert "Nothing is lost" in on.text
        await on.press("right", "enter")
        await on.until(lambda: "7 customers" in on.text)
        assert merged_into(story, "Ben Bell") == story.ids["Ada Ashe"]
        await on.press("u")
        await on.until(lambda: "8 customers" in on.text)
        assert merged_into(story, "Ben Bell") is None


async def test_the_other_one_stays_where_that_is_wanted(story) -> None:
    async with listed(story, "bo.lee") as on:
        await on.press("space", "space", "M")
        await on.until(lambda: isinstance(on.app.screen, Preview))
        await on.press("right", "right", "enter")
        await on.until(lambda: "Ada Ashe (C-" in on.text.split("goes into")[0])
        await on.press("right", "enter")
        await on.until(lambda: "7 customers" in on.text)
        assert merged_into(story, "Ada Ashe") == story.ids["Ben Bell"]


async def test_three_marked_are_too_many(story) -> None:
    async with listed(story, "bo.lee") as on:
        await on.press("space", "space", "space", "M")
        await on.until(lambda: "two are merged at a time" in on.status)


async def test_what_both_have_is_asked(story) -> None:
    wingtip = story.ids["Wingtip Toys"]
    story.act("gil.ortega", customers.assign, [wingtip], "bo.lee")
    async with listed(story, "gil.ortega") as on:
        on.screen.list.marked = {story.ids["Fabrikam Clinics"], wingtip}
        await on.press("M")
        await on.until(lambda: isinstance(on.app.screen, Preview))
        await on.press("right", "enter")
        await on.until(lambda: isinstance(on.app.screen, FormDialog))
        assert "Owner" in on.text
        await on.press("right", "ctrl+s")
        await on.until(lambda: "7 customers" in on.text)
        assert merged_into(story, "Wingtip Toys") == story.ids["Fabrikam Clinics"]


async def test_on_a_customer_the_other_is_found_by_name_and_parted_on_the_sources(story) -> None:
    async with listed(story, "bo.lee") as on:
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, CustomerScreen) and on.app.screen.page is not None)
        await on.press("M")
        await on.until(lambda: isinstance(on.app.screen, FindCustomer) and "at least two letters" in on.text)
        await on.press(*"ada ashe")
        await on.until(lambda: "Nobody is called so" in on.text)
        await on.press("ctrl+u", *"ben bell")
        await on.until(lambda: "Ben Bell" in on.text)
        assert "New customer" not in on.text
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, Preview))
        await on.press("right", "enter")
        await on.until(lambda: merged_into(story, "Ben Bell") == story.ids["Ada Ashe"])
        await on.press("S")
        await on.until(lambda: "merged into this one" in on.text)
        await on.press("home", "x")
        await on.until(lambda: isinstance(on.app.screen, Preview))
        await on.press("right", "enter")
        await on.until(lambda: merged_into(story, "Ben Bell") is None)
        await on.until(lambda: "merged into this one" not in on.text)


async def test_a_source_row_is_split_off_and_the_last_one_stays(story) -> None:
    async with running(
        story, "bo.lee", f"C-{story.ids['Nora Vale']:05d}", lambda screen: getattr(screen, "page", None) is not None
    ) as on:
        await on.press("S")
        await on.until(lambda: on.screen.row[0] == "source")
        assert "split off" in on.text
        await on.press("x")
        await on.until(lambda: isinstance(on.app.screen, Preview))
        await on.press("right", "enter")
        await on.until(lambda: story.value("SELECT count(*) FROM customer WHERE name = 'Nora Vale'") == 2)
        await on.until(lambda: len(on.screen.page.profile.sources) == 1)
        await on.press("home", "x")
        await on.until(lambda: "only source row" in on.status)
        story.act("bo.lee", undo.undo)
        await on.until(lambda: len(on.screen.page.profile.sources) == 2)


async def test_a_customer_that_went_opens_as_the_one_that_stays(story) -> None:
    name = f"C-{story.ids['Ben Bell']:05d}"
    async with running(story, "bo.lee", name, lambda screen: getattr(screen, "page", None) is not None) as on:
        story.act("bo.lee", merges.merge, story.ids["Ada Ashe"], story.ids["Ben Bell"])
        await on.until(lambda: "was merged into" in on.text)
