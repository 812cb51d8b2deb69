"""The last look at every line before it goes to the terminal: no control characters, ASCII signs if asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from contoso_tui.text import to_ascii_glyphs

if TYPE_CHECKING:
    from textual.color import Color

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class SafeGlyphs(LineFilter):
    """Replace what must not reach a terminal, whichever widget drew it.

    Text is cleaned where it is drawn; this is the backstop for a widget that forgot.
    """

    def __init__(self, *, ascii_only: bool = False) -> None:
        self.ascii_only = ascii_only
        super().__init__()

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments of one line, made safe; the same list if nothing had to change."""
        if self.ascii_only:
            is_safe = all(text.isascii() and text.isprintable() for text, _style, _control in segments)
        else:
            is_safe = not any(_CONTROL.search(text) for text, _style, _control in segments)
        if is_safe:
            return segments
        return [
            Segment(_safe(text, self.ascii_only) if not control else text, style, control)
            for text, style, control in segments
        ]


def _safe(text: str, ascii_only: bool) -> str:
    text = _CONTROL.sub("?", text)
    return to_ascii_glyphs(text) if ascii_only else text
