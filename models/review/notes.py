"""How two values of one field differ, in the words of a person who compares them. Pure."""

from __future__ import annotations

from typing import Any

from models.customers.records import Relation
from models.customers.relations import fold, is_one_slip

_SLIP = "one letter apart"


def note(field: str, relation: Relation, left: Any, right: Any) -> str:
    """Return in what two values that are alike, or differ, do so; "" where the values themselves say it all."""
    if relation is Relation.MISSING or not isinstance(left, str) or not isinstance(right, str):
        return _address(left, right) if field == "address" and relation is not Relation.MISSING else ""
    mine, theirs = fold(left), fold(right)
    if mine == theirs:
        return ""
    if field == "phone":
        return _phone(mine, theirs, relation)
    if field == "birth_date":
        return _date(mine, theirs)
    if relation is Relation.ALIKE:
        return "in the other order" if sorted(mine.split()) == sorted(theirs.split()) else _SLIP
    if field == "email":
        return "other provider" if mine.partition("@")[0] == theirs.partition("@")[0] else ""
    if field == "name":
        words, others = mine.split(), theirs.split()
        if words[-1:] == others[-1:]:
            return "same surname, other given name"
        if words[:1] == others[:1]:
            return "same given name, other surname"
    return ""


def _phone(left: str, right: str, relation: Relation) -> str:
    if relation is Relation.SAME:
        return "written otherwise"
    if relation is not Relation.ALIKE:
        return ""
    digits = ["".join(filter(str.isdigit, number.partition("x")[0])) for number in (left, right)]
    return (
        "one digit apart"
        if is_one_slip(*digits) and digits[0][-9:] != digits[1][-9:]
        else "country code or a lost zero"
    )


def _date(left: str, right: str) -> str:
    if left[:5] + left[8:10] + left[7:8] + left[5:7] == right:
        return "day and month exchanged"
    if is_one_slip(left, right):
        return "one digit apart"
    same = sum(one == other for one, other in zip(left.split("-"), right.split("-"), strict=False))
    return "two of year, month and day the same" if same == 2 else ""


def _address(left: Any, right: Any) -> str:
    if not isinstance(left, tuple) or not isinstance(right, tuple):
        return ""
    # In the order of survivorship.ADDRESS: street, city, state, postcode, country.
    street, city, postcode = (fold(left[at]) == fold(right[at]) and bool(left[at]) for at in (0, 1, 3))
    if street and not postcode:
        return "same street"
    if postcode and not street:
        return "same postcode, other street"
    return "same city" if city and not street else ""
