"""Orders, contracts and invoices as rows, and one of them as text. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from contoso_tui import formats
from contoso_tui.text import Piece, clean, pad
from contoso_tui.widgets import list_view
from contoso_tui.widgets.list_view import heading, line
from contoso_tui.widgets.rows import Part
from models.deals.detail_records import Line
from models.ids import show_contract, show_deal, show_invoice, show_order
from models.orders.records import Contract, Debt, Invoice, Order

Item = Order | Contract | Invoice

TABS = ("Orders", "Contracts", "Invoices")
_FIXED = 62
_DAY, _STATE = 11, 11
STYLES = {"paid": "good", "cancelled": "dim", "booked": "draft"}


def tabs(place: int, counts: Sequence[int]) -> list_view.Line:
    """Return the row of tabs, the present one in brackets."""
    parts: list[Part] = [(" ", "text")]
    for number, name in enumerate(TABS):
        text = f"{number + 1} {name} {counts[number]}"
        parts.append((f"[{text}]" if number == place else f" {text} ", "heading" if number == place else "text"))
        parts.append(("  ", "text"))
    return heading(parts)


def _name_cells(width: int) -> int:
    return max(8, min(40, width - _FIXED))


def header(place: int, width: int) -> list_view.Line:
    """Return the names of the columns of a tab."""
    last = (("booked", "state", "from"), ("to", "call-offs", "left"), ("due", "paid", "from"))[place]
    text = pad(" id", 11) + pad("customer", _name_cells(width)) + pad("amount", 15, "right")
    return heading(text + "   " + pad(last[0], _DAY) + pad(last[1], _STATE) + last[2], "dim")


def order_row(order: Order, width: int, today: dt.date) -> list_view.Line:
    """Return one order."""
    day = order.shipped_on or order.booked_on
    state: Part = (pad(order.state, _STATE), STYLES.get(order.state, "text"))
    origin = _call_off(order.contract_id, order.call_off, order.call_offs) or order.quote
    return _row(show_order(order.id), order.customer, order.net_minor, order.currency, day, state, origin, width, today)


def contract_row(contract: Contract, width: int, today: dt.date) -> list_view.Line:
    """Return one contract."""
    done: Part = (pad(f"{contract.orders} of {contract.call_offs}", _STATE), "text")
    left = formats.money(contract.net_minor - contract.released_minor, contract.currency)
    tail = left if contract.state == "running" else contract.state
    minor, name = contract.net_minor, show_contract(contract.id)
    return _row(name, contract.customer, minor, contract.currency, contract.ends_on, done, tail, width, today)


def invoice_row(invoice: Invoice, width: int, today: dt.date) -> list_view.Line:
    """Return one invoice; what is past due says for how many days."""
    origin = _call_off(invoice.contract_id, invoice.call_off, invoice.call_offs) or show_order(invoice.order_id)
    words, style = payment_state(invoice, today)
    paid: Part = (pad(words, _STATE), style)
    minor, name = invoice.amount_minor, show_invoice(invoice.id)
    return _row(name, invoice.customer, minor, invoice.currency, invoice.due_on, paid, origin, width, today)


def payment_state(invoice: Invoice, today: dt.date) -> Part:
    """Return when an invoice was paid, for how many days it is past due, or that it is open."""
    if invoice.paid_on is not None:
        return (formats.day(invoice.paid_on, today), "dim")
    if invoice.days_late:
        return (f"! {invoice.days_late}d", "late")
    days = (invoice.due_on - today).days
    return (f"open {days}d" if days <= 7 else "open", "text")


def _row(
    name: str,
    customer: str,
    minor: int,
    currency: str,
    day: dt.date,
    state: Part,
    origin: str,
    width: int,
    today: dt.date,
) -> list_view.Line:
    parts: list[Part] = [(pad(name, 10), "text"), (pad(clean(customer), _name_cells(width)), "text")]
    parts += [(pad(formats.amount(minor, currency), 15, "right"), "amount")]
    parts += [(f"   {pad(formats.day(day, today), _DAY)}", "dim"), state, (origin, "dim")]
    return line(parts, name)


def _call_off(contract_id: int | None, number: int, planned: int) -> str:
    return f"{show_contract(contract_id)} {number}/{max(planned, number)}" if contract_id else ""


def name_of(item: Item) -> str:
    """Return the shown id."""
    if isinstance(item, Order):
        return show_order(item.id)
    return show_contract(item.id) if isinstance(item, Contract) else show_invoice(item.id)


def text_of(item: Item) -> str:
    """Return all of it as plain text."""
    if isinstance(item, Order):
        return order_text(item)
    return contract_text(item) if isinstance(item, Contract) else invoice_text(item)


def order_text(order: Order) -> str:
    """Return an order in full."""
    dates = [f"booked {formats.day_full(order.booked_on)}"]
    dates += [f"to deliver {formats.day_full(order.deliver_on)}"] if order.deliver_on else []
    dates += [f"shipped {formats.day_full(order.shipped_on)}"] if order.shipped_on else []
    money = f"{formats.money(order.net_minor, order.currency)}, invoiced"
    money += f" {formats.money(order.invoiced_minor, order.currency)}"
    head = f"{show_order(order.id)}  {order.customer}  {show_deal(order.deal_id)}  {order.quote}  {order.state}"
    return "\n".join([head, ", ".join(dates), money, "", *(_line(one, order.currency) for one in order.lines)])


def contract_text(contract: Contract) -> str:
    """Return a contract with what is left of each line."""
    head = f"{show_contract(contract.id)}  {contract.customer}  {show_deal(contract.deal_id)}  {contract.state}"
    span = f"{formats.day_full(contract.starts_on)} to {formats.day_full(contract.ends_on)}"
    span += f", {contract.orders} of {contract.call_offs} call-offs"
    rows = [f"{_line(one.line, contract.currency)}   {one.left:,} left" for one in contract.lines]
    return "\n".join([head, span, formats.money(contract.net_minor, contract.currency), "", *rows])


def invoice_text(invoice: Invoice) -> str:
    """Return an invoice with its payments."""
    head = f"{show_invoice(invoice.id)}  {invoice.customer}  {show_order(invoice.order_id)}"
    issued, due = formats.day_full(invoice.issued_on), formats.day_full(invoice.due_on)
    amount = f"{formats.money(invoice.amount_minor, invoice.currency)}, issued {issued}, due {due}"
    if invoice.open_minor:
        amount += f", {formats.money(invoice.open_minor, invoice.currency)} open"
    rows = [
        f"{formats.day_full(one.paid_on)}  {formats.money(one.amount_minor, invoice.currency)}"
        f"{f'  {one.reference}' if one.reference else ''}  entered by {one.entered_by}"
        for one in invoice.payments
    ]
    return "\n".join([head, amount, "", *(rows or ["No payment yet"])])


def _line(one: Line, currency: str) -> str:
    return f"{one.quantity:>7,} x {one.description}  {formats.amount(one.net_minor, currency)}"


def owed(item: Item, debt: Debt) -> list[Piece]:
    """Say what of an invoice is open after a payment, then what its customer owes past due, in shorter forms too."""
    owes = f"$! {clean(debt.customer)} owes {formats.money(debt.unpaid_usd_cents)}"
    oldest = f"oldest {formats.counted(debt.days, 'day')} late"
    forms = (f"{owes}: {formats.counted(debt.invoices, 'invoice')}, {oldest}", f"{owes}, {oldest}", owes)
    pieces: list[Piece] = [(0, "late", forms)]
    if isinstance(item, Invoice) and 0 < item.paid_minor < item.amount_minor:
        pieces.insert(0, (1, "text", (f"{formats.money(item.open_minor, item.currency)} open", "")))
    return pieces
