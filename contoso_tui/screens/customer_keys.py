"""What can be done on one customer's screen by key: rows opened and edited, kinds chosen, notes, nurture paused."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from textual import work

from contoso_tui import editor
from contoso_tui.dialogs import nurture
from contoso_tui.drafts import PERSON_ADD, PERSON_EDIT, DraftKey
from contoso_tui.screens import ACTIONS, customer_edit, customer_tabs, load
from contoso_tui.screens import customer_words as words
from contoso_tui.screens.customer_actions import CustomerActions
from contoso_tui.screens.customer_page import CustomerPage, Shown
from contoso_tui.screens.shared import SharedPage
from contoso_tui.widgets.list_view import LineList
from models import ids
from models.activities import log
from models.customers import profiles
from models.customers.records import Person, TimelineEntry, ValueSource
from models.customers.timeline import ACTIVITIES
from models.nurture import enrolments


class CustomerKeys(CustomerActions, SharedPage):
    """Acts on the row under the cursor of the tab that is shown; the screen reads and draws."""

    customer_id: int
    page: CustomerPage | None
    entries: list[TimelineEntry]
    shown: Shown
    tab: str
    list: LineList

    async def reload(self) -> None:
        """Read the customer again and show it."""
        raise NotImplementedError

    def show_page(self) -> None:
        """Draw what was read; nothing before that."""
        raise NotImplementedError

    def things(self) -> tuple[str, ...]:
        """Return the customer, and its nurture while that runs."""
        running = self.page.enrolment if self.page is not None else None
        shown = ids.show_customer(self.customer_id)
        return (shown, ids.show_enrolment(running.id)) if running is not None else (shown,)

    def show_first_row(self) -> None:
        """Draw who is editing."""
        self.show_page()

    def action_screen_tab(self, key: str) -> None:
        """Go to a tab."""
        raise NotImplementedError

    def row_text(self) -> str:
        """Return the whole text of the row under the cursor."""
        kind, value = self.row
        if self.page is None:
            return ""
        if kind == "entry" and isinstance(value, int):
            return customer_tabs.entry_text(self.entries[value], ZoneInfo(self.host.settings.zone))
        if kind == "task":
            return next((customer_tabs.task_text(one) for one in self.page.tasks if one.activity_id == value), "")
        if kind in ("source", "cell"):
            wanted = value[0] if isinstance(value, tuple) else value
            found = next((row for row in self.page.profile.sources if row.id == wanted), None)
            return customer_tabs.source_text(found) if found is not None else ""
        return ""

    @property
    def scopes(self) -> tuple[str, ...]:
        """On a source row its keys come before the customer's."""
        on_source = self.row[0] in ("source", "cell", "merged")
        return ("source_rows", "customer", "everywhere") if on_source else ("customer", "everywhere")

    @property
    def row(self) -> tuple[str, object]:
        """What the row under the cursor is: its kind, and which one of these."""
        key = self.list.current
        return (str(key[0]), key[1]) if isinstance(key, tuple) else ("", None)

    @work
    async def action_timeline_kinds(self) -> None:
        """Choose which kinds and sources the timeline shows."""
        from contoso_tui.dialogs.kinds import Group, Kinds, none_if_all

        page = self.page
        if page is None:
            return
        kinds, codes, shown = page.kinds, page.codes, self.shown
        groups = (
            Group("Kinds", kinds, shown.kinds if shown.kinds is not None else frozenset(kinds)),
            Group("Sources", codes, shown.sources if shown.sources is not None else frozenset(codes)),
        )
        ticked = await self.app.push_screen_wait(Kinds("Timeline · kinds and sources shown", groups))
        if ticked is None:
            return
        self.shown = Shown(none_if_all(ticked[0], kinds), none_if_all(ticked[1], codes))
        self.entries = []
        self.tab = "1"
        self.list.move_to(0)
        await self.reload()

    # ---- rows

    def action_item_open(self) -> None:
        """Open the row under the cursor: a deal its screen, a field its values, a person, the rest as text."""
        kind, value = self.row
        entry = self.entries[value] if kind == "entry" and isinstance(value, int) else None
        if kind == "deal" and isinstance(value, int):
            self.host.open_goal(ids.show_deal(value))
        elif kind == "housemate" and isinstance(value, int):
            self.host.open_goal(ids.show_customer(value))
        elif self.page is not None and (item := self.page.orders.find(kind, value)) is not None:
            self.host.open_goal(ids.show_deal(item.deal_id))
        elif entry is not None and entry.deal_id is not None and entry.kind not in ACTIVITIES:
            self.host.open_goal(ids.show_deal(entry.deal_id))
        elif kind == "person":
            self._open_person()
        elif kind == "offer":
            self._new_deal()
        elif kind == "field":
            reason = self.why_not("item.edit")
            if reason is None:
                self.action_item_edit()
            else:
                self.refuse(reason)
        else:
            self.action_item_show_text()

    def action_item_show_text(self) -> None:
        """Show the whole text of the row under the cursor."""
        from contoso_tui.dialogs.show_text import ShowText

        text = self.row_text()
        if text:
            self.app.push_screen(ShowText(text, f"{words.TABS[self.tab]} · {ids.show_customer(self.customer_id)}"))
        else:
            super().action_item_show_text()

    def action_item_edit(self) -> None:
        """Choose or enter another value for the field under the cursor, or change the person there."""
        kind, value = self.row
        page = self.page
        if page is None:
            return
        if kind == "person":
            self._edit_person(next((one for one in page.profile.people if one.id == value), None))
            return
        field = next((one for one in page.profile.fields if kind == "field" and one.field == value), None)
        if field is None:
            self.action_screen_tab("2")
            self.status(f"Choose a field, then {self.host.keymap.key('item.edit')}")
        elif field.is_hidden:
            self.refuse(f"{field.label.capitalize()} is {profiles.HIDDEN}")
        elif field.field == "points":
            self.refuse("Points are the loyalty scheme's balance: they come with its file")
        else:
            self._edit_value(field)

    async def go_on_with(self, key: DraftKey) -> None:
        """Open the form of a draft again."""
        page = self.page
        if page is None:
            return
        if key.form in (PERSON_ADD, PERSON_EDIT) or (key.form == "item.edit" and key.detail):
            reason = page.why_no_edit
            if reason:
                self.refuse(reason)
            elif key.form == "item.edit":
                self._go_on_pinning(key.detail)
            else:
                person = next((one for one in page.profile.people if str(one.id) == key.detail), None)
                self._edit_person(person)
        elif key.form == "record.assign":
            self._go_on_labelling()
        else:
            await super().go_on_with(key)

    @work
    async def _go_on_pinning(self, name: str) -> None:
        page = self.page
        field = next((one for one in page.profile.fields if one.field == name), None) if page is not None else None
        if page is None or field is None or field.is_hidden:
            return
        if await customer_edit.pin_by_hand(self, page.profile, field):
            await self.reload()

    @work
    async def _go_on_labelling(self) -> None:
        await self._label_corporate([self.customer_id])

    @work
    async def _edit_value(self, field: ValueSource) -> None:
        if self.page is not None and await customer_edit.edit_value(self, self.page.profile, field):
            await self.reload()

    @work
    async def _edit_person(self, person: Person | None) -> None:
        if self.page is not None and await customer_edit.edit_person(self, self.page.profile, person):
            await self.reload()

    @work
    async def _open_person(self) -> None:
        page, value = self.page, self.row[1]
        if page is None:
            return
        person = next(one for one in page.profile.people if one.id == value)
        if page.why_no_edit:
            self.refuse(page.why_no_edit)
        elif await customer_edit.open_person(self, page.profile, person):
            await self.reload()

    def action_item_new(self) -> None:
        """Add a person on tab 6; elsewhere make a deal."""
        page = self.page
        if page is not None and self.tab == "6":
            if not page.profile.is_corporate:
                key = self.host.keymap.key("record.assign")
                self.refuse(
                    f"{page.profile.name} is an individual; people belong to corporate accounts: {key} labels it"
                )
            elif page.why_no_edit:
                self.refuse(page.why_no_edit)
            else:
                self._edit_person(None)
        else:
            self._new_deal()

    @work
    async def _new_deal(self) -> None:
        kind, value = self.row
        made = await load(ACTIONS["new_deal"])(self, self.customer_id, str(value) if kind == "offer" else "")
        if made is not None:
            self.host.open_goal(ids.show_deal(made))

    @work
    async def action_item_editor(self) -> None:
        """Write a note in the user's editor and log it."""
        text = editor.edit(self.app, "", self.host.settings.editor).strip()
        if not text:
            self.status("Nothing written, nothing logged")
            return
        await self.change(log.log, customer_id=self.customer_id, channel="note", text=text)
        await self.reload()

    # ---- merge and split

    async def customers_merged(self, kept_id: int, gone_id: int) -> None:
        """Show the customer that is left."""
        if gone_id == self.customer_id:
            self.host.open_goal(ids.show_customer(kept_id))
        else:
            await self.reload()

    @work
    async def action_customer_split(self) -> None:
        """Split the source row under the cursor off, or part the customer that was merged."""
        kind, value = self.row
        page = self.page
        if page is None:
            return
        if kind == "merged":
            gone = next(one for one in page.merged if one.gone_id == value)
            if await load("contoso_tui.screens.customer_merge:part")(self, gone.gone_id, gone.name):
                await self.reload()
            return
        record_id = value[0] if isinstance(value, tuple) else value
        found = next(row for row in page.profile.sources if row.id == record_id)
        if len(page.profile.sources) == 1:
            self.refuse(f"This is the only source row of {page.profile.name}: nothing would be left")
            return
        new = await load("contoso_tui.screens.customer_merge:split")(
            self, self.customer_id, found.id, f"{found.source}:{found.key}"
        )
        if new is not None:
            await self.reload()

    # ---- nurture

    @work
    async def action_nurture_pause(self) -> None:
        """Pause nurture, or go on with it."""
        running = self.page.enrolment if self.page is not None else None
        if running is None:
            return
        if running.state == "paused":
            await self.change(enrolments.resume, running.id)
        else:
            await self.change(enrolments.pause, running.id)
        await self.reload()

    @work
    async def action_nurture_leave(self) -> None:
        """Leave nurture, with a reason."""
        running = self.page.enrolment if self.page is not None else None
        if running is None:
            return

        async def submit(values: dict[str, Any]) -> bool:
            await self.change(enrolments.end, running.id, values["reason"], values["note"] or "")
            return True

        draft = self.draft_key("step.move", ids.show_enrolment(running.id))
        if await self.ask(nurture.leave_form(running.account.name, draft), submit):
            await self.reload()
