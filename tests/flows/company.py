"""A small company for stories told by keys: its users, its files, a working day, and two of its customers."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

import holidays

from contoso_tui.demo import files
from tests.terminal.terminal import Home, Terminal

REP, CONSULTANT = "ana.wu", "uma.reyes"
_TEN_O_CLOCK = "10:00:00-07:00"


@dataclass(frozen=True, slots=True)
class Company:
    """A test database with users and nothing else; the time stands still at ten on a working day."""

    home: Home
    at: str

    def session(self, user: str, **options: int) -> Terminal:
        """Open the user's home screen at 80x24."""
        return self.home.open("--as", user, "--at", self.at, **options)

    def individuals(self) -> list[str]:
        """Return names of individuals that no other customer has, in ASCII so that any keyboard types them."""
        rows = self.home.query(
            "SELECT name FROM customer WHERE kind = 'individual' GROUP BY name HAVING count(*) = 1 ORDER BY name"
        )
        return [name for (name,) in rows if name.isascii() and name.replace(" ", "").isalpha()]


def working_day() -> dt.date:
    """Return a coming day, Monday to Thursday, on which and on whose eve Contoso works."""
    off = holidays.country_holidays("US")
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)
    while day.weekday() > 3 or day in off:
        day += dt.timedelta(days=1)
    return day


def found(home: Home) -> Company:
    """Make the database, and users who sell and who sign."""
    home.run("init", "--test")
    home.run("user", "set", _maker(home), "role=operations")
    home.run("user", "add", REP, "--role", "representative", "--role", "executive", "--team", "West")
    home.run("user", "add", CONSULTANT, "--role", "consultant", "--team", "West")
    return Company(home, f"{working_day()}T{_TEN_O_CLOCK}")


def lay_out_files(home: Home) -> None:
    """Put four files where a new user is offered them: the real ones if there are, else made-up ones."""
    real = os.environ.get("CONTOSO_TEST_DATA")
    folder = home.folder / "crm-export"
    if real:
        folder.symlink_to(Path(real) / "ci-ilt" / "sources")
    else:
        files.write_files(folder, today=dt.datetime.now(dt.UTC).date(), people=40, accounts=4, stores=2)


def _maker(home: Home) -> str:
    ((login,),) = home.query("SELECT login FROM app_user")
    return str(login)
