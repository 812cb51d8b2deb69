"""Taking another record's value for a field, or following the sources again (rules 4.2, 4.4)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from models import clock, journal
from models.customers import access, customers, survivorship
from models.customers.profiles import PRIVATE
from models.customers.survivorship import ADDRESS, Record
from models.database import execute
from models.errors import NotAllowedError, NotFoundError, UsageError
from models.people import permissions
from models.people.records import Actor

SOURCE_NAMES = {"con": "eCommerce", "loy": "loyalty", "pos": "store", "onl": "online", "crm": "here"}


def take(
    actor: Actor,
    now: dt.datetime,
    customer_id: int,
    field: str,
    source: str,
    key: str,
    *,
    seen: Mapping[str, Any] | None = None,
) -> None:
    """Take what one record says of a field, and keep it against what imports say later.

    `seen` is what the actor saw in the customer's columns.

    Raises:
        ChangedMeanwhileError: `seen` is given and no longer stands.
        NotAllowedError: the actor may not change the customer, or not see the field.
        NotFoundError: the customer has no such record.
        UsageError: the record says nothing of the field.
    """
    found = access.require_edit(actor, customer_id)
    _require_sight(actor, field, found.owner_id)
    record = next((one for one in _records(customer_id) if (one.source, one.key) == (source, key)), None)
    if record is None:
        raise NotFoundError(f"{found.name} has no record {source}:{key}")
    value = survivorship.value_of(field, record, found.kind)
    if value in (None, ""):
        raise UsageError(f"{source}:{key} says nothing of {_word(field)}: enter a value by hand")
    changes: dict[str, Any] = {field: value}
    if field == "address":
        changes = dict(zip(ADDRESS, value, strict=True))
    elif field == "name" and found.kind != "corporate":
        changes |= {part: record.fields.get(part, "") for part in ("given", "surname")}
    told = f"Took {_word(field)} of {found.name} from {SOURCE_NAMES.get(source, source)}"
    with journal.action(actor, now, "customer.edit", told):
        customers.edit(actor, now, customer_id, changes, is_from_record=True, seen=seen)


def follow(
    actor: Actor, now: dt.datetime, customer_id: int, field: str, *, seen: Mapping[str, Any] | None = None
) -> None:
    """Let the sources decide a field again that was chosen or entered by hand.

    `seen` is what the actor saw in the customer's columns.

    Raises:
        ChangedMeanwhileError: `seen` is given and no longer stands.
        NotAllowedError: the actor may not change the customer, or not see the field.
        UsageError: no record says anything of the field.
    """
    found = access.require_edit(actor, customer_id)
    _require_sight(actor, field, found.owner_id)
    records = _records(customer_id)
    if survivorship.choose(field, survivorship.in_order(records), found.kind) is None:
        raise UsageError(f"No source says anything of {_word(field)} of {found.name}: it stays as entered")
    made = survivorship.columns(records, found.kind)
    names = ADDRESS if field == "address" else ("name", "given", "surname") if field == "name" else (field,)
    values = {name: made[name] for name in names}
    with journal.action(actor, now, "customer.edit", f"{found.name}: {_word(field)} follows the sources again"):
        if seen is not None:
            customers.require_seen(customer_id, found.name, values, seen)
        marks = ", ".join("?" for _ in names)
        execute(
            f"DELETE FROM customer_pin WHERE customer_id = ? AND field IN ({marks}, ?)", (customer_id, *names, field)
        )
        execute(
            f"UPDATE customer SET {', '.join(f'{name} = ?' for name in names)}, updated_at = ? WHERE id = ?",
            (*values.values(), clock.to_micros(now), customer_id),
        )


def _records(customer_id: int) -> list[Record]:
    rows = execute("SELECT id, source, key, fields FROM source_record WHERE customer_id = ?", (customer_id,)).fetchall()
    return [Record(row[0], row[1], row[2], json.loads(row[3])) for row in rows]


def _require_sight(actor: Actor, field: str, owner_id: int | None) -> None:
    if field in PRIVATE and not permissions.may_see_private(actor, owner_id):
        raise NotAllowedError(f"{_word(field).capitalize()} is hidden for your role")


def _word(field: str) -> str:
    return {"birth_date": "birth date", "income_minor": "income", "email_subscriber": "marketing mail"}.get(
        field, field.replace("_", " ")
    )
