"""A small app around real parts: a real database file, its store, drafts in a private folder, two screens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from contoso_tui.app import ContosoApp
from contoso_tui.drafts import DraftStore
from contoso_tui.host import Settings
from contoso_tui.store import Store
from models import database, setup
from models.people import users
from models.people.records import Actor
from tests.contoso_tui.small_app import LOGIN, NOW, OtherScreen, SmallScreen


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
