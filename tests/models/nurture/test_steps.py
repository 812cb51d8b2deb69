from __future__ import annotations

import datetime as dt

import pytest

from models import journal, undo
from models.activities import log, points
from models.database import execute
from models.errors import ChangedMeanwhileError, RefusedError, UsageError
from models.nurture import enrolments, programmes, steps
from models.nurture.records import ProgrammeStep


@pytest.fixture
def enrolment(book):
    return enrolments.start(book.ana, book.now, [book.account()])[0]


def both(found):
    return found.counted_on.isoformat(), found.next_due_on.isoformat()


def test_call_done_on_friday_makes_the_email_due_on_monday(book, enrolment):
    found = steps.done(book.ana, book.at("2026-11-20"), enrolment)
    assert both(found) == ("2026-11-21", "2026-11-23")
    assert (found.next_position, found.next_step, found.state) == (2, "Information email", "active")
    row = execute(
        "SELECT state, counted_on, due_on FROM enrolment_step WHERE enrolment_id = ? AND position = 2", (enrolment,)
    ).fetchone()
    assert row == ("due", "2026-11-21", "2026-11-23")


def test_due_date_rolls_over_thanksgiving(book, enrolment):
    assert both(steps.done(book.ana, book.at("2026-11-25"), enrolment)) == ("2026-11-26", "2026-11-27")


def test_due_date_rolls_over_the_owners_own_leave(book, enrolment):
    with journal.action(book.olga, book.now, "user.change", "Leave", can_undo=False):
        for login, first, last in (("ana", "2026-11-19", "2026-11-24"), ("bo", "2026-11-25", "2026-11-27")):
            execute("INSERT INTO user_leave VALUES (?, ?, ?)", (book.actors[login].id, first, last))
    assert both(steps.done(book.ana, book.now, enrolment)) == ("2026-11-19", "2026-11-25")


def test_days_count_from_when_the_step_before_was_done_in_the_companys_time_zone(book, enrolment):
    # 05:00 UTC on Thursday is Wednesday evening in Denver.
    found = steps.done(book.ana, dt.datetime(2026, 11, 19, 5, tzinfo=dt.UTC), enrolment)
    assert both(found) == ("2026-11-19", "2026-11-19")


def test_late_step_does_not_compress_the_later_ones(book, enrolment):
    steps.done(book.ana, book.now, enrolment)
    # The email was due on Thursday 19; done on Wednesday 25, the check-in still comes three days later.
    assert both(steps.done(book.ana, book.at("2026-11-25"), enrolment)) == ("2026-11-28", "2026-11-30")


def test_step_done_logs_an_activity_with_the_programmes_points_once(book, enrolment):
    found = steps.done(book.ana, book.now, enrolment, notes="likes doorbells", who="Pat Marsh")
    (activity,) = log.list_for_customer(1)
    assert (activity.id, activity.type, activity.points) == (found.activity_id, "lead_call", 1)
    assert (activity.subject, activity.notes, activity.done_by) == ("Introduction call", "likes doorbells", "ana")
    assert points.month_points("ana", book.today) == 1
    assert undo.list_actions(book.ana)[0].summary == "Introduction call of Oak Terrace: done · +1 pt"


def test_who_and_when_are_kept_of_each_step(book, enrolment):
    steps.done(book.max, book.now, enrolment, notes="spoke to Pat")
    steps.skip(book.ana, book.at("2026-11-19"), enrolment, "asked by phone already")
    first, second, *_ = enrolments.get(enrolment, book.now).steps
    assert (first.state, first.finished_by, first.finished_at, first.notes) == (
        "done",
        "max",
        book.now,
        "spoke to Pat",
    )
    assert (second.state, second.finished_by, second.reason) == ("skipped", "ana", "asked by phone already")


def test_done_is_one_undo(book, enrolment):
    before = book.visible()
    steps.done(book.ana, book.now, enrolment)
    undo.undo(book.ana, book.now)
    assert book.visible() == before
    undo.redo(book.ana, book.now)
    assert enrolments.get(enrolment, book.now).position == 2


def test_skip_advances_at_once_and_needs_a_reason(book, enrolment):
    with pytest.raises(UsageError, match="reason"):
        steps.skip(book.ana, book.now, enrolment, " ")
    before = book.visible()
    found = steps.skip(book.ana, book.now, enrolment, "met them at the fair")
    assert both(found) == ("2026-11-19", "2026-11-19")
    assert not found.ask_to_end
    assert log.list_for_customer(1) == []
    undo.undo(book.ana, book.now)
    assert book.visible() == before


def test_two_skips_in_a_row_ask_whether_to_end(book, enrolment):
    assert not steps.skip(book.ana, book.now, enrolment, "no").ask_to_end
    assert steps.skip(book.ana, book.now, enrolment, "no").ask_to_end
    steps.done(book.ana, book.now, enrolment)
    # Nothing is left to end after the last step.
    last = steps.skip(book.ana, book.now, enrolment, "no")
    assert (last.ask_to_end, last.state, last.next_position) == (False, "completed", None)


def test_skip_after_a_done_step_does_not_ask(book, enrolment):
    steps.skip(book.ana, book.now, enrolment, "no")
    steps.done(book.ana, book.now, enrolment)
    assert not steps.skip(book.ana, book.now, enrolment, "no").ask_to_end


