"""First row, body, status row, key row, and the way from a key to its method; `base_screen` adds what all do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from contoso_tui.commands import BY_ID, SCOPES, Command, ids_of
from contoso_tui.compositor import LeanScreen
from contoso_tui.host import Host, host_of
from contoso_tui.keymap import key_name, key_row
from contoso_tui.typeahead import has_work
from contoso_tui.widgets.rows import KeyRow, Part, StatusRow, TopRow
from models.errors import ContosoError

if TYPE_CHECKING:
    from textual.timer import Timer

    from contoso_tui.store import Changed

NOT_HERE = "There is nothing here that {title} could act on"


class Frame(LeanScreen, Screen[None]):
    """A screen of the registry's scope `scope`; subclasses give `body()` and `action_<area>_<name>` methods.

    A key finds its command in `scopes`, most specific first. `why_not` is asked before the method runs; a
    reason goes to the status row. A command without a method is not offered.
    """

    DEFAULT_CSS = """
    Frame { layout: vertical; overflow: hidden; layers: base over; }
    """
    AUTO_FOCUS = ""
    scope: ClassVar[str] = "everywhere"
    heading: ClassVar[str] = ""
    is_detail: ClassVar[bool] = False
    """Whether esc leaves this screen for the one below."""

    def __init__(self) -> None:
        super().__init__()
        self.top_row = TopRow()
        self.status_row = StatusRow()
        self.key_row = KeyRow()
        self._view = ""
        self._figures: str | Sequence[Part] = ""
        self._status_timer: Timer | None = None
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

    def body(self) -> ComposeResult:
        """Yield the widgets between first row and status row."""
        yield from ()

    def why_not(self, command_id: str) -> str | None:
        """Return why a command cannot run now, as a sentence, or None if it can."""
        return None

    def database_changed(self, changed: Changed) -> None:
        """Read again what is shown and has changed, by this user or by others."""

    def row_labels(self) -> Mapping[str, str]:
        """Return words of the key row that differ here from the registry's."""
        return {}

    def row_spans(self) -> Mapping[str, int]:
        """Return how many keys the key row names of commands that take a digit: 3 for `1-3`."""
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
        self.top_row.title(self.place_name, view, figures)

    @property
    def place_name(self) -> str:
        """What the first row calls this screen, after the sign of a demo or test."""
        name = self.heading or SCOPES[self.scope].title
        banner = self.host.settings.banner
        return f"{banner}  {name}" if banner else name

    def status(self, message: str, style: str = "text") -> None:
        """Tell a result in the status row until the next key, or `status_seconds` if that is sooner."""
        if self._status_timer is not None:
            self._status_timer.stop()
            self._status_timer = None
        self.status_row.tell(message, style)
        seconds = self.host.settings.status_seconds
        if message and seconds > 0:
            self._status_timer = self.set_timer(seconds, self._end_status)

    def end_status(self) -> None:
        """Forget the result at the next key."""
        if self.status_row.message:
            self.status("")

    def refuse(self, reason: str) -> None:
        """Tell why something cannot be done."""
        self.status(reason, "soon")

    def show_keys(self) -> None:
        """Draw the key row again, for instance after the active pane has changed."""
        width = self.app.size.width
        keymap = self.host.keymap
        labels, spans = dict(self.row_labels()), self.row_spans()
        pairs = key_row(keymap, self.scopes[0], width, is_here=self.offers, labels=labels, spans=spans)
        self.key_row.keys(pairs)

    def on_resize(self) -> None:
        """Fit the key row to the new width."""
        self.show_keys()

    def _end_status(self) -> None:
        self._status_timer = None
        self.status_row.tell("")

    def offers(self, command_id: str) -> bool:
        """Return whether the key row offers a command.

        A screen that draws it anew as the cursor moves may leave out what cannot be done now; key and help explain it.
        """
        return self._is_offered(command_id)

    def _is_offered(self, command_id: str) -> bool:
        return hasattr(self, BY_ID[command_id].method)

    # ---- keys

    @property
    def is_busy(self) -> bool:
        """Whether a key would meet a screen that is about to change."""
        return not self.is_mounted or has_work(self)

    def begins_work(self, event: events.Key) -> bool:
        """Return whether keys after this one wait for what it does: not for moving about."""
        command = self.host.keymap.find(key_name(event.key, event.character), self.scopes)
        return command is not None and command.area != "list"

    def takes_second_key(self, key: str) -> bool:
        """Take the key that follows a prefix such as `g`; False if none is waiting."""
        return False

    async def on_key(self, event: events.Key) -> None:
        """Run the command of a key that no text field has taken."""
        key = self.host.last_key = key_name(event.key, event.character)
        self.end_status()
        if self.takes_second_key(key):
            event.stop()
            event.prevent_default()
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

    def refusals(self) -> dict[str, str]:
        """Return why commands that exist here cannot run now, by id."""
        return {
            command.id: reason
            for command in self.known_commands()
            if (reason := self.reason_against(command)) is not None
        }
