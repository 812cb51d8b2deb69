"""Whether somebody else has changed what an actor is about to change: nothing is overwritten unseen (rules 11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.database import execute
from models.errors import ChangedMeanwhileError


def require_seen(table: str, row_id: int, what: str, stands: Mapping[str, Any], seen: Mapping[str, Any] | None) -> None:
    """Check that fields still hold what the actor saw when they began.

    `stands` and `seen` are values by the name of the field; only fields in both are compared. Without `seen` the actor
    says nothing of what they saw, and nothing is checked. `what` names the thing in the sentence.

    Raises:
        ChangedMeanwhileError: they don't; `theirs` holds what stands now in the fields that differ.
    """
    theirs = {
        name: value for name, value in stands.items() if seen is not None and name in seen and seen[name] != value
    }
    if theirs:
        raise ChangedMeanwhileError(f"{who_changed(table, row_id)} changed {what} meanwhile", theirs)


def who_changed(table: str, row_id: int) -> str:
    """Return who changed a row last, as far as the journal knows; an import's rows stand in none."""
    row = execute(
        "SELECT actor FROM journal WHERE table_name = ? AND row_id = ? ORDER BY id DESC LIMIT 1", (table, row_id)
    ).fetchone()
    return str(row[0]) if row else "Somebody"
