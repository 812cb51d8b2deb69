"""`contoso report`: what managers look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, outlook
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids, money

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    group.command("nearlimit", near_limit, "open deals within 5 % below the tech-check limit")
    owing = group.command("owing", list_owing, "customers who owe past due, the oldest debt first")
    owing.add_argument("--owner", default="all", help="me, all or a login")
    outlook.register(group)


def _usd(cents: int) -> dict[str, str]:
    return {"value": money.to_text(cents), "currency": "USD"}


def near_limit(call: Call) -> None:
    """List the deals just below the limit, and the list price where discounts brought them there."""
    from models.deals import discounts

    records: list[dict[str, Any]] = [
        {
            "id": ids.show_deal(one.deal_id),
            "customer": one.customer,
            "owner": one.owner,
            "stage": one.stage,
            "amount": _usd(one.amount_usd_cents),
            "below": _usd(one.below_usd_cents),
            "list": _usd(one.list_usd_cents) if one.list_usd_cents is not None else None,
            "noted_at": local.moment(one.noted_at, call.zone) if one.noted_at else None,
            "noted_by": one.noted_by or None,
        }
        for one in discounts.list_near_limit()
    ]
    columns = [
        Column("id", lambda r: r["id"]),
        Column("customer", lambda r: r["customer"], gives_way=True),
        Column("amount", lambda r: r["amount"]["value"], "right"),
        Column("below", lambda r: r["below"]["value"], "right"),
        Column("stage", lambda r: r["stage"]),
        Column("owner", lambda r: r["owner"]),
        Column("discounted", lambda r: f"list {r['list']['value']}, {r['noted_by']}" if r["list"] else ""),
    ]
    call.out.listing("contoso.near-limit/1", records, columns, empty="No deal within 5 % below the limit")


def list_owing(call: Call) -> None:
    """List who owes past due."""
    from models.orders import invoices
    from models.people import users

    owner = call.args.owner
    owner_id = None if owner == "all" else call.actor.id if owner == "me" else users.get_id(owner)
    records: list[dict[str, Any]] = [
        {
            "customer": {"id": ids.show_customer(one.customer_id), "name": one.customer},
            "owner": one.owner or None,
            "unpaid": _usd(one.unpaid_usd_cents),
            "since": local.day(one.since),
            "days": one.days,
            "invoices": one.invoices,
        }
        for one in invoices.list_debts(owner_id=owner_id, today=call.today)
    ]
    columns = [
        Column("customer", lambda r: r["customer"]["name"], gives_way=True),
        Column("unpaid", lambda r: r["unpaid"]["value"], "right"),
        Column("days", lambda r: str(r["days"]), "right"),
        Column("invoices", lambda r: str(r["invoices"]), "right"),
        Column("owner", lambda r: r["owner"] or ""),
    ]
    call.out.listing("contoso.debt/1", records, columns, empty="Nobody owes us past due")
