"""A partial update writes what Textual's compositor would show, wherever widgets stand and overlap."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from contoso_tui.compositor import LeanCompositor, LeanScreen, PartsUpdate
from contoso_tui.wire import _cells

WIDTH, HEIGHT = 30, 8


class Lines(Widget):
    """Shows its letter and how often it was changed; counts the rows it was asked for."""

    def __init__(self, letter: str, **options: Any) -> None:
        super().__init__(**options)
        self.letter = letter
        self.number = 0
        self.drawn: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        text = f"{self.letter}{self.number}東{y}" * self.size.width
        return Strip([Segment(text, Style(bold=self.number % 2 == 1))]).crop(0, self.size.width)


class Layers(LeanScreen, Screen[None]):
    """Two panes beside each other, a row below, and a box over all three."""

    def compose(self) -> ComposeResult:
        yield Widget(Lines("l", id="left"), Lines("r", id="right"), id="panes")
        yield Lines("s", id="row")
        yield Lines("b", id="box")


class LayersApp(App[None]):
    CSS = """
    Layers { layout: vertical; layers: base over; overflow: hidden; }
    #panes { layout: horizontal; height: 1fr; overflow: hidden; }
    #left { width: 11; } #right { width: 1fr; } #row { height: 1; }
    #box { layer: over; dock: bottom; offset: 7 -1; width: 9; height: 4; }
    """

    def get_default_screen(self) -> Screen[None]:
        return Layers()


def whole(screen: Screen[Any]) -> list[list[tuple[str, Style]]]:
    update = screen._compositor.render_full_update()
    assert isinstance(update, LayoutUpdate)
    return [_cells(line) for line in update.strips]


Dirty = tuple[str, Region | None]
CASES: list[list[Dirty]] = [
    [("left", None)],
    [("box", None)],
    [("left", Region(0, 0, 3, 1)), ("left", Region(6, 0, 2, 1))],
    [("left", Region(0, 1, 11, 4)), ("right", Region(2, 3, 4, 2))],
    [("right", Region(0, 0, 100, 100)), ("row", None), ("box", Region(0, 2, 4, 1))],
    [("row", None), ("left", Region(0, 0, 1, 1))],
]


@pytest.mark.parametrize("dirty", CASES, ids=range(len(CASES)))
async def test_the_screen_ends_as_a_full_update_would_draw_it(dirty: list[Dirty]) -> None:
    app = LayersApp()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        screen = app.screen
        compositor = screen._compositor
        assert isinstance(compositor, LeanCompositor)
        shown = whole(screen)
        for name, region in dirty:
            widget = screen.query_one(f"#{name}", Lines)
            widget.number += 1
            widget.refresh(*([] if region is None else [region]))
        compositor.update_widgets({screen.query_one(f"#{name}", Lines) for name, _ in dirty})
        update = compositor.render_update()
        assert isinstance(update, PartsUpdate)
        for y, x, strip, left, right in update.parts:
            shown[y][left:right] = _cells([strip])[left - x : right - x]
        # A widget that says that a part of it changed may draw the rest of that row as it likes.
        dirty_cells = [
            (x, y)
            for name, region in dirty
            for widget in [screen.query_one(f"#{name}", Lines)]
            for area in [(region or widget.region.reset_offset).translate(widget.region.offset)]
            for cell in [area.intersection(widget.region)]
            for x, y in product(cell.column_range, cell.line_range)
        ]
        now = whole(screen)
        assert [shown[y][x] for x, y in dirty_cells] == [now[y][x] for x, y in dirty_cells]


async def drawn_after(change: Callable[[Lines], object]) -> dict[str, list[int]]:
    app = LayersApp()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        widgets = list(app.screen.query(Lines))
        for widget in widgets:
            widget.drawn.clear()
            widget._styles_cache.clear()
        left = app.screen.query_one("#left", Lines)
        change(left)
        app.screen._compositor.update_widgets({left})
        app.screen._compositor.render_update()
        return {widget.letter: sorted(set(widget.drawn)) for widget in widgets}


async def test_only_widgets_on_dirty_rows_draw_and_only_these_rows() -> None:
    drawn = await drawn_after(lambda left: left.refresh(Region(0, 1, 5, 2)))
    assert drawn == {"l": [1, 2], "r": [], "s": [], "b": []}


async def test_rows_below_a_box_are_taken_from_what_lies_around_it() -> None:
    drawn = await drawn_after(lambda left: left.refresh(Region(0, 4, 11, 1)))
    assert drawn["l"] == [4]
    assert drawn["b"] == [1]
    assert drawn["r"] == drawn["s"] == []


async def test_nothing_dirty_is_no_update() -> None:
    app = LayersApp()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        app.screen._compositor._dirty_regions.clear()
        assert app.screen._compositor.render_update() is None
