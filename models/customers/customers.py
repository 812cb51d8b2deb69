"""Customers: the list, one's standing, making and editing them, handing them over."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from models import clock, database, ids, journal, meanwhile
from models.customers import access, addresses, follow_ups, owners
from models.customers.labels import label_corporate, label_individual
from models.customers.profiles import get_profile, measures
from models.customers.records import CustomerRow
from models.customers.survivorship import ADDRESS
from models.database import execute
from models.errors import UsageError
from models.people import permissions, users
from models.people.records import Actor

__all__ = ["assign", "count_customers", "create", "edit", "get_profile", "get_row", "label_corporate",
           "label_individual", "list_customers", "measures"]  # fmt: skip

_TEXT = ("name", "given", "surname", "gender", "email", "phone", *ADDRESS, "tier", "satisfaction", "occupation",
         "lead_source")  # fmt: skip
_YES_NO = ("email_subscriber", "do_not_contact")
EDITABLE = (*_TEXT, "birth_date", "income_minor", *_YES_NO)
# Fields that records decide too: an edit by hand is pinned, so that the next import leaves it.
_PINNED = {
    **{name: name for name in ("name", "given", "surname", "gender", "email", "phone", "tier", "satisfaction",
                               "occupation", "birth_date", "income_minor", "email_subscriber")},
    **dict.fromkeys(ADDRESS, "address"),
}  # fmt: skip
_ROW_FIELDS = CustomerRow._fields
_ROW = (
    "SELECT c.id, c.kind, c.name, c.owner_id, coalesce(u.login, ''), c.email, c.phone, c.city, c.state, c.tier,"
    " c.first_seen_on, (SELECT count(*) FROM deal d WHERE d.customer_id = c.id AND d.outcome = 'open'), c.unpaid_minor,"
    " c.do_not_contact FROM customer c LEFT JOIN app_user u ON u.id = c.owner_id"
)


def list_customers(
    text: str = "",
    owner_id: int | None = None,
    kind: str | None = None,
    after: CustomerRow | None = None,
    limit: int = 50,
) -> list[CustomerRow]:
    """Return customers by name, those behind `after` (the last row of the page before).

    `text` filters by the words that names contain, each as a prefix.
    """
    where, params = _filter(text, owner_id, kind)
    if after is not None:
        # Spelled as two ranges so that the index on (name, id) is walked from here.
        where += " AND c.name COLLATE NOCASE >= ? AND (c.name COLLATE NOCASE > ? OR c.id > ?)"
        params += [after.name, after.name, after.id]
    rows = execute(f"{_ROW} WHERE {where} ORDER BY c.name COLLATE NOCASE, c.id LIMIT ?", (*params, limit))
    return [_row(row) for row in rows.fetchall()]


def count_customers(text: str = "", owner_id: int | None = None, kind: str | None = None) -> int:
    """Return how many customers `list_customers` would walk through."""
    where, params = _filter(text, owner_id, kind)
    return int(execute(f"SELECT count(*) FROM customer c WHERE {where}", params).fetchone()[0])


def get_row(customer_id: int) -> CustomerRow:
    """Return one customer as the list shows it.

    Raises:
        NotFoundError: there is none, or it was merged into another.
    """
    access.get(customer_id)
    return _row(execute(f"{_ROW} WHERE c.id = ?", (customer_id,)).fetchone())


def list_where(condition: str, params: Sequence[Any]) -> list[CustomerRow]:
    """Return rows under a condition on `customer c`, in no order; for the modules of this package."""
    return [_row(row) for row in execute(f"{_ROW} WHERE {condition}", params).fetchall()]


def _filter(text: str, owner_id: int | None, kind: str | None) -> tuple[str, list[Any]]:
    from models.customers.search import match_expression

    where, params = "c.merged_into_id IS NULL", list[Any]()
    if owner_id is not None:
        where += " AND c.owner_id = ?"
        params.append(owner_id)
    if kind == "corporate":
        where += " AND c.kind = 'corporate'"
    elif kind is not None:
        where += " AND c.kind = ?"
        params.append(kind)
    if text.strip():
        where += " AND c.id IN (SELECT rowid FROM customer_search WHERE customer_search MATCH ?)"
        params.append(match_expression(text))
    return where, params


def _row(row: tuple[Any, ...]) -> CustomerRow:
    seen = dt.date.fromisoformat(row[10]) if row[10] else None
    values = dict(zip(_ROW_FIELDS, row, strict=True))
    return CustomerRow(**values | {"first_seen_on": seen, "do_not_contact": bool(row[13])})


def create(
    actor: Actor,
    now: dt.datetime,
    *,
    name: str,
    kind: str = "individual",
    owner_id: int | None = None,
    **fields: Any,
) -> int:
    """Make a customer by hand and return its id; `fields` are those of `edit`.

    Without an owner it is the actor's if their role fits the kind, else it is given out by rule (rules 12).

    Raises:
        UsageError: the name is blank, the kind or a field unknown, a value of the wrong form.
    """
    if kind not in ("individual", "corporate"):
        raise UsageError(f"{kind!r} is no kind of customer: individual or corporate")
    values = _checked({"name": name, **fields})
    if kind == "individual" and not values.get("surname"):
        given, _, surname = values["name"].rpartition(" ")
        values |= {"given": given, "surname": surname}
    with journal.action(actor, now, "customer.new", f"New customer: {values['name']}"):
        if owner_id is None:
            fits = owners.is_fit(actor.id, kind)
            owner_id = actor.id if fits else owners.Allotment().next_owner(kind, values.get("state", ""))
        today = clock.local_date(now, database.company_zone()).isoformat()
        values |= {"kind": kind, "owner_id": owner_id, "origin": "crm", "first_seen_on": today}
        values |= {"created_at": clock.to_micros(now), "updated_at": clock.to_micros(now)}
        columns, marks = ", ".join(values), ", ".join("?" for _ in values)
        cursor = execute(f"INSERT INTO customer ({columns}) VALUES ({marks})", list(values.values()))
    return int(cursor.lastrowid or 0)


def edit(
    actor: Actor,
    now: dt.datetime,
    customer_id: int,
    changes: dict[str, Any],
    *,
    is_from_record: bool = False,
    seen: Mapping[str, Any] | None = None,
) -> None:
    """Change fields by hand; what source records say of them is overruled until somebody unpins it.

    A value that a record says (`is_from_record`) is taken as it came. `seen` is what the actor saw in the fields.

    Raises:
        ChangedMeanwhileError: `seen` is given and no longer stands.
        NotAllowedError: the actor neither owns the customer, manages its owner nor is operations.
        UsageError: an unknown field, or a value of the wrong form.
    """
    found = access.require_edit(actor, customer_id)
    values = _checked(changes, is_from_record=is_from_record)
    with journal.action(actor, now, "customer.edit", f"Changed {found.name}: {', '.join(values).replace('_', ' ')}"):
        if seen is not None:
            require_seen(customer_id, found.name, values, seen)
        names = ", ".join(f"{name} = ?" for name in values)
        execute(
            f"UPDATE customer SET {names}, updated_at = ? WHERE id = ?",
            (*values.values(), clock.to_micros(now), customer_id),
        )
        for field in dict.fromkeys(_PINNED[name] for name in values if name in _PINNED):
            _pin(actor, now, customer_id, field)


def require_seen(customer_id: int, name: str, values: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Check that the columns `values` of a customer hold what the actor saw; call it inside an action.

    Raises:
        ChangedMeanwhileError: they don't.
    """
    row = execute(f"SELECT {', '.join(values)} FROM customer WHERE id = ?", (customer_id,)).fetchone()
    # As they would be stored: a form holds texts.
    wanted = {field: seen[field] for field in values if field in seen}
    stored = _checked(wanted, is_from_record=True) if wanted else {}
    meanwhile.require_seen("customer", customer_id, name, dict(zip(values, row, strict=True)), stored)


