"""The board's own words, without a screen."""

from __future__ import annotations

import datetime as dt

import pytest

from contoso_tui.screens import board_words
from models.deals.records import Closing, Outcome, StageTotal, TechState
from tests.contoso_tui.widgets.board_deals import TODAY, make_card

LIMIT = 2_000_000
TOTALS = [StageTotal("quote", 2, 62_900_000, 33_300_000, 4, 0)]
NOVEMBER = dt.date(2026, 11, 18)


def told(is_wide: bool, width: int = 0, **changes: object) -> str:
    cells = width or (140 if is_wide else 80)
    parts = board_words.detail(make_card(**changes), LIMIT, TODAY, cells, is_wide=is_wide)
    return "".join(text for text, _ in parts)


@pytest.mark.parametrize("width", [60, 80, 120, 140])
def test_a_long_name_gives_way_to_id_and_amount(width: int) -> None:
    line = told(width >= 120, width, customer="Fern & Willow Clinics " * 9, what="Site " * 9, unpaid_minor=315_000)
    assert line.startswith(" Fern & Willow")
    assert " · D-0001 · $12,000.00" in line
    assert len(line) <= width
    assert "… · " in line


def test_the_least_important_goes_first_and_nothing_is_cut() -> None:
    bad = {
        "customer": "Coralstone Hospice",
        "tech": TechState.DUE,
        "unpaid_minor": 315_000,
        "unpaid_since": TODAY - dt.timedelta(days=72),
        "open_cases": 1,
    }
    assert told(False, 80, **bad) == " Coralstone Hospice · D-0001 · $12,000.00 · T? over $20,000 · unpaid $3,150 · C1"
    assert told(False, 100, **bad).endswith(" · T? over $20,000 · unpaid $3,150 (72d) · 1 open case")
    assert told(False, 60, **bad) == " Coralstone Hospice · D-0001 · $12,000.00 · T? · $! · C1"


def test_a_closed_deal_says_when_and_why() -> None:
    ended = {"closed_on": TODAY - dt.timedelta(days=6), "tech": TechState.DUE}
    lost = told(False, 80, outcome=Outcome.LOST, lost_reason="no need", **ended)
    assert lost == " Customer 1 · D-0001 · $12,000.00 · lost on Thu 12 Nov: no need · ana.wu"
    assert "T?" not in told(True, 140, outcome=Outcome.WON, **ended)


@pytest.mark.parametrize(("is_wide", "amount"), [(False, "$3,150"), (True, "$3,150.00")])
def test_the_line_says_how_long_a_customer_owes(is_wide: bool, amount: str) -> None:
    since = TODAY - dt.timedelta(days=72)
    assert f"unpaid {amount} (72d)" in told(is_wide, unpaid_minor=315_000, unpaid_since=since)


@pytest.mark.parametrize("since", [None, TODAY, TODAY + dt.timedelta(days=3)])
def test_what_is_not_past_due_has_no_days(since: dt.date | None) -> None:
    line = told(False, unpaid_minor=315_000, unpaid_since=since)
    assert "unpaid $3,150" in line
    assert "d)" not in line


def figures(points: int | None, quota: int | None, room: int = 60) -> str:
    return board_words.figures("ana.wu", TOTALS, points, quota, NOVEMBER, room)


def test_points_stand_beside_their_quota_in_room_that_was_left_free() -> None:
    waiting, shown, few = figures(None, 500), figures(365, 500), figures(7, 500)
    assert shown == "ana.wu  Q4  $629k open  $333k wtd  pts 365/500 "
    assert few.endswith("pts 7/500 ")
    assert len(waiting) == len(shown) == len(few)
    assert waiting.rstrip() == "ana.wu  Q4  $629k open  $333k wtd"


@pytest.mark.parametrize("points", [None, 365])
def test_without_a_quota_there_are_no_points(points: int | None) -> None:
    assert figures(points, None) == "ana.wu  Q4  $629k open  $333k wtd "


@pytest.mark.parametrize(
    ("room", "told"),
    [
        (47, "ana.wu  $629k open  $333k wtd  pts 365/500 "),
        (40, "ana.wu  $629k open  pts 365/500 "),
        (30, "ana.wu  $629k open "),
        (12, "ana.wu "),
    ],
)
def test_the_user_stays_where_figures_have_no_room(room: int, told: str) -> None:
    assert figures(365, 500, room) == told


def test_a_view_of_closed_deals_counts_the_quarter() -> None:
    def told(closed: board_words.Closed | None) -> str:
        return board_words.figures("ana.wu", None, 7, None, NOVEMBER, 60, closed)

    assert told(None) == "ana.wu "
    won = board_words.Closed("won", [Closing("", 10, 10_400_000)])
    assert told(won) == "ana.wu  Q4  10 won  $104k "
    assert won.parts({}, 80) == []
    lost = board_words.Closed("lost", [Closing("disqualified", 5, 1), Closing("price", 4, 1), Closing("budget", 1, 1)])
    names = {"price": "price", "budget": "No budget"}
    assert "".join(text for text, _ in lost.parts(names, 80)) == "lost this quarter:  no fit 5  price 4  no budget 1 "
    assert "".join(text for text, _ in lost.parts(names, 40)) == "lost this quarter:  no fit 5  price 4 "


@pytest.mark.parametrize(
    ("day", "first"), [("2026-11-18", "2026-10-01"), ("2026-03-31", "2026-01-01"), ("2026-07-01", "2026-07-01")]
)
def test_a_quarter_begins_with_its_first_month(day: str, first: str) -> None:
    assert board_words.quarter_start(dt.date.fromisoformat(day)) == dt.date.fromisoformat(first)
