"""The board as a terminal shows it: shape, cursor, reading, others' changes, bytes."""

from __future__ import annotations

from array import array
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from unicodedata import normalize

import pytest
from textual.pilot import Pilot

from contoso_tui import formats
from contoso_tui.widgets.board import Board
from models.deals.records import DealCard, Stage
from models.errors import DatabaseAwayError
from tests.contoso_tui.widgets.board_app import BoardApp, until
from tests.contoso_tui.widgets.board_deals import MemorySource, make_card, many_cards

# What the frame of the screen leaves the board at 80x24 and at 140x40 with a pane of 35.
SMALL = (80, 21)
LARGE = (105, 35)


@asynccontextmanager
async def running(
    source: MemorySource, size: tuple[int, int] = SMALL, **board: Any
) -> AsyncIterator[tuple[BoardApp, Pilot[None]]]:
    app = BoardApp(source, **board)
    async with app.run_test(size=size) as pilot:
        await until(lambda: app.loaded > 0)
        await settle(app, pilot)
        yield app, pilot


async def settle(app: BoardApp, pilot: Pilot[None]) -> None:
    """Wait until the terminal shows what the board wants to show."""
    await until(lambda: app.board._reading is None)
    await until(lambda: shown(app) == [normalize("NFC", row).rstrip() for row in app.rows()])
    await pilot.pause()


def shown(app: BoardApp) -> list[str]:
    """Return the rows of the emulated terminal; it keeps an empty cell after each wide character."""
    terminal = app.wire.terminal
    rows = []
    for y in range(app.board.size.height):
        line = terminal.buffer[y]
        rows.append(normalize("NFC", "".join(line[x].data for x in range(terminal.columns))).rstrip())
    return rows


async def bytes_of(app: BoardApp, pilot: Pilot[None], act: Callable[[], object]) -> int:
    before = app.wire.sent
    act()
    await settle(app, pilot)
    return app.wire.sent - before


def separators(row: str) -> list[int]:
    return [x for x, sign in enumerate(row) if sign in "│┼┬┴┤"]


async def test_at_80_columns_stand_as_in_the_mock_up() -> None:
    async with running(MemorySource(many_cards(100))) as (app, pilot):
        app.board.move_right(2)
        await settle(app, pilot)
        rows = app.rows()
        assert rows[0] == "1 Qualify  │2 Develop  │▌3 Quote                      │4 Tech Check│5 Close     "
        assert rows[1] == " 20 $240k  │ 20 $240k  │20 deals  $240k            +14│ 20 $240k   │ 20 $240k   "
        assert rows[2] == "───────────┼───────────┼━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┼────────────┼────────────"
        assert {tuple(separators(row)) for row in rows} == {(11, 23, 54, 67)}
        assert rows[3] == "Customer 1 │Customer 2 │▌Customer 3           $12,000 │Customer 4  │Customer 5  "
        assert rows[6] == "           │           │ Customer 8           $12,000 │            │            "
        assert rows[19] == "+16 more   │+16 more   │ Site S8                4d/14 │+16 more    │+16 more    "


async def test_at_140_columns_stand_as_in_the_mock_up() -> None:
    async with running(MemorySource(many_cards(100)), LARGE) as (app, pilot):
        app.board.set_pane(True)
        app.board.move_right(2)
        await settle(app, pilot)
        rows = app.rows()
        assert rows[0] == "─" * 20 + ("┬" + "─" * 20) * 4 + "┬"
        assert rows[4] == "─" * 20 + "┼" + "─" * 20 + "┼" + "━" * 20 + ("┼" + "─" * 20) * 2 + "┤"
        assert rows[34] == "─" * 20 + ("┴" + "─" * 20) * 4 + "┴"
        assert {tuple(separators(row)) for row in rows} == {(20, 41, 62, 83, 104)}
        assert rows[1].startswith("1 Qualify        20 │2 Develop        20 │▌3 Quote         20 │")
        assert rows[2].startswith("$240k     wtd $120k │")
        assert rows[3].startswith("avg 4/14d           │")
        assert rows[5].startswith(" Customer 1  $12,000│")
        assert rows[8] == (" " * 20 + "│") * 5
        assert rows[33].startswith("+13 more  G         │")


