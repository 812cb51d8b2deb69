"""Two versions of a text beside each other: what differs is in view, whatever its length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contoso_tui.forms.compare import MOST_ROWS, compared
from contoso_tui.text import cells, clean

LONG = "The customer wants doorbells for three houses and a monitoring plan before spring; " * 4


def words(rows) -> str:
    return "".join(text for row in rows for text, _ in row)


def marked(rows) -> str:
    return "".join(text for row in rows for text, style in row if style == "amount")


@pytest.mark.parametrize("width", [30, 42, 90])
def test_the_part_that_differs_is_in_view_and_marked(width) -> None:
    theirs, mine, before = compared(LONG + "call Kim first", LONG + "call Lee first", LONG, width)
    assert (marked(theirs), marked(mine), marked(before)) == ("Kim", "Lee", "")
    assert words(theirs).startswith("…")
    assert words(theirs).endswith("first")
    assert words(before).startswith("…")


def test_what_fits_is_shown_whole() -> None:
    theirs, mine, before = compared("by spring", "by March, two houses", "", 40)
    assert (words(theirs), words(mine), words(before)) == ("by spring", "by March, two houses", "empty")
    assert marked(mine) == "March, two houses"


def test_a_script_without_spaces_is_cut_at_the_difference() -> None:
    theirs, mine, _ = compared("東" * 300 + "京駅", "東" * 300 + "西駅", "", 40)
    assert "京" in marked(theirs)
    assert "西" in marked(mine)


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200), st.integers(42, 100))
def test_any_texts_keep_to_their_room_and_differ_in_view(same, theirs, mine, width) -> None:
    found = compared(same + theirs, same + mine, same, width)
    for rows in found:
        assert 1 <= len(rows) <= MOST_ROWS
        assert all(sum(cells(text) for text, _ in row) <= width + 1 for row in rows)
    if clean(same + theirs) != clean(same + mine):
        assert found[0] != found[1]
