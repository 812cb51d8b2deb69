"""Deals as records for programs (contoso.deal/1) and as one line for people and pipes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local
from contoso_tui.cli.output import Column, Record
from models import ids, money

if TYPE_CHECKING:
    from models.deals.detail_records import DealDetail, Line
    from models.deals.records import DealCard

SCHEMA = "contoso.deal/1"
_TECH_WORDS = {
    "due": "tech check due",
    "draft": "tech check begun",
    "passed": "tech check passed",
    "passed_with_conditions": "tech check passed with conditions",
    "failed": "tech check failed",
    "stale": "tech check stale",
}


def from_detail(deal: DealDetail, limit_usd_cents: int, today: dt.date) -> Record:
    """Return the form contoso.deal/1 of a deal."""
    quote, revision = ids.quote_ref(deal.amount_quote) if deal.amount_quote else (None, None)
    shown = _common(deal, deal.stage.id, limit_usd_cents)
    shown["amount"] |= {
        "from": str(deal.amount_from),
        "quote": ids.show_quote(quote) if quote else None,
        "revision": revision,
    }
    oldest = (today - deal.unpaid_since).days if deal.unpaid_since else None
    return {
        "id": shown["id"],
        "customer": shown["customer"],
        "type": deal.type,
        "amount": shown["amount"],
        "pipeline": deal.pipeline,
        "stage": deal.stage.id,
        "outcome": str(deal.outcome),
        "stage_age_days": deal.stage_age_days,
        "stage_limit_days": deal.stage.age_limit_days,
        "probability": f"{deal.probability_percent / 100:.2f}",
        "category": deal.category,
        "close_date": local.day(deal.close_on),
        "owner": deal.owner,
        "team": list(deal.team),
        "next_step": shown["next_step"],
        "tech_check": shown["tech_check"],
        "warnings": _warnings(deal, oldest),
        "rev": deal.version,
    }


def from_card(card: DealCard, limit_usd_cents: int) -> Record:
    """Return what a card knows of that form: enough for a table or a line."""
    return _common(card, card.stage, limit_usd_cents) | {
        "type": card.what,
        "stage": card.stage,
        "outcome": str(card.outcome),
        "stage_age_days": card.stage_age_days,
        "stage_limit_days": card.stage_limit_days,
        "close_date": local.day(card.close_on),
        "owner": card.owner,
        "warnings": _warnings(card, None),
        "rev": card.version,
    }


def _common(deal: DealDetail | DealCard, stage: str, limit_usd_cents: int) -> Record:
    step = {"text": deal.next_step, "on": local.day(deal.next_step_on), "late_working_days": deal.late_working_days}
    return {
        "id": ids.show_deal(deal.id),
        "customer": {
            "id": ids.show_customer(deal.customer_id),
            "name": deal.customer,
            "kind": "corporate" if deal.is_corporate else "individual",
        },
        "amount": {"value": money.to_text(deal.amount_minor, deal.currency), "currency": deal.currency},
        "stage": stage,
        "next_step": step if deal.next_step_on else None,
        "tech_check": {
            "needed": deal.amount_usd_cents > limit_usd_cents,
            "state": str(deal.tech),
            "over": {"value": money.to_text(limit_usd_cents), "currency": "USD"},
        },
    }


def _warnings(deal: DealDetail | DealCard, oldest_days: int | None) -> list[Record]:
    found: list[Record] = []
    if deal.unpaid_minor:
        found.append({"code": "unpaid", "value": money.to_text(deal.unpaid_minor), "oldest_days": oldest_days})
    for at in range(deal.open_cases):
        # Which cases they are is not known here, only how many and whether one is severe.
        found.append({"code": "case", "id": None, "severity": "high" if deal.has_high_case and not at else "normal"})
    return found


def line(record: Record) -> str:
    """Return a deal as one line, the same words for pipes and screen readers."""
    parts = [record["id"], record["customer"]["name"], record["type"], amount(record), stage(record)]
    parts += [step(record), _TECH_WORDS.get(record["tech_check"]["state"], "")]
    parts += [f"unpaid {_grouped(w['value'])}" for w in record["warnings"] if w["code"] == "unpaid"]
    cases = sum(warning["code"] == "case" for warning in record["warnings"])
    parts.append(f"{cases} case{'s' if cases > 1 else ''}" if cases else "")
    return "  ".join(part for part in parts if part)


def amount(record: Record) -> str:
    """Return the amount with separators and currency."""
    return f"{_grouped(record['amount']['value'])} {record['amount']['currency']}"


def stage(record: Record) -> str:
    """Return stage and age, or the outcome of a closed deal."""
    if record["outcome"] != "open":
        return str(record["outcome"]).replace("_", " ")
    limit = record["stage_limit_days"]
    age = f"{record['stage_age_days']} of {limit} days" if limit else f"{record['stage_age_days']} days"
    return f"{record['stage'].replace('_', ' ')} {age}"


def step(record: Record) -> str:
    """Return the next step in words."""
    found = record["next_step"]
    if record["outcome"] != "open":
        return ""
    if not found:
        return "no next step"
    late = found["late_working_days"]
    when = f"late {late} day{'s' if late > 1 else ''}" if late else found["on"]
    return f"step {when}: {found['text']}"


def tech(record: Record) -> str:
    """Return the tech check's state in words, empty where none is needed."""
    return _TECH_WORDS.get(record["tech_check"]["state"], "").removeprefix("tech check ")


def _grouped(value: str) -> str:
    whole, point, rest = value.partition(".")
    return f"{int(whole):,}{point}{rest}"


COLUMNS = [
    Column("id", lambda r: r["id"]),
    Column("customer", lambda r: r["customer"]["name"], gives_way=True),
    Column("what", lambda r: r["type"], gives_way=True),
    Column("amount", amount, "right"),
    Column("stage", stage),
    Column("next step", lambda r: step(r).removeprefix("step "), gives_way=True),
    Column("tech", tech),
    Column("owner", lambda r: r["owner"]),
]


def from_line(found: Line, currency: str) -> Record:
    """Return one line of a deal or quote."""
    return {
        "position": found.position,
        "product": found.description,
        "quantity": found.quantity,
        "months": (found.months or 12) if found.is_monthly else None,
        "price": {"value": money.to_text(found.price_minor, currency), "currency": currency},
        "discount_percent": f"{found.discount_bp / 100:g}",
        "net": {"value": money.to_text(found.net_minor, currency), "currency": currency},
    }


LINE_COLUMNS = [
    Column("line", lambda r: str(r["position"]), "right"),
    Column("product", lambda r: r["product"], gives_way=True),
    Column("qty", lambda r: str(r["quantity"]), "right"),
    Column("months", lambda r: str(r["months"] or ""), "right"),
    Column("price", lambda r: _grouped(r["price"]["value"]), "right"),
    Column("disc %", lambda r: r["discount_percent"] if r["discount_percent"] != "0" else "", "right"),
    Column("net", lambda r: _grouped(r["net"]["value"]), "right"),
]


def changes(read: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of `deal set` under the names of models.deals.deals.EDITABLE."""
    names = {"amount": "amount_minor", "budget": "budget_minor", "close": "close_on", "close_date": "close_on",
             "probability": "probability_percent"}  # fmt: skip
    return {names.get(name, name): value for name, value in read.items()}
