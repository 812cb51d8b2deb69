"""The parts that blocking keys are made of, as codes for each record."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from importers import standardise
from importers.matching.encode import Codes, Encoded, Positions, compact
from importers.matching.kinds import Kind
from importers.matching.nicknames import canonical

_NUMBER = re.compile(r"\d+")


def house_number(street: str) -> str:
    """Return the first digits of a standardised street."""
    found = _NUMBER.search(street)
    return found[0] if found else ""


def street_sound(street: str) -> str:
    """Return the number and the sound of the words of a standardised street, "" without words.

    Its exact text would let one slip hide all who live there, as with names.
    """
    sound = standardise.skeleton("".join(letter for letter in street if letter.isalpha()))
    return f"{house_number(street)} {sound}" if sound else ""


PARTS: dict[str, tuple[Kind, Callable[[str], str] | None]] = {
    "ident": (Kind.IDENT, None),
    "email": (Kind.EMAIL, None),
    "email letters": (Kind.EMAIL, standardise.email_letters),
    "phone": (Kind.PHONE, None),
    "dob": (Kind.DOB, None),
    "year": (Kind.DOB, lambda text: text[:4]),
    "month and day": (Kind.DOB, lambda text: text[4:]),
    "surname": (Kind.SURNAME, standardise.skeleton),
    "given": (Kind.GIVEN, canonical),
    "first letter": (Kind.GIVEN, lambda text: text[:1]),
    "two letters": (Kind.SURNAME, lambda text: text[:2]),
    "postcode": (Kind.POSTCODE, None),
    "area": (Kind.POSTCODE, lambda text: text[:2]),
    "district": (Kind.POSTCODE, lambda text: text[:3]),
    "street": (Kind.STREET, street_sound),
    "number": (Kind.STREET, house_number),
    "city": (Kind.CITY, None),
    "company": (Kind.COMPANY, None),
}
"""Name of each part of one column, the column, and what is taken of its text (None: all)."""


class KeyParts:
    """Codes of every key part that the records have, computed when first asked for."""

    def __init__(self, encoded: Encoded) -> None:
        """Take the columns of the records."""
        self._encoded = encoded
        self._codes: dict[str, Codes] = {}

    def has(self, part: str) -> bool:
        """Return whether the records have what a part comes from."""
        if part in ("name", "initials"):
            return Kind.GIVEN in self._encoded.columns and Kind.SURNAME in self._encoded.columns
        return PARTS[part][0] in self._encoded.columns

    def codes(self, part: str) -> Codes:
        """Return a part's code for each record, -1 where it lacks it."""
        if part not in self._codes:
            self._codes[part] = self._compute(part)
        return self._codes[part]

    def joint(self, some: Sequence[str]) -> Positions:
        """Return one code for several parts together, -1 where any is missing."""
        key = self.codes(some[0]).astype(np.int64)
        for part in some[1:]:
            other = self.codes(part)
            key = np.where((key >= 0) & (other >= 0), key * (int(other.max(initial=0)) + 1) + other, -1)
        return key

    def _compute(self, part: str) -> Codes:
        if part == "name":
            assert self._encoded.names is not None
            return self._encoded.names
        if part == "initials":
            return compact(self.joint(["first letter", "two letters"]))
        kind, function = PARTS[part]
        column = self._encoded.columns[kind]
        return column.codes if function is None else column.per_record(part, function)
