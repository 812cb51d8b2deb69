"""Two versions of a longer text as rows that show where they differ; pure."""

from __future__ import annotations

from contoso_tui.forms.layout import Part, wrapped_spans
from contoso_tui.text import ELLIPSIS, clean

MOST_ROWS = 3
"""Rows of one version; a longer one begins shortly before the first difference."""
_CONTEXT = 24
_LONGEST_WORD = 20

Rows = list[list[Part]]


def compared(theirs: str, mine: str, before: str, width: int) -> tuple[Rows, Rows, Rows]:
    """Return the rows of three versions, all from the same place; what differs in the first two is bold."""
    texts = [clean(text) for text in (theirs, mine, before)]
    # Whole words are marked: a word of which two letters differ is another word.
    same = _word_begins(texts[0], _alike(texts[0], texts[1]))
    ends = _alike(texts[0][same:][::-1], texts[1][same:][::-1])
    ending = texts[0][len(texts[0]) - ends :]
    space = ending.find(" ", 0, _LONGEST_WORD)
    ends -= space if space >= 0 else min(ends, _LONGEST_WORD)
    start = 0
    if any(len(wrapped_spans(text, width)) > MOST_ROWS for text in texts[:2]) and texts[0] != texts[1]:
        start = _word_begins(texts[0], max(0, same - _CONTEXT))
    return (
        _rows(texts[0], start, (same, len(texts[0]) - ends), width, "text"),
        _rows(texts[1], start, (same, len(texts[1]) - ends), width, "text"),
        _rows(texts[2], min(start, _word_begins(texts[2], max(0, len(texts[2]) - _CONTEXT))), (0, 0), width, "dim"),
    )


def _alike(one: str, other: str) -> int:
    """Return how many letters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _word_begins(text: str, place: int) -> int:
    """Return where the word at a place begins; in scripts without spaces, the place."""
    space = text.rfind(" ", max(0, place - _LONGEST_WORD), place)
    return space + 1 if space >= 0 else place if place > _LONGEST_WORD else 0


def _rows(text: str, start: int, marked: tuple[int, int], width: int, style: str) -> Rows:
    if not text:
        return [[("empty", style)]]
    lead = ELLIPSIS if start else ""
    spans = wrapped_spans(lead + text[start:], width)
    rows: Rows = []
    for first, last in spans[:MOST_ROWS]:
        # Places in the whole text; the sign in front of one that begins later takes a place.
        low, high = max(start, first + start - len(lead)), last + start - len(lead)
        bounds = [low, *(min(max(at, low), high) for at in marked), high]
        parts: list[Part] = [(lead, "dim")] if lead and not rows else []
        for at, end, name in zip(bounds, bounds[1:], (style, "amount", style), strict=False):
            if end > at:
                parts.append((text[at:end], name))
        rows.append(parts)
    if len(spans) > MOST_ROWS:
        rows[-1].append((ELLIPSIS, "dim"))
    return rows
