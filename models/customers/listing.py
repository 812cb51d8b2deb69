"""The list of customers as ids in order, however many, and the rows of those in view."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.customers import customers, search
from models.customers.records import CustomerRow
from models.database import execute
from models.ids import ID_ARRAY

# Ids, keys, emails and phone numbers name few; more than these are not what somebody looks for.
_HITS = 40
# SQLite takes so many parameters in any build.
_ROWS_AT_ONCE = 900


@dataclass(frozen=True, slots=True)
class CustomerView:
    """What is listed; `text` is a name's beginning words, or an id, key, email, postcode or phone number."""

    owner_id: int | None = None
    is_unowned: bool = False
    kind: str = ""
    text: str = ""


def list_ids(view: CustomerView, limit: int = -1) -> array[int]:
    """Return the ids of a view by name; those that an id, a key, an email or a phone number names come first.

    With `limit` it returns the first ones at once, where the view has no text: a first page to show meanwhile.
    """
    where, params = _filter(view)
    if not view.text.strip():
        if limit >= 0:
            where += " AND merged_into_id IS NULL"
        # An index holds name and id: a million names cost no look at any row, which asking for merged ones would.
        query = f"SELECT id FROM customer WHERE {where} ORDER BY name COLLATE NOCASE, id LIMIT ?"
        found = array(ID_ARRAY, (row[0] for row in execute(query, (*params, limit))))
        merged = {row[0] for row in execute("SELECT id FROM customer WHERE merged_into_id IS NOT NULL")}
        return array(ID_ARRAY, (one for one in found if one not in merged)) if merged else found
    named = execute(
        "SELECT id FROM customer WHERE id IN (SELECT rowid FROM customer_search WHERE customer_search MATCH ?)"
        f" AND merged_into_id IS NULL AND {where} ORDER BY name COLLATE NOCASE, id",
        (search.match_expression(view.text), *params),
    )
    found = array(ID_ARRAY, (row[0] for row in named.fetchall()))
    direct = [one for one in _named_directly(view.text) if _is_in(one, where, params)]
    if not direct:
        return found
    first = set(direct)
    return array(ID_ARRAY, [*direct, *(one for one in found if one not in first)])


def list_rows(ids: Sequence[int]) -> list[CustomerRow]:
    """Return the rows of these customers in the given order; those that are gone are left out."""
    found: dict[int, CustomerRow] = {}
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        piece = ids[start : start + _ROWS_AT_ONCE]
        marks = ", ".join("?" for _ in piece)
        found |= {row.id: row for row in customers.list_where(f"c.id IN ({marks})", tuple(piece))}
    return [found[one] for one in ids if one in found]


def _filter(view: CustomerView) -> tuple[str, tuple[Any, ...]]:
    where, params = [], list[Any]()
    if view.owner_id is not None:
        where.append("owner_id = ?")
        params.append(view.owner_id)
    elif view.is_unowned:
        where.append("owner_id IS NULL")
    if view.kind == "corporate":
        # Spelled out, so that the index of corporate accounts serves.
        where.append("kind = 'corporate'")
    elif view.kind:
        where.append("kind = ?")
        params.append(view.kind)
    return " AND ".join(where) or "1", tuple(params)


def _named_directly(text: str) -> list[int]:
    hits = [hit for hit in search.search(text, _HITS) if hit.kind != "deal" and hit.why != "name"]
    return list(dict.fromkeys(hit.id for hit in hits))


def _is_in(customer_id: int, where: str, params: tuple[Any, ...]) -> bool:
    return execute(f"SELECT 1 FROM customer WHERE id = ? AND {where}", (customer_id, *params)).fetchone() is not None
