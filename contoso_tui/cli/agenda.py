"""`contoso agenda`: what is late, due today and later; closing and snoozing what stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contoso_tui import formats
from contoso_tui.cli import local, values
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids
from models.errors import ContosoError, UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.nurture.records import Agenda, AgendaItem
    from models.nurture.week import Week

SCHEMA = "contoso.agenda/1"
_TASK = re.compile(r"A-?(\d+)", re.IGNORECASE)


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", print_agenda, "what is late, due today, tomorrow and later")
    reach = listed.add_mutually_exclusive_group()
    reach.add_argument("--days", type=int, default=14, metavar="N", help="how far ahead (14)")
    reach.add_argument(
        "--week", nargs="?", const="today", metavar="DAY", help="seven days from today or DAY, one by one, with times"
    )
    listed.add_argument("--owner", default="me", metavar="U", help="me, all or a login")
    listed.add_argument("--view", default="all", choices=("all", "nurture", "deals"))
    listed.add_argument(
        "--ics", nargs="?", const="-", metavar="FILE", help="write it as iCalendar: to a file, else to standard output"
    )
    done = group.command("done", close, "close a step: D-1042, L-0210 or a task A-12", writes=True)
    done.add_argument("id", metavar="ID")
    done.add_argument("-m", "--message", metavar="TEXT", help="notes; - reads standard input")
    done.add_argument("--who", default="", help="with whom")
    done.add_argument("--next", dest="next_text", default="", metavar="TEXT", help="a deal's next step")
    done.add_argument("--on", metavar="D", help="its day; without it --next ends with the day")
    done.add_argument("--time", metavar="14:30", help="its time")
    snooze = group.command("snooze", snooze_step, "move a step to a later day", writes=True)
    snooze.add_argument("id", metavar="ID")
    snooze.add_argument("until", metavar="WHEN", help="3d, 2w, fri or a date")


def print_agenda(call: Call) -> None:
    """Print the agenda."""
    from models.nurture import agenda
    from models.people import users

    owner = call.args.owner
    owner_id = None if owner == "all" else call.actor.id if owner == "me" else users.get_id(owner)
    if call.args.week is not None:
        _print_week(call, owner_id)
        return
    if call.args.ics is not None:
        _write_calendar(call, owner_id)
        return
    found = agenda.list_agenda(owner_id, call.now, days=call.args.days, view=call.args.view)
    if call.out.is_plain and not call.out.fields:
        _print(call, found)
        return
    sections = (
        ("late", found.late),
        ("nurture_today", found.nurture_today),
        ("deals_today", found.deals_today),
        ("tomorrow", found.tomorrow),
        ("on_hold", found.on_hold),
    )
    records = [_record(item, section) for section, items in sections for item in items]
    call.out.listing(SCHEMA, records, [Column("id", lambda r: r["id"])])


def _write_calendar(call: Call, owner_id: int | None) -> None:
    """Write the agenda as a calendar that other programs read."""
    from models.nurture import calendar

    found = calendar.list_appointments(owner_id, call.now, days=call.args.days, view=call.args.view)
    text = calendar.write(found, call.now)
    if call.args.ics == "-":
        call.out.raw(text)
        return
    from contoso_tui import appointments

    path = Path(call.args.ics).expanduser()
    try:
        appointments.write(path, text)
    except OSError as error:
        raise ContosoError(f"{path} can't be written: {error.strerror}") from error
    count = "1 entry" if len(found) == 1 else f"{len(found)} entries"
    call.out.message(f"Wrote {count} to {path}")


def item_id(item: AgendaItem) -> str:
    """Return the id by which a line of the agenda is closed or snoozed."""
    if item.enrolment_id is not None:
        return ids.show_enrolment(item.enrolment_id)
    if item.kind == "deal" and item.deal_id is not None:
        return ids.show_deal(item.deal_id)
    return f"A-{item.activity_id}"


def _record(item: AgendaItem, section: str) -> dict[str, Any]:
    return {
        "id": item_id(item),
        "section": section,
        "kind": item.kind,
        "due_on": local.day(item.due_on),
        "at": formats.clock(item.minute) if item.minute is not None else None,
        "minutes": item.minutes,
        "late_working_days": item.late_working_days,
        "channel": item.channel,
        "customer": {"id": ids.show_customer(item.customer_id), "name": item.customer},
        "text": item.text,
        "position": item.position,
        "of": item.of,
        "owner": item.owner,
        "hold": item.hold or None,
        "blocked": item.blocked or None,
        "reason": item.reason or None,
    }


def _print(call: Call, found: Agenda) -> None:
    heads: list[tuple[str, int, Sequence[AgendaItem]]] = [
        ("LATE", found.late_count, found.late),
        ("NURTURE TODAY", found.nurture_today_count, found.nurture_today),
        ("DEAL STEPS TODAY", found.deals_today_count, found.deals_today),
        ("TOMORROW", found.tomorrow_count, found.tomorrow),
    ]
    lines: list[str] = []
    for title, count, items in heads:
        lines += _part(f"{title} ({count})", items, count)
    lines.append(f"LATER ({found.later_count})")
    lines += [
        f"  {formats.day_full(day.on)}  {day.due}" + (f"  {day.day_off}" if day.day_off else "")
        for day in found.later
        if day.due
    ]
    lines.append(f"ON HOLD ({found.on_hold_count})")
    lines += [f"  {item_id(item)}  {item.customer}  {item.hold}" for item in found.on_hold]
    call.out.lines(lines)


def _print_week(call: Call, owner_id: int | None) -> None:
    """Print seven days, what is late before them."""
    from models.nurture import week

    if call.args.ics is not None:
        raise UsageError("--ics writes the days of --days; leave --week out")
    first = values.date(call.args.week, call.today)
    found = week.list_week(owner_id, call.now, first=first, view=call.args.view)
    if call.out.is_plain and not call.out.fields:
        call.out.lines(_week_lines(found))
        return
    records = [_record(item, "late") for item in found.late]
    records += [_record(item, "week") for day in found.days for item in day.items]
    call.out.listing(SCHEMA, records, [Column("id", lambda r: r["id"])])


def _week_lines(found: Week) -> list[str]:
    lines = _part(f"LATE ({found.late_count})", found.late, found.late_count) if found.late_count else []
    for day in found.days:
        planned = f"{formats.length(day.minutes)} planned" if day.minutes else ""
        head = "  ".join(word for word in (f"{formats.day_full(day.on)} ({day.due})", planned, day.day_off) if word)
        lines += _part(head, day.items, day.due)
    return lines


def _part(head: str, items: Sequence[AgendaItem], count: int) -> list[str]:
    more = [f"  and {count - len(items)} more"] if count > len(items) else []
    return [head, *(f"  {_line(item)}" for item in items), *more]


def _line(item: AgendaItem) -> str:
    late = item.late_working_days
    when = f"late {late} day{'s' if late > 1 else ''}" if late else ""
    if item.minute is not None and not late:
        when = formats.clock(item.minute)
    place = f"{item.position}/{item.of}" if item.position else ""
    unpaid = f"unpaid {formats.money(item.unpaid_minor)}" if item.unpaid_minor else ""
    cases = f"{item.open_cases} open case{'s' if item.open_cases > 1 else ''}" if item.open_cases else ""
    told = [place, item.text, item.reason, unpaid, cases, item.blocked]
    length = formats.length(item.minutes) if item.minutes else ""
    return "  ".join(part for part in (item_id(item), when, length, item.channel, item.customer, *told) if part)


def close(call: Call) -> None:
    """Close a step of a deal or of nurture, or a task."""
    from models.activities import next_steps, tasks

    args = call.args
    notes = values.long_text(call, "-", "Notes", "-m") if args.message == "-" else args.message or ""
    word = args.id.strip()
    if task := _TASK.fullmatch(word):
        _no_next(call, "a task")
        finished = tasks.done(call.actor, call.now, int(task[1]), notes=notes, who=args.who)
        call.out.message(f"Done, +{finished.points} points · contoso undo")
    elif word[:1].lower() == "l":
        from contoso_tui.cli import nurture

        _no_next(call, "a nurture step")
        nurture.finish(call, ids.enrolment_id(word), notes=notes, who=args.who)
    else:
        deal_id = ids.deal_id(word)
        next_text, next_on, next_minute = values.next_step(args.next_text, args.on, args.time, call.today)
        finished = next_steps.done(
            call.actor,
            call.now,
            deal_id,
            notes=notes,
            who=args.who,
            next_text=next_text,
            next_on=next_on,
            next_minute=next_minute,
        )
        call.out.message(f"Done, +{finished.points} points · contoso undo")
        if finished.asks_next:
            shown = ids.show_deal(deal_id)
            call.out.message(f'{shown} has no next step now: contoso deal step {shown} "TEXT" --on DATE')


def _no_next(call: Call, what: str) -> None:
    if call.args.next_text:
        raise UsageError(f"--next is for deals; {what} has none of its own")


def snooze_step(call: Call) -> None:
    """Move a step to a later day."""
    from models.activities import next_steps, tasks

    word = call.args.id.strip()
    until = values.date(call.args.until, call.today)
    if task := _TASK.fullmatch(word):
        tasks.snooze(call.actor, call.now, int(task[1]), until)
    elif word[:1].lower() == "l":
        from models.nurture import steps

        steps.snooze(call.actor, call.now, ids.enrolment_id(word), until)
    else:
        next_steps.snooze(call.actor, call.now, ids.deal_id(word), until)
    call.out.message(f"Snoozed {call.args.id} to {formats.day_full(until)} · contoso undo takes it back")
