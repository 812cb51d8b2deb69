"""Help for the present screen: every key, searchable; enter runs the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contoso_tui.commands import AREA_TITLES, Command
from contoso_tui.dialogs.search_list import Entry, SearchList
from contoso_tui.keymap import shown
from contoso_tui.text import pad

SIGNS = "! late  - no step  T? tech check due  $! unpaid  C1 case"
_KEYS_WIDTH = 14


class HelpDialog(SearchList):
    """Lists commands under their areas; those that cannot run now are dimmed, with the reason.

    Ends with "run:" and the command's id.
    """

    prompt = "type to search, enter runs the line"
    enter_label = "run"
    max_rows = 200
    resting = " Keys can be changed in the configuration file, section [keys]"

    def __init__(self, commands: Sequence[Command], reasons: Mapping[str, str], title: str) -> None:
        super().__init__()
        self.heading = f"Help · {title}"
        self._commands = tuple(commands)
        self._reasons = reasons

    def entries(self, wanted: str) -> list[Entry]:
        """Return the commands whose keys or words hold what is typed."""
        low = wanted.casefold()
        found: list[Entry] = []
        area = ""
        for command in self._commands:
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
        if not low:
            found.append(Entry(((" SIGNS  ", "heading"), (SIGNS, "text"))))
        return found

    def foot(self) -> str:
        """Say how many there are."""
        return f"{len(self._commands)} actions in all   pgdn more   esc close"

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
