"""The keys in force: the registry's with the user's changes, checked for clashes; key row and key reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from contoso_tui.commands import AREA_TITLES, BY_ID, COMMANDS, GOTO, SCOPES, Command, ids_of
from contoso_tui.text import cells

# AltGr makes these on many European keyboards; "|" and "#" too.
ALTGR = frozenset("[]{}\\@|~#")
# Of ctrl+letter only these reach us everywhere: browsers and old terminals take most others.
CTRL_ALLOWED = frozenset({"ctrl+p", "ctrl+s", "ctrl+q", "ctrl+l", "ctrl+u", "ctrl+d"})
# A key that stands for "no" or "gone" must ask first or be undone.
_NEEDS_GUARD = frozenset({"x", "<", "delete", "backspace"})
_SHOWN = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "comma": ","}
# Names that a configuration file may use for signs which Textual reports as characters.
_WRITTEN = {
    "comma": ",", "esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown",
    "greater_than_sign": ">", "less_than_sign": "<", "slash": "/", "colon": ":", "question_mark": "?",
    "minus": "-", "asterisk": "*", "percent_sign": "%", "full_stop": ".", "plus": "+",
}  # fmt: skip


class Clash(NamedTuple):
    """Something wrong with a key, as one sentence."""

    scope: str
    key: str
    ids: tuple[str, ...]
    message: str


def key_name(key: str, character: str | None) -> str:
    """Return our name of a key press: the character if it prints one, else Textual's name."""
    if character is not None and character.isprintable() and character != " ":
        return character
    return key


def shown(key: str) -> str:
    """Return a key as it is written on screen."""
    return _SHOWN.get(key, key)


