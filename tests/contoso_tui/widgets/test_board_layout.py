"""Where columns stand at every size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contoso_tui.widgets.board_layout import BoardLayout, Shape, layout


def widths(board: BoardLayout) -> list[int]:
    return [box.width for box in board.boxes]


def test_at_80_the_cursors_column_gets_what_the_others_leave() -> None:
    board = layout(80, 21, 5, 2)
    assert widths(board) == [11, 11, 30, 12, 12]
    assert [box.x for box in board.boxes] == [0, 12, 24, 55, 68]
    assert (board.body_top, board.body_rows, board.has_frame) == (3, 18, False)


def test_moving_to_a_neighbour_shifts_no_third_column() -> None:
    for active in range(4):
        before, after = layout(80, 21, 5, active), layout(80, 21, 5, active + 1)
        for column in set(range(5)) - {active, active + 1}:
            assert before.box_of(column) == after.box_of(column)


def test_at_60_it_still_is_an_accordion_of_all_columns() -> None:
    assert widths(layout(60, 13, 5, 0)) == [12, 11, 11, 11, 11]


def test_from_100_columns_are_equal() -> None:
    assert widths(layout(100, 26, 5, 0)) == [20, 19, 19, 19, 19]
    assert not layout(100, 26, 5, 0).is_accordion
    assert layout(99, 26, 5, 0).is_accordion


def test_from_120_a_pane_leaves_an_accordion_of_84_cells() -> None:
    board = layout(85, 31, 5, 0, has_pane=True)
    assert widths(board) == [32, 12, 12, 12, 12]
    assert board.has_frame
    assert board.heading_rows == 2
    assert not layout(120, 31, 5, 0).is_accordion
    assert layout(104, 31, 5, 0, has_pane=True).is_accordion


def test_at_140_with_a_pane_there_are_five_columns_of_20() -> None:
    board = layout(105, 35, 5, 2, has_pane=True)
    assert widths(board) == [20] * 5
    assert [box.right for box in board.boxes] == [20, 41, 62, 83, 104]
    assert (board.has_frame, board.heading_rows, board.body_top, board.body_rows) == (True, 3, 5, 29)


def test_without_a_pane_140_has_the_tall_headings_too() -> None:
    assert layout(140, 35, 5, 2).heading_rows == 3
    assert layout(139, 35, 5, 2).heading_rows == 2


def test_more_than_six_columns_fold_those_far_from_the_cursor() -> None:
    assert all(box.shape is not Shape.FOLDED for box in layout(140, 35, 6, 0).boxes)
    board = layout(140, 35, 9, 4)
    assert [box.columns for box in board.boxes] == [(0, 1), (2,), (3,), (4,), (5,), (6,), (7, 8)]
    assert [box.shape for box in board.boxes if len(box.columns) > 1] == [Shape.FOLDED] * 2
    narrow = layout(80, 21, 9, 8)
    assert narrow.boxes[-1].columns == (8,)
    assert narrow.boxes[-1].width >= 20


def test_columns_folded_by_hand_give_their_room_away() -> None:
    board = layout(140, 35, 5, 0, folded={3, 4})
    assert board.boxes[-1].columns == (3, 4)
    assert board.boxes[-1].shape is Shape.FOLDED
    assert board.boxes[0].width > 28


@pytest.mark.parametrize(("width", "height"), [(59, 40), (200, 12), (0, 0), (1, 1)])
def test_too_small_a_window_has_no_columns(width: int, height: int) -> None:
    assert layout(width, height, 5, 0).is_plain


@given(
    width=st.integers(min_value=60, max_value=300),
    height=st.integers(min_value=13, max_value=100),
    columns=st.integers(min_value=1, max_value=9),
    active=st.integers(min_value=0, max_value=8),
    has_pane=st.booleans(),
    folded=st.sets(st.integers(min_value=0, max_value=8)),
)
def test_columns_and_separators_fill_the_width_exactly(
    width: int, height: int, columns: int, active: int, has_pane: bool, folded: set[int]
) -> None:
    active = min(active, columns - 1)
    hidden = {column for column in folded if column < columns}
    board = layout(width, height, columns, active, has_pane=has_pane, folded=hidden)
    assert [column for box in board.boxes for column in box.columns] == list(range(columns))
    assert board.boxes[0].x == 0
    for left, right in zip(board.boxes, board.boxes[1:], strict=False):
        assert right.x == left.right + 1
    assert board.boxes[-1].right == (width - 1 if has_pane else width)
    assert all(box.width >= 8 for box in board.boxes)
    active_box = board.box_of(active)
    assert active_box is not None
    if active not in hidden:
        assert active_box.columns == (active,)
        assert active_box.shape in (Shape.ACTIVE, Shape.EQUAL)
    assert board.body_top + board.body_rows + (1 if board.has_frame else 0) == height
    for x in range(width):
        assert board.box_at(x) is not None
