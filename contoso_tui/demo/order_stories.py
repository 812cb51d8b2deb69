"""What followed won deals of the demo: deliveries, invoices, payments, call-offs; and old sales still owed for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from contoso_tui.demo.script import Script, Story
from models import process
from models.deals import deals, lines, quotes, stages
from models.orders import contracts, invoices, orders
from models.people.records import Actor

CALL_OFFS = 3
_PART = 3
"""One of so many equal parts of an invoice is paid where it is paid in parts."""
_DELIVERED = ("shipped", "invoiced", "part", "paid")


def accept(actor: Actor, now: dt.datetime, quote_id: int, sold: str) -> None:
    """Accept a quote, as a contract over a year where `sold` says so."""
    if sold != "contract":
        quotes.accept(actor, now, quote_id)
        return
    day = now.date()
    contracts.accept(actor, now, quote_id, day, day + dt.timedelta(days=365), call_offs=CALL_OFFS)


def follow(actor: Actor, now: dt.datetime, deal_id: int, sold: str) -> None:
    """Take the order of a won deal as far as `sold` says; of a contract call off two, the first to the end."""
    if sold == "contract":
        contract = contracts.list_contracts(now.date(), deal_id=deal_id)[0]
        first = contracts.call_off(actor, now, contract.id)
        contracts.call_off(actor, now, contract.id, deliver_on=now.date() + dt.timedelta(days=30))
        _deliver(actor, now, first, "part")
    elif sold in _DELIVERED:
        _deliver(actor, now, orders.list_orders(deal_id=deal_id)[0].id, sold)


def _deliver(actor: Actor, now: dt.datetime, order_id: int, how_far: str) -> None:
    orders.ship(actor, now, order_id)
    if how_far == "shipped":
        return
    invoice = invoices.issue(actor, now, order_id)
    if how_far != "invoiced":
        open_now = invoices.get(invoice, now.date()).open_minor
        amount = open_now // _PART if how_far == "part" else None
        invoices.pay(actor, now, invoice, amount_minor=amount, reference=f"BANK-{invoice}")


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice that was issued and fell due so many days ago; `paid_minor` of it came in."""

    issued_ago: int
    due_ago: int
    amount_minor: int
    paid_minor: int = 0


# By turns; each adds up to the order: a security system and two installations.
_OWED = (
    (Owed(92, 72, 150_000), Owed(72, 42, 165_000)),
    (Owed(60, 30, 315_000, 100_000),),
    (Owed(92, 62, 150_000), Owed(45, 15, 165_000, 65_000)),
)
# Fell due yesterday: what it holds up went on until today.
_OWED_NOW = (Owed(31, 1, 315_000),)
_SOLD = (("SECURITY", 1), ("INSTALLATION", 2))
_OPENED_AGO = 98


class PastSale(Story):
    """A small sale of a quarter ago to a customer who has not paid all of it."""

    def __init__(self, script: Script, login: str, customer: tuple[int, str], turn: int, *, is_new: bool) -> None:
        super().__init__(script)
        self._actor = script.actors[login]
        self._customer_id, self._person = customer
        self._owed = _OWED_NOW if is_new else _OWED[turn % len(_OWED)]
        self._deal_id = 0
        self._order_id = 0

    def write(self) -> None:
        """Plan all events."""
        self.then(_OPENED_AGO, self._open)
        self.then(_OPENED_AGO - 2, self._sell)
        for owed in self._owed:
            self.then(owed.issued_ago, lambda now, owed=owed: self._issue(now, owed))  # type: ignore[misc]

    def _open(self, now: dt.datetime) -> None:
        fields: dict[str, Any] = {"lead_source": "store", "need": "Doors of the first shop", "budget_minor": 400_000}
        fields |= {"time_frame": "this month", "decision_maker": self._person or "the owner"}
        self._deal_id = deals.create(self._actor, now, self._customer_id, type="Site security", **fields)
        for product, quantity in _SOLD:
            lines.add(self._actor, now, self._deal_id, product, quantity)

    def _sell(self, now: dt.datetime) -> None:
        actor, deal_id = self._actor, self._deal_id
        quote = quotes.create(actor, now, deal_id)
        quotes.send(actor, now, quote)
        quotes.accept(actor, now, quote)
        rules = process.current()
        stages.move(actor, now, [deal_id], rules.stages(rules.default_pipeline)[-1].id)
        who = self._person or "the owner"
        stages.win(actor, now, deal_id, walkthrough_on=now.date(), walkthrough_with=who, is_ready=True)
        self._order_id = orders.list_orders(deal_id=deal_id)[0].id
        orders.ship(actor, now, self._order_id)

    def _issue(self, now: dt.datetime, owed: Owed) -> None:
        due = self.script.day(-owed.due_ago)
        made = invoices.issue(self._actor, now, self._order_id, amount_minor=owed.amount_minor, due_on=due)
        if owed.paid_minor:
            paid, reference = owed.paid_minor, f"BANK-{made}"
            invoices.pay(self._actor, now, made, amount_minor=paid, reference=reference)
