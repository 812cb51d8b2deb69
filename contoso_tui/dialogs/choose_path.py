"""Choose a file or folder by typing its path; tab completes, enter opens folders and takes files."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from contoso_tui.dialogs.search_list import Entry, SearchList
from contoso_tui.text import clean, pad

_SHOWN = 200
_NAME_CELLS = 44
_THIS, _DOWN = "take:", "down:"


class ChoosePath(SearchList):
    """Ends with the path of a file, or of a folder whose files are all meant; `suffixes` are listed first."""

    prompt = "a file, or a folder with files"
    none_found = "Nothing there by that name"

    def __init__(self, title: str, start: Path, suffixes: tuple[str, ...] = (".csv", ".txt", ".tsv")) -> None:
        super().__init__()
        self.heading = clean(title)
        self._suffixes = suffixes
        self.buffer.set(_written(start))
        self._found: list[Entry] = []

    def prepare(self) -> None:
        """List the folder one starts in."""
        super().prepare()
        self.search()

    def entries(self, wanted: str) -> list[Entry]:
        """Return what was found for the path as typed."""
        return self._found

    def search(self) -> None:
        """List the folder in a thread: it may lie on a slow disk."""
        self.run_worker(self._list(self.buffer.text), exclusive=True, group="search")
        self.draw()

    async def _list(self, typed: str) -> None:
        self._found = await asyncio.to_thread(_entries, typed, self._suffixes)
        self.replace_entries(self._found)

    def action_dialog_next(self, key: str = "tab") -> None:
        """Complete with tab; with enter open a folder, or end with what is chosen."""
        chosen = self.chosen
        if chosen is None or chosen.result is None:
            return
        kind, _, path = chosen.result.partition(":")
        if key == "enter" and kind + ":" == _THIS:
            self.dismiss(path)
        elif kind + ":" == _DOWN or key != "enter":
            self.buffer.set(_written(Path(path)) if kind + ":" == _DOWN else _shorten(path))
            self.search()


def _meant(typed: str) -> str:
    """Return the path that was typed: a whole one after the "~/" that stands there is meant as it is."""
    typed = typed.strip()
    return typed[2:] if typed.startswith(("~//", "~/~")) else typed


def _entries(typed: str, suffixes: tuple[str, ...]) -> list[Entry]:
    """Return what is in the folder that is typed, and begins as its last part does."""
    folder, part = os.path.split(os.path.expanduser(_meant(typed) or "~/"))
    try:
        with os.scandir(folder or ".") as found:
            names = sorted(
                ((one.name, one.is_dir()) for one in found if one.name.startswith(part) and _is_meant(one.name, part)),
                key=lambda pair: pair[0].casefold(),
            )
    except OSError as error:
        return [Entry(((f" {clean(folder)}: {error.strerror}", "soon"),))]
    files = [name for name, is_folder in names if not is_folder]
    ours = [name for name in files if name.lower().endswith(suffixes)]
    entries: list[Entry] = []
    if not part and ours:
        count = f"{len(ours)} file{'' if len(ours) == 1 else 's'}"
        entries.append(Entry(((f" All of {clean(_shorten(folder))}", "accent"), (f"  {count}", "dim")), _THIS + folder))
    entries += [_entry(folder, name, "", _THIS) for name in ours]
    entries += [_entry(folder, name, "folder", _DOWN) for name, is_folder in names if is_folder]
    entries += [_entry(folder, name, "", _THIS) for name in files if name not in ours]
    return entries[:_SHOWN]


def _entry(folder: str, name: str, note: str, kind: str) -> Entry:
    shown = clean(name) + ("/" if kind == _DOWN else "")
    return Entry(((f" {pad(shown, _NAME_CELLS)}", "text"), (f"  {note}", "dim")), kind + os.path.join(folder, name))


def _is_meant(name: str, part: str) -> bool:
    return not name.startswith(".") or part.startswith(".")


def _written(folder: Path) -> str:
    """Return a folder as it is typed, its home as ~."""
    return _shorten(str(folder)).rstrip("/") + "/"


def _shorten(path: str) -> str:
    home = os.path.expanduser("~")
    return "~" + path[len(home) :] if home != "/" and (path == home or path.startswith(home + "/")) else path
