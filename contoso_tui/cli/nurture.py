"""`contoso nurture`: the programme of calls and emails to corporate accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui import formats
from contoso_tui.cli import local, values
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids, money
from models.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.nurture.records import EnrolmentPreview, EnrolmentRow, StepDone

SCHEMA = "contoso.enrolment/1"
ASK_ABOVE = 10


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", list_enrolments, "list running enrolments by due date")
    listed.add_argument("--due", action="store_true", help="due today or late")
    listed.add_argument("--late", action="store_true", help="late only")
    listed.add_argument("--hold", action="store_true", help="paused or on hold, with the reason")
    listed.add_argument("--ended", action="store_true", help="completed or ended")
    listed.add_argument("--owner", default="me", metavar="U", help="me, all or a login")
    start = group.command("start", start_nurture, "enrol corporate accounts; shows the dates first", writes=True)
    start.add_argument("ids", nargs="+", metavar="ID", help="customers, such as C-00731")
    start.add_argument("--programme", default="introduction", metavar="P")
    start.add_argument("--dry-run", action="store_true", help="only show the dates and the load")
    done = group.command("done", done_step, "the open step is done", writes=True)
    done.add_argument("id", metavar="ID", help="the enrolment (L-0210) or its customer (C-00731)")
    done.add_argument("--result", default="", choices=("", "not_reached", "meeting", "qualified", "disqualified"))
    done.add_argument("--reason", default="", metavar="R", help="for disqualified")
    done.add_argument("-m", "--message", metavar="TEXT", help="notes; - reads standard input")
    done.add_argument("--who", default="", help="with whom")
    done.add_argument("--again", metavar="D", help="not reached: try again on this day")
    done.add_argument("--meeting", metavar="D", help="the day of the meeting")
    done.add_argument("--time", metavar="14:30", help="its time")
    done.add_argument("--deal-type", default="", metavar="T", help="qualified: what the deal sells")
    done.add_argument("--amount", metavar="N", help="qualified: the deal's amount")
    skip = group.command("skip", skip_step, "skip the open step", writes=True)
    skip.add_argument("id", metavar="ID")
    skip.add_argument("--reason", metavar="R")
    snooze = group.command("snooze", snooze_step, "move the open step to a later day", writes=True)
    snooze.add_argument("id", metavar="ID")
    snooze.add_argument("until", metavar="WHEN", help="3d, 2w, fri or a date")
    pause = group.command("pause", pause_nurture, "pause until resumed", writes=True)
    pause.add_argument("id", metavar="ID")
    pause.add_argument("--reason", default="", metavar="R")
    resume = group.command("resume", resume_nurture, "go on with a paused enrolment", writes=True)
    resume.add_argument("id", metavar="ID")
    end = group.command("end", end_nurture, "end before the last step", writes=True)
    end.add_argument("id", metavar="ID")
    end.add_argument("--reason", metavar="R", help="replied bounced opted_out disqualified manual, or your words")
    end.add_argument("--note", default="", metavar="TEXT")


def _id(call: Call, word: str) -> int:
    """Return the enrolment that an id means; a customer stands for the one that runs."""
    if not word.strip().upper().startswith("C"):
        return ids.enrolment_id(word)
    from models.nurture import views

    found = views.find_active(ids.customer_id(word))
    if found is None:
        raise RefusedError(f"{word} is in no programme now: contoso nurture start {word}")
    return found


def _record(row: EnrolmentRow) -> dict[str, Any]:
    return {
        "id": ids.show_enrolment(row.id),
        "customer": {"id": ids.show_customer(row.customer_id), "name": row.customer},
        "owner": row.owner or None,
        "programme": row.programme,
        "state": row.state,
        "exit_reason": row.exit_reason or None,
        "started_on": local.day(row.started_on),
        "position": row.position,
        "of": row.of,
        "step": row.step or None,
        "channel": row.channel or None,
        "counted_on": local.day(row.counted_on),
        "due_on": local.day(row.due_on),
        "late_working_days": row.late_working_days,
        "hold": row.hold or None,
    }


_COLUMNS = [
    Column("id", lambda r: r["id"]),
    Column("account", lambda r: r["customer"]["name"], gives_way=True),
    Column("step", lambda r: f"{r['position']}/{r['of']} {r['step']}" if r["position"] else "", gives_way=True),
    Column("due", lambda r: r["due_on"] or ""),
    Column("late", lambda r: f"{r['late_working_days']}d" if r["late_working_days"] and not r["hold"] else ""),
    Column("state", lambda r: r["hold"] or r["exit_reason"] or r["state"], gives_way=True),
    Column("owner", lambda r: r["owner"] or ""),
]


def list_enrolments(call: Call) -> None:
    """List enrolments."""
    from models.nurture import views
    from models.people import users

    args = call.args
    which = [name for name in ("due", "late", "hold", "ended") if getattr(args, name)]
    if len(which) > 1:
        raise UsageError(f"--{which[0]} or --{which[1]}, not both")
    owner_id = None if args.owner == "all" else call.actor.id if args.owner == "me" else users.get_id(args.owner)
    found = views.list_enrolments(call.now, owner_id=owner_id, which=which[0] if which else "running")
    call.out.listing(SCHEMA, [_record(row) for row in found], _COLUMNS, empty="No account in nurture here")


def _one(call: Call, enrolment_id: int, customer_id: int) -> dict[str, Any]:
    from models.nurture import views

    rows = views.list_enrolments(call.now, which="all", customer_id=customer_id)
    return next(_record(row) for row in rows if row.id == enrolment_id)


def start_nurture(call: Call) -> None:
    """Show dates and load, then enrol."""
    from models.nurture import enrolments, previews

    args = call.args
    customer_ids = [ids.customer_id(word) for word in args.ids]
    seen = previews.preview(call.actor, call.now, customer_ids, programme=args.programme)
    refused = [one for one in seen if one.refusal]
    if args.dry_run:
        _show_previews(call, seen)
        return
    if not refused:
        _warn(call, seen)
        if len(seen) > ASK_ABOVE:
            _show_load(call, seen)
            if not call.confirm(f"Start {len(seen)} accounts?"):
                return
    made = enrolments.start(call.actor, call.now, customer_ids, programme=args.programme)
    if not call.out.is_plain:
        records = [_one(call, one, customer) for one, customer in zip(made, customer_ids, strict=True)]
        call.out.listing(SCHEMA, records, _COLUMNS)
        return
    call.out.lines(ids.show_enrolment(one) for one in made)
    first = seen[0].dates[0]
    what = seen[0].customer if len(seen) == 1 else f"{len(seen)} accounts"
    call.out.message(f"Started {what}: {first.name} {formats.day_full(first.due_on)} · contoso undo takes it back")


def _warn(call: Call, seen: list[EnrolmentPreview]) -> None:
    for one in seen:
        if one.warning:
            call.out.message(f"warning: {one.warning}")


def _show_previews(call: Call, seen: list[EnrolmentPreview]) -> None:
    records: list[dict[str, Any]] = [
        {
            "customer": {"id": ids.show_customer(one.customer_id), "name": one.customer},
            "owner": one.owner or None,
            "refusal": one.refusal or None,
            "warnings": list(one.warnings),
            "dates": [
                {
                    "step": d.name,
                    "channel": d.channel,
                    "counted_on": local.day(d.counted_on),
                    "due_on": local.day(d.due_on),
                }
                for d in one.dates
            ],
        }
        for one in seen
    ]
    call.out.listing(
        "contoso.enrolment-preview/1",
        records,
        [
            Column("account", lambda r: r["customer"]["name"], gives_way=True),
            Column("dates", lambda r: r["refusal"] or "  ".join(f"{d['due_on']} {d['step']}" for d in r["dates"])),
            Column("warning", lambda r: "; ".join(r["warnings"]), gives_way=True),
        ],
    )
    if call.out.is_plain:
        _show_load(call, seen)


def _show_load(call: Call, seen: list[EnrolmentPreview]) -> None:
    from models.nurture import previews

    for load in previews.load(seen):
        call.out.message(f"  {load.owner}  {formats.day_full(load.on)}: {load.planned} planned, {load.added} more")


def done_step(call: Call) -> None:
    """Close the open step."""
    args = call.args
    notes = values.long_text(call, "-", "Notes", "-m") if args.message == "-" else args.message or ""
    finish(
        call,
        _id(call, args.id),
        notes=notes,
        who=args.who,
        result=args.result,
        reason=args.reason,
        again_on=values.optional_date(args.again, call.today),
        meeting_on=values.optional_date(args.meeting, call.today),
        meeting_minute=values.minute(args.time),
        deal_type=args.deal_type,
        deal_amount_minor=money.parse_minor(args.amount) if args.amount else None,
    )


def finish(call: Call, enrolment_id: int, **told: Any) -> None:
    """Close the open step of an enrolment and tell what follows."""
    from models.nurture import steps

    _say(call, enrolment_id, "Done", steps.done(call.actor, call.now, enrolment_id, **told))
    if told.get("meeting_on"):
        call.out.message("contoso agenda --ics FILE writes it for your calendar")


def _say(call: Call, enrolment_id: int, what: str, made: StepDone) -> None:
    from models.nurture import views

    if not call.out.is_plain:
        customer_id = views.get(enrolment_id, call.now).account.id
        call.out.listing(SCHEMA, [_one(call, enrolment_id, customer_id)], _COLUMNS)
        return
    after = (
        f"{made.next_step} {formats.day_full(made.next_due_on)}"
        if made.next_due_on
        else f"{made.state} {made.exit_reason}"
    )
    deal = f" · new deal {ids.show_deal(made.deal_id)}" if made.deal_id else ""
    points = f", +{made.points} points" if made.points else ""
    call.out.message(f"{what}: {made.customer}{points} -> {after.strip()}{deal} · contoso undo")
    if made.ask_to_end:
        shown = ids.show_enrolment(enrolment_id)
        call.out.message(f"Two steps in a row were skipped: contoso nurture end {shown} --reason R ends it")


def skip_step(call: Call) -> None:
    """Skip the open step."""
    from models.nurture import steps

    enrolment_id = _id(call, call.args.id)
    reason = call.args.reason or call.ask("Why? ", "--reason")
    _say(call, enrolment_id, "Skipped", steps.skip(call.actor, call.now, enrolment_id, reason))


def snooze_step(call: Call) -> None:
    """Move the open step."""
    from models.nurture import steps

    until = values.date(call.args.until, call.today)
    steps.snooze(call.actor, call.now, _id(call, call.args.id), until)
    call.out.message(f"Snoozed {call.args.id} to {formats.day_full(until)} · contoso undo takes it back")


def pause_nurture(call: Call) -> None:
    """Pause."""
    from models.nurture import enrolments

    enrolments.pause(call.actor, call.now, _id(call, call.args.id), call.args.reason)
    call.out.message(f"Paused {call.args.id}: contoso nurture resume {call.args.id} goes on")


def resume_nurture(call: Call) -> None:
    """Go on."""
    from models.nurture import enrolments

    due_on = enrolments.resume(call.actor, call.now, _id(call, call.args.id))
    call.out.message(f"{call.args.id} goes on, due {formats.day_full(due_on)}")


def end_nurture(call: Call) -> None:
    """End."""
    from models.nurture import enrolments

    enrolment_id = _id(call, call.args.id)
    reason = call.args.reason or call.ask("Why? ", "--reason")
    enrolments.end(call.actor, call.now, enrolment_id, reason, call.args.note)
    call.out.message(f"Ended {call.args.id} · contoso undo takes it back")
