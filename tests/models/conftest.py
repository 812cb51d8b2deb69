"""A real database file with Contoso's process, its users, and ways to put customers and deals into it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from models import clock, database, journal, setup
from models.deals import deals, lines, quotes, stages, tech_checks
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.deals.records import TechState
from models.people import users
from models.people.records import Actor, Role

ORDER = ("qualify", "develop", "quote", "tech_check", "close")
# What leaving the first stage asks for.
QUALIFIED: dict[str, Any] = {
    "need": "doors and windows of 12 sites",
    "budget_minor": 3_000_000,
    "time_frame": "this quarter",
    "decision_maker": "Pat Marsh",
}
# Wednesday 18 November 2026, 10:00 in Denver.
NOW = dt.datetime(2026, 11, 18, 17, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 18)

_STAFF: dict[str, tuple[tuple[Role, ...], str]] = {
    "max": ((Role.MANAGER,), "West"),
    "eve": ((Role.MANAGER,), "East"),
    "ana": ((Role.EXECUTIVE, Role.REPRESENTATIVE), "West"),
    "bo": ((Role.REPRESENTATIVE,), "West"),
    "uma": ((Role.CONSULTANT,), ""),
    "ivo": ((Role.CONSULTANT,), ""),
    "sid": ((Role.SERVICE,), ""),
}


@dataclass
class Book:
    """An open test database; `now` and `today` are where its stories start."""

    path: Path
    now: dt.datetime = NOW
    today: dt.date = TODAY
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, login: str) -> Actor:
        try:
            return self.__dict__["actors"][login]
        except KeyError:
            raise AttributeError(login) from None

    def at(self, day: dt.date | str, hour: int = 17) -> dt.datetime:
        """Return a moment of a day, by default at 10:00 in Denver (winter)."""
        date = dt.date.fromisoformat(day) if isinstance(day, str) else day
        return dt.datetime.combine(date, dt.time(hour), dt.UTC)

    def account(
        self,
        name: str = "Oak Terrace",
        owner: str | None = "ana",
        *,
        kind: str = "corporate",
        person: str = "Pat Marsh",
        email: str = "pat.marsh@oakterrace.example",
        **columns: Any,
    ) -> int:
        """Insert a customer, by default a corporate account of ana's with one person, and return its id."""
        row = {
            "kind": kind,
            "name": name,
            "owner_id": self.actors[owner].id if owner else None,
            "created_at": clock.to_micros(self.now),
            **columns,
        }
        with journal.action(self.actors["olga"], self.now, "customer.create", f"New customer {name}"):
            customer_id = self._insert("customer", row)
            if person and kind == "corporate":
                self._insert("person", {"account_id": customer_id, "name": person, "email": email, "is_primary": 1})
        return customer_id

    def set_customer(self, customer_id: int, **columns: Any) -> None:
        """Change columns of a customer as another part of the program would."""
        self._update("customer", "id", customer_id, columns)

    def set_person(self, account_id: int, **columns: Any) -> None:
        """Change columns of all persons of an account."""
        self._update("person", "account_id", account_id, columns)

    def deal(
        self, stage: str = "qualify", dollars: float = 25_000, owner: str = "ana", customer_id: int | None = None
    ) -> int:
        """Open a deal with one line of that worth and work it up to a stage, as a rep would; return its id.

        In `close` it has an accepted quote, and above the limit a sign-off of uma's; below the limit there is no
        way to `tech_check`.
        """
        actor = self.actors[owner]
        customer_id = customer_id or self.account(owner=owner)
        deal_id = deals.create(actor, self.now, customer_id, type="Site S8", **QUALIFIED)
        line = lines.add(actor, self.now, deal_id, "INSTALLATION")
        lines.change(actor, self.now, line, price_minor=round(dollars * 100))
        goal = ORDER.index(stage)
        for step in ORDER[1 : goal + 1]:
            if step == "tech_check":
                quotes.send(actor, self.now, quotes.create(actor, self.now, deal_id))
                if stage == "close":
                    self.accept(deal_id)
                if dollars <= 20_000:
                    continue
            elif step == "close" and dollars > 20_000:
                self.sign(deal_id)
            stages.move(actor, self.now, [deal_id], step)
        return deal_id

    def typed(self, dollars: float, owner: str = "ana", stage: str = "qualify") -> int:
        """Open a deal with a typed amount and no lines, in `qualify` or `develop`; return its id."""
        actor, customer_id = self.actors[owner], self.account(owner=owner)
        deal_id = deals.create(actor, self.now, customer_id, amount_minor=round(dollars * 100), **QUALIFIED)
        if stage != "qualify":
            stages.move(actor, self.now, [deal_id], stage)
        return deal_id

    def accept(self, deal_id: int) -> int:
        """Accept the deal's newest quote in its owner's name; return the quote's id."""
        quote = quotes.list_for_deal(deal_id, self.now)[0]
        quotes.accept(self.owner_of(deal_id), self.now, quote.id)
        return quote.id

    def requote(self, deal_id: int, dollars: float) -> int:
        """Send the next revision of the deal's quote, with one line of that worth; return the quote's id."""
        actor = self.owner_of(deal_id)
        quote_id = quotes.create(actor, self.now, deal_id)
        line = quotes.get(quote_id, self.now).lines[0]
        quotes.change_line(actor, self.now, line.id, price_minor=round(dollars * 100))
        quotes.send(actor, self.now, quote_id)
        return quote_id

    def sign(
        self, deal_id: int, login: str = "uma", outcome: TechState = TechState.PASSED, details: str = "looked at it"
    ) -> int:
        """Sign the deal's tech check today, having seen the newest one; return the check's id."""
        seen = tech_checks.list_checks(deal_id)
        return tech_checks.sign(
            self.actors[login],
            self.now,
            deal_id,
            outcome,
            self.today,
            details,
            seen_check_id=seen[0].id if seen else None,
        )

    def price(self, deal_id: int, dollars: float) -> None:
        """Set the price of the deal's first line, in its owner's name."""
        line = lines.list_lines(deal_id)[0]
        lines.change(self.owner_of(deal_id), self.now, line.id, price_minor=round(dollars * 100))

    def win(self, deal_id: int, login: str = "") -> None:
        """Win a deal with its walk-through noted."""
        actor = self.actors[login] if login else self.owner_of(deal_id)
        stages.win(actor, self.now, deal_id, walkthrough_on=self.today, walkthrough_with="Pat Marsh", is_ready=True)

    def owner_of(self, deal_id: int) -> Actor:
        """Return the actor who owns the deal."""
        return self.actors[self.detail(deal_id).owner]

    def detail(self, deal_id: int) -> DealDetail:
        """Return the deal as its screen has it."""
        return get_detail(deal_id, self.now)

    def tech(self, deal_id: int) -> TechState:
        """Return the state of the deal's tech check."""
        return self.detail(deal_id).tech

    def visible(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return what people see of customers, deals, activities and nurture, to compare before and after."""
        tables = ("customer", "person", "activity", "enrolment", "enrolment_step", "deal_line", "quote")
        found = {table: database.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in tables}
        found["deal"] = database.execute(
            "SELECT id, customer_id, owner_id, stage, outcome, next_step, next_step_on, next_step_minute FROM deal"
            " ORDER BY id"
        ).fetchall()
        return found

    def _insert(self, table: str, row: dict[str, Any]) -> int:
        cursor = database.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", tuple(row.values())
        )
        return int(cursor.lastrowid or 0)

    def _update(self, table: str, key: str, value: int, columns: dict[str, Any]) -> None:
        settings = ", ".join(f"{name} = ?" for name in columns)
        with journal.action(self.actors["olga"], self.now, f"{table}.edit", f"Changed a {table}"):
            database.execute(f"UPDATE {table} SET {settings} WHERE {key} = ?", (*columns.values(), value))


@pytest.fixture(scope="session")
def made_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the staff of `_STAFF` that nobody has open; olga of operations made it."""
    path = tmp_path_factory.mktemp("made") / "contoso.db"
    setup.create(path, "olga", NOW, name="Olga", is_test=True)
    with database.connection():
        olga = users.get_actor("olga")
        for login, (roles, team) in _STAFF.items():
            users.add(olga, NOW, login, roles, name=login.capitalize(), team=team)
        users.change(olga, NOW, "olga", roles=[Role.OPERATIONS])
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def book(tmp_path: Path, made_database: Path) -> Iterator[Book]:
    """Open a new test database with the staff of `_STAFF`."""
    path = tmp_path / "contoso.db"
    shutil.copy(made_database, path)
    database.init(path)
    with database.connection():
        yield Book(path, actors={login: users.get_actor(login) for login in (*_STAFF, "olga")})
