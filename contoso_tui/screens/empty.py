"""The first thing a new user sees: no deals yet, and the ways to some."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from contoso_tui.screens import ACTIONS, load
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.text import clean, cut, pad
from contoso_tui.widgets.list_view import Line, LineList, line
from contoso_tui.widgets.text_block import BLANK, RULE, TextBlock, text_line

if TYPE_CHECKING:
    from contoso_tui.store import Changed

SHOWN_FILES = 6
COUNTED_BYTES = 64 * 1024 * 1024
"""Lines of larger files are not counted: the import does that."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that looks like an export, with the rows it seems to have (None for a very large one)."""

    path: Path
    rows: int | None


def look_for_files(folders: Sequence[Path]) -> list[FoundFile]:
    """Return the CSV files of the first folder that has any; reads lines, no content."""
    for folder in folders:
        try:
            paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
            found = [FoundFile(path, _count_rows(path)) for path in paths[:SHOWN_FILES]]
        except OSError:
            continue
        if found:
            return found
    return []


def _count_rows(path: Path) -> int | None:
    if path.stat().st_size > COUNTED_BYTES:
        return None
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            lines += block.count(b"\n")
            last = block[-1:]
    # The heading is no row; the last row may lack its newline.
    return max(lines - 1 + (last != b"\n"), 0)


class EmptyScreen(ActingScreen):
    """Lies over an empty board; goes by itself when the first deal is there."""

    scope: ClassVar[str] = "everywhere"
    heading: ClassVar[str] = "Board"
    is_detail: ClassVar[bool] = True
    DEFAULT_CSS = """
    EmptyScreen #menu { margin: 0 0 0 12; height: 6; }
    """

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        super().__init__()
        self.folders = folders if folders is not None else (Path.home() / "crm-export", Path.cwd())
        self.files: list[FoundFile] = []
        self._has_moved = False
        self.menu = LineList(id="menu")
        self.text = TextBlock()
        self.foot = TextBlock()

    def compose(self) -> ComposeResult:
        """Lay out the text, the menu and the shell form."""
        yield self.top_row
        with Vertical():
            yield self.text
            with Horizontal():
                yield self.menu
            yield self.foot
        yield self.status_row
        yield self.key_row

    def on_mount(self) -> None:
        """Show the menu; the files follow when they are counted."""
        self.show_place("", f"{self.host.actor.login} ")
        self._draw()
        self._look()

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        self.files = await asyncio.to_thread(look_for_files, self.folders)
        self._draw()

    def _draw(self) -> None:
        lines = [RULE, BLANK, BLANK, _indented([("No deals yet.", "heading")]), BLANK]
        if self.files:
            folder = self.files[0].path.parent
            count = f"{len(self.files)} file{'s' if len(self.files) != 1 else ''}"
            lines.append(_indented(f"Found {count} in {_home(folder)}:"))
            for found in self.files:
                count = f"{found.rows:>9,} rows" if found.rows is not None else "    large"
                lines.append(_indented(f"  {pad(cut(clean(found.path.name), 28), 28)}{count}"))
            lines.append(BLANK)
        self.text.show(lines)
        rows: list[Line] = []
        if self.files:
            rows.append(_choice("Look at these files", "nothing is written yet", "look"))
        rows.append(_choice("Import other files", "a file or a folder", "other"))
        rows.append(_choice("Load demo data", "made-up customers, kept apart", "demo"))
        rows.append(_choice("Add the first deal", self.host.keymap.key("item.new"), "new"))
        self.menu.show(rows, keep=self.menu.current if self._has_moved else rows[0].key)
        where = _home(self.files[0].path.parent) if self.files else "DIR"
        self.foot.show([_indented(f"From the shell:  contoso import {where}")])
        labels = [("enter", "choose"), ("up/down", "move"), (self.host.keymap.key("item.new"), "new deal")]
        self.key_row.keys([*labels, ("?", "help"), ("esc", "empty board"), ("q", "quit")])

    @property
    def active_list(self) -> LineList:
        """The menu."""
        return self.menu

    def database_changed(self, changed: Changed) -> None:
        """Go when there is a deal."""
        if changed.ids("deal"):
            self.dismiss(None)

    def show_keys(self) -> None:
        """Keep the menu's own key row."""
        if self.is_mounted:
            self._draw()

    def action_app_leave(self) -> None:
        """Quit: this is the home screen of an empty database."""
        self.host.leave()

    def action_list_down(self) -> None:
        """Move down; from now on the cursor stays where it is."""
        self._has_moved = True
        super().action_list_down()

    def action_item_open(self) -> None:
        """Do what the menu's line says."""
        self.menu.choose()

    @on(LineList.Chosen)
    def _chosen(self, message: LineList.Chosen) -> None:
        if message.key == "look":
            self._import([self.files[0].path.parent])
        elif message.key == "other":
            self._import([])
        elif message.key == "demo":
            self._demo()
        else:
            self.action_item_new()

    def action_item_new(self) -> None:
        """Make the first deal."""
        self._new()

    @work
    async def _new(self) -> None:
        made = await load(ACTIONS["new_deal"])(self, None)
        if made is None:
            return
        told = self.status_row.message
        # The news of the deal may have come first and have ended this screen.
        if self.is_current:
            self.dismiss(None)
        self.host.tell(told)

    @work
    async def _demo(self) -> None:
        question = ["The demo runs beside your data, in a place of its own that is removed at its end."]
        answer = await self.confirm("Load demo data", question, {"stay": "Stay here", "demo": "Open the demo"})
        if answer == "demo":
            from contoso_tui.launch import DEMO_EXIT

            self.app.exit(DEMO_EXIT)

    @work
    async def _import(self, paths: Sequence[Path]) -> None:
        """Look first, then import; without paths it asks for them."""
        run = await load(ACTIONS["import"])(self, paths, tell=self.status_row.tell)
        if run is not None:
            key = self.host.keymap.key("item.new")
            self.status(f"Import {run} is done · {key} makes the first deal")
        self._look()


def _choice(name: str, note: str, key: str) -> Line:
    return line(((f" {name:<26}", "text"), (note, "dim")), key)


def _indented(text: str | Sequence[tuple[str, str]]) -> Line:
    parts = [(text, "text")] if isinstance(text, str) else list(text)
    return text_line([(" " * 14, "text"), *parts])


def _home(path: Path) -> str:
    try:
        return f"~/{path.relative_to(Path.home())}"
    except ValueError:
        return str(path)
