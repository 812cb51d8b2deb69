"""`contoso match status` and `learn`: what matching goes by, and having it learn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contoso_tui.cli import local
from contoso_tui.text import clean
from models import ids, words

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from importers.relearning import Foreseen, Learned

# Customers that are listed for people; --json has all.
_SHOWN = 20


def status(call: Call) -> None:
    """Tell what matching goes by, and whether it should learn again."""
    from importers import relearning

    found = relearning.status()
    memory = found.memory
    made_at = local.moment(memory.made_at, call.zone) if memory else None
    record = {
        "learned_at": made_at,
        "learned_by": memory.actor if memory else None,
        "import": memory.run_id if memory else None,
        "learned_on": memory.model.records if memory else 0,
        "records": found.records,
        "links": memory.links.number if memory else 0,
        "links_since": memory.links_since.number if memory else 0,
        "why_learn_again": found.why_learn_again or None,
    }
    if not call.out.is_plain:
        call.out.single("contoso.match-status/1", record, ())
        return
    if memory is None or made_at is None:
        call.out.lines(["Nothing is learned yet: the next import does so"])
        return
    with_what = f"with import {memory.run_id}" if memory.run_id else "on demand"
    lines = [
        f"Learned {made_at[:16].replace('T', ' ')} by {memory.actor} {with_what}, on {memory.model.records:,} records",
        f"{found.records:,} records now; {words.counted(memory.links_since.number, 'link')} made by it since",
    ]
    if memory.is_of_few:
        lines.append("That are few: the next import learns again by itself")
    if found.why_learn_again:
        lines.append(f"It should learn again, as {found.why_learn_again}: contoso match learn")
    call.out.lines(clean(line) for line in lines)


def learn(call: Call) -> None:
    """Say what learning again would change; with --yes have it done."""
    from importers import relearning

    if call.args.yes:
        relearning.require(call.actor)
    foreseen = relearning.foresee()
    done = relearning.apply(foreseen, call.actor, call.now) if call.args.yes else None
    _tell(call, foreseen, done)


def _tell(call: Call, foreseen: Foreseen, done: Learned | None) -> None:
    joins = [[ids.show_customer(one) for one in group] for group in foreseen.joins]
    splits = [ids.show_customer(one) for one in foreseen.splits]
    joined = foreseen.joined if done is None else done.joined
    review = len(foreseen.pairs) if done is None else done.review
    if not call.out.is_plain:
        record = {
            "applied": done is not None,
            "learned_on": foreseen.records,
            "joined": joined,
            "review": review,
            "joins": joins,
            "splits": splits,
        }
        call.out.single("contoso.match-learn/1", record, ())
        return
    would = "Would learn" if done is None else "Learned"
    lines = [
        f"{would} from {foreseen.records:,} records. {'To be joined' if done is None else 'Joined'}:"
        f" {words.counted(joined, 'customer')}; to review: {words.counted(review, 'pair')}"
    ]
    lines += [f"  one customer: {', '.join(group)}" for group in joins[:_SHOWN]]
    lines += [f"  and {len(joins) - _SHOWN:,} more: --json"] if len(joins) > _SHOWN else []
    if splits:
        lines.append(f"Customers that look like several people, and stay one: {len(splits):,}")
        lines += [f"  {', '.join(splits[:_SHOWN])}" + (" ..." if len(splits) > _SHOWN else "")]
        lines.append("  contoso customer split parts a record from its customer")
    if done is None:
        lines.append("Nothing was changed: --yes does it")
    else:
        lines.append("contoso undo parts the customers again; the model stays")
    call.out.lines(lines)
