"""Somebody else changed the same fields meanwhile: theirs, yours and before, to choose field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contoso_tui.dialogs.base import Dialog
from contoso_tui.text import clean, pad, wrap
from contoso_tui.widgets.box import BoxLine, plain
from contoso_tui.widgets.rows import Part

_LABEL = 18


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as all three have it, in words."""

    name: str
    label: str
    theirs: str
    mine: str
    before: str


class ConflictDialog(Dialog[frozenset[str]]):
    """Ends with the names of the fields in which yours is kept; None goes back with nothing lost.

    Yours is chosen at first where the other did not touch the field.
    """

    def __init__(self, title: str, sentence: str, differences: Sequence[Difference], notes: Sequence[str] = ()) -> None:
        super().__init__()
        self._title = clean(title)
        self._sentence = clean(sentence)
        self._notes = tuple(clean(note) for note in notes)
        self._rows = tuple(differences)
        self._mine = {row.name for row in differences if row.theirs == row.before}
        self._place = 0

    def draw(self) -> None:
        """Show the three values of each field; the chosen one is starred."""
        width = self.inner_width
        column = max(8, (width - _LABEL - 4) // 3)
        rows = [plain(row) for row in wrap(self._sentence, width - 2)]
        head = f" {' ' * _LABEL} {pad('theirs', column)} {pad('yours', column)} before"
        rows += [BoxLine(), BoxLine(((head, "dim"),))]
        for index, row in enumerate(self._rows):
            is_mine = row.name in self._mine
            parts: list[Part] = [("▌" if index == self._place else " ", "accent")]
            parts.append((pad(clean(row.label), _LABEL) + " ", "heading" if index == self._place else "text"))
            parts.append((pad(_star(row.theirs, chosen=not is_mine), column) + " ", _style(chosen=not is_mine)))
            parts.append((pad(_star(row.mine, chosen=is_mine), column) + " ", _style(chosen=is_mine)))
            parts.append((clean(row.before) or "empty", "dim"))
            rows.append(BoxLine(tuple(parts), owner=row.name))
        rows.append(BoxLine())
        notes = self._notes or ("Fields that only one of you changed are kept as they were changed.",)
        rows += [plain(row, "dim") for note in notes for row in wrap(note, width - 2)]
        keymap = self.host.keymap
        foot = f"left theirs  right yours  {keymap.key('dialog.save')} save  {keymap.key('dialog.close')} go back"
        place = len(rows) - 2 if not self._rows else self._first_row(rows) + self._place
        self.box.show(self._title, rows, [(foot, "dim")], (place, place))
        labels = {"dialog.left": "theirs", "dialog.right": "yours", "dialog.down": "next field"}
        self.show_keys(["dialog.down", "dialog.left", "dialog.right", "dialog.save", "dialog.close"], labels)

    def _first_row(self, rows: Sequence[BoxLine]) -> int:
        return next((index for index, row in enumerate(rows) if row.owner), 0)

    def action_dialog_down(self) -> None:
        """Go to the next field."""
        self._step(1)

    def action_dialog_up(self) -> None:
        """Go to the field before."""
        self._step(-1)

    def action_dialog_next(self, key: str = "tab") -> None:
        """Go to the next field."""
        self._step(1)

    def action_dialog_previous(self) -> None:
        """Go to the field before."""
        self._step(-1)

    def action_dialog_left(self) -> None:
        """Keep theirs."""
        self._mine.discard(self._rows[self._place].name)
        self.draw()

    def action_dialog_right(self) -> None:
        """Keep yours."""
        self._mine.add(self._rows[self._place].name)
        self.draw()

    def action_dialog_save(self) -> None:
        """End with the choice."""
        self.dismiss(frozenset(self._mine))

    def _step(self, by: int) -> None:
        self._place = (self._place + by) % len(self._rows)
        self.draw()


def _star(text: str, *, chosen: bool) -> str:
    return f"({'*' if chosen else ' '}) {clean(text) or 'empty'}"


def _style(*, chosen: bool) -> str:
    return "accent" if chosen else "text"
