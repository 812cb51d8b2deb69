"""A database with Fabrikam's deal in Quote, City Power's in Tech Check and a small one in Qualify."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from contoso_tui import launch
from contoso_tui.app import ContosoApp
from contoso_tui.cli import config
from models import database, journal, setup
from models.activities import log, next_steps
from models.customers import customers, people
from models.deals import deals, lines, products, quotes, stages, tech_checks
from models.deals.records import TechState
from models.people import users
from models.people.records import Actor, Role

T = TypeVar("T")
# Wednesday 18 November 2026, 14:00 in Denver.
NOW = dt.datetime(2026, 11, 18, 21, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Story:
    """Where the database is, and the ids in it."""

    path: Path
    fabrikam: int
    """In Quote, $23,760.00, owned by ana.wu; its quote is sent, no check is signed."""
    power: int
    """In Tech Check, owned by ana.wu, signed once at another deal of the same customer."""
    small: int
    """In Qualify, owned by ana.wu, nothing filled in but $4,200.00."""


def make_app(story: Story, login: str, goal: str) -> ContosoApp:
    """Return the app of a user that opens a deal or quote over the board; XDG folders must be the test's."""
    database.init(story.path)
    with database.connection():
        actor = users.get_actor(login)
    return launch.make_app(story.path, actor, lambda: NOW, goal, config=config.load())


def ask(story: Story, fn: Callable[..., T], *args: object) -> T:
    """Read something from the database as another session does."""
    database.init(story.path)
    with database.connection():
        return fn(*args)


def act(story: Story, login: str, fn: Callable[..., T], *args: object, **kwargs: object) -> T:
    """Change something as another session of `login` does."""
    database.init(story.path)
    with database.connection():
        return fn(users.get_actor(login), NOW, *args, **kwargs)


def at(day: str, hour: int = 17) -> dt.datetime:
    """Return a moment of a day of 2026."""
    return dt.datetime.fromisoformat(f"2026-{day}T{hour:02d}:00:00+00:00")


def build(path: Path) -> Story:
    """Make the database; ana.wu made it and manages nobody."""
    setup.create(path, "olga", at("09-01"), name="Olga", is_test=True)
    with database.connection():
        olga = users.get_actor("olga")
        staff = {
            "ana.wu": Role.EXECUTIVE,
            "bo.lee": Role.REPRESENTATIVE,
            "uma.reyes": Role.CONSULTANT,
            "ivo.berg": Role.CONSULTANT,
            "gil.ortega": Role.MANAGER,
        }
        for login, role in staff.items():
            users.add(olga, at("09-01"), login, [role], name=login.title().replace(".", " "), team="West")
        products.create(olga, at("09-01"), "S24", "Site Security S24", 245000)
        ana, uma = users.get_actor("ana.wu"), users.get_actor("uma.reyes")
        fabrikam = _in_quote(ana, "Fabrikam Clinics", 8)
        _history(ana, fabrikam)
        power = _in_quote(ana, "City Power & Light", 16)
        earlier = _in_quote(ana, "City Power & Light", 9)
        tech_checks.sign(uma, at("10-30"), earlier, TechState.PASSED, dt.date(2026, 10, 29), answers=_answers())
        stages.lose(ana, at("11-02"), earlier, "price", "Ira Stone", dt.date(2026, 11, 2))
        stages.forward(ana, at("11-03"), power)
        tech_checks.ask(ana, at("11-16"), power, "uma.reyes", dt.date(2026, 11, 20), "roof access from 9")
        customer = customers.create(ana, at("11-10"), name="Wingtip Toys", kind="corporate")
        small = deals.create(ana, at("11-10"), customer, type="Doorbells", amount_minor=420000)
    return Story(path, fabrikam, power, small)


def _answers() -> list[tuple[str, str, str]]:
    from models import process

    return [(question, "yes", "") for question in process.current().tech_check_questions]


def _in_quote(ana: Actor, name: str, panels: int) -> int:
    row = database.execute("SELECT id FROM customer WHERE name = ?", (name,)).fetchone()
    customer = row[0] if row else customers.create(ana, at("09-20"), name=name, kind="corporate", owner_id=ana.id)
    if not row:
        people.add(ana, at("09-20"), customer, "Sam Pine", position="Buyer", email="sam.pine@fabrikam.example")
        people.add(ana, at("09-20"), customer, "Mira Dune", position="COO")
    deal = deals.create(
        ana,
        at("10-02"),
        customer,
        type="Site S24",
        need="cameras at every door",
        budget_minor=3000000,
        time_frame="by March 2027",
        decision_maker="Mira Dune",
        close_on=dt.date(2026, 12, 12),
        lead_source="trade fair",
    )
    stages.forward(ana, at("10-09"), deal)
    lines.add(ana, at("10-12"), deal, "S24", panels)
    lines.add(ana, at("10-12"), deal, "DOORBELL", 24, discount_bp=500)
    stages.forward(ana, at("10-28"), deal)
    quote = quotes.create(ana, at("10-29"), deal)
    quotes.send(ana, at("10-29"), quote)
    return deal


def _history(ana: Actor, deal: int) -> None:
    customer = database.execute("SELECT customer_id FROM deal WHERE id = ?", (deal,)).fetchone()[0]
    log.log(
        ana,
        at("11-16", 22),
        customer_id=customer,
        deal_id=deal,
        channel="call",
        who="Sam Pine",
        text="r1 too high; asks 10% off the panels and 24 doorbells.",
        duration_minutes=12,
    )
    next_steps.set_step(ana, at("11-10"), deal, "Send quote r2", dt.date(2026, 11, 13))
    owes = "UPDATE customer SET unpaid_minor = 315000, unpaid_since = '2026-09-07' WHERE id = ?"
    with journal.action(ana, at("11-17"), "customer.edit", "Owes"):
        database.execute(owes, (customer,))
