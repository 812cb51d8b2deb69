from __future__ import annotations

import datetime as dt

import pytest

from models.activities import next_steps, tasks
from models.deals import deals
from models.errors import UsageError
from models.nurture import enrolments, week


def lines(section):
    return [(e.kind, e.customer, e.text) for e in section]


@pytest.fixture
def busy(book):
    """Plan ana's week: one late call, three steps on Friday, one the week after, a task today."""
    oak, cedar = book.account("Oak Terrace"), book.account("Cedar Bank")
    enrolments.start(book.ana, book.at("2026-11-16"), [oak])

    def step(text, day, **more):
        deal = deals.create(book.ana, book.at("2026-11-02"), cedar)
        next_steps.set_step(book.ana, book.at("2026-11-02"), deal, text, dt.date.fromisoformat(day), **more)

    step("Any time", "2026-11-20")
    step("Site visit", "2026-11-20", minute=570, minutes=90)
    step("Coffee", "2026-11-20", minute=480, minutes=30)
    step("Call", "2026-11-25", minute=600)
    tasks.plan(book.ana, book.now, customer_id=oak, text="Mend the address", on=book.today)
    return book


def test_a_week_has_its_days_by_start_and_what_is_late_before_them(busy):
    found = week.list_week(busy.ana.id, busy.now)
    assert (lines(found.late), found.late_count) == ([("nurture", "Oak Terrace", "Introduction call")], 1)
    assert [day.on.day for day in found.days] == [18, 19, 20, 21, 22, 23, 24]
    assert [day.due for day in found.days] == [1, 0, 3, 0, 0, 0, 0]
    assert [day.day_off for day in found.days] == ["", "", "", "weekend", "weekend", "", ""]
    assert lines(found.days[0].items) == [("task", "Oak Terrace", "Mend the address")]
    friday = found.days[2]
    assert [(item.text, item.minute, item.minutes) for item in friday.items] == [
        ("Coffee", 480, 30),
        ("Site visit", 570, 90),
        ("Any time", None, None),
    ]
    assert friday.minutes == 120


def test_the_week_after_begins_where_it_is_asked_to(busy):
    found = week.list_week(busy.ana.id, busy.now, first=dt.date(2026, 11, 25))
    assert [(day.on.isoformat(), day.day_off) for day in found.days[:2]] == [
        ("2026-11-25", ""),
        ("2026-11-26", "Thanksgiving Day"),
    ]
    assert lines(found.days[0].items) == [("deal", "Cedar Bank", "Call")]
    assert found.late_count == 1
    with pytest.raises(UsageError, match="not on Tue 17 Nov 2026"):
        week.list_week(busy.ana.id, busy.now, first=dt.date(2026, 11, 17))


def test_a_week_of_nurture_of_a_team_and_of_others(busy):
    nurture = week.list_week(busy.ana.id, busy.now, view="nurture")
    assert (nurture.late_count, sum(day.due for day in nurture.days)) == (1, 0)
    only_deals = week.list_week(busy.ana.id, busy.now, view="deals")
    assert (only_deals.late_count, sum(day.due for day in only_deals.days)) == (0, 4)
    team = week.list_week(None, busy.now, team_id=busy.max.team_id)
    assert team == week.list_week(busy.ana.id, busy.now)
    assert sum(day.due for day in week.list_week(busy.bo.id, busy.now).days) == 0
    with pytest.raises(UsageError):
        week.list_week(busy.ana.id, busy.now, view="mine")


def test_a_full_day_is_cut_and_counted_whole(busy):
    friday = week.list_week(busy.ana.id, busy.now, limit=1).days[2]
    assert ([item.text for item in friday.items], friday.due) == (["Coffee"], 3)
