"""Match review by key: for and against, what joining does, one key for each answer, undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from contoso_tui import launch
from contoso_tui.app import ContosoApp
from contoso_tui.cli import config
from contoso_tui.dialogs.confirm import Confirm
from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.show_text import ShowText
from contoso_tui.screens import match_words as words
from contoso_tui.screens.customer import CustomerScreen
from contoso_tui.screens.match import MatchScreen
from importers import run
from models import database, setup
from models.customers import customers
from models.database import execute
from models.people import users
from models.people.records import Role
from models.review import deciding, queue
from tests.importers.small_files import Files, bought_in_store, contact, member

NOW = dt.datetime(2026, 11, 18, 17, 0, tzinfo=dt.UTC)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with three cards that may be three contacts', one of them one of two."""
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    made = tmp_path / "match.db"
    setup.create(made, "olga", NOW, is_test=True)
    people = [("Nora", "Vale"), ("Ivo", "Hart"), ("Kim", "Reed")]
    rows = [contact(number, *name) for number, name in enumerate(people, 1)]
    twin = {name: rows[0][name] for name in ("Telephone", "PostCode", "StreetAddress")}
    cards = [member(number, *name, ContactId="", DateOfBirth="", EMail="") for number, name in enumerate(people, 1)]
    files = Files(tmp_path / "files")
    files.contacts(*rows, contact(9, "Norah", "Vale", DateOfBirth="", **twin))
    files.loyalty(*cards)
    files.pos(bought_in_store(1, "PID_1"))
    with database.connection():
        olga = users.get_actor("olga")
        users.add(olga, NOW, "uma", [Role.CONSULTANT])
        users.add(olga, NOW, "bo", [Role.REPRESENTATIVE])
        users.add(olga, NOW, "max", [Role.MANAGER])
        run.run([files.folder], olga, NOW)
    return made


def app_of(path: Path, login: str = "olga") -> ContosoApp:
    database.init(path)
    with database.connection():
        actor = users.get_actor(login)
    return launch.make_app(path, actor, lambda: NOW, "match", config=config.load())


def ask(path: Path, fn: Callable[..., object], *args: object) -> object:
    database.init(path)
    with database.connection():
        return fn(*args)


async def on_match(pilot, app, wait_until) -> MatchScreen:
    await wait_until(pilot, lambda: isinstance(app.screen, MatchScreen) and app.screen.page is not None)
    return app.screen


def opened(path: Path) -> list[str]:
    return sorted(case.name for case in ask(path, queue.list_cases))  # type: ignore[attr-defined]


async def go_to(pilot, app, screen: MatchScreen, wait_until, name: str) -> None:
    """Put the cursor on a record by name."""
    for place, case in enumerate(screen.cases):
        if case.name == name:
            screen.list.move_to(place)
    await wait_until(pilot, lambda: screen.page is not None and screen.page.case.incoming.name == name)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_for_against_and_the_effect_are_told_before_one_key_links(path, wait_until, shown, size) -> None:
    app = app_of(path)
    async with app.run_test(size=size) as pilot:
        screen = await on_match(pilot, app, wait_until)
        await go_to(pilot, app, screen, wait_until, "Nora Vale")
        text = "\n".join(shown(app))
        for words in ("Loyalty row LOYID_1", "C-00001 · con", "For 1      same name; same phone", "Against 1  nothing",
                      "store purchase ($50.00)", "120 loyalty points", "brings   120 points"):  # fmt: skip
            assert words in text, words
        await pilot.press("2")
        await wait_until(pilot, lambda: "For 2      name alike (one letter apart)" in "\n".join(shown(app)))
        await pilot.press("h", "enter")
        await wait_until(pilot, lambda: "one customer · u undo" in "\n".join(shown(app)))
        assert "1 linked" in screen.facts()[0]
        if size[0] > 100:
            assert "= same   ~ alike   x differs" in text
            assert "con CNTID_1 began C-00001 in import 1" in text
            await wait_until(pilot, lambda: any("Nora Vale" in row[:26] and "linked" in row[:26] for row in shown(app)))
        linked = "SELECT l.key, r.key FROM review_pair p JOIN source_record l ON l.id = p.left_record_id"
        linked += " JOIN source_record r ON r.id = p.right_record_id WHERE p.state = 'linked'"
        assert ask(path, lambda: [set(row) for row in execute(linked)]) == [{"CNTID_1", "LOYID_1"}]
        await pilot.press("u")
        await wait_until(pilot, lambda: len(screen.cases) == len(opened(path)) and "Nora Vale" in opened(path))
        await wait_until(pilot, lambda: not screen.answers and screen.facts() == [])


