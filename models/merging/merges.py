"""Two customers that are one: merging them, what that would do, and parting them again (rules 4.1, 4.6).

Source records, keys, purchases, Deals, nurture, activities, mail, orders and people go to the customer that is kept.
The other stays as it is behind it, so that nothing is lost.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from models import clock, ids, journal, undo
from models.customers import access, decisions, recomputing
from models.customers.access import Standing
from models.customers.survivorship import ADDRESS
from models.database import execute
from models.errors import NotFoundError, RefusedError, UsageError
from models.merging import tech_checks
from models.nurture import enrolments
from models.people import permissions, users
from models.people.records import Actor

# What hangs on a customer and follows it. Keys, purchases and memberships follow their records by triggers; the
# nurture knows how two of a programme become one. A pin holds a value of the customer that it was made for, a pair to
# decide what was entered by hand for it.
FOLLOWS = (
    ("source_record", "customer_id"),
    ("person", "account_id"),
    ("person", "individual_id"),
    ("deal", "customer_id"),
    ("activity", "customer_id"),
    ("sent_email", "customer_id"),
    ("sales_contract", "customer_id"),
    ("sales_order", "customer_id"),
    ("invoice", "customer_id"),
    ("follow_up", "customer_id"),
)
STAYS = frozenset(
    {"customer", "customer_key", "purchase", "source_event", "membership",
     "enrolment", "customer_pin", "customer_merge", "review_pair"}
)  # fmt: skip
"""Tables that name a customer and are not moved by name."""
_GAPS = ("email", "phone", "birth_date", "gender", "tier", "satisfaction", "occupation", "income_minor")


@dataclass(frozen=True, slots=True)
class Merged:
    """A customer that went into another: when (UTC) and by whom."""

    gone_id: int
    kept_id: int
    name: str
    merged_at: dt.datetime
    merged_by: str


def choose_kept(one_id: int, other_id: int) -> tuple[int, int]:
    """Return (kept, gone): the one with more records stays, of two alike the older.

    Raises:
        UsageError: a customer with itself.
    """
    if one_id == other_id:
        raise UsageError(f"{ids.show_customer(one_id)} is one customer already")
    sizes = {
        customer_id: execute("SELECT count(*) FROM source_record WHERE customer_id = ?", (customer_id,)).fetchone()[0]
        for customer_id in (one_id, other_id)
    }
    kept, gone = sorted(sizes, key=lambda customer_id: (-sizes[customer_id], customer_id))
    return kept, gone


def merge(
    actor: Actor,
    now: dt.datetime,
    kept_id: int,
    gone_id: int,
    *,
    owner: str | None = None,
    going_on: Collection[int] | None = None,
    checks: str | None = None,
) -> None:
    """Make two customers one; `gone_id` becomes another name of `kept_id`.

    `owner` is the login that keeps the customer where both have one, `going_on` the enrolments that go on where both
    run the same programme (an empty collection: those of the customer that is kept), `checks` the consultant who does
    the tech checks that wait for different ones (`tech_checks.EACH`: each goes on doing theirs).

    Raises:
        NotAllowedError: the actor is neither the owner of both, nor a manager or operations.
        NotFoundError: there is no such customer, or it was merged already.
        RefusedError: an individual and an account, or a choice is missing.
        UsageError: a customer with itself, an owner who has neither, or a consultant who wasn't asked.
    """
    if kept_id == gone_id:
        raise UsageError(f"{ids.show_customer(kept_id)} is one customer already")
    with journal.action(actor, now, "customer.merge", "Merged customers") as made:
        kept, gone = access.get(kept_id), access.get(gone_id)
        made.summary = f"Merged {gone.name} ({ids.show_customer(gone_id)}) into {ids.show_customer(kept_id)}"
        require(actor, kept, gone)
        owner_id = _owner(kept, gone, owner)
        clashes = enrolments.list_clashes(gone_id, kept_id)
        if clashes and going_on is None:
            one, other = (ids.show_enrolment(enrolment) for enrolment in clashes[0])
            raise RefusedError(f"{gone.name} is in nurture twice ({one}, {other}): choose which goes on")
        begin = journal.last_id()
        tech_checks.choose(actor, now, kept_id, gone_id, checks)
        decisions.join(actor, now, decisions.keys_of(kept_id), decisions.keys_of(gone_id))
        enrolments.follow_merge(actor, now, gone_id, kept_id, going_on or ())
        _move(kept_id, gone_id)
        recomputing.recompute(now, kept_id)
        _fill_gaps(actor, now, kept_id, recomputing.values_of(gone_id))
        execute(
            "UPDATE customer SET owner_id = ?, do_not_contact = max(do_not_contact, g.contact),"
            " open_cases = open_cases + g.cases, has_high_case = max(has_high_case, g.high),"
            " lead_source = CASE WHEN lead_source = '' THEN g.lead ELSE lead_source END, updated_at = ?"
            " FROM (SELECT do_not_contact AS contact, open_cases AS cases, has_high_case AS high, lead_source AS lead"
            "  FROM customer WHERE id = ?) g WHERE customer.id = ?",
            (owner_id, clock.to_micros(now), gone_id, kept_id),
        )
        execute("UPDATE customer SET merged_into_id = ? WHERE id = ?", (kept_id, gone_id))
        execute(
            "INSERT INTO customer_merge (gone_id, kept_id, journal_from, journal_to, merged_at, merged_by)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (gone_id, kept_id, begin, journal.last_id(), clock.to_micros(now), actor.login),
        )


def unmerge(actor: Actor, now: dt.datetime, gone_id: int) -> int:
    """Part a customer from the one it was merged into, and return that one's id.

    All that came along goes back, what has been changed or made since stays as it is. The two are never taken for
    one again, unless somebody says so.

    Raises:
        NotAllowedError: the actor is neither the owner of both, nor a manager or operations.
        NotFoundError: the customer is not merged into another.
        RefusedError: the other was merged into a third one since.
    """
    with journal.action(actor, now, "customer.unmerge", "Parted customers") as made:
        row = execute(
            "SELECT m.id, m.kept_id, m.journal_from, m.journal_to, g.name, g.owner_id, k.merged_into_id, k.owner_id"
            " FROM customer_merge m JOIN customer g ON g.id = m.gone_id JOIN customer k ON k.id = m.kept_id"
            " WHERE m.gone_id = ?",
            (gone_id,),
        ).fetchone()
        shown = ids.show_customer(gone_id)
        if row is None:
            raise NotFoundError(f"{shown} was not merged into another customer")
        merge_id, kept_id, begin, end, name, gone_owner, next_id, kept_owner = row
        if next_id is not None:
            raise RefusedError(
                f"{ids.show_customer(kept_id)} was merged into {ids.show_customer(next_id)}: part it first"
            )
        permissions.require_unify(actor, _owners(actor, gone_owner, kept_owner), f"{shown} {name}")
        made.summary = f"Parted {name} ({shown}) from {ids.show_customer(kept_id)}"
        undo.give_back(begin, end)
        execute("DELETE FROM customer_merge WHERE id = ?", (merge_id,))
        for customer_id in (gone_id, kept_id):
            recomputing.recompute(now, customer_id)
        decisions.part(actor, now, decisions.keys_of(kept_id), decisions.keys_of(gone_id))
    return int(kept_id)


def list_merged(kept_id: int) -> list[Merged]:
    """Return the customers that were merged into one, newest first."""
    rows = execute(
        "SELECT m.gone_id, m.kept_id, c.name, m.merged_at, m.merged_by FROM customer_merge m"
        " JOIN customer c ON c.id = m.gone_id WHERE m.kept_id = ? ORDER BY m.id DESC",
        (kept_id,),
    )
    return [Merged(row[0], row[1], row[2], clock.from_micros(row[3]), row[4]) for row in rows.fetchall()]


def require(actor: Actor, kept: Standing, gone: Standing) -> None:
    """Check that two customers can be made one, by this actor.

    Raises:
        NotAllowedError, RefusedError: as `merge`.
    """
    both = f"{ids.show_customer(kept.id)}, {ids.show_customer(gone.id)}"
    permissions.require_unify(actor, _owners(actor, kept.owner_id, gone.owner_id), both)
    if kept.kind != gone.kind:
        account, person = (kept, gone) if kept.kind == "corporate" else (gone, kept)
        raise RefusedError(
            f"{account.name} is an account and {person.name} an individual: make {person.name} a person of the account,"
            " or label both the same"
        )


def _owners(actor: Actor, *owner_ids: int | None) -> set[int | None]:
    """Return who must agree; a customer that is nobody's asks nobody."""
    return {owner_id for owner_id in owner_ids if owner_id is not None} or {actor.id}


