"""What a terminal pastes, told apart from what is typed: one text, in its place between the keys around it.

Textual 8.2 reads escape sequences inside a paste as keys and hands these on before the pasted text.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

BEGIN = "\x1b[200~"
END = "\x1b[201~"


class Typed(NamedTuple):
    """What the key parser reads; the marks around a paste are part of it."""

    text: str


class Pasted(NamedTuple):
    """A whole paste, as the terminal sent it."""

    text: str


class PasteSplitter:
    """Takes what is read, in pieces of any size, and gives it back in order as keys and pastes."""

    def __init__(self) -> None:
        self._pasted: str | None = None
        self._tail = ""

    def feed(self, text: str) -> Iterator[Typed | Pasted]:
        """Return what has been read so far and is whole; a paste is whole when its end has come."""
        while text:
            if self._pasted is None:
                text = yield from self._type(text)
            else:
                text = yield from self._paste(text, self._pasted)

    def _type(self, text: str) -> Generator[Typed | Pasted, None, str]:
        # A mark may come in two pieces. Its first one has been passed on: esc alone must not wait for a second.
        seen = self._tail + text
        at = seen.find(BEGIN)
        if at < 0:
            self._tail = seen[1 - len(BEGIN) :]
            yield Typed(text)
            return ""
        rest = at + len(BEGIN)
        yield Typed(text[: rest - len(self._tail)])
        self._tail, self._pasted = "", ""
        return seen[rest:]

    def _paste(self, text: str, before: str) -> Generator[Typed | Pasted, None, str]:
        found = before + text
        at = found.find(END, max(0, len(before) - len(END) + 1))
        if at < 0:
            self._pasted = found
            return ""
        self._pasted = None
        yield Typed(END)
        yield Pasted(found[:at])
        return found[at + len(END) :]
