"""The base of all dialogs: where the box stands, its own status and key row, and the keys of dialogs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import isawaitable
from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from contoso_tui.compositor import LeanScreen
from contoso_tui.host import Host, host_of
from contoso_tui.keymap import KeyLabel, key_name, key_row, shown
from contoso_tui.text import cells
from contoso_tui.widgets.box import Box
from contoso_tui.widgets.rows import KeyRow, StatusRow
from models.errors import ContosoError

Result = TypeVar("Result")

NARROW, WIDE, WIDE_FROM = 74, 104, 120
# The first row of the screen below, and status and key row, stay in view.
ROWS_KEPT_FREE = 3


class Dialog(LeanScreen, ModalScreen[Result | None]):
    """A box over the screen below. Ends by `dismiss`, with None on escape.

    Subclasses fill `box` in `draw` and take keys in `typed` or in `action_dialog_<name>` methods.
    """

    DEFAULT_CSS = """
    Dialog { background: transparent; align: center middle; layers: base over; overflow: hidden; }
    Dialog > StatusRow { dock: bottom; offset-y: -1; }
    Dialog > KeyRow { dock: bottom; }
    """
    AUTO_FOCUS = ""
    scopes: tuple[str, ...] = ("dialog",)
    fixed_rows = 0
    max_rows = 200

    def __init__(self) -> None:
        super().__init__()
        self.box = Box(fixed=self.fixed_rows)
        self.status_row = StatusRow()
        self.key_row = KeyRow()
        self._opened_by = ""
        self._only_opening_key = True

    @property
    def host(self) -> Host:
        """The app."""
        return host_of(self)

    def compose(self) -> ComposeResult:
        """Lay out the box and the two rows below."""
        yield self.box
        yield self.status_row
        yield self.key_row

    def on_mount(self) -> None:
        """Keep what the screen below says in its status row, and draw."""
        self._opened_by = self.host.last_key
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        if below is not None:
            rows = list(below.query(StatusRow).results(StatusRow))
            if rows:
                self.status_row.detail(rows[0].without_news)
        self._fit()
        self.prepare()
        self.draw()

    def prepare(self) -> None:
        """Get ready for the first drawing; the app can be asked from here on."""

    def on_resize(self) -> None:
        """Fit the new size; what is typed stays."""
        self._fit()
        self.draw()

    def draw(self) -> None:
        """Show what the dialog says now in `box`, and its keys."""
        raise NotImplementedError

    def typed(self, event: events.Key) -> bool:
        """Take a key that belongs to a text being typed; False lets it be a command."""
        return False

    def status(self, message: str, style: str = "text") -> None:
        """Tell something in the status row until the next key."""
        self.status_row.tell(message, style)

    def show_keys(
        self, ids: Sequence[str], labels: Mapping[str, str] | None = None, first: Sequence[KeyLabel] = ()
    ) -> None:
        """Draw the key row: `first`, then these commands of the dialog scope, most used first."""
        room = self.app.size.width - sum(cells(key) + cells(label) + 3 for key, label in first)
        self.key_row.keys([*first, *key_row(self.host.keymap, "dialog", room, ids=ids, labels=labels)])

    @property
    def enter_key(self) -> str:
        """The key that chooses and presses buttons: the last one of "next field", tab being the first."""
        return shown(self.host.keymap.keys("dialog.next")[-1])

    def may_confirm(self, key: str) -> bool:
        """Return False for the key that opened the dialog, until another one has been pressed."""
        return not (self._only_opening_key and key == self._opened_by)

    @property
    def inner_width(self) -> int:
        """Cells for a line inside the box."""
        return self._box_width() - 2

    @property
    def is_busy(self) -> bool:
        """Whether a key would meet a dialog that is about to change or to end."""
        return not self.is_mounted

    def begins_work(self, event: events.Key) -> bool:
        """Return whether keys after this one wait for what it does: not for typing."""
        return not event.is_printable

    async def on_key(self, event: events.Key) -> None:
        """Type, or run a command of the dialog."""
        event.stop()
        event.prevent_default()
        key = key_name(event.key, event.character)
        if self.status_row.message:
            self.status("")
        if self.typed(event):
            self._only_opening_key = False
            return
        command = self.host.keymap.find(key, self.scopes)
        method = getattr(self, command.method, None) if command is not None else None
        if method is not None and (key != "enter" or self.may_confirm(key)):
            try:
                result = method(key) if command is not None and command.id == "dialog.next" else method()
                if isawaitable(result):
                    await result
            except ContosoError as error:
                self.status(error.message, "error")
        if key != self._opened_by:
            self._only_opening_key = False

    def action_dialog_close(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def action_dialog_help(self) -> None:
        """Say what the keys do, in the status row of the dialog."""
        from contoso_tui.dialogs.show_text import ShowText

        self.app.push_screen(ShowText("\n".join(self.help_lines()), title="Help"))

    def help_lines(self) -> list[str]:
        """Return what F1 shows."""
        from contoso_tui.commands import BY_ID, SCOPES

        keymap = self.host.keymap
        rows = [BY_ID[command_id] for command_id in SCOPES["dialog"].ids]
        return [f"{' '.join(keymap.keys(command.id)):<16}{command.help}" for command in rows]

    def _box_width(self) -> int:
        width = self.app.size.width
        return WIDE if width >= WIDE_FROM else min(NARROW, width - 2)

    def _fit(self) -> None:
        self.box.fit(self._box_width(), max(3, min(self.app.size.height - ROWS_KEPT_FREE, self.max_rows)))
