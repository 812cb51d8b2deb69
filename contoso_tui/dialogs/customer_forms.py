"""Forms about customers: a new one, its company's name, one value by hand, a person of an account. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField, Kind, read
from models.customers import addresses
from models.customers.records import CustomerRow, Person, ValueSource
from models.customers.survivorship import ADDRESS
from models.errors import UsageError

KINDS = (Choice("individual", "individual"), Choice("corporate", "corporate account"))
_ADDRESS = tuple((name, name.capitalize()) for name in ADDRESS)
_FIELD_KINDS: dict[str, Kind] = {"birth_date": "date", "income_minor": "money", "email_subscriber": "yes_no"}


def new_form(draft: DraftKey) -> Form:
    """Ask who a new customer is."""
    return Form(
        title="New customer",
        fields=(
            FormField("name", "Name", required=True),
            FormField("kind", "Kind", "choice", required=True, choices=KINDS),
            FormField("email", "Email"),
            FormField("phone", "Phone"),
            *(FormField(name, label) for name, label in _ADDRESS),
        ),
        save_label="Make",
        draft=draft,
        check=check_addresses,
    )


def check_addresses(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the email and phone of a form, by field."""
    found = {name: check(str(values.get(name) or "")) for name, check in addresses.CHECKS.items()}
    return {name: f"This is {reason}" for name, reason in found.items() if reason}


def company_form(rows: Sequence[CustomerRow], draft: DraftKey | None) -> Form:
    """Ask for the company of each customer that becomes a corporate account; fields are `company_<id>`."""
    names = rows[0].name if len(rows) == 1 else f"{len(rows)} customers"
    label = "Company" if len(rows) == 1 else ""
    return Form(
        title=f"Label corporate · {names}",
        fields=tuple(FormField(f"company_{row.id}", label or row.name, required=True) for row in rows),
        intro=("What is the company called?",),
        foot=(
            "The person becomes the account's first one; purchases, deals and records stay with it.",
            "An account executive looks after it from now on. u takes it back.",
        ),
        save_label="Label",
        draft=draft,
    )


def read_companies(values: Mapping[str, Any]) -> dict[int, str]:
    """Return the companies' names by customer id."""
    return {int(name.removeprefix("company_")): str(value) for name, value in values.items()}


def value_form(name: str, field: ValueSource, address: Sequence[str], draft: DraftKey | None = None) -> Form:
    """Ask for a field's value by hand; an address is asked as one."""
    if field.field == "address":
        fields = tuple(FormField(part, label, value=old) for (part, label), old in zip(_ADDRESS, address, strict=True))
    else:
        kind = _FIELD_KINDS.get(field.field, "text")
        is_name = field.field == "name"
        fields = (
            FormField(
                field.field,
                field.label.capitalize(),
                kind,
                value=field.value,
                required=is_name,
                is_past=kind == "date",
            ),
        )
    return Form(
        title=f"{field.label.capitalize()} · {name}",
        fields=fields,
        foot=("Kept whatever imports say, until it follows the sources again. u takes it back.",),
        save_label="Pin",
        draft=draft,
        check=check_addresses,
    )


def read_value(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a field and its value as `value_form` asked it; an emptied text is blank, an address one value."""
    filled = {name: "" if value is None else value for name, value in values.items()}
    return {"address": tuple(filled[part] for part in ADDRESS)} if ADDRESS[0] in filled else filled


def as_changes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `customers.edit` takes of values such as `read_value` returns."""
    if "address" not in values:
        return dict(values)
    return dict(zip(ADDRESS, values["address"], strict=True))


def address_of(now: Mapping[str, Any], before: Sequence[Any]) -> tuple[Any, ...]:
    """Return an address of which some parts stand otherwise now."""
    return tuple(now.get(part, old) for part, old in zip(ADDRESS, before, strict=True))


def started_with(form: Form, today: dt.date) -> dict[str, Any]:
    """Return the value with which the form of one field began; nothing where it can't be read."""
    try:
        return read_value({item.name: read(item, item.value, today) for item in form.fields})
    except UsageError:
        return {}


def in_words(name: str, value: Any) -> str:
    """Return a field's value as it is shown beside another's."""
    if name == "address":
        return ", ".join(str(part) for part in value if part)
    if name in ("email_subscriber", "do_not_contact"):
        return "yes" if value else "no"
    if name == "income_minor" and value not in (None, ""):
        return formats.money(int(value))
    return "" if value is None else str(value)


PERSON_LABELS = {
    "name": "Name",
    "position": "Position",
    "email": "Email",
    "phone": "Phone",
    "do_not_contact": "Do not contact",
}


def read_person(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `person_form` asked as people are kept."""
    text = {name: str(values[name] or "") for name in ("name", "position", "email", "phone")}
    return {**text, "do_not_contact": bool(values["do_not_contact"])}


def person_form(account: str, person: Person | None, draft: DraftKey | None) -> Form:
    """Ask who a person of an account is."""
    return Form(
        title=f"{person.name if person else 'New person'} · {account}",
        fields=(
            *(
                FormField(name, label, required=name == "name", value=getattr(person, name) if person else "")
                for name, label in PERSON_LABELS.items()
                if name != "do_not_contact"
            ),
            FormField("do_not_contact", PERSON_LABELS["do_not_contact"], "yes_no", value=_yes_no(person)),
        ),
        save_label="Save",
        draft=draft,
        check=lambda values: _check_changed(values, person),
    )


def _check_changed(values: Mapping[str, Any], person: Person | None) -> dict[str, str]:
    """Leave what a file brought in peace until somebody changes it."""
    changed = {
        name: values[name] for name in addresses.CHECKS if person is None or values[name] != getattr(person, name)
    }
    return check_addresses(changed)


def _yes_no(person: Person | None) -> str:
    return "yes" if person is not None and person.do_not_contact else "no"
