"""`contoso match`: pairs of records that may be one customer, and deciding them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui import merge_words
from contoso_tui.cli import match_learn
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from contoso_tui.text import clean
from models import ids

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.review.records import Candidate, Case, Compared

SCHEMA = "contoso.match/1"
STATES = ("open", "linked", "never")


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", list_matches, "pairs that wait, the most informative first; or what was decided")
    listed.add_argument("--state", choices=STATES, default="open")
    listed.add_argument("--limit", type=int, default=50, metavar="N")
    shown = group.command("show", show, "what speaks for and against a pair, and what joining would do")
    shown.add_argument("id", metavar="M-77")
    joined = group.command("join", join, "decide that both are one customer", writes=True)
    apart = group.command("apart", part, "decide that they never are; remembered", writes=True)
    later = group.command("later", put_off, "put pairs at the end of the queue", writes=True)
    for command in (joined, apart, later):
        command.add_argument("ids", nargs="+", metavar="M-77")
    for command in (joined, apart):
        command.add_argument("--alike", action="store_true", help="all open pairs that relate in the same way, too")
    joined.add_argument("--owner", default="", metavar="USER", help="who keeps the customer, where both have an owner")
    joined.add_argument("--nurture", default="", metavar="L", help="which nurture goes on, where both are in one")
    joined.add_argument("--nurture2", default="", metavar="L", help="the same of a second programme")
    joined.add_argument("--checks", default="", metavar="USER", help="who does the tech checks that wait; or each")
    group.command("status", match_learn.status, "what matching goes by, and whether it should learn again")
    group.command(
        "learn", match_learn.learn, "learn again from all records: what would change; --yes does it", writes=True
    )


def list_matches(call: Call) -> None:
    """List incoming records with their likeliest candidate."""
    from models.review import queue

    cases = queue.list_cases(call.args.state)
    records = [
        {
            "id": ids.show_match(case.pair_id),
            "name": case.name,
            "score": f"{_chance(case.bits):.2f}",
            "bits": case.bits,
            "pairs": case.pairs,
            "information": round(case.information, 2),
            "later": case.is_later,
            "state": case.state,
        }
        for case in cases[: call.args.limit]
    ]
    call.out.listing(
        "contoso.match-row/1",
        records,
        [
            Column("id", lambda r: r["id"]),
            Column("score", lambda r: r["score"], "right"),
            Column("name", lambda r: r["name"], gives_way=True),
            Column("pairs", lambda r: str(r["pairs"]), "right"),
            Column("tells", lambda r: f"{r['information']:.1f} bits", "right"),
            Column("", lambda r: "later" if r["later"] else ""),
        ],
        empty="Nothing to review" if call.args.state == "open" else f"Nothing is {call.args.state}",
    )
    if len(cases) > len(records) and call.out.is_plain:
        call.out.message(f"{len(cases) - len(records):,} more: --limit {len(cases)}")


def show(call: Call) -> None:
    """Show a pair with its incoming record's other candidates."""
    from models.merging import merges, plans
    from models.review import queue

    pair_id = ids.match_id(call.args.id)
    record_id = queue.find_record(pair_id)
    case = queue.get_case(call.actor, record_id, queue.state_of(pair_id))
    if not call.out.is_plain or call.out.fields:
        call.out.listing(SCHEMA, [_record(case, pair_id)], [])
        return
    incoming = case.incoming
    call.out.lines(
        [f"{ids.show_match(pair_id)}  {incoming.source}:{incoming.key}  {incoming.name}  import {case.run_id}"]
    )
    for candidate in case.candidates:
        call.out.lines(_lines(candidate))
    chosen = next(one for one in case.candidates if one.pair_id == pair_id)
    if chosen.state == "open":
        plan = plans.plan(call.actor, incoming.customer_id, chosen.side.customer_id)
        call.out.lines(["If joined", *(f"  {line}" for line in merge_words.sentences(plan))])
    else:
        call.out.lines([f"Decided: {chosen.state} by {chosen.decided_by or 'nobody now'}"])
        if chosen.state == "linked":
            merged = merges.list_merged(chosen.side.customer_id)
            call.out.lines(f"  contoso customer unmerge {ids.show_customer(one.gone_id)} parts them" for one in merged)


