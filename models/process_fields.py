"""What a process file may hold: every table with its keys, and what each value must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from models import money
from models.activities.records import CHANNELS, MATERIALS
from models.deals.products import BILLINGS
from models.errors import UsageError
from models.people.records import Role

Complaint = str
"""What a value must be, to follow its key ("must be ..."); empty where it is that."""
Kind = Callable[[Any], Complaint]

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
ASSESSMENT_RULE = re.compile(r"(>=|>|=)\s*(\d{1,4})")
MOST_STAGES = 9
"""Columns that a board has keys for."""
ASSIGNMENTS = ("territory", "fewest")
"""Ways to find an owner: who has the customer's state as territory; who owns the fewest."""


class Field(NamedTuple):
    """A key of a table: what its value must be, or of which keys the table or tables below it consist."""

    kind: Kind | None = None
    is_required: bool = False
    table: Mapping[str, Field] | None = None
    is_array: bool = False
    each: Field | None = None
    """What every value is of a table whose keys the file chooses."""
    keys: tuple[str, ...] = ()
    """The keys that such a table may have; empty for any identifier."""


def text(value: Any) -> Complaint:
    """Take any text that isn't blank."""
    return "" if isinstance(value, str) and value.strip() else "must be a text in quotes"


def any_text(value: Any) -> Complaint:
    """Take any text, blank too."""
    return "" if isinstance(value, str) else "must be a text in quotes"


def identifier(value: Any) -> Complaint:
    """Take lower-case letters, digits and _."""
    if isinstance(value, str) and IDENTIFIER.fullmatch(value):
        return ""
    return "must be an id of lower-case letters, digits and _, a letter first"


def whole(low: int, high: int) -> Kind:
    """Take whole numbers from `low` to `high`."""

    def kind(value: Any) -> Complaint:
        is_fine = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if is_fine else f"must be a whole number from {low:,} to {high:,}"

    return kind


def flag(value: Any) -> Complaint:
    """Take true and false."""
    return "" if isinstance(value, bool) else "must be true or false"


def amount(value: Any) -> Complaint:
    """Take an amount of dollars as a text, so that no digit is lost: "20000.00"."""
    try:
        is_fine = isinstance(value, str) and money.parse_minor(value) >= 0
    except UsageError:
        is_fine = False
    return "" if is_fine else 'must be an amount in quotes, such as "20000.00"'


def percent(value: Any) -> Complaint:
    """Take 0 to 100 with at most two decimals, as a number or a text."""
    try:
        is_fine = isinstance(value, str | int | float) and not isinstance(value, bool)
        return "" if is_fine and money.parse_percent(str(value)) >= 0 else "must be a percentage from 0 to 100"
    except UsageError:
        return "must be a percentage from 0 to 100 with at most two decimals"


def zone(value: Any) -> Complaint:
    """Take the name of a time zone."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, TypeError, OSError):
        return 'must be a time zone such as "America/Denver"'
    return ""


def one_of(*words: str) -> Kind:
    """Take one of some words."""

    def kind(value: Any) -> Complaint:
        return "" if value in words else f"must be one of {', '.join(words)}"

    return kind


def texts(value: Any) -> Complaint:
    """Take a list of texts."""
    is_fine = isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)
    return "" if is_fine else "must be a list of texts"


def some_of(*words: str) -> Kind:
    """Take a list of some words, none twice."""

    def kind(value: Any) -> Complaint:
        is_fine = isinstance(value, list) and all(one in words for one in value) and len(set(value)) == len(value)
        return "" if is_fine else f"must be a list of {', '.join(words)}, none twice"

    return kind


def threshold(value: Any) -> Complaint:
    """Take a rule over a score: "> 60", ">= 60" or "= 100"."""
    is_fine = isinstance(value, str) and ASSESSMENT_RULE.fullmatch(value.strip())
    return "" if is_fine else 'must be a rule such as "> 60", ">= 60" or "= 100"'


_SUGGESTION = {
    "name": Field(text, is_required=True),
    "type": Field(identifier),
    "channel": Field(one_of(*CHANNELS), is_required=True),
    "days": Field(whole(0, 365)),
}
_STAGE = {
    "id": Field(identifier, is_required=True),
    "name": Field(text, is_required=True),
    "probability": Field(whole(0, 100), is_required=True),
    "age_limit_days": Field(whole(1, 3650)),
    "required": Field(texts),
    "tech_check": Field(flag),
    "assessment": Field(one_of("optional", "required")),
    "activity": Field(table=_SUGGESTION, is_array=True),
}
_QUESTION = {
    "id": Field(identifier, is_required=True),
    "text": Field(text, is_required=True),
    "field": Field(identifier),
    "answer": Field(
        table={
            "text": Field(text, is_required=True),
            "points": Field(whole(0, 100), is_required=True),
            "knock_out": Field(flag),
            "value": Field(text),
        },
        is_required=True,
        is_array=True,
    ),
}
_PROGRAMME_STEP = {
    "channel": Field(one_of(*CHANNELS), is_required=True),
    "name": Field(text, is_required=True),
    "days_after": Field(whole(0, 365), is_required=True),
    "activity_type": Field(identifier),
    "email_subject": Field(text),
    "email_body": Field(any_text),
    "guide": Field(any_text),
}
_ACTIVITY_TYPE = {
    "name": Field(text, is_required=True),
    "points": Field(whole(0, 1000), is_required=True),
    "a_month": Field(whole(0, 1000)),
    "group": Field(text),
    "default_for": Field(some_of(*CHANNELS, MATERIALS)),
}
FILE: Mapping[str, Field] = {
    "company_timezone": Field(zone, is_required=True),
    "tech_check_limit_usd": Field(amount, is_required=True),
    "quote_valid_days": Field(whole(1, 3650), is_required=True),
    "points_quota": Field(whole(0, 100_000)),
    "pipeline": Field(
        table={
            "id": Field(identifier, is_required=True),
            "name": Field(text, is_required=True),
            "stage": Field(table=_STAGE, is_required=True, is_array=True),
        },
        is_required=True,
        is_array=True,
    ),
    "lost_reasons": Field(each=Field(text), is_required=True),
    "tech_check": Field(table={"questions": Field(texts)}),
    "activity_types": Field(each=Field(table=_ACTIVITY_TYPE), is_required=True),
    "discount_limits": Field(each=Field(percent), keys=tuple(Role)),
    "owner_assignment": Field(
        table={"individual": Field(some_of(*ASSIGNMENTS)), "corporate": Field(some_of(*ASSIGNMENTS))}
    ),
    "assessment": Field(
        table={
            "pipeline": Field(identifier),
            "stage": Field(identifier, is_required=True),
            "rule": Field(threshold, is_required=True),
            "result": Field(one_of("move", "propose")),
            "question": Field(table=_QUESTION, is_required=True, is_array=True),
        },
        is_array=True,
    ),
    "programme": Field(
        table={
            "code": Field(identifier, is_required=True),
            "name": Field(text, is_required=True),
            "step": Field(table=_PROGRAMME_STEP, is_required=True, is_array=True),
        },
        is_array=True,
    ),
    "product": Field(
        table={
            "code": Field(text, is_required=True),
            "name": Field(text, is_required=True),
            "billing": Field(one_of(*BILLINGS), is_required=True),
            "price": Field(amount, is_required=True),
        },
        is_array=True,
    ),
}
