"""Invoices of shipped orders and what is paid of them; what a customer owes follows by trigger (rules 5.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models import clock, journal, money
from models.clock import in_words
from models.database import acting, company_zone, execute, setting
from models.errors import NotFoundError, RefusedError, UsageError
from models.ids import show_invoice, show_order
from models.orders import orders
from models.orders.records import Debt, Invoice, Payment
from models.orders.whose import narrow
from models.people.permissions import require_handle_order
from models.people.records import Actor

DUE_DAYS = 30
_SELECT = """
SELECT i.id, i.customer_id, c.name, i.order_id, o.contract_id,
    (SELECT count(*) FROM sales_order p WHERE p.contract_id = o.contract_id AND p.id <= o.id
        AND p.state <> 'cancelled'),
    k.call_offs, o.deal_id, d.owner_id, u.login, i.currency, i.amount_minor, i.paid_minor, i.issued_on,
    i.due_on, i.paid_on
FROM invoice i JOIN customer c ON c.id = i.customer_id JOIN sales_order o ON o.id = i.order_id
JOIN deal d ON d.id = o.deal_id JOIN app_user u ON u.id = d.owner_id
LEFT JOIN sales_contract k ON k.id = o.contract_id
"""


def get(invoice_id: int, today: dt.date) -> Invoice:
    """Return an invoice with its payments.

    Raises:
        NotFoundError: there is none.
    """
    row = execute(f"{_SELECT} WHERE i.id = ?", (invoice_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no invoice {show_invoice(invoice_id)}; contoso invoice list shows them")
    return _invoice(row, today)


def list_invoices(
    today: dt.date,
    *,
    owner_id: int | None = None,
    customer_id: int | None = None,
    deal_id: int | None = None,
    is_unpaid: bool = False,
    limit: int = 500,
) -> list[Invoice]:
    """Return invoices: past due first, the oldest on top, then those open, then the newest paid ones."""
    where, values = narrow(owner_id, customer_id, deal_id)
    rows = execute(
        f"{_SELECT} WHERE {where} AND (i.paid_minor < i.amount_minor OR NOT ?)"
        " ORDER BY i.paid_minor >= i.amount_minor, CASE WHEN i.paid_minor < i.amount_minor THEN i.due_on END, i.id DESC"
        " LIMIT ?",
        (*values, is_unpaid, limit),
    ).fetchall()
    return [_invoice(row, today) for row in rows]


def list_debts(*, owner_id: int | None = None, today: dt.date) -> list[Debt]:
    """Return who owes past due, of one owner's deals or all, the oldest debt first."""
    rows = execute(
        "SELECT c.id, c.name, coalesce(u.login, ''), c.unpaid_minor, c.unpaid_since, (SELECT count(*) FROM invoice i"
        " WHERE i.customer_id = c.id AND i.paid_minor < i.amount_minor AND i.due_on < ?) FROM customer c"
        " LEFT JOIN app_user u ON u.id = c.owner_id WHERE c.unpaid_minor > 0 AND c.unpaid_since IS NOT NULL"
        " AND (? IS NULL OR c.owner_id = ? OR EXISTS (SELECT 1 FROM deal d WHERE d.customer_id = c.id"
        " AND d.owner_id = ?)) ORDER BY c.unpaid_since, c.unpaid_minor DESC",
        (today.isoformat(), owner_id, owner_id, owner_id),
    ).fetchall()
    return [
        Debt(customer_id, name, login, owed, dt.date.fromisoformat(since), _days(since, today), count)
        for customer_id, name, login, owed, since, count in rows
    ]


def issue(
    actor: Actor,
    now: dt.datetime,
    order_id: int,
    *,
    amount_minor: int | None = None,
    due_on: dt.date | None = None,
) -> int:
    """Invoice a shipped order: all that is not invoiced yet, or a part; return the invoice's id.

    Raises:
        NotAllowedError: neither who works on the deal nor operations.
        RefusedError: it isn't shipped, or not that much is left to invoice.
        UsageError: it is due before today.
    """
    order = orders.get(order_id)
    require_handle_order(actor, order.deal_id, order.owner_id)
    today = clock.local_date(now, company_zone())
    if order.state != "shipped":
        raise RefusedError(f"{show_order(order_id)} is {order.state}: only a shipped order is invoiced")
    left = order.net_minor - order.invoiced_minor
    amount = left if amount_minor is None else amount_minor
    if amount > left:
        rest = money.to_text(left, order.currency)
        raise RefusedError(f"{show_order(order_id)} has {rest} {order.currency} left to invoice")
    due = due_on or today + dt.timedelta(days=DUE_DAYS)
    if due < today:
        raise UsageError(f"An invoice can't be due before it is issued ({in_words(due)}; today is {in_words(today)})")
    with journal.action(actor, now, "invoice.issue", f"Invoiced {show_order(order_id)}") as made:
        cursor = execute(
            "INSERT INTO invoice (order_id, customer_id, currency, usd_rate_micros, amount_minor, issued_on, due_on,"
            " created_at, created_by) SELECT o.id, o.customer_id, o.currency, d.usd_rate_micros, ?, ?, ?, ?, ?"
            " FROM sales_order o JOIN deal d ON d.id = o.deal_id WHERE o.id = ?",
            (amount, today.isoformat(), due.isoformat(), clock.to_micros(now), actor.login, order_id),
        )
        invoice_id = int(cursor.lastrowid or 0)
        made.summary = f"{show_invoice(invoice_id)} for {show_order(order_id)} of {order.customer}, due {in_words(due)}"
    return invoice_id


