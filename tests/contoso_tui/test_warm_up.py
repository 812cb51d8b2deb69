"""Who only looks on holds one connection; the first key makes a second one ready to write."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.contoso_tui.conftest import MakeApp, until


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="open files are counted in /proc")
async def test_the_connection_that_writes_is_opened_after_the_first_key(make_app: MakeApp, database_path: Path) -> None:
    def connections() -> int:
        links = [Path(entry.path) for entry in os.scandir("/proc/self/fd")]
        return sum(1 for link in links if link.is_symlink() and os.readlink(link) == str(database_path))

    async with make_app().run_test() as pilot:
        await until(pilot, lambda: connections() == 1)
        await pilot.press("j")
        await until(pilot, lambda: connections() == 2)
