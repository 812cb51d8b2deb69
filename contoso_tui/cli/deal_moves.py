"""`contoso deal` move, why, won, lost, disqualify, reopen and step: each through the gate, like the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contoso_tui.cli import values
from contoso_tui.cli.deal_answers import check_rev, say_changed
from contoso_tui.cli.errors import LEFT_FOR_REVIEW
from contoso_tui.cli.output import Column
from contoso_tui.forms.parse import HOW_DATE
from contoso_tui.forms.when import say_when
from models import ids
from models.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from contoso_tui.cli.parser import Group

# Moves of more deals than this ask first, like the screens.
ASK_ABOVE = 10


def register(group: Group) -> None:
    """Add the commands."""
    move = group.command("move", move_deals, "move deals to a stage", writes=True)
    move.add_argument("ids", nargs="+", metavar="ID")
    move.add_argument("stage", metavar="STAGE")
    move.add_argument("--reason", default="", help="needed to move back")

    why = group.command("why", tell_why, "what keeps a deal from a stage, each with its fix")
    why.add_argument("id", metavar="ID")
    why.add_argument("stage", metavar="STAGE", nargs="?", help="a stage or won; the next one unless said")

    won = group.command("won", win, "win a deal", writes=True)
    won.add_argument("id", metavar="ID")
    won.add_argument("--on", metavar="D", help="the day, today unless said")
    won.add_argument("--walkthrough", metavar="D", help="when the final walk-through was")
    won.add_argument("--with", dest="walked_with", default="", metavar="WHO", help="who walked through")
    won.add_argument("--ready", action="store_true", help="the customer is ready")

    lost = group.command("lost", lose, "the customer said no", writes=True)
    lost.add_argument("id", metavar="ID")
    lost.add_argument("--reason", metavar="R", help="price competitor budget timing no_need other")
    lost.add_argument("--by", metavar="WHO", help="who said it")
    lost.add_argument("--on", metavar="D", help="the day, today unless said")
    lost.add_argument("--note", metavar="TEXT", help="- reads standard input; needed for other")

    out = group.command("disqualify", disqualify, "we found no fit (first two stages)", writes=True)
    out.add_argument("id", metavar="ID")
    out.add_argument("--reason", metavar="R")

    again = group.command("reopen", reopen, "open a closed deal again", writes=True)
    again.add_argument("id", metavar="ID")
    again.add_argument("--reason", metavar="R")

    step = group.command("step", set_step, "set the next step", writes=True)
    step.add_argument("id", metavar="ID")
    step.add_argument(
        "text", nargs="?", metavar="TEXT", help='such as "Call Lee" or "Call Lee fri 14:00"; - reads standard input'
    )
    step.add_argument("--on", metavar="D", help="2026-11-30, fri, +3d, 2w; without it the text ends with the day")
    step.add_argument("--time", metavar="14:30")
    step.add_argument("--minutes", type=int, metavar="N", help="how long")
    step.add_argument("--channel", default="call", choices=("call", "email", "letter", "visit", "meeting", "note"))


def move_deals(call: Call) -> int:
    """Move deals; of several, those that can, after saying which cannot and why."""
    from models.deals import stages

    args = call.args
    deal_ids = [ids.deal_id(word) for word in args.ids]
    if len(deal_ids) == 1:
        check_rev(call, deal_ids[0])
        moved = stages.move(call.actor, call.now, deal_ids, args.stage, args.reason)
        note = f"; {moved[0].note}" if moved[0].note else ""
        say_changed(call, deal_ids, f"Moved {ids.show_deal(deal_ids[0])} to {moved[0].to_stage}{note} · contoso undo")
        return 0
    if args.if_rev is not None:
        raise UsageError("--if-rev is for one deal at a time")
    seen = stages.preview(call.actor, call.now, deal_ids, args.stage)
    free = [one.deal_id for one in seen if not one.blocked or (args.reason and "needs a reason" in one.blocked)]
    blocked = [one for one in seen if one.deal_id not in free]
    call.out.message(f"{len(free)} can move, {len(blocked)} cannot")
    for one in blocked:
        call.out.message(f"  {ids.show_deal(one.deal_id)} {one.customer}: {one.blocked}")
    if not free:
        raise RefusedError("None of these deals can move there")
    if (blocked or len(free) > ASK_ABOVE) and not call.confirm(f"Move {len(free)} deals to {args.stage}?"):
        return 0
    stages.move(call.actor, call.now, free, args.stage, args.reason)
    many = f"{len(free)} deals" if len(free) > 1 else "1 deal"
    say_changed(call, free, f"Moved {many} to {args.stage} · contoso undo takes all back")
    return LEFT_FOR_REVIEW if blocked else 0


def tell_why(call: Call) -> None:
    """List what keeps a deal from a stage."""
    from models import process
    from models.deals import details, gates

    deal_id = ids.deal_id(call.args.id)
    target = call.args.stage
    if target is None:
        following = gates.next_stage(details.get_detail(deal_id, call.now), process.current())
        target = following.id if following else gates.WON
    found = gates.check(deal_id, target, call.now)
    records = [
        {
            "field": b.field,
            "reason": b.reason,
            "text": b.text,
            "present": b.present or None,
            "fix": b.fix,
            "stage": b.stage,
        }
        for b in found
    ]
    call.out.listing(
        "contoso.blocker/1",
        records,
        [Column("missing", lambda r: r["text"], gives_way=True), Column("fix", lambda r: r["fix"])],
        empty=f"Nothing keeps {ids.show_deal(deal_id)} from {target}",
    )


def win(call: Call) -> None:
    """Win a deal."""
    from models.deals import stages

    args = call.args
    deal_id = ids.deal_id(args.id)
    check_rev(call, deal_id)
    stages.win(
        call.actor,
        call.now,
        deal_id,
        walkthrough_on=values.optional_date(args.walkthrough, call.today, is_past=True),
        walkthrough_with=args.walked_with,
        is_ready=args.ready,
        on=values.optional_date(args.on, call.today, is_past=True),
    )
    say_changed(call, [deal_id], f"Won {ids.show_deal(deal_id)} · contoso undo takes it back")


def lose(call: Call) -> None:
    """Close a deal as lost."""
    from models import process
    from models.deals import stages

    args = call.args
    deal_id = ids.deal_id(args.id)
    check_rev(call, deal_id)
    reason = args.reason or call.ask(f"Why? {' '.join(process.current().lost_reasons)}: ", "--reason")
    by = args.by or call.ask("Who said it? ", "--by")
    needs_note = reason == "other" or args.note == "-"
    note = values.long_text(call, args.note, "Why the deal was lost", "--note") if needs_note else args.note or ""
    on = values.optional_date(args.on, call.today, is_past=True)
    stages.lose(call.actor, call.now, deal_id, reason, by, on, note)
    say_changed(call, [deal_id], f"Lost {ids.show_deal(deal_id)} · contoso undo takes it back")


def disqualify(call: Call) -> None:
    """Close a deal as no fit."""
    from models.deals import stages

    deal_id = ids.deal_id(call.args.id)
    check_rev(call, deal_id)
    stages.disqualify(call.actor, call.now, deal_id, _reason(call))
    say_changed(call, [deal_id], f"Disqualified {ids.show_deal(deal_id)} · contoso undo takes it back")


def reopen(call: Call) -> None:
    """Open a closed deal again."""
    from models.deals import stages

    deal_id = ids.deal_id(call.args.id)
    check_rev(call, deal_id)
    moved = stages.reopen(call.actor, call.now, deal_id, _reason(call))
    note = f"; {moved.note}" if moved.note else ""
    say_changed(call, [deal_id], f"Reopened {ids.show_deal(deal_id)} in {moved.to_stage}{note} · contoso undo")


def _reason(call: Call) -> str:
    return call.args.reason or call.ask("Why? ", "--reason")


def set_step(call: Call) -> None:
    """Set the next step."""
    from models.activities import next_steps

    args = call.args
    deal_id = ids.deal_id(args.id)
    check_rev(call, deal_id)
    sentence = values.long_text(call, args.text, "The next step", "TEXT")
    text, on, minute = values.next_step(sentence, args.on, args.time, call.today)
    if on is None:
        raise UsageError(f"On which day? {HOW_DATE}, as --on D or at the end of the text")
    next_steps.set_step(
        call.actor,
        call.now,
        deal_id,
        text,
        on,
        minute=minute,
        minutes=args.minutes,
        channel=args.channel,
    )
    told = f"Next step of {ids.show_deal(deal_id)}: {text} · {say_when(on, minute)} · contoso undo"
    say_changed(call, [deal_id], told)