class KeyMap:
    """Which key does what in each scope.

    `warnings` holds one sentence for each override that could not be taken; the default is kept then.
    """

    def __init__(self, overrides: Mapping[str, str | Sequence[str]] | None = None) -> None:
        self.warnings: list[str] = []
        self._keys: dict[str, tuple[str, ...]] = {command.id: command.keys for command in COMMANDS}
        self._overridden: dict[str, tuple[str, ...]] = {}
        for command_id, written in (overrides or {}).items():
            self._override(command_id, written)
        self._drop_clashing_overrides()
        self._by_scope: dict[str, dict[str, Command]] = {
            scope: {key: BY_ID[found] for found in reversed(ids_of(scope)) for key in self._keys[found]}
            for scope in SCOPES
        }

    def keys(self, command_id: str) -> tuple[str, ...]:
        """Return the keys in force of a command, the main one first."""
        return self._keys[command_id]

    def key(self, command_id: str) -> str:
        """Return the main key as written on screen, "" if it has none."""
        keys = self._keys[command_id]
        return shown(keys[0]) if keys else ""

    def find(self, key: str, scopes: Iterable[str]) -> Command | None:
        """Return what a key does; the first scope that knows it decides."""
        for scope in scopes:
            command = self._by_scope[scope].get(key)
            if command is not None:
                return command
        return None

    def check(self) -> list[Clash]:
        """Return what breaks the rules for keys: clashes, keys that cannot be typed, unguarded "no" keys."""
        found = self._clashes()
        for command in COMMANDS:
            for key in self._keys[command.id]:
                if reason := _refused(key, command):
                    found.append(Clash("", key, (command.id,), f"{command.id}: {reason}"))
        return found

    def _clashes(self) -> list[Clash]:
        found: list[Clash] = []
        for scope in SCOPES:
            owner: dict[str, str] = {}
            for command_id in ids_of(scope):
                for key in self._keys[command_id]:
                    other = owner.setdefault(key, command_id)
                    if other != command_id:
                        message = f"{shown(key)} is both {other} and {command_id} on {scope}"
                        found.append(Clash(scope, key, (other, command_id), message))
        return found

    def _override(self, command_id: str, written: str | Sequence[str]) -> None:
        if command_id not in self._keys:
            import difflib

            near = difflib.get_close_matches(command_id, self._keys, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            self.warnings.append(f"keys: there is no action {command_id}{hint}")
            return
        names = written.split(",") if isinstance(written, str) and written != "," else written
        keys = tuple(_WRITTEN.get(name.strip(), name.strip()) for name in names if name.strip())
        for key in keys:
            if reason := _refused(key, BY_ID[command_id]):
                self.warnings.append(f"keys: {command_id} keeps {self.key(command_id)}: {reason}")
                return
        self._overridden[command_id] = self._keys[command_id]
        self._keys[command_id] = keys

    def _drop_clashing_overrides(self) -> None:
        # All are applied first, so that two actions can swap keys; then each that still clashes goes back.
        while self._overridden:
            clash = next((found for found in self._clashes() if set(found.ids) & set(self._overridden)), None)
            if clash is None:
                return
            command_id = next(found for found in reversed(clash.ids) if found in self._overridden)
            self._keys[command_id] = self._overridden.pop(command_id)
            self.warnings.append(f"keys: {command_id} keeps {self.key(command_id)}: {clash.message}")


def _refused(key: str, command: Command) -> str:
    if key in _NEEDS_GUARD and not command.guard:
        return f"{key} is kept for what asks first or can be undone"
    return _untypable(key)


def _untypable(key: str) -> str:
    if key in ALTGR:
        return f"{key} needs AltGr on many keyboards"
    if "alt+" in key:
        return f"{key} splits in two on slow links"
    if key.startswith("ctrl+") and len(key) == len("ctrl+") + 1 and key not in CTRL_ALLOWED:
        # ctrl+z may be given to undo: the terminal sends it as a key while the screen is up.
        return "" if key == "ctrl+z" else f"{key} does not reach us in every terminal"
    return ""


KeyLabel = tuple[str, str]


def key_row(
    keymap: KeyMap,
    scope: str,
    width: int,
    *,
    is_here: Callable[[str], bool] = lambda _id: True,
    labels: Mapping[str, str] | None = None,
    ids: Sequence[str] | None = None,
    spans: Mapping[str, int] | None = None,
) -> list[KeyLabel]:
    """Return the (key, label) pairs that fit `width` cells, most used first, help always among them.

    `is_here` says whether a command can run now; `labels` replaces words ("sign" for "save");
    `ids` replaces the scope's own choice; `spans` says of how many keys a command is shown with: 3 for `1-3`.
    """
    words = labels or {}
    help_id = "dialog.help" if scope == "dialog" else "app.help"

    def pair(command_id: str) -> KeyLabel:
        key = _spanned(keymap, command_id, (spans or {}).get(command_id, 1))
        return key, words.get(command_id, BY_ID[command_id].label)

    last = pair(help_id)
    room = width - _pair_cells(last)
    chosen: list[KeyLabel] = []
    for command_id in ids if ids is not None else SCOPES[scope].row:
        if command_id == help_id or not is_here(command_id):
            continue
        candidate = pair(command_id)
        need = _pair_cells(candidate) + 2
        if not candidate[0] or need > room:
            continue
        room -= need
        chosen.append(candidate)
    chosen.append(last)
    return chosen


def _spanned(keymap: KeyMap, command_id: str, count: int) -> str:
    keys = keymap.keys(command_id)
    return f"{shown(keys[0])}-{shown(keys[count - 1])}" if 1 < count <= len(keys) else keymap.key(command_id)


def _pair_cells(pair: KeyLabel) -> int:
    return cells(pair[0]) + 1 + cells(pair[1])


def keys_markdown(keymap: KeyMap | None = None) -> str:
    """Return the reference of keys and signs as Markdown, the text of docs/keys.md."""
    from contoso_tui.sign_list import SIGNS

    keymap = keymap or KeyMap()
    out = [
        "# Keys",
        "",
        "Made by `contoso keys --md` from the command registry. † asks first; ‡ is taken back by `u`.",
        "Any key can be changed in the configuration file, section `[keys.AREA]`.",
        "",
        "Scopes: " + ", ".join(scope for scope in SCOPES if scope != "everywhere") + ".",
    ]
    areas: dict[str, list[Command]] = {}
    for command in COMMANDS:
        areas.setdefault(command.area, []).append(command)
    marks = {"": "", "dialog": " †", "undo": " ‡"}
    for area, commands in areas.items():
        out += ["", f"## {AREA_TITLES[area]}", "", "| id | keys | does | where |", "|---|---|---|---|"]
        for command in commands:
            keys = " ".join(f"`{shown(key)}`" for key in keymap.keys(command.id))
            where = ", ".join(scope for scope, found in SCOPES.items() if command.id in found.ids) or "everywhere"
            out.append(f"| `{command.id}` | {keys} | {command.help}{marks[command.guard]} | {where} |")
    out += ["", "## After g", "", "| key | goes to |", "|---|---|"]
    out += [f"| `{goto.key}` | {goto.label} |" for goto in GOTO]
    out += ["", "## Signs", "", "| sign | means | where |", "|---|---|---|"]
    out += [f"| `{sign.text}` | {sign.means} | {', '.join(sign.scopes)} |" for sign in SIGNS]
    return "\n".join(out) + "\n"
