"""Right-to-left names move nothing beside them: isolated in the terminal's cells, and only they."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from contoso_tui import bidi, wire
from contoso_tui.bidi import END, START, isolate

SHALOM, OLAM, MARHABA = "שלום", "עולם", "مرحبا"
Use = Callable[[str], None]


@pytest.fixture(autouse=True)
def use_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Run as if in a terminal that obeys the signs, or in the one that the test names."""

    def use(name: str) -> None:
        monkeypatch.setenv("TERM", name)
        bidi._is_obeyed.cache_clear()
        wire._piece.cache_clear()

    use("xterm-256color")
    yield use
    monkeypatch.undo()
    bidi._is_obeyed.cache_clear()
    wire._piece.cache_clear()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Fabrikam Clinics", "Fabrikam Clinics"),
        ("José 東京庵 │ 👩 e\u0301", "José 東京庵 │ 👩 e\u0301"),
        (f"{SHALOM} {OLAM}   $40", f"<{SHALOM} {OLAM}>   $40"),
        (f"{SHALOM} · D-1001 · {OLAM}", f"<{SHALOM}> · D-1001 · <{OLAM}>"),
        (f"{SHALOM}  12  {OLAM}", f"<{SHALOM}>  12  <{OLAM}>"),
        (f"{SHALOM}… 12 {MARHABA}-{MARHABA}", f"<{SHALOM}…> 12 <{MARHABA}-{MARHABA}>"),
        ("می\u200cخواهم", "<می\u200cخواهم>"),
    ],
)
def test_each_right_to_left_text_is_isolated_alone(text: str, shown: str) -> None:
    assert isolate(text) == shown.replace("<", START).replace(">", END)


@given(st.text(st.sampled_from("שםمب ,-…·│$12a\u0301\u05b0"), max_size=40))
def test_isolating_adds_pairs_without_cells(text: str) -> None:
    shown = isolate(text)
    assert cell_len(shown) == cell_len(text)
    assert shown.replace(START, "").replace(END, "") == text
    depth = 0
    for letter in shown:
        depth += (letter == START) - (letter == END)
        assert depth in (0, 1)
    assert depth == 0


@pytest.mark.parametrize("terminal", ["linux", "screen-256color", "vt220", "dumb"])
def test_nothing_is_added_where_the_signs_would_be_shown(use_terminal: Use, terminal: str) -> None:
    use_terminal(terminal)
    assert isolate(SHALOM) == SHALOM


def draw(shadow: wire.Shadow, *texts: str) -> str:
    """Return what is sent for a row of one piece for each text."""
    strip = Strip([Segment(text, Style()) for text in texts])
    update = LayoutUpdate([[strip]], Region(0, 0, strip.cell_length, 1))
    return shadow.sequence(wire._layout_spans(update), ColorSystem.TRUECOLOR)


def test_a_row_without_such_letters_costs_no_byte_more() -> None:
    assert draw(wire.Shadow(), "▌Fabrikam 東京  $40│") == "\x1b[1;1H▌Fabrikam 東京  $40│"


def test_the_first_sign_stays_with_the_character_before_the_name() -> None:
    """Terminals keep a sign without width with the cell before it, and lose it at the left edge."""
    for pieces in ((f"▌{SHALOM} $4│",), ("▌", SHALOM, " $4│")):
        shadow = wire.Shadow()
        sent = draw(shadow, *pieces)
        assert f"▌{START}" in sent
        assert f"{SHALOM[-1]}{END}" in sent
        # The cell before is written anew whole, with its sign, never the sign alone.
        assert draw(shadow, *pieces) == ""
        assert draw(shadow, f" {SHALOM} $4│").startswith(f"\x1b[1;1H {START}")
        assert END not in draw(shadow, f" {SHALOM} $5│")
    assert draw(wire.Shadow(), f"{SHALOM} x").count(START) == 0


def test_a_name_in_a_part_of_its_own_takes_the_sign_to_the_part_before() -> None:
    shadow = wire.Shadow()
    cell = ("│", Style())
    shadow.sequence([(0, 0, [("a", Style()), cell])], ColorSystem.TRUECOLOR)
    name = wire._cells([Strip([Segment(SHALOM, Style())])])
    assert shadow.sequence([(0, 2, name)], ColorSystem.TRUECOLOR).startswith(f"\x1b[1;2H│{START}")
    assert shadow.sequence([(0, 2, name)], ColorSystem.TRUECOLOR) == ""
    # Another name there, and the part before drawn again.
    assert shadow.sequence([(0, 1, [cell])], ColorSystem.TRUECOLOR) == "\x1b[1;2H│"


def test_a_name_behind_half_a_wide_character_or_nothing_known() -> None:
    shadow = wire.Shadow()
    name = wire._cells([Strip([Segment(SHALOM, Style())])])
    assert START not in shadow.sequence([(0, 5, name)], ColorSystem.TRUECOLOR)
    shadow = wire.Shadow()
    shadow.sequence([(0, 0, [("東", Style()), ("", Style())])], ColorSystem.TRUECOLOR)
    assert shadow.sequence([(0, 2, name)], ColorSystem.TRUECOLOR).startswith(f"\x1b[1;1H東{START}")


@pytest.mark.parametrize("text", ["👩", "e\u0301", "हि", "🇺", "❤"])
def test_after_a_character_of_doubtful_width_the_next_is_told_its_place(text: str) -> None:
    place = cell_len(text) + 2
    assert draw(wire.Shadow(), f" {text}|") == f"\x1b[1;1H {text}\x1b[{place}G|"


def test_what_a_doubtful_character_may_have_covered_is_drawn_again() -> None:
    shadow = wire.Shadow()
    draw(shadow, " ❤|")
    assert draw(shadow, " ☎|") == "\x1b[1;2H☎\x1b[3G|"
