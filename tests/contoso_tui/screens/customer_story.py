"""A small company after its first import: Nora Vale in all four sources, Fabrikam in nurture, others."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from contoso_tui import launch
from contoso_tui.cli import config
from contoso_tui.dialogs.form import FormDialog
from importers import run
from models import database, setup
from models.activities import log
from models.customers import customers
from models.deals import deals
from models.nurture import enrolments
from models.people import users
from models.people.records import Role
from tests import folders
from tests.contoso_tui.conftest import screen_text, until
from tests.importers.small_files import Files, bought, bought_in_store, contact, member

T = TypeVar("T")
# Wednesday 18 November 2026, 10:00 in Denver.
NOW = dt.datetime(2026, 11, 18, 17, 0, tzinfo=dt.UTC)
_STAFF = {
    "ana.wu": (Role.EXECUTIVE, Role.REPRESENTATIVE),
    "bo.lee": (Role.REPRESENTATIVE,),
    "gil.ortega": (Role.MANAGER,),
    "uma.reyes": (Role.CONSULTANT,),
}
OTHERS = ("Ada Ashe", "Ben Bell", "Cleo Carr", "Dan Dorn", "Eva Elm")


@dataclass(frozen=True)
class Story:
    """The database, its files, and customers' ids by name."""

    path: Path
    files: Path
    ids: dict[str, int]

    def read(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Read as another session does."""
        database.init(self.path)
        with database.connection():
            return fn(*args, **kwargs)

    def act(self, login: str, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Change something as another session of `login` does."""
        database.init(self.path)
        with database.connection():
            return fn(users.get_actor(login), NOW, *args, **kwargs)

    def value(self, query: str, *params: Any) -> Any:
        """Return the first value of a query."""
        return self.read(lambda: database.execute(query, params).fetchone()[0])


def at(day: str, hour: int = 17) -> dt.datetime:
    """Return a moment of a day of 2026."""
    return dt.datetime.fromisoformat(f"2026-{day}T{hour:02d}:00:00+00:00")


def write_files(folder: Path) -> Files:
    """Write the four files into a new folder."""
    files = Files(folder)
    nora = contact(
        1, "Nora", "Vale", DateOfBirth="3/12/1984", Telephone="303 555 014", CreatedOn="1/31/2018", Income="52000",
        City="Denver", State="Colorado", StreetAddress="14 Elm Walk", PostCode="80014", **{"Loyalty Tier": "medium"},
    )  # fmt: skip
    firm = {"CompanyName": "Fabrikam Clinics", "State": "Colorado"}
    files.contacts(
        nora,
        contact(2, "Mira", "Dune", EMail="mira@fabrikam.example", **firm),
        contact(3, "Sam", "Pine", EMail="sam@fabrikam.example", **firm),
        *(contact(number, *name.split(" ")) for number, name in enumerate(OTHERS, 10)),
    )
    files.loyalty(
        member(1, "Nora", "Vale", DateOfBirth="1984-12-03", Telephone="303 555 0142", RewardPoints="640",
               CreatedOn="2018-10-23"),
        member(12, "Cleo", "Carr"),
    )  # fmt: skip
    files.online(
        bought(1, "OPID_1", "1390.00", PurchasedOn="11/2/2026", ProductId="Thermostat T2"),
        bought(1, "OPID_2", "1126.00", PurchasedOn="6/5/2026", ProductId="Site S8 starter"),
        bought(99, "OPID_9", "10.00"),
    )
    files.pos(
        bought_in_store(1, "PID_1", "189.00", PurchasedOn="2026-09-14", RewardPointsAdded="95"),
        bought_in_store(1, "PID_2", "38.00", PurchasedOn="2018-12-01", RewardPointsAdded="20"),
    )
    return files


@lru_cache(maxsize=1)
def _template() -> Story:
    folder = folders.make("customers-")
    path = folder / "story.db"
    setup.create(path, "olga", at("09-01"), name="Olga", is_test=True)
    files = write_files(folder / "files")
    with database.connection():
        olga = users.get_actor("olga")
        for login, roles in _STAFF.items():
            users.add(olga, at("09-01"), login, roles, name=login.title().replace(".", " "), team="West")
        users.change(olga, at("09-01"), "olga", roles=[Role.OPERATIONS])
        olga = users.get_actor("olga")
        run.run([files.folder], olga, at("11-06"))
        ids = {name: found for found, name in database.execute("SELECT id, name FROM customer")}
        customers.assign(olga, at("11-06"), list(ids.values()), "bo.lee")
        customers.assign(olga, at("11-06"), [ids["Fabrikam Clinics"]], "ana.wu")
        bo, ana = users.get_actor("bo.lee"), users.get_actor("ana.wu")
        ids["Wingtip Toys"] = customers.create(ana, at("11-07"), name="Wingtip Toys", kind="corporate")
        deal = deals.create(bo, at("11-10"), ids["Nora Vale"], type="Doorbells", amount_minor=89_000)
        log.log(
            bo, at("11-16"), customer_id=ids["Nora Vale"], deal_id=deal, channel="call", who="Nora Vale",
            text="Asks about a sensor for the cellar", duration_minutes=6,
        )  # fmt: skip
        enrolments.start(ana, at("11-10"), [ids["Fabrikam Clinics"]])
    database.init(path)
    with database.connection():
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Story(path, files.folder, ids)


def build(folder: Path) -> Story:
    """Copy the database and its files into `folder`."""
    made = _template()
    shutil.copyfile(made.path, folder / "story.db")
    shutil.copytree(made.files, folder / "files")
    return Story(folder / "story.db", folder / "files", made.ids)


class Driver:
    """A running app, and what tests wait for."""

    def __init__(self, app: Any, pilot: Any) -> None:
        self.app, self.pilot = app, pilot

    async def until(self, condition: Callable[[], object], tries: int = 400) -> None:
        await until(self.pilot, condition, tries)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    @property
    def screen(self) -> Any:
        return self.app.screen

    @property
    def text(self) -> str:
        return "\n".join(screen_text(self.app))

    @property
    def status(self) -> str:
        return screen_text(self.app)[-2]

    async def told(self, words: str) -> None:
        await self.until(lambda: words in self.status)

    async def dialog(self, kind: type[Any], *keys: str) -> Any:
        """Press keys and wait for a dialog of this kind with something in it."""
        await self.press(*keys)
        await self.until(lambda: isinstance(self.app.screen, kind) and self.app.screen.box.text)
        return self.app.screen

    async def fill(self, **texts: str) -> None:
        """Put texts into the fields of the form that is open and save it."""
        await self.until(lambda: isinstance(self.app.screen, FormDialog))
        form = self.app.screen
        for name, text in texts.items():
            form.state.set_text(name, text)
        await self.press("ctrl+s")
        await self.until(lambda: self.app.screen is not form)

    async def pick(self, text: str, *keys: str) -> None:
        """Open a picker with keys, narrow it by typing, and take the first line."""
        from contoso_tui.dialogs.picker import Picker

        picker = await self.dialog(Picker, *keys)
        await self.press(*text)
        await self.press("enter")
        await self.until(lambda: self.app.screen is not picker)


@asynccontextmanager
async def running(
    story: Story, login: str, goal: str, ready: Callable[[Any], object], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Driver]:
    """Run the app on a screen or an id; `ready` gets the screen and says when it has read."""
    database.init(story.path)
    with database.connection():
        actor = users.get_actor(login)
    app = launch.make_app(story.path, actor, lambda: NOW, goal, config=config.load())
    async with app.run_test(size=size) as pilot:
        on = Driver(app, pilot)
        await on.until(lambda: ready(app.screen))
        await pilot.pause()
        yield on
