"""The list of customers: found as one types, marked, handed over, labelled, enrolled in nurture."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult

from contoso_tui.dialogs import customer_forms
from contoso_tui.host import ShellValues
from contoso_tui.screens import customer_list_words as words
from contoso_tui.screens import customer_work, new_customer
from contoso_tui.screens.customer_actions import CustomerActions
from contoso_tui.screens.customer_rows import CustomerRows
from contoso_tui.screens.filtering import Filtering
from contoso_tui.store import Changed
from contoso_tui.waiting import settled
from contoso_tui.widgets.list_view import LineList
from contoso_tui.widgets.rows import Part, Row
from importers import lookup
from models import ids
from models.customers import listing
from models.customers.listing import CustomerView
from models.ids import ID_ARRAY

FIRST_ROWS = 200
"""Shown at once, while the ids of all the others are read."""
# So many names fit one line.
_NEAR = 4
ORDER_KEPT_ABOVE = 20_000
"""The ids of longer lists are read again at the user's word only: a million take a second."""
_SHOWN_WITH = ("customer", "deal", "import_run")
_VIEWS = ("all", "mine", "corporate", "my corporate", "nobody's")


class CustomersScreen(CustomerActions, Filtering):
    """Any number of customers by name; `/` finds by name, id, email, phone or key."""

    scope: ClassVar[str] = "customers"
    DEFAULT_CSS = """
    CustomersScreen LineList { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.view_index = 0
        self.header = Row(id="header")
        self.list = LineList(id="rows")
        self.rows = CustomerRows(self._asked)
        self._has_all = False

    # ---- frame

    def body(self) -> ComposeResult:
        """Lay out the columns' names and the list."""
        yield self.header
        yield self.list

    def on_mount(self) -> None:
        """Read the first customers."""
        self._fit()
        self.show_view()

    def on_resize(self) -> None:
        """Fit the columns."""
        self._fit()
        self.show_frame()
        self.list.refresh()

    def _fit(self) -> None:
        self.rows.width = self.app.size.width
        self.header.show(words.header(self.app.size.width))

    @property
    def active_list(self) -> LineList:
        """The customers."""
        return self.list

    @property
    def view(self) -> CustomerView:
        """What is listed."""
        name = _VIEWS[self.view_index]
        me = self.host.actor.id
        return CustomerView(
            owner_id=me if name in ("mine", "my corporate") else None,
            is_unowned=name == "nobody's",
            kind="corporate" if "corporate" in name else "",
            text=self.filter_text,
        )

    def show_frame(self) -> None:
        """Draw the first row and the customer's line again."""
        name = _VIEWS[self.view_index] + (f"  /{self.filter_text}" if self.filter_text else "")
        count = len(self.rows.ids)
        counted = f"{count:,} customer{'' if count == 1 else 's'}" if self._has_all else "counting …"
        self.show_place(name, f"{counted}  {self.host.actor.login} ")
        row = self.rows.get(self.list.current)
        self.status_row.detail(words.detail(row) if row is not None else "")

    def show_place(self, view: str, figures: str | Sequence[Part] = "") -> None:
        """Show in the first row where one is; on a wide terminal the other screens with their keys."""
        super().show_place(view, figures)
        if self.is_wide:
            self.top_row.show([*self.goto_parts(), (f"  {view}", "text")], figures)

    def facts(self) -> list[str]:
        """Return how many are marked."""
        marked = len(self.list.marked)
        return [f"{marked:,} marked"] if marked else []

    # ---- what is shown

    @work(exclusive=True, group="view")
    async def show_view(self) -> None:
        """Read the view anew; the cursor stays on its customer if the view has it."""
        view = self.view
        self.list.empty = "Reading …"
        found = array(ID_ARRAY)
        if not view.text and not self._has_all:
            found = await self.read(listing.list_ids, view, FIRST_ROWS)
            await self._read_first(found)
            if len(found) == FIRST_ROWS:
                self._show(found, has_all=False)
        if view.text or self._has_all or len(found) == FIRST_ROWS:
            found = await self.read(listing.list_ids, view)
            await self._read_first(found)
        near = await self.read(lookup.find, view.text, _NEAR) if view.text and not found else []
        self.list.empty = words.nobody(view.text, _VIEWS[self.view_index], near) or self._empty_text(view)
        self._show(found, has_all=True)
        self.tell_found(f"{len(found):,} match" + ("es" if len(found) == 1 else ""))

    async def _read_first(self, found: array[int]) -> None:
        """Read the rows that will be drawn, so that no line is drawn twice."""
        around = self.rows.place(self.list.current) or 0
        rows = self.list.size.height + 1
        near = [*found[:rows], *found[max(0, around - rows) : around + rows]]
        self.rows.take_rows(await self.read(listing.list_rows, list(dict.fromkeys(near))))

    def _show(self, found: array[int], *, has_all: bool) -> None:
        self._has_all = has_all
        keep = self.list.current
        self.rows.take_ids(found)
        self.list.show_window(len(found), self.rows.window)
        place = self.rows.place(keep)
        self.list.move_to(place if place is not None else 0)
        self.show_frame()

    def _empty_text(self, view: CustomerView) -> str:
        keymap, name = self.host.keymap, _VIEWS[self.view_index]
        if view.text:
            return f"No customer matches '{view.text}' in {name}. esc clear, {keymap.key('screen.view')} next view"
        if name == "all":
            return f"No customers yet. {keymap.key('app.goto')}i imports files, {keymap.key('item.new')} makes one"
        return f"No customers in {name}. {keymap.key('screen.view')} next view, {keymap.key('item.new')} makes one"

    def _asked(self) -> None:
        self.call_later(self._fetch)

    @work(exclusive=False, group="rows")
    async def _fetch(self) -> None:
        wanted = self.rows.wanted()
        if wanted:
            self.rows.take_rows(await self.read(listing.list_rows, wanted))
            self.list.refresh()
            self.show_frame()

    def filter_changed(self) -> None:
        """Show what the filter matches."""
        self.show_view()

    def action_screen_view(self) -> None:
        """Go on to the next view."""
        self.view_index = (self.view_index + 1) % len(_VIEWS)
        following = _VIEWS[(self.view_index + 1) % len(_VIEWS)]
        self.status(f"{_VIEWS[self.view_index]} · {self.host.keymap.key('screen.view')} {following}")
        self._has_all = False
        self.show_view()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        super().action_app_refresh()
        self._renew(is_order_kept=False)

    @on(LineList.Highlighted)
    def _highlighted(self) -> None:
        self.show_frame()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_item_open()

    # ---- others

    def database_changed(self, changed: Changed) -> None:
        """Read again what changed and is shown."""
        if not any(changed.ids(table) for table in _SHOWN_WITH):
            return
        self.note_others(changed)
        self._renew(is_order_kept=self._is_long or not (changed.ids("customer") or changed.ids("import_run")))

    @work(exclusive=True, group="view")
    async def _renew(self, *, is_order_kept: bool) -> None:
        found = self.rows.ids if is_order_kept else await self.read(listing.list_ids, self.view)
        near = self._near(found)
        rows = await self.read(listing.list_rows, near)
        # What is in view is replaced, not taken away first; the rest is read when it comes into view.
        self.rows.forget()
        self.rows.take_rows(rows)
        self._show(found, has_all=True)

    @property
    def _is_long(self) -> bool:
        return len(self.rows.ids) > ORDER_KEPT_ABOVE

    def _near(self, found: Sequence[int]) -> list[int]:
        """Return the ids around the cursor, whose rows are wanted with the next drawing."""
        place = min(self.list.cursor, len(found))
        rows = self.list.size.height + 1
        return list(found[max(0, place - rows) : place + rows])

    # ---- what actions act on

    def customer_ids(self) -> list[int]:
        """Return the marked customers, else the one under the cursor."""
        if self.list.marked:
            # In the list's order: that is how a preview is read.
            return [one for one in self.rows.ids if one in self.list.marked]
        current = self.list.current
        return [current] if isinstance(current, int) else []

    def current_customer(self) -> tuple[int, str, str] | None:
        """Return the customer under the cursor."""
        row = self.rows.get(self.list.current)
        return (row.id, row.name, row.kind) if row is not None else None

    async def customers_changed(self, customer_ids: Sequence[int]) -> None:
        """Show customers as they stand."""
        if len(customer_ids) > 1:
            self.list.clear_marks()
            self.show_facts()
        await settled(self._renew(is_order_kept=self._is_long))

    def shell_values(self) -> ShellValues:
        """Fill the places of shell forms with the customer under the cursor."""
        current = self.list.current
        shown = ids.show_customer(current) if isinstance(current, int) else ""
        return {"customer": shown, "id": shown} if shown else {}

    def copy_texts(self) -> Mapping[str, str]:
        """Return what can be copied of the customer under the cursor."""
        row = self.rows.get(self.list.current)
        return words.copy_texts(row) if row is not None else {}

    # ---- rows

    def action_item_open(self) -> None:
        """Open the customer under the cursor."""
        current = self.list.current
        if isinstance(current, int):
            self.host.open_goal(ids.show_customer(current))
        else:
            self.refuse("No customer here: n makes one")

    def action_item_mark(self) -> None:
        """Mark the customer and go down."""
        self.list.toggle_mark()
        self.show_facts()

    def action_item_mark_all(self) -> None:
        """Mark all customers of the view, or none."""
        everybody: set[object] = set(self.rows.ids)
        self.list.marked = set() if everybody <= self.list.marked else everybody
        self.list.refresh()
        self.show_facts()

    def action_app_back(self) -> None:
        """Clear the filter, else the marks, else go back."""
        if self.clear_filter():
            return
        if self.list.clear_marks():
            self.show_facts()
            return
        super().action_app_back()

    @work
    async def action_item_new(self) -> None:
        """Make a customer, or find that it is here already, and open it."""

        async def submit(values: dict[str, Any]) -> int:
            existing = await new_customer.find_existing(self, values)
            if existing is not None:
                return existing
            return await self.change(customer_work.create_customer, values)

        made = await self.ask(customer_forms.new_form(self.draft_key("item.new", "customer")), submit)
        if made is not None:
            self.host.open_goal(ids.show_customer(made))
