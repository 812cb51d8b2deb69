"""One deal: head and stage path, what is next, what waits, and its tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from contoso_tui.base_screen import BaseScreen
from contoso_tui.screens import deal_orders, deal_page, deal_panel, deal_tabs, deal_words
from contoso_tui.screens.deal_order_keys import ORDERS_TAB, DealOrderKeys
from contoso_tui.screens.deal_page import DealPage
from contoso_tui.screens.shared import SharedPage
from contoso_tui.screens.turns import Turns
from contoso_tui.store import Changed
from contoso_tui.text import cells
from contoso_tui.widgets.board import Board
from contoso_tui.widgets.list_view import Line as Row_
from contoso_tui.widgets.list_view import LineList, heading
from contoso_tui.widgets.rows import Row
from contoso_tui.widgets.text_block import RULE, TextBlock
from models import history as history_of
from models import ids
from models.errors import NotFoundError

PANEL_CELLS, PANEL_CELLS_NARROW, PANEL_WIDE_FROM = 52, 42, 140
RULES_FROM_ROWS = 20
"""On fewer rows the lines across give way to the list."""
REVISION_FROM = 76
"""Cells from which the first row has room for the deal's revision."""


class DealScreen(DealOrderKeys, SharedPage):
    """Opened with a deal's shown id; J and K go through the board it was opened from."""

    scope: ClassVar[str] = "deal"
    is_detail: ClassVar[bool] = True
    DEFAULT_CSS = """
    DealScreen #middle { height: 1fr; }
    DealScreen #left { width: 1fr; height: 1fr; }
    DealScreen #panel { height: 1fr; display: none; }
    DealScreen.-is-wide #panel { display: block; }
    """

    def __init__(self, goal: str) -> None:
        super().__init__(ids.deal_id(goal))
        self.kind = ""
        self._turns = Turns()
        self.head = TextBlock(id="head")
        self.tab_row = Row(id="tabs")
        self.foot = TextBlock(id="foot")
        self.panel = TextBlock(id="panel", has_edge=True, fits=False)

    # ---- frame

    def body(self) -> ComposeResult:
        """Lay out head, tabs, list, foot and, on a wide terminal, the side panel."""
        yield self.head
        with Horizontal(id="middle"):
            with Vertical(id="left"):
                yield self.tab_row
                yield self.list
                yield self.foot
            yield self.panel

    def on_mount(self) -> None:
        """Read the deal."""
        self._fit()
        self.load()

    def on_resize(self) -> None:
        """Fit the new size; the cursor stays on its row."""
        self._fit()
        self.show_page()

    def _fit(self) -> None:
        self.set_class(self.is_wide, "-is-wide")
        self.panel.styles.width = self._panel_cells

    @property
    def _panel_cells(self) -> int:
        return PANEL_CELLS if self.app.size.width >= PANEL_WIDE_FROM else PANEL_CELLS_NARROW

    @property
    def _list_cells(self) -> int:
        return self.app.size.width - (self._panel_cells if self.is_wide else 0)

    @property
    def active_list(self) -> LineList:
        """The rows of the tab."""
        return self.list

    @property
    def scopes(self) -> tuple[str, ...]:
        """On a line of tab 3, a person of tab 2 or an order of tab 6 their keys come before the deal's."""
        if self.current_person() is not None:
            return ("people", "deal", "everywhere")
        if self.current_item() is not None:
            return ("order_rows", "deal", "everywhere")
        return ("lines", "deal", "everywhere") if self.current_line() is not None else ("deal", "everywhere")

    def _title(self) -> str:
        return "Deal"

    # ---- reading

    @work(exclusive=True, group="page")
    async def load(self) -> None:
        """Read the deal and show it."""
        await self.reload()

    async def reload(self, keep: object = None) -> None:
        """Read the deal again; the cursor goes to the row `keep` or stays."""
        host = self.host
        turn, deal_id = self._turns.begin(keep), self.deal_id
        try:
            page = await self.read(deal_page.read, deal_id, host.actor, host.clock())
            history: Sequence[deal_tabs.HistoryRow] = (
                await self.read(history_of.of_deal, deal_id) if self.tab == "7" else self.history
            )
            orders = await self.read_orders(deal_id)
        except NotFoundError as error:
            if self.page is not None and deal_id == self.deal_id:
                await self.leave_gone(error.message)
            else:
                self.refuse(error.message)
            return
        if deal_id != self.deal_id or not self._turns.end(turn):
            return
        keep = self._turns.take_keep(turn)
        # Others' work elsewhere asks for a reading too; nothing is painted where nothing differs.
        if (page, history, orders, None) != (self.page, self.history, self.orders, keep):
            self.page, self.history, self.orders = page, history, orders
            self.show_page(keep)

    def show_page(self, keep: object = None) -> None:
        """Draw what was read; nothing before that."""
        page = self.page
        if page is None:
            return
        size, today = self.app.size, self.host.today()
        has_rules = size.height >= RULES_FROM_ROWS
        rule = [RULE] if has_rules else []
        head = [*rule, *deal_words.head(page, size.width, today), *rule]
        if not self.is_wide:
            head += [*deal_words.three_lines(page, today, self.zone, size.width), *rule]
        self.head.show(head)
        foot = deal_words.foot(page, self._list_cells)
        self.foot.show(foot if has_rules else foot[1:2])
        if self.is_wide:
            self.panel.show(deal_panel.panel(page, self._panel_cells, today, self.zone))
        self._show_place(page)
        self.show_tab(keep)

    @property
    def place_name(self) -> str:
        """What the first row calls the screen that the deal was opened from."""
        stack = self.app.screen_stack
        under = stack[: stack.index(self)] if self in stack else []
        below = next((screen for screen in reversed(under) if isinstance(screen, BaseScreen)), None)
        if below is not None:
            return below.place_name
        banner = self.host.settings.banner
        return f"{banner}  Deals" if banner else "Deals"

    def _show_place(self, page: DealPage) -> None:
        login = self.host.actor.login
        width = self.app.size.width
        who = f"{login}   rev {page.deal.version} " if width >= REVISION_FROM else f"{login} "
        # Where both have no room, who else is here says more than who one is.
        right = [*self.editors, *([(who, "dim")] if not self.editors or width >= deal_words.WIDE_FROM else [])]
        taken = sum(cells(text) for text, _ in (*self.top_row.titled(self.place_name, ">"), *right))
        self.show_place(deal_words.breadcrumb(page.deal, login, width - taken), right)

    def things(self) -> list[str]:
        """Return the deal and its quotes."""
        quotes = self.page.quotes if self.page is not None else ()
        return [ids.show_deal(self.deal_id), *(ids.show_quote(quote.number, quote.revision) for quote in quotes)]

    def show_first_row(self) -> None:
        """Draw where one is, and who is editing."""
        if self.page is not None:
            self._show_place(self.page)

    def show_tab(self, keep: object = None) -> None:
        """Draw the rows of the tab; the cursor stays on its row if it is still there."""
        page = self.page
        if page is None:
            return
        width = self._list_cells
        self.tab_row.show(deal_tabs.tab_bar(page, self.tab, width, len(page.centre) or len(page.people)))
        around = deal_tabs.Around(width, self.host.today(), self.zone)
        rows: dict[str, Sequence[Row_]] = {
            "1": deal_tabs.timeline(page.entries, around, self.kind),
            "2": deal_tabs.people(page, around),
            "3": deal_tabs.lines_and_quotes(page, around),
            "4": deal_tabs.checks(page, around),
            "5": deal_tabs.fields(page.deal, around),
            ORDERS_TAB: deal_orders.rows(self.orders, width, around.today),
            "7": deal_tabs.history(self.history, around),
        }
        top = [heading(f" only {self.kind} · f shows other kinds", "soon")] if self.tab == "1" and self.kind else []
        self.list.show([*top, *rows[self.tab]], keep if keep is not None else self.list.current)
        self._show_detail()
        self.show_keys()

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self._show_detail()
        self.show_keys()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_item_open()

    def _show_detail(self) -> None:
        page = self.page
        if page is not None:
            kind, value = self._row
            item = self.current_item()
            room = self.app.size.width - self.status_row.right_cells
            words = deal_tabs.row_words(page, kind, value, self.host.today())
            self.status_row.detail(deal_orders.told(item, room) if item is not None else words)

    # ---- others

    def database_changed(self, changed: Changed) -> None:
        """Read again if the deal, or anything it shows, may have changed."""
        shown = (*deal_page.ACTIVE, *(deal_orders.ACTIVE if self.tab == ORDERS_TAB else ()))
        if not any(changed.ids(table) for table in shown):
            return
        self._take_in(changed)

    @work(exclusive=True, group="page")
    async def _take_in(self, changed: Changed) -> None:
        before = self.page
        await self.reload()
        others = [change for change in changed.newest if change.actor != self.host.actor.login]
        if others and before is not None and self.page != before:
            self.note_others(Changed.of([others[-1]._replace(table="deal", row_id=self.deal_id)]))

    # ---- tabs and deals

    def action_screen_tab(self, key: str) -> None:
        """Go to a tab."""
        if key not in deal_tabs.TABS:
            names = ", ".join(f"{number} {name}" for number, name in deal_tabs.TABS.items())
            self.refuse(f"There is no tab {key}; there are {names}")
            return
        self.tab = key
        self.list.clear_marks()
        self.list.move_to(0)
        self.orders = None
        self.show_tab()
        if key in (ORDERS_TAB, "7"):
            self.load()

    def action_pane_next(self) -> None:
        """Go to the next tab."""
        self._step_tab(1)

    def action_pane_previous(self) -> None:
        """Go to the tab before."""
        self._step_tab(-1)

    def action_list_right(self) -> None:
        """Go to the next tab."""
        self._step_tab(1)

    def action_list_left(self) -> None:
        """Go to the tab before."""
        self._step_tab(-1)

    def _step_tab(self, by: int) -> None:
        keys = list(deal_tabs.TABS)
        self.action_screen_tab(keys[(keys.index(self.tab) + by) % len(keys)])

    def action_deal_next(self) -> None:
        """Go to the next deal of the board."""
        self._go_on(1)

    def action_deal_previous(self) -> None:
        """Go to the deal before."""
        self._go_on(-1)

    @work(exclusive=True, group="page")
    async def _go_on(self, by: int) -> None:
        order = next((_order(board) for s in reversed(self.app.screen_stack) for board in s.query(Board)), [])
        if self.deal_id in order:
            place = order.index(self.deal_id) + by
            found = order[place] if 0 <= place < len(order) else None
        else:
            found = await self.read(deal_page.find_neighbour, self.deal_id, by, self.host.clock())
        if found is None:
            self.refuse("This is the last deal of the board" if by > 0 else "This is the first deal of the board")
            return
        self.deal_id = found
        self.list.move_to(0)
        self.look_around()
        await self.reload()

    @work
    async def action_timeline_kinds(self) -> None:
        """Choose which kind of entries the timeline shows."""
        from contoso_tui.dialogs.picker import Picker
        from contoso_tui.forms.fields import Choice

        counts: dict[str, int] = {}
        for entry in self.page.entries if self.page is not None else ():
            counts[entry.kind] = counts.get(entry.kind, 0) + 1
        choices = [Choice("", "all", str(sum(counts.values())))]
        choices += [Choice(kind, kind, str(count)) for kind, count in counts.items()]
        chosen = await self.app.push_screen_wait(Picker("Timeline · kinds shown", choices))
        if chosen is not None:
            self.kind = chosen
            self.show_tab()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        super().action_app_refresh()
        self.load()


def _order(board: Board) -> list[int]:
    return [deal_id for column in board.model.columns for deal_id in column.ids]
