"""Discounts: what a role may give, and what was approved above it (rules 5.2)."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models import clock, process
from models.database import execute
from models.deals.detail_records import Quote
from models.errors import RefusedError
from models.ids import show_quote
from models.people.records import Actor, Role

_ALL_BP = 10_000


class Standing(NamedTuple):
    """How a quote's discounts stand for somebody; basis points."""

    limit_bp: int
    """What they may give away themselves."""
    highest_bp: int
    """The most that a line gives away of its list price, as a discount or by a lower price."""
    approved_bp: int
    approved_by: str
    asked_of: str
    """The manager who was asked and has not answered."""
    can_approve: bool

    @property
    def needs_approval(self) -> bool:
        """Whether sending waits for a manager."""
        return self.highest_bp > max(self.limit_bp, self.approved_bp)


class NearLimit(NamedTuple):
    """An open deal a little below the tech-check limit; `list_usd_cents` where discounts brought it there."""

    deal_id: int
    customer: str
    owner: str
    stage: str
    amount_usd_cents: int
    below_usd_cents: int
    list_usd_cents: int | None
    noted_at: dt.datetime | None
    noted_by: str


def limit_of(actor: Actor) -> int:
    """Return what the actor may give away on a line without a manager: the highest of their roles."""
    limits = process.current().discount_limits_bp
    if not limits:
        return _ALL_BP
    return max((limits.get(role, _ALL_BP if role is Role.MANAGER else 0) for role in actor.roles), default=0)


def standing(actor: Actor, quote: Quote) -> Standing:
    """Return how a quote's discounts stand for the actor."""
    row = execute(
        "SELECT p.discount_bp, u.login FROM quote_approval p JOIN app_user u ON u.id = p.approved_by_id"
        " WHERE p.quote_id = ? ORDER BY p.discount_bp DESC, p.id DESC LIMIT 1",
        (quote.id,),
    ).fetchone()
    return Standing(
        limit_bp=limit_of(actor),
        highest_bp=_highest_bp(quote.id),
        approved_bp=row[0] if row else 0,
        approved_by=row[1] if row else "",
        asked_of=quote.asked_of,
        can_approve=actor.has(Role.MANAGER),
    )


def _highest_bp(quote_id: int) -> int:
    row = execute("SELECT coalesce(max(given_bp), 0) FROM quote_line_given WHERE quote_id = ?", (quote_id,)).fetchone()
    return int(row[0])


def require_within(actor: Actor, quote: Quote) -> None:
    """Check that the actor may send the quote with its discounts.

    Raises:
        RefusedError: one is above their limit, and no manager has approved it.
    """
    found = standing(actor, quote)
    if found.needs_approval:
        asked = f"{found.asked_of} was asked" if found.asked_of else "ask a manager to approve it"
        gives = f"{_name(quote)} gives {percent(found.highest_bp)} of the list price on a line"
        raise RefusedError(f"{gives}, your limit is {percent(found.limit_bp)}: {asked}")


def list_near_limit(percent_below: int = 5) -> list[NearLimit]:
    """Return the open deals at most some percent below the tech-check limit, the nearest first (rules 2)."""
    limit = process.current().tech_check_limit_usd_cents
    rows = execute(
        "SELECT d.id, c.name, u.login, s.name, d.amount_usd_cents, n.list_usd_cents, n.at, n.actor FROM deal d"
        " JOIN customer c ON c.id = d.customer_id JOIN app_user u ON u.id = d.owner_id"
        " JOIN stage s ON s.pipeline = d.pipeline AND s.id = d.stage LEFT JOIN discount_note n ON n.id ="
        " (SELECT max(id) FROM discount_note WHERE deal_id = d.id AND net_usd_cents = d.amount_usd_cents)"
        " WHERE d.outcome = 'open' AND d.amount_usd_cents <= ? AND d.amount_usd_cents >= ?"
        " ORDER BY d.amount_usd_cents DESC, d.id",
        (limit, limit * (100 - percent_below) // 100),
    ).fetchall()
    return [
        NearLimit(
            deal, name, login, stage, cents, limit - cents, listed, clock.from_micros(at) if at else None, by or ""
        )
        for deal, name, login, stage, cents, listed, at, by in rows
    ]


def percent(basis_points: int) -> str:
    """Write a discount: `10%`, `7.5%`."""
    return f"{basis_points / 100:.2f}".rstrip("0").rstrip(".") + "%"


def _name(quote: Quote) -> str:
    return show_quote(quote.number, quote.revision)
