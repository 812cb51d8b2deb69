"""What the outside sees of orders, contracts and invoices: frozen records; amounts in minor units of `currency`."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models.deals.detail_records import Line


class Order(NamedTuple):
    """What is delivered once: a whole accepted quote, or one call-off of a contract."""

    id: int
    customer_id: int
    customer: str
    deal_id: int
    owner_id: int
    owner: str
    quote: str
    contract_id: int | None
    call_off: int
    """Which release of its contract it is, from 1; 0 without a contract."""
    call_offs: int
    state: str
    currency: str
    net_minor: int
    invoiced_minor: int
    open_minor: int
    """What is invoiced and not paid."""
    booked_on: dt.date
    deliver_on: dt.date | None
    shipped_on: dt.date | None
    lines: tuple[Line, ...]


class ContractLine(NamedTuple):
    """One product of a contract: what was agreed, and what orders have released of it."""

    line: Line
    released: int
    released_minor: int

    @property
    def left(self) -> int:
        """Return the quantity that can still be released."""
        return self.line.quantity - self.released


class Contract(NamedTuple):
    """A volume over a period, from which orders are released."""

    id: int
    customer_id: int
    customer: str
    deal_id: int
    owner_id: int
    owner: str
    quote: str
    state: str
    """`running`, `done` when all is released, `ended` past its period, `cancelled`."""
    currency: str
    starts_on: dt.date
    ends_on: dt.date
    call_offs: int
    """How many releases were planned."""
    orders: int
    """How many there have been."""
    net_minor: int
    released_minor: int
    lines: tuple[ContractLine, ...]


class Payment(NamedTuple):
    """Money that came in for an invoice."""

    amount_minor: int
    paid_on: dt.date
    reference: str
    entered_by: str


class Invoice(NamedTuple):
    """What is asked for an order, or a part of it."""

    id: int
    customer_id: int
    customer: str
    order_id: int
    contract_id: int | None
    call_off: int
    call_offs: int
    deal_id: int
    owner_id: int
    owner: str
    currency: str
    amount_minor: int
    paid_minor: int
    issued_on: dt.date
    due_on: dt.date
    paid_on: dt.date | None
    """When the last of it was paid."""
    days_late: int
    """Calendar days past due while something is open, else 0."""
    payments: tuple[Payment, ...]

    @property
    def open_minor(self) -> int:
        """Return what is not paid yet."""
        return self.amount_minor - self.paid_minor


class Debt(NamedTuple):
    """What a customer owes past due, in US cents at the rates of their invoices."""

    customer_id: int
    customer: str
    owner: str
    unpaid_usd_cents: int
    since: dt.date
    days: int
    invoices: int
