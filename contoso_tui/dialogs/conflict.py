"""Somebody else changed the same fields meanwhile: theirs, yours and before, to choose field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contoso_tui.dialogs.base import Dialog
from contoso_tui.forms.compare import compared
from contoso_tui.text import cells, clean, pad, wrap
from contoso_tui.widgets.box import Box, BoxLine, plain
from contoso_tui.widgets.rows import Part

_LABEL = 18
_STAR = len("(*) ")
_NAME = len("before ")


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
        rows.append(BoxLine())
        head = BoxLine(((f" {' ' * _LABEL} {pad('theirs', column)} {pad('yours', column)} before", "dim"),))
        is_under_head = False
        for index, row in enumerate(self._rows):
            is_here = index == self._place
            edge: Part = ("▌" if is_here else " ", "accent")
            label: Part = (pad(clean(row.label), _LABEL) + " ", "heading" if is_here else "text")
            if _fits(row, column):
                # Values below each other say themselves whose they are: the names of columns stand above columns alone.
                if not is_under_head:
                    rows.append(head)
                rows.append(BoxLine((edge, label, *self._in_columns(row, column)), owner=row.name))
            else:
                rows.append(BoxLine((edge, label), owner=row.name))
                rows += [BoxLine((edge, *parts), owner=row.name) for parts in self._in_rows(row, width)]
            is_under_head = _fits(row, column)
        rows.append(BoxLine())
        notes = self._notes or ("Fields that only one of you changed are kept as they were changed.",)
        rows += [plain(row, "dim") for note in notes for row in wrap(note, width - 2)]
        keymap = self.host.keymap
        foot = f"left theirs  right yours  {keymap.key('dialog.save')} save  {keymap.key('dialog.close')} go back"
        here = [index for index, row in enumerate(rows) if row.owner == self._rows[self._place].name]
        self.box.show(self._title, rows, [(foot, "dim")], (here[0], here[-1]))
        labels = {"dialog.left": "theirs", "dialog.right": "yours", "dialog.down": "next field"}
        self.show_keys(["dialog.down", "dialog.left", "dialog.right", "dialog.save", "dialog.close"], labels)

    def _in_columns(self, row: Difference, column: int) -> list[Part]:
        is_mine = row.name in self._mine
        return [
            (pad(_star(is_chosen=not is_mine) + _words(row.theirs), column) + " ", _style(is_chosen=not is_mine)),
            (pad(_star(is_chosen=is_mine) + _words(row.mine), column) + " ", _style(is_chosen=is_mine)),
            (_words(row.before), "dim"),
        ]

    def _in_rows(self, row: Difference, width: int) -> list[list[Part]]:
        """Return values too long to stand side by side below each other, from where they differ."""
        is_mine = row.name in self._mine
        indent = 2 + _STAR + _NAME
        theirs, mine, before = compared(row.theirs, row.mine, row.before, width - indent - 1)
        drawn: list[list[Part]] = []
        for star, name, style, texts in (
            (_star(is_chosen=not is_mine), "theirs", _style(is_chosen=not is_mine), theirs),
            (_star(is_chosen=is_mine), "yours", _style(is_chosen=is_mine), mine),
            (" " * _STAR, "before", "dim", before),
        ):
            first, *rest = texts
            drawn.append([(f" {star}{pad(name, _NAME)}", style), *first])
            drawn += [[(" " * (indent - 1), "text"), *parts] for parts in rest]
        return drawn

    def on_box_line_clicked(self, message: Box.LineClicked) -> None:
        """Go to the field that was clicked."""
        for place, row in enumerate(self._rows):
            if row.name == message.owner:
                self._place = place
        self.draw()

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


def _words(text: str) -> str:
    return clean(text) or "empty"


def _fits(row: Difference, column: int) -> bool:
    """Return whether all three values stand side by side uncut."""
    return max(cells(_words(text)) for text in (row.theirs, row.mine, row.before)) <= column - _STAR


def _star(*, is_chosen: bool) -> str:
    return f"({'*' if is_chosen else ' '}) "


def _style(*, is_chosen: bool) -> str:
    return "accent" if is_chosen else "text"
