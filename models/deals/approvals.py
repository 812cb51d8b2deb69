"""A manager's approval of discounts above what a role may give (rules 5.2): asking, approving, who is asked."""

from __future__ import annotations

import datetime as dt

from models import clock, journal
from models.database import execute
from models.deals import quotes
from models.deals.detail_records import Quote
from models.deals.discounts import percent, standing
from models.errors import NotAllowedError, RefusedError
from models.ids import show_quote
from models.people import users
from models.people.permissions import login_of, require_work_on_deal
from models.people.records import Actor, Role

WAITING = (
    "SELECT q.id FROM quote q JOIN quote_approval_request r ON r.quote_id = q.id WHERE q.state = 'draft' AND NOT EXISTS"
    " (SELECT 1 FROM quote_approval p WHERE p.quote_id = q.id AND p.discount_bp >= r.discount_bp)"
)
"""The drafts of which a manager was asked to approve a discount, and none has."""


def ask(actor: Actor, now: dt.datetime, quote_id: int, of: str = "", note: str = "") -> None:
    """Ask a manager to approve a draft's discount; without a login, the manager of the owner's team.

    Raises:
        NotAllowedError: the actor may not quote the deal.
        NotFoundError: no such user.
        RefusedError: it is no draft, needs no approval, or who is asked is no manager.
    """
    quote = _draft(now, quote_id)
    owner_id = _owner_id(quote)
    require_work_on_deal(actor, quote.deal_id, owner_id)
    found = standing(actor, quote)
    if not found.needs_approval:
        raise RefusedError(f"{_name(quote)} needs no approval: {percent(found.highest_bp)} is within your limit")
    asked = users.get_actor(of or manager_of(owner_id))
    if not asked.has(Role.MANAGER):
        raise RefusedError(f"{asked.login} is no manager: only a manager approves a discount")
    with journal.action(actor, now, "quote.ask", f"Asked {asked.login} to approve the discount of {_name(quote)}"):
        execute(
            "INSERT INTO quote_approval_request (quote_id, asked_of_id, asked_by, discount_bp, note, asked_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (quote_id, asked.id, actor.login, found.highest_bp, note.strip(), clock.to_micros(now)),
        )


def approve(actor: Actor, now: dt.datetime, quote_id: int, note: str = "") -> None:
    """Approve a draft's discounts as they are; a higher one later needs another approval.

    Raises:
        NotAllowedError: the actor is no manager.
        RefusedError: it is no draft, or has no discount to approve.
    """
    if not actor.has(Role.MANAGER):
        raise NotAllowedError("Only a manager can approve a discount")
    quote = _draft(now, quote_id)
    highest = standing(actor, quote).highest_bp
    if not highest:
        raise RefusedError(f"{_name(quote)} has no discount to approve")
    with journal.action(actor, now, "quote.approve", f"Approved {percent(highest)} on {_name(quote)}"):
        execute(
            "INSERT INTO quote_approval (quote_id, discount_bp, approved_by_id, note, approved_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (quote_id, highest, actor.id, note.strip(), clock.to_micros(now)),
        )


def list_waiting(now: dt.datetime) -> list[Quote]:
    """Return the drafts whose discount waits for a manager's approval, those asked for first on top."""
    rows = execute(
        f"SELECT w.quote_id FROM quote_approval_request w WHERE w.quote_id IN ({WAITING}) GROUP BY w.quote_id"
        " ORDER BY min(w.id)"
    ).fetchall()
    return [quotes.get(row[0], now) for row in rows]


def manager_of(user_id: int) -> str:
    """Return the login of the manager of a user's team.

    Raises:
        RefusedError: the team has none.
    """
    found = find_manager(user_id)
    if not found:
        raise RefusedError(f"The team of {login_of(user_id)} has no manager: name who is asked")
    return found


def find_manager(user_id: int) -> str:
    """Return the login of the manager of a user's team, empty for none."""
    row = execute(
        "SELECT m.login FROM app_user u JOIN team t ON t.id = u.team_id JOIN app_user m ON m.id = t.manager_id"
        " WHERE u.id = ?",
        (user_id,),
    ).fetchone()
    return str(row[0]) if row else ""


def _draft(now: dt.datetime, quote_id: int) -> Quote:
    quote = quotes.get(quote_id, now)
    if quote.state != "draft":
        raise RefusedError(f"{_name(quote)} is {quote.state}: the discount of a draft is approved")
    return quote


def _owner_id(quote: Quote) -> int:
    return int(execute("SELECT owner_id FROM deal WHERE id = ?", (quote.deal_id,)).fetchone()[0])


def _name(quote: Quote) -> str:
    return show_quote(quote.number, quote.revision)
