from hypothesis import given
from hypothesis import strategies as st

from contoso_tui.forms.editing import TextBuffer
from contoso_tui.forms.layout import wrapped_spans
from contoso_tui.text import cells

KEYS = ["backspace", "delete", "left", "right", "home", "end", "ctrl+left", "ctrl+right", "ctrl+u", "ctrl+backspace"]


def press(buffer: TextBuffer, *keys: str) -> TextBuffer:
    for key in keys:
        buffer.press(key, key if len(key) == 1 else None)
    return buffer


def test_typing_and_taking_back() -> None:
    buffer = press(TextBuffer(), *"hello", "left", "left", "backspace", "X", "end", "!")
    assert buffer.text == "heXlo!"
    assert press(buffer, "home", "delete", "ctrl+right", "ctrl+u").text == ""


def test_words_go_as_a_whole() -> None:
    buffer = TextBuffer("call Lee Sands")
    assert press(buffer, "ctrl+backspace").text == "call Lee "
    assert press(buffer, "ctrl+left", "x").text == "call xLee "


def test_a_letter_and_its_accent_are_one() -> None:
    buffer = TextBuffer("cafe\u0301s")
    press(buffer, "left", "left")
    assert buffer.cursor == 3
    assert press(buffer, "delete").text == "cafs"


def test_control_characters_are_taken_out_and_line_breaks_kept_only_in_long_texts() -> None:
    short, long = TextBuffer(), TextBuffer(is_long=True)
    for buffer in (short, long):
        buffer.insert("one\r\ntwo\x1b[2J")
    assert short.text == "one two?[2J"
    assert long.text == "one\ntwo?[2J"


def test_keys_of_dialogs_are_not_taken() -> None:
    buffer = TextBuffer("x")
    for key in ("tab", "enter", "escape", "up", "down", "ctrl+s", "f1", "f2", "shift+tab"):
        assert not buffer.press(key, "\t" if key == "tab" else None)


@given(st.text(max_size=30), st.lists(st.sampled_from([*KEYS, "a", "東", "\u0301", " "]), max_size=40))
def test_the_cursor_stays_inside(text: str, keys: list[str]) -> None:
    buffer = TextBuffer(is_long=True)
    buffer.insert(text)
    for key in keys:
        press(buffer, key)
        assert 0 <= buffer.cursor <= len(buffer.text)


@given(st.text(alphabet="ab 東\n", max_size=80), st.integers(4, 20))
def test_wrapped_lines_of_a_field_hold_every_character_and_fit(text: str, width: int) -> None:
    spans = wrapped_spans(text, width)
    assert "".join(text[start:end] for start, end in spans) == text.replace("\n", "")
    assert all(cells(text[start:end]) <= width for start, end in spans)


def test_what_a_field_begins_with_is_as_clean_as_what_is_typed() -> None:
    family = "👩\u200d👧 \x1b[2Jgone"
    begun, typed = TextBuffer(family), TextBuffer()
    typed.insert(family)
    assert begun.text == typed.text == "👩👧 ?[2Jgone"
    assert begun.cursor == len(begun.text)
