"""Whose orders, contracts and invoices are listed: the condition that the lists share."""

from __future__ import annotations


def narrow(owner_id: int | None, customer_id: int | None, deal_id: int | None) -> tuple[str, tuple[int, ...]]:
    """Return the condition and its values: of one owner's deals, of a customer, of a deal; None asks for all.

    It stands in a query that has the deal as `d` and the customer as `c`.
    """
    wanted = {"d.owner_id = ?": owner_id, "c.id = ?": customer_id, "d.id = ?": deal_id}
    found = {condition: value for condition, value in wanted.items() if value is not None}
    return " AND ".join(found) or "1", tuple(found.values())
