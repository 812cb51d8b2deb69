from __future__ import annotations

import datetime as dt

from models.activities import next_steps, tasks
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


def test_whole_days_keep_nobody_busy_and_control_characters_go():
    assert "TRANSP:TRANSPARENT" in calendar.write([entry(minute=None)], NOW)
    assert "TRANSP" not in calendar.write([entry()], NOW)
    text = calendar.write([entry(title="a\x00\r\x07\x7fb\tc")], NOW)
    assert "SUMMARY:ab\tc\r\n" in text


def test_every_agenda_line_with_a_day_is_an_appointment_with_its_own_length(book):
    account = book.account()
    deal = book.deal("develop", 9_000)
    next_steps.set_step(book.ana, book.now, deal, "Visit", dt.date(2026, 11, 27), minute=600, minutes=90)
    tasks.plan(book.ana, book.now, customer_id=account, text="Write", on=dt.date(2026, 11, 19))
    enrolments.start(book.ana, book.now, [account])
    found = calendar.list_appointments(book.ana.id, book.now)
    assert [(one.title, one.on.day, one.minute, one.minutes) for one in found] == [
        ("Oak Terrace: Introduction call", 18, None, 60),
        ("Oak Terrace: Write", 19, None, 60),
        ("Oak Terrace: Visit", 27, 600, 90),
    ]
    assert calendar.list_appointments(book.ana.id, book.now, days=2) == found[:2]
    assert calendar.list_appointments(book.bo.id, book.now) == []
    assert calendar.list_appointments(None, book.now, view="nurture") == found[:1]
    book.set_customer(account, has_high_case=1, open_cases=1)
    assert [one.title for one in calendar.list_appointments(None, book.now, view="nurture")] == []


def test_a_meeting_that_was_just_booked_has_the_uid_of_its_line(book):
    (made,) = enrolments.start(book.ana, book.now, [book.account()])
    assert calendar.booked(steps.done(book.ana, book.now, made)) is None
    for _ in range(2):
        book.now += dt.timedelta(days=5)
        steps.skip(book.ana, book.now, made, "known")
    book.now += dt.timedelta(days=5)
    on = book.now.date() + dt.timedelta(days=1)
    done = steps.done(book.ana, book.now, made, result="meeting", meeting_on=on, meeting_minute=600, who="Pat")
    meeting = calendar.booked(done)
    (line,) = calendar.list_appointments(book.ana.id, book.now)
    assert (meeting.uid, meeting.on, meeting.minute, meeting.description) == (line.uid, on, 600, "With Pat")
    done = steps.done(book.ana, book.now, made, result="qualified", meeting_on=on, meeting_minute=660)
    meeting = calendar.booked(done)
    (line,) = calendar.list_appointments(book.ana.id, book.now)
    assert (meeting.uid, meeting.minute) == (line.uid, 660) == (f"deal-{done.deal_id}@contoso", 660)


def test_booked_meeting_goes_into_a_calendar(book):
    (made,) = enrolments.start(book.ana, book.now, [book.account()])
    steps.done(book.ana, book.now, made, result="meeting", meeting_on=dt.date(2026, 11, 19), meeting_minute=870)
    items = agenda.list_agenda(book.ana.id, book.now).tomorrow
    text = calendar.write(calendar.from_agenda(items), book.now)
    assert f"UID:nurture-{made}-1@contoso\r\n" in text
    assert "DTSTART:20261119T213000Z\r\n" in text
    assert "SUMMARY:Oak Terrace: Introduction call\r\n" in text