def _owner(kept: Standing, gone: Standing, chosen: str | None) -> int | None:
    both = {owner_id for owner_id in (kept.owner_id, gone.owner_id) if owner_id is not None}
    if chosen is not None:
        owner_id = users.get_actor(chosen).id
        if both and owner_id not in both:
            raise UsageError(f"{chosen} owns neither {kept.name} nor {gone.name}: merge first, then hand over")
        return owner_id
    if len(both) > 1:
        logins = " and ".join(str(permissions.login_of(owner_id)) for owner_id in sorted(both))
        raise RefusedError(f"{kept.name} has two owners, {logins}: choose who keeps the customer")
    return both.pop() if both else None


def _move(kept_id: int, gone_id: int) -> None:
    has_primary = execute("SELECT 1 FROM person WHERE account_id = ? AND is_primary = 1", (kept_id,)).fetchone()
    if has_primary:
        execute("UPDATE person SET is_primary = 0 WHERE account_id = ? AND is_primary = 1", (gone_id,))
    for table, column in FOLLOWS:
        execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (kept_id, gone_id))


def values_after(kept_id: int, gone_id: int) -> dict[str, Any]:
    """Return what the kept customer would show after a merge, by column; nothing is written."""
    records = [*recomputing.records_of(kept_id), *recomputing.records_of(gone_id)]
    decided = recomputing.decide(kept_id, recomputing.values_of(kept_id), records)
    return decided | _gaps(decided, recomputing.values_of(gone_id))


