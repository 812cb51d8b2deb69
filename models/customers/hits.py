"""What a search found, as it is shown: customers, people of accounts, deals; for the modules of this package."""

from __future__ import annotations

from models.customers.records import Hit
from models.database import execute
from models.ids import show_customer, show_deal

_CUSTOMER = (
    "SELECT c.id, c.name, c.kind, c.city, c.state, coalesce(u.login, '') FROM customer c"
    " LEFT JOIN app_user u ON u.id = c.owner_id WHERE c.merged_into_id IS NULL AND "
)
_PERSON = (
    "SELECT c.id, p.name, p.position, c.name FROM person p JOIN customer c ON c.id = p.account_id"
    " WHERE c.merged_into_id IS NULL AND "
)
_DEAL = (
    "SELECT d.id, c.name, d.type, coalesce(s.name, d.stage), d.outcome FROM deal d"
    " JOIN customer c ON c.id = d.customer_id LEFT JOIN stage s ON s.pipeline = d.pipeline AND s.id = d.stage WHERE "
)
_DEALS = 20


def rows_where(condition: str, params: tuple[object, ...], why: str, limit: int = 50) -> list[Hit]:
    """Return customers under a condition on `customer c`."""
    hits = []
    for customer_id, name, kind, city, state, owner in execute(f"{_CUSTOMER}{condition} LIMIT ?", (*params, limit)):
        place = ", ".join(part for part in (city, state) if part)
        detail = " · ".join(part for part in (show_customer(customer_id), kind, place, owner) if part)
        hits.append(Hit("customer", customer_id, name, detail, why))
    return hits


def people_where(condition: str, params: tuple[object, ...], why: str, limit: int = 20) -> list[Hit]:
    """Return people under a condition on `person p`; the id is their account's."""
    hits = []
    for account_id, name, position, account in execute(f"{_PERSON}{condition} LIMIT ?", (*params, limit)):
        at = f"{position} at {account}" if position else f"at {account}"
        hits.append(Hit("person", account_id, name, f"{show_customer(account_id)} · {at}", why))
    return hits


def deals_where(condition: str, params: tuple[object, ...], why: str) -> list[Hit]:
    """Return deals under a condition on `deal d`, the newest first."""
    hits = []
    rows = execute(f"{_DEAL}{condition} ORDER BY d.id DESC LIMIT ?", (*params, _DEALS))
    for deal_id, name, what, stage, outcome in rows.fetchall():
        state = stage if outcome == "open" else outcome.replace("_", " ")
        detail = " · ".join(part for part in (show_deal(deal_id), what, state) if part)
        hits.append(Hit("deal", deal_id, name, detail, why))
    return hits
