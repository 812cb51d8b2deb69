"""Product lines of a deal; the deal's amount and its tech check follow by themselves (triggers)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from models import journal, meanwhile
from models.database import execute
from models.deals import products, rates
from models.deals.detail_records import Line
from models.deals.details import get_detail
from models.deals.records import Outcome
from models.errors import NotFoundError, RefusedError, UsageError
from models.ids import show_deal
from models.money import line_net_minor
from models.people.permissions import require_work_on_deal
from models.people.records import Actor

COLUMNS = (
    "id, position, product_id, description, quantity, is_monthly, months, price_minor, discount_bp, gross_minor,"
    " net_minor"
)
# $100 billion: ten thousand times that, as discounts need, still fits the database's integers.
MAX_LINE_MINOR = 10**13
EDITABLE = ("description", "quantity", "months", "price_minor", "discount_bp")


def make_line(row: tuple[Any, ...]) -> Line:
    """Return the record of a row of `COLUMNS`."""
    return Line(row[0], row[1], row[2], row[3], row[4], bool(row[5]), row[6], row[7], row[8], row[9], row[10])


def list_lines(deal_id: int) -> list[Line]:
    """Return a deal's own lines in order."""
    rows = execute(f"SELECT {COLUMNS} FROM deal_line WHERE deal_id = ? ORDER BY position, id", (deal_id,)).fetchall()
    return [make_line(row) for row in rows]


def add(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    product: str,
    quantity: int = 1,
    *,
    months: int | None = None,
    discount_bp: int = 0,
) -> int:
    """Add a line with the catalogue's price; `product` is a code or part of a name.

    Raises:
        NotAllowedError: neither owner, team nor their manager.
        NotFoundError: no active product fits.
        UsageError: quantity, months or discount out of range.
        RefusedError: the deal is closed.
    """
    customer = _require_open(actor, now, deal_id)
    found = products.find(product)
    check_values({"quantity": quantity, "months": months, "discount_bp": discount_bp}, is_monthly=found.is_monthly)
    currency = execute("SELECT currency FROM deal WHERE id = ?", (deal_id,)).fetchone()[0]
    price = rates.price_of(found, currency, now)
    check_worth(quantity, price, months, is_monthly=found.is_monthly)
    with journal.action(actor, now, "line.add", f"Added {quantity} x {found.name} to {customer}"):
        cursor = execute(
            "INSERT INTO deal_line (deal_id, position, product_id, description, quantity, is_monthly, months,"
            " price_minor, discount_bp) SELECT ?, coalesce(max(position), 0) + 1, ?, ?, ?, ?, ?, ?, ?"
            " FROM deal_line WHERE deal_id = ?",
            (
                deal_id,
                found.id,
                found.name,
                quantity,
                found.is_monthly,
                months if found.is_monthly else None,
                price,
                discount_bp,
                deal_id,
            ),
        )
        return int(cursor.lastrowid or 0)


def change(actor: Actor, now: dt.datetime, line_id: int, **values: Any) -> None:
    """Change fields of a line (`EDITABLE`).

    Raises:
        NotAllowedError: neither owner, team nor their manager.
        NotFoundError: there is no such line.
        UsageError: an unknown field or a value out of range.
    """
    deal_id, line = _find(line_id)
    customer = _require_open(actor, now, deal_id)
    check_values(values, is_monthly=line.is_monthly)
    with journal.action(actor, now, "line.change", f"Changed {line.description} of {customer}"):
        store(line, values, "deal_line")


def remove(actor: Actor, now: dt.datetime, line_id: int) -> None:
    """Remove a line.

    Raises:
        NotAllowedError: neither owner, team nor their manager.
        NotFoundError: there is no such line.
    """
    deal_id, line = _find(line_id)
    customer = _require_open(actor, now, deal_id)
    with journal.action(actor, now, "line.remove", f"Removed {line.description} from {customer}"):
        execute("DELETE FROM deal_line WHERE id = ?", (line_id,))


def shift(actor: Actor, now: dt.datetime, line_id: int, by: int) -> None:
    """Move a line up (-1) or down (+1); at the end it stays where it is."""
    deal_id, line = _find(line_id)
    customer = _require_open(actor, now, deal_id)
    with journal.action(actor, now, "line.shift", f"Moved {line.description} of {customer}"):
        reorder([other.id for other in list_lines(deal_id)], line_id, by, "deal_line")


