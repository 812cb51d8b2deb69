"""How two values of one field relate, for people who compare records: same, alike, differs, missing; pure functions."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from models.customers.records import Relation
from models.customers.survivorship import ADDRESS

_NOT_DIGITS = re.compile(r"\D+")
_EXTENSION = re.compile(r"(?:x|ext|#|;).*", re.IGNORECASE | re.DOTALL)
# Country codes and trunk zeros aside, numbers are told apart by their last nine digits.
_TELLING_DIGITS = 9


def relate(field: str, shown: Any, other: Any) -> Relation:
    """Tell how what a record says relates to the value in use."""
    if other in (None, ""):
        return Relation.MISSING
    if shown in (None, ""):
        return Relation.DIFFERS
    if field == "address":
        return _address(shown, other)
    if not isinstance(shown, str) or not isinstance(other, str):
        return Relation.SAME if shown == other else Relation.DIFFERS
    left, right = fold(shown), fold(other)
    if left == right:
        return Relation.SAME
    if field == "phone":
        return _phone(shown, other)
    if field == "birth_date":
        return Relation.ALIKE if _is_near_date(left, right) else Relation.DIFFERS
    if sorted(left.split()) == sorted(right.split()) or is_one_slip(left, right):
        return Relation.ALIKE
    return Relation.DIFFERS


def fold(text: str) -> str:
    """Return text without case, accents and repeated spaces."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(text.casefold().split())


def is_one_slip(left: str, right: str) -> bool:
    """Return whether one letter more, less, other, or two exchanged make one text into the other."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    left, right = left[start:], right[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter


def _digits(phone: str) -> str:
    return _NOT_DIGITS.sub("", _EXTENSION.sub("", phone))


def _phone(left: str, right: str) -> Relation:
    mine, theirs = _digits(left), _digits(right)
    if mine == theirs:
        return Relation.SAME
    tail = [number[-_TELLING_DIGITS:].zfill(_TELLING_DIGITS) for number in (mine, theirs)]
    return Relation.ALIKE if tail[0] == tail[1] or is_one_slip(mine, theirs) else Relation.DIFFERS


def _is_near_date(left: str, right: str) -> bool:
    swapped = left[:5] + left[8:10] + left[7:8] + left[5:7]
    return swapped == right or is_one_slip(left, right)


def _address(shown: tuple[str, ...], other: tuple[str, ...]) -> Relation:
    mine, theirs = [fold(part) for part in shown], [fold(part) for part in other]
    if mine == theirs:
        return Relation.SAME
    street, postcode = ADDRESS.index("street"), ADDRESS.index("postcode")
    near = mine[street] == theirs[street] or is_one_slip(mine[street], theirs[street])
    return Relation.ALIKE if near or (mine[postcode] and mine[postcode] == theirs[postcode]) else Relation.DIFFERS