@pytest.mark.parametrize("size", [(60, 13), (80, 21), (100, 27), (120, 31), (140, 35), (59, 13), (80, 12), (20, 3)])
async def test_every_size_shows_the_cursor_and_fits(size: tuple[int, int]) -> None:
    async with running(MemorySource(many_cards(100)), size) as (app, pilot):
        for act in (app.board.page_down, app.board.move_right, app.board.go_bottom, app.board.move_right):
            act()
        await settle(app, pilot)
        assert app.board.current is not None
        x, y = app.board.cursor_offset
        assert app.rows()[y][x] == "▌"
        assert app.board.current.customer[:9] in app.rows()[y]


async def test_resizing_keeps_the_deal_in_view() -> None:
    async with running(MemorySource(many_cards(500)), (140, 40)) as (app, pilot):
        app.board.cursor_to(343)
        await settle(app, pilot)
        for width, height in ((80, 24), (60, 16), (40, 10), (120, 36)):
            app.wire.terminal.resize(height, width)
            await pilot.resize_terminal(width, height)
            await until(lambda width=width, height=height: app.board.size == (width, height))  # type: ignore[misc]
            await settle(app, pilot)
            assert app.board.current is not None
            assert app.board.current.id == 343
            x, y = app.board.cursor_offset
            assert app.rows()[y][x] == "▌"


async def test_cursor_moves_by_card_page_column_and_ends() -> None:
    async with running(MemorySource(many_cards(100))) as (app, pilot):
        board = app.board

        def at() -> int:
            assert board.current is not None
            return board.current.id

        seen = []
        for act in (
            board.move_down,
            board.page_down,
            board.go_bottom,
            board.move_down,
            lambda: board.move_down(-1),
            board.go_top,
            lambda: board.move_right(-1),
            lambda: board.go_to_column(4),
            lambda: board.go_to_column(9),
            lambda: board.move_right(5),
        ):
            act()
            await settle(app, pilot)
            seen.append(at())
        assert seen == [6, 36, 96, 96, 91, 1, 1, 4, 4, 5]


async def test_each_column_keeps_its_own_place() -> None:
    async with running(MemorySource(many_cards(200))) as (app, pilot):
        app.board.move_down(20)
        app.board.move_right()
        app.board.move_down(3)
        app.board.move_right(-1)
        await settle(app, pilot)
        assert app.board.current is not None
        assert app.board.current.id == 101


async def test_a_first_board_needs_one_round_trip() -> None:
    source = MemorySource(many_cards(100))
    async with running(source):
        assert source.reads == ["first"]


async def test_only_the_heads_of_long_columns_are_needed_at_first() -> None:
    source = MemorySource(many_cards(1000), is_complete=False)
    async with running(source) as (app, pilot):
        app.board.go_bottom()
        await settle(app, pilot)
        assert app.board.current is not None
        assert app.board.current.id == 996


async def test_keys_are_never_dropped_while_cards_are_read() -> None:
    source = MemorySource(many_cards(5000))
    async with running(source) as (app, pilot):
        source.gate.clear()
        for _ in range(30):
            app.board.page_down()
        app.board.move_down(2)
        await pilot.pause()
        assert app.board.current is None
        row = app.board.model.active.row
        assert row == 30 * 6 + 2
        assert "▌…" in app.rows()[app.board.cursor_offset.y]
        source.gate.set()
        await settle(app, pilot)
        assert app.board.current is not None
        assert app.board.current.id == 5 * row + 1


