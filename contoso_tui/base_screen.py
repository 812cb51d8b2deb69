"""The base of every screen: its frame, and the commands that all screens have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from contoso_tui import clipboard
from contoso_tui.commands import BY_ID, GOTO, SCOPES, Goto
from contoso_tui.frame import Frame
from contoso_tui.host import ShellValues
from contoso_tui.widgets.list_view import LineList

if TYPE_CHECKING:
    from textual.timer import Timer

    from contoso_tui.drafts import DraftKey

_COPY_WORDS = {"i": "id", "n": "name", "e": "email", "p": "phone", "l": "line", "j": "JSON"}


class BaseScreen(Frame):
    """A screen of the registry's scope `scope`; subclasses give `body()` and `action_<area>_<name>` methods.

    Help, palette, going to screens, copying and moving in `active_list` come with it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waits_for_goto = False
        self._waits_for_copy = False
        self._hint_timer: Timer | None = None

    # ---- what subclasses say

    @property
    def active_list(self) -> LineList | None:
        """The list that the moving keys move, if the screen has one."""
        return None

    def goto_counts(self) -> Mapping[str, int]:
        """Return how much waits on other screens, by name, as far as this one knows."""
        return {}

    def shell_values(self) -> ShellValues:
        """Return what stands in the places of shell forms for the row under the cursor."""
        return {}

    def copy_texts(self) -> Mapping[str, str]:
        """Return the texts of the copy menu by its key: i id, n name, e email, p phone, l line, j JSON."""
        return {}

    async def go_on_with(self, key: DraftKey) -> None:
        """Open the form of a draft on this screen; screens with several forms for a command know which."""
        if key.command_id in BY_ID:
            await self.run_command(key.command_id)

    # ---- commands that every screen has

    def action_app_help(self) -> None:
        """Show help; a chosen line runs."""
        from contoso_tui.dialogs.help import HelpDialog
        from contoso_tui.sign_list import signs_of

        title = self.heading or SCOPES[self.scope].title
        dialog = HelpDialog(self.known_commands(), self.refusals(), title, signs_of(self.scope))
        self.app.push_screen(dialog, self._run_chosen)

    def action_app_palette(self) -> None:
        """Show commands, customers and deals in one box."""
        from contoso_tui.dialogs.palette import PaletteDialog

        dialog = PaletteDialog(
            self.known_commands(), self.refusals(), self.shell_values(), self.host.search, self._gotos()
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
        elif not self.host.is_at_home:
            self.host.go(self.host.home_screen)

    def action_app_quit(self) -> None:
        """Leave the program."""
        self.host.leave()

    def action_app_leave(self) -> None:
        """Leave from a home screen; elsewhere say how to go back."""
        if self.host.is_at_home:
            self.host.leave()
        else:
            keymap = self.host.keymap
            self.status(f"{keymap.key('app.back')} goes back · {keymap.key('app.quit')} quits")

    def action_app_redraw(self) -> None:
        """Draw everything again, after another program wrote to the terminal."""
        self.host.redraw()

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
        self._waits_for_copy = True
        self.show_keys()

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

    def show_keys(self) -> None:
        """Draw the key row; after a prefix, what may follow it."""
        keymap = self.host.keymap
        if self._waits_for_goto:
            pairs = [(goto.key, goto.label) for goto in self._gotos() if goto.screen != "top"]
            self.key_row.keys([*pairs, ("esc", "cancel")], prefix=keymap.key("app.goto"))
        elif self._waits_for_copy:
            texts = self.copy_texts()
            pairs = [(key, word) for key, word in _COPY_WORDS.items() if texts.get(key)]
            self.key_row.keys([*pairs, ("esc", "cancel")], prefix=keymap.key("item.copy"))
        else:
            super().show_keys()

    def takes_second_key(self, key: str) -> bool:
        """Take the key after `g` or `y`."""
        was_goto = self._waits_for_goto
        if not was_goto and not self._waits_for_copy:
            return False
        self._waits_for_goto = self._waits_for_copy = False
        self._hide_goto_hint()
        self.show_keys()
        if key == "escape":
            return True
        if was_goto:
            self._go(key)
        else:
            self._copy(key)
        return True

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
            self.mount(GotoHint(self._gotos(), self.goto_counts()))

    def _hide_goto_hint(self) -> None:
        if self._hint_timer is not None:
            self._hint_timer.stop()
            self._hint_timer = None
        for hint in self.query("GotoHint"):
            hint.remove()
