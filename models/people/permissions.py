"""Who may do what (rules 11): role is judged first, before any rule."""

from __future__ import annotations

from models.database import execute
from models.errors import NotAllowedError
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
    return f"{thing} is {owner}'s: only {owner} or their manager can change it"


def require_work_on_deal(actor: Actor, owner_id: int, thing: str) -> None:
    """Check that the actor may edit, move, win, lose or quote a deal: its owner or the owner's manager.

    Raises:
        NotAllowedError: they may not.
    """
    if actor.id != owner_id and not manages(actor, owner_id):
        raise NotAllowedError(not_theirs(thing, login_of(owner_id)))


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
    raise NotAllowedError(f"{thing}: only the owner of each record, a manager or sales operations can do that")


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
