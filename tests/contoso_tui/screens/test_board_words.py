"""The board's own words, without a screen."""

from __future__ import annotations

import datetime as dt

import pytest

from contoso_tui.screens import board_words
from models.deals.records import StageTotal
from tests.contoso_tui.widgets.board_deals import TODAY, make_card

LIMIT = 2_000_000
TOTALS = [StageTotal("quote", 2, 62_900_000, 33_300_000, 4, 0)]
NOVEMBER = dt.date(2026, 11, 18)


def told(is_wide: bool, **changes: object) -> str:
    parts = board_words.detail(make_card(**changes), LIMIT, TODAY, is_wide=is_wide)
    return "".join(text for text, _ in parts)


@pytest.mark.parametrize(("is_wide", "amount"), [(False, "$3,150"), (True, "$3,150.00")])
def test_the_line_says_how_long_a_customer_owes(is_wide: bool, amount: str) -> None:
    since = TODAY - dt.timedelta(days=72)
    assert f"unpaid {amount} (72d)" in told(is_wide, unpaid_minor=315_000, unpaid_since=since)


@pytest.mark.parametrize("since", [None, TODAY, TODAY + dt.timedelta(days=3)])
def test_what_is_not_past_due_has_no_days(since: dt.date | None) -> None:
    line = told(False, unpaid_minor=315_000, unpaid_since=since)
    assert "unpaid $3,150" in line
    assert "d)" not in line


def test_points_stand_beside_their_quota_in_room_that_was_left_free() -> None:
    waiting = board_words.figures(TOTALS, None, 500, NOVEMBER, 80)
    shown = board_words.figures(TOTALS, 365, 500, NOVEMBER, 80)
    few = board_words.figures(TOTALS, 7, 500, NOVEMBER, 80)
    assert shown == "Q4  $629k open  $333k wtd  pts 365/500 "
    assert few.endswith("pts 7/500 ")
    assert len(waiting) == len(shown) == len(few)
    assert waiting.rstrip() == "Q4  $629k open  $333k wtd"
    assert board_words.figures(TOTALS, 1365, 500, NOVEMBER, 60) == "$629k open  pts 1365/500 "


@pytest.mark.parametrize("points", [None, 365])
def test_without_a_quota_there_are_no_points(points: int | None) -> None:
    assert board_words.figures(TOTALS, points, None, NOVEMBER, 80) == "Q4  $629k open  $333k wtd "
