"""The palette: commands of this screen, then customers and deals, then what cannot be done now and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter

from contoso_tui.commands import Command, Goto
from contoso_tui.dialogs.search_list import Entry, SearchList
from contoso_tui.host import Hit, Search, ShellValues
from contoso_tui.text import clean, pad

_NAME_WIDTH = 34
_KEY_WIDTH = 8
_MIN_SEARCH = 2
_NOT_SHOWN = ("app.palette", "app.goto")


class PaletteDialog(SearchList):
    """Ends with "run:" and a command's id, "go:" and a screen, or "open:" and a shown id such as D-1042."""

    heading = "Commands"
    enter_label = "run"
    prompt = "command, customer or deal"
    none_found = "Nothing found: try part of a name, or an id such as D-1042"

    def __init__(
        self,
        commands: Sequence[Command],
        reasons: Mapping[str, str],
        shell_values: ShellValues,
        search: Search | None,
        gotos: Sequence[Goto],
    ) -> None:
        super().__init__()
        self._commands = tuple(command for command in commands if command.id not in _NOT_SHOWN)
        self._reasons = reasons
        self._shell_values = shell_values
        self._search = search
        self._gotos = tuple(goto for goto in gotos if goto.screen not in ("top", "home"))
        self._hits: list[Hit] = []

    @property
    def _name_cells(self) -> int:
        return min(_NAME_WIDTH, max(self.inner_width // 2, 12))

    def entries(self, wanted: str) -> list[Entry]:
        """Return commands and screens that hold all typed words, then hits, then what is not here now."""
        words = wanted.casefold().split()
        can: list[Entry] = []
        cannot: list[Entry] = []
        for command in self._commands:
            if not all(word in f"{command.title} {command.label} {command.id}".casefold() for word in words):
                continue
            name = f" {pad(command.title, self._name_cells)}"
            reason = self._reasons.get(command.id)
            if reason is not None:
                cannot.append(Entry(((name, "dim"), (clean(reason), "dim")), why=reason))
                continue
            key = pad(self.host.keymap.key(command.id), _KEY_WIDTH)
            parts = ((name, "text"), (key, "key"), (command.help, "dim"))
            can.append(Entry(parts, f"run:{command.id}", shell_form(command.shell, self._shell_values)))
        for goto in self._gotos:
            title = f"Go to {goto.label}"
            if all(word in title.casefold() for word in words):
                key = pad(f"{self.host.keymap.key('app.goto')} {goto.key}", _KEY_WIDTH)
                place = ((f" {pad(title, self._name_cells)}", "text"), (key, "key"))
                can.append(Entry(place, f"go:{goto.screen}", f"contoso open {goto.screen}"))
        hits = [
            Entry(
                (
                    (f" {pad(clean(hit.name), self._name_cells - 1)}", "text"),
                    (f" {hit.goal}  ", "key"),
                    (clean(hit.detail.removeprefix(f"{hit.goal} · ")), "dim"),
                ),
                f"open:{hit.goal}",
                f"contoso open {hit.goal}",
            )
            for hit in self._hits
        ]
        found = list(can)
        if hits:
            found += [_rule("customers and deals", self.inner_width), *hits]
        if cannot:
            found += [_rule("not here now", self.inner_width), *cannot]
        return found

    def search(self) -> None:
        """Narrow the commands at once; customers and deals follow when they are found."""
        wanted = self.buffer.text.strip()
        if len(wanted) < _MIN_SEARCH or self._search is None:
            self._hits = []
        else:
            self.run_worker(self._look_up(self._search, wanted), exclusive=True, group="search")
        super().search()

    async def _look_up(self, search: Search, wanted: str) -> None:
        self._hits = await search(wanted)
        self.replace_entries(self.entries(wanted))


def shell_form(template: str, values: ShellValues) -> str:
    """Fill a command line's places; one without a value stays as its name in capitals."""
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    return template.format(**{name: values.get(name) or name.upper() for name in names})


def _rule(text: str, width: int) -> Entry:
    lead = f"  ─ {text} "
    return Entry(((lead + "─" * max(width - 2 - len(lead), 0), "line"),))
