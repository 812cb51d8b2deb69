"""A form as a table of fields, and how a typed text becomes a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.forms import parse
from models.errors import UsageError

Kind = Literal[
    "text", "long", "choice", "yes_no", "date", "time", "money", "integer", "percent", "duration", "person", "readonly"
]
Raw = Mapping[str, str]
"""Field name -> text as typed or the value of the choice; yes/no is "yes", "no" or ""."""
TEXT_KINDS: frozenset[str] = frozenset(
    {"text", "long", "date", "time", "money", "integer", "percent", "duration", "person"}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: `value` is returned, `label` shown, `note` stands beside a person or product."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    """One question. `value` is what stands in it at first, as typed text.

    Values after reading: text, long, choice, person -> str (a choice's `value`); yes_no -> bool; date -> date;
    time -> "HH:MM"; money -> minor units; integer -> int; percent -> basis points; duration -> minutes.
    Empty and not required -> None. `is_past` makes dates without a year mean the last such day.
    `currency` is the one in which money is read. `required` may look at the other fields, and so may `is_asked`:
    a field that is not asked isn't shown and reads as None. `mark` is a sign before the label, such as `x` or `=`.
    """

    name: str
    label: str
    kind: Kind = "text"
    required: bool | Callable[[Raw], bool] = False
    choices: tuple[Choice, ...] = ()
    value: str = ""
    help: str = ""
    is_past: bool = False
    mark: str = ""
    lines: int = 1
    low: int = 0
    high: int = 1_000_000_000
    width: int = 0
    currency: str = "USD"
    is_asked: Callable[[Raw], bool] | None = None

    def is_shown(self, raw: Raw) -> bool:
        """Return whether it is asked, given what the other fields hold."""
        return self.is_asked is None or self.is_asked(raw)

    def is_required(self, raw: Raw) -> bool:
        """Return whether it must be filled in, given what the other fields hold."""
        return self.required(raw) if callable(self.required) else self.required

    @property
    def is_text(self) -> bool:
        """Whether it is typed."""
        return self.kind in TEXT_KINDS


@dataclass(frozen=True, slots=True)
class Form:
    """What a form dialog asks.

    `intro` and `foot` are lines above and below the fields. `check` gets the values and returns errors by field
    name ("" for the form as a whole). `live` gets the raw texts and returns lines that follow what is typed.
    `help` is what F1 says before the keys. With `is_guarded` the button that changes nothing is the default.
    """

    title: str
    fields: tuple[FormField, ...]
    intro: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    save_label: str = "Save"
    cancel_label: str = "Close"
    is_guarded: bool = False
    draft: DraftKey | None = None
    check: Callable[[dict[str, Any]], Mapping[str, str]] | None = None
    live: Callable[[Raw], tuple[str, ...]] | None = None
    help: tuple[str, ...] = ()
    first: str = ""
    """Name of the field that has the cursor when the form opens; else the first one."""


# What stands beside an empty field that says nothing of its own: dates and times are typed in many ways.
_HOW: Mapping[tuple[str, bool], str] = {
    ("date", False): "a day: fri, +3d, 12 dec",
    ("date", True): "a day: today, mon, 12 nov",
    ("time", False): "14:30, 9 or 2pm",
}


def read(form_field: FormField, typed: str, today: dt.date) -> Any:
    """Return the value of a typed text, None if it is empty.

    Raises:
        UsageError: it cannot be understood; the sentence says how to write it.
    """
    if not typed.strip():
        return None
    kind = form_field.kind
    if kind == "date":
        return parse.parse_date(typed, today, is_past=form_field.is_past)
    if kind == "time":
        return parse.parse_time(typed)
    if kind == "money":
        return parse.parse_money(typed, form_field.currency)
    if kind == "integer":
        return parse.parse_integer(typed, form_field.low, form_field.high)
    if kind == "percent":
        return parse.parse_basis_points(typed)
    if kind == "duration":
        return parse.parse_minutes(typed)
    if kind == "yes_no":
        return typed == "yes"
    if kind == "person":
        return _chosen(form_field, typed).value
    return typed.strip() if kind != "choice" else typed


def note(form_field: FormField, typed: str, today: dt.date) -> str:
    """Return what stands beside a field: how a date or amount was understood, a person's note, help while empty."""
    if form_field.kind in ("date", "money", "duration", "person") and typed.strip():
        try:
            value = read(form_field, typed, today)
        except UsageError:
            return ""
        if form_field.kind == "date":
            return parse.say_date(value)
        if form_field.kind == "money":
            return formats.money(value, form_field.currency)
        if form_field.kind == "duration":
            return f"{value // 60} h {value % 60:02d}" if value >= 60 else f"{value} min"
        chosen = _chosen(form_field, typed)
        return f"{chosen.label}  {chosen.note}".strip() if chosen.label != typed.strip() else chosen.note
    return "" if typed.strip() else form_field.help or _HOW.get((form_field.kind, form_field.is_past), "")


def exact(form_field: FormField, typed: str) -> Choice | None:
    """Return the choice of a person or product field that is typed in full."""
    wanted = typed.strip().casefold()
    named = (c for c in form_field.choices if wanted in (c.value.casefold(), c.label.casefold()))
    return next(named, None)


def matching(form_field: FormField, typed: str) -> list[Choice]:
    """Return the choices of a person or product field whose value or label begins with, or holds, what is typed."""
    wanted = typed.strip().casefold()
    found = exact(form_field, typed)
    if found is not None:
        return [found]
    starts = [
        choice
        for choice in form_field.choices
        if choice.value.casefold().startswith(wanted) or choice.label.casefold().startswith(wanted)
    ]
    return starts or [choice for choice in form_field.choices if wanted in f"{choice.value} {choice.label}".casefold()]


def _chosen(form_field: FormField, typed: str) -> Choice:
    found = matching(form_field, typed)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"“{typed.strip()}” is none of the choices; up and down go through them")
    names = ", ".join(choice.label for choice in found[:3])
    raise UsageError(f"“{typed.strip()}” may be {names}{' …' if len(found) > 3 else ''}: type more of it")
