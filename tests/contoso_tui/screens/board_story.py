"""A small company at work: deals of ana's in every stage, one of bo's, four accounts in nurture."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from textual.pilot import Pilot

from contoso_tui import launch
from contoso_tui.app import ContosoApp
from contoso_tui.cli.config import Config
from contoso_tui.screens.agenda import AgendaScreen
from contoso_tui.screens.board import BoardScreen
from models import database, journal, setup
from models.activities import next_steps
from models.customers import customers, people
from models.deals import deals, lines, quotes, stages, tech_checks
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.nurture import enrolments, steps
from models.people import users
from models.people.records import Actor, Role
from tests import folders
from tests.contoso_tui.conftest import screen_text, until

T = TypeVar("T")
# Wednesday 18 November 2026, 10:00 in Denver.
NOW = dt.datetime(2026, 11, 18, 17, 0, tzinfo=dt.UTC)
_STAFF = {
    "ana.wu": (Role.EXECUTIVE, Role.REPRESENTATIVE),
    "bo.lee": (Role.REPRESENTATIVE,),
    "gil.ortega": (Role.MANAGER,),
    "uma.reyes": (Role.CONSULTANT,),
}
_FILLED: dict[str, Any] = {
    "need": "Doors", "budget_minor": 3_000_000, "time_frame": "spring", "decision_maker": "Mira Dune",
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """The database and the ids of deals and enrolments by the customer's name."""

    path: Path
    deals: dict[str, int]
    nurture: dict[str, int]
    customers: dict[str, int]

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

    def deal(self, name: str) -> DealDetail:
        """Return the deal of a customer as it stands."""
        return self.read(get_detail, self.deals[name], NOW)


def at(day: int, hour: int = 17) -> dt.datetime:
    """Return a moment of November."""
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


