"""What can be done with orders, contracts and invoices by key: ship, invoice, note a payment, call off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import work

from contoso_tui import formats
from contoso_tui.forms.fields import Form, FormField
from contoso_tui.screens import orders_words as words
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.screens.orders_words import Item
from contoso_tui.text import clean
from models.orders import contracts, invoices, orders
from models.orders.records import Contract, Invoice, Order

KEYS = frozenset({"record.forward", "order.calloff"})


class OrderActions(ActingScreen):
    """`>` takes an order or invoice on: ship, invoice, note that it was paid; `N` calls off from a contract."""

    def current_item(self) -> Item | None:
        """Return what is under the cursor."""
        raise NotImplementedError

    async def items_changed(self) -> None:
        """Show orders, contracts and invoices as they stand after a change."""
        raise NotImplementedError

    def why_not(self, command_id: str) -> str | None:
        """Say why an order, contract or invoice can't be taken on."""
        item = self.current_item()
        if command_id not in KEYS or item is None:
            return super().why_not(command_id)
        name = words.name_of(item)
        if command_id == "order.calloff":
            if not isinstance(item, Contract):
                return "Orders are called off from a contract"
            return None if item.state == "running" else f"{name} is {item.state}: nothing more can be called off"
        if isinstance(item, Contract):
            return f"{self.host.keymap.key('order.calloff')} calls an order off"
        if isinstance(item, Order):
            is_over = item.state not in ("booked", "shipped")
            return f"{name} is {item.state}: its invoices say when it is paid" if is_over else None
        return f"{name} is paid already" if item.paid_on is not None else None

    def offers(self, command_id: str) -> bool:
        """Leave out of the key row what can't be done with this row."""
        return super().offers(command_id) and (command_id not in KEYS or self.why_not(command_id) is None)

    def row_labels(self) -> Mapping[str, str]:
        """Say what the next state is."""
        item = self.current_item()
        if isinstance(item, Order):
            return {"record.forward": "ship" if item.state == "booked" else "invoice"}
        return {"record.forward": "payment"} if isinstance(item, Invoice) else {}

    @work
    async def action_record_forward(self) -> None:
        """Ship a booked order, invoice a shipped one, note that an invoice was paid."""
        item = self.current_item()
        if isinstance(item, Order) and item.state == "booked":
            await self.change(orders.ship, item.id)
        elif isinstance(item, Order):
            await self.change(invoices.issue, item.id)
        elif isinstance(item, Invoice):
            await self._pay(item)
        await self.items_changed()

    async def _pay(self, invoice: Invoice) -> None:
        async def submit(values: dict[str, Any]) -> bool:
            amount, on_day, reference = values["amount"], values["on"], values["reference"] or ""
            await self.change(invoices.pay, invoice.id, amount_minor=amount, on=on_day, reference=reference)
            return True

        name = words.name_of(invoice)
        open_now = formats.money(invoice.open_minor, invoice.currency)
        fields = (
            FormField("on", "Paid on", "date", required=True, value="today", is_past=True),
            FormField(
                "amount", "Amount", "money", currency=invoice.currency, help=f"empty: all that is open, {open_now}"
            ),
            FormField("reference", "Reference", help="what the bank calls it"),
        )
        title = f"Payment of {name} · {invoice.customer}"
        await self.ask(Form(title, fields, draft=self.draft_key("record.forward", name)), submit)

    @work
    async def action_order_calloff(self) -> None:
        """Release an order from the contract under the cursor."""
        item = self.current_item()
        if not isinstance(item, Contract):
            return
        planned = contracts.next_quantities(item)
        fields = [
            FormField(
                f"q{one.line.id}",
                clean(one.line.description)[:24],
                "integer",
                value=str(planned.get(one.line.id, 0)),
                high=1_000_000,
                help=f"of {one.left:,} left",
            )
            for one in item.lines
            if one.left
        ]
        fields.append(FormField("deliver", "Deliver on", "date"))

        async def submit(values: dict[str, Any]) -> bool:
            wanted = {one.line.id: values.get(f"q{one.line.id}") or 0 for one in item.lines}
            await self.change(contracts.call_off, item.id, wanted, deliver_on=values["deliver"])
            return True

        name = words.name_of(item)
        left = formats.money(item.net_minor - item.released_minor, item.currency)
        done = f"{item.orders} of {item.call_offs} call-offs made, {left} left, to {formats.day_full(item.ends_on)}."
        title = f"Call off from {name} · {item.customer}"
        draft = self.draft_key("order.calloff", name)
        if await self.ask(Form(title, tuple(fields), (done,), save_label="Call off", draft=draft), submit):
            await self.items_changed()
