"""Many rows encoded at once are what each would be alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers import json_rows

TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from('[]{},":\\\x1e\x1f\x00\n'))
VALUES = TEXTS | st.none() | st.integers() | st.booleans()


def alone(row):
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


@given(st.lists(st.lists(VALUES, min_size=1)) | st.lists(st.dictionaries(TEXTS, VALUES, min_size=1)))
def test_each_row_is_encoded_as_it_would_be_alone(rows):
    assert list(json_rows.encode(rows)) == [alone(row) for row in rows]


@pytest.mark.parametrize("row", [["a", ""], {"a": "b"}, {}])
def test_more_rows_than_one_piece_holds(row):
    assert list(json_rows.encode([row] * 25_000)) == [alone(row)] * 25_000


@given(st.integers(1, 3).flatmap(lambda wide: st.lists(st.lists(TEXTS, min_size=wide, max_size=wide))))
def test_each_row_of_texts_is_encoded_as_it_would_be_alone(rows):
    assert list(json_rows.encode_texts(rows)) == [alone(row) for row in rows]


def test_texts_without_anything_to_escape_are_joined():
    rows = [[f"Ünal {number}", "", "5.00"] for number in range(2_500)]
    assert list(json_rows.encode_texts(rows)) == [alone(row) for row in rows]
