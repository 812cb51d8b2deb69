"""`contoso user`: list, add, set."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import values
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.people.records import User


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    group.command("list", list_users, "list users with their roles and teams")
    add = group.command("add", add_user, "add a user (sales operations)", writes=True)
    add.add_argument("login", help="the login on this host")
    add.add_argument(
        "--role",
        action="append",
        required=True,
        help="representative, executive, consultant, manager, service or operations; may be repeated",
    )
    add.add_argument("--name", default="", help="the full name")
    add.add_argument("--team", default="", help="the team; made if new")
    add.add_argument("--territory", default="", help="states whose customers they get, such as CO,UT")
    change = group.command("set", set_user, "change a user (sales operations)", writes=True)
    change.add_argument("login")
    change.add_argument("fields_set", nargs="+", metavar="field=value", help="name role team territory active")


def list_users(call: Call) -> None:
    """List users."""
    from models.people import users

    records = [_record(user) for user in users.list_users()]
    call.out.listing(
        "contoso.user/1",
        records,
        [
            Column("login", lambda r: r["login"]),
            Column("name", lambda r: r["name"], gives_way=True),
            Column("roles", lambda r: ", ".join(r["roles"]), gives_way=True),
            Column("team", lambda r: r["team"] or ""),
            Column("manager", lambda r: r["manager"] or ""),
            Column("", lambda r: "" if r["active"] else "left"),
        ],
    )


def add_user(call: Call) -> None:
    """Add a user."""
    from models.people import users

    args = call.args
    roles = users.parse_roles(_split(args.role))
    users.add(call.actor, call.now, args.login, roles, name=args.name, team=args.team, territory=args.territory)
    call.out.message(f"Added {args.login}: {', '.join(sorted(roles))}")


def set_user(call: Call) -> None:
    """Change a user."""
    from models.people import users

    readers: dict[str, Callable[[str], Any]] = {
        "name": str.strip,
        "role": lambda text: users.parse_roles(_split([text])),
        "team": str.strip,
        "territory": str.strip,
        "active": values.yes_no,
    }
    read: dict[str, Any] = values.pairs(call.args.fields_set, readers)
    if "role" in read:
        read["roles"] = read.pop("role")
        if not read["roles"]:
            raise UsageError("role= needs at least one role; active=no ends a user")
    if "active" in read:
        read["is_active"] = read.pop("active")
    users.change(call.actor, call.now, call.args.login, **read)
    call.out.message(f"Changed {call.args.login}")


def _split(words: list[str]) -> list[str]:
    return [part for word in words for part in word.replace(",", " ").split()]


def _record(user: User) -> dict[str, Any]:
    found = user._asdict()
    return {
        "login": found["login"],
        "name": found["name"],
        "roles": sorted(user.roles),
        "team": found["team"] or None,
        "manager": found["manager"] or None,
        "territory": found["territory"] or None,
        "active": user.is_active,
    }
