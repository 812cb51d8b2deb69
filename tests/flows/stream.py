"""What a program sent to a terminal: which of it the program can't have meant, and whether its lines are straight."""

from __future__ import annotations

import re
import unicodedata

import pyte

# What the program itself sends: place, style, modes, keyboard protocol, questions, its title, its clipboard.
_OWN = re.compile(
    r"\x1b\[[\d;]*[HGmJK]|\x1b\[\?[\d;]+[hl]|\x1b\[\?\d+\$p|\x1b\[[<>=]?\d*u|\x1b\[2[23];2t|\x1b\[c|\x1b\[\d+ q"
    r"|\x1b\]22;[a-z]+\x07|\x1b\]2;contoso[ -~]*\x07|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"
)
# Sequences of the hostile texts that look like the program's own, and what it never sends.
_TRACES = re.compile(
    r"\x1b\[38;5;199m|\x1b\[61;7H|\x1b\][^\x07\x1b]*(?:owned|b3duZWQ)|\x1b\[\?1049l left|\x1b\[(?:0;3\d|8)m"
)
_RIGHT_TO_LEFT = ("HEBREW", "ARABIC", "EXTENDED ARABIC", "ZERO WIDTH NON-JOINER", "COMBINING ")
_START, _END = "\u2068", "\u2069"


def foreign(raw: bytes) -> list[str]:
    """Return what could command a terminal or reorder text and isn't the program's own, each with what is around it."""
    text = raw.decode("utf-8", "replace")
    found = [ascii(match[0]) for match in _TRACES.finditer(text)]
    # A place for each sequence, so that what stood before and after it stay apart.
    rest = _OWN.sub("\r", text)
    for at, letter in enumerate(rest):
        if letter > "~" or letter < " ":
            before, after = rest[at - 1 : at], rest[at + 1 : at + 2]
            if _is_unsafe(letter) and not _isolates(before, letter, after):
                found.append(ascii(rest[max(at - 20, 0) : at + 20]))
    return found


def _is_unsafe(letter: str) -> bool:
    # The zero width non-joiner belongs to the spelling of Persian; it moves nothing.
    if letter in "\r\n\u200c":
        return False
    # Controls, formatting characters such as bidirectional ones, surrogates, line and paragraph separators.
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _isolates(before: str, letter: str, after: str) -> bool:
    """Return whether this is one of the two signs by which the program isolates right-to-left text."""
    if letter == _START:
        return after == "\r" or _is_right_to_left(after)
    return letter == _END and (before == "…" or _is_right_to_left(before))


def _is_right_to_left(letter: str) -> bool:
    return bool(letter) and unicodedata.name(letter, "").startswith(_RIGHT_TO_LEFT)


def crooked(screen: pyte.Screen) -> list[str]:
    """Return the rows that hold a piece of a vertical line which goes on neither above nor below, nor under a dialog.

    A character counted wrongly shifts the rest of its row, and the lines in it.
    """
    cells = [[screen.buffer[y][x].data for x in range(screen.columns)] for y in range(screen.lines)]

    def goes_on(y: int, x: int) -> bool:
        near = [(other, corners) for other, corners in ((y - 1, "└┘"), (y + 1, "┌┐")) if 0 <= other < len(cells)]
        return any(cells[other][x] in "│┼┬┴├┤┌┐└┘" or is_covered(cells[other], x, *corners) for other, corners in near)

    def is_covered(row: list[str], x: int, left: str, right: str) -> bool:
        return left in row[:x] and right in row[x:]

    return [
        "".join(row)
        for y, row in enumerate(cells)
        if not all(goes_on(y, x) for x, letter in enumerate(row) if letter == "│")
    ]
