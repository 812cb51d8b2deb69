"""Help for the present screen: every key, searchable; enter runs the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contoso_tui.commands import AREA_TITLES, EVERYWHERE, Command
from contoso_tui.dialogs.search_list import Entry, SearchList
from contoso_tui.keymap import shown
from contoso_tui.sign_list import Sign
from contoso_tui.text import pad

_KEYS_WIDTH = 14


class HelpDialog(SearchList):
    """Lists commands under their areas, and what the signs of the screen mean after its own commands.

    Commands that cannot run now are dimmed, with the reason. Ends with "run:" and the command's id.
    """

    prompt = "type to search, enter runs the line"
    enter_label = "run"
    max_rows = 200
    resting = " Keys can be changed in the configuration file, section [keys]"

    def __init__(
        self, commands: Sequence[Command], reasons: Mapping[str, str], title: str, signs: Sequence[Sign] = ()
    ) -> None:
        super().__init__()
        self.heading = f"Help · {title}"
        self._commands = tuple(commands)
        self._signs = tuple(signs)
        self._reasons = reasons

    def entries(self, wanted: str) -> list[Entry]:
        """Return the commands and signs that hold what is typed."""
        own = [command for command in self._commands if command.id not in EVERYWHERE]
        everywhere = [command for command in self._commands if command.id in EVERYWHERE]
        return [*self._of(own, wanted), *self._of_signs(wanted), *self._of(everywhere, wanted)]

    def _of(self, commands: Sequence[Command], wanted: str) -> list[Entry]:
        low = wanted.casefold()
        found: list[Entry] = []
        area = ""
        for command in commands:
            keys = [shown(key) for key in self.host.keymap.keys(command.id)]
            words = f"{command.title} {command.help} {command.id}".casefold()
            if low and low not in words and wanted not in keys:
                continue
            if command.area != area:
                area = command.area
                found.append(Entry(((f" {AREA_TITLES[area].upper()}", "heading"),)))
            reason = self._reasons.get(command.id)
            key_text = pad(_short(keys), _KEYS_WIDTH)
            if reason is None:
                found.append(Entry(((f"  {key_text} ", "key"), (command.help, "text")), f"run:{command.id}"))
            else:
                found.append(Entry(((f"  {key_text} ", "dim"), (f"{command.help}: {reason}", "dim")), why=reason))
        return found

    def _of_signs(self, wanted: str) -> list[Entry]:
        """Return the signs: the cursor goes there, so that all come into view, but there is nothing to run."""
        low = wanted.casefold()
        found = [
            Entry(
                ((f"  {pad(sign.text, _KEYS_WIDTH)} ", sign.style), (sign.means, "text")),
                why=f"{sign.text}  {sign.means}",
            )
            for sign in self._signs
            if low in f"signs {sign.text} {sign.means}".casefold()
        ]
        return [Entry(((" SIGNS", "heading"),)), *found] if found else []

    def foot(self) -> str:
        """Say how many there are."""
        signs = f", {len(self._signs)} signs" if self._signs else ""
        return f"{len(self._commands)} actions{signs}   pgdn more   esc close"

    def prepare(self) -> None:
        """Say in the status row that keys can be changed."""
        super().prepare()
        self.status_row.detail(self.resting)


def _short(keys: list[str]) -> str:
    if len(keys) > 4 and keys[0] == "1":
        return f"1-{len(keys)}"
    text = keys[0] if keys else ""
    for key in keys[1:]:
        if len(text) + 2 + len(key) <= _KEYS_WIDTH:
            text += f"  {key}"
    return text
