"""`contoso config`: where settings come from, what they are, and whether the files are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import config
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models.errors import NotFoundError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    group.command("path", print_path, "where your own file is", needs_database=False)
    group.command("show", show, "every setting as it is in force", needs_database=False)
    made = group.command("get", get, "one setting", needs_database=False)
    made.add_argument("name", metavar="NAME", help="such as board.sort")
    group.command("check", check, "check the files; exit 1 if something is wrong", needs_database=False)


def print_path(call: Call) -> None:
    """Print the path of the user's own file, which need not be there."""
    call.out.lines([str(config.user_file())])


def show(call: Call) -> None:
    """List the settings."""
    records = [_record(call, f"{section}.{key}") for section, keys in config.DEFAULTS.items() for key in keys]
    columns = [
        Column("name", lambda r: r["name"]),
        Column("value", lambda r: str(r["value"]), gives_way=True),
        Column("", lambda r: "as it ships" if r["is_default"] else ""),
    ]
    call.out.listing("contoso.setting/1", records, columns)


def get(call: Call) -> None:
    """Print one setting."""
    section, _, key = call.args.name.partition(".")
    if key not in config.DEFAULTS.get(section, {}):
        raise NotFoundError(f"There is no setting {call.args.name}; contoso config show lists them")
    record = _record(call, call.args.name)
    call.out.single("contoso.setting/1", record, [str(record["value"])])


def check(call: Call) -> int:
    """Say whether the files are right; what is wrong is told as a warning by every command."""
    if not call.config.warnings:
        call.out.message("The configuration is right")
    return 1 if call.config.warnings else 0


def _record(call: Call, name: str) -> dict[str, Any]:
    section, _, key = name.partition(".")
    value = call.config[name]
    return {"name": name, "value": value, "is_default": value == config.DEFAULTS[section][key]}
