"""Who else has a deal or customer open in a form: in the form's frame and in the first row of the record's page."""

from __future__ import annotations

import datetime as dt

import pytest

from contoso_tui.dialogs import shared as shared_dialog
from contoso_tui.dialogs.shared import presence_words
from contoso_tui.screens import shared as shared_page
from contoso_tui.screens.customer import CustomerScreen
from contoso_tui.screens.deal import DealScreen
from models import database
from models.people import presence, users
from tests.contoso_tui.screens.deal_driver import detail
from tests.contoso_tui.screens.deal_story import NOW, act, ask


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Look for others all the time."""
    monkeypatch.setattr(shared_dialog, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(shared_page, "LOOK_SECONDS", 0.02)


def there(story):
    """Return who has which form open."""
    sql = "SELECT u.login, p.subject FROM presence p JOIN app_user u ON u.id = p.user_id ORDER BY 1, 2"
    return ask(story, lambda: database.execute(sql).fetchall())


def as_bo(story, fn, subject, now=NOW):
    database.init(story.path)
    with database.connection():
        fn(users.get_actor("bo.lee"), now, subject)


async def test_a_form_says_who_else_is_editing_while_it_is_open(story, opened) -> None:
    deal = f"D-{story.small}"
    async with opened("ana.wu", story.small) as on:
        await on.form("e")
        await on.until(lambda: there(story) == [("ana.wu", deal)])
        assert "is editing" not in on.text
        as_bo(story, presence.enter, deal)
        await on.until(lambda: "bo.lee is editing ─┐" in on.text)
        title = next(row for row in on.text.splitlines() if "bo.lee is editing" in row)
        assert f"┌─ {deal} Wingtip Toys ─" in title
        as_bo(story, presence.leave, deal)
        await on.until(lambda: "is editing" not in on.text)
        await on.press("escape", "escape")
        await on.until(lambda: isinstance(on.app.screen, DealScreen))
        await on.until(lambda: there(story) == [])


async def test_the_deals_page_says_it_in_its_first_row(story, opened) -> None:
    async with opened("ana.wu", story.fabrikam) as on:

        def first() -> str:
            return on.text.splitlines()[0]

        assert "rev " in first()
        as_bo(story, presence.enter, f"D-{story.fabrikam}")
        await on.until(lambda: f"D-{story.fabrikam}" in first() and "bo.lee is editing" in first())
        assert f"D-{story.fabrikam}" in first()
        as_bo(story, presence.leave, f"D-{story.fabrikam}")
        await on.until(lambda: "is editing" not in first())
        # A quote of the deal counts too.
        as_bo(story, presence.enter, "Q-0301 r1")
        await on.until(lambda: "bo.lee is editing" in first())
        # What was left by a session that died lapses by its age.
        as_bo(story, presence.enter, "Q-0301 r1", NOW - dt.timedelta(seconds=presence.LIMIT_SECONDS))
        await on.until(lambda: "is editing" not in first())


async def test_a_customers_page_and_forms_say_it(story, opened) -> None:
    customer = detail(story, story.small).customer_id
    shown = f"C-{customer:05d}"
    async with opened("ana.wu", story.small) as on:
        await on.press("o")
        await on.until(lambda: isinstance(on.app.screen, CustomerScreen) and on.app.screen.page is not None)
        as_bo(story, presence.enter, shown)
        await on.until(lambda: f"bo.lee is editing   {shown}" in on.text.splitlines()[0])
        await on.form("a")
        await on.until(lambda: "bo.lee is editing ─┐" in on.text)
        assert ("ana.wu", shown) in there(story)


async def test_a_form_that_makes_something_new_tells_nobody(story, opened) -> None:
    async with opened("ana.wu", story.small) as on:
        await on.press("o")
        await on.until(lambda: isinstance(on.app.screen, CustomerScreen) and on.app.screen.page is not None)
        await on.form("n")
        await on.press(*"Doorbells")
        assert there(story) == []


async def test_without_a_key_for_long_nobody_is_editing(story, opened, monkeypatch) -> None:
    monkeypatch.setattr(shared_dialog, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(shared_dialog, "AT_REST_SECONDS", 0.0)
    async with opened("ana.wu", story.small) as on:
        await on.form("e")
        await on.until(lambda: there(story))
        act(story, "ana.wu", presence.leave, f"D-{story.small}")
        looked = []
        real = presence.list_others
        monkeypatch.setattr(presence, "list_others", lambda *args: looked.append(1) or real(*args))
        await on.until(lambda: len(looked) > 3)
        assert there(story) == []
        monkeypatch.setattr(shared_dialog, "AT_REST_SECONDS", 600.0)
        await on.press("x")
        await on.until(lambda: there(story))


def test_words() -> None:
    assert presence_words(()) == ""
    assert presence_words(("bo.lee", "gil")) == "bo.lee and gil are editing"
    assert presence_words(("ana.wu", "bo.lee", "gil")) == "ana.wu and 2 others are editing"
