from __future__ import annotations

import datetime as dt

import pytest

from models.activities import next_steps, tasks
from models.database import execute
from models.deals import deals
from models.deals.records import TechState
from models.errors import UsageError
from models.nurture import agenda, agenda_rows, enrolments, steps
from models.nurture.agenda_rows import Whose


def deal_with_step(book, customer, text, day, *, owner="ana", planned="2026-11-02", **fields):
    actor = book.actors[owner]
    deal = deals.create(actor, book.at(planned), customer, **fields)
    next_steps.set_step(actor, book.at(planned), deal, text, dt.date.fromisoformat(day))
    return deal


def lines(section):
    return [(e.kind, e.customer, e.text) for e in section]


@pytest.fixture
def full(book):
    """Put something into every section of ana's agenda, and one line into bo's."""
    oak, pine, cedar, willow = (book.account(n) for n in ("Oak Terrace", "Pine Court", "Cedar Bank", "Willow Foods"))
    enrolments.start(book.ana, book.at("2026-11-16"), [oak])
    (tomorrow,) = enrolments.start(book.ana, book.now, [pine])
    enrolments.start(book.ana, book.now, [cedar, willow])
    steps.done(book.ana, book.now, tomorrow)
    book.set_customer(willow, unpaid_minor=198000, unpaid_since="2026-10-08")
    deal_with_step(book, oak, "Send quote r3", "2026-11-13", amount_minor=2684800)
    deal_with_step(book, cedar, "Site visit", "2026-11-18")
    deal_with_step(book, cedar, "Call", "2026-11-23")
    deal_with_step(book, book.account("Rowan Hotel", owner="bo"), "Bo's call", "2026-11-18", owner="bo")
    tasks.plan(book.ana, book.now, customer_id=oak, text="Mend the address", on=book.today)
    return book


def test_agenda_has_what_is_late_due_and_to_come(full):
    found = agenda.list_agenda(full.ana.id, full.now)
    assert lines(found.late) == [
        ("deal", "Oak Terrace", "Send quote r3"),
        ("nurture", "Oak Terrace", "Introduction call"),
    ]
    assert lines(found.nurture_today) == [("nurture", "Cedar Bank", "Introduction call")]
    assert lines(found.deals_today) == [
        ("deal", "Cedar Bank", "Site visit"),
        ("task", "Oak Terrace", "Mend the address"),
    ]
    assert lines(found.tomorrow) == [("nurture", "Pine Court", "Information email")]
    assert [(d.on.isoformat(), d.due, d.day_off) for d in found.later] == [
        ("2026-11-23", 1, ""),
        ("2026-11-26", 0, "Thanksgiving Day"),
    ]
    assert [(e.customer, e.hold) for e in found.on_hold] == [("Willow Foods", "Unpaid $1,980.00, 41 days")]
    assert found.later_items is None
    with_later = agenda.list_agenda(full.ana.id, full.now, with_later=True)
    assert lines(with_later.later_items) == [("deal", "Cedar Bank", "Call")]
    assert with_later._replace(later_items=None) == found
    counts = (found.late_count, found.nurture_today_count, found.deals_today_count, found.tomorrow_count)
    assert counts == (2, 1, 2, 1)
    assert (found.later_count, found.on_hold_count) == (1, 1)


def test_late_counts_working_days_and_the_signs_are_there(full):
    quote, call = agenda.list_agenda(full.ana.id, full.now).late
    assert (quote.late_working_days, quote.tech, quote.channel) == (3, TechState.DUE, "call")
    assert (call.late_working_days, call.position, call.of) == (2, 1, 4)


def test_view_narrows_to_nurture_or_deals(full):
    nurture = agenda.list_agenda(full.ana.id, full.now, view="nurture")
    assert {e.kind for e in (*nurture.late, *nurture.tomorrow, *nurture.on_hold)} == {"nurture"}
    assert (nurture.deals_today, nurture.later_count) == ((), 0)
    only_deals = agenda.list_agenda(full.ana.id, full.now, view="deals")
    assert (only_deals.nurture_today, only_deals.on_hold, len(only_deals.late)) == ((), (), 1)
    with pytest.raises(UsageError):
        agenda.list_agenda(full.ana.id, full.now, view="mine")


def test_agenda_of_one_of_a_team_and_of_everybody(full):
    def today(owner_id, **more):
        return {e.text for e in agenda.list_agenda(owner_id, full.now, view="deals", **more).deals_today}

    assert today(full.bo.id) == {"Bo's call"}
    assert today(None) == {"Bo's call", "Site visit", "Mend the address"}
    assert today(None, team_id=full.max.team_id) == today(None)
    assert today(full.uma.id) == set()


def test_new_owner_has_the_open_step_on_their_agenda(full):
    full.set_customer(3, owner_id=full.bo.id)
    assert lines(agenda.list_agenda(full.bo.id, full.now).nurture_today) == [
        ("nurture", "Cedar Bank", "Introduction call")
    ]
    assert agenda.list_agenda(full.ana.id, full.now).nurture_today == ()


def test_hold_leaves_the_agenda_by_itself(full):
    full.set_customer(4, unpaid_minor=0, unpaid_since=None)
    found = agenda.list_agenda(full.ana.id, full.now)
    assert found.on_hold == ()
    assert [e.customer for e in found.nurture_today] == ["Cedar Bank", "Willow Foods"]


def test_blocked_line_says_what_to_mend(full):
    full.set_person(2, email="")
    (line,) = agenda.list_agenda(full.ana.id, full.now).tomorrow
    assert line.blocked == "Pat Marsh of Pine Court has no email address: add it to the person"


def test_booked_meeting_is_one_line_at_its_time(book):
    (made,) = enrolments.start(book.ana, book.now, [book.account()])
    steps.done(book.ana, book.now, made, result="meeting", meeting_on=dt.date(2026, 11, 19), meeting_minute=870)
    found = agenda.list_agenda(book.ana.id, book.now)
    assert [(e.kind, e.minute) for e in found.tomorrow] == [("nurture", 870)]


def test_lists_are_cut_but_counts_are_not(book):
    account = book.account()
    for n in range(5):
        deal_with_step(book, account, f"Call {n}", "2026-11-18")
    found = agenda.list_agenda(book.ana.id, book.now, limit=3)
    assert (len(found.deals_today), found.deals_today_count) == (3, 5)


def test_days_bound_what_is_later(full):
    assert agenda.list_agenda(full.ana.id, full.now, days=3).later == ()
    with pytest.raises(UsageError):
        agenda.list_agenda(full.ana.id, full.now, days=0)


@pytest.mark.parametrize("login", ["ana", ""])
def test_agenda_counts_deals_from_an_index_alone(full, login):
    source, params = agenda_rows._open_deals(Whose(full.actors[login].id if login else None))[0]
    plan = execute(
        f"EXPLAIN QUERY PLAN SELECT d.next_step_on, count(*) FROM {source} AND d.next_step_on <= ?"
        " GROUP BY d.next_step_on",
        (*params, "2026-12-02"),
    ).fetchall()
    (access,) = [row[3] for row in plan if row[3].split()[1] == "d"]
    assert access.startswith("SEARCH d USING COVERING INDEX")
    assert "next_step_on<?" in access
