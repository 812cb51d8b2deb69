"""The form of a deal's fields: the whole of it, one field, or a new deal; and what was changed in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField
from models.deals.deals import CATEGORIES, amount_source
from models.deals.detail_records import DealDetail
from models.deals.records import AmountFrom
from models.ids import show_deal
from models.money import to_text

_CATEGORIES = tuple(Choice(name, name.replace("_", " ")) for name in CATEGORIES)
_FIELDS: tuple[FormField, ...] = (
    FormField("type", "What", help="what is sold, in your words"),
    FormField("need", "Need", "long", lines=2),
    FormField("budget_minor", "Budget", "money"),
    FormField("time_frame", "Time frame"),
    FormField("decision_maker", "Decision maker"),
    FormField("amount_minor", "Amount", "money"),
    FormField("probability_percent", "Probability %", "integer", high=100, help="empty: the stage's own"),
    FormField("category", "Category", "choice", required=True, choices=_CATEGORIES),
    FormField("close_on", "Close date", "date"),
    FormField("lead_source", "Lead source"),
    FormField("walkthrough_on", "Walk-through on", "date", is_past=True),
    FormField("walkthrough_with", "Walk-through with"),
    FormField("walkthrough_ready", "Customer ready", "yes_no"),
)
_NEW = ("type", "need", "budget_minor", "time_frame", "decision_maker", "amount_minor", "close_on", "lead_source")
LABELS = {item.name: item.label for item in _FIELDS}
# Fields that are never empty in a deal: an empty text or answer means "" or no.
_NEVER_NONE: dict[str, Any] = {
    "type": "", "need": "", "time_frame": "", "decision_maker": "", "lead_source": "", "walkthrough_with": "",
    "walkthrough_ready": False,
}  # fmt: skip


def field_of(name: str) -> FormField:
    """Return the field of the form with this name."""
    return next(item for item in _FIELDS if item.name == name)


def kept_value(name: str, value: Any) -> Any:
    """Return what is kept of a value that was read from the form: an empty text is "", never nothing."""
    return _NEVER_NONE.get(name) if value is None else value


def present(deal: DealDetail, name: str) -> Any:
    """Return what stands in a field of the form now."""
    if name == "probability_percent" and not deal.has_own_probability:
        return None
    return getattr(deal, "typed_amount_minor" if name == "amount_minor" else name)


def seen(deal: DealDetail) -> dict[str, Any]:
    """Return what `deals.edit` compares to find out who else changed a field."""
    names = (item.name for item in _FIELDS)
    return {name: getattr(deal, "typed_amount_minor" if name == "amount_minor" else name) for name in names}


def edit_form(deal: DealDetail, draft: DraftKey | None, only: Sequence[str] = ()) -> Form:
    """Return the form of a deal's fields; `only` names those that are asked."""
    fields = tuple(_filled(item, deal) for item in _FIELDS if not only or item.name in only)
    return Form(title=f"{show_deal(deal.id)} {deal.customer}", fields=fields, draft=draft)


def new_form(
    customer: str,
    draft: DraftKey | None,
    pipelines: Sequence[tuple[str, str]] = (),
    pipeline: str = "",
    what: str = "",
) -> Form:
    """Return the form of a new deal; everything but the customer may be filled in later.

    Of several `pipelines` (id, name) one is chosen, to begin with `pipeline` or the first.
    """
    fields = tuple(replace(item, value=what if item.name == "type" else item.value) for item in _FIELDS
                   if item.name in _NEW)  # fmt: skip
    intro = ("It starts in the first stage; what that asks for can be filled in now or later.",)
    if len(pipelines) > 1:
        choices = tuple(Choice(code, name) for code, name in pipelines)
        chosen = pipeline or choices[0].value
        # At the end: what is typed first is what is sold.
        fields = (*fields, FormField("pipeline", "Pipeline", "choice", required=True, choices=choices, value=chosen))
    return Form(title=f"New deal · {customer}", fields=fields, intro=intro, save_label="Create", draft=draft)


def _filled(item: FormField, deal: DealDetail) -> FormField:
    text = as_typed(item.name, present(deal, item.name), deal.currency)
    if item.name == "amount_minor" and deal.amount_from is not AmountFrom.TYPED:
        amount = to_text(deal.amount_minor, deal.currency)
        return FormField(item.name, item.label, "readonly", value=amount, help=f"from {amount_source(deal)}")
    return replace(item, value=text, currency=deal.currency)


def as_typed(name: str, value: Any, currency: str = "USD") -> str:
    """Return a value of a field as a form holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    return to_text(value, currency) if name.endswith("_minor") else str(value)


def changes(values: Mapping[str, Any], deal: DealDetail) -> dict[str, Any]:
    """Return the fields that the form holds otherwise than the deal did when it was opened."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        kept = kept_value(name, value)
        if kept != present(deal, name):
            found[name] = kept
    return found