async def test_never_new_and_later_are_one_key_each(path, wait_until, shown) -> None:
    app = app_of(path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await on_match(pilot, app, wait_until)
        await go_to(pilot, app, screen, wait_until, "Kim Reed")
        await pilot.press("z")
        await wait_until(pilot, lambda: screen.cases[-1].name == "Kim Reed" and screen.cases[-1].is_later)
        assert screen.facts()[0].endswith(f"0/{len(screen.cases)}")
        await go_to(pilot, app, screen, wait_until, "Ivo Hart")
        await pilot.press("x")
        await wait_until(pilot, lambda: "Ivo Hart" not in opened(path))
        await go_to(pilot, app, screen, wait_until, "Nora Vale")
        count = len(screen.page.case.candidates)
        await pilot.press("n")
        await wait_until(pilot, lambda: "Nora Vale" not in opened(path))
        never = ask(path, lambda: execute("SELECT count(*) FROM match_decision WHERE verdict = 'never'").fetchone()[0])
        assert never == 1 + count
        await wait_until(
            pilot, lambda: words.count_answers(screen.answers) == {"linked": 0, "new": 1, "later": 1, "never": 1}
        )
        assert screen.facts()[0].startswith("1 new  1 later  1 never")


async def test_leaving_for_later_goes_on_with_the_next_record(path, wait_until) -> None:
    app = app_of(path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await on_match(pilot, app, wait_until)
        first, second, *others = [case.name for case in screen.cases]
        await pilot.press("z")
        await wait_until(pilot, lambda: screen.page.case.incoming.name == second)
        await pilot.press("z")
        await wait_until(pilot, lambda: screen.page.case.incoming.name == others[0])
        assert [case.name for case in screen.cases] == [*others, first, second]


async def test_an_answer_is_not_given_to_a_record_that_came_by_somebody_elses(path, wait_until, shown) -> None:
    app = app_of(path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await on_match(pilot, app, wait_until)
        await go_to(pilot, app, screen, wait_until, "Ivo Hart")
        pair = screen.candidate.pair_id
        other = ask(path, users.get_actor, "max")
        ask(path, lambda: deciding.apart(other, NOW, [pair]))
        await wait_until(pilot, lambda: screen.page.case.incoming.name != "Ivo Hart")
        following = screen.page.case.incoming.name
        await pilot.press("x")
        await wait_until(pilot, lambda: "press again" in "\n".join(shown(app)))
        assert following in opened(path)
        await pilot.press("x")
        await wait_until(pilot, lambda: following not in opened(path))


async def test_all_alike_are_listed_and_answered_at_once(path, wait_until, shown) -> None:
    app = app_of(path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await on_match(pilot, app, wait_until)
        await go_to(pilot, app, screen, wait_until, "Ivo Hart")
        await wait_until(pilot, lambda: len(screen.alike) == 2)
        await pilot.press("A")
        await wait_until(pilot, lambda: isinstance(app.screen, Confirm))
        assert any("Kim Reed" in row for row in shown(app))
        await pilot.press("right", "enter")
        await wait_until(pilot, lambda: "Ivo Hart" not in opened(path) and "Kim Reed" not in opened(path))
        await wait_until(pilot, lambda: "3 pairs: one customer" in "\n".join(shown(app)))
        await pilot.press("u")
        await wait_until(pilot, lambda: {"Ivo Hart", "Kim Reed"} <= set(opened(path)))


async def test_two_owners_are_asked(path, wait_until) -> None:
    def two_owners() -> None:
        olga = users.get_actor("olga")
        card = execute("SELECT customer_id FROM source_record WHERE key = 'LOYID_2'").fetchone()[0]
        customers.assign(olga, NOW, [card], "bo")
        customers.assign(olga, NOW, [2], "uma")

    ask(path, two_owners)
    app = app_of(path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await on_match(pilot, app, wait_until)
        await go_to(pilot, app, screen, wait_until, "Ivo Hart")
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press("down", "ctrl+s")
        await wait_until(pilot, lambda: "Ivo Hart" not in opened(path))
    assert ask(path, customers.get_row, 2).owner in ("bo", "uma")


async def test_rows_customer_and_reasons_why_not(path, wait_until, shown) -> None:
    def owned() -> None:
        customers.assign(users.get_actor("olga"), NOW, [row[0] for row in execute("SELECT id FROM customer")], "bo")

    ask(path, owned)
    app = app_of(path, "uma")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await on_match(pilot, app, wait_until)
        await pilot.press("v")
        await wait_until(pilot, lambda: isinstance(app.screen, ShowText))
        assert "LoyaltyId" in app.screen.text
        await pilot.press("escape", "9")
        await wait_until(pilot, lambda: "There is no candidate 9" in "\n".join(shown(app)))
        await pilot.press("x")
        await wait_until(pilot, lambda: "only the owner of each" in "\n".join(shown(app)))
        await pilot.press("slash", *"nobody", "enter")
        await wait_until(pilot, lambda: "Nothing matches" in "\n".join(shown(app)))
        await pilot.press("escape")
        await wait_until(pilot, lambda: screen.page is not None)
        await pilot.press("o")
        await wait_until(pilot, lambda: isinstance(app.screen, CustomerScreen))


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_of_a_row_that_has_changed_is_asked_whether_it_stays(path, tmp_path, wait_until, shown, size) -> None:
    path = tmp_path / "changed.db"
    setup.create(path, "olga", NOW, is_test=True)
    files = Files(tmp_path / "changed")
    files.loyalty(member(31, "Ada", "Birk"))
    database.init(path)
    with database.connection():
        olga = users.get_actor("olga")
        for row in (contact(31, "Ada", "Birk"), contact(77, "Otto", "Quandt")):
            files.contacts(row | {"ContactId": "CNTID_31"})
            run.run([files.folder], olga, NOW)
    app = app_of(path)
    async with app.run_test(size=size) as pilot:
        await on_match(pilot, app, wait_until)
        await wait_until(pilot, lambda: "If kept    Both rows stay" in "\n".join(shown(app)))
        assert "enter stays" in shown(app)[-1]
        assert "x take off" in shown(app)[-1]
        await pilot.press("x")
        await wait_until(pilot, lambda: opened(path) == [])
    parted = "SELECT count(DISTINCT customer_id) FROM source_record WHERE key IN ('CNTID_31', 'LOYID_31')"
    assert ask(path, lambda: execute(parted).fetchone()) == (2,)
