"""Which deals the demo's staff have: one row a deal for the default user, drawn ones for the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

FIRST, SECOND, QUOTING, CHECKING, LAST = range(5)
"""Places of the stages of the process that a new database has."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One deal as it shall stand now.

    `stage` is its place in the pipeline, `age` is days in the present stage. `kind` and `size` decide lines and amount.
    `tech`: asked, draft, passed, conditions, failed or stale. `quote`: draft, sent, revised (a draft over a sent one),
    revised twice (over two sent ones), rejected, expired, accepted. `discount` is given on the quote's first line, in
    basis points; one above the owner's limit waits for a manager. `sold` is how far a won deal's order is: booked,
    shipped, invoiced, part (paid in part), paid, or a contract.
    `step` is the next step's day counted from today (None: no step), `minute` its start.
    """

    owner: str
    stage: int
    age: int
    kind: str
    size: int
    step: int | None = None
    text: str = ""
    channel: str = "call"
    minute: int | None = None
    tech: str = ""
    quote: str = ""
    hold: str = ""
    outcome: str = "open"
    discount: int = 0
    sold: str = ""
    team: tuple[str, ...] = ()
    currency: str = "USD"


def default_users(owner: str) -> list[Plan]:
    """Return the deals of the demo's default user: every state of a card is among them."""
    rows = [
        Plan(owner, FIRST, 3, "doorbells", 16, -1, "First call"),
        Plan(owner, FIRST, 15, "doorbells", 48),
        Plan(owner, FIRST, 1, "moisture", 80, 0, "Email the brochure", "email"),
        Plan(owner, FIRST, 2, "site", 9, 2, "Call about the number of doors"),
        Plan(owner, FIRST, 5, "thermostats", 40, 3, "Visit the site", "visit"),
        Plan(owner, FIRST, 4, "doorbells", 22, 2, "Email prices", "email"),
        Plan(owner, FIRST, 1, "doorbells", 18, 5, "Call back"),
        Plan(owner, FIRST, 6, "moisture", 50, 7, "Call the facility manager"),
        Plan(owner, FIRST, 0, "thermostats", 30, 1, "Ask for the floor plan", "email"),
        Plan(owner, SECOND, 19, "site", 3, -7, "Email drawings", "email"),
        Plan(owner, SECOND, 8, "site", 10, 0, "Site visit, bring the panel", "visit", 570, tech="asked"),
        Plan(owner, SECOND, 2, "moisture", 110, 5, "Show the kit", "meeting", 600),
        Plan(owner, SECOND, 5, "site", 2, 1, "Visit the second building", "visit"),
        Plan(owner, SECOND, 6, "thermostats", 60, 9, "Call about the budget", currency="CAD"),
        Plan(owner, SECOND, 3, "doorbells", 40, 3, "Call"),
        Plan(owner, SECOND, 9, "thermostats", 50, 6, "Send the data sheet", "email", hold="unpaid"),
        Plan(owner, SECOND, 4, "site", 3, -2, "Call the electrician"),
        Plan(owner, SECOND, 1, "site", 12, 4, "Count the doors", "visit", 840, team=("bo.lee", "uma.reyes")),
        Plan(owner, SECOND, 7, "moisture", 150, 8, "Demo in the showroom", "meeting", 780),
        Plan(owner, SECOND, 16, "doorbells", 60),
        Plan(owner, SECOND, 2, "site", 7, 2, "Ask for the network plan", "email", tech="asked"),
        Plan(owner, QUOTING, 21, "site", 8, -3, "Send quote r3", "email", quote="revised twice", hold="both"),
        Plan(owner, QUOTING, 16, "site", 11, quote="sent", hold="case"),
        Plan(owner, QUOTING, 2, "site", 5, 4, "Send the quote once approved", "email", quote="draft", discount=2_000),
        Plan(owner, QUOTING, 9, "site", 6, 1, "Walk through the quote", "meeting", 660, quote="sent", discount=500),
        Plan(owner, QUOTING, 1, "panels", 7, 6, "Call about the quote", quote="sent"),
        Plan(owner, QUOTING, 36, "moisture", 160, -5, "Ask whether it still stands", quote="expired"),
        Plan(owner, QUOTING, 3, "doorbells", 40, 8, "New prices", "email", quote="rejected"),
        Plan(owner, QUOTING, 5, "site", 9, 3, "Sign-off before they decide", tech="passed", quote="sent"),
        Plan(owner, CHECKING, 15, "site", 16, -2, "Fix findings, ask again", tech="failed", quote="sent"),
        Plan(owner, CHECKING, 4, "site", 13, 0, "Ask Uma Reyes", tech="asked", quote="sent"),
        Plan(owner, CHECKING, 6, "site", 26, 0, "Survey", "visit", 840, tech="draft", quote="sent"),
        Plan(owner, CHECKING, 3, "site", 7, 1, "Agree conditions", tech="conditions", quote="sent", hold="case"),
        Plan(owner, CHECKING, 2, "site", 7, 2, "Move on to closing", tech="passed", quote="sent"),
        Plan(owner, LAST, 2, "site", 4, 0, "Signature", "meeting", 960, quote="accepted"),
        Plan(owner, LAST, 3, "site", 9, 3, "Sign again", tech="stale", quote="sent"),
        Plan(
            owner,
            LAST,
            1,
            "site",
            8,
            4,
            "Signature",
            "meeting",
            600,
            tech="passed",
            quote="accepted",
            team=("el.novak",),
        ),
        Plan(owner, LAST, 5, "moisture", 170, 2, "Purchase order", "email", quote="sent", hold="unpaid"),
    ]
    return rows + _closed(owner, (6, 3, 9, 12), largest=9, sold=("contract", "invoiced"))


