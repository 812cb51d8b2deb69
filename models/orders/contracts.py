"""Contracts: a volume over a period, made by accepting a quote; orders are released from it, never more (rules 5.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from models import clock, journal
from models.clock import in_words
from models.database import company_zone, execute
from models.deals import quotes
from models.deals.lines import make_line
from models.errors import NotFoundError, RefusedError, UsageError
from models.ids import show_contract, show_order, show_quote
from models.orders.records import Contract, ContractLine
from models.orders.whose import narrow
from models.people.permissions import require_handle_order
from models.people.records import Actor

_COPY = (
    "position, product_id, description, quantity, is_monthly, months, price_minor, discount_bp, gross_minor, net_minor"
)
_SELECT = """
SELECT k.id, k.customer_id, c.name, k.deal_id, d.owner_id, u.login, q.number, q.revision, k.state, k.currency,
    k.starts_on, k.ends_on, k.call_offs,
    (SELECT count(*) FROM sales_order o WHERE o.contract_id = k.id AND o.state <> 'cancelled')
FROM sales_contract k JOIN customer c ON c.id = k.customer_id JOIN deal d ON d.id = k.deal_id
JOIN app_user u ON u.id = d.owner_id JOIN quote q ON q.id = k.quote_id
"""
_RELEASED = "FROM order_line o JOIN sales_order s ON s.id = o.order_id WHERE o.contract_line_id = l.id" \
    " AND s.state <> 'cancelled'"  # fmt: skip


def accept(
    actor: Actor,
    now: dt.datetime,
    quote_id: int,
    starts_on: dt.date,
    ends_on: dt.date,
    *,
    call_offs: int = 1,
    on: dt.date | None = None,
) -> int:
    """Accept a quote as a contract over a period instead of one order; return the contract's id. Never undone.

    Raises:
        NotAllowedError: the actor may not quote the deal.
        RefusedError: what `quotes.accept` refuses.
        UsageError: the period ends before it starts, or the call-offs are not 1 to 1000.
    """
    if ends_on < starts_on:
        raise UsageError(f"The contract's period ends ({in_words(ends_on)}) before it starts ({in_words(starts_on)})")
    if not 1 <= call_offs <= 1000:
        raise UsageError(f"Call-offs are from 1 to 1000, not {call_offs}")
    quote = quotes.get(quote_id, now)
    name = show_quote(quote.number, quote.revision)
    if quote.state not in ("sent", "expired"):
        raise RefusedError(f"{name} is {quote.state}: only a sent quote can be accepted")
    with journal.action(actor, now, "quote.accept", f"{name} accepted as a contract", can_undo=False) as made:
        cursor = execute(
            "INSERT INTO sales_contract (quote_id, deal_id, customer_id, currency, starts_on, ends_on, call_offs,"
            " created_at, created_by) SELECT ?, id, customer_id, ?, ?, ?, ?, ?, ? FROM deal WHERE id = ?",
            (
                *(quote_id, quote.currency, starts_on.isoformat(), ends_on.isoformat(), call_offs),
                *(clock.to_micros(now), actor.login, quote.deal_id),
            ),
        )
        contract_id = int(cursor.lastrowid or 0)
        execute(
            f"INSERT INTO contract_line (contract_id, {_COPY}) SELECT ?, {_COPY} FROM quote_line WHERE quote_id = ?"
            " ORDER BY position, id",
            (contract_id, quote_id),
        )
        quotes.accept(actor, now, quote_id, on=on)
        made.summary = f"{name} accepted by {quote.customer}: contract {show_contract(contract_id)}"
    return contract_id


def get(contract_id: int, today: dt.date) -> Contract:
    """Return a contract with what is left of it.

    Raises:
        NotFoundError: there is none.
    """
    row = execute(f"{_SELECT} WHERE k.id = ?", (contract_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no contract {show_contract(contract_id)}; contoso contract list shows them")
    return _contract(row, today)


def list_contracts(
    today: dt.date,
    *,
    owner_id: int | None = None,
    customer_id: int | None = None,
    deal_id: int | None = None,
    limit: int = 500,
) -> list[Contract]:
    """Return contracts, newest first: of one owner's deals, of a customer, of a deal, or all."""
    where, values = narrow(owner_id, customer_id, deal_id)
    rows = execute(f"{_SELECT} WHERE {where} ORDER BY k.id DESC LIMIT ?", (*values, limit)).fetchall()
    return [_contract(row, today) for row in rows]


