"""Esc among other keys and sequences, however the link cuts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contoso_tui.escape_key import ESCAPE, EscapeSplitter


def split(*pieces: str) -> list[str]:
    splitter = EscapeSplitter()
    found = [part for piece in pieces for part in splitter.feed(piece)]
    return [*found, *splitter.wait_is_over()]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("\x1b", [ESCAPE]),
        ("\x1b>", [ESCAPE, ">"]),
        ("l\x1b1j", ["l", ESCAPE, "1j"]),
        ("\x1b\r", [ESCAPE, "\r"]),
        ("\x1b\x13", [ESCAPE, "\x13"]),
        ("\x1b\x1b[A", [ESCAPE, "\x1b[A"]),
        ("\x1b\x1b", [ESCAPE, ESCAPE]),
    ],
)
def test_esc_and_the_key_that_came_with_it_are_two(typed: str, found: list[str]) -> None:
    assert split(typed) == found


@pytest.mark.parametrize("sequence", ["\x1b[A", "\x1bOP", "\x1b[<0;3;4M", "\x1b\t", "\x1b\x7f", "\x1bb", "\x1bf"])
def test_sequences_stay_whole(sequence: str) -> None:
    assert split(f"j{sequence}k") == [f"j{sequence}k"]
    assert split("j\x1b", f"{sequence[1:]}k") == ["j", f"{sequence}k"]


def test_esc_waits_for_what_follows_and_no_longer() -> None:
    splitter = EscapeSplitter()
    assert list(splitter.feed("\x1b")) == []
    assert list(splitter.wait_is_over()) == [ESCAPE]
    assert list(splitter.feed("[A")) == ["[A"]


@given(st.lists(st.text("\x1b[Ob>a", max_size=4), max_size=6))
def test_nothing_is_lost_wherever_it_is_cut(pieces: list[str]) -> None:
    assert "".join(split(*pieces)) == "".join(pieces)
    whole = split("".join(pieces))
    assert [part for part in split(*pieces) if part == ESCAPE] == [part for part in whole if part == ESCAPE]
