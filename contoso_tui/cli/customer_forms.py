"""Customers as records for programs (contoso.customer/1) and as facts for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local
from contoso_tui.cli.output import Column, Record
from models import ids, money
from models.customers import survivorship

if TYPE_CHECKING:
    from models.customers.records import (
        CustomerProfile,
        CustomerRow,
        Housemate,
        Measures,
        Person,
        Segment,
        Told,
        ValueSource,
    )

SCHEMA = "contoso.customer/1"
ROW_SCHEMA = "contoso.customer-row/1"
HIDDEN = "hidden for your role"


def amount(minor: int | None, currency: str = "USD") -> Record | None:
    """Return an amount as JSON has it."""
    return {"value": money.to_text(minor, currency), "currency": currency} if minor is not None else None


def from_row(row: CustomerRow) -> Record:
    """Return a customer as a list shows it."""
    return {
        "id": ids.show_customer(row.id),
        "kind": row.kind,
        "name": row.name,
        "owner": row.owner or None,
        "email": row.email or None,
        "phone": row.phone or None,
        "city": row.city or None,
        "state": row.state or None,
        "tier": row.tier or None,
        "open_deals": row.open_deals,
        "unpaid": amount(row.unpaid_minor),
        "do_not_contact": row.do_not_contact,
    }


ROW_COLUMNS = [
    Column("id", lambda r: r["id"]),
    Column("name", lambda r: r["name"], gives_way=True),
    Column("kind", lambda r: r["kind"]),
    Column("email", lambda r: r["email"] or "", gives_way=True),
    Column("city", lambda r: r["city"] or "", gives_way=True),
    Column("deals", lambda r: str(r["open_deals"] or ""), "right"),
    Column("owner", lambda r: r["owner"] or ""),
]


def from_profile(profile: CustomerProfile, household: Sequence[Housemate]) -> Record:
    """Return the form contoso.customer/1."""
    measures = profile.measures
    return {
        "id": ids.show_customer(profile.id),
        "kind": profile.kind,
        "name": profile.name,
        "owner": profile.owner or None,
        "fields": [_field(found) for found in profile.fields],
        "loyalty": {"points": measures.points, "tier": profile.tier or None} if measures.points is not None else None,
        "spend": {
            **{channel.name: amount(channel.amount_minor) for channel in measures.channels},
            "total": amount(measures.spend_minor),
        },
        "purchases": {channel.name: channel.purchases for channel in measures.channels},
        "average_basket": amount(measures.average_basket_minor),
        "baskets": measures.baskets,
        "last_purchase": local.day(measures.last_purchase_on) or None,
        "segment": {
            "name": profile.segment.name.replace(" ", "_"),
            "recency": profile.segment.recency or None,
            "frequency": profile.segment.frequency or None,
            "value": profile.segment.value or None,
        },
        "events": [_told(told) for told in measures.told],
        "unpaid": amount(measures.unpaid_minor),
        "open_cases": profile.open_cases,
        "open_deals": measures.open_deals,
        "open_deals_value": amount(measures.open_deals_usd_cents),
        "people": [_person(one) for one in profile.people],
        "household": [
            {"id": ids.show_customer(one.id), "name": one.name, "owner": one.owner or None, "why": list(one.why)}
            for one in household
        ],
        "sources": [f"{row.source}:{row.key}" for row in profile.sources],
    }


def _told(told: Told) -> Record:
    average = f"{told.average_hundredths / 100:.2f}" if told.average_hundredths is not None else None
    return {
        "source": told.source,
        "name": told.name,
        "count": told.rows,
        "average_rating": average,
        "last": local.day(told.last_on),
    }


def _person(person: Person) -> Record:
    return {
        "name": person.name,
        "position": person.position or None,
        "email": person.email or None,
        "phone": person.phone or None,
        "do_not_contact": person.do_not_contact,
    }


def _channels(measures: Measures) -> str:
    return ", ".join(
        f"{channel.name} {money.to_text(channel.amount_minor)} ({channel.purchases})" for channel in measures.channels
    )


def _field(found: ValueSource) -> Record:
    shown: Record = {
        "field": found.field,
        "value": None if found.is_hidden else found.value or None,
        "source": found.source or None,
        "policy": "pinned" if found.source == "pin" else survivorship.policy_of(found.field),
        "others": [
            {"source": other.source, "value": other.value, "relation": str(other.relation)} for other in found.others
        ],
    }
    return {**shown, "hidden": True} if found.is_hidden else shown


def facts(profile: CustomerProfile, household: Sequence[Housemate]) -> list[str]:
    """Return a customer's values, each with its source, as lines."""
    measures = profile.measures
    lines = [f"{ids.show_customer(profile.id)}  {profile.name}  {profile.kind}  owner {profile.owner or 'nobody'}"]
    for found in profile.fields:
        if found.is_hidden:
            lines.append(f"  {found.label:<17}{HIDDEN}")
        elif found.value or found.others:
            others = "  ".join(f"{o.relation.sign} {o.source} {o.value}".rstrip() for o in found.others)
            lines.append(f"  {found.label:<17}{found.value}  [{found.source or '-'}]  {others}".rstrip())
    lines += [
        f"  {'Spent':<17}{money.to_text(measures.spend_minor)} USD: {_channels(measures)}",
        f"  {'Average basket':<17}{money.to_text(measures.average_basket_minor)} USD, {measures.baskets} in all",
        f"  {'Last purchase':<17}{local.day(measures.last_purchase_on) or 'never'}",
        f"  {'Segment':<17}{_segment(profile.segment)}",
        *(f"  {told.name.capitalize():<17}{_told_line(told)}" for told in measures.told),
        f"  {'Loyalty points':<17}{measures.points if measures.points is not None else 'no member'}",
        f"  {'Open deals':<17}{measures.open_deals}, {money.to_text(measures.open_deals_usd_cents)} USD",
    ]
    if measures.unpaid_minor:
        lines.append(f"  {'Unpaid':<17}{money.to_text(measures.unpaid_minor)} USD since {measures.unpaid_since}")
    if profile.open_cases:
        lines.append(f"  {'Open cases':<17}{profile.open_cases}{', one is high' if profile.has_high_case else ''}")
    lines += [
        f"  {'Household' if not at else '':<17}{ids.show_customer(one.id)}  {one.name}  {', '.join(one.why)}"
        for at, one in enumerate(household)
    ]
    people: list[Any] = list(profile.people)
    lines += [
        f"  {'Person' if not at else '':<17}"
        + "  ".join(part for part in (p.name, p.position, p.email, p.phone) if part)
        for at, p in enumerate(people)
    ]
    lines += [f"  {'Source' if not at else '':<17}{row.source}:{row.key}  {row.file}, line {row.line}, {row.rule}"
              for at, row in enumerate(profile.sources)]  # fmt: skip
    return lines


def _segment(segment: Segment) -> str:
    grades = f", recency {segment.recency}, frequency {segment.frequency}, value {segment.value} of 5"
    return segment.name + (grades if segment.recency else "")


def _told_line(told: Told) -> str:
    rated = f"{told.average_hundredths / 100:g} of 5 on average, " if told.average_hundredths is not None else ""
    return f"{rated}{told.rows:,} in all, last {local.day(told.last_on)}"
