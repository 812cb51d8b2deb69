"""Whose orders, contracts and invoices the commands list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from models import ids

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call

STATES = ("booked", "shipped", "invoiced", "paid", "cancelled")
"""What `--state` takes of orders."""


class Filters(TypedDict):
    """Whose orders, contracts or invoices are listed."""

    owner_id: int | None
    customer_id: int | None


def add_filters(parser: Any, owner: str = "me") -> None:
    """Add the flags that lists of orders, contracts and invoices share."""
    parser.add_argument("--owner", default=owner, help="me, all or a login")
    parser.add_argument("--customer", metavar="C")


def read_filters(call: Call) -> Filters:
    """Return owner and customer as the lists take them; of one customer, all owners' unless an owner is named."""
    from models.people import users

    owner, customer = call.args.owner, call.args.customer
    everyone = owner == "all" or (owner == "me" and customer)
    owner_id = None if everyone else call.actor.id if owner == "me" else users.get_id(owner)
    return Filters(owner_id=owner_id, customer_id=ids.customer_id(customer) if customer else None)
