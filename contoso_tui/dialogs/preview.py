"""What a change would do, at any length, before it is made; the first answer is the default and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contoso_tui.dialogs.base import Dialog
from contoso_tui.formats import counted
from contoso_tui.text import clean, wrap
from contoso_tui.widgets.box import Box, BoxLine, plain
from contoso_tui.widgets.rows import Part


class Preview(Dialog[str]):
    """Ends with the key of the chosen answer, None on escape; up and down scroll the lines.

    A line that begins with `!` or `x` is drawn as a warning.
    """

    def __init__(self, title: str, lines: Sequence[str], answers: Mapping[str, str]) -> None:
        super().__init__()
        self._title = clean(title)
        self._lines = [clean(text) for text in lines]
        self._answers = {key: clean(label) for key, label in answers.items()}
        self._place = 0
        self._top = 0

    def draw(self) -> None:
        """Show the lines in view and the answers."""
        rows = [row for text in self._lines for row in self._rows(text)]
        room = self.box.shown_rows
        self._top = max(0, min(self._top, len(rows) - room))
        foot: list[Part] = []
        for index, label in enumerate(self._answers.values()):
            chosen = index == self._place
            foot += [(f"{'▌' if chosen else ''}[ {label} ]", "caret" if chosen else "text"), (" ", "line")]
        hidden = len(rows) - room
        if hidden > 0:
            foot.append((f" up/down scroll, {counted(hidden, 'more line')}", "dim"))
        last = min(self._top + room, len(rows)) - 1
        self.box.show(self._title, rows, foot, (self._top, max(last, 0)))
        scrolling = ["dialog.down"] if hidden > 0 else []
        self.show_keys(
            [*scrolling, "dialog.close"],
            {"dialog.down": "scroll"},
            first=[("left/right", "choose"), (self.enter_key, "press")],
        )

    def _rows(self, text: str) -> list[BoxLine]:
        indent = " " * (len(text) - len(text.lstrip()))
        style = {"!": "soon", "x": "late"}.get(text.strip()[:2].strip(), "text")
        first, *rest = wrap(text.strip(), self.inner_width - 4 - len(indent))
        return [plain(indent + first, style), *(plain(f"{indent}  {row}", style) for row in rest)]

    def on_box_wheel(self, message: Box.Wheel) -> None:
        """Scroll with the wheel."""
        self._scroll(3 * message.by)

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
        """Scroll down."""
        self._scroll(1)

    def action_dialog_up(self) -> None:
        """Scroll up."""
        self._scroll(-1)

    def _step(self, by: int) -> None:
        self._place = (self._place + by) % len(self._answers)
        self.draw()

    def _scroll(self, by: int) -> None:
        self._top = max(0, self._top + by)
        self.draw()
