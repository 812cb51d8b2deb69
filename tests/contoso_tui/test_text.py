import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from contoso_tui.text import cells, clean, clean_lines, cut, pad, ranked, to_ascii_glyphs, wrap

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x9b\r\n\t\u202e\u2066\u2028\u200d\ufe0f\u0301東京👩🚀\ud800a "),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Fabrikam Clinics", "Fabrikam Clinics"),
        ("Acme [/b]", "Acme [/b]"),
        ("\x1b[2Jgone", "?[2Jgone"),
        ("\x9b31m", "?31m"),
        ("a\tb\r\nc", "a b c"),
        ("evil\u202etxt", "evil?txt"),
        ("line\u2028par\u2029", "line par "),
        ("\ud800lone", "?lone"),
        ("José Ñandú", "José Ñandú"),
        ("東京庵 Bistro", "東京庵 Bistro"),
        ("e\u0301" + "\u0301" * 40, "e" + "\u0301" * 4),
        ("\u0301x", "?x"),
        ("bell\x07 del\x7f", "bell? del?"),
        ("❤\ufe0f", "❤"),
    ],
)
def test_clean_leaves_nothing_that_commands_a_terminal(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(HOSTILE)
def test_cleaned_text_is_one_encodable_line_and_stays_so(raw: str) -> None:
    once = clean(raw)
    once.encode("utf-8")
    assert len(once.splitlines()) <= 1
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in once)
    assert clean(once) == once


@given(HOSTILE, st.integers(-2, 30))
def test_cut_and_pad_count_cells(raw: str, width: int) -> None:
    text = clean(raw)
    assert cell_len(cut(text, width)) <= max(width, 0)
    for align in ("left", "right", "centre"):
        assert cell_len(pad(text, width, align)) == max(width, 0)


def test_cut_never_splits_a_wide_character() -> None:
    assert cut("東京庵", 6) == "東京庵"
    assert cut("東京庵", 5) == "東京…"
    assert cut("東京庵", 4) == "東…"
    assert pad("東京庵", 4) == "東… "
    assert cut("abcdef", 1) == "…"
    assert cut("abcdef", 3, ellipsis="...") == "..."
    assert cut("abcdef", 2, ellipsis="...") == "ab"


@given(st.text(alphabet=string.ascii_letters + " 東é", max_size=80), st.integers(2, 20))
def test_wrapped_lines_fit_and_keep_every_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_lines_of_a_long_text_are_cleaned_one_by_one() -> None:
    assert clean_lines("one\x1b\r\ntwo\n") == ["one?", "two", ""]
    assert clean_lines("") == [""]


def test_ascii_glyphs_have_the_same_width() -> None:
    drawn = "▌Quote │ ━━━ …·"
    assert to_ascii_glyphs(drawn).isascii()
    assert len(to_ascii_glyphs(drawn)) == len(drawn)


PIECES = [
    (0, "text", ("D-1042",)),
    (2, "late", ("unpaid $3,150 (72d)", "unpaid $3,150")),
    (1, "soon", ("T? over $20,000",)),
]


@pytest.mark.parametrize(
    ("room", "told"),
    [
        (80, "D-1042 · unpaid $3,150 (72d) · T? over $20,000"),
        (45, "D-1042 · unpaid $3,150 · T? over $20,000"),
        (30, "D-1042 · T? over $20,000"),
        (20, "D-1042"),
        (2, "D-1042"),
    ],
)
def test_the_least_important_is_shortened_then_left_out_whole(room: int, told: str) -> None:
    parts = ranked(PIECES, room)
    assert "".join(text for text, _ in parts) == told
    assert parts[0] == ("D-1042", "text")


def test_what_may_go_first_goes_before_others_are_shortened() -> None:
    pieces = [*PIECES, (8, "dim", ("ana.wu", ""))]
    assert "".join(text for text, _ in ranked(pieces, 46)) == "D-1042 · unpaid $3,150 (72d) · T? over $20,000"
