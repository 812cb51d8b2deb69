"""Which source record each value of a customer comes from (rules 4.2); pure functions of the records' fields.

Order of precedence: pinned by hand, then the source's rank, then the most recent record, then the most filled one. A
blank never beats a value. The phone is the most complete one. A name and an address are groups, chosen whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

RANK = {"con": 0, "loy": 1}
_LAST_RANK = len(RANK)

ADDRESS = ("street", "city", "state", "postcode", "country")
# Places in which an address can be found: a country alone is none.
_PLACES = ("street", "postcode", "city")
SINGLE = ("email", "birth_date", "gender", "tier", "satisfaction", "occupation", "income_minor", "email_subscriber")
# What is known of a person, not of the company they work for.
PERSONAL = frozenset({"birth_date", "gender", "occupation", "income_minor"})
FIELDS = ("name", "email", "phone", "birth_date", "gender", "address", "tier", "satisfaction", "occupation",
          "income_minor", "email_subscriber")  # fmt: skip
RULE = "contacts first, then loyalty; phone: most complete"

_POLICIES = {
    "name": "contacts first, then loyalty; first and last name before a full name",
    "phone": "the most complete number",
    "address": "contacts first, then loyalty; always one source's whole address",
}
_POLICY = "contacts first, then loyalty; of one source the newest, then the fullest"

# The customer's columns that records decide, in the order of `columns`.
COLUMNS = ("kind", "name", "given", "surname", "email", "phone", "birth_date", "gender", *ADDRESS, "tier",
           "satisfaction", "occupation", "income_minor", "email_subscriber", "first_seen_on")  # fmt: skip
_NULLABLE = frozenset({"birth_date", "income_minor", "first_seen_on"})
_BLANK = {field: None if field in _NULLABLE else "" for field in SINGLE}
_NUMBERS = frozenset({"income_minor", "email_subscriber"})


class Record(NamedTuple):
    """A source record as the policy sees it; `fields` holds only what isn't blank."""

    id: int
    source: str
    key: str
    fields: Mapping[str, Any]


def policy_of(field: str) -> str:
    """Return in words which record a field comes from, unless it is pinned; a blank never beats a value."""
    return _POLICIES.get(field, _POLICY)


def in_order(records: Iterable[Record]) -> list[Record]:
    """Return the records with the one that is believed first in front."""
    made = list(records)
    if len(made) > 1 and len({record.source for record in made} & RANK.keys()) == len(made):
        # Of two sources with a rank each, which most customers of an import are, the rank alone decides.
        made.sort(key=lambda record: RANK[record.source])
    elif len(made) > 1:
        made.sort(key=lambda record: (record.source, record.key))
        made.sort(key=lambda record: len(record.fields), reverse=True)
        made.sort(key=lambda record: record.fields.get("created_on", ""), reverse=True)
        made.sort(key=lambda record: RANK.get(record.source, _LAST_RANK))
    return made


def is_corporate(fields: Mapping[str, Any]) -> bool:
    """Return whether a record is of a company: it names one, or its account type says so."""
    return bool(fields.get("company_name")) or str(fields.get("account_type", "")).strip().lower() == "corporate"


def person_name(fields: Mapping[str, Any]) -> str:
    """Return first and last name, else the full name, which sources keep less clean."""
    given, surname = fields.get("given", ""), fields.get("surname", "")
    if given and surname:
        return f"{given} {surname}"
    return fields.get("full_name") or given or surname or ""


def value_of(field: str, record: Record, kind: str = "individual") -> Any:
    """Return what one record says of a field, `""` or None if blank; an address is a tuple ordered as `ADDRESS`."""
    fields = record.fields
    if field == "name":
        return fields.get("company_name") or person_name(fields) if kind == "corporate" else person_name(fields)
    if field == "address":
        parts = tuple(fields.get(part, "") for part in ADDRESS)
        return parts if any(parts) else ""
    return fields.get(field)


def says(field: str, record: Record, kind: str = "individual") -> Any:
    """Return what a record says of a field that another one gave: a person's name says nothing of their company's."""
    if kind == "corporate" and field == "name":
        return record.fields.get("company_name", "")
    return value_of(field, record, kind)


