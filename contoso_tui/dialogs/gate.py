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
from models.deals.detail_records import DealDetail, Product
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
_WALK = ("walkthrough_on", "walkthrough_with", "walkthrough_ready")
_PART_OF = dict.fromkeys(_WALK, "walkthrough")
_ACTIONS = {
    "tech_check": ("techcheck", "Ask for the check"),
    "quote": ("quote", "Open the quote"),
    "quotes": ("quote", "Open the quote"),
    "assessment": ("assess", "Assess it"),
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
    kept: Sequence[str] = (),
    lead: str = "",
    asked: str = "",
) -> Form:
    """Ask for what keeps the deal from `goal`, the name of a stage; what can't be filled in says who can.

    `kept` names what was stored when the form was saved before; `lead` says what it is asked for,
    `asked` who was asked for the tech check, and when.
    """
    fillable = [blocker for blocker in missing if blocker.is_fillable]
    others = [blocker for blocker in missing if not blocker.is_fillable]
    count = "1 thing is" if len(missing) == 1 else f"{len(missing)} things are"
    count += " still missing" if kept else " missing"
    foot: list[str] = []
    action = next_action(missing, deal.stage.id)
    if fillable and others:
        foot.append("What has no field is done elsewhere; saving keeps what is filled in.")
    elif fillable:
        foot.append("With nothing missing, saving also moves the deal.")
    if deal.quotes.has_draft and {"lines", "quote"} & {blocker.field for blocker in missing}:
        foot.append("What stands in a draft quote counts once it is sent.")
    save_label = "Save" if others else "Save and move"
    if not fillable and action is not None:
        save_label = "Ask again" if asked and action == _ACTIONS["tech_check"] else action[1]
    fields: list[FormField] = []
    for blocker in missing:
        fields += _fields(blocker, deal, products, asked)
    return Form(
        title=f"{show_deal(deal.id)} {deal.customer}: not yet {goal if goal == 'Won' else f'to {goal}'}",
        intro=(
            *((lead,) if lead and not kept else ()),
            *((f"Kept: {', '.join(kept)}.",) if kept else ()),
            f"{count}; what can be filled in here has a field." if fillable else f"{count}.",
        ),
        fields=(*fields, *_met(deal, {blocker.field for blocker in missing})),
        foot=tuple(foot),
        save_label=save_label,
        draft=draft,
    )


def next_action(missing: Sequence[Blocker], stage: str) -> tuple[str, str] | None:
    """Return the name in the registry, and the words, of what settles the first condition without a field.

    None where something can be filled in: that comes first. Of assessments only that of `stage`, the deal's, is asked.
    """
    if any(blocker.is_fillable for blocker in missing):
        return None
    open_ones = (blocker for blocker in missing if blocker.field != "assessment" or blocker.stage == stage)
    return next((_ACTIONS[blocker.field] for blocker in open_ones if blocker.field in _ACTIONS), None)


def names_of(missing: Sequence[Blocker]) -> list[str]:
    """Return the names of conditions as the form has them."""
    return [_label(blocker.field) for blocker in missing]


def filled_in(answers: GateAnswers) -> tuple[str, ...]:
    """Return the names of what was filled in."""
    names = dict.fromkeys(_label(_PART_OF.get(name, name)) for name in answers.changes)
    return (*names, *([_LABELS["lines"]] if answers.product else []))


def _label(field: str) -> str:
    return _FIELDS[field][0] if field in _FIELDS else _LABELS.get(field, field.replace("_", " ").capitalize())


def read_answers(values: dict[str, Any], missing: Sequence[Blocker], deal: DealDetail) -> GateAnswers:
    """Return what the form's values change."""
    changes = {name: values[name] for name in _FIELDS if values.get(name) is not None}
    if any(blocker.field == "walkthrough" for blocker in missing):
        changes |= {name: values[name] for name in _WALK if values.get(name) is not None}
    changes = {name: value for name, value in changes.items() if value != getattr(deal, name)}
    return GateAnswers(changes, values.get("product") or "", values.get("quantity") or 1)


def _fields(blocker: Blocker, deal: DealDetail, products: Sequence[Product], asked: str) -> list[FormField]:
    if blocker.field in _FIELDS:
        label, kind = _FIELDS[blocker.field]
        return [FormField(blocker.field, label, kind, mark="x", help="empty", currency=deal.currency)]
    if blocker.field == "lines":
        choices = tuple(Choice(p.code, p.name, formats.money(p.price_minor, p.currency)) for p in products)
        return [
            FormField("product", "First line", "person", choices=choices, mark="x", help="part of a product's name"),
            FormField("quantity", "Quantity", "integer", value="1", low=1, high=100_000, mark="x"),
        ]
    if blocker.field == "walkthrough":
        return [
            FormField(
                "walkthrough_on",
                "Walk-through",
                "date",
                mark="x",
                is_past=True,
                help="the day: today, mon, 12 nov",
                value=_iso(deal.walkthrough_on),
            ),
            FormField("walkthrough_with", "With", mark="x", value=deal.walkthrough_with),
            FormField(
                "walkthrough_ready", "Customer ready", "yes_no", mark="x", value="yes" if deal.walkthrough_ready else ""
            ),
        ]
    return [
        FormField(
            blocker.field,
            _label(blocker.field),
            "readonly",
            value=_check_words(blocker.text, asked) if blocker.field == "tech_check" else blocker.text,
            mark="x",
        )
    ]


def _check_words(text: str, asked: str) -> str:
    """Say what the label beside it leaves to say, and who was asked already."""
    words = text.removeprefix("the tech check ").removeprefix("the ")
    return f"{words}. {asked}" if asked else words


def _met(deal: DealDetail, missing: set[str]) -> list[FormField]:
    """Return the conditions that hold, so that one sees how far the deal is."""
    found: list[tuple[str, str, str]] = []
    if missing & set(_FIELDS):
        values = {"budget_minor": formats.money(deal.budget_minor or 0, deal.currency), "decision_maker": deal.decider}
        for name, (label, _) in _FIELDS.items():
            if name not in missing:
                found.append((name, label, values.get(name) or getattr(deal, name)))
    if "quote" not in missing and deal.quotes.counting:
        found.append(("quote", "Quote", deal.quotes.counting))
    if "lines" not in missing and deal.line_count:
        found.append(("lines", "Lines", f"{deal.line_count} of {amount_source(deal)}"))
    money = formats.money(deal.amount_minor, deal.currency)
    found.append(("amount", "Amount", f"{money} from {amount_source(deal)}"))
    return [FormField(f"met_{name}", label, "readonly", value=value, mark="=") for name, label, value in found]


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day is not None else ""
