"""Forms around a quote: the customer's answer, the fields of a draft, why it is cancelled. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField, Raw
from models.deals.detail_records import Quote
from models.ids import show_quote

ACCEPTED, REJECTED = "accepted", "rejected"
ORDER, CONTRACT = "order", "contract"
LABELS = {"valid_until": "Valid to", "addressee": "For", "note": "Text"}
"""Fields of a draft that `fields_form` asks."""


def answer_form(quote: Quote, foot: tuple[str, ...], draft: DraftKey, answer: str = "") -> Form:
    """Return the form: `answer`, `reason`, `on`; `answer` is chosen already where the user said it before."""
    choices = (Choice(ACCEPTED, "accepted"), Choice(REJECTED, "rejected"))
    made = (Choice(ORDER, "order"), Choice(CONTRACT, "contract with call-offs"))
    return Form(
        title=f"Answer to {show_quote(quote.number, quote.revision)} · {quote.customer}",
        intro=(f"{formats.money(quote.net_minor, quote.currency)}, valid to {formats.day_full(quote.valid_until)}.",),
        fields=(
            FormField("answer", "Answer", "choice", required=True, choices=choices, value=answer),
            FormField("makes", "Makes", "choice", choices=made, value=ORDER, is_asked=_is_accepted),
            FormField("from", "From", "date", help="empty: the day of the answer", is_asked=_is_contract),
            FormField("until", "Until", "date", required=_is_contract, is_asked=_is_contract),
            FormField("call_offs", "Call-offs", "integer", low=1, high=1000, help="empty: 1", is_asked=_is_contract),
            FormField("reason", "Reason", required=_is_rejected, help="of a no; the next revision carries it"),
            FormField("on", "On", "date", required=True, value="today", is_past=True),
        ),
        foot=foot,
        save_label="Record",
        is_guarded=True,
        draft=draft,
    )


def _is_rejected(raw: Raw) -> bool:
    return raw.get("answer") == REJECTED


def _is_accepted(raw: Raw) -> bool:
    return raw.get("answer") == ACCEPTED


def _is_contract(raw: Raw) -> bool:
    return _is_accepted(raw) and raw.get("makes") == CONTRACT


def extend_form(quote: Quote, draft: DraftKey) -> Form:
    """Return the form of a later day for a sent quote: `to`."""
    return Form(
        title=f"Extend {show_quote(quote.number, quote.revision)} · {quote.customer}",
        intro=(f"Valid to {formats.day_full(quote.valid_until)}; what was sent stays as it is.",),
        fields=(FormField("to", "Valid to", "date", required=True),),
        save_label="Extend",
        draft=draft,
    )


def fields_form(quote: Quote, draft: DraftKey, only: str = "") -> Form:
    """Return the form of a draft's own fields: `valid_until`, `addressee`, `note`."""
    fields = (
        FormField("valid_until", LABELS["valid_until"], "date", required=True, value=quote.valid_until.isoformat()),
        FormField("addressee", LABELS["addressee"], value=quote.addressee),
        FormField("note", LABELS["note"], "long", value=quote.note, lines=4),
    )
    wanted = tuple(item for item in fields if not only or item.name == only)
    title = f"{show_quote(quote.number, quote.revision)} · {quote.customer}"
    return Form(title=title, fields=wanted, draft=draft)


def edited(values: Mapping[str, Any], quote: Quote) -> dict[str, Any]:
    """Return the fields that the form holds otherwise."""
    filled = {name: "" if value is None else value for name, value in values.items()}
    return {name: value for name, value in filled.items() if value != getattr(quote, name)}