def find_lines(table: str, line_ids: Sequence[int]) -> list[Line]:
    """Return those lines of `deal_line` or `quote_line` that are still there, in their order."""
    marks = ", ".join("?" for _ in line_ids)
    rows = execute(f"SELECT {COLUMNS} FROM {table} WHERE id IN ({marks}) ORDER BY position, id", tuple(line_ids))
    return [make_line(row) for row in rows.fetchall()]


def require_seen(table: str, line_id: int, seen: Mapping[str, Any]) -> None:
    """Check that fields of a line of `deal_line` or `quote_line` hold what the actor saw; call it inside an action.

    Raises:
        ChangedMeanwhileError: they don't.
        NotFoundError: there is no such line any more.
    """
    found = find_lines(table, [line_id])
    if not found:
        raise NotFoundError(f"There is no line {line_id} any more")
    stands = {name: getattr(found[0], name) for name in EDITABLE}
    meanwhile.require_seen(table, line_id, f"the line {found[0].description}", stands, seen)


def check_values(values: dict[str, Any], *, is_monthly: bool) -> None:
    """Check fields of a line of a deal or a quote.

    Raises:
        UsageError: an unknown field or a value out of range.
    """
    for name, value in values.items():
        if name not in EDITABLE and name != "quantity":
            raise UsageError(f"A line has no field {name!r}; there are {', '.join(EDITABLE)}")
        if name == "quantity" and not 1 <= value <= 1_000_000:
            raise UsageError(f"A quantity is from 1 to 1,000,000, not {value}")
        if name == "months" and value is not None:
            if not is_monthly:
                raise UsageError("Only a monthly plan has months")
            if not 1 <= value <= 600:
                raise UsageError(f"Months are from 1 to 600, not {value}")
        if name == "discount_bp" and not 0 <= value <= 10000:
            raise UsageError("A discount is from 0 to 100 percent")
        if name == "price_minor" and not 0 <= value <= 10**13:
            raise UsageError("A price is from 0 to 100 billion")


def check_worth(quantity: int, price_minor: int, months: int | None, *, is_monthly: bool) -> None:
    """Check that a line's list price stays within `MAX_LINE_MINOR`.

    Raises:
        UsageError: it doesn't.
    """
    if line_net_minor(quantity, price_minor, 0, months, is_monthly=is_monthly) > MAX_LINE_MINOR:
        raise UsageError("A line is worth at most 100 billion")


def store(line: Line, values: dict[str, Any], table: str) -> None:
    """Write checked fields of a line of `deal_line` or `quote_line`; call it inside an action.

    One statement: a price and a discount that change together must not pass through an amount that nobody meant,
    which would cost the deal its sign-off.

    Raises:
        UsageError: the line would be worth too much.
    """
    if not values:
        return
    check_worth(
        values.get("quantity", line.quantity),
        values.get("price_minor", line.price_minor),
        values.get("months", line.months),
        is_monthly=line.is_monthly,
    )
    settings = ", ".join(f"{name} = ?" for name in values)
    execute(f"UPDATE {table} SET {settings} WHERE id = ?", (*values.values(), line.id))


def reorder(order: list[int], line_id: int, by: int, table: str) -> None:
    """Move one of the lines in `order` by some places, as far as they go; call it inside an action."""
    place = order.index(line_id)
    order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    for position, other in enumerate(order, 1):
        execute(f"UPDATE {table} SET position = ? WHERE id = ? AND position <> ?", (position, other, position))


def _find(line_id: int) -> tuple[int, Line]:
    row = execute(f"SELECT deal_id, {COLUMNS} FROM deal_line WHERE id = ?", (line_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no line {line_id} any more")
    return int(row[0]), make_line(row[1:])


def _require_open(actor: Actor, now: dt.datetime, deal_id: int) -> str:
    deal = get_detail(deal_id, now)
    require_work_on_deal(actor, deal_id, deal.owner_id)
    if deal.outcome is not Outcome.OPEN:
        raise RefusedError(f"{show_deal(deal_id)} {deal.customer} is closed: its lines are frozen")
    return deal.customer
