"""Which kinds and sources a timeline shows: boxes to tick."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from textual import events

from contoso_tui.dialogs.base import Dialog
from contoso_tui.text import clean
from contoso_tui.widgets.box import Box, BoxLine


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes of one kind: `names` in order, those ticked at first in `ticked`."""

    title: str
    names: tuple[str, ...]
    ticked: frozenset[str]


class Kinds(Dialog[tuple[frozenset[str], ...]]):
    """Ends with the ticked names of each group; space ticks, `*` ticks all or none of them."""

    def __init__(self, title: str, groups: Sequence[Group]) -> None:
        super().__init__()
        self._title = clean(title)
        self._groups = tuple(groups)
        self._ticked: set[tuple[int, str]] = {(at, name) for at, one in enumerate(groups) for name in one.ticked}
        self._all = [(at, name) for at, one in enumerate(groups) for name in one.names]
        self._place = 0

    def draw(self) -> None:
        """Show the boxes by group."""
        rows: list[BoxLine] = []
        shown = 0
        for at, name in self._all:
            if not rows or (name == self._groups[at].names[0]):
                rows.append(BoxLine(((f" {self._groups[at].title}", "heading"),)))
            place = self._all.index((at, name))
            box = "x" if (at, name) in self._ticked else " "
            is_current = place == self._place
            rows.append(BoxLine(((f"   [{box}] {name}", "text"),), is_current=is_current, owner=str(place)))
            shown = len(rows) - 1 if is_current else shown
        close = self.host.keymap.key("dialog.close")
        foot = f"space ticks  * all or none  {self.enter_key} shows  {close} leave"
        self.box.show(self._title, rows, [(foot, "dim")], (max(0, shown - 1), shown))
        self.show_keys(
            ["dialog.down", "dialog.save", "dialog.close"],
            {"dialog.save": "show", "dialog.down": "down"},
            first=[("space", "tick"), ("*", "all or none"), (self.enter_key, "show")],
        )

    def typed(self, event: events.Key) -> bool:
        """Tick with space, all or none with `*`."""
        if event.character == " ":
            self._ticked ^= {self._all[self._place]}
        elif event.character == "*":
            self._ticked = set() if len(self._ticked) == len(self._all) else set(self._all)
        else:
            return False
        self.draw()
        return True

    def on_box_line_clicked(self, message: Box.LineClicked) -> None:
        """Tick the box that was clicked."""
        if message.owner:
            self._place = int(message.owner)
            self._ticked ^= {self._all[self._place]}
            self.draw()

    def action_dialog_next(self, key: str = "tab") -> None:
        """Show with enter; tab goes to the next group."""
        if key == "enter":
            self.action_dialog_save()
            return
        group = self._all[self._place][0]
        self._place = next((i for i, (at, _) in enumerate(self._all) if at > group), 0)
        self.draw()

    def action_dialog_save(self) -> None:
        """End with what is ticked."""
        self.dismiss(tuple(self._of(at) for at in range(len(self._groups))))

    def action_dialog_down(self) -> None:
        """Go down."""
        self._step(1)

    def action_dialog_up(self) -> None:
        """Go up."""
        self._step(-1)

    def _step(self, by: int) -> None:
        self._place = max(0, min(self._place + by, len(self._all) - 1))
        self.draw()

    def _of(self, group: int) -> frozenset[str]:
        return frozenset(name for at, name in self._ticked if at == group)


def none_if_all(ticked: Collection[str], names: Sequence[str]) -> frozenset[str] | None:
    """Return None where everything is ticked: new kinds are then shown, too."""
    return None if set(ticked) >= set(names) else frozenset(ticked)
