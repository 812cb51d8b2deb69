"""Closing a month of points: what was counted stands, and counts never again."""

from __future__ import annotations

import datetime as dt

import pytest

from models import journal, undo
from models.activities import log, months, next_steps, points, quota
from models.database import execute, put_setting
from models.deals import deals, stages
from models.errors import NotAllowedError, RefusedError

OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


def test_a_closed_month_stands_whatever_is_undone_afterwards(book):
    account = book.account()
    log.log(book.ana, book.at("2026-10-20"), customer_id=account, channel="visit")
    deal = deals.create(book.ana, book.at("2026-10-21"), account)
    assert points.month_points("ana", OCTOBER) == 15
    assert months.close(book.olga, book.now, OCTOBER) == 15
    assert [found.month for found in months.list_closed()] == [OCTOBER]

    undo.undo(book.ana, book.now)
    undo.undo(book.ana, book.now)
    assert execute("SELECT count(*) FROM deal WHERE id = ?", (deal,)).fetchone()[0] == 0
    assert points.month_points("ana", OCTOBER) == 15
    assert [(one.thing, one.code, one.points) for one in points.list_scored("ana", OCTOBER)] == [
        ("deal", "add_prospect", 3),
        ("activity", "discovery_meeting", 12),
    ]


def test_what_was_counted_in_a_closed_month_counts_in_no_other(book):
    deal = book.deal("qualify", 5_000)
    next_steps.set_step(book.ana, book.at("2026-10-20"), deal, "Call Pat", dt.date(2026, 10, 22))
    next_steps.done(book.ana, book.at("2026-10-22"), deal)
    months.close(book.olga, book.now, OCTOBER)
    before = points.month_points("ana", NOVEMBER)
    undo.undo(book.ana, book.now)
    next_steps.done(book.ana, book.now, deal)
    assert points.month_points("ana", OCTOBER) == 1
    assert points.month_points("ana", NOVEMBER) == before


def test_a_new_activity_with_the_number_of_one_taken_back_counts(book):
    account = book.account()
    first = log.log(book.ana, book.at("2026-10-20"), customer_id=account, channel="visit")
    months.close(book.olga, book.now, OCTOBER)
    undo.undo(book.ana, book.now)
    assert log.log(book.ana, book.now, customer_id=account, channel="visit") == first
    assert points.month_points("ana", NOVEMBER) == 12


def test_nothing_more_scores_in_a_closed_month(book):
    account = book.account()
    months.close(book.olga, book.now, OCTOBER)
    log.log(book.ana, book.now, customer_id=account, channel="visit", on=dt.date(2026, 10, 30))
    assert points.month_points("ana", OCTOBER) == 0
    assert points.month_points("ana", NOVEMBER) == 0


def test_reopening_a_deal_leaves_a_closed_month_alone(book):
    account = book.account()
    deal = deals.create(book.ana, book.at("2026-10-05"), account)
    stages.lose(book.ana, book.at("2026-10-06"), deal, "price", "Pat Marsh", dt.date(2026, 10, 6), "")
    months.close(book.olga, book.now, OCTOBER)
    stages.reopen(book.ana, book.now, deal, "they called back")
    assert (points.month_points("ana", OCTOBER), points.month_points("ana", NOVEMBER)) == (3, 0)


def test_another_time_zone_moves_nothing_out_of_a_closed_month_or_into_the_next(book):
    account = book.account()
    # 05:30 UTC on 1 November: October in Denver, November in London.
    log.log(book.ana, dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC), customer_id=account, channel="visit")
    months.close(book.olga, book.now, OCTOBER)
    with journal.action(book.olga, book.now, "process.use", "Moved to London"):
        put_setting("company_timezone", "Europe/London")
    assert (points.month_points("ana", OCTOBER), points.month_points("ana", NOVEMBER)) == (12, 0)


