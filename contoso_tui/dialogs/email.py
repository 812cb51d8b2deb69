"""An email as it would leave, before it does; where no mail program can be started, how to send it by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from textual import events

from contoso_tui import clipboard, formats
from contoso_tui.appointments import short
from contoso_tui.dialogs.base import Dialog
from contoso_tui.keymap import key_name
from contoso_tui.mailer import BY_HAND
from contoso_tui.text import cells, clean, clean_lines, wrap
from contoso_tui.widgets.box import RULE, Box, BoxLine, plain
from models.errors import RefusedError
from models.materials.files import size_words
from models.nurture.records import Email

_NAMED_ROWS = 2
"""Rows that the names of what is attached may take."""
_BUTTONS = {"hand": "To my mail program", "copy": "Copy", "show": "Show", "file": "As a file", "sent": "I sent it",
            "keep": "Not now"}  # fmt: skip


class EmailPreview(Dialog[str]):
    """Ends with who has the email, or None if it has not left; up and down scroll the text.

    `hand_over` gives it to the mail program `program` and says who has it; `write_file` makes a file of it. Without a
    program, or where it fails (`trouble`: why it has already), the email stays here until the user says that it was
    sent.
    """

    def __init__(
        self,
        title: str,
        email: Email,
        *,
        program: str,
        trouble: str = "",
        hand_over: Callable[[], str],
        write_file: Callable[[], Path],
    ) -> None:
        super().__init__()
        self._title = clean(title)
        self._email = email
        self._hand_over = hand_over
        self._write_file = write_file
        self._trouble = "" if program else trouble or "No mail program starts here"
        self._place = 0
        self._top = 0

    @property
    def _text(self) -> str:
        email = self._email
        attached = "".join(f"\nAttached: {one.name}" for one in email.attachments)
        return f"To: {email.to}\nSubject: {email.subject}{attached}\n\n{email.body}"

    @property
    def _answers(self) -> list[str]:
        left_out = "hand" if self._trouble else "file"
        answers = [answer for answer in _BUTTONS if answer != left_out]
        # What escape does too gives way on a narrow terminal.
        room = sum(cells(_BUTTONS[answer]) + 5 for answer in answers)
        return answers if room < self.inner_width else answers[:-1]

    def draw(self) -> None:
        """Show who gets it, the text, what is in the way, and the buttons."""
        email = self._email
        width = self.inner_width - 2
        head = [BoxLine(((" To       ", "dim"), (clean(email.to), "text")))]
        head.append(BoxLine(((" Subject  ", "dim"), (clean(email.subject), "heading"))))
        head += self._attached(width)
        if self._trouble:
            words = f"! {clean(self._trouble)}: send it yourself, then press {self.host.keymap.key('dialog.save')}."
            head += [plain(row, "soon") for row in wrap(words, width)]
        body = [plain(row) for text in clean_lines(email.body) for row in wrap(text, width)]
        if email.sent_before is not None:
            left_on = email.sent_before.astimezone(ZoneInfo(self.host.settings.zone)).date()
            told = f"! It left already {formats.on_day(left_on, self.host.today())}: send it only if it came back."
            body += [plain(row, "soon") for row in wrap(told, width)]
        fixed = len(head) + 1
        self.box.keep_in_view(fixed)
        rows = max(1, self.box.shown_rows - fixed)
        self._top = max(0, min(self._top, len(body) - rows))
        foot: list[tuple[str, str]] = []
        for place, answer in enumerate(self._answers):
            chosen = place == self._place
            foot += [(f"{'▌' if chosen else ''}[ {_BUTTONS[answer]} ]", "caret" if chosen else "text"), (" ", "line")]
        visible = (self._top + fixed, min(self._top + rows, len(body)) + fixed - 1)
        self.box.show(self._title, [*head, RULE, *body], foot, visible)
        saving = "I sent it" if self._trouble else "send"
        self.show_keys(
            ["dialog.save", "dialog.right", "dialog.down", "dialog.close"],
            {"dialog.right": "choose", "dialog.down": "scroll", "dialog.save": saving},
            [(self.enter_key, "press")],
        )

    def _attached(self, width: int) -> list[BoxLine]:
        attached = self._email.attachments
        if not attached:
            return []
        told = ", ".join(clean(one.name) for one in attached)
        rows = wrap(f"{told} · {size_words(sum(len(one.content) for one in attached))}", width - 10)[:_NAMED_ROWS]
        return [BoxLine(((" Attached " if not at else " " * 10, "dim"), (row, "text"))) for at, row in enumerate(rows)]

    def typed(self, event: events.Key) -> bool:
        """Copy and show the text by the keys that do so on every screen."""
        command = self.host.keymap.find(key_name(event.key, event.character), ("everywhere",))
        if command is None or command.id not in ("item.copy", "item.show_text"):
            return False
        self._press("copy" if command.id == "item.copy" else "show")
        return True

    def on_box_wheel(self, message: Box.Wheel) -> None:
        """Scroll with the wheel."""
        self._scroll(3 * message.by)

    def action_dialog_next(self, key: str = "tab") -> None:
        """Press the chosen button with enter; tab goes to the next."""
        if key == "enter":
            self._press(self._answers[self._place])
        else:
            self._step(1)

    def action_dialog_save(self) -> None:
        """Hand it over; where that can't be, take the user's word that it was sent."""
        self._press("sent" if self._trouble else "hand")

    def _press(self, answer: str) -> None:
        if answer == "keep":
            self.dismiss(None)
        elif answer == "sent":
            self.dismiss(BY_HAND)
        elif answer == "hand":
            self._hand()
        elif answer == "file":
            path = self._write_file()
            self.status(f"Written to {short(path)}")
        elif answer == "show":
            from contoso_tui.dialogs.show_text import ShowText

            self.app.push_screen(ShowText(self._text, "Email"))
        else:
            settings = self.host.settings
            self.status(clipboard.copy(self.app, self._text, settings.clipboard_method, settings.clipboard_max_bytes))

    def _hand(self) -> None:
        try:
            who = self._hand_over()
        except RefusedError as error:
            self._trouble, self._place = error.message, 0
            self.draw()
        else:
            self.dismiss(who)

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
