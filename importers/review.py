"""The pairs that an import left for a person to decide, side by side."""

from __future__ import annotations

import json
from dataclasses import dataclass

from importers import report
from importers.report import Review
from models.customers import entered, profiles, survivorship
from models.customers.entered import TYPED
from models.customers.records import Relation
from models.customers.relations import relate
from models.customers.survivorship import Record
from models.database import execute
from models.ids import customer_id, show_customer

# Income, tiers and the like say nothing about who somebody is. Of birth dates only the relation is told: not everybody
# may see the date.
_COMPARED = ("name", "email", "phone", "birth_date", "address")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair: its key, the customer it is with, and its name."""

    key: str
    customer: str
    name: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both sides; what may not be shown is blank."""

    label: str
    relation: Relation
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, or a record and a customer entered by hand, that may be one."""

    left: Side
    right: Side
    score: float
    reason: str
    fields: tuple[Compared, ...]


def list_pairs(run_id: int) -> list[Pair]:
    """Return the pairs that an import left, closest first.

    Raises:
        NotFoundError: there is no such import.
    """
    return [pair for review in report.get_run(run_id).report.reviews if (pair := _pair(review)) is not None]


def _pair(review: Review) -> Pair | None:
    left, right = _read(review.left), _read(review.right)
    if left is None or right is None:
        # Merged or taken back since: there is nothing left to decide.
        return None
    fields = []
    for name in _COMPARED:
        mine, theirs = (survivorship.value_of(name, record) for _, record in (left, right))
        if mine or theirs:
            is_private = name in profiles.PRIVATE
            shown = ("", "") if is_private else (profiles.as_text(name, mine), profiles.as_text(name, theirs))
            relation = relate(name, mine, theirs) if mine else Relation.MISSING
            fields.append(Compared(profiles.LABELS[name], relation, *shown))
    return Pair(left[0], right[0], review.score, review.reason, tuple(fields))


def _read(key: str) -> tuple[Side, Record] | None:
    source, _, name = key.partition(":")
    if source == TYPED:
        number = customer_id(name)
        now = execute(f"SELECT {entered.now_with('?')}", (number,)).fetchone()[0]
        record = entered.as_record(number)
        return Side(key, show_customer(now), record.fields["name"]), record
    row = execute(
        "SELECT r.id, r.fields, r.customer_id FROM source_record r WHERE r.source = ? AND r.key = ?", (source, name)
    ).fetchone()
    if row is None:
        return None
    record = Record(row[0], source, name, json.loads(row[1]))
    return Side(key, show_customer(row[2]) if row[2] else "", survivorship.person_name(record.fields)), record