def _gaps(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """Return what only the other one knows: a blank never beats a value. An address is taken whole."""
    missing = {name: gone[name] for name in _GAPS if kept[name] in (None, "") and gone[name] not in (None, "")}
    if not any(kept[part] for part in ADDRESS) and any(gone[part] for part in ADDRESS):
        missing |= {part: gone[part] for part in ADDRESS}
    return missing


def _fill_gaps(actor: Actor, now: dt.datetime, kept_id: int, gone: Mapping[str, Any]) -> None:
    """Take over what only the other knew, and hold it against later imports."""
    missing = _gaps(recomputing.values_of(kept_id), gone)
    if not missing:
        return
    columns = ", ".join(f"{name} = ?" for name in missing)
    execute(f"UPDATE customer SET {columns} WHERE id = ?", (*missing.values(), kept_id))
    pinned = {name: str(value) for name, value in missing.items() if name not in ADDRESS}
    if len(pinned) < len(missing):
        pinned["address"] = json.dumps([gone[part] for part in ADDRESS], ensure_ascii=False)
    for field, text in pinned.items():
        execute(
            "INSERT INTO customer_pin (customer_id, field, value, pinned_by, pinned_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (customer_id, field) DO UPDATE SET value = excluded.value, pinned_by = excluded.pinned_by,"
            " pinned_at = excluded.pinned_at",
            (kept_id, field, text, actor.login, clock.to_micros(now)),
        )