def test_snooze_moves_this_step_only(book, enrolment):
    before = book.visible()
    found = steps.snooze(book.ana, book.now, enrolment, dt.date(2026, 11, 24))
    assert both(found) == ("2026-11-18", "2026-11-24")
    states = execute(
        "SELECT position, state, due_on FROM enrolment_step WHERE enrolment_id = ? ORDER BY position", (enrolment,)
    ).fetchall()
    assert states == [(1, "snoozed", "2026-11-24"), (2, "pending", None), (3, "pending", None), (4, "pending", None)]
    with pytest.raises(UsageError, match="later day"):
        steps.snooze(book.ana, book.now, enrolment, book.today)
    undo.undo(book.ana, book.now)
    assert book.visible() == before
    steps.snooze(book.ana, book.now, enrolment, dt.date(2026, 11, 24))
    assert both(steps.done(book.ana, book.at("2026-11-24"), enrolment)) == ("2026-11-25", "2026-11-25")


def test_new_owner_takes_the_open_step_along(book, enrolment):
    book.set_customer(1, owner_id=book.bo.id)
    (row,) = enrolments.list_enrolments(book.now, owner_id=book.bo.id)
    assert (row.id, row.position, row.owner) == (enrolment, 1, "bo")
    assert enrolments.list_enrolments(book.now, owner_id=book.ana.id) == []
    steps.done(book.bo, book.now, enrolment)


def test_second_of_two_who_do_one_step_is_told(book, enrolment):
    steps.done(book.ana, book.now, enrolment, position=1)
    with pytest.raises(ChangedMeanwhileError, match="Information email is next"):
        steps.done(book.max, book.now, enrolment, position=1)
    assert enrolments.get(enrolment, book.now).position == 2


def test_programme_without_a_talk_at_its_end_completes(book):
    programmes.new_version(
        book.olga, book.now, "welcome", [ProgrammeStep(1, "letter", "Welcome letter", 0, "thank_you_card")]
    )
    (enrolment,) = enrolments.start(book.ana, book.now, [book.account()], programme="welcome")
    found = steps.done(book.ana, book.now, enrolment)
    assert (found.state, found.next_due_on, found.points) == ("completed", None, 1)
    assert enrolments.get(enrolment, book.now).state == "completed"


def test_forecast_shows_both_dates_of_the_steps_to_come(book, enrolment):
    detail = enrolments.get(enrolment, book.now)
    assert [(s.counted_on.isoformat(), s.due_on.isoformat(), s.is_forecast) for s in detail.steps] == [
        ("2026-11-18", "2026-11-18", False),
        ("2026-11-19", "2026-11-19", True),
        ("2026-11-22", "2026-11-23", True),
        ("2026-11-25", "2026-11-25", True),
    ]
    late = enrolments.get(enrolment, book.at("2026-11-20"))
    assert (late.late_working_days, late.steps[1].counted_on) == (2, dt.date(2026, 11, 21))


# Holds ------------------------------------------------------------------------------------------


def test_high_case_holds_nurture_and_it_resumes_by_itself(book, enrolment):
    book.set_customer(1, has_high_case=1, open_cases=1)
    with pytest.raises(RefusedError, match="on hold: Open case of high severity; it resumes by itself"):
        steps.done(book.ana, book.now, enrolment)
    with pytest.raises(RefusedError, match="on hold"):
        steps.skip(book.ana, book.now, enrolment, "no")
    assert enrolments.get(enrolment, book.now).hold == "Open case of high severity"
    book.set_customer(1, has_high_case=0)
    assert enrolments.get(enrolment, book.now).hold == ""
    assert steps.done(book.ana, book.now, enrolment).next_position == 2


def test_overdue_invoice_holds_nurture_and_it_resumes_by_itself(book, enrolment):
    book.set_customer(1, unpaid_minor=198000, unpaid_since="2026-10-08")
    with pytest.raises(RefusedError, match=r"Unpaid \$1,980\.00, 41 days"):
        steps.check(book.ana, book.now, enrolment)
    book.set_customer(1, unpaid_minor=0, unpaid_since=None)
    assert steps.done(book.ana, book.now, enrolment).next_position == 2


def test_invoice_that_is_not_due_yet_holds_nothing(book, enrolment):
    book.set_customer(1, unpaid_minor=198000, unpaid_since="2026-11-30")
    assert steps.done(book.ana, book.now, enrolment).next_position == 2


def test_held_enrolment_can_still_be_ended(book, enrolment):
    book.set_customer(1, has_high_case=1)
    enrolments.end(book.ana, book.now, enrolment, "replied")
    assert enrolments.get(enrolment, book.now).state == "exited"


# Do not contact ---------------------------------------------------------------------------------


def test_do_not_contact_of_the_account_blocks_a_step_before_its_channel_opens(book, enrolment):
    book.set_customer(1, do_not_contact=1)
    with pytest.raises(RefusedError, match="Oak Terrace asked not to be contacted"):
        steps.check(book.ana, book.now, enrolment)
    with pytest.raises(RefusedError, match="asked not to be contacted"):
        steps.done(book.ana, book.now, enrolment)
    assert log.list_for_customer(1) == []


def test_do_not_contact_of_the_person_blocks_a_step_before_its_channel_opens(book, enrolment):
    book.set_person(1, do_not_contact=1)
    with pytest.raises(RefusedError, match="Pat Marsh of Oak Terrace asked not to be contacted"):
        steps.check(book.ana, book.now, enrolment)
    with journal.action(book.olga, book.now, "person.add", "Added Kim Larch"):
        execute("UPDATE person SET is_primary = 0")
        execute("INSERT INTO person (account_id, name, is_primary) VALUES (1, 'Kim Larch', 1)")
    assert steps.check(book.ana, book.now, enrolment).account.person == "Kim Larch"


def test_blocked_step_can_be_skipped_or_ended(book, enrolment):
    book.set_customer(1, do_not_contact=1)
    steps.skip(book.ana, book.now, enrolment, "asked not to be called")
    enrolments.end(book.ana, book.now, enrolment, "opted_out")
    assert enrolments.get(enrolment, book.now).exit_reason == "opted_out"
