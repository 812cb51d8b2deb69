"""`contoso customer new`: asks before it makes somebody who may be here already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contoso_tui.cli import values
from contoso_tui.cli.errors import say
from models import ids
from models.errors import AlikeError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from contoso_tui.cli.parser import Group

_KINDS = ("corporate", "individual")


def register(group: Group) -> None:
    """Add the command."""
    new = group.command("new", create, "make a customer by hand", writes=True)
    new.add_argument("name", metavar="NAME", nargs="?", help="- reads standard input")
    new.add_argument("--kind", choices=_KINDS, default="individual")
    new.add_argument("--email", default="", metavar="E")
    new.add_argument("--phone", default="", metavar="P")
    new.add_argument("--force", action="store_true", help="make it also where one much like it is here already")


def create(call: Call) -> None:
    """Make a customer; the id goes to stdout.

    Raises:
        AlikeError: there may be one already, and nobody said that it is another.
    """
    from importers import lookup
    from models.customers import customers

    args = call.args
    name = values.long_text(call, args.name, "The name", "NAME")
    hits = lookup.alike(name, args.email, args.phone, is_corporate=args.kind == "corporate")
    alike = [{"id": ids.show_customer(hit.id), "name": hit.name, "why": hit.why} for hit in hits]
    if alike and not args.force and not _is_another(call, name, alike):
        raise AlikeError(f"{name} may be here already: --force makes another customer", alike)
    customer_id = customers.create(call.actor, call.now, name=name, kind=args.kind, email=args.email, phone=args.phone)
    shown = ids.show_customer(customer_id)
    record = {"id": shown, "name": name.strip(), "kind": args.kind, "alike": alike}
    call.out.single("contoso.customer_made/1", record, [shown])
    call.out.message("Made a customer · contoso undo takes it back")


def _is_another(call: Call, name: str, alike: list[dict[str, str]]) -> bool:
    """Ask, where somebody can be asked, whether the customer is none of those that are much like it."""
    if not call.args.yes and not call.can_ask:
        return False
    for one in alike:
        say(f"! {one['id']} {one['name']}: {one['why']}")
    return call.confirm(f"{name} may be here already. Make it all the same?")
