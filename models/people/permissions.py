"""Who may do what (rules 11): role is judged first, before any rule."""

from __future__ import annotations

from models.database import execute
from models.errors import NotAllowedError
from models.ids import show_deal
from models.people.records import Actor, Role


def manages(actor: Actor, user_id: int | None) -> bool:
    """Return whether `actor` is the manager of the team of `user_id`."""
    if user_id is None or not actor.has(Role.MANAGER):
        return False
    row = execute(
        "SELECT t.manager_id FROM app_user u JOIN team t ON t.id = u.team_id WHERE u.id = ?", (user_id,)
    ).fetchone()
    return row is not None and row[0] == actor.id


def login_of(user_id: int | None) -> str:
    """Return the login of a user id, `nobody` for none."""
    row = execute("SELECT login FROM app_user WHERE id = ?", (user_id,)).fetchone() if user_id else None
    return row[0] if row else "nobody"


def not_theirs(thing: str, owner: str) -> str:
    """Say why somebody else may not work on a deal."""
    return f"{thing} is {owner}'s: only {owner}, its team or their manager can change it"


def not_to_win(thing: str, owner: str) -> str:
    """Say why a member of a deal's team, or anybody else, may not win it or choose its team."""
    return f"{thing} is {owner}'s: only {owner} or their manager can do that"


def is_on_team(actor: Actor, deal_id: int) -> bool:
    """Return whether the actor is on the team of a deal (rules 5.5)."""
    row = execute("SELECT 1 FROM deal_member WHERE deal_id = ? AND user_id = ?", (deal_id, actor.id)).fetchone()
    return row is not None


def owns_or_manages(actor: Actor, owner_id: int) -> bool:
    """Return whether the actor owns a deal or manages its owner."""
    return actor.id == owner_id or manages(actor, owner_id)


def works_on_deal(actor: Actor, deal_id: int, owner_id: int) -> bool:
    """Return whether the actor may edit, move, lose or quote a deal: its owner, its team, the owner's manager."""
    return owns_or_manages(actor, owner_id) or is_on_team(actor, deal_id)


def require_work_on_deal(actor: Actor, deal_id: int, owner_id: int) -> None:
    """Check that the actor may edit, move, lose or quote a deal.

    Raises:
        NotAllowedError: they may not.
    """
    if not works_on_deal(actor, deal_id, owner_id):
        raise NotAllowedError(not_theirs(show_deal(deal_id), login_of(owner_id)))


def require_owner_of_deal(actor: Actor, deal_id: int, owner_id: int) -> None:
    """Check for what a deal's team may not: winning it, and choosing who is on the team.

    Raises:
        NotAllowedError: the actor is neither the owner nor their manager.
    """
    if not owns_or_manages(actor, owner_id):
        raise NotAllowedError(not_to_win(show_deal(deal_id), login_of(owner_id)))


def require_assign(actor: Actor, owner_id: int | None, thing: str) -> None:
    """Check that the actor may change the owner: the owner, a manager or operations.

    Raises:
        NotAllowedError: they may not.
    """
    if actor.id != owner_id and not actor.has(Role.MANAGER) and not actor.has(Role.OPERATIONS):
        owner = login_of(owner_id)
        raise NotAllowedError(f"{thing} is {owner}'s: only {owner}, a manager or sales operations can hand it over")


def require_sign(actor: Actor) -> None:
    """Check that the actor may sign tech checks at all.

    Raises:
        NotAllowedError: they hold no consultant's role.
    """
    if not actor.has(Role.CONSULTANT):
        raise NotAllowedError("Only a technical consultant can sign a tech check; ask one (t on the deal)")


def require_nurture(actor: Actor, owner_id: int | None, account: str) -> None:
    """Check that the actor may enrol the account and do its steps: its owner or a manager.

    Raises:
        NotAllowedError: they may not.
    """
    if actor.id != owner_id and not actor.has(Role.MANAGER):
        owner = login_of(owner_id)
        raise NotAllowedError(f"{account} is {owner}'s: only {owner} or a manager can do its nurture steps")


def require_unify(actor: Actor, owner_ids: set[int | None], thing: str) -> None:
    """Check that the actor may label, merge, split or decide matches: owner of each record, manager, operations.

    Raises:
        NotAllowedError: they may not.
    """
    if actor.has(Role.MANAGER) or actor.has(Role.OPERATIONS) or owner_ids == {actor.id}:
        return
    raise NotAllowedError(f"{thing}: only the owner of each, a manager or operations may do that")


def require_operations(actor: Actor, what: str) -> None:
    """Check for the role of operations.

    Raises:
        NotAllowedError: they don't hold it.
    """
    if not actor.has(Role.OPERATIONS):
        raise NotAllowedError(f"Only sales operations can {what}")


def may_see_private(actor: Actor, owner_id: int | None) -> bool:
    """Return whether the actor may see income and birth date: owner, manager, operations, service agent."""
    return actor.id == owner_id or bool(actor.roles & {Role.MANAGER, Role.OPERATIONS, Role.SERVICE})


def require_handle_order(actor: Actor, deal_id: int, owner_id: int) -> None:
    """Check that the actor may ship, call off, invoice and note payments: who works on the deal, and operations.

    Raises:
        NotAllowedError: they may not.
    """
    if not actor.has(Role.OPERATIONS):
        require_work_on_deal(actor, deal_id, owner_id)