async def test_memory_holds_a_window_of_cards_only() -> None:
    source = MemorySource(many_cards(100_000))
    async with running(source, LARGE) as (app, pilot):
        for _ in range(60):
            app.board.page_down()
            await until(lambda: app.board._reading is None)
        for number in range(1, 6):
            app.board.go_to_column(number)
            app.board.go_bottom()
            await settle(app, pilot)
        assert app.board.current is not None
        assert app.board.current.id == 100_000
        assert len(app.board.model._cards) < 1000
        assert source.cards_read < 5000


@pytest.mark.parametrize("count", [100, 100_000])
async def test_keys_cost_few_bytes_and_rest_none(count: int) -> None:
    async with running(MemorySource(many_cards(count))) as (app, pilot):
        board = app.board
        assert app.wire.sent <= 12_000
        for number in (1, 3, 5):
            board.go_to_column(number)
            await settle(app, pilot)
            for _ in range(3):
                assert 0 < await bytes_of(app, pilot, board.move_down) <= 400
        assert await bytes_of(app, pilot, board.page_down) <= 2_000
        assert await bytes_of(app, pilot, lambda: board.move_right(-1)) <= 4_000
        assert await bytes_of(app, pilot, lambda: None) == 0


async def test_columns_of_equal_width_cost_no_more_than_a_row() -> None:
    async with running(MemorySource(many_cards(100)), (100, 27)) as (app, pilot):
        assert 0 < await bytes_of(app, pilot, app.board.move_right) <= 1_000


async def test_the_real_cursor_stands_on_the_deal() -> None:
    async with running(MemorySource(many_cards(100))) as (app, pilot):
        app.board.move_right()
        app.board.move_down()
        await settle(app, pilot)
        cursor = app.wire.terminal.cursor
        assert (cursor.x, cursor.y) == (12, 6) == tuple(app.board.cursor_offset)


async def test_another_view_drops_marks_that_it_does_not_have() -> None:
    async with running(MemorySource(many_cards(20))) as (app, pilot):
        app.board.mark_all()
        await app.board.show(MemorySource(many_cards(3)), keep_id=2).wait()
        await settle(app, pilot)
        assert app.board.marked == {1, 2, 3}
        assert app.board.model.current_id == 2


async def test_cards_of_a_view_that_was_left_change_nothing() -> None:
    slow = MemorySource(many_cards(5000))
    async with running(slow) as (app, pilot):
        slow.gate.clear()
        app.board.go_bottom()
        await pilot.pause()
        del slow.deals[6]
        await app.board.show(MemorySource(many_cards(50))).wait()
        slow.gate.set()
        await settle(app, pilot)
        assert app.board.model.deals == 50
        app.board.go_bottom()
        await settle(app, pilot)
        assert app.board.current is not None
        assert app.board.current.id == 46


async def test_highlighted_tells_each_deal_once() -> None:
    async with running(MemorySource(many_cards(20))) as (app, pilot):
        app.board.move_down()
        app.board.move_down()
        app.board.go_bottom()
        app.board.go_bottom()
        await settle(app, pilot)
        assert [card.id for card in app.highlighted if card] == [1, 6, 11, 16]


async def test_an_empty_column_has_no_deal() -> None:
    deals = {1: make_card(1, stage="quote")}
    async with running(MemorySource(deals)) as (app, pilot):
        assert app.board.current is None
        assert app.board.targets == []
        assert "No deals" in app.rows()[3]
        app.board.mark()
        app.board.open_current()
        app.board.move_right(2)
        await settle(app, pilot)
        assert app.board.targets == [1]
        assert app.opened == []


async def test_an_empty_view_says_so() -> None:
    async with running(MemorySource({})) as (app, pilot):
        app.board.set_empty_text("No deal matches 'xq' in mine·open. esc clear")
        for act in (
            app.board.move_down,
            app.board.go_bottom,
            app.board.page_down,
            app.board.move_right,
            app.board.mark_all,
        ):
            act()
        await settle(app, pilot)
        assert "No deal matches 'xq'" in "".join(app.rows())
        assert app.board.current is None


