"""The esc key, told apart from the sequences that begin with the same byte.

Over a slow link esc and the next key arrive together, which is what a terminal sends for alt and that key. No alt key
means anything here, and Textual 8.2 would pass on the key without the esc: `>` after it would move marked deals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ESCAPE = "\x1b"
# What a sequence goes on with: [ and O; and what terminals send for shift+tab, for a word deleted, and for a word left
# and right.
_KEY = re.compile(r"\x1b(?![\[O\t\x7fbf])")


class EscapeSplitter:
    """Takes what is typed, in pieces of any size."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> Iterator[str]:
        """Yield the key as a piece of its own, and all else as it came; an escape at the end waits for what follows."""
        seen, self._held = self._held + text, ""
        if seen.endswith(ESCAPE):
            seen, self._held = seen[:-1], ESCAPE
        start = 0
        for found in _KEY.finditer(seen):
            if found.start() > start:
                yield seen[start : found.start()]
            yield ESCAPE
            start = found.end()
        if start < len(seen):
            yield seen[start:]

    def wait_is_over(self) -> Iterator[str]:
        """Yield the key if it has waited: nothing has followed in time."""
        held, self._held = self._held, ""
        if held:
            yield held
