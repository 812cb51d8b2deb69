"""Making a new database: file, schema, first user, Contoso's process, company holidays."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from models import clock, database, journal, process, process_change, process_file
from models.errors import RefusedError
from models.people import users
from models.people.records import Actor

_HOLIDAY_YEARS_AHEAD = 5


def create(
    path: Path, login: str, now: dt.datetime, *, name: str = "", is_test: bool = False, is_demo: bool = False
) -> None:
    """Make a database at `path` with `login` as its operations; works on an empty or absent file.

    `is_test` and `is_demo` databases allow acting as another user and say so on the first row.

    Raises:
        RefusedError: there is one already.
    """
    if path.exists() and path.stat().st_size:
        raise RefusedError(f"{path} exists already; contoso opens it as it is")
    database.create_file(path)
    database.init(path)
    with database.connection():
        database.upgrade()
        maker = Actor(0, login, name or login, frozenset(), None, "init")
        with journal.action(maker, now, "user.change", "Made the database", can_undo=False):
            text = process.shipped_text()
            process_change.put_in_force(maker, now, text, process_file.read(text))
            users.add_first(login, name or login, now)
            _add_holidays(clock.local_date(now, database.company_zone()).year)
            for key, value in (("is_test", is_test), ("is_demo", is_demo)):
                if value:
                    database.put_setting(key, "1")


def _add_holidays(year: int) -> None:
    """US federal holidays, from a year back to some ahead; the board reads the table, not the library."""
    import holidays

    for day, name in holidays.country_holidays("US", years=range(year - 1, year + _HOLIDAY_YEARS_AHEAD + 1)).items():
        database.execute("INSERT OR IGNORE INTO holiday (on_date, name) VALUES (?, ?)", (day.isoformat(), name))
