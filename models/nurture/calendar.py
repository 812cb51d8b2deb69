"""Appointments as iCalendar text (RFC 5545): what of the agenda has a day, and meetings that were just booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from models import clock
from models.database import company_zone, days_off, execute
from models.nurture import agenda_rows
from models.nurture.agenda import check_view
from models.nurture.agenda_rows import Whose
from models.nurture.records import AgendaItem, StepDone

DEFAULT_MINUTES = 60
_MOST = 5000
# RFC 5545, 3.1: a line has at most 75 octets without its break.
_LINE_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry of a calendar; without a `minute` (after midnight, in `zone`) it takes the whole day."""

    uid: str
    title: str
    on: dt.date
    minute: int | None
    minutes: int
    zone: str
    description: str = ""


def list_appointments(
    owner_id: int | None, now: dt.datetime, *, days: int = 14, view: str = "all"
) -> list[Appointment]:
    """Return what the agenda of an owner, or of everybody, has up to `days` from today, late ones too, by day.

    What stands still has no day and is left out.

    Raises:
        UsageError: an unknown view, or no days at all.
    """
    check_view(view, days)
    today = clock.local_date(now, company_zone())
    end = today + dt.timedelta(days=days)
    whose, off = Whose(owner_id), days_off()
    items: list[AgendaItem] = []
    if view != "deals":
        items += agenda_rows.list_nurture(whose, today, end, off)[0]
    if view != "nurture":
        items += agenda_rows.list_tasks(whose, today, end, off)
        items += agenda_rows.list_deals(whose, dt.date.min, end, today, off, _MOST)
    return from_agenda(sorted(items, key=lambda e: (e.due_on, e.minute is None, e.minute or 0, e.customer, e.text)))


def from_agenda(items: Iterable[AgendaItem]) -> list[Appointment]:
    """Return agenda lines as appointments; the same line has the same uid in every file, so that it is replaced."""
    zone = company_zone()
    made = []
    for entry in items:
        subject = entry.deal_id if entry.kind == "deal" else entry.activity_id
        key = f"{entry.enrolment_id}-{entry.position}" if entry.kind == "nurture" else str(subject)
        made.append(
            Appointment(
                uid=f"{entry.kind}-{key}@contoso",
                title=f"{entry.customer}: {entry.text}",
                on=entry.due_on,
                minute=entry.minute,
                minutes=entry.minutes or DEFAULT_MINUTES,
                zone=zone,
                description=entry.reason,
            )
        )
    return made


def booked(done: StepDone) -> Appointment | None:
    """Return the meeting that closing a nurture step booked, None if it booked none.

    Its uid is that of the agenda's line, which takes its place in a calendar.
    """
    if done.deal_id is not None:
        return next_meeting(done.deal_id)
    return _meeting("a.id = ?", done.activity_id, f"nurture-{done.enrolment_id}-{done.position}")


def next_meeting(deal_id: int) -> Appointment | None:
    """Return the meeting that is a deal's next step, None if it has another one; the uid is the agenda's."""
    return _meeting("a.id = (SELECT next_step_id FROM deal WHERE id = ?)", deal_id, f"deal-{deal_id}")


def _meeting(where: str, key: int | None, uid: str) -> Appointment | None:
    row = execute(
        "SELECT c.name, a.subject, a.due_on, a.due_minute, a.who, a.duration_minutes FROM activity a"
        f" JOIN customer c ON c.id = a.customer_id WHERE {where} AND a.state = 'planned' AND a.channel = 'meeting'",
        (key,),
    ).fetchone()
    if row is None:
        return None
    customer, subject, due_on, minute, who, minutes = row
    return Appointment(
        uid=f"{uid}@contoso",
        title=f"{customer}: {subject}",
        on=dt.date.fromisoformat(due_on),
        minute=minute,
        minutes=minutes or DEFAULT_MINUTES,
        zone=company_zone(),
        description=f"With {who}" if who else "",
    )


def write(appointments: Iterable[Appointment], now: dt.datetime) -> str:
    """Return the text of a calendar; times in UTC, lines folded and ended with CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//contoso-tui//contoso//EN", "CALSCALE:GREGORIAN"]
    for entry in appointments:
        lines += ["BEGIN:VEVENT", f"UID:{_escape(entry.uid)}", f"DTSTAMP:{_utc(now)}", *_when(entry)]
        lines.append(f"SUMMARY:{_escape(entry.title)}")
        if entry.description:
            lines.append(f"DESCRIPTION:{_escape(entry.description)}")
        if entry.minute is None:
            # What has no time of day keeps nobody busy all day.
            lines.append("TRANSP:TRANSPARENT")
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _when(entry: Appointment) -> list[str]:
    if entry.minute is None:
        return [
            f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.on + dt.timedelta(days=1):%Y%m%d}",
        ]
    time = dt.time(entry.minute // 60, entry.minute % 60)
    start = dt.datetime.combine(entry.on, time, ZoneInfo(entry.zone)).astimezone(dt.UTC)
    return [f"DTSTART:{_utc(start)}", f"DTEND:{_utc(start + dt.timedelta(minutes=entry.minutes))}"]


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escape(text: str) -> str:
    for char, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(char, escaped)
    return "".join(char for char in text if char == "\t" or (ord(char) >= 32 and char != "\x7f"))


def _fold(line: str) -> str:
    folded, octets = [], 0
    for char in line:
        size = len(char.encode("utf-8", "replace"))
        if octets + size > _LINE_OCTETS:
            folded.append("\r\n ")
            octets = 1
        folded.append(char)
        octets += size
    return "".join(folded)
