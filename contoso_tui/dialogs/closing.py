"""Forms that close a deal or send it back: lost or not a fit, won, back a stage. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField, Raw
from models.deals.deals import amount_source
from models.deals.detail_records import DealDetail
from models.errors import Blocker
from models.ids import show_deal

NOT_A_FIT = "not_a_fit"
"""The answer of the lost form that disqualifies."""
_LAST_STAGE_NOT_A_FIT = 2


def title_of(word: str, deal: DealDetail) -> str:
    """Return a dialog's title: `Lost · Fabrikam Clinics · D-1042 · $26,848.00`."""
    return f"{word} · {deal.customer} · {show_deal(deal.id)} · {formats.money(deal.amount_minor, deal.currency)}"


def lost_form(deal: DealDetail, reasons: Mapping[str, str], draft: DraftKey | None) -> Form:
    """Ask why, who said no and when; in the first two stages also `not a fit`."""
    choices = [Choice(code, name) for code, name in reasons.items()]
    if deal.stage.position <= _LAST_STAGE_NOT_A_FIT:
        choices.append(Choice(NOT_A_FIT, "not a fit"))
    return Form(
        title=title_of("Lost", deal),
        fields=(
            FormField("reason", "Reason", "choice", required=True, choices=tuple(choices)),
            FormField("by", "Said by", required=_is_lost, help="who of the customer's said no"),
            FormField("on", "On", "date", required=_is_lost, value="today", is_past=True),
            FormField("note", "Note", required=_needs_note, help="to whom, what would have won it"),
        ),
        foot=_also(deal),
        save_label="Lost",
        cancel_label="Keep open",
        is_guarded=True,
        draft=draft,
        live=_say_kind,
    )


def _is_lost(raw: Raw) -> bool:
    return raw["reason"] != NOT_A_FIT


def _needs_note(raw: Raw) -> bool:
    return raw["reason"] in ("other", NOT_A_FIT)


def _say_kind(raw: Raw) -> tuple[str, ...]:
    if raw["reason"] == NOT_A_FIT:
        return ("Not a fit closes it as disqualified: we found no fit, the note says why.",)
    return ()


def _also(deal: DealDetail) -> tuple[str, ...]:
    told: list[str] = []
    if deal.quotes.other_sent:
        told.append(f"Also: {deal.quotes.in_force or deal.quotes.latest} becomes cancelled.")
    if deal.quotes.has_draft:
        told.append("The draft quote is kept.")
    told.append("No answer is not a reason: then set a next step instead. u takes it back.")
    return tuple(told)


def won_form(deal: DealDetail, missing: Sequence[Blocker], draft: DraftKey | None) -> Form:
    """Ask for the final walk-through and the day; what else is missing is listed and refuses."""
    others = [blocker for blocker in missing if blocker.field != "walkthrough"]
    intro = [f"{formats.money(deal.amount_minor, deal.currency)} from {amount_source(deal)}."]
    if others:
        intro.append("It cannot be won yet:")
    return Form(
        title=title_of("Won", deal),
        intro=tuple(intro),
        fields=(
            *(_missing(blocker, number) for number, blocker in enumerate(others)),
            FormField(
                "walkthrough_on",
                "Walk-through",
                "date",
                required=True,
                is_past=True,
                help="the day: today, mon, 12 nov",
                value=_iso(deal.walkthrough_on),
            ),
            FormField("walkthrough_with", "With", required=True, value=deal.walkthrough_with or deal.decision_maker),
            FormField(
                "is_ready",
                "Customer ready",
                "yes_no",
                required=True,
                value="yes" if deal.walkthrough_ready else "",
            ),
            FormField("on", "Won on", "date", required=True, value="today", is_past=True),
        ),
        foot=("A won deal's amount and lines are frozen. u takes it back.",),
        save_label="Won",
        cancel_label="Keep open",
        is_guarded=True,
        draft=draft,
        check=_check_ready,
    )


def _check_ready(values: dict[str, object]) -> Mapping[str, str]:
    return {} if values.get("is_ready") else {"is_ready": "A deal is won when the customer is ready"}


def _missing(blocker: Blocker, number: int) -> FormField:
    return FormField(
        f"missing_{number}", blocker.field.replace("_", " ").capitalize(), "readonly", value=blocker.text, mark="x"
    )


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day is not None else ""
