"""An email as it would leave, before it does."""

from __future__ import annotations

from contoso_tui.dialogs.base import Dialog
from contoso_tui.text import clean, clean_lines, wrap
from contoso_tui.widgets.box import RULE, Box, BoxLine, plain
from models.nurture.records import Email

ANSWERS = {"hand": "To my mail program", "sent": "I sent it myself", "keep": "Not now"}


class EmailPreview(Dialog[str]):
    """Ends with "hand", "sent" or None; up and down scroll the text."""

    fixed_rows = 3

    def __init__(self, title: str, email: Email) -> None:
        super().__init__()
        self._title = clean(title)
        self._email = email
        self._place = 0
        self._top = 0

    def draw(self) -> None:
        """Show who gets it, the text, and the buttons."""
        email = self._email
        width = self.inner_width - 2
        head = [BoxLine(((" To       ", "dim"), (clean(email.to), "text")))]
        head.append(BoxLine(((" Subject  ", "dim"), (clean(email.subject), "heading"))))
        body = [plain(row) for text in clean_lines(email.body) for row in wrap(text, width)]
        if email.sent_before is not None:
            body.append(plain(f"! It left already on {email.sent_before:%d %b}: send it only if it came back.", "soon"))
        rows = max(1, self.box.shown_rows - self.fixed_rows)
        self._top = max(0, min(self._top, len(body) - rows))
        foot: list[tuple[str, str]] = []
        for place, label in enumerate(ANSWERS.values()):
            chosen = place == self._place
            foot += [(f"{'▌' if chosen else ''}[ {label} ]", "caret" if chosen else "text"), (" ", "line")]
        self.box.show(self._title, [*head, RULE, *body], foot, (self._top + 3, min(self._top + rows, len(body)) + 2))
        self.show_keys(
            ["dialog.right", "dialog.down", "dialog.close"],
            {"dialog.right": "choose", "dialog.down": "scroll"},
            [(self.enter_key, "press")],
        )

    def on_box_wheel(self, message: Box.Wheel) -> None:
        """Scroll with the wheel."""
        self._scroll(3 * message.by)

    def action_dialog_next(self, key: str = "tab") -> None:
        """Press the chosen button with enter; tab goes to the next."""
        if key != "enter":
            self._step(1)
            return
        answer = list(ANSWERS)[self._place]
        self.dismiss(None if answer == "keep" else answer)

    def action_dialog_save(self) -> None:
        """Hand it over."""
        self.dismiss("hand")

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
        self._place = (self._place + by) % len(ANSWERS)
        self.draw()

    def _scroll(self, by: int) -> None:
        self._top = max(0, self._top + by)
        self.draw()
