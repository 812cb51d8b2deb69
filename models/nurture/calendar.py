"""Appointments as iCalendar text (RFC 5545), to be saved as an .ics file or handed to a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from models.database import company_zone
from models.nurture.records import AgendaItem

DEFAULT_MINUTES = 60
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
                minutes=DEFAULT_MINUTES,
                zone=zone,
            )
        )
    return made


def write(appointments: Iterable[Appointment], now: dt.datetime) -> str:
    """Return the text of a calendar; times in UTC, lines folded and ended with CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//contoso-tui//contoso//EN", "CALSCALE:GREGORIAN"]
    for entry in appointments:
        lines += ["BEGIN:VEVENT", f"UID:{_escape(entry.uid)}", f"DTSTAMP:{_utc(now)}", *_when(entry)]
        lines.append(f"SUMMARY:{_escape(entry.title)}")
        if entry.description:
            lines.append(f"DESCRIPTION:{_escape(entry.description)}")
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
    return "".join(char for char in text if char == "\t" or ord(char) >= 32)


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
