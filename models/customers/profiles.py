"""Everything about one customer: each field with its source and what the others say, measures, records, people."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from models import clock, money
from models.customers import people, segments, sources, spending, survivorship
from models.customers.records import (
    CustomerProfile,
    Measures,
    OtherValue,
    OwnedSource,
    Relation,
    SourceRow,
    Told,
    ValueSource,
)
from models.customers.relations import relate
from models.customers.survivorship import ADDRESS, Record
from models.database import company_zone, execute
from models.errors import NotFoundError
from models.ids import show_customer
from models.people import permissions
from models.people.records import Actor

LABELS = {"name": "name", "email": "email", "phone": "phone", "birth_date": "born", "gender": "gender",
          "address": "address", "tier": "tier", "satisfaction": "satisfaction", "occupation": "occupation",
          "income_minor": "income", "email_subscriber": "marketing mail"}  # fmt: skip
PRIVATE = frozenset({"birth_date", "income_minor"})
HIDDEN = "hidden for your role"
# Raw rows keep the columns' names of their files: by these words one knows birth dates and incomes in any of them.
_PRIVATE_COLUMN = re.compile(r"birth|born|\bdob\b|income|salary", re.IGNORECASE)
_COLUMNS = ("kind", "name", "given", "surname", "email", "phone", "birth_date", "gender", *ADDRESS, "tier",
            "satisfaction", "occupation", "income_minor", "email_subscriber")  # fmt: skip
_MORE = ("owner_id", "origin", "do_not_contact", "lead_source", "first_seen_on", "open_cases", "has_high_case",
         "unpaid_minor", "unpaid_since", "merged_into_id")  # fmt: skip


def get_profile(customer_id: int, actor: Actor, now: dt.datetime) -> CustomerProfile:
    """Return a customer's profile as the actor may see it.

    Raises:
        NotFoundError: there is no such customer, or it was merged into another.
    """
    names = (*_COLUMNS, *_MORE)
    found = execute(
        f"SELECT {', '.join('c.' + name for name in names)}, coalesce(u.login, ''), coalesce(u.name, '')"
        " FROM customer c LEFT JOIN app_user u ON u.id = c.owner_id WHERE c.id = ?",
        (customer_id,),
    ).fetchone()
    if found is None:
        raise NotFoundError(f"There is no customer {show_customer(customer_id)}")
    row: dict[str, Any] = dict(zip(names, found, strict=False))
    if row["merged_into_id"] is not None:
        raise NotFoundError(f"{show_customer(customer_id)} was merged into {show_customer(row['merged_into_id'])}")
    records = _records(customer_id)
    measured, today = measures(customer_id), clock.local_date(now, company_zone())
    may_see_private = permissions.may_see_private(actor, row["owner_id"])
    touched = execute(
        "SELECT max(done_at) FROM activity WHERE customer_id = ? AND state = 'done'", (customer_id,)
    ).fetchone()[0]
    return CustomerProfile(
        id=customer_id,
        kind=row["kind"],
        name=row["name"],
        owner_id=row["owner_id"],
        owner=found[-2],
        owner_name=found[-1],
        origin=row["origin"],
        email=row["email"],
        phone=row["phone"],
        address=(row["street"], row["city"], row["state"], row["postcode"], row["country"]),
        tier=row["tier"],
        email_subscriber=bool(row["email_subscriber"]),
        do_not_contact=bool(row["do_not_contact"]),
        lead_source=row["lead_source"],
        first_seen_on=dt.date.fromisoformat(row["first_seen_on"]) if row["first_seen_on"] else None,
        last_touch_at=clock.from_micros(touched) if touched is not None else None,
        open_cases=row["open_cases"],
        has_high_case=bool(row["has_high_case"]),
        measures=measured,
        segment=segments.judge(measured, today),
        fields=_fields(customer_id, row, records, may_see_private),
        rule=survivorship.RULE,
        sources=list_sources(customer_id, may_see_private=may_see_private),
        owned=_owned(customer_id),
        people=people.list_people(customer_id),
    )


def measures(customer_id: int) -> Measures:
    """Return what a customer has spent, owes and is worth; amounts are 0 where there is nothing."""
    channels, baskets, last = spending.sum_up(customer_id)
    points = execute("SELECT sum(points) FROM membership WHERE customer_id = ?", (customer_id,)).fetchone()[0]
    deals, worth = execute(
        "SELECT count(*), coalesce(sum(amount_usd_cents), 0) FROM deal WHERE customer_id = ? AND outcome = 'open'",
        (customer_id,),
    ).fetchone()
    unpaid, since = execute("SELECT unpaid_minor, unpaid_since FROM customer WHERE id = ?", (customer_id,)).fetchone()
    return Measures(
        channels=channels,
        baskets=baskets,
        points=points,
        last_purchase_on=last,
        told=_told(customer_id),
        open_deals=deals,
        open_deals_usd_cents=worth,
        unpaid_minor=unpaid,
        unpaid_since=dt.date.fromisoformat(since) if since else None,
    )


def list_sources(customer_id: int, *, may_see_private: bool) -> tuple[SourceRow, ...]:
    """Return the source records of a customer as they came, contacts first; private cells only to who may see them."""
    rows = execute(
        "SELECT r.id, r.source, r.key, r.link_rule, r.link_evidence, r.link_score, r.run_id, coalesce(f.name, ''),"
        " r.line, r.absent_run_id IS NOT NULL, r.cells, coalesce(f.header, '[]') FROM source_record r"
        " LEFT JOIN import_file f ON f.id = r.file_id WHERE r.customer_id = ? ORDER BY r.source, r.id",
        (customer_id,),
    )
    found = []
    for record_id, source, key, rule, evidence, score, run_id, file, line, absent, cells, header in rows.fetchall():
        named = tuple(
            (name, cell if may_see_private or not cell or not _PRIVATE_COLUMN.search(name) else HIDDEN)
            for name, cell in zip(json.loads(header), json.loads(cells), strict=False)
        )
        found.append(SourceRow(record_id, source, key, rule, evidence, score, run_id, file, line, bool(absent), named))
    return tuple(found)


def _told(customer_id: int) -> tuple[Told, ...]:
    rows = execute(
        "SELECT e.source, s.plural, count(*), sum(e.rating_hundredths), count(e.rating_hundredths), max(e.happened_on)"
        " FROM source_event e JOIN import_source s ON s.code = e.source WHERE e.customer_id = ?"
        " GROUP BY e.source ORDER BY s.rowid",
        (customer_id,),
    )
    return tuple(
        Told(source, name, count, (2 * rated + of) // (2 * of) if of else None, dt.date.fromisoformat(last))
        for source, name, count, rated, of, last in rows.fetchall()
    )


def _owned(customer_id: int) -> tuple[OwnedSource, ...]:
    found: list[OwnedSource] = []
    for table in sources.TABLES.values():
        rows = execute(
            f"SELECT t.source, coalesce(o.word, ''), t.owner_key, count(*) FROM {table} t"
            " JOIN import_source s ON s.code = t.source LEFT JOIN import_source o ON o.code = s.owner_source"
            " WHERE t.customer_id = ? GROUP BY s.rowid, t.owner_key ORDER BY s.rowid, t.owner_key",
            (customer_id,),
        )
        found += [OwnedSource(*row) for row in rows.fetchall()]
    return tuple(found)


def _records(customer_id: int) -> list[Record]:
    rows = execute("SELECT id, source, key, fields FROM source_record WHERE customer_id = ?", (customer_id,))
    return survivorship.in_order(Record(row[0], row[1], row[2], json.loads(row[3])) for row in rows.fetchall())


def _fields(
    customer_id: int, row: dict[str, Any], records: list[Record], may_see_private: bool
) -> tuple[ValueSource, ...]:
    pins = dict(execute("SELECT field, value FROM customer_pin WHERE customer_id = ?", (customer_id,)).fetchall())
    pinned = survivorship.pins_in_force(pins, row)
    found = []
    for field in survivorship.FIELDS:
        if field in PRIVATE and not may_see_private:
            found.append(ValueSource(field, LABELS[field], "", "", "", (), is_hidden=True))
        else:
            found.append(_field(field, row, records, is_pinned=field in pinned))
        if field == "tier":
            found.append(_points(customer_id))
    return tuple(found)


def _points(customer_id: int) -> ValueSource:
    """The loyalty scheme's balance, of all the customer's cards; it is no sum of what purchases gained."""
    points, keys = execute(
        "SELECT sum(points), group_concat(key, ', ') FROM membership WHERE customer_id = ?", (customer_id,)
    ).fetchone()
    return ValueSource("points", "points", "" if points is None else str(points), "loy" if keys else "", keys or "", ())


def _field(field: str, row: dict[str, Any], records: list[Record], *, is_pinned: bool) -> ValueSource:
    """Say where the value in the customer's row comes from, and what every other record says."""
    shown = tuple(row[part] for part in ADDRESS) if field == "address" else row[field]
    if field == "address" and not any(shown):
        shown = ""
    chosen = None if is_pinned else survivorship.choose(field, records, row["kind"])
    if chosen is not None and not _gives(field, chosen, shown, row["kind"]):
        chosen = None
    others = []
    sources = {record.source for record in records}
    for record in records:
        if record is chosen:
            continue
        value = survivorship.says(field, record, row["kind"])
        # A second record of a source says something only where it differs.
        if value in (None, "") and sum(other.source == record.source for other in records) > 1:
            continue
        others.append(OtherValue(record.source, record.key, as_text(field, value), relate(field, shown, value)))
    source = "pin" if is_pinned else chosen.source if chosen else "" if shown in (None, "") else "crm"
    if field == "email_subscriber" and not chosen and not is_pinned and sources:
        source = ""
    others = [] if shown in (None, "") and all(o.relation is Relation.MISSING for o in others) else others
    return ValueSource(field, LABELS[field], as_text(field, shown), source, chosen.key if chosen else "", tuple(others))


def _gives(field: str, record: Record, shown: Any, kind: str) -> bool:
    value = survivorship.value_of(field, record, kind)
    return bool(value == shown or (field == "email_subscriber" and int(bool(value)) == shown))


def as_text(field: str, value: Any) -> str:
    """Return a field's value as text: amounts as decimals, yes and no, an address on one line."""
    if value in (None, ""):
        return ""
    if field == "income_minor":
        return money.to_text(value)
    if field == "email_subscriber":
        return "yes" if value else "no"
    if field == "address":
        street, city, state, postcode, country = value
        place = " ".join(part for part in (state, postcode) if part)
        return ", ".join(part for part in (street, city, place, country) if part)
    return str(value)
