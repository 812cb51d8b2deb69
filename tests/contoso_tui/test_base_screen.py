import asyncio

from contoso_tui.host import Hit, Settings
from models import database
from models.people import users
from models.people.records import Actor, Role
from tests.contoso_tui.small_app import NOW


async def test_a_key_runs_its_method_and_the_result_stands_in_the_status_row(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(">")
        assert app.screen.ran == ["deal.forward"]
        assert "Moved Fabrikam Clinics to Tech Check" in shown(app)[-2]
        await pilot.press("j")
        assert "Moved" not in shown(app)[-2]
        assert shown(app)[0].startswith(" CONTOSO  Board  mine·open")
        assert shown(app)[-1].rstrip().endswith("? help")


async def test_a_refused_key_says_why(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.reasons["deal.lost"] = "you own no deal here"
        await pilot.press("x")
        assert app.screen.ran == []
        assert "you own no deal here" in shown(app)[-2]


async def test_digits_reach_the_method(make_app) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "9")
        assert app.screen.ran == ["board.column 3", "board.column 9"]


async def test_goto_changes_screens_and_keeps_their_place(make_app, shown) -> None:
    app = make_app(Settings(theme="mono", hint_delay_ms=0))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "j", "g")
        assert shown(app)[-1].startswith("g_  b board  a agenda")
        await pilot.press("a")
        assert app.screen.heading == "Agenda"
        await pilot.press("g", "b")
        assert app.screen.list.current == 3
        await pilot.press("g", "g")
        assert app.screen.list.current == 1
        await pilot.press("g", "z")
        assert "no such screen" in shown(app)[-2]


async def test_goto_hint_lists_only_what_exists(make_app, shown, wait_until) -> None:
    app = make_app(Settings(theme="mono", hint_delay_ms=0))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g")
        await wait_until(pilot, lambda: any("g  go to" in row for row in shown(app)))
        text = "\n".join(shown(app))
        assert "a  agenda" in text
        assert "imports" not in text
        await pilot.press("escape")
        assert not any("g  go to" in row for row in shown(app))


async def test_a_key_row_without_room_leaves_pairs_out_whole(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(60, 16)) as pilot:
        app.screen.key_row.keys([(letter, "go somewhere") for letter in "abcdef"] + [("esc", "cancel")], prefix="g")
        await pilot.pause()
        row = shown(app)[-1].rstrip()
        assert row == "g_  a go somewhere  b go somewhere  esc cancel"


async def test_help_runs_the_chosen_line(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("?")
        assert any("Help · Board" in row for row in shown(app))
        await pilot.press(*"next stage", "enter")
        await pilot.pause()
        assert app.screen.ran == ["deal.forward"]


async def test_help_explains_the_signs_of_the_screen_and_runs_none(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("?", *"signs")
        text = "\n".join(shown(app))
        assert "SIGNS" in text
        assert "T~" in text
        assert "sign-off stale" in text
        assert "a source has no value" not in text, "a sign of the customer screen"
        await pilot.press("ctrl+u", *"t~", "enter")
        await pilot.pause()
        assert "Help · Board" in "\n".join(shown(app)), "there is nothing to run"
        assert "sign-off stale" in shown(app)[-2]
        assert app.screen_stack[-2].ran == []


async def test_palette_shows_keys_shell_form_and_reasons(make_app, shown) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.reasons["deal.lost"] = "you own no deal here"
        await pilot.press(":", *"stage")
        await pilot.pause()
        text = "\n".join(shown(app))
        assert "▌Move to the next stage" in text
        assert "Shell form: contoso deal move D-1042 tech_check" in text
        await pilot.press("ctrl+u", *"deal lost")
        await pilot.pause()
        text = "\n".join(shown(app))
        assert "not here now" in text
        assert "you own no deal here" in text
        # The cursor stands on it; the status row has room for the whole reason, not for another command's shell form.
        assert shown(app)[-2].rstrip() == " you own no deal here"
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.ran == []


async def test_palette_finds_customers_and_deals(make_app, shown, wait_until) -> None:
    opened: list[str] = []

    async def search(text: str) -> list[Hit]:
        return [Hit("C-00412", "Moveland \x1b[2JHotels", "C-00412 · won $18k")] if "moveland" in text else []

    app = make_app(search=search)
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_goal = opened.append
        await pilot.press("ctrl+p", *"moveland")
        await wait_until(pilot, lambda: any("C-00412" in row for row in shown(app)))
        assert not any("\x1b" in row for row in shown(app))
        (row,) = (row for row in shown(app) if "C-00412  won $18k" in row)
        assert not any("…" in row for row in shown(app) if "customers and deals" in row)
        assert row.count("C-00412") == 1
        await pilot.press("enter")
        await wait_until(pilot, lambda: opened == ["C-00412"])


async def test_every_size_is_drawn_to_the_last_cell(make_app, shown) -> None:
    from rich.cells import cell_len

    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        for size in ((60, 16), (80, 24), (100, 30), (120, 36), (140, 40)):
            await pilot.resize_terminal(*size)
            await pilot.press("?")
            await pilot.pause()
            rows = shown(app)
            assert len(rows) == size[1]
            assert {cell_len(row) for row in rows} == {size[0]}
            await pilot.press("escape")
            await pilot.pause()


async def test_another_sessions_commit_reaches_the_screen_but_not_under_a_dialog(make_app, wait_until) -> None:
    other = Actor(0, "bo.lee", "Bo Lee", frozenset({Role.OPERATIONS}), None)

    def add(login: str) -> int:
        with database.connection():
            return users.add(other, NOW, login, [Role.MANAGER])

    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.screen
        first = await asyncio.to_thread(add, "gil.ortega")
        await wait_until(pilot, lambda: board.news)
        assert board.news[0].by_others("ana.wu", "app_user") == {first}
        assert board.news[0].by_others("bo.lee", "app_user") == frozenset()
        await pilot.press("?")
        second = await asyncio.to_thread(add, "uma.reyes")
        third = await asyncio.to_thread(add, "ivo.hart")
        await wait_until(pilot, lambda: board._unseen and third in board._unseen.ids("app_user"))
        assert len(board.news) == 1
        await pilot.press("escape")
        await wait_until(pilot, lambda: len(board.news) == 2)
        assert board.news[1].ids("app_user") == {second, third}


async def test_q_quits_only_from_home_and_escape_goes_there(make_app, shown, wait_until) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "a", "q")
        await pilot.pause()
        assert "esc goes back" in shown(app)[-2]
        await pilot.press("escape")
        await pilot.pause()
        assert app.is_at_home
        await pilot.press("q")
        await wait_until(pilot, lambda: app.return_value == 0)


async def test_the_terminals_own_cursor_follows_the_row_and_the_caret(make_app) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j")
        assert app.cursor_position == (0, 3)
        await pilot.press(":", *"東x")
        await pilot.pause()
        row = app.screen.box.region
        assert app.cursor_position == (row.x + 1 + len(" > ") + 3, row.y + 1)
