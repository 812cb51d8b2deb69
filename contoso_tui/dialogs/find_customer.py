"""Find a customer by typing part of a name, an id, an email or a phone number; or name a new one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from contoso_tui.dialogs.search_list import Entry, SearchList
from contoso_tui.text import clean, pad
from models.customers.records import SIMILAR, Hit
from models.ids import show_customer

LookUp = Callable[[str], Awaitable[list[Hit]]]
"""Finds customers for what was typed; reads through the store."""
NEW = "new:"
_NAME_CELLS = 32
_MIN_LETTERS = 2
_TOO_SHORT = "Type at least two letters"


class FindCustomer(SearchList):
    """Ends with a customer's shown id such as C-00731, or, unless nobody new will do, `NEW` and the name typed."""

    prompt = "name, id, email or phone"
    none_found = _TOO_SHORT
    enter_label = "choose"

    def __init__(self, title: str, look_up: LookUp, *, offers_new: bool = True) -> None:
        super().__init__()
        self._offers_new = offers_new
        self.heading = clean(title)
        self._look_up = look_up
        self._hits: list[Hit] = []
        self._is_looking = False
        self._is_chosen_ahead = False

    def entries(self, wanted: str) -> list[Entry]:
        """Return who was found, a new customer of that name, and last who is named alike: never chosen unseen."""
        found = [_entry(hit) for hit in self._hits if hit.why != SIMILAR]
        if self._offers_new and len(wanted) >= _MIN_LETTERS:
            found.append(Entry(((f" New customer “{clean(wanted)}”…", "accent"),), NEW + wanted))
        similar = [_entry(hit) for hit in self._hits if hit.why == SIMILAR]
        if similar:
            found += [Entry((("  ─ similar names", "line"),)), *similar]
        return found

    @property
    def is_busy(self) -> bool:
        """Whether enter has been pressed, and what it chooses is still being looked up."""
        return super().is_busy or self._is_chosen_ahead

    def search(self) -> None:
        """Look up what is typed; the list follows when it is found."""
        wanted = self.buffer.text.strip()
        self._is_chosen_ahead = False
        self._is_looking = len(wanted) >= _MIN_LETTERS
        self.none_found = "Looking …" if self._is_looking else _TOO_SHORT
        if self._is_looking:
            self.run_worker(self._find(wanted), exclusive=True, group="search")
        else:
            self._hits = []
        super().search()

    async def _find(self, wanted: str) -> None:
        self._hits = [hit for hit in await self._look_up(wanted) if hit.kind != "deal"]
        self._is_looking = False
        self.none_found = "Nobody is called so"
        self.replace_entries(self.entries(wanted))
        if self._is_chosen_ahead:
            self.action_dialog_next("enter")

    def action_dialog_next(self, key: str = "tab") -> None:
        """End with the entry under the cursor; an enter typed ahead waits for what the text finds."""
        if key == "enter" and self._is_looking:
            self._is_chosen_ahead = True
        else:
            super().action_dialog_next(key)


def _entry(hit: Hit) -> Entry:
    parts = ((f" {pad(clean(hit.name), _NAME_CELLS)}", "text"), (f"  {clean(hit.detail)}", "dim"))
    return Entry(parts, show_customer(hit.id))
