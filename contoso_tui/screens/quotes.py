"""The list of quotes: one's own that are open, all, by state; narrowed by typing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from contoso_tui import formats
from contoso_tui.host import ShellValues
from contoso_tui.screens import quote_words
from contoso_tui.screens.filtering import Filtering
from contoso_tui.screens.quote_actions import QuoteActions, QuoteRef
from contoso_tui.store import Changed
from contoso_tui.text import Piece, clean, ranked
from contoso_tui.widgets.list_view import LineList
from models import ids
from models.deals import quotes
from models.deals.detail_records import Quote

VIEWS: dict[str, tuple[bool, frozenset[str]]] = {
    "mine·open": (True, frozenset({"draft", "sent", "expired"})),
    "mine·all": (True, frozenset()),
    "all owners·open": (False, frozenset({"draft", "sent", "expired"})),
    "all owners·all": (False, frozenset()),
}
"""Name of a view -> whether it keeps the user's own, and the states it shows (all if empty)."""


class QuotesScreen(QuoteActions, Filtering):
    """Newest first; enter opens a quote."""

    scope: ClassVar[str] = "quotes"
    heading: ClassVar[str] = "Quotes"

    def __init__(self) -> None:
        super().__init__()
        self.list = LineList(id="rows", empty="Reading …")
        self.found: list[Quote] = []
        self.view_index = 0

    def body(self) -> ComposeResult:
        """Lay out the list."""
        yield self.list

    def on_mount(self) -> None:
        """Read the quotes."""
        self.load()

    def on_resize(self) -> None:
        """Fit the new width."""
        self.show_rows()

    @property
    def active_list(self) -> LineList:
        """The quotes."""
        return self.list

    @property
    def view_name(self) -> str:
        """The name of the view."""
        return list(VIEWS)[self.view_index]

    @work(exclusive=True, group="quotes")
    async def load(self) -> None:
        """Read the quotes of the view."""
        await self.reload()

    async def reload(self) -> None:
        """Read the quotes of the view and show them."""
        is_mine, states = VIEWS[self.view_name]
        owner = self.host.actor.id if is_mine else None
        found = await self.read(quotes.list_quotes, self.host.clock(), owner_id=owner)
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
        name = self.view_name + (f"  /{self.filter_text}" if self.filter_text else "")
        self.show_place(name, f"{self.host.actor.login}  {formats.counted(len(kept), 'quote')} ")
        self.tell_found(f"{len(kept)} match" if len(kept) != 1 else "1 matches")
        self._show_detail()

    def _empty(self) -> str:
        if self.filter_text:
            return f"No quote matches '{self.filter_text}' in {self.view_name}. esc clear, v next view"
        return f"No quotes in {self.view_name}. b on a deal makes one, v next view"

    def filter_changed(self) -> None:
        """Show what the filter matches."""
        self.show_rows()

    @on(LineList.Highlighted)
    def _show_detail(self) -> None:
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
        room = self.app.size.width - 1 - self.status_row.right_cells
        self.status_row.detail([(" ", "text"), *ranked(pieces, room)])

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_item_open()

    @property
    def current(self) -> Quote | None:
        """The quote under the cursor."""
        return next((quote for quote in self.found if quote.id == self.list.current), None)

    def database_changed(self, changed: Changed) -> None:
        """Read again if quotes, their lines or deals changed."""
        if changed.ids("quote") or changed.ids("quote_line") or changed.ids("deal"):
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
