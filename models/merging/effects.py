"""What merging two customers would do, told before anybody decides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from models import journal
from models.customers import access
from models.customers.profiles import PRIVATE
from models.customers.survivorship import FIELDS
from models.database import execute
from models.merging import merges
from models.nurture import enrolments
from models.people import permissions
from models.people.records import Actor

_COUNTED = (
    ("source_record", "source row"),
    ("purchase", "purchase"),
    ("deal", "Deal"),
    ("activity", "activity"),
    ("sales_order", "order"),
    ("invoice", "invoice"),
)
_SHOWN = (*(field for field in FIELDS if field not in ("address", *PRIVATE)), "street", "city", "state", "postcode")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a merge does: `moves` are (thing, number) that join who is kept, `changes` (field, before, after).

    `owners` are the logins to choose from, `clashes` (enrolment of the one that goes, of the one that stays) of which
    one goes on; both are empty where there is nothing to choose.
    """

    kept_id: int
    gone_id: int
    kept_name: str
    gone_name: str
    moves: tuple[tuple[str, int], ...]
    changes: tuple[tuple[str, str, str], ...]
    owners: tuple[str, ...]
    clashes: tuple[tuple[int, int], ...]


def foresee(actor: Actor, now: dt.datetime, kept_id: int, gone_id: int) -> Effect:
    """Try the merge, the one that stays keeping owner and nurture, and take it back.

    Raises:
        NotAllowedError, NotFoundError, RefusedError, UsageError: as `merges.merge`.
    """
    with journal.action(actor, now, "customer.merge", "Tried a merge") as made:
        made.is_trial = True
        kept, gone = access.get(kept_id), access.get(gone_id)
        ids = {owner_id for owner_id in (kept.owner_id, gone.owner_id) if owner_id is not None}
        owners = tuple(str(permissions.login_of(owner_id)) for owner_id in sorted(ids)) if len(ids) > 1 else ()
        clashes = tuple(enrolments.list_clashes(gone_id, kept_id))
        moves = tuple((thing, count) for table, thing in _COUNTED if (count := _count(table, gone_id)))
        before = _values(kept_id)
        first = permissions.login_of(kept.owner_id) if owners else None
        merges.merge(actor, now, kept_id, gone_id, owner=first, going_on=())
        after = _values(kept_id)
        changes = tuple((name, before[name], after[name]) for name in _SHOWN if before[name] != after[name])
    return Effect(kept_id, gone_id, kept.name, gone.name, moves, changes, owners, clashes)


def _count(table: str, customer_id: int) -> int:
    return int(execute(f"SELECT count(*) FROM {table} WHERE customer_id = ?", (customer_id,)).fetchone()[0])


def _values(customer_id: int) -> dict[str, str]:
    row: tuple[Any, ...] = execute(f"SELECT {', '.join(_SHOWN)} FROM customer WHERE id = ?", (customer_id,)).fetchone()
    return {name: "" if value is None else str(value) for name, value in zip(_SHOWN, row, strict=True)}
