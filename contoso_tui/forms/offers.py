"""The list below a field that names a person or a product: what matches, and which of it is marked; pure."""

from __future__ import annotations

from contoso_tui.forms.fields import Choice, FormField, exact, matching


class Offers:
    """What one field offers for what is typed in it. With a text the first match is marked, arrows mark others."""

    def __init__(self, item: FormField) -> None:
        self._item = item
        self._all: tuple[Choice, ...] = ()
        """Every choice, once the arrows have opened the list of a field that holds one already."""
        self._place: int | None = None

    def shown(self, typed: str) -> tuple[Choice, ...]:
        """Return the choices to show: none where the text is one of them."""
        if self._all:
            return self._all
        return () if exact(self._item, typed) is not None else tuple(matching(self._item, typed))

    def place(self, typed: str) -> int:
        """Return the place of the marked choice, -1 if none is."""
        if self._place is not None:
            return self._place
        return 0 if typed.strip() and self.shown(typed) else -1

    @property
    def is_moved(self) -> bool:
        """Whether the arrows have marked a choice."""
        return self._place is not None

    def move(self, by: int, typed: str) -> None:
        """Mark the choice below or above; a field without matches, or with its choice, opens the whole list."""
        found, place = self.shown(typed), self.place(typed)
        if not found:
            found = self._all = self._item.choices
            taken = exact(self._item, typed)
            place = found.index(taken) if taken is not None else -1
        if place < 0 and by < 0:
            place = 0
        self._place = (place + by) % len(found)

    def marked(self, typed: str) -> Choice | None:
        """Return the marked choice."""
        place = self.place(typed)
        return self.shown(typed)[place] if place >= 0 else None
