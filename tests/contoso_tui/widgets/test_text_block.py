"""Blocks of text: empty lines give way before anything that says something is cut."""

from __future__ import annotations

from contoso_tui.widgets.text_block import BLANK, squeezed, text_line

ONE, TWO, THREE = (text_line(word) for word in ("one", "two", "three"))
LINES = (ONE, BLANK, TWO, BLANK, THREE)


def test_empty_lines_give_way_to_what_does_not_fit_the_last_ones_first() -> None:
    assert squeezed(LINES, 5) == LINES
    assert squeezed(LINES, 4) == (ONE, BLANK, TWO, THREE)
    assert squeezed(LINES, 3) == (ONE, TWO, THREE)
    # Nothing that says something goes: what still has no room is counted by the widget.
    assert squeezed(LINES, 2) == (ONE, TWO, THREE)


def test_before_the_height_is_known_nothing_is_left_out() -> None:
    assert squeezed(LINES, 0) == LINES
