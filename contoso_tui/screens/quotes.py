"""The list of quotes: one's own that are open, all, by state; narrowed by typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from contoso_tui import formats
from contoso_tui.host import ShellValues
from contoso_tui.screens import quote_words
from contoso_tui.screens.listing import ListScreen
from contoso_tui.screens.quote_actions import QuoteActions, QuoteRef
from contoso_tui.store import Changed
from contoso_tui.text import Piece, clean, ranked
from models import ids
from models.deals import approvals, quotes
from models.deals.detail_records import Quote
from models.people.records import Role

_ACTIVE = ("quote", "quote_line", "quote_approval", "quote_approval_request", "deal")
VIEWS: dict[str, tuple[bool, frozenset[str]]] = {
    "mine·open": (True, frozenset({"draft", "sent", "expired"})),
    "mine·all": (True, frozenset()),
    "all owners·open": (False, frozenset({"draft", "sent", "expired"})),
    "all owners·all": (False, frozenset()),
}
"""Name of a view -> whether it keeps the user's own, and the states it shows (all if empty)."""
TO_APPROVE = "to approve"
"""The view of managers: drafts whose discount waits."""


class QuotesScreen(QuoteActions, ListScreen):
    """Newest first; enter opens a quote."""

    scope: ClassVar[str] = "quotes"
    heading: ClassVar[str] = "Quotes"

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Quote] = []

    @property
    def view_names(self) -> Sequence[str]:
        """Whose quotes, and in which states; managers have one of those that wait for them."""
        return (*VIEWS, TO_APPROVE) if self.host.actor.has(Role.MANAGER) else tuple(VIEWS)

    async def reload(self) -> None:
        """Read the quotes of the view and show them."""
        now = self.host.clock()
        if self.view_name == TO_APPROVE:
            self.found = await self.read(approvals.list_waiting, now)
        else:
            is_mine, states = VIEWS[self.view_name]
            found = await self.read(quotes.list_quotes, now, owner_id=self.host.actor.id if is_mine else None)
            self.found = [quote for quote in found if not states or quote.state in states]
        self.show_rows()

    def show_rows(self) -> None:
        """Draw the quotes that the filter keeps; the cursor stays on its quote."""
        wanted = self.filter_text.casefold()
        kept = [
            quote
            for quote in self.found
            if wanted in f"{quote.customer} {quote_words.name_of(quote)} {quote.state} {quote.owner}".casefold()
        ]
        width, today = self.app.size.width, self.host.today()
        self.list.empty = self._empty()
        self.list.show([quote_words.list_row(quote, width, today) for quote in kept], self.list.current)
        self.tell_shown(len(kept), f"{self.host.actor.login}  {formats.counted(len(kept), 'quote')} ")

    def _empty(self) -> str:
        if self.filter_text:
            return f"No quote matches '{self.filter_text}' in {self.view_name}. esc clear, v next view"
        if self.view_name == TO_APPROVE:
            return "No discount waits for approval. v next view"
        return f"No quotes in {self.view_name}. b on a deal makes one, v next view"

    def show_detail(self) -> None:
        """Tell about the quote under the cursor."""
        quote = self.current
        if quote is None:
            self.status_row.detail("")
            return
        pieces: list[Piece] = [
            (0, "text", (quote_words.name_of(quote),)),
            (0, "text", (clean(quote.customer),)),
            (2, "text", (formats.counted(len(quote.lines), "line"),)),
        ]
        if quote.addressee:
            pieces.append((1, "text", (f"for {clean(quote.addressee)}",)))
        if quote.asked_of:
            pieces.append((0, "soon", (f"{quote.asked_of} was asked to approve it", "approval asked")))
        room = self.app.size.width - 1 - self.status_row.right_cells
        self.status_row.detail([(" ", "text"), *ranked(pieces, room)])

    @property
    def current(self) -> Quote | None:
        """The quote under the cursor."""
        return next((quote for quote in self.found if quote.id == self.list.current), None)

    def database_changed(self, changed: Changed) -> None:
        """Read again if quotes, their lines or deals changed."""
        if any(changed.ids(table) for table in _ACTIVE):
            self.load()

    # ---- what actions act on

    def quote_ref(self) -> QuoteRef | None:
        """Return the quote under the cursor."""
        quote = self.current
        return QuoteRef(quote.number, quote.revision) if quote is not None else None

    async def quotes_changed(self, show: QuoteRef | None = None) -> None:
        """Show the quotes as they stand."""
        await self.reload()

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run."""
        needs_row = command_id.partition(".")[0] in ("quote", "customer") or command_id == "item.open"
        if needs_row and self.current is None:
            return "No quote here: v shows other views"
        return super().why_not(command_id)

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms."""
        quote = self.current
        if quote is None:
            return {}
        return {"quote": quote_words.name_of(quote), "id": ids.show_deal(quote.deal_id)}

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the quote under the cursor."""
        quote = self.current
        if quote is None:
            return {}
        name = quote_words.name_of(quote)
        net = formats.money(quote.net_minor, quote.currency)
        return {"i": name, "n": quote.customer, "l": f"{name}  {quote.customer}  {quote.state}  {net}"}

    # ---- keys

    def action_item_open(self) -> None:
        """Open the quote under the cursor."""
        if self.current is not None:
            self.host.open_goal(quote_words.name_of(self.current))
