"""The one way text from users and files reaches a terminal: cleaned, cut and padded by cells.

Everything here is pure. Printable ASCII takes a path without a table look-up, because a board
draws thousands of such texts a second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

Align = Literal["left", "right", "centre"]
Piece = tuple[int, str, tuple[str, ...]]
"""For `ranked`: rank (0 stays, of others the higher goes first), style, the text and shorter forms of it.

A last form of "" lets a piece go before more important ones are shortened.
"""

ELLIPSIS = "…"
REPLACEMENT = "?"

# C0, DEL, C1, lone surrogates, bidirectional controls, invisible formatting, interlinear
# annotation, tags, noncharacters: none may reach a terminal, several reorder or hide what follows.
# Signs that enclose the digits or letters after them have no width on which terminals agree.
_UNSAFE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200e\u200f\u202a-\u202e\u2060-\u206f\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Tab, line feed, vertical tab, form feed, carriage return, NEL, line and paragraph separator.
_BREAKS = "\t-\r\x85\u2028\u2029"
# Variation selectors, joiner, byte order mark, zero width space and soft hyphen: they show nothing and
# terminals disagree about the width they make, which would shift the rest of the line.
_DROPPED = "\ufe00-\ufe0f\ufeff\u200b\u200d\u00ad"

_SUSPECT = re.compile(f"[{_UNSAFE}{_BREAKS}{_DROPPED}]")
_UNSAFE_RE = re.compile(f"[{_UNSAFE}]")
_DROPPED_RE = re.compile(f"[{_DROPPED}]")
_LINE_BREAK = re.compile("\r\n|[\n\v\f\r\x85\u2028\u2029]")
_BREAKS_RE = re.compile(f"\r\n|[{_BREAKS}]")
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
)
# A stack of combining marks leaves its cell and paints over other lines; no script needs more than four.
_STACK = re.compile(f"({_MARK}{{4}}){_MARK}+")

_ASCII_GLYPHS = str.maketrans(
    {
        "│": "|", "─": "-", "━": "=", "┼": "+", "┬": "+", "┴": "+", "├": "+", "┤": "+",
        "┌": "+", "┐": "+", "└": "+", "┘": "+", "▌": "#", "…": ".", "·": ".", "█": "#", "░": ".",
    }
)  # fmt: skip


def clean(text: str) -> str:
    """Return `text` as one line without anything that could command a terminal.

    Control and bidirectional characters become `?`, line breaks and tabs a space.
    """
    if text.isascii() and text.isprintable():
        return text
    if _SUSPECT.search(text):
        text = _BREAKS_RE.sub(" ", text)
        text = _DROPPED_RE.sub("", text)
        text = _UNSAFE_RE.sub(REPLACEMENT, text)
    if not text.isascii():
        text = _STACK.sub(r"\1", text)
        # Without a letter before it a mark would stand on what another column ends with.
        if text and not cells(text[0]):
            text = REPLACEMENT + text[1:]
    return text


def clean_lines(text: str) -> list[str]:
    """Return the lines of a longer text, each cleaned; an empty text is one empty line."""
    return [clean(line) for line in _LINE_BREAK.split(text)]


def cells(text: str) -> int:
    """Count the terminal cells of a cleaned text."""
    return len(text) if text.isascii() else _wide_cells(text)


@lru_cache(4096)
def _wide_cells(text: str) -> int:
    # Rich is not there yet when the command line needs no terminal.
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """Return at most `width` cells of a cleaned text; what is cut off shows as `ellipsis`.

    Never splits a wide or combined character, so the result may be a cell shorter than `width`.
    """
    if width <= 0:
        return ""
    if text.isascii():
        if len(text) <= width:
            return text
        room = width - cells(ellipsis)
        return text[:room] + ellipsis if room >= 0 else text[:width]
    if cells(text) <= width:
        return text
    room = width - cells(ellipsis)
    if room < 0:
        return _head(text, width)
    return _head(text, room).rstrip(" ") + ellipsis


def pad(text: str, width: int, align: Align = "left") -> str:
    """Return exactly `width` cells: a longer text is cut, a shorter one filled with spaces."""
    text = cut(text, width)
    missing = width - cells(text)
    if missing <= 0:
        return text
    if align == "left":
        return text + " " * missing
    if align == "right":
        return " " * missing + text
    left = missing // 2
    return " " * left + text + " " * (missing - left)


def wrap(text: str, width: int) -> list[str]:
    """Break a cleaned text at spaces into lines of at most `width` cells; longer words are split."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while cells(word) > width:
            head = _head(word, width) or word[:1]
            lines.append(head)
            word = word[len(head) :]
        line = word
    lines.append(line)
    return lines


def ranked(pieces: Sequence[Piece], room: int, joint: str = " · ") -> list[tuple[str, str]]:
    """Return what of `pieces`, in their order, fits `room` cells, as texts with their styles.

    The least important ones are shortened first, then left out whole: no text is cut. Rank 0 always stays.
    """
    forms = [list(texts) for _, _, texts in pieces]

    def is_over() -> bool:
        shown = [texts[0] for texts in forms if texts and texts[0]]
        return sum(map(cells, shown)) + cells(joint) * (len(shown) - 1) > room

    least_first = sorted(range(len(pieces)), key=lambda place: -pieces[place][0])
    for place in least_first:
        while len(forms[place]) > 1 and is_over():
            del forms[place][0]
    for place in least_first:
        if pieces[place][0] and is_over():
            forms[place].clear()
    found: list[tuple[str, str]] = []
    for (_, style, _), texts in zip(pieces, forms, strict=True):
        if texts and texts[0]:
            found += [(joint, "text"), (texts[0], style)] if found else [(texts[0], style)]
    return found


def to_ascii_glyphs(text: str) -> str:
    """Replace the lines, bars and signs we draw ourselves by ASCII ones of the same width."""
    return text if text.isascii() else text.translate(_ASCII_GLYPHS)


def _head(text: str, width: int) -> str:
    """Return the longest beginning of `text` that fits `width` cells."""
    from rich.cells import get_character_cell_size

    used = 0
    for index, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > width:
            return text[:index]
    return text
