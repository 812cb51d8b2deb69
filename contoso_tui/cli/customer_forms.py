"""Customers as records for programs (contoso.customer/1) and as facts for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local
from contoso_tui.cli.output import Column, Record
from models import ids, money

if TYPE_CHECKING:
    from models.customers.records import CustomerProfile, CustomerRow, Measures, ValueSource

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


def from_profile(profile: CustomerProfile) -> Record:
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
        "sources": [f"{row.source}:{row.key}" for row in profile.sources],
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
        "others": [
            {"source": other.source, "value": other.value, "relation": str(other.relation)} for other in found.others
        ],
    }
    return {**shown, "hidden": True} if found.is_hidden else shown


def facts(profile: CustomerProfile) -> list[str]:
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
        f"  {'Last purchase':<17}{local.day(measures.last_purchase_on) or 'never'}",
        f"  {'Loyalty points':<17}{measures.points if measures.points is not None else 'no member'}",
        f"  {'Open deals':<17}{measures.open_deals}, {money.to_text(measures.open_deals_usd_cents)} USD",
    ]
    if measures.unpaid_minor:
        lines.append(f"  {'Unpaid':<17}{money.to_text(measures.unpaid_minor)} USD since {measures.unpaid_since}")
    people: list[Any] = list(profile.people)
    lines += [
        f"  {'Person' if not at else '':<17}"
        + "  ".join(part for part in (p.name, p.position, p.email, p.phone) if part)
        for at, p in enumerate(people)
    ]
    lines += [f"  {'Source' if not at else '':<17}{row.source}:{row.key}  {row.file}, line {row.line}, {row.rule}"
              for at, row in enumerate(profile.sources)]  # fmt: skip
    return lines
