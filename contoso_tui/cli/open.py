"""`contoso` and `contoso open`: a screen on a terminal, the same list as plain lines elsewhere."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from contoso_tui.cli.parser import Group
from contoso_tui.cli.terminal import is_full_screen
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call


def register(_noun: str, group: Group) -> None:
    """Add the command."""
    made = group.command("", open_screen, "open a screen or a thing", needs_database=False)
    made.add_argument(
        "what", nargs="?", default="", help="board, agenda, customers, quotes, imports, or an id such as D-1042"
    )
    made.add_argument("--view", default="", help=argparse.SUPPRESS)


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
    from contoso_tui.launch import run_app

    with call.opened():
        actor = call.screen_actor
        if call.args.at:
            call.check_writing()
    return run_app(call.data_path, actor, call.clock, call.args.what)


def _print(call: Call) -> int:
    what = call.args.what.strip().lower()
    with call.opened():
        if what in ("", "home", "board"):
            from contoso_tui.cli import home

            home.print_home(call)
        elif what == "agenda":
            from contoso_tui.cli import agenda

            agenda.print_agenda(call)
        elif what[:2] in ("d-", "c-", "q-"):
            _print_thing(call, what)
        else:
            raise UsageError(f"{call.args.what} is shown on a terminal only; contoso --help lists what prints")
    return 0


def _print_thing(call: Call, what: str) -> None:
    call.args.id = what
    if what.startswith("d-"):
        from contoso_tui.cli import deal

        deal.show(call)
    elif what.startswith("c-"):
        from contoso_tui.cli import customer

        customer.show(call)
    else:
        from contoso_tui.cli import quote

        call.args.rev = None
        quote.show(call)
