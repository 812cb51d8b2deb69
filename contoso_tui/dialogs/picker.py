"""Choose one of a list, with typing to narrow it."""

from __future__ import annotations

from collections.abc import Sequence

from contoso_tui.dialogs.search_list import Entry, SearchList
from contoso_tui.forms.fields import Choice
from contoso_tui.text import clean, pad


class Picker(SearchList):
    """Ends with the `value` of the chosen one. Those with a reason in `why_not` are shown, dimmed, and refused."""

    prompt = "type to narrow"

    def __init__(self, title: str, choices: Sequence[Choice], why_not: dict[str, str] | None = None) -> None:
        super().__init__()
        self.heading = clean(title)
        self._choices = [(c.value, clean(c.label), clean(c.note)) for c in choices]
        self._why_not = why_not or {}

    def entries(self, wanted: str) -> list[Entry]:
        """Return the choices that hold what is typed."""
        low = wanted.casefold()
        width = min(max((len(label) for _, label, _ in self._choices), default=0), 40)
        found: list[Entry] = []
        for value, label, note in self._choices:
            if low not in f"{label} {note}".casefold():
                continue
            name = f" {pad(label, width)}"
            if value in self._why_not:
                found.append(Entry(((name, "dim"), (f"  {clean(self._why_not[value])}", "dim"))))
            else:
                found.append(Entry(((name, "text"), (f"  {note}", "dim")), value))
        return found


class OpenPicker(Picker):
    """A picker of what to open: nothing is changed by it, so the key that opened it may choose, too."""

    def may_confirm(self, key: str) -> bool:
        """Take every key."""
        return True
