"""A text being typed: characters, a cursor, and the keys that change them; pure."""

from __future__ import annotations

import re

from contoso_tui.text import cells, clean, clean_lines

_WORD_BACK = re.compile(r"\S+\s*$|\s+$")
_WORD_ON = re.compile(r"\s*\S+|\s+")
MAX_LENGTH = 20_000


class TextBuffer:
    """Holds a text and a cursor between its characters; `is_long` keeps line breaks that are pasted."""

    def __init__(self, text: str = "", *, is_long: bool = False) -> None:
        self.is_long = is_long
        self.set(text)

    def set(self, text: str) -> None:
        """Replace the text; the cursor goes to its end."""
        self.text = self._tidy(text)
        self.cursor = len(self.text)

    def insert(self, text: str) -> None:
        """Put text at the cursor; what could command a terminal is taken out."""
        tidy = self._tidy(text)[: max(0, MAX_LENGTH - len(self.text))]
        self.text = self.text[: self.cursor] + tidy + self.text[self.cursor :]
        self.cursor += len(tidy)

    def press(self, key: str, character: str | None) -> bool:
        """Take a key press; False if it is no editing key, or changes nothing here."""
        if character is not None and character.isprintable() and len(key) >= 1 and not key.startswith("ctrl+"):
            self.insert(character)
            return True
        before = (self.text, self.cursor)
        if key == "backspace":
            self._delete(self._step(-1), self.cursor)
        elif key == "delete":
            self._delete(self.cursor, self._step(1))
        elif key in ("ctrl+backspace", "ctrl+w"):
            found = _WORD_BACK.search(self.text[: self.cursor])
            self._delete(found.start() if found else self.cursor, self.cursor)
        elif key == "ctrl+u":
            self._delete(self._line_start(), self.cursor)
        elif key == "left":
            self.cursor = self._step(-1)
        elif key == "right":
            self.cursor = self._step(1)
        elif key == "ctrl+left":
            found = _WORD_BACK.search(self.text[: self.cursor])
            self.cursor = found.start() if found else 0
        elif key == "ctrl+right":
            found = _WORD_ON.match(self.text[self.cursor :])
            self.cursor += found.end() if found else 0
        elif key == "home":
            self.cursor = self._line_start()
        elif key == "end":
            self.cursor = self._line_end()
        else:
            return False
        return (self.text, self.cursor) != before or key in ("backspace", "delete", "home", "end")

    def _tidy(self, text: str) -> str:
        if self.is_long:
            return "\n".join(clean_lines(text))
        return clean(text.strip("\r\n"))

    def _delete(self, start: int, end: int) -> None:
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start

    def _step(self, by: int) -> int:
        """Return the next place of the cursor; a letter and its accents are one."""
        place = self.cursor + by
        while 0 < place < len(self.text) and cells(self.text[place]) == 0 and self.text[place] != "\n":
            place += by
        return max(0, min(place, len(self.text)))

    def _line_start(self) -> int:
        return self.text.rfind("\n", 0, self.cursor) + 1

    def _line_end(self) -> int:
        found = self.text.find("\n", self.cursor)
        return len(self.text) if found < 0 else found
