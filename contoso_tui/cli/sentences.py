"""What happened to a deal or a customer, from the journal, in plain sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

from contoso_tui.cli import local
from models import history, ids
from models.database import execute
from models.errors import NotFoundError
from models.people import permissions
from models.people.records import Actor


def of(shown_id: str, actor: Actor, now: dt.datetime, zone: str) -> list[dict[str, Any]]:
    """Return the history of the thing with this id, newest first, as far as the actor may see it.

    Raises:
        NotFoundError: there is no such thing.
    """
    if shown_id.strip().upper().startswith("C"):
        found = _of_customer(ids.customer_id(shown_id), actor)
    else:
        from models.deals import details

        deal_id = ids.deal_id(shown_id)
        details.get_detail(deal_id, now)
        found = history.of_deal(deal_id)
    return [
        {"at": local.moment(at, zone), "actor": actor, "path": path, "text": text} for at, actor, path, text in found
    ]


def _of_customer(customer_id: int, actor: Actor) -> list[history.Told]:
    row = execute("SELECT owner_id FROM customer WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no customer {ids.show_customer(customer_id)}; contoso customer list shows them")
    return history.of_customer(customer_id, may_see_private=permissions.may_see_private(actor, row[0]))