def _pin(actor: Actor, now: dt.datetime, customer_id: int, field: str) -> None:
    """Pin a field to what the customer's row says; an address as a whole."""
    columns = ADDRESS if field == "address" else (field,)
    row = execute(f"SELECT {', '.join(columns)} FROM customer WHERE id = ?", (customer_id,)).fetchone()
    text = json.dumps(row, ensure_ascii=False) if field == "address" else "" if row[0] is None else str(row[0])
    execute(
        "INSERT INTO customer_pin (customer_id, field, value, pinned_by, pinned_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (customer_id, field) DO UPDATE SET value = excluded.value, record_id = NULL,"
        " pinned_by = excluded.pinned_by, pinned_at = excluded.pinned_at",
        (customer_id, field, text, actor.login, clock.to_micros(now)),
    )


def _checked(changes: dict[str, Any], *, is_from_record: bool = False) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field, value in changes.items():
        if field not in EDITABLE:
            raise UsageError(f"A customer has no field {field!r}; there are {', '.join(EDITABLE)}")
        if field in _YES_NO:
            values[field] = int(bool(value))
        elif field == "income_minor":
            values[field] = None if value in (None, "") else int(value)
        elif field == "birth_date":
            values[field] = _date(value)
        else:
            values[field] = str(value).strip()
            if field in addresses.CHECKS and not is_from_record:
                addresses.require(field, values[field])
    if "name" in values and not values["name"]:
        raise UsageError("A customer needs a name")
    if not values:
        raise UsageError("Nothing to change: name a field and its value")
    return values


def _date(value: Any) -> str | None:
    try:
        return dt.date.fromisoformat(str(value)).isoformat() if value not in (None, "") else None
    except ValueError:
        raise UsageError(f"{value!r} is no date: write it like 1984-03-12") from None


def assign(actor: Actor, now: dt.datetime, customer_ids: Sequence[int], login: str) -> None:
    """Hand customers over to another user, in one action; their open nurture steps and follow-ups go along.

    Raises:
        NotAllowedError: the actor may not hand one of them over; nothing changes then.
        NotFoundError: a customer or the user doesn't exist.
    """
    new_owner = users.get_id(login)
    if not customer_ids:
        return
    found = [access.get(customer_id) for customer_id in customer_ids]
    what = found[0].name if len(found) == 1 else f"{len(found)} customers"
    with journal.action(actor, now, "customer.assign", f"Handed {what} to {login}"):
        for one in found:
            # Who has no owner can be taken by anybody who would look after it.
            if one.owner_id is not None or new_owner != actor.id:
                permissions.require_assign(actor, one.owner_id, ids.show_customer(one.id))
            execute(
                "UPDATE customer SET owner_id = ?, updated_at = ? WHERE id = ? AND owner_id IS NOT ?",
                (new_owner, clock.to_micros(now), one.id, new_owner),
            )
        follow_ups.hand_out(actor, now, [one.id for one in found])
