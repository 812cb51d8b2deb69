"""One quote: its lines with totals, what differs from before, what the next key does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from contoso_tui import formats
from contoso_tui.dialogs import quote_forms
from contoso_tui.drafts import DraftKey
from contoso_tui.host import ShellValues
from contoso_tui.screens import line_words, quote_page, quote_panel, quote_words
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.screens.line_actions import LineActions, LineBook
from contoso_tui.screens.quote_actions import QuoteActions, QuoteRef
from contoso_tui.screens.quote_page import QuotePage
from contoso_tui.screens.turns import Turns
from contoso_tui.store import Changed
from contoso_tui.text import cells
from contoso_tui.widgets.list_view import LineList
from contoso_tui.widgets.text_block import RULE, TextBlock
from models import ids
from models.deals import quotes
from models.deals.detail_records import Line
from models.errors import NotFoundError, RefusedError
from models.people import permissions

PANEL_CELLS = 44
RULES_FROM_ROWS = 20
_DRAFT_ONLY = frozenset({"line.remove", "line.discount", "line.down", "line.up", "item.new", "item.edit"})
_CHANGES = _DRAFT_ONLY | {"quote.forward", "quote.revise", "quote.state"}


async def open_current_quote(screen: ActingScreen, deal_id: int) -> None:
    """Open the deal's current quote over `screen`; makes a draft if there is none. Call it from a worker.

    Raises:
        RefusedError: there is none and none can be made, for instance without lines.
    """
    quote = await screen.read(quotes.find_current, deal_id, screen.host.clock())
    if quote is None:
        made = await screen.change(quotes.create, deal_id)
        quote = await screen.read(quotes.get, made, screen.host.clock())
    screen.host.open_goal(quote_words.name_of(quote))


class QuoteScreen(LineActions, QuoteActions):
    """Opened with a quote's shown id such as `Q-0388 r3`; without a revision the newest is shown."""

    scope: ClassVar[str] = "quote"
    heading: ClassVar[str] = "Quotes"
    is_detail: ClassVar[bool] = True
    DEFAULT_CSS = """
    QuoteScreen #middle { height: 1fr; }
    QuoteScreen #left { width: 1fr; height: 1fr; }
    QuoteScreen #panel { width: 44; height: 1fr; display: none; }
    QuoteScreen.-is-wide #panel { display: block; }
    """

    def __init__(self, goal: str) -> None:
        super().__init__()
        self.number, self.revision = ids.quote_ref(goal)
        self.page: QuotePage | None = None
        self.shows = "lines"
        self.when_settled: Callable[[], Awaitable[None]] | None = None
        """What else is to be done once something became of the quote: the move that it kept a deal from."""
        self._turns = Turns()
        self.head = TextBlock(id="head")
        self.list = LineList(id="rows")
        self.foot = TextBlock(id="foot")
        self.panel = TextBlock(id="panel", has_edge=True, fits=False)

    # ---- frame

    def body(self) -> ComposeResult:
        """Lay out head, lines, foot and, on a wide terminal, the side panel."""
        yield self.head
        with Horizontal(id="middle"):
            with Vertical(id="left"):
                yield self.list
                yield self.foot
            yield self.panel

    def on_mount(self) -> None:
        """Read the quote."""
        self.set_class(self.is_wide, "-is-wide")
        self.load()

    def on_resize(self) -> None:
        """Fit the new size."""
        self.set_class(self.is_wide, "-is-wide")
        self.show_page()

    @property
    def active_list(self) -> LineList:
        """The lines."""
        return self.list

    # ---- reading

    @work(exclusive=True, group="page")
    async def load(self) -> None:
        """Read the quote and show it."""
        await self.reload()

    async def reload(self, keep: object = None) -> None:
        """Read the quote again; the cursor goes to the row `keep` or stays."""
        host = self.host
        turn, ref = self._turns.begin(keep), (self.number, self.revision)
        try:
            page = await self.read(quote_page.read, *ref, host.actor, host.clock())
        except NotFoundError as error:
            if self.page is not None and ref == (self.number, self.revision):
                await self.leave_gone(error.message)
            else:
                self.refuse(error.message)
            return
        if ref != (self.number, self.revision) or not self._turns.end(turn):
            return
        keep = self._turns.take_keep(turn)
        if (page, None) != (self.page, keep):
            self.page, self.revision = page, page.quote.revision
            self.show_page(keep)

    def show_page(self, keep: object = None) -> None:
        """Draw what was read; nothing before that."""
        page = self.page
        if page is None:
            return
        size = self.app.size
        rule = [RULE] if size.height >= RULES_FROM_ROWS else []
        self.head.show([*rule, quote_words.head(page), *rule])
        width = size.width - (PANEL_CELLS if self.is_wide else 0)
        rows = {
            "lines": lambda: quote_words.rows(page, width, has_room=self.is_wide),
            "differences": lambda: quote_words.differences(page),
            "text": lambda: quote_words.text_rows(page),
        }[self.shows]()
        self.list.show(rows, keep if keep is not None else self.list.current)
        foot = quote_words.foot(page, has_panel=self.is_wide)
        self.foot.show(foot if rule else foot[:1])
        if self.is_wide:
            self.panel.show(quote_panel.panel(page, PANEL_CELLS - 1, self.host.today(), self.host.settings.zone))
        login = self.host.actor.login
        taken = sum(cells(text) for text, _ in self.top_row.titled(self.place_name, ">")) + cells(login) + 2
        self.show_place(quote_words.breadcrumb(page, login, size.width - taken), f"{login} ")
        self._show_detail()
        self.show_keys()

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self._show_detail()
        self.show_keys()

    def _show_detail(self) -> None:
        line = self.current_line()
        if line is None or self.page is None:
            self.status_row.detail("")
            return
        self.status_row.detail(f" {line_words.told(line, self.page.quote.currency)}")

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_item_open()

    def database_changed(self, changed: Changed) -> None:
        """Read again if anything that it shows may have changed."""
        if any(changed.ids(table) for table in quote_page.ACTIVE):
            self.load()

    def row_labels(self) -> Mapping[str, str]:
        """Say `answer` for what was sent."""
        is_draft = self.page is None or self.page.is_draft
        return {} if is_draft else {"quote.forward": "answer"}

    def offers(self, command_id: str) -> bool:
        """Leave out what can't be done with this quote now."""
        return super().offers(command_id) and (self.page is None or self.why_not(command_id) is None)

    # ---- what actions act on

    def quote_ref(self) -> QuoteRef | None:
        """Return this quote."""
        return QuoteRef(self.number, self.revision) if self.revision is not None else None

    async def quotes_changed(self, show: QuoteRef | None = None) -> None:
        """Show this quote, or the revision that was made, as it stands."""
        if show is not None:
            self.number, self.revision = show.number, show.revision
        await self.reload()
        if self.when_settled is not None:
            await self.when_settled()

    def line_book(self) -> LineBook:
        """Return the quote's lines.

        Raises:
            RefusedError: the quote is not read yet.
        """
        if self.page is None:
            raise RefusedError("Still reading the quote")
        return LineBook.of_quote(self.page.quote.id, quote_words.name_of(self.page.quote), self.page.quote.currency)

    def current_line(self) -> Line | None:
        """Return the line under the cursor."""
        key = self.list.current
        if self.page is None or not isinstance(key, tuple) or key[0] != "line":
            return None
        return next((line for line in self.page.quote.lines if line.id == key[1]), None)

    def marked_lines(self) -> list[int]:
        """Return the marked lines."""
        return [key[1] for key in self.list.marked if isinstance(key, tuple) and key[0] == "line"]

    async def lines_changed(self, keep: int | None = None) -> None:
        """Show the lines as they stand."""
        self.list.clear_marks()
        await self.reload(("line", keep) if keep is not None else None)

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run on this quote now."""
        page = self.page
        if page is None:
            return "Still reading the quote" if command_id.partition(".")[0] not in ("app", "list", "pane") else None
        if command_id in _CHANGES:
            name = quote_words.name_of(page.quote)
            if not page.is_open:
                return f"{ids.show_deal(page.deal.id)} is {page.deal.outcome.replace('_', ' ')}: its quotes are frozen"
            if not page.may_work:
                return permissions.not_theirs(name, page.deal.owner)
            key = self.host.keymap.key("quote.revise")
            if command_id in _DRAFT_ONLY and not page.is_draft:
                return f"{name} is {page.quote.state} and locked: {key} makes a new revision"
            if command_id == "quote.forward" and page.quote.state not in ("draft", "sent", "expired"):
                return f"{name} is {page.quote.state}: {key} makes a new revision"
            draft = next((found.revision for found in page.revisions if found.state == "draft"), None)
            if command_id == "quote.revise" and draft is not None:
                return f"r{draft} is still a draft: send it, or cancel it with {self.host.keymap.key('quote.state')}"
            if command_id.startswith("line.") and self.current_line() is None and not self.list.marked:
                return "No line under the cursor"
        if command_id == "quote.approve":
            return quote_words.why_no_approval(page)
        return super().why_not(command_id)

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms."""
        if self.page is None:
            return {}
        deal, line = self.page.deal, self.current_line()
        return {
            "quote": quote_words.name_of(self.page.quote),
            "id": ids.show_deal(deal.id),
            "deal": ids.show_deal(deal.id),
            "customer": ids.show_customer(deal.customer_id),
            "line": str(line.position) if line is not None else "",
        }

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the quote."""
        if self.page is None:
            return {}
        quote = self.page.quote
        name = quote_words.name_of(quote)
        net = formats.money(quote.net_minor, quote.currency)
        return {"i": name, "n": quote.customer, "l": f"{name}  {quote.customer}  {net}"}

    def action_item_show_text(self) -> None:
        """Show the quote as the customer gets it."""
        from contoso_tui import quote_print
        from contoso_tui.dialogs.show_text import ShowText

        if self.page is not None:
            self.app.push_screen(ShowText(quote_print.as_text(self.page.quote), quote_words.name_of(self.page.quote)))

    # ---- keys

    def action_screen_view(self) -> None:
        """Go on to the differences, the text, and back to the lines."""
        views = quote_words.VIEWS
        self.shows = views[(views.index(self.shows) + 1) % len(views)]
        following = views[(views.index(self.shows) + 1) % len(views)]
        self.show_page()
        self.status(f"{self.shows} · {self.host.keymap.key('screen.view')} {following}")

    def action_item_new(self) -> None:
        """Add a line."""
        self.add_line()

    def action_item_edit(self) -> None:
        """Edit the line or field under the cursor."""
        if self.current_line() is not None:
            self.edit_line()
            return
        key = self.list.current
        self._edit_fields(str(key[1]) if isinstance(key, tuple) and key[0] == "field" else "")

    def action_item_open(self) -> None:
        """Edit the row of a draft; of what is locked show the whole text."""
        if self.why_not("item.edit") is None:
            self.action_item_edit()
        else:
            self.action_item_show_text()

    def action_item_mark(self) -> None:
        """Mark the line and go down."""
        if self.current_line() is not None:
            self.list.toggle_mark()

    async def go_on_with(self, key: DraftKey) -> None:
        """Open the form of a draft again."""
        reason = self.why_not(key.command_id)
        if reason is not None:
            self.refuse(reason)
        elif key.form == "item.edit":
            self._edit_fields(key.detail)
        elif key.form == "quote.state":
            self._go_on_cancelling()
        else:
            await super().go_on_with(key)

    @work
    async def _go_on_cancelling(self) -> None:
        if self.page is not None:
            await self._cancel(self.page)

    @work
    async def _edit_fields(self, only: str) -> None:
        page = self.page
        if page is None:
            return

        from contoso_tui.screens.quote_edit import save_fields

        async def submit(values: dict[str, Any]) -> bool:
            await save_fields(self, page.quote, quote_forms.edited(values, page.quote))
            return True

        draft = self.draft_key(f"item.edit:{only}", quote_words.name_of(page.quote))
        if await self.ask(quote_forms.fields_form(page.quote, draft, only), submit):
            await self.reload()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        super().action_app_refresh()
        self.load()
