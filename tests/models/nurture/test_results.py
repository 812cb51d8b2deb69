"""Results of a talk, above all of the last step."""

from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.activities import log, next_steps, points
from models.database import execute
from models.errors import UsageError
from models.nurture import enrolments, steps


@pytest.fixture
def enrolment(book):
    """Return an enrolment whose appointment call is due on Wednesday 18 November."""
    (made,) = enrolments.start(book.ana, book.at("2026-11-11"), [book.account()])
    steps.done(book.ana, book.at("2026-11-11"), made)
    steps.done(book.ana, book.at("2026-11-12"), made)
    steps.done(book.ana, book.at("2026-11-16"), made)
    assert enrolments.get(made, book.now).position == 4
    return made


def last_step(enrolment):
    return execute(
        "SELECT state, result, due_on, due_minute FROM enrolment_step WHERE enrolment_id = ? AND position = 4",
        (enrolment,),
    ).fetchone()


def scored(book):
    return points.month_points("ana", book.today)


def test_last_talk_needs_a_result(book, enrolment):
    with pytest.raises(UsageError, match="Appointment call needs a result: not_reached, meeting, qualified"):
        steps.done(book.ana, book.now, enrolment)
    with pytest.raises(UsageError, match="no result 'maybe'"):
        steps.done(book.ana, book.now, enrolment, result="maybe")


def test_email_has_no_result(book):
    (made,) = enrolments.start(book.ana, book.now, [book.account("Pine Court")])
    steps.done(book.ana, book.now, made)
    with pytest.raises(UsageError, match="no talk"):
        steps.done(book.ana, book.now, made, result="qualified")


def test_not_reached_stays_due(book, enrolment):
    before = scored(book)
    found = steps.done(book.ana, book.now, enrolment, result="not_reached", notes="voicemail")
    assert last_step(enrolment) == ("due", "not_reached", "2026-11-18", None)
    assert (found.state, found.next_position, found.points) == ("active", 4, 0)
    assert log.list_for_customer(1)[0].subject == "Appointment call: not reached"
    assert scored(book) == before


def test_not_reached_can_be_tried_again_on_a_day(book, enrolment):
    before = book.visible()
    steps.done(book.ana, book.now, enrolment, result="not_reached", again_on=dt.date(2026, 11, 20))
    assert last_step(enrolment)[:3] == ("due", "not_reached", "2026-11-20")
    with pytest.raises(UsageError, match="is over"):
        steps.done(book.ana, book.now, enrolment, result="not_reached", again_on=dt.date(2026, 11, 17))
    undo.undo(book.ana, book.now)
    assert book.visible() == before


def test_meeting_booked_is_scheduled_and_its_result_decides(book, enrolment):
    start = scored(book)
    before = book.visible()
    found = steps.done(
        book.ana, book.now, enrolment, result="meeting", meeting_on=dt.date(2026, 11, 24), meeting_minute=600
    )
    assert last_step(enrolment) == ("due", "meeting", "2026-11-24", 600)
    assert scored(book) == start
    meeting = next(a for a in log.list_for_customer(1) if a.state == "planned")
    assert (meeting.id, meeting.channel, meeting.due_on, meeting.due_minute, meeting.owner) == (
        found.activity_id,
        "meeting",
        dt.date(2026, 11, 24),
        600,
        "ana",
    )
    undo.undo(book.ana, book.now)
    assert book.visible() == before
    undo.redo(book.ana, book.now)
    decided = steps.done(book.ana, book.at("2026-11-24"), enrolment, result="qualified", notes="3 houses")
    # The appointment itself becomes the done activity, and scores once.
    assert decided.activity_id == meeting.id
    assert decided.points == 10
    assert [a.state for a in log.list_for_customer(1) if a.channel == "meeting"] == ["done"]


def test_meeting_needs_a_day_that_is_to_come(book, enrolment):
    with pytest.raises(UsageError, match="A meeting needs a date"):
        steps.done(book.ana, book.now, enrolment, result="meeting")
    with pytest.raises(UsageError, match="is over"):
        steps.done(book.ana, book.now, enrolment, result="meeting", meeting_on=dt.date(2026, 11, 17))
    with pytest.raises(UsageError, match="time of day"):
        steps.done(
            book.ana, book.now, enrolment, result="meeting", meeting_on=dt.date(2026, 11, 24), meeting_minute=1500
        )
    assert last_step(enrolment)[1] == ""


