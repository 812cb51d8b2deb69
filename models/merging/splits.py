"""Taking records off a customer that are somebody else's (rules 4.1, 4.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from models import clock, ids, journal
from models.customers import access, decisions, recomputing, survivorship
from models.database import execute
from models.errors import RefusedError, UsageError
from models.people import permissions
from models.people.records import Actor
from models.words import counted


def split(actor: Actor, now: dt.datetime, customer_id: int, record_ids: Collection[int]) -> int:
    """Make a customer of their own of some of a customer's records, and return its id.

    Purchases and memberships go with the records' keys, people with their records. Deals, nurture and activities
    stay with the customer they were made for. The two are never taken for one again, unless somebody says so.

    Raises:
        NotAllowedError: the actor neither owns the customer nor is a manager or operations.
        NotFoundError: there is no such customer, or it was merged into another.
        RefusedError: no record would be left.
        UsageError: no records, or one that isn't the customer's.
    """
    with journal.action(actor, now, "customer.split", "Split a customer") as made:
        found = access.get(customer_id)
        shown = f"{ids.show_customer(customer_id)} {found.name}"
        permissions.require_unify(actor, {found.owner_id or actor.id}, shown)
        records = recomputing.records_of(customer_id)
        chosen = [record for record in records if record.id in set(record_ids)]
        if not chosen or len(chosen) < len(set(record_ids)):
            raise UsageError(f"Name records of {shown} to take off")
        if len(chosen) == len(records):
            raise RefusedError(f"These are all records of {shown}: nothing would be left of it")
        kind = "corporate" if any(survivorship.is_corporate(record.fields) for record in chosen) else "individual"
        values = survivorship.columns(chosen, kind) | {"owner_id": found.owner_id, "origin": "import"}
        # Of the import that brought the first of them: taken back, it lists the customer among those that stay.
        values["run_id"] = execute("SELECT run_id FROM source_record WHERE id = ?", (chosen[0].id,)).fetchone()[0]
        values |= {"created_at": clock.to_micros(now), "updated_at": clock.to_micros(now)}
        columns, marks = ", ".join(values), ", ".join("?" for _ in values)
        cursor = execute(f"INSERT INTO customer ({columns}) VALUES ({marks})", list(values.values()))
        new_id = int(cursor.lastrowid or 0)
        made.summary = (
            f"Split {counted(len(chosen), 'record')} off {found.name}: {values['name']} ({ids.show_customer(new_id)})"
        )
        for record in chosen:
            execute(
                "UPDATE source_record SET customer_id = ?, link_rule = 'split', link_evidence = '',"
                " link_confirmed_by = ? WHERE id = ?",
                (new_id, actor.login, record.id),
            )
            _take_people(record.id, new_id, is_account=kind == "corporate")
        recomputing.recompute(now, customer_id)
        decisions.part(actor, now, decisions.keys_of(new_id), decisions.keys_of(customer_id))
    return new_id


def _take_people(record_id: int, new_id: int, *, is_account: bool) -> None:
    """Let an account's people follow their records; somebody who is no account's any more is linked instead."""
    column = "account_id" if is_account else "individual_id"
    execute(f"UPDATE person SET {column} = ? WHERE record_id = ?", (new_id, record_id))
