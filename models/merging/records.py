"""What the outside sees of a merge before it is decided."""

from __future__ import annotations

from typing import NamedTuple


class Moved(NamedTuple):
    """Things that join the customer that is kept; `text` says it with what they are worth."""

    thing: str
    number: int
    text: str


class Change(NamedTuple):
    """A field of the kept customer that gets another value, or its first."""

    field: str
    label: str
    before: str
    after: str


class Conflict(NamedTuple):
    """A field in which both differ: what stays, and what only the record goes on saying."""

    label: str
    kept: str
    other: str


class Question(NamedTuple):
    """What a merge can't decide by itself: `name` is owner, nurture or checks; choices are (answer, words).

    A second programme's question is `nurture2`.
    """

    name: str
    text: str
    choices: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """Return what is chosen, in a word or two."""
        return {"owner": "Owner", "checks": "Tech checks"}.get(self.name, "Nurture that goes on")


class MergePlan(NamedTuple):
    """What making one customer of two would do."""

    kept_id: int
    kept: str
    gone_id: int
    gone: str
    moves: tuple[Moved, ...]
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    questions: tuple[Question, ...]
    refusal: str
    """Why it can't be done, empty if it can."""

    @property
    def fills(self) -> tuple[Change, ...]:
        """Return the fields that the kept customer lacks."""
        return tuple(change for change in self.changes if not change.before)
