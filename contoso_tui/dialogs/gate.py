"""The gate as a form: every condition of the way with its value, and fields for what can be filled in. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField, Kind
from models.deals.deals import amount_source
from models.deals.records import DealDetail, Product
from models.errors import Blocker
from models.ids import show_deal

_FIELDS: dict[str, tuple[str, Kind]] = {
    "need": ("Need", "text"),
    "budget_minor": ("Budget", "money"),
    "time_frame": ("Time frame", "text"),
    "decision_maker": ("Decides", "text"),
}
_LABELS = {
    "tech_check": "Tech check",
    "lines": "Lines",
    "quote": "Quote",
    "quotes": "Open quotes",
    "walkthrough": "Walk-through",
    "customer_id": "Customer",
}
_ACTIONS = {
    "tech_check": ("techcheck", "Ask for the check"),
    "quote": ("quote", "Open the quote"),
    "quotes": ("quote", "Open the quote"),
}


@dataclass(frozen=True, slots=True)
class GateAnswers:
    """What was filled in: fields of the deal, and a first line."""

    changes: dict[str, Any]
    product: str
    quantity: int


def gate_form(
    deal: DealDetail,
    goal: str,
    missing: Sequence[Blocker],
    products: Sequence[Product],
    draft: DraftKey | None,
) -> Form:
    """Ask for what keeps the deal from `goal`, the name of a stage; what can't be filled in says who can."""
    fillable = [blocker for blocker in missing if blocker.is_fillable]
    others = [blocker for blocker in missing if not blocker.is_fillable]
    count = "1 thing is" if len(missing) == 1 else f"{len(missing)} things are"
    foot: list[str] = []
    action = next_action(missing)
    if fillable and others:
        foot.append("What has no field is done elsewhere; saving keeps what is filled in.")
    elif fillable:
        foot.append("With nothing missing, saving also moves the deal.")
    save_label = "Save" if others else "Save and move"
    if not fillable and action is not None:
        save_label = action[1]
    fields: list[FormField] = []
    for blocker in missing:
        fields += _fields(blocker, deal, products)
    return Form(
        title=f"{show_deal(deal.id)} {deal.customer}: not yet to {goal}",
        intro=(f"{count} missing; what can be filled in here has a field.",),
        fields=(*fields, *_met(deal, {blocker.field for blocker in missing})),
        foot=tuple(foot),
        save_label=save_label,
        draft=draft,
    )


def next_action(missing: Sequence[Blocker]) -> tuple[str, str] | None:
    """Return the name in the registry, and the words, of what settles the first condition without a field.

    None where something can be filled in: that comes first.
    """
    if any(blocker.is_fillable for blocker in missing):
        return None
    return next((_ACTIONS[blocker.field] for blocker in missing if blocker.field in _ACTIONS), None)


def read_answers(values: dict[str, Any], missing: Sequence[Blocker]) -> GateAnswers:
    """Return what the form's values change."""
    changes = {name: values[name] for name in _FIELDS if values.get(name) is not None}
    if any(blocker.field == "walkthrough" for blocker in missing):
        names = ("walkthrough_on", "walkthrough_with", "walkthrough_ready")
        changes |= {name: values[name] for name in names if values.get(name) is not None}
    return GateAnswers(changes, values.get("product") or "", values.get("quantity") or 1)


def _fields(blocker: Blocker, deal: DealDetail, products: Sequence[Product]) -> list[FormField]:
    if blocker.field in _FIELDS:
        label, kind = _FIELDS[blocker.field]
        return [FormField(blocker.field, label, kind, mark="x", help="" if kind == "money" else "empty")]
    if blocker.field == "lines":
        choices = tuple(Choice(p.code, p.name, formats.money(p.price_minor, p.currency)) for p in products)
        return [
            FormField("product", "First line", "person", choices=choices, mark="x", help="part of a product's name"),
            FormField("quantity", "Quantity", "integer", value="1", low=1, high=100_000, mark="x"),
        ]
    if blocker.field == "walkthrough":
        return [
            FormField(
                "walkthrough_on", "Walk-through", "date", mark="x", is_past=True, value=_iso(deal.walkthrough_on)
            ),
            FormField("walkthrough_with", "With", mark="x", value=deal.walkthrough_with),
            FormField(
                "walkthrough_ready", "Customer ready", "yes_no", mark="x", value="yes" if deal.walkthrough_ready else ""
            ),
        ]
    return [
        FormField(
            blocker.field,
            _LABELS.get(blocker.field, blocker.field.replace("_", " ").capitalize()),
            "readonly",
            value=blocker.text,
            mark="x",
        )
    ]


def _met(deal: DealDetail, missing: set[str]) -> list[FormField]:
    """Return the conditions that hold, so that one sees how far the deal is."""
    found: list[tuple[str, str, str]] = []
    if "quote" not in missing and deal.quotes.latest:
        found.append(("quote", "Quote", deal.quotes.latest))
    if "lines" not in missing and deal.line_count:
        found.append(("lines", "Lines", f"{deal.line_count} of {amount_source(deal)}"))
    money = formats.money(deal.amount_minor, deal.currency)
    found.append(("amount", "Amount", f"{money} from {amount_source(deal)}"))
    return [FormField(f"met_{name}", label, "readonly", value=value, mark="=") for name, label, value in found]


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day is not None else ""