def next_quantities(contract: Contract) -> dict[int, int]:
    """Return what the next call-off would take by line: what is left, spread over the planned ones that are left."""
    parts = max(contract.call_offs - contract.orders, 1)
    return {found.line.id: -(-found.left // parts) for found in contract.lines if found.left}


def call_off(
    actor: Actor,
    now: dt.datetime,
    contract_id: int,
    quantities: Mapping[int, int] | None = None,
    *,
    deliver_on: dt.date | None = None,
) -> int:
    """Release an order: quantities by contract line, else the planned next ones; return the order's id.

    Raises:
        NotAllowedError: neither who works on the deal nor operations.
        RefusedError: the contract is over, or has not that much left.
        UsageError: nothing is called off, a line is not the contract's, or the day is outside its period.
    """
    today = clock.local_date(now, company_zone())
    contract = get(contract_id, today)
    require_handle_order(actor, contract.deal_id, contract.owner_id)
    name = show_contract(contract_id)
    if contract.state != "running":
        raise RefusedError(f"{name} is {contract.state}: nothing more can be called off")
    wanted = {line: quantity for line, quantity in (quantities or next_quantities(contract)).items() if quantity}
    if not wanted or any(quantity < 0 for quantity in wanted.values()):
        raise UsageError(f"{name}: call off at least one piece of a line")
    if deliver_on is not None and not contract.starts_on <= deliver_on <= contract.ends_on:
        raise UsageError(
            f"{name} runs from {in_words(contract.starts_on)} to {in_words(contract.ends_on)}: deliver then"
        )
    lines = {found.line.id: found for found in contract.lines}
    for line_id, quantity in wanted.items():
        found = lines.get(line_id)
        if found is None:
            raise UsageError(f"{name} has no such line")
        if quantity > found.left:
            raise RefusedError(f"{name} has {found.left:,} of {found.line.description} left, not {quantity:,}")
    with journal.action(actor, now, "contract.calloff", f"Call-off of {name}") as made:
        cursor = execute(
            "INSERT INTO sales_order (quote_id, contract_id, deal_id, customer_id, currency, booked_on, deliver_on,"
            " created_at, created_by) SELECT quote_id, id, deal_id, customer_id, currency, ?, ?, ?, ?"
            " FROM sales_contract WHERE id = ?",
            (
                *(today.isoformat(), deliver_on.isoformat() if deliver_on else None),
                *(clock.to_micros(now), actor.login, contract_id),
            ),
        )
        order_id = int(cursor.lastrowid or 0)
        for line_id, quantity in wanted.items():
            _release(order_id, lines[line_id], quantity)
        made.summary = f"{show_order(order_id)} called off from {name} of {contract.customer}"
    return order_id


def _release(order_id: int, agreed: ContractLine, quantity: int) -> None:
    line = agreed.line
    # Rounded as a running sum, so that all call-offs together are worth what was agreed, to the cent.
    upto = agreed.released + quantity
    net = (2 * line.net_minor * upto + line.quantity) // (2 * line.quantity) - agreed.released_minor
    execute(
        f"INSERT INTO order_line (order_id, contract_line_id, {_COPY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(order_id, line.id, line.position, line.product_id, line.description, quantity, line.is_monthly),
            *(line.months, line.price_minor, line.discount_bp, line.gross_minor // line.quantity * quantity, net),
        ),
    )


def _contract(row: tuple[Any, ...], today: dt.date) -> Contract:
    columns = ", ".join(f"l.{name.strip()}" for name in f"id, {_COPY}".split(","))
    lines = tuple(
        ContractLine(make_line(found[:11]), found[11], found[12])
        for found in execute(
            f"SELECT {columns}, (SELECT coalesce(sum(o.quantity), 0) {_RELEASED}),"
            f" (SELECT coalesce(sum(o.net_minor), 0) {_RELEASED}) FROM contract_line l WHERE l.contract_id = ?"
            " ORDER BY l.position, l.id",
            (row[0],),
        ).fetchall()
    )
    ends_on = dt.date.fromisoformat(row[11])
    state = row[8]
    if state == "running":
        state = "done" if not any(line.left for line in lines) else "ended" if ends_on < today else state
    return Contract(
        id=row[0],
        customer_id=row[1],
        customer=row[2],
        deal_id=row[3],
        owner_id=row[4],
        owner=row[5],
        quote=show_quote(row[6], row[7]),
        state=state,
        currency=row[9],
        starts_on=dt.date.fromisoformat(row[10]),
        ends_on=ends_on,
        call_offs=row[12],
        orders=row[13],
        net_minor=sum(found.line.net_minor for found in lines),
        released_minor=sum(found.released_minor for found in lines),
        lines=lines,
    )
