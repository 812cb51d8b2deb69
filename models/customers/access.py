"""Who may change a customer; for the modules of this package."""

from __future__ import annotations

from dataclasses import dataclass

from models import ids
from models.database import execute
from models.errors import NotAllowedError, NotFoundError
from models.people import permissions
from models.people.records import Actor, Role


@dataclass(frozen=True, slots=True)
class Standing:
    """What a change needs to know of a customer."""

    id: int
    kind: str
    name: str
    owner_id: int | None


def get(customer_id: int) -> Standing:
    """Return where a customer stands.

    Raises:
        NotFoundError: there is none, or it was merged into another.
    """
    row = execute("SELECT kind, name, owner_id, merged_into_id FROM customer WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no customer {ids.show_customer(customer_id)}")
    if row[3] is not None:
        raise NotFoundError(f"{ids.show_customer(customer_id)} was merged into {ids.show_customer(row[3])}")
    return Standing(customer_id, row[0], row[1], row[2])


def require_edit(actor: Actor, customer_id: int) -> Standing:
    """Check that the actor may edit the customer: its owner, the owner's manager, operations; anybody if it has none.

    Raises:
        NotAllowedError: they may not.
    """
    found = get(customer_id)
    free = found.owner_id is None or actor.id == found.owner_id or actor.has(Role.OPERATIONS)
    if not free and not permissions.manages(actor, found.owner_id):
        owner = permissions.login_of(found.owner_id)
        raise NotAllowedError(
            f"{ids.show_customer(customer_id)} is {owner}'s: only {owner}, their manager or operations can change it"
        )
    return found
