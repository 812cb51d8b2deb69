"""A small app around real parts: a real database file, its store, drafts in a private folder, two screens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot

from contoso_tui.app import ContosoApp
from contoso_tui.base_screen import BaseScreen
from contoso_tui.drafts import DraftStore
from contoso_tui.host import Settings
from contoso_tui.store import Store
from contoso_tui.widgets.list_view import Line, LineList, heading, line
from models import database, setup
from models.people import users
from models.people.records import Actor

NOW = dt.datetime(2026, 11, 18, 21, 0, tzinfo=dt.UTC)
LOGIN = "ana.wu"
SIZES = [(60, 16), (80, 24), (100, 30), (120, 36), (140, 40)]


class SmallScreen(BaseScreen):
    """A list of deals with some of the board's commands; `ran` records them."""

    scope = "board"
    heading = "Board"

    def __init__(self) -> None:
        super().__init__()
        self.list = LineList(empty="No deals yet.")
        self.ran: list[str] = []
        self.news: list[Any] = []
        self.reasons: dict[str, str] = {}

    @property
    def active_list(self) -> LineList:
        return self.list

    def body(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        super().on_mount()
        self.show_place("mine·open", "Q4  $629k open")
        self.list.show(rows(40))

    def why_not(self, command_id: str) -> str | None:
        return self.reasons.get(command_id)

    def shell_values(self) -> dict[str, str]:
        return {"deal": "D-1042", "next_stage": "tech_check"}

    def copy_texts(self) -> dict[str, str]:
        return {"i": "D-1042", "n": "Fabrikam Clinics"}

    def database_changed(self, changed: Any) -> None:
        self.news.append(changed)

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        self.status_row.detail(f"row {message.key}")

    def action_deal_forward(self) -> None:
        self.ran.append("deal.forward")
        self.status("Moved Fabrikam Clinics to Tech Check · u undo")

    def action_deal_lost(self) -> None:
        self.ran.append("deal.lost")

    def action_board_column(self, key: str) -> None:
        self.ran.append(f"board.column {key}")


class OtherScreen(BaseScreen):
    scope = "agenda"
    heading = "Agenda"


def rows(count: int) -> list[Line]:
    return [
        heading(f" SECTION {number // 10}") if number % 10 == 0 else line(f"Deal {number} 東京庵", number, right="$1")
        for number in range(count)
    ]


@pytest.fixture
def database_path(tmp_path: Path) -> Path:
    path = tmp_path / "contoso.db"
    setup.create(path, LOGIN, NOW, is_test=True)
    return path


@pytest.fixture
def actor(database_path: Path) -> Actor:
    with database.connection():
        return users.get_actor(LOGIN)


MakeApp = Callable[..., ContosoApp]


@pytest.fixture
def make_app(database_path: Path, actor: Actor, tmp_path: Path) -> MakeApp:
    def make(settings: Settings | None = None, **options: Any) -> ContosoApp:
        options.setdefault("screens", {"board": SmallScreen, "agenda": OtherScreen})
        return ContosoApp(
            Store(database_path),
            actor,
            settings=settings or Settings(theme="contoso-dark"),
            clock=lambda: NOW,
            drafts=DraftStore(tmp_path / "drafts"),
            **options,
        )

    return make


async def until(pilot: Pilot[Any], condition: Callable[[], object], tries: int = 400) -> None:
    """Wait until a condition holds; fails with the condition's name after many turns of the loop."""
    for _ in range(tries):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError(f"never came true: {condition}")


Until = Callable[..., Awaitable[None]]


@pytest.fixture
def wait_until() -> Until:
    return until


def screen_text(app: ContosoApp) -> list[str]:
    """What the terminal shows, line by line."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


@pytest.fixture
def shown() -> Callable[[ContosoApp], list[str]]:
    return screen_text
