from __future__ import annotations

from functools import partial

import pytest

from contoso_tui.dialogs.find_customer import NEW, FindCustomer
from contoso_tui.launch import make_app as launch
from contoso_tui.screens.customers import CustomersScreen
from importers import lookup
from models import database
from models.customers import customers
from tests.contoso_tui.small_app import NOW


def _people(actor, *names: str) -> None:
    with database.connection():
        for name in names:
            customers.create(actor, NOW, name=name)


@pytest.fixture
def own_folders(monkeypatch, tmp_path) -> None:
    for name in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path))


@pytest.mark.usefixtures("own_folders")
async def test_the_palette_finds_misspelt_customers(database_path, actor, shown, wait_until) -> None:
    _people(actor, "John Smith", "Uma Reyes")
    app = launch(database_path, actor, lambda: NOW)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(":", *"jon smyth")
        await wait_until(pilot, lambda: any("John Smith" in row for row in shown(app)))
        assert not any("Uma Reyes" in row for row in shown(app))


async def test_a_filter_that_finds_nobody_asks_whom_one_meant(make_app, actor, shown, wait_until) -> None:
    _people(actor, "John Smith [/b]\x1b[31m", "Uma Reyes")
    app = make_app(screens={"board": CustomersScreen})
    async with app.run_test(size=(100, 24)) as pilot:
        await wait_until(pilot, lambda: any("Uma Reyes" in row for row in shown(app)))
        await pilot.press("/", *"jon smyth")
        await wait_until(
            pilot, lambda: any("Nobody named 'jon smyth'; did you mean John Smith" in row for row in shown(app))
        )
        assert not any("\x1b" in row for row in shown(app))


async def test_a_filter_says_who_is_in_another_view(make_app, actor, shown, wait_until) -> None:
    _people(actor, "Uma Reyes")
    app = make_app(screens={"board": CustomersScreen})
    async with app.run_test(size=(100, 24)) as pilot:
        await wait_until(pilot, lambda: any("Uma Reyes" in row for row in shown(app)))
        screen = app.screen
        screen.view_index = 2
        await pilot.press("/", *"reyes")
        told = "Nobody named 'reyes' in corporate; among all customers: Uma Reyes"
        await wait_until(pilot, lambda: any(told in row for row in shown(app)))


async def test_who_is_named_alike_stands_below_a_new_customer(make_app, actor, shown, wait_until) -> None:
    _people(actor, "John Smith", "Jonna Smythe")
    app = make_app()
    results: list[str | None] = []
    async with app.run_test(size=(100, 24)) as pilot:

        async def look_up(text: str):
            return await app.store.read(partial(lookup.find, text))

        for keys in (("enter",), ("down", "enter")):
            await app.push_screen(FindCustomer("Whose?", look_up), results.append)
            await pilot.press(*"jhon smith")
            await wait_until(pilot, lambda: any("similar names" in row for row in shown(app)))
            await pilot.press(*keys)
            await wait_until(pilot, lambda: not isinstance(app.screen, FindCustomer))
    assert results == [NEW + "jhon smith", "C-00001"]