@lru_cache(maxsize=1)
def _template() -> Story:
    path = folders.make("contoso-board-") / "template.db"
    setup.create(path, "olga", dt.datetime(2026, 10, 1, 17, tzinfo=dt.UTC), name="Olga", is_test=True)
    with database.connection():
        olga = users.get_actor("olga")
        for login, roles in _STAFF.items():
            users.add(olga, at(1), login, roles, name=login.title().replace(".", " "), team="West")
        ana, bo = users.get_actor("ana.wu"), users.get_actor("bo.lee")
        found: dict[str, int] = {}
        accounts: dict[str, int] = {}

        def account(actor: Actor, name: str) -> int:
            accounts[name] = customers.create(actor, at(2), name=name, kind="corporate")
            customers.assign(olga, at(2), [accounts[name]], actor.login)
            people.add(actor, at(2), accounts[name], name=f"Pat {name.split()[0]}", email="pat@example.com")
            return accounts[name]

        def deal(name: str, day: int, cents: int, stage: str = "qualify", *, actor: Actor = ana, **fields: Any) -> int:
            made = deals.create(actor, at(day), account(actor, name), type="Site S24", amount_minor=cents, **fields)
            found[name] = made
            if stage == "qualify":
                return made
            stages.forward(actor, at(day), made)
            if stage == "develop":
                return made
            lines.add(actor, at(day), made, "DOORBELL", cents // _price())
            stages.forward(actor, at(day), made)
            quotes.send(actor, at(day), quotes.create(actor, at(day), made))
            while stage != "quote" and get_detail(made, at(day)).stage.id != stage:
                stages.forward(actor, at(day), made)
            return made

        deal("Alpine Ski House", 16, 420_000, **_FILLED)
        deal("Fourth Coffee", 4, 1_200_000)
        deal("Wingtip Toys", 10, 1_100_000, "develop", **_FILLED)
        deal("Fabrikam Clinics", 12, 1_900_000, "quote", **_FILLED)
        deal("Northwind Traders", 13, 2_684_800, "quote", **_FILLED)
        deal("City Power", 13, 4_150_000, "tech_check", **_FILLED)
        graphic = deal("Graphic Design", 9, 1_400_000, "close", **_FILLED)
        quotes.accept(ana, at(10), quotes.list_for_deal(graphic, at(10))[0].id)
        deal("Datum Corp", 16, 770_000, actor=bo)
        next_steps.set_step(ana, at(12), found["Fabrikam Clinics"], "Send quote r3", dt.date(2026, 11, 13))
        next_steps.set_step(ana, at(16), found["Alpine Ski House"], "Call", dt.date(2026, 11, 18), minute=570)
        next_steps.set_step(ana, at(16), found["City Power"], "Survey", dt.date(2026, 11, 20))
        tech_checks.ask(ana, at(16), found["City Power"], "uma.reyes")
        nurture: dict[str, int] = {}
        for name, started, done in (
            ("Oak Terrace", 16, ()),
            ("Hazel School", 13, (17,)),
            ("Maple Hotel", 4, (5, 6, 16)),
            ("Willow Foods", 16, ()),
        ):
            nurture[name] = enrolments.start(ana, at(started), [account(ana, name)])[0]
            for day in done:
                steps.done(ana, at(day), nurture[name])
        with journal.action(olga, at(17), "customer.edit", "Invoices are late"):
            database.execute(
                "UPDATE customer SET unpaid_minor = 198000, unpaid_since = '2026-10-08' WHERE id = ?",
                (accounts["Willow Foods"],),
            )
    return Story(path, found, nurture, accounts)


def _price() -> int:
    return int(database.execute("SELECT price_minor FROM product WHERE code = 'DOORBELL'").fetchone()[0])


def make_story(folder: Path) -> Story:
    """Return a database of one's own."""
    made = _template()
    path = folder / "contoso.db"
    shutil.copy(made.path, path)
    return Story(path, made.deals, made.nurture, made.customers)


def make_app(story: Story, login: str = "ana.wu", screen: str = "", **values: Any) -> ContosoApp:
    """Return the app as `contoso` starts it; `values` are settings by name, with `__` for the dot."""
    database.init(story.path)
    with database.connection():
        actor = users.get_actor(login)
    settings = {"ui.theme": "contoso-dark", **{name.replace("__", "."): value for name, value in values.items()}}
    return launch.make_app(story.path, actor, lambda: NOW, screen, config=Config(values=settings))


@dataclass
class Session:
    """A running app with what tests ask of it."""

    app: ContosoApp
    pilot: Pilot[Any]

    @property
    def board(self) -> BoardScreen:
        """The board's screen, whatever lies over it."""
        found = next(screen for screen in self.app.screen_stack if isinstance(screen, BoardScreen))
        return found

    @property
    def agenda(self) -> AgendaScreen:
        """The agenda's screen, whatever lies over it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, AgendaScreen))

    def rows(self) -> list[str]:
        """Return what the terminal shows."""
        return screen_text(self.app)

    def text(self) -> str:
        """Return what the terminal shows, as one text."""
        return "\n".join(self.rows())

    async def press(self, *keys: str) -> None:
        """Press keys one after another."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*["space" if letter == " " else letter for letter in text])

    async def sees(self, words: str) -> None:
        """Wait until the terminal shows these words."""
        try:
            await self.until(lambda: words in self.text())
        except AssertionError:
            raise AssertionError(f"never saw {words!r} in\n{self.text()}") from None

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds."""
        await until(self.pilot, condition)

    async def go_to(self, story: Story, name: str) -> None:
        """Put the board's cursor on the deal of a customer."""
        assert self.board.board.cursor_to(story.deals[name])
        await self.until(lambda: self.board.card is not None and self.board.card.id == story.deals[name])


@asynccontextmanager
async def running(app: ContosoApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Session]:
    """Run the app until the first cards stand on the board, or the first lines on the agenda."""
    async with app.run_test(size=size) as pilot:
        session = Session(app, pilot)

        def is_there() -> object:
            screen = app.screen
            if isinstance(screen, BoardScreen):
                return screen.board.current is not None or not screen.board.model.deals
            return not isinstance(screen, AgendaScreen) or screen.agenda is not None

        await session.until(is_there)
        yield session


Act = Callable[..., Awaitable[None]]
