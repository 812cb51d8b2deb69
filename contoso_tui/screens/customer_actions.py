"""What can be done with customers by key, in their list and on one's screen: log, hand over, label, nurture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual import work

from contoso_tui.dialogs import customer_forms, nurture
from contoso_tui.forms.fields import Choice
from contoso_tui.screens import customer_work, load
from contoso_tui.screens.step_actions import StepActions, Subject
from models import ids
from models.customers import customers, listing
from models.customers.records import CustomerRow
from models.nurture import enrolments
from models.nurture.accounts import not_corporate
from models.people import users

ASKED_ABOVE = 10
"""A change of more rows than this is shown before it is made (ux: conventions)."""
NAMED_AT_ONCE = 10
"""So many companies are asked for in one form."""


_OF_SOMEBODY = ("activity.log", "record.assign", "customer.merge", "material.send", "nurture.enrol")


class CustomerActions(StepActions):
    """Keys of customers; the screen says which ones they are for."""

    def customer_ids(self) -> list[int]:
        """Return the customers an action is for: the marked ones, else the one under the cursor."""
        raise NotImplementedError

    def current_customer(self) -> tuple[int, str, str] | None:
        """Return id, name and kind of the customer under the cursor, as far as they are known."""
        raise NotImplementedError

    async def customers_changed(self, customer_ids: Sequence[int]) -> None:
        """Show customers as they stand after a change of the user's."""
        raise NotImplementedError

    # ---- what the log is about

    def subject(self) -> Subject | None:
        """Return the customer under the cursor."""
        found = self.current_customer()
        return Subject("task", found[0], found[1]) if found is not None else None

    async def steps_changed(self, subject: Subject | None, deal_ids: Sequence[int]) -> None:
        """Show what the log changed."""
        if subject is not None:
            await self.customers_changed([subject.customer_id])

    def why_not(self, command_id: str) -> str | None:
        """Say why nurture can't start for an individual."""
        chosen = self.customer_ids()
        found = self.current_customer()
        if command_id in _OF_SOMEBODY and not chosen:
            return "No customer here: n makes one"
        if command_id == "nurture.enrol" and len(chosen) == 1 and found is not None and found[0] == chosen[0]:
            return not_corporate(found[1]) if found[2] == "individual" else None
        return super().why_not(command_id)

    # ---- hand over, label

    def action_record_assign(self) -> None:
        """Choose an owner, or a label."""
        self._assign(self.customer_ids())

    @work
    async def _assign(self, chosen: Sequence[int]) -> None:
        from contoso_tui.dialogs.picker import Picker

        logins = await self.read(users.list_logins)
        rows = await self.read(listing.list_rows, list(chosen[:1]))
        only = rows[0] if len(chosen) == 1 and rows else None
        what = f"{ids.show_customer(only.id)} {only.name}" if only is not None else f"{len(chosen)} customers"
        choices = [
            Choice("label:corporate", "Label corporate…", "asks for the company's name"),
            Choice("label:individual", "Label individual…", "nurture ends"),
            *(Choice(f"owner:{login}", f"Hand over to {login}", "takes nurture steps along") for login in logins),
        ]
        here = {f"label:{only.kind}": f"it is {only.kind}", f"owner:{only.owner}": "looks after it"} if only else {}
        picked = await self.app.push_screen_wait(Picker(f"Assign or label {what}", choices, here))
        kind, _, value = (picked or "").partition(":")
        if kind == "owner":
            await self._hand_over(chosen, value)
        elif value == "corporate":
            await self._label_corporate(chosen)
        elif value == "individual":
            await self._label_individual(chosen)

    async def _hand_over(self, chosen: Sequence[int], login: str) -> None:
        if len(chosen) == 1:
            await self.change(customers.assign, list(chosen), login)
            await self.customers_changed(chosen)
            return
        found = await self.read(customer_work.read_hand_over, self.host.actor, list(chosen), login)
        can = [row.id for row in found.can]
        if found.cannot or len(can) > ASKED_ABOVE:
            answers = {"cancel": "Cancel"} | ({"go": f"Hand over {len(can)}"} if can else {})
            if await self.preview(f"Hand {len(chosen)} customers to {login}", found.lines(), answers) != "go":
                return
        await self.change(customers.assign, can, login)
        await self.customers_changed(chosen)

    async def _label_corporate(self, chosen: Sequence[int]) -> None:
        rows = [row for row in await self._rows(chosen) if row.kind == "individual"]
        if not rows:
            self.refuse("All of them are corporate accounts already")
            return
        if len(rows) > NAMED_AT_ONCE:
            self.refuse(f"Label at most {NAMED_AT_ONCE} at once: each needs its company's name")
            return

        async def submit(values: dict[str, Any]) -> bool:
            names = customer_forms.read_companies(values)
            await self.change(customers.label_corporate, list(names), names)
            return True

        draft = self.draft_key("record.assign:corporate", ids.show_customer(rows[0].id)) if len(rows) == 1 else None
        if await self.ask(customer_forms.company_form(rows, draft), submit):
            await self.customers_changed(chosen)

    async def _label_individual(self, chosen: Sequence[int]) -> None:
        lines = await self.read(customer_work.read_back_to_individual, list(chosen), self.host.clock())
        if not lines:
            self.refuse("All of them are individuals already")
            return
        answers = {"cancel": "Cancel", "label": "Label individual"}
        if await self.preview("Label individual", [*lines, "u takes it back."], answers) == "label":
            await self.change(customers.label_individual, list(chosen))
            await self.customers_changed(chosen)

    async def _rows(self, chosen: Sequence[int]) -> list[CustomerRow]:
        return await self.read(listing.list_rows, list(chosen))

    # ---- merge

    def action_customer_merge(self) -> None:
        """Make the two marked customers one, or this one and another."""
        chosen = self.customer_ids()
        if len(chosen) > 2:
            self.refuse(f"{len(chosen)} are marked: two are merged at a time")
        else:
            self._merge(chosen)

    @work
    async def _merge(self, chosen: Sequence[int]) -> None:
        done = await load("contoso_tui.screens.customer_merge:merge")(self, chosen)
        if done is not None:
            await self.customers_merged(done.kept_id, done.gone_id)

    async def customers_merged(self, kept_id: int, gone_id: int) -> None:
        """Show what became of two customers."""
        await self.customers_changed([kept_id, gone_id])

    # ---- materials

    def action_material_send(self) -> None:
        """Choose documents and send them to the customer under the cursor."""
        chosen = self.customer_ids()
        if len(chosen) > 1:
            self.refuse("Materials are sent to one customer at a time: esc clears the marks")
        else:
            self._send_materials(chosen[0])

    @work
    async def _send_materials(self, customer_id: int) -> None:
        await load("contoso_tui.screens.materials:send_for_customer")(self, customer_id)
        await self.customers_changed([customer_id])

    # ---- nurture

    def action_nurture_enrol(self) -> None:
        """Show the dates, then start nurture."""
        self._enrol(self.customer_ids())

    @work
    async def _enrol(self, chosen: Sequence[int]) -> None:
        host = self.host
        found = await self.read(customer_work.read_enrolment, host.actor, host.clock(), list(chosen))
        can = [preview.customer_id for preview in found.previews if not preview.refusal]
        if len(chosen) == 1 and not can:
            self.refuse(found.previews[0].refusal)
            return
        lines = nurture.preview_lines(found.previews, found.loads, host.today())
        start = "Start nurture" if len(can) == 1 else f"Start {len(can)}"
        answers = {"cancel": "Cancel"} | ({"start": start} if can else {})
        what = found.previews[0].customer if len(chosen) == 1 else f"{len(can)} of {len(chosen)} accounts can start"
        if await self.preview(f"Start nurture · {what}", lines, answers) == "start":
            await self.change(enrolments.start, can)
            await self.customers_changed(chosen)

    async def preview(self, title: str, lines: Sequence[str], answers: Mapping[str, str]) -> str | None:
        """Show what a change would do and return the key of the answer; None if it was left."""
        from contoso_tui.dialogs.preview import Preview

        return await self.app.push_screen_wait(Preview(title, lines, answers))
