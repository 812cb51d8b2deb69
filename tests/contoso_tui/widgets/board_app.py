"""A bare app around a board, and a driver that counts and interprets what goes over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pyte
from rich.console import Console
from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import Screen

from contoso_tui import themes
from contoso_tui.compositor import LeanScreen
from contoso_tui.widgets.board import Board
from contoso_tui.wire import LeanOutput
from models.deals.records import DealCard, Stage
from tests.contoso_tui.widgets.board_deals import STAGES, TODAY, MemorySource


class WireDriver(HeadlessDriver):
    """Takes what a terminal would get: counts it and shows it to a terminal emulator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent = 0
        self.terminal = pyte.Screen(*(self._size or (80, 24)))
        self._stream = pyte.Stream(self.terminal)

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.sent += len(data.encode())
        self._stream.feed(data)


class BoardScreen(LeanScreen, Screen[None]):
    pass


class BoardApp(LeanOutput, App[None]):
    """Shows nothing but a board; keeps what it posts."""

    CSS = "Screen { overflow: hidden; }"

    def __init__(self, source: MemorySource, stages: list[Stage] = STAGES, **board: Any) -> None:
        super().__init__()
        # The console that Textual makes has no colours unless the environment says so.
        self.console = Console(color_system="truecolor", force_terminal=True, file=self.console.file)
        self.source = source
        board.setdefault("styles", themes.palette("contoso-dark"))
        self.board = Board(stages, today=TODAY, **board)
        self.highlighted: list[DealCard | None] = []
        self.opened: list[int] = []
        self.failures: list[str] = []
        self.loaded = 0
        self.has_shown = asyncio.Event()

    def get_default_screen(self) -> Screen[Any]:
        return BoardScreen() if self.is_lean else Screen()

    def compose(self) -> ComposeResult:
        yield self.board

    def on_mount(self) -> None:
        self.board.show(self.source)

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        return WireDriver(self, debug=False, mouse=mouse, size=size)

    @property
    def wire(self) -> WireDriver:
        assert isinstance(self._driver, WireDriver)
        return self._driver

    def on_board_highlighted(self, message: Board.Highlighted) -> None:
        self.highlighted.append(message.card)

    def on_board_opened(self, message: Board.Opened) -> None:
        self.opened.append(message.deal_id)

    def on_board_loaded(self) -> None:
        self.loaded += 1

    def on_board_read_failed(self, message: Board.ReadFailed) -> None:
        self.failures.append(message.error.message)

    def rows(self) -> list[str]:
        """Return what the board says it shows."""
        return ["".join(segment.text for segment in self.board.render_line(y)) for y in range(self.board.size.height)]


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the condition is a terminal's picture; nothing sets an event
            await asyncio.sleep(0.005)
