"""`contoso demo`: made-up data in a place of its own, removed at the end."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from contoso_tui.cli.parser import Group
from contoso_tui.cli.terminal import is_full_screen
from models.errors import RefusedError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call

FILE = "contoso.db"


def register(_noun: str, group: Group) -> None:
    """Add the command."""
    made = group.command("", show, "start on a board of made-up data", needs_database=False)
    made.add_argument("--keep", metavar="DIR", help="put it there and leave it there")


def show(call: Call) -> int:
    """Make the demo and open its board; without a terminal print what the board would list."""
    if call.args.keep:
        folder = Path(call.args.keep).expanduser()
        if (folder / FILE).exists():
            raise RefusedError(f"{folder / FILE} exists already: contoso --data {folder / FILE} opens it")
        return _make_and_open(call, folder)
    # Others on this host may look into the temporary folder, but not into ours.
    folder = Path(tempfile.mkdtemp(prefix="contoso-demo-"))
    try:
        return _make_and_open(call, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_and_open(call: Call, folder: Path) -> int:
    from contoso_tui.demo import build

    path = folder / FILE
    build.build(folder, call.now, _tell if sys.stderr.isatty() and not call.out.is_quiet else _silent)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    call.args.data = str(path)
    call.__dict__.pop("data_path", None)
    if not is_full_screen():
        from contoso_tui.cli import home

        with call.opened():
            home.print_board(call)
        return 0
    from contoso_tui.launch import run_app

    if call.args.no_color:
        os.environ["NO_COLOR"] = "1"
    with call.opened():
        actor = call.screen_actor
    return run_app(path, actor, call.clock, "", config=call.config)


def _tell(text: str) -> None:
    sys.stderr.write(f"\r\x1b[KMaking the demo: {text} ...")
    sys.stderr.flush()


def _silent(_text: str) -> None:
    """Tell nobody."""
