"""`contoso demo`: made-up data in a place of its own, removed at the end with all that was written meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from contoso_tui.cli.context import keep_apart
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
    keep_apart(folder)
    _make(call, folder)
    path = folder / FILE
    call.args.data = str(path)
    call.__dict__.pop("data_path", None)
    with call.opened():
        if not is_full_screen():
            from contoso_tui.cli import home

            home.print_board(call)
            return 0
        from contoso_tui import launch

        actor = call.screen_actor
        begin = launch.read_begin(actor, call.clock, call.config)
    if call.args.no_color:
        os.environ["NO_COLOR"] = "1"
    return launch.run_app(path, actor, call.clock, begin, config=call.config)


def _make(call: Call, folder: Path) -> None:
    from contoso_tui.demo import build
    from contoso_tui.demo.background import Background

    shows = sys.stderr.isatty() and not call.out.is_quiet
    # A lost link or a kill ends as ctrl+c does: the made-up files are removed.
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    making = Background(build.build, folder, call.now, _tell if shows else _silent)
    try:
        if is_full_screen():
            # Ready when the demo is.
            from contoso_tui import app  # noqa: F401
        making.join()
    except BaseException:
        making.stop()
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if shows:
        sys.stderr.write("\r\x1b[K")


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _tell(text: str) -> None:
    sys.stderr.write(f"\r\x1b[KMaking the demo: {text} ...")
    sys.stderr.flush()


def _silent(_text: str) -> None:
    """Tell nobody."""
