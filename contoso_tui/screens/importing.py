"""Importing files from a screen: choose, look, then import in a process of its own with its progress told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contoso_tui.import_job import ImportJob

if TYPE_CHECKING:
    from contoso_tui.screens.acting import ActingScreen

Tell = Callable[[str], None]


async def import_files(
    screen: ActingScreen,
    paths: Sequence[Path] = (),
    *,
    tell: Tell | None = None,
    begun: Callable[[ImportJob], None] | None = None,
) -> int | None:
    """Ask for files unless given, show what they hold, import them; return the import's number, None if it was left.

    `tell` gets progress in words and at last "". `begun` gets the process once it writes, so that it can be stopped.

    Raises:
        ContosoError: a file can't be used, or the database refused it; nothing was written.
    """
    from contoso_tui.dialogs.choose_path import ChoosePath
    from contoso_tui.dialogs.preview import Preview

    host = screen.host
    say = tell or screen.status
    job = ImportJob(host.store.path, host.actor.login)
    try:
        if not paths:
            home = await asyncio.to_thread(Path.home)
            chosen = await screen.app.push_screen_wait(ChoosePath("Import files", home))
            if chosen is None:
                return None
            paths = [Path(chosen)]
        say("Reading the files …")
        lines = await job.look(paths)
        say("")
        answers = {"leave": "Not now", "import": "Import"}
        if await screen.app.push_screen_wait(Preview("Import files", lines, answers)) != "import":
            return None
        if begun is not None:
            begun(job)
        say("Importing …")
        return await job.run(paths, host.clock(), say)
    finally:
        say("")
        job.close()
