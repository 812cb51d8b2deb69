"""One customer whole: who it is and where each value comes from, what happened, deals, money, people, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from contoso_tui.base_screen import BaseScreen
from contoso_tui.commands import SCOPES
from contoso_tui.host import ShellValues
from contoso_tui.screens import customer_money, customer_page, customer_panel, customer_tabs
from contoso_tui.screens import customer_words as words
from contoso_tui.screens.customer_keys import CustomerKeys
from contoso_tui.screens.customer_page import PAGE, CustomerPage, Shown
from contoso_tui.screens.filtering import Filtering
from contoso_tui.store import Changed
from contoso_tui.widgets.list_view import Line, LineList, heading
from contoso_tui.widgets.rows import Row
from contoso_tui.widgets.text_block import RULE, TextBlock
from models import ids
from models.customers.records import TimelineEntry
from models.errors import NotFoundError

PANEL_CELLS, PANEL_CELLS_NARROW, PANEL_WIDE_FROM = 56, 44, 140
RULES_FROM_ROWS = 20
"""On fewer rows the lines across give way to the list."""
MORE_BEFORE_END = 20
"""Older entries are read when the cursor comes this near to the last one."""


class CustomerScreen(CustomerKeys, Filtering):
    """Opened with a customer's shown id."""

    scope: ClassVar[str] = "customer"
    is_detail: ClassVar[bool] = True
    DEFAULT_CSS = """
    CustomerScreen #middle { height: 1fr; }
    CustomerScreen #left { width: 1fr; height: 1fr; }
    CustomerScreen #panel { height: 1fr; display: none; }
    CustomerScreen.-is-wide #panel { display: block; }
    """

    def __init__(self, goal: str) -> None:
        super().__init__()
        self.customer_id = ids.customer_id(goal)
        self.page: CustomerPage | None = None
        self.entries: list[TimelineEntry] = []
        self.shown = Shown()
        self.tab = "1"
        self._has_more = False
        self.head = TextBlock(id="head")
        self.tab_row = Row(id="tabs")
        self.list = LineList(id="rows", empty="Reading …")
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
        """Read the customer."""
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
    def around(self) -> customer_tabs.Around:
        """What rows depend on besides the customer."""
        settings = self.host.settings
        return customer_tabs.Around(
            self._list_cells, self.host.today(), ZoneInfo(settings.zone), is_ascii=settings.ascii_glyphs
        )

    @property
    def active_list(self) -> LineList:
        """The rows of the tab."""
        return self.list

    # ---- reading

    @work(exclusive=True, group="page")
    async def load(self) -> None:
        """Read the customer and show it."""
        await self.reload()

    async def reload(self) -> None:
        """Read the customer again; the cursor stays on its row."""
        host = self.host
        now = host.clock()
        limit = max(PAGE, len(self.entries))
        try:
            page = await self.read(customer_page.read, self.customer_id, host.actor, now, host.today())
            entries = await self.read(customer_page.read_timeline, self.customer_id, now, self.shown, limit)
        except NotFoundError as error:
            if self.page is not None:
                await self.leave_gone(f"{self.page.profile.name} is gone. {error.message}")
                return
            self.list.empty = error.message
            self.list.show([])
            self.refuse(error.message)
            return
        self.page, self.entries, self._has_more = page, entries, len(entries) == limit
        self.show_page()

    @work(exclusive=True, group="more")
    async def _read_more(self) -> None:
        cursor = self.entries[-1].cursor
        older = await self.read(
            customer_page.read_timeline, self.customer_id, self.host.clock(), self.shown, PAGE, cursor
        )
        if self.entries and self.entries[-1].cursor == cursor:
            self.entries += older
            self._has_more = len(older) == PAGE
            self.show_tab()

    def show_page(self) -> None:
        """Draw what was read; nothing before that."""
        page = self.page
        if page is None:
            return
        size, around = self.app.size, self.around
        has_rules = size.height >= RULES_FROM_ROWS
        rule = [RULE] if has_rules else []
        self.head.show([*rule, *words.head(page, size.width, around.today, around.zone), *rule])
        self.foot.show([RULE, *words.foot(page, self.shown, around.width)] if has_rules and not self.is_wide else [])
        if self.is_wide:
            is_ascii = self.host.settings.ascii_glyphs
            self.panel.show(customer_panel.panel(page, self._panel_cells, around.today, is_ascii=is_ascii))
        self._show_place(page)
        self.show_tab()

    def _show_place(self, page: CustomerPage) -> None:
        below = next((s for s in reversed(self.app.screen_stack[:-1]) if isinstance(s, BaseScreen)), None)
        name = (below.heading or SCOPES[below.scope].title) if below is not None else "Customers"
        crumb, right = words.breadcrumb(page), [*self.editors, (words.figures(page, self.app.size.width), "dim")]
        self.show_place(crumb, right)
        banner = self.host.settings.banner
        self.top_row.title(f"{banner}  {name}" if banner else name, crumb, right)

    def show_tab(self) -> None:
        """Draw the rows of the tab; the cursor stays on its row if it is still there."""
        page = self.page
        if page is None:
            return
        around, profile = self.around, page.profile
        self.tab_row.show(words.tab_bar(page, self.tab, around.width))
        rows: list[Line] = {
            "1": lambda: self._timeline(page, around),
            "2": lambda: customer_tabs.who(profile, around.width),
            "3": lambda: customer_tabs.deals(page, around),
            "4": lambda: customer_money.money(page, around),
            "6": lambda: customer_tabs.people(page, around),
            "7": lambda: customer_tabs.sources(page, around),
        }[self.tab]()
        if self.filter_text:
            rows = self._matching(rows)
        self.list.show(rows, self.list.current)
        self._show_detail()
        self.show_keys()

    def _timeline(self, page: CustomerPage, around: customer_tabs.Around) -> list[Line]:
        rows = customer_tabs.timeline(self.entries, around, page.tasks, page.suggestions)
        if not self.shown.is_all:
            told = words.shown_words(self.shown, page.kinds, page.codes)
            rows.insert(0, heading(f" only {told} · f changes it", "soon"))
        if not self.entries:
            rows.append(heading(" Nothing has happened yet. a logs a call", "dim"))
        return rows

    def _matching(self, rows: Sequence[Line]) -> list[Line]:
        wanted = self.filter_text.casefold()
        found = [row for row in rows if not row.is_heading and wanted in _text_of(row).casefold()]
        self.tell_found(f"{len(found)} match" + ("es" if len(found) == 1 else ""))
        if not found:
            return [heading(f" Nothing on {words.TABS[self.tab]} matches '{self.filter_text}'. esc clear", "dim")]
        return found

    def filter_changed(self) -> None:
        """Show what the filter matches on this tab."""
        self.show_tab()

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self._show_detail()
        kind, value = self.row
        if (
            kind == "entry"
            and self._has_more
            and isinstance(value, int)
            and value > len(self.entries) - MORE_BEFORE_END
        ):
            self._read_more()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_item_open()

    def _show_detail(self) -> None:
        if self.page is not None:
            self.status_row.detail(customer_tabs.detail(self.page, self.entries, *self.row))

    # ---- others

    def database_changed(self, changed: Changed) -> None:
        """Read again if something it shows may have changed."""
        if not customer_page.ACTIVE & set(changed.rows):
            return
        if self.customer_id in changed.by_others(self.host.actor.login, "customer"):
            own = [one for one in changed.newest if (one.table, one.row_id) == ("customer", self.customer_id)]
            self.note_others(Changed.of(own))
        self.load()

    # ---- what actions act on

    def customer_ids(self) -> list[int]:
        """Return the customer."""
        return [self.customer_id]

    def current_customer(self) -> tuple[int, str, str] | None:
        """Return the customer once it is read."""
        page = self.page
        return (self.customer_id, page.profile.name, page.profile.kind) if page is not None else None

    async def customers_changed(self, customer_ids: Sequence[int]) -> None:
        """Show the customer as it stands."""
        await self.reload()

    def why_not(self, command_id: str) -> str | None:
        """Say why a command can't run on this customer now."""
        page = self.page
        if page is None:
            return "Still reading the customer" if command_id.partition(".")[0] not in ("app", "list", "pane") else None
        if command_id in ("nurture.pause", "nurture.leave") and page.enrolment is None:
            reason = words.why_no_nurture(page)
            key = self.host.keymap.key("nurture.enrol")
            return f"{reason}: {key} starts it" if page.profile.is_corporate else reason
        if command_id == "nurture.enrol" and page.enrolment is not None:
            shown = ids.show_enrolment(page.enrolment.id)
            return f"{page.profile.name} is in nurture: {shown}; {self.host.keymap.key('nurture.pause')} pauses it"
        if command_id == "item.edit" and page.why_no_edit:
            return page.why_no_edit
        return super().why_not(command_id)

    def offers(self, command_id: str) -> bool:
        """Offer to start nurture only to an account that is not in it."""
        return super().offers(command_id) and (command_id != "nurture.enrol" or self.why_not(command_id) is None)

    def row_labels(self) -> Mapping[str, str]:
        """Say resume where nurture is paused."""
        running = self.page.enrolment if self.page is not None else None
        return {"nurture.pause": "resume"} if running is not None and running.state == "paused" else {}

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms."""
        shown = ids.show_customer(self.customer_id)
        return {"customer": shown, "id": shown}

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the customer."""
        return words.copy_texts(self.page.profile, self.row_text()) if self.page is not None else {}

    # ---- tabs

    def action_screen_tab(self, key: str) -> None:
        """Go to a tab."""
        if key not in words.TABS:
            names = ", ".join(f"{number} {name}" for number, name in words.TABS.items())
            self.refuse(f"There is no tab {key}; there are {names}")
            return
        self.tab = key
        self.show_tab()
        self.list.move_to(0)

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
        keys = list(words.TABS)
        self.action_screen_tab(keys[(keys.index(self.tab) + by) % len(keys)])

    def action_customer_sources(self) -> None:
        """Show the source rows as they came."""
        self.action_screen_tab("7")

    def action_app_back(self) -> None:
        """Clear the filter, else go back."""
        if not self.clear_filter():
            super().action_app_back()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        super().action_app_refresh()
        self.load()


def _text_of(row: Line) -> str:
    return "".join(text for text, _ in (*row.parts, *row.right))
