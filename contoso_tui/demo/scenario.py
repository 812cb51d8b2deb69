"""What happened at the demo's company before it is shown: staff, deals, nurture, and what accounts owe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from contoso_tui.demo import nurture_stories, plans
from contoso_tui.demo.cast import CAST, DEFAULT_LOGIN
from contoso_tui.demo.deal_stories import DealStory
from contoso_tui.demo.nurture_stories import NurtureStory
from contoso_tui.demo.plans import Plan
from contoso_tui.demo.script import Script
from models import database, journal
from models.database import execute
from models.people import users
from models.people.records import Actor, Role

MAKER = "ona.quinn"
"""Of the demo's staff the one in operations, who makes the database and imports."""

Customers = Iterator[tuple[int, str]]


def add_staff(now: dt.datetime) -> None:
    """Add the cast to a database that its operations made; managers first, so that teams have them."""
    maker = users.get_actor(MAKER)
    for member in sorted(CAST, key=lambda one: "manager" not in one.roles):
        roles = [Role(role) for role in member.roles]
        if member.login == MAKER:
            users.change(maker, now, MAKER, team=member.team, roles=roles)
        else:
            users.add(maker, now, member.login, roles, name=member.name, team=member.team, territory=member.territory)


def write(now: dt.datetime, seed: int = 7) -> None:
    """Let the staff work: deals in all stages and states, nurture, and debts; in the order of time."""
    actors = {member.login: users.get_actor(member.login) for member in CAST}
    script = Script(now, database.company_zone(), actors, Random(seed), database.days_off())
    number = 0
    for login, wanted in _deals(script.rng).items():
        accounts, homes = _customers(actors[login], "corporate"), _customers(actors[login], "individual")
        for plan in wanted:
            # Individuals have the small deals, where a user has both.
            is_small = plan.kind != "site" and number % 3 == 0
            first, second = (homes, accounts) if is_small else (accounts, homes)
            customer = next(first, None) or next(second)
            DealStory(script, plan, customer, number).write()
            if plan.hold:
                _plan_hold(script, customer[0], plan.hold)
            number += 1
        if login == DEFAULT_LOGIN:
            for nurtured in nurture_stories.plans():
                customer = next(accounts)
                NurtureStory(script, nurtured, customer, login).write()
                if nurtured.hold:
                    _plan_hold(script, customer[0], nurtured.hold)
    script.play()


def _deals(rng: Random) -> dict[str, list[Plan]]:
    return {
        DEFAULT_LOGIN: plans.default_users(DEFAULT_LOGIN),
        "cy.diaz": plans.drawn("cy.diaz", (4, 5, 4, 3, 2), rng, is_corporate=True),
        "bo.lee": plans.drawn("bo.lee", (7, 6, 5, 1, 3), rng, is_corporate=False),
        "el.novak": plans.drawn("el.novak", (5, 4, 3, 1, 2), rng, is_corporate=False),
        "di.okoro": plans.drawn("di.okoro", (5, 5, 3, 1, 2), rng, is_corporate=False),
    }


def _customers(owner: Actor, kind: str) -> Customers:
    """Return the owner's customers with the person to talk to; accounts need one who can be written to."""
    rows = execute(
        "SELECT c.id, coalesce((SELECT p.name FROM person p WHERE p.account_id = c.id"
        " ORDER BY p.is_primary DESC, p.id LIMIT 1), c.name) FROM customer c"
        " WHERE c.owner_id = ? AND c.kind = ? AND (c.kind = 'individual' OR EXISTS"
        " (SELECT 1 FROM person p WHERE p.account_id = c.id AND p.email <> '')) ORDER BY c.id LIMIT 200",
        (owner.id, kind),
    ).fetchall()
    return iter([(int(customer_id), str(person)) for customer_id, person in rows])


def _plan_hold(script: Script, customer_id: int, hold: str) -> None:
    """Let an account owe us money, or have a severe case: what service and invoicing will keep there."""

    def happen(now: dt.datetime) -> None:
        values: dict[str, object] = {}
        if hold in ("unpaid", "both"):
            values |= {"unpaid_minor": 315_000, "unpaid_since": script.day(-72).isoformat()}
        if hold in ("case", "both"):
            values |= {"open_cases": 1, "has_high_case": int(hold == "case")}
        with journal.action(script.actors[MAKER], now, "customer.edit", "Noted debts and cases", can_undo=False):
            columns = ", ".join(f"{name} = ?" for name in values)
            execute(f"UPDATE customer SET {columns} WHERE id = ?", (*values.values(), customer_id))

    script.add(script.moment(0), happen)
