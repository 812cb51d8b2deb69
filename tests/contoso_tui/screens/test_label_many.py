"""Rules 12: customers that a filter finds are labelled corporate together, each with its company's name."""

from __future__ import annotations

from contoso_tui.dialogs.form import FormDialog
from models.customers import customers
from tests.contoso_tui.screens.customer_story import Story, build, running


async def test_what_a_filter_finds_is_marked_and_labelled_as_one_undo(tmp_path, monkeypatch) -> None:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    story: Story = build(tmp_path)
    other = story.act("bo.lee", customers.create, name="Ben Bellamy")
    async with running(story, "olga", "customers", lambda screen: getattr(screen, "_has_all", False)) as on:
        await on.press("/", *"ben", "enter")
        await on.until(lambda: len(on.screen.rows.ids) == 2)
        found = list(on.screen.rows.ids)
        assert found == [story.ids["Ben Bell"], other]
        await on.press("*")
        await on.pick("Label corporate", "m")
        await on.dialog(FormDialog)
        await on.fill(**{f"company_{each}": f"Company {each}" for each in found})
        await on.until(lambda: all(story.read(customers.get_row, each).kind == "corporate" for each in found))
        assert {story.read(customers.get_row, each).name for each in found} == {f"Company {each}" for each in found}
        await on.press("u")
        await on.until(lambda: all(story.read(customers.get_row, each).kind == "individual" for each in found))