def _lines(candidate: Candidate) -> list[str]:
    side = candidate.side
    head = f"{ids.show_match(candidate.pair_id)}  {candidate.chance:.2f}  {ids.show_customer(side.customer_id)}"
    made = [f"{head} {side.customer}  {side.source}:{side.key}  {candidate.reason}"]
    return made + [f"  {_sign(field)} {field.label:8} {_values(field)}" for field in candidate.fields]


def _values(field: Compared) -> str:
    both = "hidden for your role" if field.is_hidden else f"{field.left or '-'} / {field.right or '-'}"
    worth = f"  {field.bits:+.1f}" if field.bits is not None else ""
    return f"{'' if field.field == 'context' else both}{worth}" + (f"  {field.note}" if field.note else "")


def _sign(field: Compared) -> str:
    return {"same": "=", "alike": "~", "differs": "x", "missing": "-"}[field.relation.value]


def _chance(bits: float) -> float:
    from models.review.records import chance_of

    return chance_of(bits)


def _record(case: Case, pair_id: int) -> dict[str, Any]:
    incoming = case.incoming
    chosen = next(one for one in case.candidates if one.pair_id == pair_id)
    return {
        "id": ids.show_match(pair_id),
        "run": case.run_id,
        "incoming": {
            "source": incoming.source,
            "key": incoming.key,
            "name": incoming.name,
            "customer": ids.show_customer(incoming.customer_id),
        },
        "candidates": [
            {
                "id": ids.show_match(one.pair_id),
                "customer": ids.show_customer(one.side.customer_id),
                "key": f"{one.side.source}:{one.side.key}",
                "score": f"{one.chance:.2f}",
                "bits": one.bits,
                "reason": one.reason,
                "evidence": [
                    {
                        "field": field.field,
                        "relation": field.relation.value,
                        "points": field.bits,
                        "note": field.note or None,
                    }
                    for field in one.fields
                ],
            }
            for one in case.candidates
        ],
        "state": chosen.state,
        "decided_by": chosen.decided_by or None,
    }


def _chosen(call: Call) -> list[int]:
    """Return the named pairs, with --alike those that relate as they do, after asking like the screen."""
    from models.review import queue

    named = [ids.match_id(word) for word in call.args.ids]
    if not call.args.alike:
        return named
    alike = {pair: (left, right) for one in named for pair, left, right in queue.list_alike(one) if pair not in named}
    if alike:
        for pair, (left, right) in alike.items():
            call.out.message(clean(f"  {ids.show_match(pair)}  {left} / {right}"))
        if not call.confirm(f"The same for {len(alike)} more?"):
            return []
    return [*named, *alike]


def join(call: Call) -> None:
    """Join pairs."""
    from models.review import deciding

    chosen = _chosen(call)
    if chosen:
        answers = {name: getattr(call.args, name) for name in ("owner", "nurture", "nurture2", "checks")}
        kept = deciding.join(call.actor, call.now, chosen, **answers)
        customers = [ids.show_customer(one) for one in kept]
        record = {"pairs": [ids.show_match(one) for one in chosen], "customers": customers}
        call.out.single("contoso.match-joined/1", record, customers)
        call.out.message(f"Joined {len(chosen)} · contoso undo takes it back")


def part(call: Call) -> None:
    """Decide that pairs are never one customer."""
    from models.review import deciding

    chosen = _chosen(call)
    if chosen:
        deciding.apart(call.actor, call.now, chosen)
        call.out.message(f"Never the same: {len(chosen)} · contoso undo takes it back")


def put_off(call: Call) -> None:
    """Put pairs off."""
    from models.review import deciding

    deciding.later(call.actor, call.now, [ids.match_id(word) for word in call.args.ids])
    call.out.message(f"Later: {len(call.args.ids)} · contoso undo takes it back")
