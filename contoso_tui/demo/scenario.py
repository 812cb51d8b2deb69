"""What happened at the demo's company before it is shown: staff, deals, nurture, and what accounts owe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from contoso_tui.demo import material_stories, nurture_stories, plans, renewals
from contoso_tui.demo.cast import CAST, DEFAULT_LOGIN
from contoso_tui.demo.deal_stories import DealStory
from contoso_tui.demo.nurture_stories import NurtureStory
from contoso_tui.demo.order_stories import PastSale
from contoso_tui.demo.plans import Plan
from contoso_tui.demo.renewals import RENEWALS, RenewalStory
from contoso_tui.demo.script import Script
from models import database, journal
from models.database import execute
from models.deals import rates
from models.people import users
from models.people.records import Actor, Role

MAKER = "ona.quinn"
"""Of the demo's staff the one in operations, who makes the database and imports."""

_FOUNDED_AGO = 99
"""Days since the company began to work with this database."""

Customers = Iterator[tuple[int, str]]


def add_staff(now: dt.datetime) -> None:
    """Add the cast to a new database, managers first, so that teams have them; and its second pipeline."""
    maker = users.get_actor(MAKER)
    for member in sorted(CAST, key=lambda one: "manager" not in one.roles):
        roles = [Role(role) for role in member.roles]
        if member.login == MAKER:
            users.change(maker, now, MAKER, team=member.team, roles=roles)
        else:
            users.add(maker, now, member.login, roles, name=member.name, team=member.team, territory=member.territory)
    renewals.put_in_force(maker, now)


def write(now: dt.datetime, seed: int = 7) -> None:
    """Let the staff work: deals in all stages and states, orders, nurture, and debts; in the order of time."""
    actors = {member.login: users.get_actor(member.login) for member in CAST}
    script = Script(now, database.company_zone(), actors, Random(seed), database.days_off())
    number = debts = 0
    _plan_rates(script)
    for login, wanted in _deals(script.rng).items():
        accounts, homes = _customers(actors[login], "corporate"), _customers(actors[login], "individual")
        for plan in wanted:
            # Individuals have the small deals, where a user has both.
            is_small = plan.kind != "site" and number % 3 == 0
            first, second = (homes, accounts) if is_small else (accounts, homes)
            customer = next(first, None) or next(second)
            DealStory(script, plan, customer, number).write()
            if plan.hold in ("unpaid", "both"):
                PastSale(script, login, customer, debts, is_new=False).write()
                debts += 1
            if plan.hold in ("case", "both"):
                _plan_case(script, customer[0], is_high=plan.hold == "case")
            number += 1
        if login == DEFAULT_LOGIN:
            for nurtured in nurture_stories.plans():
                customer = next(accounts)
                NurtureStory(script, nurtured, customer, login).write()
                if nurtured.hold == "unpaid":
                    PastSale(script, login, customer, debts, is_new=True).write()
                elif nurtured.hold:
                    _plan_case(script, customer[0], is_high=True)
            for renewal in RENEWALS:
                RenewalStory(script, renewal, next(accounts), login).write()
    material_stories.plan(script)
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


def _plan_rates(script: Script) -> None:
    """Let operations enter exchange rates, and newer ones since."""

    def enter(ago: int, found: dict[str, str]) -> None:
        def happen(now: dt.datetime) -> None:
            for currency, rate in found.items():
                rates.add(script.actors[MAKER], now, currency, rate, script.day(-ago))

        script.add(script.moment(ago), happen)

    enter(_FOUNDED_AGO, {"EUR": "1.08", "CAD": "0.72"})
    enter(9, {"EUR": "1.10", "CAD": "0.71"})


def _plan_case(script: Script, customer_id: int, *, is_high: bool) -> None:
    """Let an account have an open case: what service will keep there."""

    def happen(now: dt.datetime) -> None:
        with journal.action(script.actors[MAKER], now, "customer.edit", "Noted a case", can_undo=False):
            execute("UPDATE customer SET open_cases = 1, has_high_case = ? WHERE id = ?", (is_high, customer_id))

    script.add(script.moment(0), happen)
