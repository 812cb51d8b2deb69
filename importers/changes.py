"""Customers that are there already and what an import changes in them, column by column; nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from importers.existing import records_of
from importers.incoming import Incoming
from models.customers import survivorship
from models.customers.survivorship import COLUMNS, Record
from models.database import execute


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """A changed customer: `columns` maps a column to what was there and what the import puts there."""

    id: int
    columns: dict[str, tuple[Any, Any]]


def of_customers(incoming: Incoming) -> list[CustomerChange]:
    """Return what the new and changed rows change in existing customers, by id."""
    rows = [row for row in (*incoming.new, *incoming.changed) if row.customer > 0]
    ids = sorted({row.customer for row in rows})
    records = {
        customer_id: {(record.source, record.key): record for record in found}
        for customer_id, found in records_of(ids).items()
    }
    for row in rows:
        record = Record(row.record_id or 0, row.source, row.key, row.fields)
        records.setdefault(row.customer, {})[row.source, row.key] = record
    changes = []
    for customer_id, current, origin, pins in _current(ids):
        kind = pins.get("kind") or (
            "corporate"
            if current["kind"] == "corporate"
            or any(survivorship.is_corporate(record.fields) for record in records[customer_id].values())
            else "individual"
        )
        values = survivorship.columns(records[customer_id].values(), kind, pins)
        if origin == "crm":
            # What people entered stays; records only fill the gaps.
            values = {name: current[name] or value for name, value in values.items()}
        differing = {name: (current[name], values[name]) for name in COLUMNS if current[name] != values[name]}
        if differing:
            changes.append(CustomerChange(customer_id, differing))
    return changes


def _current(ids: list[int]) -> list[tuple[int, dict[str, Any], str, dict[str, str]]]:
    """Return id, columns, origin and the pins in force of customers."""
    found = []
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        marks = ", ".join("?" for _ in some)
        pins: dict[int, dict[str, str]] = defaultdict(dict)
        for customer_id, field, value in execute(
            f"SELECT customer_id, field, value FROM customer_pin WHERE customer_id IN ({marks})", some
        ):
            pins[customer_id][field] = value
        for row in execute(f"SELECT id, origin, {', '.join(COLUMNS)} FROM customer WHERE id IN ({marks})", some):
            current = dict(zip(COLUMNS, row[2:], strict=True))
            found.append((row[0], current, row[1], survivorship.pins_in_force(pins[row[0]], current)))
    return sorted(found, key=lambda one: one[0])
