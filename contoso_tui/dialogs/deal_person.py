"""The form of a person on a deal: role, influence, attitude, and whom they influence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField
from models.deals.buying_centre import ATTITUDES, INFLUENCES, ROLES, DealPerson

_ROLES = tuple(Choice(role, verb, role.replace("_", " ")) for role, verb in ROLES.items())
_INFLUENCES = tuple(Choice(str(number), str(number)) for number in INFLUENCES)
_ATTITUDES = tuple(Choice(str(value), {1: "+ for us", 0: "0", -1: "- against"}[value]) for value in ATTITUDES)
LABELS = {"role": "Role", "influence": "Influence", "attitude": "Attitude", "influences": "Influences"}
"""What `changes` returns, as the form calls it."""


def add_form(
    candidates: Sequence[str],
    centre: Sequence[DealPerson],
    customer: str,
    draft: DraftKey,
    *,
    free: bool,
    name: str = "",
) -> Form:
    """Return the form for putting somebody on a deal; with `free` anybody may be named, `name` is filled in."""
    first = name if name in candidates else candidates[0] if len(candidates) == 1 else ""
    who = (
        FormField("name", "Who", required=True, value=first)
        if free
        else FormField("name", "Who", "person", required=True, value=first, choices=_named(candidates))
    )
    return Form(
        title=f"Buying centre · {customer}",
        fields=(who, *_fields(centre)),
        save_label="Put on",
        draft=draft,
        first="role" if first else "",
    )


def edit_form(person: DealPerson, centre: Sequence[DealPerson], draft: DraftKey) -> Form:
    """Return the form for changing what somebody is to a deal."""
    others = [one for one in centre if one.id != person.id]
    return Form(title=f"Buying centre · {person.name}", fields=_fields(others, person), draft=draft)


def changes(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values as the deal's people keep them."""
    return {
        "role": values["role"],
        "influence": int(values["influence"]),
        "attitude": int(values["attitude"]),
        "influences": values["influences"] or "",
    }


def _fields(centre: Sequence[DealPerson], person: DealPerson | None = None) -> tuple[FormField, ...]:
    whom = next((one.name for one in centre if person is not None and one.id == person.influences_id), "")
    return (
        FormField("role", "Role", "choice", required=True, choices=_ROLES, value=person.role if person else ""),
        FormField(
            "influence",
            "Influence",
            "choice",
            required=True,
            choices=_INFLUENCES,
            value=str(person.influence if person else 2),
        ),
        FormField(
            "attitude",
            "Attitude",
            "choice",
            required=True,
            choices=_ATTITUDES,
            value=str(person.attitude if person else 0),
        ),
        FormField(
            "influences", "Influences", "person", choices=_named([one.name for one in centre]), value=whom, help="whom"
        ),
    )


def _named(names: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(name, name) for name in names)


def in_words(name: str, value: Any) -> str:
    """Return a value of `changes` as the form shows it."""
    choices = {"role": _ROLES, "attitude": _ATTITUDES}.get(name, ())
    return next((choice.label for choice in choices if choice.value == str(value)), str(value))
