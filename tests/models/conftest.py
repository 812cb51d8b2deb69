"""A real database file with Contoso's process, its users, and ways to put customers and deals into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from models import clock, database, journal, setup
from models.people import users
from models.people.records import Actor, Role

# Wednesday 18 November 2026, 10:00 in Denver.
NOW = dt.datetime(2026, 11, 18, 17, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 18)

_STAFF: dict[str, tuple[tuple[Role, ...], str]] = {
    "max": ((Role.MANAGER,), "West"),
    "ana": ((Role.EXECUTIVE,), "West"),
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


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """Open a new test database with the staff of `_STAFF`; olga of operations made it."""
    path = tmp_path / "contoso.db"
    setup.create(path, "olga", NOW, name="Olga", is_test=True)
    with database.connection():
        made = Book(path)
        olga = users.get_actor("olga")
        for login, (roles, team) in _STAFF.items():
            users.add(olga, NOW, login, roles, name=login.capitalize(), team=team)
        users.change(olga, NOW, "olga", roles=[Role.OPERATIONS])
        made.actors = {login: users.get_actor(login) for login in (*_STAFF, "olga")}
        yield made
