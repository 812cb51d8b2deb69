from __future__ import annotations

import datetime as dt

from models.nurture import agenda, calendar, enrolments, steps
from models.nurture.calendar import Appointment

NOW = dt.datetime(2026, 11, 18, 17, tzinfo=dt.UTC)


def entry(**more):
    values = {"uid": "a@contoso", "title": "Visit", "on": dt.date(2026, 11, 24), "minute": 600, "minutes": 45}
    return Appointment(**{**values, "zone": "America/Denver", **more})


def test_appointment_is_written_in_utc():
    text = calendar.write([entry()], NOW)
    assert text.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//contoso-tui//contoso//EN",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        "UID:a@contoso",
        "DTSTAMP:20261118T170000Z",
        "DTSTART:20261124T170000Z",
        "DTEND:20261124T174500Z",
        "SUMMARY:Visit",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_summer_time_and_whole_days():
    assert "DTSTART:20260724T160000Z" in calendar.write([entry(on=dt.date(2026, 7, 24))], NOW)
    whole = calendar.write([entry(minute=None)], NOW)
    assert "DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261125\r\n" in whole


def test_hostile_text_adds_no_line_and_long_lines_are_folded():
    text = calendar.write([entry(title="A;B,C\\D\nBEGIN:VEVENT\x1b[31m" + "é" * 80)], NOW)
    assert "SUMMARY:A\\;B\\,C\\\\D\\nBEGIN:VEVENT[31m" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert unfolded.count("\r\nBEGIN:VEVENT") == 1
    assert "é" * 80 in unfolded


def test_booked_meeting_goes_into_a_calendar(book):
    (made,) = enrolments.start(book.ana, book.now, [book.account()])
    steps.done(book.ana, book.now, made, result="meeting", meeting_on=dt.date(2026, 11, 19), meeting_minute=870)
    items = agenda.list_agenda(book.ana.id, book.now).tomorrow
    text = calendar.write(calendar.from_agenda(items), book.now)
    assert f"UID:nurture-{made}-1@contoso\r\n" in text
    assert "DTSTART:20261119T213000Z\r\n" in text
    assert "SUMMARY:Oak Terrace: Introduction call\r\n" in text
