"""A dialog with a cursor that goes round a few answers or lines; enter takes the one it stands on."""

from __future__ import annotations

from contoso_tui.dialogs.base import Dialog, Result


class ChoosingDialog(Dialog[Result]):
    """Subclasses say what choosing ends with; `place` is where the cursor stands, of as many as there are."""

    def __init__(self, places: int) -> None:
        super().__init__()
        self.place = 0
        self._places = places

    def choose(self) -> None:
        """End with what the cursor stands on."""
        raise NotImplementedError

    def step(self, by: int) -> None:
        """Move the cursor; at an end it goes on at the other."""
        self.place = (self.place + by) % self._places
        self.draw()

    def action_dialog_next(self, key: str = "tab") -> None:
        """Choose with enter; tab goes to the next."""
        if key == "enter":
            self.choose()
        else:
            self.step(1)

    def action_dialog_previous(self) -> None:
        """Go to the one before."""
        self.step(-1)

    def action_dialog_down(self) -> None:
        """Go to the next."""
        self.step(1)

    def action_dialog_up(self) -> None:
        """Go to the one before."""
        self.step(-1)
