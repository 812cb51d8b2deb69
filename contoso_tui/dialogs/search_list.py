"""The base of dialogs with a line to type in and a list below: help, palette, picker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events

from contoso_tui.dialogs.base import Dialog
from contoso_tui.forms.editing import TextBuffer
from contoso_tui.text import pad
from contoso_tui.widgets.box import RULE, Box, BoxLine
from contoso_tui.widgets.rows import Part


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list. Without a `result` it is a heading, or only tells something.

    With `why` the cursor goes there to read in full why it can't be chosen.
    """

    parts: tuple[Part, ...]
    result: str | None = None
    shell: str = ""
    why: str = ""


class SearchList(Dialog[str]):
    """Type to search, up and down choose, enter ends with the entry's `result`."""

    fixed_rows = 2
    max_rows = 17
    heading = ""
    prompt = "type to search, enter runs"
    none_found = "Nothing found"
    enter_label = "choose"
    resting = ""
    """What the status row says where the entry under the cursor has nothing to tell, after one had."""

    def __init__(self) -> None:
        super().__init__()
        self.buffer = TextBuffer()
        self._entries: list[Entry] = []
        self._place = 0
        self._has_stepped = False
        self._has_told = False

    def entries(self, wanted: str) -> list[Entry]:
        """Return the list for what is typed."""
        raise NotImplementedError

    def foot(self) -> str:
        """Return what stands in the lower frame."""
        return f"{self.enter_key} {self.enter_label}   up/down choose   {self.host.keymap.key('dialog.close')} close"

    @property
    def chosen(self) -> Entry | None:
        """The entry under the cursor, if it can be chosen."""
        entry = self._here
        return entry if entry is not None and entry.result is not None else None

    @property
    def _here(self) -> Entry | None:
        return self._entries[self._place] if self._place < len(self._entries) else None

    def _first(self) -> int:
        """Return the place of the first entry that can be chosen, else of one that says why not."""
        can = (index for index, entry in enumerate(self._entries) if entry.result is not None)
        cannot = (index for index, entry in enumerate(self._entries) if entry.why)
        return next(can, next(cannot, 0))

    def search(self) -> None:
        """Make the list again after the text has changed."""
        self._has_stepped = False
        self._entries = self.entries(self.buffer.text.strip())
        self._place = self._first()
        self.draw()

    def prepare(self) -> None:
        """Show the whole list at first."""
        self._entries = self.entries("")
        self._place = self._first()

    def draw(self) -> None:
        """Show the line to type in and the list."""
        width = self.inner_width
        typed, at = self.buffer.text, self.buffer.cursor
        caret = (typed[at : at + 1] or " ", "caret")
        hint = self.prompt if not typed else ""
        line: list[Part] = [(" > ", "key"), (typed[:at], "text"), caret, (typed[at + 1 :], "text")]
        line.append((pad(hint, max(0, width - 6 - len(typed)), "right"), "dim"))
        rows = [BoxLine(tuple(line)), RULE]
        if not self._entries:
            rows.append(BoxLine(((f" {self.none_found}", "dim"),)))
        for index, entry in enumerate(self._entries):
            current = index == self._place and _may_stand(entry)
            rows.append(BoxLine(entry.parts, is_current=current, owner=str(index)))
        place = self.fixed_rows + self._place
        top = self.fixed_rows if self._place <= 1 else place
        self.box.show(self.heading, rows, [(self.foot(), "dim")], (top, place))
        self._tell_more()
        self.show_keys(
            ["dialog.next", "dialog.close"],
            {"dialog.next": "fill"},
            first=[(self.enter_key, self.enter_label), ("up/down", "choose")],
        )

    def _tell_more(self) -> None:
        """Say in the status row what has no room in the line under the cursor."""
        here = self._here
        told = f" {here.why}" if here and here.why else f" Shell form: {here.shell}" if here and here.shell else ""
        if told or self._has_told:
            self.status_row.detail(told or self.resting)
            self._has_told = True

    def typed(self, event: events.Key) -> bool:
        """Type into the search line."""
        if event.key in ("up", "down", "tab", "enter", "escape", "f1"):
            return False
        if event.key in ("pageup", "pagedown"):
            rows = self.box.shown_rows - self.fixed_rows
            self._step(rows if event.key == "pagedown" else -rows)
            return True
        before = self.buffer.text
        if not self.buffer.press(event.key, event.character):
            return False
        if self.buffer.text != before:
            self.search()
        else:
            self.draw()
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text into the search line."""
        event.stop()
        self.buffer.insert(event.text)
        self.search()

    def on_box_line_clicked(self, message: Box.LineClicked) -> None:
        """Choose the entry that was clicked; a double click ends."""
        if not message.owner:
            return
        self._place = int(message.owner)
        self._has_stepped = True
        self.draw()
        if message.chain == 2 and self.chosen is not None:
            self.dismiss(self.chosen.result)

    def on_box_wheel(self, message: Box.Wheel) -> None:
        """Go through the list with the wheel."""
        self._step(3 * message.by)

    def action_dialog_next(self, key: str = "tab") -> None:
        """End with the entry under the cursor; tab fills its name in."""
        if self.chosen is None:
            if self._here is not None and self._here.why:
                self.status(self._here.why, "soon")
            return
        if key == "enter":
            self.dismiss(self.chosen.result)
        else:
            self._fill()

    def action_dialog_down(self) -> None:
        """Go to the next entry."""
        self._step(1)

    def action_dialog_up(self) -> None:
        """Go to the entry before."""
        self._step(-1)

    def _fill(self) -> None:
        entry = self.chosen
        if entry is not None and entry.parts:
            self.buffer.set(entry.parts[0][0].strip())
            self.search()

    def _step(self, by: int) -> None:
        places = [index for index, entry in enumerate(self._entries) if _may_stand(entry)]
        if not places:
            return
        self._has_stepped = True
        at = places.index(self._place) if self._place in places else 0
        self._place = places[max(0, min(at + by, len(places) - 1))]
        self.draw()

    def replace_entries(self, entries: Sequence[Entry]) -> None:
        """Show a list that arrived later; the cursor stays on its entry if it was moved there, else is on the first."""
        chosen = self.chosen if self._has_stepped else None
        self._entries = list(entries)
        self._place = self._first()
        if chosen is not None:
            same = (i for i, entry in enumerate(self._entries) if entry.result == chosen.result)
            self._place = next(same, self._place)
        self.draw()


def _may_stand(entry: Entry) -> bool:
    return entry.result is not None or bool(entry.why)
