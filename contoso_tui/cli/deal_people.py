"""`contoso deal people` and `contoso deal ideas`: who is on the customer's side, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, values
from contoso_tui.cli.deal_answers import check_rev
from contoso_tui.cli.output import Column
from models import ids
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from contoso_tui.cli.parser import Group
    from models.deals.buying_centre import DealPerson

SCHEMA, IDEA_SCHEMA = "contoso.deal_person/1", "contoso.idea/1"
_ATTITUDES = {"+": 1, "0": 0, "-": -1, "1": 1, "-1": -1}


def register(group: Group) -> None:
    """Add the commands."""
    people = group.command("people", edit_people, "the buying centre: list, add, set or rm", writes=True)
    people.add_argument("id", metavar="ID")
    people.add_argument("verb", nargs="?", default="list", choices=("list", "add", "set", "rm"))
    people.add_argument(
        "what", nargs="*", metavar="NAME|field=value", help="role influence=1..3 attitude=+|0|- influences"
    )
    people.add_argument("--role", help="decision_maker economic_buyer technical_evaluator influencer user blocker")
    ideas = group.command("ideas", list_ideas, "what the stage suggests to do next; --take plans one", writes=True)
    ideas.add_argument("id", metavar="ID")
    ideas.add_argument("--take", metavar="NAME", help="make this one the next step")


def to_record(one: DealPerson, people: tuple[DealPerson, ...]) -> dict[str, Any]:
    """Return the form contoso.deal_person/1."""
    influences = next((other.name for other in people if other.id == one.influences_id), None)
    return {
        "deal": ids.show_deal(one.deal_id),
        "name": one.name,
        "position": one.position,
        "role": one.role,
        "influence": one.influence,
        "attitude": one.attitude,
        "influences": influences,
        "last_touch": local.day(one.last_touch.date()) if one.last_touch else None,
    }


def edit_people(call: Call) -> None:
    """List or change the people of a deal; they are named by name."""
    from models.deals import buying_centre

    args = call.args
    deal_id = ids.deal_id(args.id)
    shown = ids.show_deal(deal_id)
    if args.verb == "list":
        _list_people(call, deal_id)
        return
    check_rev(call, deal_id)
    fields = [word for word in args.what if "=" in word]
    name = " ".join(word for word in args.what if "=" not in word)
    if not name:
        raise UsageError(f"Who? contoso deal people {shown} lists them")
    changes = _changes(fields)
    if args.role:
        changes["role"] = args.role
    if args.verb == "add":
        role = changes.pop("role", None)
        if role is None:
            raise UsageError(f"Which role? --role with one of {', '.join(buying_centre.ROLES)}")
        buying_centre.add(call.actor, call.now, deal_id, name, role, **changes)
    else:
        person = buying_centre.find(deal_id, name)
        if args.verb == "rm":
            buying_centre.remove(call.actor, call.now, person.id)
        else:
            buying_centre.change(call.actor, call.now, person.id, changes)
    if call.out.is_plain:
        done = {"add": "Put {} on {}", "set": "Changed {} on {}", "rm": "Took {} off {}"}[args.verb]
        call.out.message(f"{done.format(name, shown)} · contoso undo takes it back")
    else:
        _list_people(call, deal_id)


def _changes(words: list[str]) -> dict[str, Any]:
    def attitude(text: str) -> int:
        if text.strip() not in _ATTITUDES:
            raise UsageError(f"An attitude is +, 0 or -, not {text!r}")
        return _ATTITUDES[text.strip()]

    def influence(text: str) -> int:
        return values.number(text, "Influence")

    return values.pairs(words, {"role": str, "influence": influence, "attitude": attitude, "influences": str})


def _list_people(call: Call, deal_id: int) -> None:
    from models.deals import buying_centre

    people, shown = buying_centre.list_people(deal_id), ids.show_deal(deal_id)
    records = [to_record(one, people) for one in people]
    call.out.listing(
        SCHEMA,
        records,
        [
            Column("name", lambda r: r["name"], gives_way=True),
            Column("position", lambda r: r["position"], gives_way=True),
            Column("role", lambda r: r["role"].replace("_", " ")),
            Column("influence", lambda r: str(r["influence"])),
            Column("attitude", lambda r: buying_centre.ATTITUDES[r["attitude"]]),
            Column("influences", lambda r: r["influences"] or "", gives_way=True),
            Column("last touch", lambda r: r["last_touch"] or ""),
        ],
        empty=f"Nobody is on {shown} yet: contoso deal people {shown} add NAME --role R",
    )


def list_ideas(call: Call) -> None:
    """List what the stage suggests, or plan one of it."""
    from models.activities import ideas

    deal_id = ids.deal_id(call.args.id)
    shown = ids.show_deal(deal_id)
    if call.args.take:
        check_rev(call, deal_id)
        taken = ideas.take(call.actor, call.now, deal_id, call.args.take)
        if call.out.is_plain:
            call.out.message(f"Next step of {shown}: {taken.name}, {local.day(taken.on)} · contoso undo takes it back")
            return
    records = [
        {
            "name": idea.name,
            "channel": idea.channel,
            "type": idea.type or None,
            "on": local.day(idea.on),
            "done": idea.is_done,
            "planned": idea.is_planned,
        }
        for idea in ideas.list_ideas(deal_id, call.now)
    ]
    call.out.listing(
        IDEA_SCHEMA,
        records,
        [
            Column("", lambda r: "x" if r["done"] else ">" if r["planned"] else " "),
            Column("idea", lambda r: r["name"], gives_way=True),
            Column("channel", lambda r: r["channel"]),
            Column("day", lambda r: r["on"]),
        ],
        empty=f"The process suggests nothing for the stage of {shown}",
    )
