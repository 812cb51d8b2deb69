"""What a customer may want next, from what they bought; a suggestion is no task, and nothing is kept of it."""

from __future__ import annotations

import json
from typing import NamedTuple

from models.database import execute
from models.words import listed

_MOST = 3
# Products on a customer's Deals: their own lines, and their quotes'.
_PRODUCTS = (
    "SELECT l.product_id FROM deal d JOIN deal_line l ON l.deal_id = d.id WHERE d.customer_id = ?1 AND d.outcome = {0}"
    " UNION SELECT l.product_id FROM deal d JOIN quote q ON q.deal_id = d.id JOIN quote_line l ON l.quote_id = q.id"
    " WHERE d.customer_id = ?1 AND d.outcome = {0} AND q.state IN ({1})"
)
_BOUGHT = _PRODUCTS.format("'won'", "'accepted'")
_OFFERED = _PRODUCTS.format("'open'", "'draft', 'sent', 'accepted'")


class Suggestion(NamedTuple):
    """A product to offer, and why."""

    product: str
    why: str


def list_suggestions(customer_id: int) -> list[Suggestion]:
    """Return what to offer: plans for what was bought without one, then what others bought besides the same.

    What an open Deal offers already is left out, and so is what an open task says.
    """
    return [*_plans(customer_id), *_others(customer_id)][:_MOST]


def _plans(customer_id: int) -> list[Suggestion]:
    found = execute(f"SELECT name, billing FROM product WHERE id IN ({_BOUGHT}) ORDER BY name", (customer_id,))
    rows = found.fetchall()
    owned = [name for name, billing in rows if billing == "one_off"]
    if not owned or len(owned) < len(rows):
        return []
    plans = execute(
        f"SELECT name FROM product WHERE billing = 'monthly' AND active = 1 AND id NOT IN ({_OFFERED}) ORDER BY name",
        (customer_id,),
    )
    return [Suggestion(name, f"has {listed(owned, most=2)} without a plan") for (name,) in plans.fetchall()]


def _others(customer_id: int) -> list[Suggestion]:
    row = execute(
        "SELECT f.bought, f.others FROM follow_up f LEFT JOIN activity a ON a.id = f.activity_id"
        " WHERE f.customer_id = ? AND coalesce(a.state, '') <> 'planned'"
        " ORDER BY f.purchased_on DESC, f.id DESC LIMIT 1",
        (customer_id,),
    ).fetchone()
    if row is None:
        return []
    bought, others = (json.loads(text) for text in row)
    return [Suggestion(name, f"bought by others who bought {listed(bought, most=2)}") for name in others]
