"""Who else seems to live where an individual lives, and why; shown only, never a reason to take two for one.

The same street and postcode make a household, and so does the same email or phone where the surname is the same. What
many share (an office block, a shop's phone) says nothing.
"""

from __future__ import annotations

from models.customers import numbers
from models.customers.records import Housemate
from models.customers.relations import fold
from models.database import execute

MOST = 12
"""So many may share an address, email or phone; more are no household."""


def list_household(customer_id: int) -> tuple[Housemate, ...]:
    """Return the other members of an individual's household by name; accounts have none."""
    row = execute(
        "SELECT name, surname, street, postcode, email, phone FROM customer"
        " WHERE id = ? AND kind = 'individual' AND merged_into_id IS NULL",
        (customer_id,),
    ).fetchone()
    if row is None:
        return ()
    name, surname, street, postcode, email, phone = row
    why: dict[int, list[str]] = {}
    for one in _living_at(street, postcode):
        why.setdefault(one, []).append("same address")
    family = _surname(name, surname)
    shared = {"same email": _reached_at(email)}
    shared["same phone"] = [hit.id for hit in numbers.having_phone(phone, MOST + 2)]
    found = _individuals({*why, *(one for ids in shared.values() for one in ids)} - {customer_id})
    for words, ids in shared.items():
        if len(ids) <= MOST + 1:
            for one in ids:
                if one in found and family and _surname(*found[one][:2]) == family:
                    why.setdefault(one, []).append(words)
    return tuple(
        Housemate(one, found[one][0], found[one][2], tuple(why[one]))
        for one in sorted(found, key=lambda one: (fold(found[one][0]), one))
        if one in why
    )


def _living_at(street: str, postcode: str) -> list[int]:
    if not street.strip() or not postcode:
        return []
    rows = execute(
        "SELECT id FROM customer WHERE postcode <> '' AND postcode = ? AND street = ? COLLATE NOCASE"
        " AND kind = 'individual' AND merged_into_id IS NULL LIMIT ?",
        (postcode, street, MOST + 2),
    ).fetchall()
    return [row[0] for row in rows] if len(rows) <= MOST + 1 else []


def _reached_at(email: str) -> list[int]:
    rows = execute("SELECT id FROM customer WHERE email <> '' AND email = ? COLLATE NOCASE LIMIT ?", (email, MOST + 2))
    return [row[0] for row in rows.fetchall()]


def _individuals(ids: set[int]) -> dict[int, tuple[str, str, str]]:
    """Return name, surname and owner of those who are individuals."""
    if not ids:
        return {}
    marks = ", ".join("?" for _ in ids)
    rows = execute(
        "SELECT c.id, c.name, c.surname, coalesce(u.login, '') FROM customer c"
        " LEFT JOIN app_user u ON u.id = c.owner_id"
        f" WHERE c.id IN ({marks}) AND c.kind = 'individual' AND c.merged_into_id IS NULL",
        tuple(ids),
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows.fetchall()}


def _surname(name: str, surname: str) -> str:
    """Return the surname as it is compared; of a name that was typed whole, its last word."""
    return fold(surname or (name.split() or [""])[-1])
