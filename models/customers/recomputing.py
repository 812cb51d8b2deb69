"""A customer's values after its records changed hands (rules 4.2)."""

from __future__ import annotations

import datetime as dt
import json
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
    records = records_of(customer_id)
    if not records:
        return
    row = execute(f"SELECT origin, {', '.join(COLUMNS)} FROM customer WHERE id = ?", (customer_id,)).fetchone()
    current: dict[str, Any] = dict(zip(COLUMNS, row[1:], strict=True))
    pins = dict(execute("SELECT field, value FROM customer_pin WHERE customer_id = ?", (customer_id,)).fetchall())
    held = survivorship.pins_in_force(pins, current)
    values = survivorship.columns(records, current["kind"], held)
    if row[0] == "crm":
        values = {name: current[name] or value for name, value in values.items()}
    changed = {name: value for name, value in values.items() if value != current[name]}
    if changed:
        columns = ", ".join(f"{name} = ?" for name in changed)
        execute(
            f"UPDATE customer SET {columns}, updated_at = ? WHERE id = ?",
            (*changed.values(), clock.to_micros(now), customer_id),
        )
