"""The one dialog that renders any form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from textual import events

from contoso_tui import editor
from contoso_tui.dialogs.shared import SharedDialog
from contoso_tui.forms.fields import Form
from contoso_tui.forms.layout import FormLine, buttons, lay_out
from contoso_tui.forms.state import FormState
from contoso_tui.keymap import KeyLabel
from contoso_tui.text import cells, clean
from contoso_tui.widgets.box import Box, BoxLine
from contoso_tui.widgets.rows import Part
from models.errors import ContosoError, GateError

if TYPE_CHECKING:
    from textual.timer import Timer

DRAFT_SECONDS = 0.5
FOOT_EDGES = 4
"""Cells of the lower frame that its line keeps at both ends."""
WIDE_ENOUGH = 70
Submit = Callable[[dict[str, Any]], Awaitable[Any]]


class FormDialog(SharedDialog):
    """Asks a form and ends with its values, or with what `submit` returns.

    `submit` carries the values out while the form is still open: a refusal is told there and nothing typed is
    lost; a `GateError` marks the fields that its blockers name. Escape keeps a draft if the form has a key.
    """

    def __init__(self, form: Form, submit: Submit | None = None, values: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.form = form
        self._submit = submit
        self._values = values
        self._state: FormState | None = None
        self._draft_timer: Timer | None = None
        self._is_submitting = False
        self._laid: list[FormLine] = []

    @property
    def state(self) -> FormState:
        """What the form holds now."""
        if self._state is None:
            self._state = FormState(self.form, self.host.today(), self._values)
        return self._state

    @property
    def thing(self) -> str:
        """The shown id of what the form changes."""
        return self.form.draft.thing if self.form.draft is not None else ""

    def prepare(self) -> None:
        """Offer a draft of this form, if one was kept."""
        key = self.form.draft
        draft = self.host.drafts.open(key) if key is not None else None
        if draft is None or key is None or self._values is not None:
            return
        if self.host.drafts.is_taken_up(key):
            self._use_draft("take", draft.values)
            return
        from contoso_tui.dialogs.confirm import Confirm

        at = f"{draft.saved_at.astimezone(ZoneInfo(self.host.settings.zone)):%a %d %b %H:%M}"
        self.app.push_screen(
            Confirm(
                clean(draft.title),
                [f"You left this form half filled in: {at}."],
                {"take": "Continue with it", "drop": "Start afresh"},
            ),
            lambda answer: self._use_draft(answer, draft.values),
        )

    def _use_draft(self, answer: str | None, values: Mapping[str, Any]) -> None:
        if answer == "take":
            for item in self.form.fields:
                if item.kind != "readonly" and isinstance(values.get(item.name), str):
                    self.state.set_text(item.name, values[item.name])
        elif answer == "drop" and self.form.draft is not None:
            self.host.drafts.drop(self.form.draft)
        else:
            # Left unanswered: a form opened over it would write over the draft at the first key.
            self.dismiss(None)
            return
        self.draw()

    def draw(self) -> None:
        """Show fields, errors and what is still missing."""
        lines = self.form_lines()
        name = self.state.field.name if self.state.field is not None else ""
        owned = [index for index, row in enumerate(lines) if name and row.owner == name]
        visible = (owned[0], owned[-1]) if owned else (len(lines) - 1, len(lines) - 1)
        self.box.show(clean(self.form.title), lines, self._foot(), visible)
        self.show_keys(self._key_ids(), self._key_labels(), self._first_keys())

    def form_lines(self) -> list[BoxLine]:
        """Return the lines of the box."""
        self._laid = lay_out(self.state, self.inner_width)
        return [BoxLine(row.parts, owner=row.owner) for row in self._laid]

    def help_lines(self) -> list[str]:
        """Return what the form is for, then the keys."""
        own = [*self.form.help, ""] if self.form.help else []
        return [*own, *super().help_lines()]

    def _foot(self) -> list[Part]:
        keymap = self.host.keymap
        words = [
            f"{keymap.key('dialog.next')} next",
            f"{keymap.key('dialog.save')} {self.form.save_label.lower()}",
            f"{keymap.key('dialog.close')} {self._close_label}",
        ]
        drawn = buttons(self.state)
        room = self.inner_width - FOOT_EDGES - sum(cells(text) for text, _ in drawn)
        # The key row says the same: what has no room is left out, not cut.
        while words and cells(told := clean("".join(f"  {word}" for word in words))) > room:
            words.pop(0)
        return [*drawn, (told if words else "", "dim")]

    def _key_ids(self) -> list[str]:
        kind = self.state.field.kind if self.state.field is not None else ""
        answers = ["dialog.yes", "dialog.no"] if kind == "yes_no" else []
        editor_ = ["dialog.editor"] if kind in ("text", "long") else []
        # Where the keys of choices stand first, or on a narrow screen, there is no room for the way back.
        is_narrow = self.app.size.width < WIDE_ENOUGH
        back = [] if is_narrow or kind in ("choice", "person") else ["dialog.previous"]
        return [*answers, "dialog.next", *back, "dialog.save", "dialog.close", *editor_]

    def _first_keys(self) -> list[KeyLabel]:
        """Return the keys of choices, which go both ways."""
        item = self.state.field
        if item is None or item.kind not in ("choice", "person"):
            return []
        is_list = item.kind == "person" or any(choice.note for choice in item.choices)
        key = self.host.keymap.key
        ways = ("dialog.up", "dialog.down") if is_list else ("dialog.left", "dialog.right")
        pairs = [(f"{key(ways[0])}/{key(ways[1])}", "choose")]
        return [*pairs, (self.enter_key, "take")] if self.state.offered_place >= 0 else pairs

    @property
    def _is_in_text(self) -> bool:
        """Whether the first escape leaves the text field (ux 8)."""
        return self.state.buffer is not None and self.state.is_typing

    @property
    def _close_label(self) -> str:
        return "leave field" if self._is_in_text else self.form.cancel_label.lower()

    def _key_labels(self) -> dict[str, str]:
        return {"dialog.save": self.form.save_label.lower(), "dialog.close": self._close_label}

    # ---- keys

    @property
    def is_busy(self) -> bool:
        """Whether it is being saved: what follows is meant for what comes after."""
        return super().is_busy or self._is_submitting

    def typed(self, event: events.Key) -> bool:
        """Type into the text under the cursor."""
        buffer = self.state.buffer
        if self._is_submitting:
            return False
        if buffer is None:
            return event.character == " " and self._choose()
        if not self.state.is_typing and not (event.character and event.is_printable):
            return False
        self.state.is_typing = True
        if not self.state.press(event.key, event.character):
            return False
        self._changed()
        return True

    def _choose(self) -> bool:
        """Choose the first answer, or go on to the next; False if the cursor is on a button."""
        if self.state.field is None or not self.state.step(1):
            return False
        self._changed()
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text into the field."""
        event.stop()
        if self.state.buffer is not None:
            self.state.insert(event.text)
            self._changed()

    def on_box_line_clicked(self, message: Box.LineClicked) -> None:
        """Put the cursor into the field that was clicked."""
        if not message.owner:
            return
        row = self._laid[message.index] if message.index < len(self._laid) else None
        if row is not None and row.offer >= 0 and self.state.take_offer(row.offer):
            self._changed()
            return
        self.state.go_to(message.owner)
        self.draw()

    def action_dialog_close(self) -> None:
        """Leave the text field; the second time close and keep the draft."""
        if self._is_in_text:
            self.state.is_typing = False
            self.draw()
            return
        self._keep_draft()
        self.dismiss(None)

    async def action_dialog_next(self, key: str = "tab") -> None:
        """Go to the next field; enter takes the marked choice before, and presses a button."""
        button = self.state.button
        if key == "enter" and self.state.take_offer():
            self._changed()
        if key == "enter" and button:
            if button == "save":
                await self.action_dialog_save()
            else:
                self._keep_draft()
                self.dismiss(None)
            return
        if self.state.field is not None and self.state.field.is_text:
            self.state.check_field(self.state.field.name)
        self.state.next()
        self.draw()

    def action_dialog_previous(self) -> None:
        """Go to the field before."""
        self.state.previous()
        self.draw()

    def action_dialog_down(self) -> None:
        """Choose the answer below, mark the match below; in a text go to the next field."""
        if self.state.move_offer(1):
            self.draw()
        elif self.state.step(1):
            self._changed()
        else:
            self.state.next()
            self.draw()

    def action_dialog_up(self) -> None:
        """Choose the answer above, mark the match above; in a text go to the field before."""
        if self.state.move_offer(-1):
            self.draw()
        elif self.state.step(-1):
            self._changed()
        else:
            self.state.previous()
            self.draw()

    def action_dialog_right(self) -> None:
        """Choose the answer to the right."""
        if self.state.step(1):
            self._changed()

    def action_dialog_left(self) -> None:
        """Choose the answer to the left."""
        if self.state.step(-1):
            self._changed()

    def action_dialog_yes(self) -> None:
        """Answer yes and go on."""
        self._answer("yes")

    def action_dialog_no(self) -> None:
        """Answer no and go on."""
        self._answer("no")

    def _answer(self, value: str) -> None:
        if self.state.field is not None and self.state.field.kind == "yes_no":
            self.state.answer(value)
            self.state.next()
            self._changed()

    def action_dialog_editor(self) -> None:
        """Open the text in the user's editor."""
        item = self.state.field
        if item is None or item.kind not in ("text", "long"):
            self.status("Only a text can be opened in the editor")
            return
        text = editor.edit(self.app, self.state.text(item.name), self.host.settings.editor)
        self.state.set_text(item.name, text)
        self._changed()

    async def action_dialog_save(self) -> None:
        """Check everything and end, or say what is wrong and stay."""
        if self._is_submitting:
            return
        values = self.state.values()
        if values is None:
            self.draw()
            self.status(next(iter(self.state.errors.values())), "error")
            return
        if self._submit is None:
            self._end(values)
            return
        self._is_submitting = True
        self.run_worker(self._carry_out(self._submit, values), exclusive=True)

    async def _carry_out(self, submit: Submit, values: dict[str, Any]) -> None:
        try:
            result = await submit(values)
        except ContosoError as error:
            self.host.forget_keys()
            self._is_submitting = False
            if isinstance(error, GateError):
                self.state.errors = {blocker.field: blocker.text for blocker in error.blockers}
            self.draw()
            self.status(error.message, "error")
        else:
            self._end(result)

    def _end(self, result: Any) -> None:
        self._rest()
        if self.form.draft is not None:
            self.host.drafts.drop(self.form.draft)
        self.dismiss(result)

    # ---- drafts

    def _changed(self) -> None:
        self.draw()
        key = self.form.draft
        if key is None:
            return
        if not self.state.is_worth_keeping:
            self._rest()
            self.host.drafts.drop(key)
            return
        # Remembered at once, so that a signal can write it; written when the typing rests. Only what was changed:
        # the rest may be others' by the time the form is gone on with.
        self.host.drafts.save(key, self.state.changed, self.form.title, self.host.clock())
        self._rest()
        self._draft_timer = self.set_timer(DRAFT_SECONDS, self.host.drafts.flush)

    def _keep_draft(self) -> None:
        self._rest()
        self.host.drafts.flush()

    def _rest(self) -> None:
        if self._draft_timer is not None:
            self._draft_timer.stop()
