"""What the stage suggests to do: ticked where it is done, enter makes one the next step."""

from __future__ import annotations

from collections.abc import Sequence

from contoso_tui.dialogs.search_list import Entry, SearchList
from contoso_tui.text import clean, pad
from models.activities.ideas import Idea

_NAME_CELLS = 44


class Ideas(SearchList):
    """Ends with the name of the suggestion that is to be the next step; `why_not` says why none can be."""

    prompt = "type to narrow"
    none_found = "The process suggests nothing for this stage"
    enter_label = "plan it"

    def __init__(self, title: str, ideas: Sequence[Idea], present: str, why_not: str = "") -> None:
        super().__init__()
        self.heading = clean(title)
        self._ideas = tuple(ideas)
        self._present = clean(present)
        self._why_not = why_not

    def entries(self, wanted: str) -> list[Entry]:
        """Return the suggestions that hold what is typed."""
        low = wanted.casefold()
        found = [self._entry(idea) for idea in self._ideas if low in f"{idea.name} {idea.channel}".casefold()]
        if found and self._present:
            found.append(Entry(((f" In place of: {self._present}", "dim"),)))
        return found

    def _entry(self, idea: Idea) -> Entry:
        width = min(_NAME_CELLS, self.inner_width - 26)
        box = "[x]" if idea.is_done else "[ ]"
        state = "done" if idea.is_done else "planned" if idea.is_planned else f"{idea.on:%a %d %b}"
        style = "dim" if idea.is_done else "text"
        parts = ((f" {box} {pad(clean(idea.name), width)} ", style), (f"{pad(idea.channel, 8)}{state}", "dim"))
        return Entry(parts, why=self._why_not) if self._why_not else Entry(parts, idea.name)

    def _fill(self) -> None:
        """Put the name into the line to type in, without its box."""
        if self.chosen is not None and self.chosen.result:
            self.buffer.set(self.chosen.result)
            self.search()
