"""Orders, contracts and invoices: three lists, with what is past due first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.host import ShellValues
from contoso_tui.screens import orders_words as words
from contoso_tui.screens.listing import ListScreen
from contoso_tui.screens.order_actions import KEYS, OrderActions
from contoso_tui.screens.orders_words import Item
from contoso_tui.store import Changed
from contoso_tui.text import clean, ranked
from contoso_tui.widgets.list_view import Line
from contoso_tui.widgets.text_block import RULE, TextBlock
from models import ids
from models.orders import contracts, invoices, orders
from models.orders.records import Contract, Debt, Order

VIEWS = ("mine", "all owners")
RULES_FROM_ROWS, HEADING_FROM = 20, 100
_ACTIVE = ("sales_order", "sales_contract", "invoice", "payment", "customer", "deal")
INVOICES = 2
"""The tab that opens first, for what is past due; one with rows where there are no invoices."""


class OrdersScreen(OrderActions, ListScreen):
    """`>` takes an order or invoice on: ship, invoice, note that it was paid; `N` calls off from a contract."""

    scope: ClassVar[str] = "orders"
    heading: ClassVar[str] = "Orders, contracts, invoices"

    def __init__(self) -> None:
        super().__init__()
        self.tabs = TextBlock(id="tabs")
        self.found: tuple[list[Item], list[Item], list[Item]] = ([], [], [])
        self.debts: dict[int, Debt] = {}
        self.place = INVOICES
        self._was_read = False

    @property
    def place_name(self) -> str:
        """What the first row says: with little room less, as the tabs below name all three."""
        name = super().place_name
        return name if self.app.size.width >= HEADING_FROM else name.replace(self.heading, "Orders")

    def body(self) -> ComposeResult:
        """Lay out tabs and list."""
        yield self.tabs
        yield self.list

    @property
    def view_names(self) -> Sequence[str]:
        """Whose they are."""
        return VIEWS

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
        width = self.app.size.width
        wanted = self.filter_text.casefold()
        rows = [self._row(item, width) for item in self.found[self.place]]
        rows = [row for row in rows if wanted in "".join(text for text, _ in row.parts).casefold()]
        rule = [RULE] if self.app.size.height >= RULES_FROM_ROWS else []
        tabs = words.tabs(self.place, [len(found) for found in self.found])
        self.tabs.show([*rule, tabs, words.header(self.place, width)])
        self.list.empty = f"Nothing here in {self.view_name}. An accepted quote makes an order; v next view"
        self.list.show(rows, self.list.current)
        unpaid = sum(debt.unpaid_usd_cents for debt in self.debts.values())
        owed = f"  {formats.money(unpaid)} unpaid" if unpaid else ""
        self.tell_shown(len(rows), f"{self.host.actor.login}{owed} ")

    def _row(self, item: Item, width: int) -> Line:
        today = self.host.today()
        if isinstance(item, Order):
            return words.order_row(item, width, today)
        if isinstance(item, Contract):
            return words.contract_row(item, width, today)
        return words.invoice_row(item, width, today)

    def show_detail(self) -> None:
        """Tell what the customer owes, else whose it is and of which deal."""
        item = self.current_item()
        debt = self.debts.get(item.customer_id) if item is not None else None
        if item is None:
            self.status_row.detail("")
        elif debt is not None:
            room = self.app.size.width - 1 - self.status_row.right_cells
            self.status_row.detail([(" ", "text"), *ranked(words.owed(item, debt), room)])
        else:
            self.status_row.detail(f" {words.name_of(item)} · {clean(item.customer)} · {ids.show_deal(item.deal_id)}")

    def database_changed(self, changed: Changed) -> None:
        """Read again when orders, invoices or payments changed."""
        if any(changed.ids(table) for table in _ACTIVE):
            self.load()

    # ---- what actions act on

    def current_item(self) -> Item | None:
        """Return what is under the cursor."""
        key = self.list.current
        return next((item for item in self.found[self.place] if words.name_of(item) == key), None)

    async def items_changed(self) -> None:
        """Show the lists as they stand."""
        await self.reload()

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run on this row."""
        item = self.current_item()
        if item is None and (command_id in KEYS or command_id in ("customer.open", "item.open")):
            return "Nothing here: v shows other views"
        if command_id == "order.calloff" and not isinstance(item, Contract):
            return "Orders are called off from a contract: 2 shows them"
        return super().why_not(command_id)

    def row_labels(self) -> Mapping[str, str]:
        """Say what the digits and the next state are."""
        return {**super().row_labels(), "screen.tab": "tabs"}

    def row_spans(self) -> Mapping[str, int]:
        """Return how many tabs there are."""
        return {"screen.tab": len(self.found)}

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms."""
        item = self.current_item()
        if item is None:
            return {}
        return {"customer": ids.show_customer(item.customer_id), "id": words.name_of(item)}

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the row."""
        item = self.current_item()
        return {"i": words.name_of(item), "n": item.customer, "l": words.text_of(item)} if item is not None else {}

    async def go_on_with(self, key: DraftKey) -> None:
        """Open the form of a draft again, with the cursor on its row."""
        await self.reload()
        for place, items in enumerate(self.found):
            if any(words.name_of(item) == key.subject for item in items):
                self.place = place
                self.show_rows()
                self.list.move_to_key(key.subject)
        await super().go_on_with(key)

    # ---- keys

    def action_screen_tab(self, key: str) -> None:
        """Go to a tab."""
        if key in ("1", "2", "3"):
            self.place = int(key) - 1
            self.show_rows()

    def action_item_open(self) -> None:
        """Show all of it."""
        from contoso_tui.dialogs.show_text import ShowText

        item = self.current_item()
        if item is not None:
            self.app.push_screen(ShowText(words.text_of(item), words.name_of(item)))

    def action_customer_open(self) -> None:
        """Open the customer."""
        item = self.current_item()
        if item is not None:
            self.host.open_goal(ids.show_customer(item.customer_id))
