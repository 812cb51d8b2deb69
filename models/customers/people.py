"""The people of corporate accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from models import ids, journal, meanwhile
from models.customers import access, addresses
from models.customers.records import Person
from models.database import execute
from models.errors import NotFoundError, RefusedError, UsageError
from models.people.records import Actor

_COLUMNS = "id, account_id, name, position, email, phone, email_subscriber, do_not_contact, bounces, is_primary"
_CHANGEABLE = frozenset({"name", "position", "email", "phone", "email_subscriber", "do_not_contact", "bounces"})


def list_people(account_id: int) -> tuple[Person, ...]:
    """Return an account's people, the primary one first, then by name."""
    rows = execute(
        f"SELECT {_COLUMNS} FROM person WHERE account_id = ? ORDER BY is_primary DESC, name COLLATE NOCASE, id",
        (account_id,),
    )
    return tuple(_person(row) for row in rows.fetchall())


def get_person(person_id: int) -> Person:
    """Return one person.

    Raises:
        NotFoundError: there is none.
    """
    row = execute(f"SELECT {_COLUMNS} FROM person WHERE id = ?", (person_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no person {person_id}")
    return _person(row)


def add(
    actor: Actor,
    now: dt.datetime,
    account_id: int,
    name: str,
    *,
    position: str = "",
    email: str = "",
    phone: str = "",
    is_primary: bool = False,
) -> int:
    """Add a person to an account; the first one is the primary one.

    Raises:
        RefusedError: the customer is an individual.
        UsageError: the name is blank, or the email or phone can't be one.
    """
    account = access.require_edit(actor, account_id)
    if account.kind != "corporate":
        raise RefusedError(f"{account.name} is an individual: label it corporate first")
    if not name.strip():
        raise UsageError("A person needs a name")
    addresses.require("email", email)
    addresses.require("phone", phone)
    with journal.action(actor, now, "person.add", f"Added {name.strip()} to {account.name}"):
        first = not list_people(account_id)
        if is_primary:
            execute("UPDATE person SET is_primary = 0 WHERE account_id = ? AND is_primary = 1", (account_id,))
        cursor = execute(
            "INSERT INTO person (account_id, name, position, email, phone, is_primary) VALUES (?, ?, ?, ?, ?, ?)",
            (account_id, name.strip(), position, email.strip(), phone.strip(), int(is_primary or first)),
        )
    return int(cursor.lastrowid or 0)


def change(
    actor: Actor, now: dt.datetime, person_id: int, changes: dict[str, Any], *, seen: Mapping[str, Any] | None = None
) -> None:
    """Change fields of a person: name, position, email, phone, email_subscriber, do_not_contact, bounces.

    Raises:
        ChangedMeanwhileError: `seen`, what the actor saw in the fields, is given and no longer stands.
        UsageError: an unknown field, a blank name, or an email or phone that can't be one.
    """
    person = get_person(person_id)
    account = access.require_edit(actor, person.account_id)
    for field, value in changes.items():
        if field not in _CHANGEABLE:
            raise UsageError(f"A person has no field {field!r}; there are {', '.join(sorted(_CHANGEABLE))}")
        if field == "name" and not str(value).strip():
            raise UsageError("A person needs a name")
        # What a file brought stays until somebody changes it.
        if field in addresses.CHECKS and value != getattr(person, field):
            addresses.require(field, str(value))
    with journal.action(actor, now, "person.change", f"Changed {person.name} of {account.name}"):
        now_there = get_person(person_id)
        stands = {field: getattr(now_there, field) for field in changes}
        meanwhile.require_seen("person", person_id, f"{person.name} of {account.name}", stands, seen)
        for field, value in changes.items():
            kept = int(value) if isinstance(value, bool) else value
            execute(f"UPDATE person SET {field} = ? WHERE id = ?", (kept, person_id))


def make_primary(actor: Actor, now: dt.datetime, person_id: int) -> None:
    """Make somebody the person whom nurture and quotes address first."""
    person = get_person(person_id)
    account = access.require_edit(actor, person.account_id)
    with journal.action(actor, now, "person.primary", f"Made {person.name} the first person of {account.name}"):
        execute("UPDATE person SET is_primary = 0 WHERE account_id = ? AND is_primary = 1", (person.account_id,))
        execute("UPDATE person SET is_primary = 1 WHERE id = ?", (person_id,))


def remove(actor: Actor, now: dt.datetime, person_id: int) -> None:
    """Take a person off an account; the next one becomes the primary one.

    Raises:
        RefusedError: it is the last person of the account.
    """
    person = get_person(person_id)
    account = access.require_edit(actor, person.account_id)
    others = [other for other in list_people(person.account_id) if other.id != person_id]
    if not others:
        raise RefusedError(f"{person.name} is the only person of {ids.show_customer(account.id)}: add another first")
    with journal.action(actor, now, "person.remove", f"Took {person.name} off {account.name}"):
        execute("DELETE FROM person WHERE id = ?", (person_id,))
        if person.is_primary:
            execute("UPDATE person SET is_primary = 1 WHERE id = ?", (others[0].id,))


def _person(row: tuple[Any, ...]) -> Person:
    person_id, account_id, name, position, email, phone, subscriber, no_contact, bounces, is_primary = row
    return Person(
        id=person_id,
        account_id=account_id,
        name=name,
        position=position,
        email=email,
        phone=phone,
        email_subscriber=bool(subscriber),
        do_not_contact=bool(no_contact),
        bounces=bounces,
        is_primary=bool(is_primary),
    )
