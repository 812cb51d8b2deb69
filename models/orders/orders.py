"""Orders: made by accepting a quote or released from a contract; booked, shipped, invoiced, paid (rules 5.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from models import clock, journal
from models.clock import in_words
from models.database import company_zone, execute
from models.deals.lines import COLUMNS, make_line
from models.errors import NotFoundError, RefusedError, UsageError
from models.ids import show_order, show_quote
from models.orders.records import Order
from models.orders.whose import narrow
from models.people.permissions import require_handle_order
from models.people.records import Actor

STATES = ("booked", "shipped", "invoiced", "paid", "cancelled")
_STATE = "coalesce(nullif(o.settled, ''), o.state)"
_SELECT = f"""
SELECT o.id, o.customer_id, c.name, o.deal_id, d.owner_id, u.login, q.number, q.revision, o.contract_id,
    (SELECT count(*) FROM sales_order p WHERE p.contract_id = o.contract_id AND p.id <= o.id
        AND p.state <> 'cancelled'),
    k.call_offs, {_STATE}, o.currency,
    (SELECT coalesce(sum(net_minor), 0) FROM order_line WHERE order_id = o.id),
    (SELECT coalesce(sum(amount_minor), 0) FROM invoice WHERE order_id = o.id),
    (SELECT coalesce(sum(amount_minor - paid_minor), 0) FROM invoice WHERE order_id = o.id),
    o.booked_on, o.deliver_on, o.shipped_on
FROM sales_order o JOIN customer c ON c.id = o.customer_id JOIN deal d ON d.id = o.deal_id
JOIN app_user u ON u.id = d.owner_id JOIN quote q ON q.id = o.quote_id
LEFT JOIN sales_contract k ON k.id = o.contract_id
"""


def get(order_id: int) -> Order:
    """Return an order with its lines.

    Raises:
        NotFoundError: there is none.
    """
    row = execute(f"{_SELECT} WHERE o.id = ?", (order_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no order {show_order(order_id)}; contoso order list shows them")
    return _order(row)


def list_orders(
    *,
    owner_id: int | None = None,
    customer_id: int | None = None,
    deal_id: int | None = None,
    states: Sequence[str] = (),
    limit: int = 500,
) -> list[Order]:
    """Return orders, newest first: of one owner's deals, of a customer, of a deal, in some states, or all."""
    where, values = narrow(owner_id, customer_id, deal_id)
    marks = ", ".join("?" for _ in states)
    rows = execute(
        f"{_SELECT} WHERE {where}{f' AND {_STATE} IN ({marks})' if states else ''} ORDER BY o.id DESC LIMIT ?",
        (*values, *states, limit),
    ).fetchall()
    return [_order(row) for row in rows]


def find_of_quote(quote_id: int) -> int | None:
    """Return the order that accepting a quote made, None where it made a contract or was not accepted."""
    row = execute("SELECT id FROM sales_order WHERE quote_id = ? AND contract_id IS NULL", (quote_id,)).fetchone()
    return int(row[0]) if row else None


def ship(actor: Actor, now: dt.datetime, order_id: int, *, on: dt.date | None = None) -> None:
    """Note that a booked order was delivered.

    Raises:
        NotAllowedError: neither who works on the deal nor operations.
        RefusedError: it isn't booked.
        UsageError: the day is in the future, or before the order.
    """
    order = _require(actor, order_id)
    today = clock.local_date(now, company_zone())
    if order.state != "booked":
        raise RefusedError(f"{show_order(order_id)} is {order.state}: only a booked order is shipped")
    if not order.booked_on <= (on or today) <= today:
        raise UsageError(
            f"{show_order(order_id)} was booked on {in_words(order.booked_on)}: it is shipped after that, by today"
        )
    with journal.action(actor, now, "order.ship", f"Shipped {show_order(order_id)} of {order.customer}"):
        execute(
            "UPDATE sales_order SET state = 'shipped', shipped_on = ? WHERE id = ?",
            ((on or today).isoformat(), order_id),
        )


def set_delivery(actor: Actor, now: dt.datetime, order_id: int, on: dt.date | None) -> None:
    """Note the day on which a booked order is to be delivered.

    Raises:
        NotAllowedError: neither who works on the deal nor operations.
        RefusedError: it isn't booked any more.
    """
    order = _require(actor, order_id)
    if order.state != "booked":
        raise RefusedError(f"{show_order(order_id)} is {order.state}: its delivery is past")
    with journal.action(actor, now, "order.deliver", f"Delivery of {show_order(order_id)}: {on or 'open'}"):
        execute("UPDATE sales_order SET deliver_on = ? WHERE id = ?", (on.isoformat() if on else None, order_id))


def _require(actor: Actor, order_id: int) -> Order:
    order = get(order_id)
    require_handle_order(actor, order.deal_id, order.owner_id)
    return order


def _order(row: tuple[Any, ...]) -> Order:
    lines = execute(f"SELECT {COLUMNS} FROM order_line WHERE order_id = ? ORDER BY position, id", (row[0],)).fetchall()
    booked_on, deliver_on, shipped_on = (dt.date.fromisoformat(text) if text else None for text in row[16:19])
    assert booked_on is not None
    return Order(
        id=row[0],
        customer_id=row[1],
        customer=row[2],
        deal_id=row[3],
        owner_id=row[4],
        owner=row[5],
        quote=show_quote(row[6], row[7]),
        contract_id=row[8],
        call_off=row[9] if row[8] else 0,
        call_offs=row[10] or 0,
        state=row[11],
        currency=row[12],
        net_minor=row[13],
        invoiced_minor=row[14],
        open_minor=row[15],
        booked_on=booked_on,
        deliver_on=deliver_on,
        shipped_on=shipped_on,
        lines=tuple(make_line(line) for line in lines),
    )
