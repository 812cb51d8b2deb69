"""A customer's values after its records changed hands (rules 4.2)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from models import clock
from models.customers import survivorship
from models.customers.survivorship import COLUMNS, Record
from models.database import execute


def records_of(customer_id: int) -> list[Record]:
    """Return a customer's records as the policy sees them."""
    rows = execute("SELECT id, source, key, fields FROM source_record WHERE customer_id = ?", (customer_id,)).fetchall()
    return [Record(row[0], row[1], row[2], json.loads(row[3])) for row in rows]


def recompute(now: dt.datetime, customer_id: int) -> None:
    """Let the records and pins decide the values again; what was entered by hand gets only its gaps filled.

    Call it inside an action. The kind stays. A customer that has no record left keeps what it shows.
    """
    current = values_of(customer_id)
    values = decide(customer_id, current, records_of(customer_id))
    changed = {name: value for name, value in values.items() if value != current[name]}
    if changed:
        columns = ", ".join(f"{name} = ?" for name in changed)
        execute(
            f"UPDATE customer SET {columns}, updated_at = ? WHERE id = ?",
            (*changed.values(), clock.to_micros(now), customer_id),
        )


def values_of(customer_id: int) -> dict[str, Any]:
    """Return what a customer shows, by column."""
    row = execute(f"SELECT {', '.join(COLUMNS)} FROM customer WHERE id = ?", (customer_id,)).fetchone()
    return dict(zip(COLUMNS, row, strict=True))


def decide(customer_id: int, current: Mapping[str, Any], records: Sequence[Record]) -> dict[str, Any]:
    """Return what a customer would show with these records; nothing is written."""
    if not records:
        return dict(current)
    pins = dict(execute("SELECT field, value FROM customer_pin WHERE customer_id = ?", (customer_id,)).fetchall())
    values = survivorship.columns(records, current["kind"], survivorship.pins_in_force(pins, current))
    if execute("SELECT origin FROM customer WHERE id = ?", (customer_id,)).fetchone()[0] == "crm":
        return {name: current[name] or value for name, value in values.items()}
    return values
