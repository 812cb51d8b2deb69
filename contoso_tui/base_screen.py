"""The frame of every screen: first row, body, status row, key row; and the way from a key to its method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from contoso_tui import clipboard
from contoso_tui.commands import BY_ID, GOTO, SCOPES, Command, Goto, ids_of
from contoso_tui.host import Host, ShellValues, host_of
from contoso_tui.keymap import key_name, key_row
from contoso_tui.widgets.list_view import LineList
from contoso_tui.widgets.rows import KeyRow, Part, StatusRow, TopRow
from models.errors import ContosoError

if TYPE_CHECKING:
    from textual.timer import Timer

    from contoso_tui.store import Changed

NOT_HERE = "There is nothing here that {title} could act on"


class BaseScreen(Screen[None]):
    """A screen of the registry's scope `scope`; subclasses give `body()` and `action_<area>_<name>` methods.

    A key finds its command in `scopes`, most specific first. `why_not` is asked before the method runs; a
    reason goes to the status row. A command without a method is not offered.
    """

    DEFAULT_CSS = """
    BaseScreen { layout: vertical; overflow: hidden; layers: base over; }
    """
    AUTO_FOCUS = ""
    scope: ClassVar[str] = "everywhere"
    heading: ClassVar[str] = ""
    is_detail: ClassVar[bool] = False
    """Whether esc leaves this screen for the one below."""

    # Textual repaints the whole screen at each change of focus: 26 to 55 kB on a board.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self.top_row = TopRow()
        self.status_row = StatusRow()
        self.key_row = KeyRow()
        self._view = ""
        self._figures: str | Sequence[Part] = ""
        self._status_timer: Timer | None = None
        self._waits_for_goto = False
        self._hint_timer: Timer | None = None
        self._copying = False
        self._unseen: Changed | None = None

    # ---- what subclasses say

    @property
    def host(self) -> Host:
        """The app."""
        return host_of(self)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes whose keys hold now, most specific first."""
        own = self.scope
        return (own,) if own == "everywhere" else (own, "everywhere")

    @property
    def active_list(self) -> LineList | None:
        """The list that the moving keys move, if the screen has one."""
        return None

    def body(self) -> ComposeResult:
        """Yield the widgets between first row and status row."""
        yield from ()

    def why_not(self, command_id: str) -> str | None:
        """Return why a command cannot run now, as a sentence, or None if it can."""
        return None

    def database_changed(self, changed: Changed) -> None:
        """Read again what is shown and has changed, by this user or by others."""

    def shell_values(self) -> ShellValues:
        """Return what stands in the places of shell forms for the row under the cursor."""
        return {}

    def copy_texts(self) -> Mapping[str, str]:
        """Return the texts of the copy menu by its key: i id, n name, e email, p phone, l line, j JSON."""
        return {}

    def row_labels(self) -> Mapping[str, str]:
        """Return words of the key row that differ here from the registry's."""
        return {}

    # ---- frame

    def compose(self) -> ComposeResult:
        """Lay out the four rows of the frame."""
        yield self.top_row
        yield from self.body()
        yield self.status_row
        yield self.key_row

    def on_mount(self) -> None:
        """Fill the frame."""
        self.show_place(self._view, self._figures)
        self.show_keys()

    def on_screen_resume(self) -> None:
        """Name the screen in the terminal's title, and take in what changed meanwhile."""
        self.host.set_terminal_title(self.heading or SCOPES[self.scope].title)
        waiting, self._unseen = self._unseen, None
        if waiting is not None:
            self.database_changed(waiting)

    def receive(self, changed: Changed) -> None:
        """Take news from the database; under a dialog or another screen they wait until this one is back."""
        if self.app.screen is self:
            self.database_changed(changed)
        else:
            self._unseen = changed if self._unseen is None else self._unseen + changed

    def show_place(self, view: str, figures: str | Sequence[Part] = "") -> None:
        """Show view or breadcrumb in the first row, and the user's figures on its right."""
        self._view, self._figures = view, figures
        self.top_row.title(self.heading or SCOPES[self.scope].title, view, figures)

    def status(self, message: str, style: str = "text") -> None:
        """Tell a result in the status row until the next key, or `status_seconds` if that is sooner."""
        if self._status_timer is not None:
            self._status_timer.stop()
            self._status_timer = None
        self.status_row.tell(message, style)
        seconds = self.host.settings.status_seconds
        if message and seconds > 0:
            self._status_timer = self.set_timer(seconds, self._end_status)

    def refuse(self, reason: str) -> None:
        """Tell why something cannot be done."""
        self.status(reason, "soon")

    def show_keys(self) -> None:
        """Draw the key row again, for instance after the active pane has changed."""
        width = self.app.size.width
        keymap = self.host.keymap
        if self._waits_for_goto:
            pairs = [(goto.key, goto.label) for goto in self._gotos() if goto.key != "g"]
            self.key_row.keys([*pairs, ("esc", "cancel")], prefix=keymap.key("app.goto"))
            return
        pairs = key_row(keymap, self.scopes[0], width, is_here=self._is_offered, labels=dict(self.row_labels()))
        self.key_row.keys(pairs)

    def on_resize(self) -> None:
        """Fit the key row to the new width."""
        self.show_keys()

    def _end_status(self) -> None:
        self._status_timer = None
        self.status_row.tell("")

    def _is_offered(self, command_id: str) -> bool:
        return hasattr(self, BY_ID[command_id].method)

    # ---- keys

    async def on_key(self, event: events.Key) -> None:
        """Run the command of a key that no text field has taken."""
        key = self.host.last_key = key_name(event.key, event.character)
        if self.status_row.message:
            self.status("")
        if self._waits_for_goto or self._copying:
            event.stop()
            event.prevent_default()
            self._second_key(key)
            return
        command = self.host.keymap.find(key, self.scopes)
        if command is None:
            return
        event.stop()
        event.prevent_default()
        await self.run_command(command.id, key)

    async def run_command(self, command_id: str, key: str = "") -> None:
        """Run a command as its key would, from a key, the palette or help."""
        command = BY_ID[command_id]
        reason = self.reason_against(command)
        if reason is not None:
            self.refuse(reason)
            return
        method = getattr(self, command.method)
        try:
            result = method(key or command.keys[0]) if command.takes_key else method()
            if isawaitable(result):
                await result
        except ContosoError as error:
            self.refuse(error.message)

    def reason_against(self, command: Command) -> str | None:
        """Return why a command of these scopes cannot run now, or None."""
        if not self._is_offered(command.id):
            return NOT_HERE.format(title=f"“{command.title}”")
        return self.why_not(command.id)

    def known_commands(self) -> list[Command]:
        """Return the commands that exist here, most specific scope first, each once."""
        found = dict.fromkeys(command_id for scope in self.scopes for command_id in ids_of(scope))
        return [BY_ID[command_id] for command_id in found if self._is_offered(command_id)]

    # ---- commands that every screen has

    def action_app_help(self) -> None:
        """Show help; a chosen line runs."""
        from contoso_tui.dialogs.help import HelpDialog

        self.app.push_screen(HelpDialog(self.known_commands(), self._reasons(), self._title()), self._run_chosen)

    def action_app_palette(self) -> None:
        """Show commands, customers and deals in one box."""
        from contoso_tui.dialogs.palette import PaletteDialog

        dialog = PaletteDialog(
            self.known_commands(), self._reasons(), self.shell_values(), self.host.search, self._gotos()
        )
        self.app.push_screen(dialog, self._run_chosen)

    async def _run_chosen(self, chosen: str | None) -> None:
        if chosen is None:
            return
        kind, _, rest = chosen.partition(":")
        if kind == "run":
            await self.run_command(rest)
        elif kind == "go":
            self.host.go(rest)
        else:
            self.host.open_goal(rest)

    def action_app_back(self) -> None:
        """Go one step back; screens with a filter or marks clear these first."""
        if self.is_detail:
            self.dismiss(None)

    def action_app_quit(self) -> None:
        """Leave the program."""
        self.host.leave()

    def action_app_leave(self) -> None:
        """Leave from a home screen; elsewhere say how to go back."""
        if self.is_detail:
            self.status("esc goes back · ctrl+q quits")
        else:
            self.host.leave()

    def action_app_redraw(self) -> None:
        """Draw everything again, after another program wrote to the terminal."""
        self.app.refresh(layout=True)

    def action_app_goto(self) -> None:
        """Wait for the second key; a box helps after a moment."""
        self._waits_for_goto = True
        self.show_keys()
        delay = self.host.settings.hint_delay_ms
        if delay >= 0:
            self._hint_timer = self.set_timer(max(delay, 1) / 1000, self._show_goto_hint)

    def action_item_copy(self) -> None:
        """Wait for the key of what to copy."""
        texts = self.copy_texts()
        if not texts:
            self.refuse("Nothing to copy here")
            return
        words = {"i": "id", "n": "name", "e": "email", "p": "phone", "l": "line", "j": "JSON"}
        self._copying = True
        self.key_row.keys([*((key, words[key]) for key in words if texts.get(key)), ("esc", "cancel")], "y")

    def action_item_show_text(self) -> None:
        """Show the row's text full width without borders, to select by hand."""
        from contoso_tui.dialogs.show_text import ShowText

        texts = self.copy_texts()
        lines = list(dict.fromkeys(text for text in texts.values() if text))
        if not lines:
            self.refuse("Nothing to show here")
            return
        self.app.push_screen(ShowText("\n".join(lines)))

    def action_list_up(self) -> None:
        """Move the cursor up."""
        if self.active_list is not None:
            self.active_list.move(-1)

    def action_list_down(self) -> None:
        """Move the cursor down."""
        if self.active_list is not None:
            self.active_list.move(1)

    def action_list_page_up(self) -> None:
        """Move the cursor a page up."""
        if self.active_list is not None:
            self.active_list.page(-1)

    def action_list_page_down(self) -> None:
        """Move the cursor a page down."""
        if self.active_list is not None:
            self.active_list.page(1)

    def action_list_top(self) -> None:
        """Move the cursor to the first row."""
        if self.active_list is not None:
            self.active_list.move_to(0)

    def action_list_bottom(self) -> None:
        """Move the cursor to the last row."""
        if self.active_list is not None:
            self.active_list.move_to(self.active_list.count - 1)

    # ---- second keys

    def _gotos(self) -> list[Goto]:
        names = self.host.screen_names
        return [goto for goto in GOTO if goto.screen in names or goto.screen in ("home", "top")]

    def _second_key(self, key: str) -> None:
        was_goto = self._waits_for_goto
        self._waits_for_goto = self._copying = False
        self._hide_goto_hint()
        self.show_keys()
        if key == "escape":
            return
        if was_goto:
            self._go(key)
        else:
            self._copy(key)

    def _go(self, key: str) -> None:
        goto = next((found for found in self._gotos() if found.key == key), None)
        if goto is None:
            self.refuse(f"g {key}: no such screen; ? lists the keys")
        elif goto.screen == "top":
            self.action_list_top()
        else:
            self.host.go(self.host.home_screen if goto.screen == "home" else goto.screen)

    def _copy(self, key: str) -> None:
        text = self.copy_texts().get(key)
        if not text:
            self.refuse(f"y {key}: nothing of that kind to copy here")
            return
        settings = self.host.settings
        self.status(clipboard.copy(self.app, text, settings.clipboard_method, settings.clipboard_max_bytes))

    def _show_goto_hint(self) -> None:
        from contoso_tui.widgets.goto_hint import GotoHint

        if self._waits_for_goto and not self.query(GotoHint):
            self.mount(GotoHint(self._gotos()))

    def _hide_goto_hint(self) -> None:
        if self._hint_timer is not None:
            self._hint_timer.stop()
            self._hint_timer = None
        for hint in self.query("GotoHint"):
            hint.remove()

    def _title(self) -> str:
        return self.heading or SCOPES[self.scope].title

    def _reasons(self) -> dict[str, str]:
        return {
            command.id: reason
            for command in self.known_commands()
            if (reason := self.reason_against(command)) is not None
        }