def pay(
    actor: Actor,
    now: dt.datetime,
    invoice_id: int,
    *,
    amount_minor: int | None = None,
    on: dt.date | None = None,
    reference: str = "",
) -> None:
    """Note a payment: of all that is open, or a part.

    Raises:
        NotAllowedError: neither who works on the deal nor operations.
        RefusedError: nothing or less is open, or the reference is entered already.
        UsageError: the day is in the future, or the amount not above 0.
    """
    today = clock.local_date(now, company_zone())
    invoice = get(invoice_id, today)
    require_handle_order(actor, invoice.deal_id, invoice.owner_id)
    name = show_invoice(invoice_id)
    if not invoice.open_minor:
        raise RefusedError(f"{name} is paid already, on {in_words(invoice.paid_on or today)}")
    amount = invoice.open_minor if amount_minor is None else amount_minor
    if amount <= 0:
        raise UsageError("A payment is more than nothing")
    shown = f"{money.to_text(invoice.open_minor, invoice.currency)} {invoice.currency}"
    if amount > invoice.open_minor:
        raise RefusedError(f"{name} has only {shown} open")
    if (on or today) > today:
        raise UsageError(f"A payment can't be of the future ({in_words(on or today)}; today is {in_words(today)})")
    paid = f"{money.to_text(amount, invoice.currency)} {invoice.currency}"
    with journal.action(actor, now, "invoice.pay", f"{invoice.customer} paid {paid} of {name}"):
        execute(
            "INSERT INTO payment (invoice_id, amount_minor, paid_on, reference, entered_at, entered_by)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(invoice_id, amount, (on or today).isoformat(), reference.strip() or None),
                *(clock.to_micros(now), actor.login),
            ),
        )


def renew_unpaid(now: dt.datetime) -> bool:
    """Let what fell due since the last write count as owed, and return whether something did.

    A date passes without a write. The first write of a day, whosever it is, brings customers up to date (a trigger on
    actions); this one does nothing else, for those who only read.
    """
    today = clock.local_date(now, company_zone()).isoformat()
    since = setting("unpaid_as_of")
    if not since or since >= today or acting.get() is not None:
        return False
    row = execute(
        "SELECT 1 FROM invoice WHERE paid_minor < amount_minor AND due_on >= ? AND due_on < ? LIMIT 1", (since, today)
    ).fetchone()
    if row is None:
        return False
    with journal.action(Actor(0, "contoso", "", frozenset(), None, "day"), now, "day.begin", "A day began"):
        return True


def _days(since: str, today: dt.date) -> int:
    return (today - dt.date.fromisoformat(since)).days


def _invoice(row: tuple[Any, ...], today: dt.date) -> Invoice:
    payments = execute(
        "SELECT amount_minor, paid_on, coalesce(reference, ''), entered_by FROM payment WHERE invoice_id = ?"
        " ORDER BY paid_on, id",
        (row[0],),
    ).fetchall()
    due_on = dt.date.fromisoformat(row[14])
    return Invoice(
        id=row[0],
        customer_id=row[1],
        customer=row[2],
        order_id=row[3],
        contract_id=row[4],
        call_off=row[5] if row[4] else 0,
        call_offs=row[6] or 0,
        deal_id=row[7],
        owner_id=row[8],
        owner=row[9],
        currency=row[10],
        amount_minor=row[11],
        paid_minor=row[12],
        issued_on=dt.date.fromisoformat(row[13]),
        due_on=due_on,
        paid_on=dt.date.fromisoformat(row[15]) if row[15] else None,
        days_late=max((today - due_on).days, 0) if row[12] < row[11] else 0,
        payments=tuple(Payment(found[0], dt.date.fromisoformat(found[1]), *found[2:]) for found in payments),
    )
