"""Several readings of one page may be under way: which answer is still to be shown, and where the cursor goes."""

from __future__ import annotations


class Turns:
    """Two reader threads work at once, so an older answer may come last; it is dropped."""

    def __init__(self) -> None:
        self._begun = 0
        self._shown = 0
        self._keep: object = None
        self._keep_from = 0

    def begin(self, keep: object = None) -> int:
        """Start a reading and return its number; `keep` is the row that the cursor goes to when it is shown."""
        self._begun += 1
        if keep is not None:
            self._keep, self._keep_from = keep, self._begun
        return self._begun

    def end(self, turn: int) -> bool:
        """Return whether the answer of this reading is newer than what is shown."""
        is_newer = turn > self._shown
        self._shown = max(turn, self._shown)
        return is_newer

    def take_keep(self, turn: int) -> object:
        """Return the row for the cursor, once; a reading from before it was asked for does not have it."""
        if turn < self._keep_from:
            return None
        keep, self._keep = self._keep, None
        return keep
