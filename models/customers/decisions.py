"""What people decided about two records: always one customer, or never; the latest wins, and imports follow it.

Pairs that an import left to be decided are settled with it, wherever the decision was made.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Literal

from models import clock
from models.customers import entered
from models.customers.entered import TYPED
from models.database import execute
from models.people.records import Actor

Key = tuple[str, str]
"""A source's code and the source's own key; of a customer without records `("crm", id)`."""
Verdict = Literal["always", "never"]


def keys_of(customer_id: int) -> list[Key]:
    """Return the keys of a customer's records, oldest first; its own where it has none.

    Behind them stand those of customers entered by hand, it or who was merged into it, that were met or decided about.
    """
    rows = execute("SELECT source, key FROM source_record WHERE customer_id = ? ORDER BY id", (customer_id,)).fetchall()
    keys = [(str(row[0]), str(row[1])) for row in rows] or [(TYPED, str(customer_id))]
    typed = [(TYPED, str(one)) for one in entered.list_decided(customer_id)]
    return [*keys, *(key for key in typed if key not in keys)]


def join(actor: Actor, now: dt.datetime, lefts: Sequence[Key], rights: Sequence[Key]) -> None:
    """Note that two groups of records are one customer; call it inside an action."""
    _forget(lefts, rights)
    _decide(actor, now, lefts[0], rights[0], "always")
    _settle(lefts, rights, "linked")


def part(actor: Actor, now: dt.datetime, lefts: Sequence[Key], rights: Sequence[Key]) -> None:
    """Note that no record of one group is of the other's customer; call it inside an action."""
    _forget(lefts, rights)
    for left in lefts:
        for right in rights:
            _decide(actor, now, left, right, "never")
    _settle(lefts, rights, "never")


def _decide(actor: Actor, now: dt.datetime, one: Key, other: Key, verdict: Verdict) -> None:
    left, right = sorted((one, other))
    execute(
        "INSERT INTO match_decision (left_source, left_key, right_source, right_key, verdict, decided_by, decided_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*left, *right, verdict, actor.login, clock.to_micros(now)),
    )


def _forget(lefts: Sequence[Key], rights: Sequence[Key]) -> None:
    """Drop what was decided between the two groups before."""
    for one in lefts:
        for other in rights:
            left, right = sorted((one, other))
            execute(
                "DELETE FROM match_decision WHERE (left_source, left_key, right_source, right_key)"
                " IN (VALUES (?, ?, ?, ?), (?, ?, ?, ?))",
                (*left, *right, *right, *left),
            )


def _settle(lefts: Sequence[Key], rights: Sequence[Key], state: Literal["linked", "never"]) -> None:
    """Answer the pairs between the two groups."""
    for some, others in ((lefts, rights), (rights, lefts)):
        execute(
            "UPDATE review_pair SET state = ?1 WHERE state <> ?1"
            " AND (left_record_id IN (SELECT value FROM json_each(?2))"
            "  OR typed_id IN (SELECT value FROM json_each(?3)))"
            " AND right_record_id IN (SELECT value FROM json_each(?4))",
            (state, json.dumps(_records(some)), json.dumps(_typed(some)), json.dumps(_records(others))),
        )


def _records(keys: Sequence[Key]) -> list[int]:
    found = (execute("SELECT id FROM source_record WHERE source = ? AND key = ?", key).fetchone() for key in keys)
    return [row[0] for row in found if row is not None]


def _typed(keys: Sequence[Key]) -> list[int]:
    return [int(key) for source, key in keys if source == TYPED]
