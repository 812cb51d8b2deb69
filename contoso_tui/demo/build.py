"""Makes a whole demo: files, database, import, and what the staff did since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from contoso_tui.demo import files, material_stories, recent, scenario
from contoso_tui.demo.background import Background
from models import database, setup
from models.people import users

FILE = "contoso.db"
_FOUNDED = dt.timedelta(days=100)
_FIRST_IMPORTED, _LAST_IMPORTED = dt.timedelta(days=recent.DAYS), dt.timedelta(hours=2)


def build(
    folder: Path,
    now: dt.datetime,
    tell: Callable[[str], None],
    *,
    seed: int = 7,
    people: int = 5000,
    accounts: int = 300,
) -> Path:
    """Make the demo in `folder` and return its database; `tell` hears what is being made.

    The staff needs about 150 accounts.
    """
    path = folder / FILE
    export = folder / "export"
    tell("five files of people, purchases and reviews")
    exported_on = (now - _FIRST_IMPORTED).date()
    writing = Background(files.write_files, export, today=exported_on, seed=seed, people=people, accounts=accounts)
    # Importing costs a second of pandas: only who wants a demo pays it.
    from importers import run

    setup.create(path, scenario.MAKER, now - _FOUNDED, name="Ona Quinn", is_demo=True)
    database.init(path)
    with database.connection():
        # Nobody misses a demo that a power cut took: don't wait for the disk at each of its changes.
        database.execute("PRAGMA synchronous = OFF")
        scenario.add_staff(now - _FOUNDED)
        writing.join()
        tell("customers out of the five files")
        maker = users.get_actor(scenario.MAKER, "cli")
        run.run([export], maker, now - _FIRST_IMPORTED)
        material_stories.stock(maker, now - _FIRST_IMPORTED)
        tell("deals, quotes, tech checks and nurture")
        scenario.write(now, seed)
        recent.write(export, folder / "export of this week", now.date(), seed)
        run.run([folder / "export of this week"], maker, now - _LAST_IMPORTED)
    return path
