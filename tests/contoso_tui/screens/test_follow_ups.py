"""Follow-ups of online purchases on screen: on the agenda with a reason, closed by its keys, and on the customer."""

from __future__ import annotations

from pathlib import Path

import pytest

from contoso_tui.dialogs.form import FormDialog
from importers import run
from models.activities import tasks
from tests.contoso_tui.screens.customer_story import Story, at, build, running
from tests.importers.small_files import Files, bought


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    """The import of 6 November was the first; since then Nora bought again, as Ada and Ben did."""
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    made = build(tmp_path)
    files = Files(tmp_path / "week")
    both = [bought(number, f"OPID_{number}{what}", ProductId=what) for number in (10, 11) for what in ("Bell", "Lock")]
    files.online(*both, bought(1, "OPID_77", "149.00", PurchasedOn="11/7/2026", ProductId="Bell"))
    made.act("olga", lambda actor, _now: run.run([files.folder], actor, at("11-08")))
    return made


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_the_agenda_says_what_to_offer_and_d_closes_it(story: Story, size: tuple[int, int]) -> None:
    nora = story.ids["Nora Vale"]
    (task,) = story.read(tasks.list_open, nora)
    async with running(story, "bo.lee", "agenda", lambda screen: screen.agenda, size) as on:
        await on.press("5", "/", *"lock", "enter")
        await on.until(lambda: "Nora Vale" in on.text and "Others also bought Lock" in on.text)
        assert "Follow up on" in on.text
        await on.press("z", "w")
        await on.told("Snoozed")
        assert story.read(tasks.list_open, nora)[0].on > task.on
        await on.press("u")
        await on.told("Undone")
        await on.until(lambda: on.screen.item is not None and on.screen.item.customer == "Nora Vale")
        await on.press("d")
        await on.told("Done: Follow up on Bell, bought online 7 Nov")
    assert story.read(tasks.list_open, nora) == []


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 40)])
async def test_the_customers_screen_lists_it_first(story: Story, size: tuple[int, int]) -> None:
    shown = f"C-{story.ids['Nora Vale']:05d}"
    async with running(story, "bo.lee", shown, lambda screen: screen.page, size) as on:
        await on.until(lambda: "TO DO (1)" in on.text)
        rows = on.text.splitlines()
        place = next(at for at, row in enumerate(rows) if "TO DO (1)" in row)
        assert rows[place + 1][1:].startswith("23 Nov 26  call    Follow up on Bell")
        assert "Others also bought Lock. Bought online" in rows[place + 2]
        await on.press("home", "enter")
        await on.until(lambda: "to do by bo.lee" in on.text)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_once_done_what_others_bought_is_suggested_and_begins_a_deal(story: Story, size: tuple[int, int]) -> None:
    (task,) = story.read(tasks.list_open, story.ids["Nora Vale"])
    story.act("bo.lee", tasks.done, task.activity_id)
    shown = f"C-{story.ids['Nora Vale']:05d}"
    async with running(story, "bo.lee", shown, lambda screen: screen.page, size) as on:
        await on.press("end" if size[0] < 100 else "home")
        await on.until(lambda: "SUGGESTED" in on.text and "Lock: bought by others who bought Bell" in on.text)
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, FormDialog))
        await on.press("ctrl+s")
        await on.until(lambda: story.value("SELECT count(*) FROM deal WHERE type = 'Lock'") == 1)
