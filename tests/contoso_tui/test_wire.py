"""Lean output shows what Textual's own would, in a fraction of the bytes."""

from __future__ import annotations

from typing import Any

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from contoso_tui.compositor import Part, PartsUpdate
from contoso_tui.wire import LeanOutput, Shadow, _cells, _layout_spans, _part_spans
from tests.contoso_tui.widgets.board_app import BoardApp, until
from tests.contoso_tui.widgets.board_deals import MemorySource, many_cards

WIDTH, HEIGHT = 24, 3
STYLES = [
    Style(),
    Style(bold=True),
    Style(dim=True),
    Style(reverse=True),
    Style(underline=True, bold=True),
    Style.parse("red on #121212"),
    Style.parse("bold #5fafff on #121212"),
    Style.parse("reverse #d0d0d0 on #121212"),
    Style.parse("color(200)"),
    Style.parse("bright_green on blue"),
]
WORDS = ["a", "deal", " ", "      ", "東京", "é", "│", "$26,848", "x" * 9, "e\u0301"]

pieces = st.tuples(st.sampled_from(WORDS), st.sampled_from(STYLES))


def make_strip(parts: list[tuple[str, Style]], width: int) -> Strip:
    return Strip([Segment(text, style) for text, style in parts]).adjust_cell_length(width, STYLES[0])


strips = st.lists(pieces, max_size=12).map(lambda parts: make_strip(parts, WIDTH))


@st.composite
def updates(draw: st.DrawFn) -> LayoutUpdate | PartsUpdate:
    lines = [draw(strips) for _ in range(HEIGHT)]
    if draw(st.booleans()):
        return LayoutUpdate([[line] for line in lines], Region(0, 0, WIDTH, HEIGHT))
    cut = draw(st.integers(min_value=1, max_value=WIDTH - 1))
    parts: list[Part] = []
    for y, line in enumerate(lines):
        for x, end, strip in zip((0, cut), (cut, WIDTH), line.divide([cut, WIDTH]), strict=True):
            left = draw(st.integers(min_value=x, max_value=end - 1))
            parts.append(Part(y, x, strip, left, draw(st.integers(min_value=left + 1, max_value=end))))
    return PartsUpdate(parts)


def picture(screen: pyte.Screen) -> list[list[tuple[Any, ...]]]:
    rows = []
    for y in range(screen.lines):
        row: list[tuple[Any, ...]] = []
        for x in range(screen.columns):
            char = screen.buffer[y][x]
            shown = (char.data, char.bg, char.reverse, char.underscore)
            row.append(shown if char.data == " " and not char.reverse else (*shown, char.fg, char.bold))
        rows.append(row)
    return rows


def whole_characters(update: LayoutUpdate | PartsUpdate) -> bool:
    """Return whether no part begins or ends inside a wide character, where plain output sends a space instead."""
    if isinstance(update, LayoutUpdate):
        return True
    return all(
        part.strip.crop(part.left - part.x, part.right - part.x).text
        == "".join(text for text, _ in _cells([part.strip])[part.left - part.x : part.right - part.x])
        for part in update.parts
    )


@settings(max_examples=80)
@given(st.lists(updates().filter(whole_characters), min_size=1, max_size=5))
def test_a_terminal_shows_the_same_as_with_textuals_output(sequence: list[LayoutUpdate | PartsUpdate]) -> None:
    console = Console(color_system="truecolor", force_terminal=True)
    # A column more than is drawn: pyte would wrap at a combining character in the last one.
    plain, lean = pyte.Screen(WIDTH + 1, HEIGHT), pyte.Screen(WIDTH + 1, HEIGHT)
    plain_stream, lean_stream = pyte.Stream(plain), pyte.Stream(lean)
    shadow = Shadow()
    for update in sequence:
        plain_stream.feed(update.render_segments(console).replace("\n", "\r\n"))
        spans = _layout_spans(update) if isinstance(update, LayoutUpdate) else _part_spans(update)
        lean_stream.feed(shadow.sequence(spans, ColorSystem.TRUECOLOR))
        assert picture(lean) == picture(plain)


def test_what_is_shown_already_is_not_sent_again() -> None:
    update = LayoutUpdate([[make_strip([("deal 東京", STYLES[5])], WIDTH)]], Region(0, 0, WIDTH, 1))
    shadow = Shadow()
    assert "deal 東京" in shadow.sequence(_layout_spans(update), ColorSystem.TRUECOLOR)
    assert shadow.sequence(_layout_spans(update), ColorSystem.TRUECOLOR) == ""
    shadow.forget()
    assert "deal 東京" in shadow.sequence(_layout_spans(update), ColorSystem.TRUECOLOR)


def test_only_what_differs_of_a_style_is_sent() -> None:
    shadow = Shadow()
    parts = [("ab", Style.parse("#d0d0d0 on #121212")), ("cd", Style.parse("bold #d0d0d0 on #121212"))]
    update = LayoutUpdate([[make_strip(parts, 4)]], Region(0, 0, 4, 1))
    sent = shadow.sequence(_layout_spans(update), ColorSystem.TRUECOLOR)
    assert sent.endswith("ab\x1b[1mcd\x1b[m")


async def play(is_lean: bool) -> tuple[list[list[tuple[Any, ...]]], int]:
    app = BoardApp(MemorySource(many_cards(200)))
    app.is_lean = is_lean
    async with app.run_test(size=(80, 21)) as pilot:
        await until(lambda: app.loaded > 0)
        board = app.board
        for act in (board.move_down, board.page_down, board.move_right, board.mark, board.go_bottom, board.toggle_fold):
            act()
            await pilot.pause()
        await until(lambda: board._reading is None)
        await pilot.pause()
        rows = [row.rstrip() for row in app.rows()]
        await until(lambda: [line.rstrip() for line in app.wire.terminal.display] == rows)
        return picture(app.wire.terminal), app.wire.sent


async def test_a_board_looks_the_same_for_a_fraction_of_the_bytes() -> None:
    lean, few = await play(is_lean=True)
    plain, many = await play(is_lean=False)
    assert lean == plain
    assert few < many / 2


async def test_redrawing_on_demand_sends_everything() -> None:
    app = BoardApp(MemorySource(many_cards(50)))
    async with app.run_test(size=(80, 21)):
        await until(lambda: app.loaded > 0)
        first_cell = app.wire.terminal.buffer[0]
        first_cell.clear()
        app.redraw()
        await until(lambda: app.wire.terminal.display[0].startswith("▌1 Qualify"))


async def test_after_a_resize_everything_is_sent() -> None:
    app = BoardApp(MemorySource(many_cards(50)))
    assert isinstance(app, LeanOutput)
    async with app.run_test(size=(80, 21)) as pilot:
        await until(lambda: app.loaded > 0)
        for width in (100, 80):
            app.wire.terminal.resize(21, width)
            app.wire.terminal.reset()
            await pilot.resize_terminal(width, 21)
            await until(lambda width=width: app.board.size.width == width)  # type: ignore[misc]
            await until(
                lambda: [line.rstrip() for line in app.wire.terminal.display] == [row.rstrip() for row in app.rows()]
            )
