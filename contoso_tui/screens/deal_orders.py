"""Tab 6 of a deal: what was ordered of it, called off, invoiced and paid. Reading it, and its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contoso_tui import formats
from contoso_tui.screens import orders_words
from contoso_tui.screens.orders_words import Item
from contoso_tui.text import Piece, cells, clean, pad, ranked
from contoso_tui.widgets.list_view import Line, heading, line
from contoso_tui.widgets.rows import Part
from models.orders import contracts, invoices, orders
from models.orders.records import Contract, Invoice, Order, Payment

ACTIVE = ("sales_order", "sales_contract", "invoice", "payment")
"""Journalled tables whose changes may show on the tab."""
_NAME, _AMOUNT = 14, 14
_STATE = 11
_KINDS: dict[type[object], str] = {Contract: "contract", Order: "order", Invoice: "invoice"}


class DealOrders(NamedTuple):
    """What followed the accepted quotes of a deal or customer, newest first."""

    contracts: tuple[Contract, ...]
    orders: tuple[Order, ...]
    invoices: tuple[Invoice, ...]

    def find(self, kind: str, number: object) -> Item | None:
        """Return what a row of the tab stands for."""
        kinds: dict[str, Sequence[Item]] = {
            "contract": self.contracts,
            "order": self.orders,
            "invoice": self.invoices,
        }
        return next((item for item in kinds.get(kind, ()) if item.id == number), None)


def read(deal_id: int, today: dt.date) -> DealOrders:
    """Read the orders, contracts and invoices of a deal."""
    return DealOrders(
        tuple(contracts.list_contracts(today, deal_id=deal_id)),
        tuple(orders.list_orders(deal_id=deal_id)),
        tuple(invoices.list_invoices(today, deal_id=deal_id)),
    )


def read_customer(customer_id: int, today: dt.date) -> DealOrders:
    """Read the orders, contracts and invoices of all deals of a customer."""
    return DealOrders(
        tuple(contracts.list_contracts(today, customer_id=customer_id)),
        tuple(orders.list_orders(customer_id=customer_id)),
        tuple(invoices.list_invoices(today, customer_id=customer_id)),
    )


def rows(found: DealOrders | None, width: int, today: dt.date) -> list[Line]:
    """Return sums, then each contract with its call-offs, each order with its invoices, each of these with payments."""
    if found is None:
        return [heading(" Reading …", "dim")]
    if not found.orders and not found.contracts:
        return [heading(" No orders yet. An accepted quote makes one", "dim")]
    tab = _Tab(found, width, today)
    return [tab.sums(), heading(""), *things(found, width, today)]


def things(found: DealOrders, width: int, today: dt.date) -> list[Line]:
    """Return each contract with its call-offs, each order with its invoices, each of these with payments."""
    tab, made = _Tab(found, width, today), []
    for contract in found.contracts:
        made.append(tab.contract(contract))
        for order in found.orders:
            if order.contract_id == contract.id:
                made += tab.order(order, 1)
    for order in found.orders:
        if order.contract_id is None:
            made += tab.order(order, 0)
    return made


@dataclass(frozen=True, slots=True)
class _Tab:
    """Draws the rows for one width and day; `depth` is how far a row stands in."""

    found: DealOrders
    width: int
    today: dt.date

    def sums(self) -> Line:
        """Return what was ordered, invoiced and paid in all; a cancelled order counts nowhere."""
        found = self.found
        currency = (found.orders or found.contracts)[0].currency
        ordered = sum(order.net_minor for order in found.orders if order.state != "cancelled")
        invoiced = sum(invoice.amount_minor for invoice in found.invoices)
        paid = sum(invoice.paid_minor for invoice in found.invoices)
        late = sum(invoice.open_minor for invoice in found.invoices if invoice.days_late)
        pieces: list[Piece] = []
        for rank, (name, minor) in enumerate((("ordered", ordered), ("invoiced", invoiced), ("paid", paid)), 2):
            pieces.append((rank, "text", (f"{name} {formats.money(minor, currency)}",)))
        if invoiced > paid:
            pieces.append((1, "text", (f"open {formats.money(invoiced - paid, currency)}",)))
        if late:
            pieces.append((0, "late", (f"past due {formats.money(late, currency)}",)))
        return heading([(" ", "text"), *ranked(pieces, self.width - 2, "   ")])

    def contract(self, contract: Contract) -> Line:
        """Return one contract."""
        left = formats.amount(contract.net_minor - contract.released_minor, contract.currency)
        done = f"{contract.orders} of {contract.call_offs} call-offs, {left} left"
        forms = (f"{done}, to {formats.day(contract.ends_on, self.today)}", done)
        return self._row(contract, 0, forms, _state(contract.state), contract.net_minor)

    def order(self, order: Order, depth: int) -> list[Line]:
        """Return one order with its invoices."""
        origin = f"call-off {order.call_off} of {order.call_offs}" if order.contract_id else f"of {order.quote}"
        word, day = "booked", order.booked_on
        if order.shipped_on is not None:
            word, day = "shipped", order.shipped_on
        elif order.deliver_on is not None:
            word, day = "deliver", order.deliver_on
        when = f"{word} {formats.day(day, self.today)}"
        made = [self._row(order, depth, (f"{origin}, {when}", when), _state(order.state), order.net_minor)]
        for invoice in self.found.invoices:
            if invoice.order_id == order.id:
                made += self._invoice(invoice, depth + 1)
        return made

    def _invoice(self, invoice: Invoice, depth: int) -> list[Line]:
        due = f"due {formats.day(invoice.due_on, self.today)}"
        forms = (f"issued {formats.day(invoice.issued_on, self.today)}, {due}", due)
        state = orders_words.payment_state(invoice, self.today)
        made = [self._row(invoice, depth, forms, state, invoice.amount_minor)]
        return [*made, *(self._payment(one, invoice.currency) for one in invoice.payments)]

    def _payment(self, payment: Payment, currency: str) -> Line:
        parts = (
            f"paid {formats.day(payment.paid_on, self.today)}",
            payment.reference,
            f"entered by {payment.entered_by}",
        )
        words = pad(clean(", ".join(text for text in parts if text)), self._room + _STATE + 1)
        amount = pad(formats.amount(payment.amount_minor, currency), _AMOUNT, "right")
        return heading([(f" {' ' * _NAME}{words}{amount}", "dim")])

    @property
    def _room(self) -> int:
        return max(self.width - 3 - _NAME - _STATE - _AMOUNT, 8)

    def _row(self, item: Item, depth: int, forms: Sequence[str], state: Part, minor: int) -> Line:
        """Return a row; of `forms` it says the first that fits."""
        name = orders_words.name_of(item)
        what = next((form for form in forms if cells(form) <= self._room), forms[-1])
        parts: list[Part] = [(pad("  " * depth + name, _NAME), "text"), (pad(clean(what), self._room) + " ", "dim")]
        parts += [(pad(state[0], _STATE), state[1])]
        parts.append((pad(formats.amount(minor, item.currency), _AMOUNT, "right"), "amount"))
        return line(parts, (_KINDS[type(item)], item.id))


def _state(word: str) -> Part:
    return (word, orders_words.STYLES.get(word, "text"))


def told(item: Item, room: int) -> list[Part]:
    """Return for the detail below the list what a row stands for, as much of it as fits `room` cells."""
    rows = (" ".join(row.split()) for row in orders_words.text_of(item).splitlines()[1:])
    pieces: list[Piece] = [(rank, "text", (clean(row),)) for rank, row in enumerate(row for row in rows if row)]
    return [(" ", "text"), *ranked(pieces, room - 1)]
