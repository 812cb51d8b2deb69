from __future__ import annotations

import datetime as dt
import json

import pytest

from models import clock, journal, process, undo
from models.activities import log, points
from models.database import execute
from models.deals import deals

NOVEMBER = dt.date(2026, 11, 1)


def test_points_count_in_the_month_of_doing_in_the_companys_time_zone(book):
    account = book.account()
    # 05:30 UTC on 1 November is still 31 October in Denver; an hour later it is November.
    log.log(book.ana, dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC), customer_id=account, channel="visit")
    log.log(book.ana, dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC), customer_id=account, channel="call")
    assert points.month_points("ana", dt.date(2026, 10, 9)) == 12
    assert points.month_points("ana", NOVEMBER) == 1
    assert points.month_points("ana", NOVEMBER, "UTC") == 13
    assert points.month_points("ana", dt.date(2026, 12, 1)) == 0


def test_points_are_for_who_did_it_and_undo_takes_them_back(book):
    account = book.account(owner="ana")
    log.log(book.bo, book.now, customer_id=account, channel="visit")
    assert (points.month_points("ana", NOVEMBER), points.month_points("bo", NOVEMBER)) == (0, 12)
    undo.undo(book.bo, book.now)
    assert points.month_points("bo", NOVEMBER) == 0


def test_deal_opened_scores_add_prospect_but_not_an_imported_one(book):
    account = book.account()
    deals.create(book.ana, book.now, account)
    assert points.month_points("ana", NOVEMBER) == 3
    undo.undo(book.ana, book.now)
    assert points.month_points("ana", NOVEMBER) == 0
    deal = deals.create(book.ana, book.now, account)
    with journal.action(book.ana._replace(path="import"), book.now, "import.run", "Imported deals"):
        run = execute(
            "INSERT INTO import_run (actor, started_at) VALUES ('ana', ?)", (clock.to_micros(book.now),)
        ).lastrowid
        execute("UPDATE deal SET run_id = ? WHERE id = ?", (run, deal))
    assert points.month_points("ana", NOVEMBER) == 0


@pytest.mark.parametrize("sender", ["ana", "max"])
def test_first_quote_of_a_deal_scores_new_hardware_and_later_ones_addendum(book, sender):
    account = book.account()
    deal = deals.create(book.ana, book.at("2026-10-05"), account)
    for revision, day in ((1, "2026-10-20"), (2, "2026-11-03"), (3, "2026-11-10")):
        with journal.action(book.ana, book.at(day), "quote.create", "New quote"):
            quote = execute(
                "INSERT INTO quote (number, revision, deal_id, valid_until, created_at, created_by)"
                " VALUES (1, ?, ?, '2026-12-31', ?, 'ana')",
                (revision, deal, clock.to_micros(book.at(day))),
            ).lastrowid
        with journal.action(book.actors[sender], book.at(day), "quote.send", "Sent", can_undo=False):
            execute("UPDATE quote SET state = 'sent', sent_at = ? WHERE id = ?", (clock.to_micros(book.at(day)), quote))
    october = points.list_month(sender, dt.date(2026, 10, 1))
    assert ("hardware_quote", 1, 5) in [(s.code, s.times, s.score) for s in october]
    assert [(s.code, s.points_each, s.times, s.score) for s in points.list_month(sender, NOVEMBER)] == [
        ("addendum_quote", 10, 2, 20)
    ]


def test_a_quota_is_for_those_who_sell_and_only_where_the_process_has_one(book):
    rules = process.current()
    assert [process.quota_of(book.actors[login], rules) for login in ("ana", "bo", "uma", "max", "olga")] == [
        500,
        500,
        None,
        None,
        None,
    ]
    assert process.quota_of(book.ana, rules._replace(points_quota=None)) is None
    parsed = json.loads(execute("SELECT parsed FROM process_version").fetchone()[0])
    del parsed["points_quota"]
    assert process.parse(json.dumps(parsed)).points_quota is None
