"""Pastes among keys, in pieces of any size, as a terminal sends them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contoso_tui.paste import BEGIN, END, Pasted, PasteSplitter, Typed


def split(*pieces: str) -> list[Typed | Pasted]:
    splitter = PasteSplitter()
    return [found for piece in pieces for found in splitter.feed(piece)]


def joined(found: list[Typed | Pasted]) -> list[tuple[str, str]]:
    """Return keys without the marks, neighbours joined, and pastes."""
    out: list[tuple[str, str]] = []
    for piece in found:
        kind = "paste" if isinstance(piece, Pasted) else "keys"
        if kind == "keys" and out and out[-1][0] == "keys":
            out[-1] = ("keys", out[-1][1] + piece.text)
        else:
            out.append((kind, piece.text))
    texts = [(kind, text.replace(BEGIN, "").replace(END, "") if kind == "keys" else text) for kind, text in out]
    return [(kind, text) for kind, text in texts if text or kind == "paste"]


def test_keys_before_and_after_a_paste_stay_around_it() -> None:
    found = split(f"s{BEGIN}a\x1b[31mb\x1b[0m\nc{END}\t!")
    assert joined(found) == [("keys", "s"), ("paste", "a\x1b[31mb\x1b[0m\nc"), ("keys", "\t!")]


def test_an_escape_alone_is_passed_on_at_once() -> None:
    assert split("\x1b") == [Typed("\x1b")]


@pytest.mark.parametrize("size", range(1, 9))
def test_pastes_are_found_however_the_link_cuts_them(size: int) -> None:
    text = f"jk{BEGIN}one \x1b[A two{END}\x1b{BEGIN}\x1b[2J{END}{BEGIN}{END}q"
    found = split(*(text[at : at + size] for at in range(0, len(text), size)))
    assert [piece for piece in joined(found) if piece[0] == "paste"] == [
        ("paste", "one \x1b[A two"),
        ("paste", "\x1b[2J"),
        ("paste", ""),
    ]
    # The key parser has seen all that was typed, and the marks.
    assert "".join(piece.text for piece in found) == "".join(
        part for part in ("jk", BEGIN, END, "one \x1b[A two", "\x1b", BEGIN, END, "\x1b[2J", BEGIN, END, "", "q")
    )


def is_ended_by_its_end_alone(text: str) -> bool:
    """Leave out texts that hold the end of a paste, which terminals never send."""
    return (text + END).find(END) == len(text)


@given(st.lists(st.text("ab\x1b[0~1;2 ", max_size=12).filter(is_ended_by_its_end_alone), max_size=6), st.integers(1, 7))
def test_nothing_is_lost_or_put_in_another_order(texts: list[str], size: int) -> None:
    whole = "".join(f"k{BEGIN}{text}{END}" for text in texts)
    found = split(*(whole[at : at + size] for at in range(0, len(whole), size)))
    assert joined(found) == [part for text in texts for part in (("keys", "k"), ("paste", text))]
