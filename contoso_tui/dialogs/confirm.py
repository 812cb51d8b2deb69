"""A question with a few answers; the first one is the default and should change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contoso_tui.dialogs.base import Dialog
from contoso_tui.text import clean, wrap
from contoso_tui.widgets.box import BoxLine, plain
from contoso_tui.widgets.rows import Part


class Confirm(Dialog[str]):
    """Ends with the key of the chosen answer, None on escape.

    `answers` maps keys to buttons, in order. The key that opened it never presses a button.
    """

    def __init__(self, title: str, lines: Sequence[str], answers: Mapping[str, str]) -> None:
        super().__init__()
        self._title = clean(title)
        self._lines = [clean(text) for text in lines]
        self._answers = {key: clean(label) for key, label in answers.items()}
        self._place = 0

    def draw(self) -> None:
        """Show the question and the answers."""
        rows = [plain(row) for text in self._lines for row in wrap(text, self.inner_width - 2)]
        parts: list[Part] = [(" ", "text")]
        for index, label in enumerate(self._answers.values()):
            chosen = index == self._place
            parts += [(f"{'▌' if chosen else ' '}[ {label} ]", "caret" if chosen else "text"), ("  ", "text")]
        foot = f"left/right choose   {self.enter_key} press   {self.host.keymap.key('dialog.close')} close"
        self.box.show(self._title, [*rows, BoxLine(), BoxLine(tuple(parts))], [(foot, "dim")])
        self.show_keys(["dialog.close"], first=[("left/right", "choose"), (self.enter_key, "press")])

    def action_dialog_next(self, key: str = "tab") -> None:
        """Press the chosen button with enter; tab goes to the next."""
        if key == "enter":
            self.dismiss(list(self._answers)[self._place])
        else:
            self._step(1)

    def action_dialog_previous(self) -> None:
        """Go to the button before."""
        self._step(-1)

    def action_dialog_right(self) -> None:
        """Go to the next button."""
        self._step(1)

    def action_dialog_left(self) -> None:
        """Go to the button before."""
        self._step(-1)

    def action_dialog_down(self) -> None:
        """Go to the next button."""
        self._step(1)

    def action_dialog_up(self) -> None:
        """Go to the button before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        self._place = (self._place + by) % len(self._answers)
        self.draw()