async def test_marks() -> None:
    async with running(MemorySource(many_cards(20))) as (app, pilot):
        app.board.mark()
        app.board.mark()
        await settle(app, pilot)
        assert app.board.marked == {1, 6}
        assert app.board.targets == [1, 6]
        assert "*Customer 1" in app.rows()[3]
        app.board.mark_all()
        assert len(app.board.marked) == 20
        app.board.mark_all()
        assert not app.board.marked
        assert app.board.targets == [11]


async def test_a_deal_that_moves_is_shown_where_it_went() -> None:
    source = MemorySource(many_cards(100))
    async with running(source) as (app, pilot):
        source.deals[1] = source.deals[1]._replace(stage="develop", version=2)
        await app.board.refresh_deals([1]).wait()
        await settle(app, pilot)
        assert app.board.current is not None
        assert app.board.current.id == 6
        assert "Customer 1 " in app.rows()[3][12:]
        assert app.rows()[1].startswith(" 19 deals") or app.rows()[1].startswith("19 deals")
        source.deals[6] = source.deals[6]._replace(stage="develop", version=2)
        await app.board.refresh_deals([6], follow=6).wait()
        await settle(app, pilot)
        assert app.board.current.id == 6
        assert app.board.model.column == 1


async def test_an_older_read_that_comes_late_changes_nothing() -> None:
    source = MemorySource(many_cards(100))
    async with running(source) as (app, _):
        old = source.deals[6]
        source.deals[6] = old._replace(stage="develop", version=2)
        await app.board.refresh_deals([6]).wait()
        app.board.model.take_cards({6: 0}, [old])
        assert app.board.model.find(6) == (1, 0)


async def test_others_changes_carry_a_sign_until_looked_at() -> None:
    source = MemorySource(many_cards(100))
    async with running(source, (140, 35)) as (app, pilot):
        before = app.wire.sent
        source.deals[11] = source.deals[11]._replace(stage_age_days=5, version=2)
        await app.board.refresh_deals([11], is_by_others=True).wait()
        await settle(app, pilot)
        assert 0 < app.wire.sent - before < 1000
        assert "5d/14^" in "".join(app.rows())
        for _ in range(3):
            app.board.move_down()
        await settle(app, pilot)
        assert "^" not in "".join(app.rows())


async def test_a_deal_that_left_the_view_goes_and_a_new_one_comes() -> None:
    source = MemorySource(many_cards(20))
    async with running(source) as (app, pilot):
        app.board.mark_all()
        del source.deals[1]
        del source.deals[6]
        source.deals[500] = make_card(500, customer="Newcomer", stage="close")
        await app.board.refresh_deals([1, 6, 500]).wait()
        await settle(app, pilot)
        assert list(app.board.model.columns[0].ids) == [11, 16]
        assert app.board.model.columns[4].ids[0] == 500
        assert app.board.marked.isdisjoint({1, 6})
        assert "Newcomer" in "".join(app.rows())


async def test_reloading_sorts_anew_and_stays_on_the_deal() -> None:
    source = MemorySource(many_cards(100))
    async with running(source) as (app, pilot):
        app.board.cursor_to(31)
        source.deals = {
            number: card._replace(customer=f"Again {number}") for number, card in reversed(source.deals.items())
        }
        await app.board.reload().wait()
        await settle(app, pilot)
        assert app.board.current is not None
        assert (app.board.current.id, app.board.current.customer) == (31, "Again 31")
        assert app.board.model.active.row == 13
        assert not any("Customer" in row for row in app.rows())


