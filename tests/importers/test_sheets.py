"""Rows are kept as the texts that earlier versions kept: whatever they say, they don't look changed."""

from __future__ import annotations

import json

import orjson
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from('[]{},":\\/\x00\x1f\x7f\n\u2028'))
VALUES = TEXTS | st.booleans() | st.integers(-(10**15), 10**15)


@given(st.lists(TEXTS) | st.dictionaries(TEXTS, VALUES))
def test_a_row_is_written_as_the_standard_library_does(row: list[str] | dict[str, object]) -> None:
    assert orjson.dumps(row).decode() == json.dumps(row, ensure_ascii=False, separators=(",", ":"))
