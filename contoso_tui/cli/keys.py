"""`contoso keys`: the keys in force, as a table, as Markdown, or checked for clashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call


def register(_noun: str, group: Group) -> None:
    """Add the command."""
    made = group.command("", show, "show every key", needs_database=False)
    made.add_argument("--md", action="store_true", help="the key reference as Markdown, without your changes")
    made.add_argument("--check", action="store_true", help="check your changed keys; exit 1 if something is wrong")


def show(call: Call) -> int:
    """Show or check the keys."""
    from contoso_tui import commands, keymap

    if call.args.md:
        # A file of its own, to be written as it is: not cut or cleaned line by line.
        print(keymap.keys_markdown(), end="")
        return 0
    in_force = keymap.KeyMap(call.config.keys)
    if call.args.check:
        wrong = [*in_force.warnings, *(clash.message for clash in in_force.check())]
        if call.out.is_plain:
            call.out.lines(wrong or ["No key clashes."])
        else:
            call.out.listing("contoso.key-warning/1", [{"message": text} for text in wrong], [])
        return 1 if wrong else 0
    records = [
        {
            "id": command.id,
            "keys": [keymap.shown(key) for key in in_force.keys(command.id)],
            "does": command.help,
            "asks": command.guard == "dialog",
            "undo": command.guard == "undo",
            "shell": command.shell or None,
        }
        for command in commands.COMMANDS
    ]
    call.out.listing(
        "contoso.key/1",
        records,
        [
            Column("keys", lambda r: " ".join(r["keys"])),
            Column("does", lambda r: r["does"], gives_way=True),
            Column("id", lambda r: r["id"]),
        ],
    )
    return 0