def test_only_operations_close_a_month_once_and_when_it_is_over(book):
    with pytest.raises(NotAllowedError):
        months.close(book.max, book.now, OCTOBER)
    with pytest.raises(RefusedError, match="isn't over"):
        months.close(book.olga, book.now, NOVEMBER)
    # 06:30 UTC on 1 December is still November in Denver.
    with pytest.raises(RefusedError, match="isn't over"):
        months.close(book.olga, dt.datetime(2026, 12, 1, 6, 30, tzinfo=dt.UTC), NOVEMBER)
    months.close(book.olga, book.now, OCTOBER)
    with pytest.raises(RefusedError, match="closed already"):
        months.close(book.olga, book.now, OCTOBER)
    with pytest.raises(RefusedError, match="stays closed"):
        undo.undo(book.olga, book.now)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM closed_month",
        "UPDATE closed_month SET month = '2026-09'",
        "DELETE FROM closed_score",
        "UPDATE closed_score SET points = 100",
        "INSERT OR REPLACE INTO closed_month (month, closed_at, closed_by) VALUES ('2026-10', 1, 'olga')",
        "INSERT INTO closed_month (month, closed_at, closed_by) VALUES ('2026-11', 1, 'olga')",
        "INSERT INTO closed_score (thing, thing_id, born_at, month, login, type, points, at)"
        " VALUES ('deal', 99, 1, '2026-10', 'ana', 'add_prospect', 90, 1)",
    ],
)
def test_the_database_keeps_a_closed_month(book, sql):
    log.log(book.ana, book.at("2026-10-20"), customer_id=book.account(), channel="visit")
    months.close(book.olga, book.now, OCTOBER)
    with pytest.raises(RefusedError) as refused, journal.action(book.olga, book.now, "points.close", "By hand"):
        execute(sql)
    assert refused.value.rule in ("CRM402", "CRM403")
    assert points.month_points("ana", OCTOBER) == 12


def test_the_database_lets_only_operations_close(book):
    with pytest.raises(RefusedError) as refused, journal.action(book.max, book.now, "points.close", "By hand"):
        execute("INSERT INTO closed_month (month, closed_at, closed_by) VALUES ('2026-10', 1, 'olga')")
    assert refused.value.rule == "CRM401"


def test_the_month_is_worth_644_points_and_the_quota_is_500(book):
    standing = quota.get_standing("ana", NOVEMBER, book.now)
    assert (standing.plan_points, standing.quota, standing.scored) == (644, 500, 0)
    assert len(standing.lines) == 21
    assert {line.group for line in standing.lines} == {
        "adding to the funnel",
        "funnel stages",
        "farming open deals",
        "farming customers",
    }


def test_each_activity_has_the_points_and_the_number_a_month_of_the_table(book):
    """Rules 6: the table, in its words."""
    standing = quota.get_standing("ana", NOVEMBER, book.now)
    assert {line.name: (line.points_each, line.planned) for line in standing.lines} == {
        "add prospect to funnel": (3, 20),
        "first appointment": (10, 7),
        "discovery meeting": (12, 4),
        "presentation appointment": (14, 4),
        "follow-up appointment to close": (16, 0),
        "proactive date with client": (5, 0),
        "follow-up call or email": (1, 0),
        "thank-you postcard after a meeting": (1, 0),
        "two-hour cold-call block": (15, 4),
        "marketing track activity call": (1, 0),
        "lead follow-up call": (1, 0),
        "social event or trade show": (10, 2),
        "webinar or lunch and learn hosted": (10, 1),
        "lunch date with client": (5, 2),
        "value-add proactive email": (2, 10),
        "technology business review": (20, 4),
        "referral given to a client": (5, 1),
        "new hardware quote": (5, 15),
        "new addendum quote": (10, 10),
        "thank-you card": (1, 10),
        "approved wow experience": (10, 2),
    }


def test_a_standing_counts_working_days_and_the_pace(book):
    with journal.action(book.olga, book.now, "setup", "A holiday"):
        execute("DELETE FROM holiday")
        execute("INSERT INTO holiday (on_date, name) VALUES ('2026-11-26', 'Thanksgiving')")
    account = book.account()
    for _ in range(30):
        log.log(book.ana, book.now, customer_id=account, channel="visit")
    standing = quota.get_standing("ana", NOVEMBER, book.now)
    assert (standing.scored, standing.to_go, standing.percent) == (360, 140, 72)
    # 2 to 18 November are 13 working days; 19, 20, 23, 24, 25, 27 and 30 are left.
    assert (standing.days_past, standing.days_left, standing.holidays) == (13, 7, (dt.date(2026, 11, 26),))
    assert (standing.pace, standing.pace_needed) == (28, 20)
    chosen = quota.nearest(standing)
    assert sum(line.points_each * times for line, times in chosen) >= 140
    assert all(times <= line.left for line, times in chosen)
    past = quota.get_standing("ana", OCTOBER, book.now)
    assert (past.days_left, past.holidays, past.to_go) == (0, (), 500)


def test_managers_see_everybody_and_others_their_teams_total(book):
    log.log(book.bo, book.now, customer_id=book.account(), channel="visit")
    (west,) = quota.list_teams(book.max, NOVEMBER)
    assert [(one.login, one.scored, one.quota) for one in west.members] == [("bo", 12, 500), ("ana", 0, 500)]
    assert (west.scored, west.quota, west.sellers) == (12, 1000, 2)
    (own,) = quota.list_teams(book.ana, NOVEMBER)
    assert [one.login for one in own.members] == ["ana"]
    assert own.scored == 12
    assert quota.list_teams(book.sid, NOVEMBER) == []
