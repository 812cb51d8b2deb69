"""Which kinds and sources a timeline shows: boxes to tick."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from textual import events

from contoso_tui.dialogs.base import Dialog
from contoso_tui.text import clean, pad
from contoso_tui.widgets.box import BoxLine
from contoso_tui.widgets.rows import Part


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes of one kind: `names` in order, those ticked at first in `ticked`."""

    title: str
    names: tuple[str, ...]
    ticked: frozenset[str]


class Kinds(Dialog[tuple[frozenset[str], ...]]):
    """Ends with the ticked names of each group; space ticks, `*` ticks all or none. Each group is a column."""

    def __init__(self, title: str, groups: Sequence[Group]) -> None:
        super().__init__()
        self._title = clean(title)
        self._groups = tuple(groups)
        self._ticked = [set(group.ticked) for group in groups]
        self._column = 0
        self._row = 0

    def draw(self) -> None:
        """Show the boxes, a column for each group."""
        width = max(12, self.inner_width // len(self._groups) - 1)
        rows = [BoxLine(tuple((f" {pad(group.title, width)}", "heading") for group in self._groups))]
        rows += [self._line(row, width) for row in range(max(len(group.names) for group in self._groups))]
        close = self.host.keymap.key("dialog.close")
        foot = f"space ticks  * all or none  {self.enter_key} shows  {close} leave"
        self.box.show(self._title, rows, [(foot, "dim")], (self._row, self._row + 1))
        self.show_keys(
            ["dialog.right", "dialog.close"],
            {"dialog.right": "sources"},
            first=[("space", "tick"), ("*", "all or none"), (self.enter_key, "show")],
        )

    def _line(self, row: int, width: int) -> BoxLine:
        parts: list[Part] = []
        for column, group in enumerate(self._groups):
            if row >= len(group.names):
                parts.append((" " * (width + 1), "text"))
                continue
            name = group.names[row]
            has_cursor = (column, row) == (self._column, self._row)
            text = f"[{'x' if name in self._ticked[column] else ' '}] {name}"
            parts.append((" ▌" if has_cursor else "  ", "accent"))
            parts.append((pad(text, width - 1), "caret" if has_cursor else "text"))
        return BoxLine(tuple(parts), owner=str(row))

    def typed(self, event: events.Key) -> bool:
        """Tick with space, all or none with `*`."""
        if event.character == " ":
            self._ticked[self._column] ^= {self._groups[self._column].names[self._row]}
        elif event.character == "*":
            is_full = all(len(self._ticked[at]) == len(group.names) for at, group in enumerate(self._groups))
            self._ticked = [set() if is_full else set(group.names) for group in self._groups]
        else:
            return False
        self.draw()
        return True

    def action_dialog_next(self, key: str = "tab") -> None:
        """Show with enter; tab goes to the next column."""
        if key == "enter":
            self.action_dialog_save()
        else:
            self._go(self._column + 1, self._row)

    def action_dialog_previous(self) -> None:
        """Go to the column before."""
        self._go(self._column - 1, self._row)

    def action_dialog_right(self) -> None:
        """Go to the next column."""
        self._go(self._column + 1, self._row)

    def action_dialog_left(self) -> None:
        """Go to the column before."""
        self._go(self._column - 1, self._row)

    def action_dialog_save(self) -> None:
        """End with what is ticked."""
        self.dismiss(tuple(frozenset(ticked) for ticked in self._ticked))

    def action_dialog_down(self) -> None:
        """Go down."""
        self._go(self._column, self._row + 1)

    def action_dialog_up(self) -> None:
        """Go up."""
        self._go(self._column, self._row - 1)

    def _go(self, column: int, row: int) -> None:
        self._column = column % len(self._groups)
        self._row = max(0, min(row, len(self._groups[self._column].names) - 1))
        self.draw()


def none_if_all(ticked: Collection[str], names: Sequence[str]) -> frozenset[str] | None:
    """Return None where everything is ticked: new kinds are then shown, too."""
    return None if set(ticked) >= set(names) else frozenset(ticked)
