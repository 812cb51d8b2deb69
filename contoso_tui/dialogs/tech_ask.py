"""A deal's owner asks a technical consultant to sign: whom, until when, what to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField
from models.deals.detail_records import TechCheckView
from models.ids import show_deal


@dataclass(frozen=True, slots=True)
class Consultant:
    """Somebody who can be asked; `waiting` counts the sign-offs that wait for them."""

    login: str
    name: str
    waiting: int


def ask_form(
    view: TechCheckView,
    consultants: Sequence[Consultant],
    stages: tuple[str, str],
    zone: ZoneInfo,
    draft: DraftKey,
    why: str,
) -> Form:
    """Return the form: `of_login`, `needed_by`, `note`.

    `stages` are the names of the present and the last one, `why` says why the asker doesn't sign.
    """
    choices = tuple(
        Choice(found.login, found.login, f"{found.name}, {found.waiting} waiting" if found.waiting else found.name)
        for found in consultants
    )
    asked = view.request
    limit, amount = formats.money(view.limit_usd_cents), formats.money(view.amount_usd_cents)
    foot = [f"The deal stays in {stages[0]}. When it is signed you move it on with >."]
    if asked is not None:
        on = asked.asked_at.astimezone(zone).date()
        foot.insert(0, f"Asked before: {asked.asked_of}, {formats.day_full(on)}, no answer yet. This replaces it.")
    first = asked.asked_of if asked is not None else choices[0].value if len(choices) == 1 else ""
    return Form(
        title=f"Tech check · {view.customer} · {show_deal(view.deal_id)}",
        fields=(
            FormField("of_login", "Ask", "person", required=True, choices=choices, value=first),
            FormField("needed_by", "Needed by", "date"),
            FormField("note", "Note", "text"),
        ),
        intro=(f"Needed before {stages[1]}: {amount} is over {limit}.", why),
        foot=tuple(foot),
        save_label="Ask",
        draft=draft,
    )