async def test_a_failing_source_is_told_and_what_is_shown_stays() -> None:
    class Failing(MemorySource):
        is_away = False

        async def cards(self, ids: Sequence[int]) -> Sequence[DealCard]:
            if self.is_away:
                raise DatabaseAwayError("Cannot reach the database")
            return await super().cards(ids)

        async def column_ids(self, stage: str) -> array[int]:
            if self.is_away:
                raise DatabaseAwayError("Cannot reach the database")
            return await super().column_ids(stage)

    source = Failing(many_cards(1000))
    async with running(source) as (app, pilot):
        source.is_away = True
        await app.board.reload().wait()
        app.board.go_bottom()
        await until(lambda: len(app.failures) >= 2)
        assert set(app.failures) == {"Cannot reach the database"}
        source.is_away = False
        app.board.move_down(-1)
        await settle(app, pilot)
        assert app.board.current is not None
        assert app.board.current.id == 991


async def test_folding_a_column_leaves_its_name_and_count() -> None:
    async with running(MemorySource(many_cards(100)), (140, 35)) as (app, pilot):
        app.board.go_to_column(2)
        app.board.toggle_fold()
        await settle(app, pilot)
        assert "▌2 Develop +20" in app.rows()[1]
        total = app.board.model.columns[1].total
        assert total is not None
        assert formats.money_short(total.amount_usd_cents) in app.rows()[2].split("│")[1]
        assert app.board.current is None
        app.board.toggle_fold()
        await settle(app, pilot)
        assert app.board.current is not None
        assert app.board.current.id == 2


async def test_nine_columns_can_all_be_reached() -> None:
    stages = [Stage(f"s{n}", f"Stage {n}", n, 10, None, n == 1, n == 9, False) for n in range(1, 10)]
    source = MemorySource(many_cards(90, stages), stages=stages)
    app = BoardApp(source, stages)
    async with app.run_test(size=SMALL) as pilot:
        await until(lambda: app.loaded > 0)
        for number in range(1, 10):
            app.board.go_to_column(number)
            await settle(app, pilot)
            assert f"▌{number} Stage {number}" in app.rows()[0]
            assert app.board.current is not None
            assert app.board.current.id == number
        assert app.rows()[0].startswith("1-5 ")
        assert app.rows()[3].startswith("1 Stag… +10│")


async def test_mouse() -> None:
    async with running(MemorySource(many_cards(100))) as (app, pilot):
        await pilot.click(Board, offset=(35, 8))
        await settle(app, pilot)
        assert app.board.current is not None
        assert app.board.current.id == 7
        x, y = app.board.cursor_offset
        await pilot.double_click(Board, offset=(x + 2, y + 1))
        await until(lambda: app.opened == [7])
        await pilot._post_mouse_events([_wheel()], Board, offset=(60, 10), button=0)
        await settle(app, pilot)
        assert app.board.model.columns[3].top == 1
        assert app.board.current.id == 7


def _wheel() -> Any:
    from textual.events import MouseScrollDown

    return MouseScrollDown


async def test_hostile_names_stay_text() -> None:
    names = [
        "Acme [/b]",
        "[@click=app.quit]x[/]",
        "a\x1b]0;pwned\x07b",
        "x\u202ey",
        "\ud800",
        "e\u0301" * 40,
        "東京庵" * 9,
    ]
    deals = {n: make_card(n, customer=name, what=name, next_step=name) for n, name in enumerate(names, 1)}
    for size in ((80, 35), (140, 35), (50, 12)):
        async with running(MemorySource(deals), size) as (app, pilot):
            app.board.go_bottom()
            await pilot.pause()
            assert all(character.isprintable() for row in app.rows() for character in row)
            assert "pwned" not in app.wire.terminal.title


async def test_a_theme_without_colours_still_shows_the_cursor() -> None:
    async with running(MemorySource(many_cards(20)), styles={}) as (app, _):
        x, y = app.board.cursor_offset
        line = app.wire.terminal.buffer[y]
        assert line[x].data == "▌"
        assert line[x + 2].reverse
        assert not app.wire.terminal.buffer[y + 3][x + 2].reverse
