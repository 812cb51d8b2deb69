"""Later: one key for a day, three days or a week, or any date."""

from __future__ import annotations

import datetime as dt

from textual import events

from contoso_tui.dialogs.base import Dialog
from contoso_tui.dialogs.steps import SNOOZES, snoozed_to
from contoso_tui.forms.editing import TextBuffer
from contoso_tui.forms.parse import parse_date, say_date
from contoso_tui.text import clean
from contoso_tui.widgets.box import BoxLine
from models.errors import UsageError


class Snooze(Dialog[dt.date]):
    """Ends with the day; 1, 3 and w choose at once as long as nothing is typed."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = clean(title)
        self._buffer = TextBuffer()

    def draw(self) -> None:
        """Show the short ways with their days, and the line for a date."""
        today = self.host.today()
        lines = [
            BoxLine(((f"  {key}  ", "key"), (f"{words:<8}", "text"), (say_date(snoozed_to(today, days)), "dim")))
            for key, words, days in SNOOZES
        ]
        typed, at = self._buffer.text, self._buffer.cursor
        caret = (typed[at : at + 1] or " ", "caret")
        understood = self._understood()
        beside = "or a date: fri, +10d, 12 dec" if not typed else say_date(understood) if understood else ""
        lines.append(
            BoxLine(
                (
                    ("  until  ", "heading"),
                    (typed[:at], "field"),
                    caret,
                    (typed[at + 1 :], "field"),
                    (f"   {beside}", "dim"),
                )
            )
        )
        foot = f"enter snooze  {self.host.keymap.key('dialog.close')} leave it"
        self.box.show(self._title, lines, [(foot, "dim")])
        self.show_keys(["dialog.close"], first=[("1 3 w", "choose"), (self.enter_key, "until the date")])

    def typed(self, event: events.Key) -> bool:
        """Choose by one key, or type a date."""
        if not self._buffer.text:
            for key, _, days in SNOOZES:
                if event.character == key:
                    self.dismiss(snoozed_to(self.host.today(), days))
                    return True
        if not self._buffer.press(event.key, event.character):
            return False
        self.draw()
        return True

    def action_dialog_next(self, key: str = "enter") -> None:
        """End with the typed date."""
        try:
            self.dismiss(parse_date(self._buffer.text, self.host.today()))
        except UsageError as error:
            self.status(error.message, "error")

    def action_dialog_save(self) -> None:
        """End with the typed date."""
        self.action_dialog_next()

    def _understood(self) -> dt.date | None:
        try:
            return parse_date(self._buffer.text, self.host.today())
        except UsageError:
            return None
