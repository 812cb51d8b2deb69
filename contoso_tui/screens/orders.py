"""Orders, contracts and invoices: three lists, with what is past due first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult

from contoso_tui import formats
from contoso_tui.forms.fields import Form, FormField
from contoso_tui.host import ShellValues
from contoso_tui.screens import orders_words as words
from contoso_tui.screens.filtering import Filtering
from contoso_tui.store import Changed
from contoso_tui.text import clean
from contoso_tui.widgets.list_view import LineList
from contoso_tui.widgets.text_block import TextBlock
from models import ids
from models.orders import contracts, invoices, orders
from models.orders.records import Contract, Debt, Invoice, Order

VIEWS = ("mine", "all owners")
_ACTIVE = ("sales_order", "sales_contract", "invoice", "payment", "customer", "deal")
Item = Order | Contract | Invoice
INVOICES = 2
"""The tab that opens first, for what is past due; one with rows where there are no invoices."""


class OrdersScreen(Filtering):
    """`>` takes an order or invoice on: ship, invoice, note that it was paid; `N` calls off from a contract."""

    scope: ClassVar[str] = "orders"
    heading: ClassVar[str] = "Orders, contracts, invoices"

    def __init__(self) -> None:
        super().__init__()
        self.tabs = TextBlock(id="tabs")
        self.list = LineList(id="rows", empty="Reading …")
        self.found: tuple[list[Item], list[Item], list[Item]] = ([], [], [])
        self.debts: dict[int, Debt] = {}
        self.place = INVOICES
        self._was_read = False
        self.view_index = 0

    def body(self) -> ComposeResult:
        """Lay out tabs and list."""
        yield self.tabs
        yield self.list

    def on_mount(self) -> None:
        """Read everything."""
        self.load()

    def on_resize(self) -> None:
        """Fit the new width."""
        self.show_rows()

    @property
    def active_list(self) -> LineList:
        """The rows of the tab."""
        return self.list

    @work(exclusive=True, group="orders")
    async def load(self) -> None:
        """Read the three lists."""
        await self.reload()

    async def reload(self) -> None:
        """Read the three lists of the view and show the tab."""
        owner = self.host.actor.id if self.view_index == 0 else None
        today = self.host.today()
        made = await self.read(orders.list_orders, owner_id=owner)
        agreed = await self.read(contracts.list_contracts, today, owner_id=owner)
        asked = await self.read(invoices.list_invoices, today, owner_id=owner)
        debts = await self.read(invoices.list_debts, owner_id=owner, today=today)
        self.found = (list(made), list(agreed), list(asked))
        if not self._was_read and not self.found[self.place]:
            self.place = next((place for place, items in enumerate(self.found) if items), self.place)
        self._was_read = True
        self.debts = {debt.customer_id: debt for debt in debts}
        self.show_rows()

    def show_rows(self) -> None:
        """Draw the tab; the cursor stays on its row."""
        width, today = self.app.size.width, self.host.today()
        wanted = self.filter_text.casefold()
        rows = []
        for item in self.found[self.place]:
            if isinstance(item, Order):
                row = words.order_row(item, width, today)
            elif isinstance(item, Contract):
                row = words.contract_row(item, width, today)
            else:
                row = words.invoice_row(item, width, today)
            if wanted in "".join(text for text, _ in row.parts).casefold():
                rows.append(row)
        self.tabs.show([words.tabs(self.place, [len(found) for found in self.found]), words.header(self.place, width)])
        name = VIEWS[self.view_index]
        self.list.empty = f"Nothing here in {name}. An accepted quote makes an order; v next view"
        self.list.show(rows, self.list.current)
        unpaid = sum(debt.unpaid_usd_cents for debt in self.debts.values())
        owed = f"  {formats.money(unpaid)} unpaid" if unpaid else ""
        shown = name + (f"  /{self.filter_text}" if self.filter_text else "")
        self.show_place(shown, f"{self.host.actor.login}{owed} ")
        self.tell_found(f"{len(rows)} match" if len(rows) != 1 else "1 matches")
        self._show_detail()
        self.show_keys()

    def filter_changed(self) -> None:
        """Show what the filter matches."""
        self.show_rows()

    @property
    def current(self) -> Item | None:
        """What is under the cursor."""
        key = self.list.current
        return next((item for item in self.found[self.place] if _name(item) == key), None)

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self._show_detail()
        self.show_keys()

    def _show_detail(self) -> None:
        item = self.current
        debt = self.debts.get(item.customer_id) if item is not None else None
        if item is None:
            self.status_row.detail("")
        elif debt is not None:
            told = words.owes(debt.customer, debt.unpaid_usd_cents, debt.days, debt.invoices)
            self.status_row.detail([(f" $! {told}", "late")])
        else:
            self.status_row.detail(f" {_name(item)} · {clean(item.customer)} · {ids.show_deal(item.deal_id)}")

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_item_open()

    def database_changed(self, changed: Changed) -> None:
        """Read again when orders, invoices or payments changed."""
        if any(changed.ids(table) for table in _ACTIVE):
            self.load()

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run on this row."""
        item = self.current
        if command_id in ("record.forward", "order.calloff", "customer.open", "item.open") and item is None:
            return "Nothing here: v shows other views"
        if command_id == "order.calloff" and not isinstance(item, Contract):
            return "Orders are called off from a contract: 2 shows them"
        if command_id == "order.calloff" and isinstance(item, Contract) and item.state != "running":
            return f"{_name(item)} is {item.state}: nothing more can be called off"
        if command_id == "record.forward":
            if isinstance(item, Contract):
                return f"{self.host.keymap.key('order.calloff')} calls an order off"
            if isinstance(item, Order) and item.state not in ("booked", "shipped"):
                return f"{_name(item)} is {item.state}: its invoices say when it is paid"
            if isinstance(item, Invoice) and item.paid_on is not None:
                return f"{_name(item)} is paid already"
        return super().why_not(command_id)

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms."""
        item = self.current
        return {"customer": ids.show_customer(item.customer_id), "id": _name(item)} if item is not None else {}

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the row."""
        item = self.current
        return {"i": _name(item), "n": item.customer, "l": _text(item)} if item is not None else {}

    # ---- keys

    def action_screen_tab(self, key: str) -> None:
        """Go to a tab."""
        if key in ("1", "2", "3"):
            self.place = int(key) - 1
            self.show_rows()

    def action_screen_view(self) -> None:
        """Go on to the next view."""
        self.view_index = (self.view_index + 1) % len(VIEWS)
        self.load()

    def action_app_back(self) -> None:
        """Clear the filter."""
        self.clear_filter()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        super().action_app_refresh()
        self.load()

    def action_item_open(self) -> None:
        """Show all of it."""
        from contoso_tui.dialogs.show_text import ShowText

        item = self.current
        if item is not None:
            self.app.push_screen(ShowText(_text(item), _name(item)))

    def action_customer_open(self) -> None:
        """Open the customer."""
        if self.current is not None:
            self.host.open_goal(ids.show_customer(self.current.customer_id))

    @work
    async def action_record_forward(self) -> None:
        """Ship a booked order, invoice a shipped one, note that an invoice was paid."""
        item = self.current
        if isinstance(item, Order) and item.state == "booked":
            await self.change(orders.ship, item.id)
        elif isinstance(item, Order):
            await self.change(invoices.issue, item.id)
        elif isinstance(item, Invoice):
            await self._pay(item)
        await self.reload()

    async def _pay(self, invoice: Invoice) -> None:
        async def submit(values: dict[str, Any]) -> bool:
            amount, on_day, reference = values["amount"], values["on"], values["reference"] or ""
            await self.change(invoices.pay, invoice.id, amount_minor=amount, on=on_day, reference=reference)
            return True

        open_now = formats.money(invoice.open_minor, invoice.currency)
        fields = (
            FormField("on", "Paid on", "date", required=True, value="today", is_past=True),
            FormField(
                "amount", "Amount", "money", currency=invoice.currency, help=f"empty: all that is open, {open_now}"
            ),
            FormField("reference", "Reference", help="what the bank calls it"),
        )
        title = f"Payment of {_name(invoice)} · {invoice.customer}"
        await self.ask(Form(title, fields, draft=self.draft_key("record.forward", _name(invoice))), submit)

    @work
    async def action_order_calloff(self) -> None:
        """Release an order from the contract under the cursor."""
        item = self.current
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

        left = formats.money(item.net_minor - item.released_minor, item.currency)
        intro = (f"{item.orders} of {item.call_offs} call-offs made, {left} left, to {item.ends_on}.",)
        title = f"Call off from {_name(item)} · {item.customer}"
        draft = self.draft_key("order.calloff", _name(item))
        if await self.ask(Form(title, tuple(fields), intro, save_label="Call off", draft=draft), submit):
            await self.reload()


def _name(item: Item) -> str:
    if isinstance(item, Order):
        return ids.show_order(item.id)
    return ids.show_contract(item.id) if isinstance(item, Contract) else ids.show_invoice(item.id)


def _text(item: Item) -> str:
    if isinstance(item, Order):
        return words.order_text(item)
    return words.contract_text(item) if isinstance(item, Contract) else words.invoice_text(item)
