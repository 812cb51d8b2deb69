"""The people of a deal by key, on its tab 2: put on, change, take off."""

from __future__ import annotations

from typing import Any

from textual import work

from contoso_tui.dialogs import deal_person
from contoso_tui.drafts import PERSON_ADD, PERSON_EDIT
from contoso_tui.screens import conflicts
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.screens.conflicts import Conflict
from models.deals import buying_centre
from models.deals.buying_centre import DealPerson
from models.deals.detail_records import DealDetail
from models.ids import show_deal


class PeopleActions(ActingScreen):
    """Keys of the scope `people`; the screen says who is on the deal and who is under the cursor."""

    def centre_of(self) -> tuple[DealDetail, tuple[DealPerson, ...]] | None:
        """Return the deal and its people, None while it is being read."""
        raise NotImplementedError

    def current_person(self) -> DealPerson | None:
        """Return the person under the cursor of tab 2."""
        raise NotImplementedError

    def person_to_add(self) -> str:
        """Return the name under the cursor of somebody who isn't on the deal yet, "" for none."""
        raise NotImplementedError

    async def people_changed(self, keep: int | None = None) -> None:
        """Show the people as they stand."""
        raise NotImplementedError

    @work
    async def add_person(self) -> None:
        """Put somebody on the deal."""
        found = self.centre_of()
        if found is None:
            return
        deal, centre = found
        candidates = await self.read(buying_centre.list_candidates, deal.id, self.host.clock())
        if deal.is_corporate and not candidates:
            key = self.host.keymap.key("customer.open")
            self.refuse(
                f"Everybody known at {deal.customer} is on the deal: {key} opens the customer, n there adds one"
            )
            return
        draft = self.draft_key(PERSON_ADD, show_deal(deal.id))
        form = deal_person.add_form(
            candidates, centre, deal.customer, draft, free=not deal.is_corporate, name=self.person_to_add()
        )

        async def submit(values: dict[str, Any]) -> int:
            return await self.change(buying_centre.add, deal.id, values["name"], **deal_person.changes(values))

        made = await self.ask(form, submit)
        if made is not None:
            await self.people_changed(made)

    @work
    async def edit_person(self, person: DealPerson) -> None:
        """Change what somebody is to the deal."""
        found = self.centre_of()
        if found is None:
            return
        deal, centre = found
        draft = self.draft_key(f"{PERSON_EDIT}:{person.id}", show_deal(deal.id))
        before = await self.read(buying_centre.standing, person)
        about = Conflict(
            f"{person.name} on {show_deal(deal.id)} was changed meanwhile", deal_person.LABELS, deal_person.in_words
        )

        async def submit(values: dict[str, Any]) -> bool:
            async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
                await self.change(buying_centre.change, person.id, mine, seen=seen)

            wanted = {n: value for n, value in deal_person.changes(values).items() if value != before[n]}
            await conflicts.save(self, about, wanted, before, write)
            return True

        if await self.ask(deal_person.edit_form(person, centre, draft), submit):
            await self.people_changed(person.id)

    @work
    async def action_person_remove(self) -> None:
        """Take the person under the cursor off the deal."""
        person = self.current_person()
        if person is not None:
            await self.change(buying_centre.remove, person.id)
            await self.people_changed()
