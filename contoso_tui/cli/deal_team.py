"""`contoso deal team`: colleagues who work on a deal beside its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contoso_tui.cli import local
from contoso_tui.cli.deal_answers import check_rev
from contoso_tui.cli.output import Column
from models import ids
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from contoso_tui.cli.parser import Group


def register(group: Group) -> None:
    """Add the command."""
    made = group.command("team", change_team, "list, add or remove colleagues of a deal's team", writes=True)
    made.add_argument("id", metavar="ID")
    made.add_argument("verb", nargs="?", default="list", choices=("list", "add", "rm"))
    made.add_argument("users", nargs="*", metavar="USER")


def change_team(call: Call) -> None:
    """List or change a deal's team."""
    from models.deals import details, team

    args = call.args
    deal_id = ids.deal_id(args.id)
    ref = ids.show_deal(deal_id)
    if args.verb != "list":
        if not args.users:
            raise UsageError(f"Who? contoso user list shows them, contoso deal team {ref} who is on it")
        check_rev(call, deal_id)
        change = team.add if args.verb == "add" else team.remove
        change(call.actor, call.now, deal_id, args.users)
        done = "Put {} on the team of {}" if args.verb == "add" else "Took {} off the team of {}"
        call.out.message(f"{done.format(', '.join(args.users), ref)} · contoso undo takes it back")
        return
    details.get_detail(deal_id, call.now)
    records = [
        {"login": one.login, "name": one.name, "since": local.moment(one.added_at, call.zone), "added_by": one.added_by}
        for one in team.list_members(deal_id)
    ]
    columns = [
        Column("login", lambda r: r["login"]),
        Column("name", lambda r: r["name"], gives_way=True),
        Column("since", lambda r: r["since"][:10]),
        Column("by", lambda r: r["added_by"]),
    ]
    call.out.listing("contoso.member/1", records, columns, empty=f"Nobody but its owner works on {ref}")
