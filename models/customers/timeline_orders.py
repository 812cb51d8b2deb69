"""Orders, contracts and invoices on a customer's timeline; for the timeline only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from models.customers.records import TimelineEntry
from models.customers.timeline_window import Window
from models.database import execute
from models.ids import show_contract, show_invoice, show_order


def orders(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    """Yield orders as they stand, at the moment they were booked."""
    condition, params = window.times("o.created_at", rank, "o.id")
    rows = execute(
        "SELECT o.id, o.created_at, o.state, o.settled, o.currency, o.deal_id, o.created_by,"
        " (SELECT coalesce(sum(l.net_minor), 0) FROM order_line l WHERE l.order_id = o.id) FROM sales_order o"
        f" WHERE o.customer_id = ? AND {condition} ORDER BY o.created_at DESC, o.id DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, at, state, settled, currency, deal_id, by, net in rows.fetchall():
        text = f"{show_order(row_id)} {settled or state}"
        yield window.timed(
            rank, at, row_id, "order", text, amount_minor=net, currency=currency, deal_id=deal_id, who=by
        )


def contracts(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    """Yield contracts, at the moment they were agreed."""
    condition, params = window.times("k.created_at", rank, "k.id")
    rows = execute(
        "SELECT k.id, k.created_at, k.state, k.starts_on, k.ends_on, k.currency, k.deal_id, k.created_by,"
        " (SELECT coalesce(sum(l.net_minor), 0) FROM contract_line l WHERE l.contract_id = k.id) FROM sales_contract k"
        f" WHERE k.customer_id = ? AND {condition} ORDER BY k.created_at DESC, k.id DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, at, state, starts, ends, currency, deal_id, by, net in rows.fetchall():
        ended = ", cancelled" if state == "cancelled" else ""
        text = f"{show_contract(row_id)} {_day(starts)} to {_day(ends)}{ended}"
        yield window.timed(
            rank, at, row_id, "contract", text, amount_minor=net, currency=currency, deal_id=deal_id, who=by
        )


def invoices(window: Window, rank: int, wanted: set[str]) -> Iterator[TimelineEntry]:
    """Yield invoices on the day they were issued, with how they stand."""
    condition, params = window.days("i.issued_on", rank, "i.id")
    rows = execute(
        "SELECT i.id, i.issued_on, i.due_on, i.paid_on, i.amount_minor, i.paid_minor, i.currency, o.deal_id"
        " FROM invoice i JOIN sales_order o ON o.id = i.order_id"
        f" WHERE i.customer_id = ? AND {condition} ORDER BY i.issued_on DESC, i.id DESC LIMIT ?",
        (window.customer_id, *params, window.limit),
    )
    for row_id, on, due_on, paid_on, amount, paid, currency, deal_id in rows.fetchall():
        settled = f", paid {_day(paid_on)}" if paid_on and paid >= amount else ", paid in part" if paid else ""
        text = f"{show_invoice(row_id)} due {_day(due_on)}{settled}"
        yield window.dated(
            rank, on, row_id, "invoice", text, "crm", amount_minor=amount, currency=currency, deal_id=deal_id
        )


def _day(text: str) -> str:
    day = dt.date.fromisoformat(text)
    return f"{day.day} {day:%b %Y}"
