"""A question with a few answers; the first one is the default and should change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contoso_tui.dialogs.choosing import ChoosingDialog
from contoso_tui.text import clean, wrap
from contoso_tui.widgets.box import BoxLine, plain
from contoso_tui.widgets.rows import Part


class Confirm(ChoosingDialog[str]):
    """Ends with the key of the chosen answer, None on escape.

    `answers` maps keys to buttons, in order. The key that opened it never presses a button.
    """

    def __init__(self, title: str, lines: Sequence[str], answers: Mapping[str, str]) -> None:
        super().__init__(len(answers))
        self._title = clean(title)
        self._lines = [clean(text) for text in lines]
        self._answers = {key: clean(label) for key, label in answers.items()}

    def draw(self) -> None:
        """Show the question and the answers."""
        rows = [plain(row) for text in self._lines for row in wrap(text, self.inner_width - 2)]
        parts: list[Part] = [(" ", "text")]
        for index, label in enumerate(self._answers.values()):
            chosen = index == self.place
            parts += [(f"{'▌' if chosen else ' '}[ {label} ]", "caret" if chosen else "text"), ("  ", "text")]
        foot = f"left/right choose   {self.enter_key} press   {self.host.keymap.key('dialog.close')} close"
        self.box.show(self._title, [*rows, BoxLine(), BoxLine(tuple(parts))], [(foot, "dim")])
        self.show_keys(["dialog.close"], first=[("left/right", "choose"), (self.enter_key, "press")])

    def choose(self) -> None:
        """Press the button under the cursor."""
        self.dismiss(list(self._answers)[self.place])

    def action_dialog_right(self) -> None:
        """Go to the next button."""
        self.step(1)

    def action_dialog_left(self) -> None:
        """Go to the button before."""
        self.step(-1)
