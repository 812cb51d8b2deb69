"""`contoso` and `contoso open`: a screen on a terminal, the same list as plain lines elsewhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from contoso_tui.cli.flags import COMMON_DEFAULTS
from contoso_tui.cli.terminal import is_full_screen
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from contoso_tui.cli.parser import Group

# What prints the same as a screen shows; the board has no command of its own.
_AS_COMMAND: dict[str, list[str]] = {
    "": [],
    "home": [],
    "board": [],
    "agenda": ["agenda", "list"],
    "customers": ["customer", "list"],
    "quotes": ["quote", "list"],
    "orders": ["invoice", "list"],
    "imports": ["import", "list"],
}


def register(_noun: str, group: Group) -> None:
    """Add the command."""
    made = group.command("", open_screen, "open a screen or a thing", needs_database=False)
    made.add_argument(
        "what", nargs="?", default="", help="board, agenda, customers, quotes, imports, or an id such as D-1042"
    )
    made.add_argument(
        "--view",
        default="",
        metavar="NAME",
        help="the board's first view: mine, all, team, tech-checks, to-approve, won, lost, or of another pipeline",
    )


def open_screen(call: Call) -> int:
    """Open the home screen, a named screen or a thing."""
    if call.args.no_color:
        os.environ["NO_COLOR"] = "1"
    if not is_full_screen():
        return _print(call)
    if not call.is_there:
        if not call.confirm(
            f"There is no database at {call.data_path} yet (contoso import DIR fills one, contoso demo shows one)."
            " Make an empty one and open it?"
        ):
            return 0
        from contoso_tui.cli.init import make_database

        make_database(call)
    from contoso_tui import launch

    # One connection for all that comes before the screen: opening one takes as long as reading the board.
    with call.opened():
        actor = call.screen_actor
        if call.args.at:
            call.check_writing()
        begin = launch.read_begin(actor, call.clock, call.config, call.args.view)
    return launch.run_app(call.data_path, actor, call.clock, begin, call.args.what, config=call.config)


def _print(call: Call) -> int:
    what = call.args.what.strip()
    words = _AS_COMMAND[what.lower()] if what.lower() in _AS_COMMAND else _of_id(what)
    with call.opened():
        if not words:
            from contoso_tui.cli import home

            if what.lower() == "board" or not home.signs_only(call.actor):
                home.print_board(call)
                return 0
            words = ["techcheck", "list"]
        from contoso_tui.cli import parser

        same = parser.parse(words)
        if same is None:
            raise UsageError(f"{what} is shown on a terminal only")
        for name in COMMON_DEFAULTS:
            setattr(same, name, getattr(call.args, name))
        call.args = same
        code: int | None = same.handler(call)
    return code or 0


def _of_id(what: str) -> list[str]:
    """Return the command that prints the thing with this id.

    Raises:
        UsageError: it is no id and no screen.
    """
    noun = {"D": "deal", "C": "customer", "Q": "quote"}.get(what[:1].upper())
    if noun is None or what[1:2] != "-":
        screens = ", ".join(name for name in _AS_COMMAND if name)
        raise UsageError(f"There is no screen {what}; there are {screens}, or an id such as D-1042")
    return [noun, "show", what]