def choose(field: str, ordered: Sequence[Record], kind: str = "individual") -> Record | None:
    """Return the record that gives a field, None if all are blank; `ordered` comes from `in_order`."""
    if kind == "corporate" and field in PERSONAL:
        return None
    if field == "phone":
        return _most_complete(ordered)
    if field == "name":
        return _name(ordered, kind)
    if field == "address":
        return _first_with(ordered, _PLACES) or _first_with(ordered, ADDRESS)
    for record in ordered:
        if record.fields.get(field) not in (None, ""):
            return record
    return None


def _name(ordered: Sequence[Record], kind: str) -> Record | None:
    if kind == "corporate" and (named := _first_with(ordered, ("company_name",))):
        return named
    for record in ordered:
        if record.fields.get("given") and record.fields.get("surname"):
            return record
    return next((record for record in ordered if person_name(record.fields)), None)


def _first_with(ordered: Sequence[Record], names: tuple[str, ...]) -> Record | None:
    for record in ordered:
        for name in names:
            if record.fields.get(name):
                return record
    return None


def _most_complete(ordered: Sequence[Record]) -> Record | None:
    """The most digits win: a lost leading zero, country code or extension makes a number useless."""
    having = [record for record in ordered if record.fields.get("phone")]
    if len({record.fields["phone"] for record in having}) > 1:
        return max(having, key=lambda record: sum(map(str.isdigit, record.fields["phone"])))
    return having[0] if having else None


def columns(
    records: Iterable[Record], kind: str = "individual", pins: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the customer's columns (`COLUMNS`) as the records and the pins in force say.

    `pins` maps fields to pinned text; an address is pinned as a JSON array in the order of `ADDRESS`.
    """
    ordered = in_order(records)
    made: dict[str, Any] = {"kind": kind}
    chosen = choose("name", ordered, kind)
    made["name"] = value_of("name", chosen, kind) if chosen else _fallback_name(ordered)
    is_person = kind != "corporate"
    made["given"] = chosen.fields.get("given", "") if chosen and is_person else ""
    made["surname"] = chosen.fields.get("surname", "") if chosen and is_person else ""
    chosen = choose("phone", ordered, kind)
    made["phone"] = chosen.fields["phone"] if chosen else ""
    chosen = choose("address", ordered, kind)
    for part in ADDRESS:
        made[part] = chosen.fields.get(part, "") if chosen else ""
    # What `choose` says of single fields, for all of them at once: the first record in order is put on last.
    merged: dict[str, Any] = {}
    for record in reversed(ordered):
        merged.update(record.fields)
    for field in SINGLE:
        is_known = is_person or field not in PERSONAL
        made[field] = merged.get(field, _BLANK[field]) if is_known else _BLANK[field]
    made["email_subscriber"] = int(made["email_subscriber"] or 0)
    seen = [record.fields["created_on"] for record in ordered if record.fields.get("created_on")]
    made["first_seen_on"] = min(seen) if seen else None
    for field, text in (pins or {}).items():
        _pin(made, field, text)
    return made


def _fallback_name(ordered: Sequence[Record]) -> str:
    """A record without any name is still somebody: call them by what is known."""
    for record in ordered:
        if record.fields.get("email"):
            return str(record.fields["email"])
    return f"{ordered[0].source} {ordered[0].key}" if ordered else ""


def pinned_columns(field: str, text: str) -> dict[str, Any]:
    """Return the columns that a pin of `field` sets."""
    if field == "address":
        return dict(zip(ADDRESS, json.loads(text), strict=True))
    if field in _NUMBERS:
        return {field: int(text) if text else (None if field in _NULLABLE else 0)}
    if field in _NULLABLE:
        return {field: text or None}
    return {field: text}


def _pin(made: dict[str, Any], field: str, text: str) -> None:
    made.update(pinned_columns(field, text))


def pins_in_force(pins: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, str]:
    """Return the pins that the customer's row still shows.

    A pin says "this value, whatever the sources say". When an undo has put the row back, the pin has nothing to hold.
    """
    return {
        field: text
        for field, text in pins.items()
        if all(row[column] == value for column, value in pinned_columns(field, text).items())
    }
