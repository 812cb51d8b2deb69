"""The database of `deal_story`, and apps on its deals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contoso_tui.screens.deal_driver import Driver
from tests.contoso_tui.screens.deal_story import Story, build, make_app


@pytest.fixture
def story(tmp_path, monkeypatch) -> Story:
    for name in ("STATE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return build(tmp_path / "story.db")


@pytest.fixture
def opened(story, wait_until, shown):
    """Open a deal in an app; use as `async with opened(login, deal_id) as on:`."""

    class Opened:
        def __init__(self, login: str, deal_id: int, size=(80, 24)) -> None:
            self.app = make_app(story, login, f"D-{deal_id}")
            self.running = self.app.run_test(size=size)

        async def __aenter__(self) -> Driver:
            pilot = await self.running.__aenter__()
            on = Driver(self.app, pilot, wait_until, shown)
            await on.until(lambda: getattr(self.app.screen, "page", None) is not None)
            return on

        async def __aexit__(self, *error: Any) -> None:
            await self.running.__aexit__(*error)

    return Opened
