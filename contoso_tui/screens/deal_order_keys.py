"""What is done with the rows of a deal's tab 6: orders, contracts and invoices."""

from __future__ import annotations

from contoso_tui.host import ShellValues
from contoso_tui.screens import deal_orders, orders_words
from contoso_tui.screens.deal_orders import DealOrders
from contoso_tui.screens.deal_rows import DealRows
from contoso_tui.screens.order_actions import KEYS, OrderActions
from contoso_tui.screens.orders_words import Item

ORDERS_TAB = "6"


class DealOrderKeys(OrderActions, DealRows):
    """The deal's actions with those of its orders; on a row of tab 6 these come before the deal's."""

    def __init__(self, deal_id: int) -> None:
        super().__init__(deal_id)
        self.orders: DealOrders | None = None
        """Read when tab 6 is looked at."""

    async def read_orders(self, deal_id: int) -> DealOrders | None:
        """Read what tab 6 shows if it is the one that is shown."""
        return await self.read(deal_orders.read, deal_id, self.host.today()) if self.tab == ORDERS_TAB else self.orders

    def current_item(self) -> Item | None:
        """Return the order, contract or invoice under the cursor of tab 6."""
        kind, number = self._row
        if self.orders is None or self.tab != ORDERS_TAB:
            return None
        return self.orders.find(kind, number)

    async def items_changed(self) -> None:
        """Show the deal as it stands."""
        await self.reload()

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run on this row."""
        if command_id in KEYS and self.current_item() is None:
            return f"Orders are on tab {ORDERS_TAB}"
        return super().why_not(command_id)

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms; `id` is that of the row."""
        item = self.current_item()
        own = {"id": orders_words.name_of(item)} if item is not None else {}
        return {**super().shell_values(), **own}

    def row_text(self) -> str:
        """Return the whole text of the row under the cursor."""
        item = self.current_item()
        return orders_words.text_of(item) if item is not None else super().row_text()
