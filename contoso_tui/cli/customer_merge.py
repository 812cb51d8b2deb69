"""`contoso customer merge`, `unmerge` and `split`: two customers that are one, and one that is two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contoso_tui import merge_words
from contoso_tui.cli.parser import Group
from models import ids
from models.errors import UsageError
from models.words import counted

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from contoso_tui.cli.output import Record
    from models.merging.records import MergePlan

SCHEMA = "contoso.merge/1"


def register(group: Group) -> None:
    """Add the commands."""
    merge = group.command("merge", merge_two, "make two customers one", writes=True)
    merge.add_argument("ids", nargs=2, metavar="ID")
    merge.add_argument(
        "--keep", metavar="ID", help="the id that stays; else that with more source rows, then the older"
    )
    merge.add_argument("--owner", metavar="U", help="who keeps the customer, where both have an owner")
    merge.add_argument(
        "--goes-on", metavar="L", action="append", help="the nurture that goes on, where both run the same programme"
    )
    merge.add_argument("--checks", metavar="U", help="who does the tech checks that wait for different users; or each")
    merge.add_argument("--dry-run", action="store_true", help="only say what would change")
    unmerge = group.command("unmerge", part, "part a customer from the one it was merged into", writes=True)
    unmerge.add_argument("id", metavar="ID", help="the id that went")
    split = group.command("split", split_off, "make a customer of their own of some source rows", writes=True)
    split.add_argument("id", metavar="ID")
    split.add_argument("keys", nargs="+", metavar="SOURCE:KEY", help="rows as `contoso customer sources ID` names them")


def merge_two(call: Call) -> None:
    """Merge two customers."""
    from models.merging import merges, plans

    args = call.args
    one, other = (ids.customer_id(word) for word in args.ids)
    kept, gone = merges.choose_kept(one, other)
    if args.keep and ids.customer_id(args.keep) != kept:
        kept, gone = gone, kept
        if ids.customer_id(args.keep) != kept:
            raise UsageError(f"--keep {args.keep}: name one of the two")
    plan = plans.foresee(call.actor, kept, gone)
    if args.dry_run:
        _tell(call, plan)
        return
    going_on = None
    if args.goes_on:
        chosen = [ids.enrolment_id(word) for word in args.goes_on]
        for word, enrolment in zip(args.goes_on, chosen, strict=True):
            if ids.show_enrolment(enrolment) not in _answers(plan, "nurture"):
                raise UsageError(f"--goes-on {word}: neither customer's nurture asks for a choice of it")
        going_on = chosen
    merges.merge(call.actor, call.now, kept, gone, owner=args.owner, going_on=going_on, checks=args.checks)
    if call.out.is_plain:
        call.out.lines([ids.show_customer(kept)])
    else:
        _tell(call, plan)
    call.out.message(f"Merged {plan.gone} into {ids.show_customer(kept)} · contoso undo takes it back")


def part(call: Call) -> None:
    """Part a customer from another."""
    from models.merging import merges

    gone = ids.customer_id(call.args.id)
    kept = merges.unmerge(call.actor, call.now, gone)
    shown = ids.show_customer(gone)
    call.out.single("contoso.parted/1", {"id": shown, "from": ids.show_customer(kept)}, [shown])
    call.out.message(f"Parted from {ids.show_customer(kept)} for good · contoso undo takes it back")


def split_off(call: Call) -> None:
    """Split source rows off a customer."""
    from models.customers import profiles
    from models.merging import splits

    customer_id = ids.customer_id(call.args.id)
    profile = profiles.get_profile(customer_id, call.actor, call.now)
    rows = {f"{row.source}:{row.key}": row.id for row in profile.sources}
    if unknown := [key for key in call.args.keys if key not in rows]:
        raise UsageError(f"{call.args.id} has no source row {unknown[0]}; there are {', '.join(rows) or 'none'}")
    keys = list(dict.fromkeys(call.args.keys))
    shown = ids.show_customer(splits.split(call.actor, call.now, customer_id, [rows[key] for key in keys]))
    record = {"id": shown, "from": ids.show_customer(customer_id), "rows": keys}
    call.out.single("contoso.split/1", record, [shown])
    call.out.message(f"Split {counted(len(keys), 'source row')} off · contoso undo takes it back")


def _answers(plan: MergePlan, name: str) -> list[str]:
    return [answer for one in plan.questions if one.name.startswith(name) for answer, _ in one.choices]


def _tell(call: Call, plan: MergePlan) -> None:
    record: Record = {
        "kept": ids.show_customer(plan.kept_id),
        "gone": ids.show_customer(plan.gone_id),
        "moves": {one.thing: one.number for one in plan.moves},
        "changes": [{"field": one.field, "before": one.before, "after": one.after} for one in plan.changes],
        "owners": _answers(plan, "owner"),
        "nurture": _answers(plan, "nurture"),
        "checks": _answers(plan, "checks"),
    }
    if not call.out.is_plain or call.out.fields:
        call.out.listing(SCHEMA, [record], [])
        return
    call.out.lines(merge_words.sentences(plan))
