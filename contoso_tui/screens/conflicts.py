"""Saving what two people changed at once: field by field the second chooses, and nothing is overwritten unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contoso_tui import formats
from contoso_tui.dialogs.conflict import ConflictDialog, Difference
from contoso_tui.screens.acting import ActingScreen
from models.errors import ChangedMeanwhileError

Values = Mapping[str, Any]
Write = Callable[[dict[str, Any], dict[str, Any]], Awaitable[Any]]
"""Writes the first values; the second are what its user saw in all fields."""


def plain_words(_name: str, value: Any) -> str:
    """Return a value as the dialog shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return formats.day_full(value) if isinstance(value, dt.date) else str(value)


async def _no_notes() -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the dialog says besides the values: its title, the fields' labels, what a change brings with it."""

    title: str
    labels: Mapping[str, str]
    words: Callable[[str, Any], str] = plain_words
    notes: Callable[[], Awaitable[Sequence[str]]] = field(default=_no_notes)


async def save(
    screen: ActingScreen, about: Conflict, wanted: Values, seen: Values, write: Write, *, is_whole: bool = False
) -> bool:
    """Write `wanted`, fields that the user changed; where others changed the same since `seen`, ask whose is kept.

    With `is_whole` it is written also where nothing of it is left to change. True if it was written.

    Raises:
        ChangedMeanwhileError: the user went back without choosing; nothing is written.
    """
    mine, known = dict(wanted), dict(seen)
    while mine or is_whole:
        try:
            await write(mine, known)
        except ChangedMeanwhileError as error:
            if not error.theirs:
                raise
            mine = await _choose(screen, about, error, mine, known)
            known |= error.theirs
        else:
            return True
    return False


async def _choose(
    screen: ActingScreen, about: Conflict, error: ChangedMeanwhileError, mine: Values, known: Values
) -> dict[str, Any]:
    """Return which of one's own values are kept; asks where both changed a field to something else."""
    now = {name: error.theirs.get(name, known.get(name)) for name in mine}
    left = {name: value for name, value in mine.items() if now[name] != value}
    if all(now[name] == known.get(name) for name in left):
        return left
    differences = [
        Difference(
            name,
            about.labels[name],
            about.words(name, now[name]),
            about.words(name, value),
            about.words(name, known.get(name)),
        )
        for name, value in left.items()
    ]
    chosen = await screen.app.push_screen_wait(
        ConflictDialog(about.title, error.message, differences, await about.notes())
    )
    if chosen is None:
        raise error
    return {name: value for name, value in left.items() if name in chosen}
