from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult

from contoso_tui.widgets.list_view import Line, LineList, heading, line


class ListApp(App[None]):
    CSS = "Screen { overflow: hidden; }"

    def __init__(self) -> None:
        super().__init__()
        self.list = LineList(empty="Nothing late. Next: Trey Research 09:30")
        self.highlighted: list[object] = []
        self.chosen: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        self.highlighted.append(message.key)

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self.chosen.append(message.key)

    def rows(self) -> list[str]:
        return [self.list.render_line(y).text for y in range(self.list.size.height)]


def sections() -> list[Line]:
    return [
        heading(" 1 LATE (2)"),
        line("one", 1),
        line("two", 2),
        heading(" 2 TODAY (1)"),
        line("three", 3, right="$9"),
    ]


async def test_the_cursor_skips_headings_and_stops_at_the_ends() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.list.show(sections())
        assert app.list.current == 1
        app.list.move(-1)
        assert app.list.current == 1
        app.list.move(1)
        app.list.move(1)
        assert app.list.current == 3
        app.list.move(1)
        assert app.list.current == 3
        await pilot.pause()
        assert app.highlighted == [1, 2, 3]
        assert app.rows()[4] == "▌three" + " " * 32 + "$9"


async def test_a_heading_comes_into_view_with_its_first_row() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 3)):
        app.list.show([*sections(), *(line(str(number), number) for number in range(10, 30))])
        app.list.move_to(12)
        assert app.rows()[-1].startswith("▌")
        app.list.move_to(0)
        assert [row.strip() for row in app.rows()] == ["1 LATE (2)", "▌one", "two"]


async def test_marks_are_kept_by_key_and_can_be_cleared() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 10)):
        app.list.show(sections())
        app.list.toggle_mark()
        assert app.list.marked == {1}
        assert app.list.current == 2
        assert app.rows()[1].startswith("*one")
        app.list.toggle_all_marks()
        assert app.list.marked == {1, 2, 3}
        app.list.toggle_all_marks()
        assert app.list.marked == set()
        assert not app.list.clear_marks()


async def test_the_cursor_stays_on_its_row_when_the_list_is_read_again() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 10)):
        app.list.show(sections())
        app.list.move_to_key(3)
        app.list.show([line("new", 9), *sections()], keep=app.list.current)
        assert app.list.current == 3
        app.list.show(sections()[:3])
        assert app.list.current == 2


async def test_an_empty_list_says_why() -> None:
    app = ListApp()
    async with app.run_test(size=(60, 4)):
        app.list.show([])
        assert app.rows()[0].strip() == "Nothing late. Next: Trey Research 09:30"
        assert app.list.current is None
        app.list.move(1)
        app.list.page(-1)
        app.list.choose()


async def test_only_what_is_seen_is_read_of_a_long_list() -> None:
    asked: list[tuple[int, int]] = []

    def window(start: int, count: int) -> Sequence[Line]:
        asked.append((start, count))
        return [line(f"row {number}", number) for number in range(start, start + count)]

    app = ListApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.list.show_window(1_000_000, window)
        app.list.move_to(999_999)
        await pilot.pause()
        assert app.list.current == 999_999
        assert app.rows()[-1].startswith("▌row 999999")
        assert sum(count for _, count in asked) < 1_000


async def test_the_mouse_moves_opens_and_scrolls() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.list.show(sections())
        await pilot.click(LineList, offset=(3, 2))
        assert app.list.current == 2
        await pilot.click(LineList, offset=(3, 0))
        assert app.list.current == 2
        await pilot.click(LineList, offset=(3, 4), times=2)
        assert app.chosen == [3]


@pytest.mark.parametrize(
    "name", ["Acme [/b]", "[@click=app.quit]x[/]", "\x1b[2Jgone", "a\u202eb", "東京庵" * 30, "e" + "\u0301" * 50]
)
async def test_hostile_names_are_drawn_as_text(name: str) -> None:
    from rich.cells import cell_len

    app = ListApp()
    async with app.run_test(size=(40, 4)):
        app.list.show([line(name, 1, right=name)])
        row = app.rows()[0]
        assert cell_len(row) == 40
        assert "\x1b" not in row
        assert "\u202e" not in row
