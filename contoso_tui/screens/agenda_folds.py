"""Sections of the agenda that open and close: tomorrow where room is short, and the later days."""

from __future__ import annotations

from contoso_tui.screens import agenda_words
from contoso_tui.screens.agenda_marks import AgendaMarks
from contoso_tui.screens.filtering import Filtering
from models.nurture.records import Agenda


class AgendaFolds(AgendaMarks, Filtering):
    """The part of the agenda's screen that knows which sections are open."""

    def __init__(self) -> None:
        super().__init__()
        self.agenda: Agenda | None = None
        self.opened: set[int] = set()
        self._goes_to = 0

    def show_rows(self) -> None:
        """Draw the list again."""
        raise NotImplementedError

    def load(self) -> object:
        """Read the agenda, with its later days where they are wanted."""
        raise NotImplementedError

    @property
    def wants_later(self) -> bool:
        """Whether the lines of later days are shown or searched."""
        return agenda_words.LATER in self.opened or bool(self.filter_text)

    @property
    def on_fold(self) -> int:
        """The section whose head is under the cursor, 0 for none."""
        return agenda_words.fold_of(self.list.current)

    def show_or_read(self) -> None:
        """Draw the list; what is not read yet is read first."""
        if self.wants_later and self.agenda is not None and self.agenda.later_items is None:
            self.load()
        else:
            self.show_rows()

    def fold(self, number: int, *, is_open: bool) -> None:
        """Open or close the section of this number; the head of the later days stands for tomorrow where both fold."""
        numbers = {number} if number == agenda_words.TOMORROW else {agenda_words.TOMORROW, number}
        self.opened = self.opened | numbers if is_open else self.opened - numbers
        self.show_or_read()

    def action_screen_tab(self, key: str) -> None:
        """Go to a section; tomorrow and later open, and later closes when asked again."""
        number = int(key)
        if number == agenda_words.LATER and number in self.opened and self._section_here() == number:
            self.fold(number, is_open=False)
            self.list.move_to_key(agenda_words.fold_key(number))
            return
        self._goes_to = number
        if number in (agenda_words.TOMORROW, agenda_words.LATER):
            self.fold(number, is_open=True)
        self.arrive()

    def arrive(self) -> None:
        """Go to the section that was asked for, once it is read."""
        number = self._goes_to
        if not number or self.agenda is None or (number == agenda_words.LATER and self.agenda.later_items is None):
            return
        self._goes_to = 0
        part = next((p for p in agenda_words.sections(self.agenda) if p.number == number), None)
        if part is not None and part.items:
            self.list.move_to_key(agenda_words.key_of(part.items[0]))
        else:
            self.refuse(f"Nothing in section {number}")

    def _section_here(self) -> int:
        current = self.list.current
        parts = agenda_words.sections(self.agenda) if self.agenda is not None else []
        held = (part.number for part in parts if any(agenda_words.key_of(item) == current for item in part.items))
        return next(held, self.on_fold)

    def action_list_right(self) -> None:
        """Open the section whose head is under the cursor."""
        if self.on_fold:
            self.fold(self.on_fold, is_open=True)

    def action_list_left(self) -> None:
        """Close the section under the cursor, if it can be."""
        number = self._section_here()
        if number in (agenda_words.TOMORROW, agenda_words.LATER) and number in self.opened:
            self.fold(number, is_open=False)
            self.list.move_to_key(agenda_words.fold_key(number))
