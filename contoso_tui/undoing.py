"""Taking back the user's last change, whatever it was: `u` on the screens and `contoso undo` ask here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models import ids, undo
from models.errors import RefusedError
from models.people.records import Actor

if TYPE_CHECKING:
    from importers.revert import Reverted

_IMPORT = "import.run"
# A status row has no room for more.
_NAMED = 2


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, or done again.

    `summary` is the change's own. With `reverted` it says what became of an import, which redo can't bring back: it
    comes again from its files.
    """

    summary: str
    reverted: Reverted | None = None


class StaysError(RefusedError):
    """The last change can't be taken back; `before` is the one that could be asked for next, if there is one."""

    def __init__(self, message: str, action_id: int, before: undo.ActionRecord | None) -> None:
        super().__init__(message)
        self.action_id = action_id
        self.before = before


def undo_last(
    actor: Actor, now: dt.datetime, action_id: int | None = None, *, passed: Collection[int] = frozenset()
) -> Undone:
    """Take back the actor's last change, or the given one of theirs; an import goes whole.

    `passed` are changes which the user knows to stay: the last one before them is meant.

    Raises:
        NotFoundError: there is nothing to undo, or no such change of the actor's.
        StaysError: it is never undone, or somebody has since changed the same thing or built on it.
    """
    found = undo.find_action(actor, action_id, passed=passed)
    try:
        if found is not None and found.kind == _IMPORT and not found.is_undone:
            # Needed for imports only.
            from importers import revert

            run_id = revert.run_of_action(found.id)
            if run_id is not None:
                reverted = revert.revert(run_id, actor, now)
                return Undone(_sentence(reverted), reverted)
        return Undone(undo.undo(actor, now, found.id if found is not None else action_id))
    except RefusedError as error:
        if found is None:
            raise
        before = None if action_id else undo.find_action(actor, passed={*passed, found.id})
        raise StaysError(error.message, found.id, before) from error


def redo_last(actor: Actor, now: dt.datetime) -> Undone:
    """Do again what the actor undid last.

    Raises:
        NotFoundError: there is nothing to redo.
        RefusedError: somebody has since changed the same thing.
    """
    return Undone(undo.redo(actor, now))


def _sentence(reverted: Reverted) -> str:
    """Return what a revert did, with the first customers that stay."""
    named = [f"{ids.show_customer(customer_id)} {name}" for customer_id, name in reverted.kept[:_NAMED]]
    more = " …" if len(reverted.kept) > _NAMED else ""
    return reverted.summary + (": " + ", ".join(named) + more if named else "")