def drawn(owner: str, counts: tuple[int, int, int, int, int], rng: Random, *, is_corporate: bool) -> list[Plan]:
    """Return deals of another user, `counts` in each stage; those of individuals are small."""
    plans = []
    for stage, count in enumerate(counts):
        for _ in range(count):
            kind = rng.choice(("site", "site", "doorbells", "thermostats", "moisture"))
            size = _size(kind, rng, is_corporate=is_corporate)
            is_large = kind == "site" and size > 5
            if stage == CHECKING and not is_large:
                kind, size, is_large = "site", rng.randrange(6, 14), True
            step = rng.choice((None, -4, -1, 0, 1, 2, 3, 4, 7, 9))
            plan = Plan(owner, stage, rng.randrange(1, 18), kind, size, step, "Call back" if step is not None else "")
            plans.append(_drawn_state(plan, rng, is_large=is_large))
    ages = (rng.randrange(2, 6), rng.randrange(3, 7), 12, 20)
    sold = ("shipped" if is_corporate else "paid", "booked")
    return plans + _closed(owner, ages, largest=rng.randrange(7, 12) if is_corporate else 2, sold=sold)


def _size(kind: str, rng: Random, *, is_corporate: bool) -> int:
    most = {"site": 12, "doorbells": 40, "thermostats": 40, "moisture": 120}[kind]
    return rng.randrange(2, most) if is_corporate else rng.randrange(1, max(3, most // 8))


def _drawn_state(plan: Plan, rng: Random, *, is_large: bool) -> Plan:
    quote = {QUOTING: rng.choice(("draft", "sent", "revised")), CHECKING: "sent"}.get(plan.stage, "")
    tech = ""
    if plan.stage == CHECKING:
        tech = rng.choice(("", "asked", "passed", "failed"))
    if plan.stage == LAST:
        quote = rng.choice(("sent", "accepted"))
        tech = "passed" if is_large else ""
    return replace(plan, quote=quote, tech=tech)


def _closed(owner: str, days_ago: tuple[int, int, int, int], *, largest: int, sold: tuple[str, str]) -> list[Plan]:
    first, second, third, fourth = days_ago
    return [
        Plan(owner, LAST, first, "site", largest, tech="passed", quote="accepted", outcome="won", sold=sold[0]),
        Plan(owner, LAST, second, "doorbells", largest * 3, quote="accepted", outcome="won", sold=sold[1]),
        Plan(owner, QUOTING, third, "site", max(largest // 2, 1), quote="sent", outcome="lost"),
        Plan(owner, SECOND, fourth, "moisture", 60, outcome="lost"),
        Plan(owner, FIRST, fourth, "thermostats", 12, outcome="disqualified"),
    ]
