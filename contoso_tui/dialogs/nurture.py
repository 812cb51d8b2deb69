"""Forms of nurture: how a talk ended, leaving the programme, the dates before starting. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField, Raw
from models.ids import show_enrolment
from models.nurture.records import EXIT_REASONS, RESULTS, DayLoad, EnrolmentDetail, EnrolmentPreview

PREVIEWS_SHOWN = 8
"""Accounts whose dates are written out before many are started; the load counts all."""
_LEAVE = ("replied", "opted_out", "disqualified", "manual")


def result_form(detail: EnrolmentDetail, draft: DraftKey | None) -> Form:
    """Ask how the last talk ended; what a result needs is asked beside it."""
    step = detail.programme.step(detail.position or 1)
    account = detail.account
    notes = {
        "qualified": "opens a deal",
        "disqualified": "needs a reason; nurture ends",
        "not_reached": "stays due",
        "meeting": "its result decides",
    }
    order = ("qualified", "disqualified", "not_reached", "meeting")
    return Form(
        title=f"{account.name} · {show_enrolment(detail.id)} · {step.name} ({step.position}/{len(detail.steps)})",
        intro=("How did it end?",),
        fields=(
            FormField(
                "result",
                "Result",
                "choice",
                required=True,
                choices=tuple(Choice(code, RESULTS[code], notes[code]) for code in order),
            ),
            FormField("reason", "Reason", required=True, is_asked=_of("disqualified")),
            FormField("again_on", "Try again on", "date", help="empty: it stays due", is_asked=_of("not_reached")),
            FormField("deal_type", "Deal", help="what is sold, in your words", is_asked=_of("qualified")),
            FormField("amount", "Amount", "money", help="if you know it", is_asked=_of("qualified")),
            FormField(
                "meeting_on",
                "Meeting on",
                "date",
                required=lambda raw: raw["result"] == "meeting",
                is_asked=_of("qualified", "meeting"),
            ),
            FormField("meeting_time", "At", "time", is_asked=_of("qualified", "meeting")),
            FormField("who", "Spoke to", value=_person(detail), is_asked=_of("qualified", "disqualified", "meeting")),
            FormField("notes", "Note", "long", lines=2),
        ),
        save_label="Save",
        draft=draft,
        live=lambda raw: _consequence(raw, account.owner),
    )


def _of(*results: str) -> Callable[[Raw], bool]:
    """Return whether a field belongs to the result that is chosen."""
    return lambda raw: raw["result"] in results


def _person(detail: EnrolmentDetail) -> str:
    account = detail.account
    return ", ".join(text for text in (account.person, account.person_position) if text)


def _consequence(raw: Raw, owner: str) -> tuple[str, ...]:
    words = {
        "qualified": f"Opens a deal in Qualify for {owner or 'you'}, with source, person and note.",
        "disqualified": "Nurture ends with the reason.",
        "not_reached": "The step stays due; on the day given, if any.",
        "meeting": "The appointment is scheduled; its result decides.",
    }
    return (words[raw["result"]],) if raw["result"] in words else ()


def read_result(values: Mapping[str, Any], minute: int | None) -> dict[str, Any]:
    """Return the arguments of `steps.done`."""
    result = values["result"]
    arguments: dict[str, Any] = {"result": result, "who": values["who"] or "", "notes": values["notes"] or ""}
    if result == "disqualified":
        arguments["reason"] = values["reason"]
    elif result == "not_reached":
        arguments["again_on"] = values["again_on"]
    else:
        arguments |= {"meeting_on": values["meeting_on"], "meeting_minute": minute}
    if result == "qualified":
        arguments |= {"deal_type": values["deal_type"] or "", "deal_amount_minor": values["amount"]}
    return arguments


def leave_form(customer: str, draft: DraftKey) -> Form:
    """Ask why an account leaves nurture."""
    choices = tuple(Choice(code, EXIT_REASONS[code]) for code in _LEAVE)
    return Form(
        title=f"Leave nurture · {customer}",
        fields=(
            FormField("reason", "Why", "choice", required=True, choices=choices),
            FormField("note", "Note", required=lambda raw: raw["reason"] in ("disqualified", "manual")),
        ),
        foot=("The steps to come are cancelled. u takes it back.",),
        save_label="Leave nurture",
        cancel_label="Keep",
        is_guarded=True,
        draft=draft,
    )


def preview_lines(previews: Sequence[EnrolmentPreview], loads: Sequence[DayLoad], today: dt.date) -> list[str]:
    """Return the dates of each account that can start, who can't and why, and the load of each day."""
    can = [found for found in previews if not found.refusal]
    cannot = [found for found in previews if found.refusal]
    lines: list[str] = []
    for found in can[:PREVIEWS_SHOWN]:
        lines.append(f"{found.customer}  ({found.owner or 'nobody'})")
        lines += [
            f"   {date.position} {date.name}: {_rolled(date.counted_on, date.due_on, today)}" for date in found.dates
        ]
        lines += [f"   ! {warning}" for warning in found.warnings]
    if len(can) > PREVIEWS_SHOWN:
        lines.append(f"and {len(can) - PREVIEWS_SHOWN} more with the same days between")
    lines += [f"x {found.refusal}" for found in cannot]
    if len(can) > 1:
        lines.append("Load:")
        lines += [
            f"   {load.owner}  {formats.day_dated(load.on, today)}: {load.planned} planned, {load.added} more"
            for load in loads
        ]
    return lines


def _rolled(counted_on: dt.date, due_on: dt.date, today: dt.date) -> str:
    if counted_on == due_on:
        return formats.day_dated(due_on, today)
    return f"{counted_on:%a} {counted_on.day} -> {formats.day_card(due_on, today, is_wide=True)}"
