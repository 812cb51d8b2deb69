"""The team of a deal: colleagues who see it in their agenda and may all but win it (rules 5.5, 11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from models import clock, journal
from models.database import execute
from models.deals.details import get_detail
from models.deals.records import Member
from models.errors import NotFoundError, RefusedError
from models.ids import show_deal
from models.people import users
from models.people.permissions import require_owner_of_deal
from models.people.records import Actor


def add(actor: Actor, now: dt.datetime, deal_id: int, logins: Sequence[str]) -> None:
    """Put colleagues on a deal's team, all or none.

    Raises:
        NotAllowedError: neither the owner nor their manager.
        NotFoundError: no such user, or they are not active.
        RefusedError: one owns the deal, or is on its team already.
    """
    deal = get_detail(deal_id, now)
    require_owner_of_deal(actor, deal_id, deal.owner_id)
    ref = show_deal(deal_id)
    with journal.action(actor, now, "team.add", f"Put {_and(logins)} on the team of {ref} {deal.customer}"):
        for login in logins:
            user_id = users.get_id(login)
            if user_id == deal.owner_id:
                raise RefusedError(f"{login} owns {ref}: the team are the others who work on it")
            if _member(deal_id, user_id) is not None:
                raise RefusedError(f"{login} is on the team of {ref} already")
            execute(
                "INSERT INTO deal_member (deal_id, user_id, added_at, added_by) VALUES (?, ?, ?, ?)",
                (deal_id, user_id, clock.to_micros(now), actor.login),
            )


def remove(actor: Actor, now: dt.datetime, deal_id: int, logins: Sequence[str]) -> None:
    """Take colleagues off a deal's team, all or none; everybody may leave by themselves.

    Raises:
        NotAllowedError: somebody else is to go, and the actor is neither the owner nor their manager.
        NotFoundError: one is not on the team.
    """
    deal = get_detail(deal_id, now)
    ref = show_deal(deal_id)
    if any(login != actor.login for login in logins):
        require_owner_of_deal(actor, deal_id, deal.owner_id)
    with journal.action(actor, now, "team.remove", f"Took {_and(logins)} off the team of {ref} {deal.customer}"):
        for login in logins:
            # Also who is not active any more can be taken off.
            row = execute("SELECT id FROM app_user WHERE login = ?", (login,)).fetchone()
            member = _member(deal_id, row[0]) if row is not None else None
            if member is None:
                on_it = ", ".join(found.login for found in list_members(deal_id)) or "nobody"
                raise NotFoundError(f"{login} is not on the team of {ref}; on it: {on_it}")
            execute("DELETE FROM deal_member WHERE id = ?", (member,))


def list_members(deal_id: int) -> list[Member]:
    """Return who is on a deal's team, those first who came first; its owner is not of them."""
    rows = execute(
        "SELECT u.login, u.name, m.added_at, m.added_by FROM deal_member m JOIN app_user u ON u.id = m.user_id"
        " JOIN deal d ON d.id = m.deal_id WHERE m.deal_id = ? AND m.user_id <> d.owner_id ORDER BY m.id",
        (deal_id,),
    ).fetchall()
    return [Member(login, name, clock.from_micros(at), by) for login, name, at, by in rows]


def list_candidates(deal_id: int) -> list[str]:
    """Return the logins of active users who could join a deal's team."""
    rows = execute(
        "SELECT u.login FROM app_user u WHERE u.active = 1 AND u.id <> (SELECT owner_id FROM deal WHERE id = ?)"
        " AND NOT EXISTS (SELECT 1 FROM deal_member m WHERE m.deal_id = ? AND m.user_id = u.id) ORDER BY u.login",
        (deal_id, deal_id),
    ).fetchall()
    return [row[0] for row in rows]


def _member(deal_id: int, user_id: int) -> int | None:
    row = execute("SELECT id FROM deal_member WHERE deal_id = ? AND user_id = ?", (deal_id, user_id)).fetchone()
    return int(row[0]) if row is not None else None


def _and(logins: Sequence[str]) -> str:
    return " and ".join(logins) if len(logins) < 3 else f"{', '.join(logins[:-1])} and {logins[-1]}"
