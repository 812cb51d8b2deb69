"""Customers who may be the one about to be made: one of them is opened, or a new one is made all the same."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from contoso_tui.dialogs.choosing import ChoosingDialog
from contoso_tui.keymap import key_name
from contoso_tui.text import cells, clean, cut, pad
from contoso_tui.widgets.box import RULE, Box, BoxLine, plain
from models.customers.records import Hit

NEW = 0
"""The answer that none of them is the same."""
_HEAD = 2
_NAME_CELLS = 24


class Alike(ChoosingDialog[int]):
    """Ends with the id of the customer to open, `NEW`, or None to go back to the form."""

    fixed_rows = _HEAD

    def __init__(self, name: str, hits: Sequence[Hit]) -> None:
        super().__init__(len(hits))
        self._name = clean(name)
        self._hits = tuple(hits)

    def draw(self) -> None:
        """Show who it may be and why, one on a line."""
        is_one = len(self._hits) == 1
        rows = [plain("This customer may be here already:" if is_one else "One of these may be the same:"), RULE]
        name_cells = min(max(cells(clean(hit.name)) for hit in self._hits), _NAME_CELLS)
        why_cells = max(cells(hit.why) for hit in self._hits)
        for index, hit in enumerate(self._hits):
            parts = (
                (f" {pad(cut(clean(hit.name), name_cells), name_cells)}  ", "text"),
                (f"{pad(hit.why, why_cells)}  ", "soon"),
                (clean(hit.detail), "dim"),
            )
            rows.append(BoxLine(parts, is_current=index == self.place, owner=str(index)))
        key = self.host.keymap.key("item.new")
        foot = f"{self.enter_key} opens it   {key} makes a new one   {self.host.keymap.key('dialog.close')} goes back"
        place = _HEAD + self.place
        self.box.show(f"New customer · {self._name}", rows, [(foot, "dim")], (place, place))
        self.show_keys(
            ["dialog.down", "dialog.close"],
            {"dialog.down": "choose", "dialog.close": "back to the form"},
            [(self.enter_key, "open"), (key, "new all the same")],
        )

    def typed(self, event: events.Key) -> bool:
        """Make a new one by the key that makes new ones."""
        command = self.host.keymap.find(key_name(event.key, event.character), ("everywhere",))
        if command is None or command.id != "item.new":
            return False
        self.dismiss(NEW)
        return True

    def on_box_line_clicked(self, message: Box.LineClicked) -> None:
        """Choose the line that was clicked; a double click opens it."""
        if message.owner:
            self.place = int(message.owner)
            self.draw()
            if message.chain == 2:
                self.choose()

    def choose(self) -> None:
        """Open the customer under the cursor."""
        self.dismiss(self._hits[self.place].id)