def test_meeting_can_be_moved_and_missed(book, enrolment):
    for day in ("2026-11-24", "2026-11-25"):
        steps.done(book.ana, book.now, enrolment, result="meeting", meeting_on=dt.date.fromisoformat(day))
    assert [a.due_on.isoformat() for a in log.list_for_customer(1) if a.state == "planned"] == ["2026-11-25"]
    steps.snooze(book.ana, book.now, enrolment, dt.date(2026, 11, 27))
    assert [a.due_on.isoformat() for a in log.list_for_customer(1) if a.state == "planned"] == ["2026-11-27"]
    steps.done(book.ana, book.at("2026-11-27"), enrolment, result="not_reached")
    assert [a.state for a in log.list_for_customer(1) if a.channel == "meeting"] == ["cancelled"]


def test_qualified_opens_a_deal_in_qualify_with_lead_source_person_and_notes(book, enrolment):
    before = book.visible()
    start = scored(book)
    found = steps.done(
        book.max,
        book.now,
        enrolment,
        result="qualified",
        notes="3 houses, wants doorbells before spring",
        who="Kim Larch, operations",
        deal_type="Site S8",
        deal_amount_minor=920000,
    )
    assert found.deal_id is not None
    deal = execute(
        "SELECT stage, outcome, owner_id, lead_source, need, type, amount_minor FROM deal WHERE id = ?",
        (found.deal_id,),
    ).fetchone()
    assert deal == (
        "qualify",
        "open",
        book.ana.id,
        "nurture",
        "3 houses, wants doorbells before spring",
        "Site S8",
        920000,
    )
    (activity,) = log.list_for_deal(found.deal_id)
    assert (activity.who, activity.type, activity.points, activity.done_by) == (
        "Kim Larch, operations",
        "first_appointment",
        10,
        "max",
    )
    assert scored(book) == start
    detail = enrolments.get(enrolment, book.now)
    assert (detail.state, detail.exit_reason, detail.deal_id) == ("exited", "qualified", found.deal_id)
    undo.undo(book.max, book.now)
    assert book.visible() == before


def test_qualified_with_a_meeting_makes_it_the_deals_next_step(book, enrolment):
    found = steps.done(
        book.max,
        book.now,
        enrolment,
        result="qualified",
        who="Kim Larch",
        meeting_on=dt.date(2026, 11, 24),
        meeting_minute=600,
    )
    step = next_steps.get(found.deal_id)
    assert (step.text, step.on, step.minute, step.channel) == (
        "Meeting with Kim Larch",
        dt.date(2026, 11, 24),
        600,
        "meeting",
    )
    before = book.visible()
    with pytest.raises(UsageError):
        steps.done(book.ana, book.now, enrolments.start(book.ana, book.now, [book.account("X")])[0], result="meeting")
    assert book.visible()["deal"] == before["deal"]


def test_disqualified_needs_a_reason_and_ends_nurture(book, enrolment):
    with pytest.raises(UsageError, match="reason"):
        steps.done(book.ana, book.now, enrolment, result="disqualified")
    before = book.visible()
    found = steps.done(book.ana, book.now, enrolment, result="disqualified", reason="rents its buildings")
    detail = enrolments.get(enrolment, book.now)
    assert (detail.state, detail.exit_reason, detail.exit_note) == ("exited", "disqualified", "rents its buildings")
    assert (found.deal_id, found.points) == (None, 10)
    undo.undo(book.ana, book.now)
    assert book.visible() == before


def test_earlier_call_may_end_nurture_too(book):
    (made,) = enrolments.start(book.ana, book.now, [book.account("Pine Court")])
    found = steps.done(book.ana, book.now, made, result="qualified", deal_type="Monitoring")
    assert (found.exit_reason, found.points) == ("qualified", 1)
    assert {s.state for s in enrolments.get(made, book.now).steps} == {"done", "cancelled"}


def test_ending_cancels_a_booked_meeting(book, enrolment):
    steps.done(book.ana, book.now, enrolment, result="meeting", meeting_on=dt.date(2026, 11, 24))
    enrolments.end(book.ana, book.now, enrolment, "hotel closed")
    assert [a.state for a in log.list_for_customer(1) if a.channel == "meeting"] == ["cancelled"]
