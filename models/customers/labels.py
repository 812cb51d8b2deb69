"""Individual or corporate: what the label changes besides itself (rules 4.8, 12)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from models import clock, ids, journal
from models.customers import access, follow_ups, owners, survivorship
from models.customers.access import Standing
from models.customers.survivorship import Record
from models.database import execute
from models.errors import RefusedError, UsageError
from models.people import permissions
from models.people.records import Actor


def label_corporate(
    actor: Actor, now: dt.datetime, customer_ids: Sequence[int], company: str | Mapping[int, str] = ""
) -> list[int]:
    """Turn individuals into corporate accounts, in one action, and return those that were changed.

    `company` is the company's name, or one for each id. The individual becomes the account's first person; its
    purchases, deals and records stay where they are. An owner who is no account executive is replaced by rule.

    Raises:
        NotAllowedError: the actor neither owns them all nor is a manager or operations.
        UsageError: a company's name is missing.
    """
    found = _checked(actor, customer_ids)
    chosen = [one for one in found if one.kind != "corporate"]
    names = {one.id: (company if isinstance(company, str) else company.get(one.id, "")).strip() for one in chosen}
    if missing := [one.name for one in chosen if not names[one.id]]:
        raise UsageError(f"{missing[0]} needs a company's name to become a corporate account")
    if not chosen:
        return []
    with journal.action(actor, now, "customer.label", _summary(chosen, "corporate")):
        allotment = owners.Allotment()
        for one in chosen:
            _make_corporate(actor, now, one, names[one.id], allotment)
        follow_ups.hand_out(actor, now, [one.id for one in chosen])
    return [one.id for one in chosen]


def _make_corporate(actor: Actor, now: dt.datetime, one: Standing, company: str, allotment: owners.Allotment) -> None:
    execute(
        "INSERT INTO person (account_id, name, email, phone, email_subscriber, do_not_contact, is_primary, record_id)"
        " SELECT id, name, email, phone, email_subscriber, do_not_contact,"
        " NOT EXISTS (SELECT 1 FROM person p WHERE p.account_id = customer.id AND p.is_primary = 1),"
        " (SELECT r.id FROM source_record r WHERE r.customer_id = customer.id ORDER BY r.source, r.id LIMIT 1)"
        " FROM customer WHERE id = ?",
        (one.id,),
    )
    state = execute("SELECT state FROM customer WHERE id = ?", (one.id,)).fetchone()[0]
    owner_id = one.owner_id
    if owner_id is None or not owners.is_fit(owner_id, "corporate"):
        owner_id = allotment.next_owner("corporate", state) or owner_id
    execute(
        "UPDATE customer SET kind = 'corporate', name = ?, given = '', surname = '', owner_id = ?, updated_at = ?"
        " WHERE id = ?",
        (company, owner_id, clock.to_micros(now), one.id),
    )
    _pin(actor, now, one.id, {"kind": "corporate", "name": company})


def label_individual(actor: Actor, now: dt.datetime, customer_ids: Sequence[int]) -> list[int]:
    """Take the corporate label back, in one action, and return those that were changed; nurture ends with it.

    The first person gives the name again and is no person of an account any more.

    Raises:
        NotAllowedError: the actor neither owns them all nor is a manager or operations.
        RefusedError: an account has several people.
    """
    found = _checked(actor, customer_ids)
    chosen = [one for one in found if one.kind == "corporate"]
    if not chosen:
        return []
    with journal.action(actor, now, "customer.label", _summary(chosen, "individual")):
        for one in chosen:
            _make_individual(actor, now, one)
    return [one.id for one in chosen]


def _make_individual(actor: Actor, now: dt.datetime, one: Standing) -> None:
    people = execute(
        "SELECT id, name FROM person WHERE account_id = ? ORDER BY is_primary DESC, id", (one.id,)
    ).fetchall()
    if len(people) > 1:
        raise RefusedError(
            f"{one.name} has {len(people)} people: take all but one off"
            f" before {ids.show_customer(one.id)} becomes an individual"
        )
    _end_nurture(actor, now, one.id)
    name = people[0][1] if people else one.name
    given, surname = _parts(one.id, name)
    execute(
        "UPDATE customer SET kind = 'individual', name = ?, given = ?, surname = ?, updated_at = ? WHERE id = ?",
        (name, given, surname, clock.to_micros(now), one.id),
    )
    if people:
        execute("DELETE FROM person WHERE id = ?", (people[0][0],))
    _pin(actor, now, one.id, {"kind": "individual"})


def _end_nurture(actor: Actor, now: dt.datetime, customer_id: int) -> None:
    """End running enrolments before the kind changes: the database refuses the change otherwise.

    Nurture is an area above customers, which can't be called from here; its tables are, as its own
    `enrolments.close` leaves them.
    """
    running = "SELECT id FROM enrolment WHERE customer_id = ? AND state IN ('active', 'paused')"
    execute(
        f"UPDATE enrolment_step SET state = 'cancelled' WHERE enrolment_id IN ({running})"
        " AND state IN ('pending', 'due', 'snoozed')",
        (customer_id,),
    )
    execute(
        "UPDATE activity SET state = 'cancelled' WHERE state = 'planned' AND enrolment_step_id IN"
        f" (SELECT id FROM enrolment_step WHERE enrolment_id IN ({running}))",
        (customer_id,),
    )
    execute(
        "UPDATE enrolment SET state = 'exited', pause_reason = '', exit_reason = 'no_longer_corporate', ended_at = ?,"
        " ended_by = ? WHERE customer_id = ? AND state IN ('active', 'paused')",
        (clock.to_micros(now), actor.login, customer_id),
    )


def _parts(customer_id: int, name: str) -> tuple[str, str]:
    """Return given name and surname: of the records if they make this name, else the last word is the surname."""
    rows = execute("SELECT id, source, key, fields FROM source_record WHERE customer_id = ?", (customer_id,)).fetchall()
    for record in survivorship.in_order(Record(row[0], row[1], row[2], json.loads(row[3])) for row in rows):
        if survivorship.person_name(record.fields) == name:
            return record.fields.get("given", ""), record.fields.get("surname", "")
    given, _, surname = name.rpartition(" ")
    return given, surname


def _checked(actor: Actor, customer_ids: Sequence[int]) -> list[Standing]:
    found = [access.get(customer_id) for customer_id in dict.fromkeys(customer_ids)]
    if not found:
        raise UsageError("Name the customers to label")
    what = found[0].name if len(found) == 1 else f"{len(found)} customers"
    permissions.require_unify(actor, {one.owner_id for one in found}, what)
    return found


def _summary(chosen: Sequence[Standing], label: str) -> str:
    what = chosen[0].name if len(chosen) == 1 else f"{len(chosen)} customers"
    return f"Labelled {what} {label}"


def _pin(actor: Actor, now: dt.datetime, customer_id: int, values: dict[str, str]) -> None:
    """Keep the label and the name against what later imports say."""
    for field, value in values.items():
        execute(
            "INSERT INTO customer_pin (customer_id, field, value, pinned_by, pinned_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (customer_id, field) DO UPDATE SET value = excluded.value, record_id = NULL,"
            " pinned_by = excluded.pinned_by, pinned_at = excluded.pinned_at",
            (customer_id, field, value, actor.login, clock.to_micros(now)),
        )
