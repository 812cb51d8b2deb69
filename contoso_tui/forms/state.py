"""A form while it is filled in: texts, which field has the cursor, what is missing or wrong; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from contoso_tui.forms.editing import TextBuffer
from contoso_tui.forms.fields import Choice, Form, FormField, read
from contoso_tui.forms.offers import Offers
from models.errors import UsageError

BUTTONS = ("cancel", "save")
# Short values are typed anew more often than changed in the middle; sentences are not.
_SELECTED_KINDS = frozenset({"date", "time", "money", "integer", "percent", "duration", "person"})


class FormState:
    """What is in a form's fields. Places are the indexes of fields that can be filled in, then the buttons."""

    def __init__(self, form: Form, today: dt.date, values: Mapping[str, Any] | None = None) -> None:
        self.form = form
        self.today = today
        self.errors: dict[str, str] = {}
        self._judged: frozenset[str] = frozenset()
        """Errors that the form finds by itself; others, of a refusal, stay until their own field changes."""
        self.is_typing = True
        self._is_untouched = True
        self._offers: Offers | None = None
        self._buffers: dict[str, TextBuffer] = {}
        self._answers: dict[str, str] = {}
        for item in form.fields:
            start = str((values or {}).get(item.name, item.value))
            if item.is_text:
                self._buffers[item.name] = TextBuffer(start, is_long=item.kind == "long")
            else:
                self._answers[item.name] = start
        self._places = [item for item in form.fields if item.kind != "readonly"]
        cancel, save = len(self._places), len(self._places) + 1
        buttons = [cancel, save] if form.is_guarded else [save, cancel]
        self._order = [*range(len(self._places)), *buttons]
        self.place = self._order[0]
        self._arrive()
        if form.first:
            self.go_to(form.first)

    # ---- where

    @property
    def field(self) -> FormField | None:
        """The field with the cursor, None on a button."""
        return self._places[self.place] if self.place < len(self._places) else None

    @property
    def button(self) -> str:
        """The button with the cursor, "" on a field."""
        return BUTTONS[self.place - len(self._places)] if self.place >= len(self._places) else ""

    @property
    def buffer(self) -> TextBuffer | None:
        """The text under the cursor, None on a choice or button."""
        return self._buffers.get(self.field.name) if self.field is not None else None

    def next(self) -> None:
        """Go to the next field; from the last one to the default button, then to the other."""
        self._move(1)

    def previous(self) -> None:
        """Go to the field before; from the first one to the buttons."""
        self._move(-1)

    def _move(self, by: int) -> None:
        self.take_moved()
        raw = self.raw
        place = self._order.index(self.place)
        while True:
            place = (place + by) % len(self._order)
            at = self._order[place]
            if at >= len(self._places) or self._places[at].is_shown(raw):
                break
        self.place = at
        self._arrive()

    def go_to(self, name: str) -> None:
        """Put the cursor into a field that is asked."""
        raw = self.raw
        for index, item in enumerate(self._places):
            if item.name == name and item.is_shown(raw):
                self.place = index
                self._arrive()

    def _arrive(self) -> None:
        self.is_typing = True
        self._is_untouched = True
        item = self.field
        self._offers = Offers(item) if item is not None and item.kind == "person" and item.choices else None

    # ---- what

    @property
    def raw(self) -> dict[str, str]:
        """What every field holds, as typed."""
        typed = {name: buffer.text for name, buffer in self._buffers.items()}
        return {item.name: typed.get(item.name, self._answers.get(item.name, "")) for item in self.form.fields}

    def text(self, name: str) -> str:
        """What one field holds, as typed."""
        buffer = self._buffers.get(name)
        return buffer.text if buffer is not None else self._answers.get(name, "")

    @property
    def changed(self) -> dict[str, str]:
        """What fields hold, as typed, that no longer hold what the form gave them."""
        raw = self.raw
        return {item.name: raw[item.name] for item in self._places if raw[item.name] != item.value}

    @property
    def is_worth_keeping(self) -> bool:
        """Whether something was filled in or changed; what was only erased is no loss."""
        return any(text.strip() for text in self.changed.values())

    @property
    def is_selected(self) -> bool:
        """Whether the whole value under the cursor is selected: the cursor came to it, and no key has touched it."""
        has_value = self.buffer is not None and self.buffer.text != ""
        return self._is_untouched and has_value and self.field is not None and self.field.kind in _SELECTED_KINDS

    def press(self, key: str, character: str | None) -> bool:
        """Take a key press into the text under the cursor; False if it is no editing key, or changes nothing."""
        buffer = self.buffer
        if buffer is None:
            return False
        before = buffer.text
        if self.is_selected and (key in ("backspace", "delete") or (character is not None and character.isprintable())):
            buffer.set("")
            taken = key in ("backspace", "delete") or buffer.press(key, character)
        else:
            taken = buffer.press(key, character)
        if taken:
            self._is_untouched = False
        if buffer.text != before:
            self._value_changed()
        return taken

    def insert(self, text: str) -> None:
        """Put pasted text into the field, in place of what is selected."""
        if self.buffer is not None:
            if self.is_selected:
                self.buffer.set("")
            self.buffer.insert(text)
            self._is_untouched = False
            self._value_changed()

    def set_text(self, name: str, text: str) -> None:
        """Put a text or an answer into a field, as the editor and tests do."""
        if name in self._buffers:
            self._buffers[name].set(text)
        else:
            self._answers[name] = text
        self._value_changed(name)

    def answer(self, value: str) -> None:
        """Choose an answer of the field with the cursor."""
        if self.field is not None:
            self.set_text(self.field.name, value)

    def step(self, by: int) -> bool:
        """Go to the answer before or after; False if the field has none."""
        item = self.field
        if item is None:
            self.place = len(self._places) + (1 if self.button == "cancel" else 0)
            return True
        values = [choice.value for choice in item.choices] if item.kind == "choice" else ["yes", "no"]
        if item.kind not in ("choice", "yes_no") or not values:
            return False
        present = self._answers[item.name]
        if present not in values:
            self.answer(values[0] if by > 0 else values[-1])
        else:
            self.answer(values[(values.index(present) + by) % len(values)])
        return True

    # ---- choices of a person or product

    @property
    def offers(self) -> tuple[Choice, ...]:
        """The list below the field with the cursor."""
        if self._offers is None or not self.is_typing or self.field is None:
            return ()
        return self._offers.shown(self.text(self.field.name))

    @property
    def offered_place(self) -> int:
        """The place of the marked choice in that list, -1 if none is."""
        return -1 if self._offers is None or self.field is None else self._offers.place(self.text(self.field.name))

    def move_offer(self, by: int) -> bool:
        """Mark the choice below or above; False if the field offers none."""
        if self._offers is None or self.field is None:
            return False
        self.is_typing = True
        self._offers.move(by, self.text(self.field.name))
        return True

    def take_offer(self, place: int | None = None) -> bool:
        """Put the marked choice, or that at `place`, into the field; False if there is none."""
        if self._offers is None or self.field is None or not self.offers:
            return False
        found = self._offers.marked(self.text(self.field.name)) if place is None else self.offers[place]
        if found is None:
            return False
        self.answer(found.value)
        return True

    def take_moved(self) -> None:
        """Take what the arrows have marked: going on from it, or saving, means it."""
        if self._offers is not None and self._offers.is_moved:
            self.take_offer()

    # ---- whether

    def missing(self) -> list[str]:
        """Return the labels of required fields that are empty."""
        raw = self.raw
        return [
            item.label
            for item in self._places
            if item.is_shown(raw) and item.is_required(raw) and not raw[item.name].strip()
        ]

    def check_field(self, name: str) -> None:
        """Note or forget the error of one field, as when the cursor leaves it."""
        item = next(found for found in self.form.fields if found.name == name)
        try:
            read(item, self.text(name), self.today)
        except UsageError as error:
            self.errors[name] = error.message
        else:
            self.errors.pop(name, None)

    def values(self) -> dict[str, Any] | None:
        """Return the values of all fields, or None with `errors` set and the cursor on the first of them."""
        self.take_moved()
        found, self.errors = self._judge()
        self._judged = frozenset(self.errors)
        if self.errors:
            first = next((item.name for item in self._places if item.name in self.errors), None)
            if first is not None:
                self.go_to(first)
            return None
        return found

    def _judge(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the values that can be read, and what is wrong by name of the field."""
        raw = self.raw
        found: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for item in self.form.fields:
            if item.kind == "readonly":
                continue
            if not item.is_shown(raw):
                found[item.name] = None
                continue
            try:
                found[item.name] = read(item, raw[item.name], self.today)
            except UsageError as error:
                errors[item.name] = error.message
                continue
            if found[item.name] is None and item.is_required(raw):
                errors[item.name] = f"{item.label} is needed"
        if not errors and self.form.check is not None:
            errors = dict(self.form.check(found))
        return found, errors

    def _value_changed(self, name: str = "") -> None:
        """Forget the error of a field whose value has changed (by default the one with the cursor).

        Others' that were right only with the old value go too; none is added while somebody types.
        """
        here = self.field.name if self.field is not None else ""
        name = name or here
        if name == here:
            self._offers = Offers(self.field) if self._offers is not None and self.field is not None else None
        self.errors.pop("", None)
        self.errors.pop(name, None)
        if self.errors:
            _, still = self._judge()
            self.errors = {
                other: still.get(other, text)
                for other, text in self.errors.items()
                if other in still or other not in self._judged
            }
