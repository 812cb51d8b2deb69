"""What agreement is worth, in bits, and which band a pair falls in.

A field's bits are log2(m/u): m, the chance of a level between two records of one customer, are typical values for
customer files; u, the chance between strangers, is taken from how often the value occurs, so that a rare surname
counts more than a common one. Bits of all fields and of the prior add up to the score.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from importers.matching.comparison import Levels, Mask
from importers.matching.encoding import Codes, Column, Encoded
from importers.matching.kinds import Address, Dob, Email, Field, Ident, Kind, Name, Phone

Bits = npt.NDArray[np.float64]

AUTOMATIC_BITS = 4.3  # 3 nats; the second field that a merge also needs does the rest
REVIEW_BITS = 0.0  # from here a pair is as likely one customer as two
# Files smaller than this are samples of a larger world: two records of ten are not one in ten likely the same.
_LEAST_WORLD = 1000
# Weight of the assumed share against the counted one, in records.
_PSEUDO_COUNT = 200
# Strangers with a close value are about this many times as frequent as with the very value.
_CLOSE_FACTOR = 5.0

# Assumed share of one value among strangers, before anything is counted.
_SHARES = {
    Kind.GIVEN: 0.01,
    Kind.SURNAME: 0.002,
    Kind.DOB: 5e-5,
    Kind.EMAIL: 1e-5,
    Kind.PHONE: 1e-5,
    Kind.STREET: 1e-4,
    Kind.IDENT: 1e-6,
    Kind.CATEGORY: 0.5,
}
_NAME_MATCH = (1.0, 0.70, 0.12, 0.06, 0.04, 0.03, 0.02, 0.02, 0.01)
_INITIAL_SHARE = 0.08

# Fixed m and u by level; level 1 of each uses the value's share as u instead.
_LEVELS: dict[Field, tuple[tuple[float, float], ...]] = {
    Field.DOB: ((1, 1), (0.935, 1), (0.035, 0.002), (0.02, 0.005), (0.005, 0.04), (0.005, 0.95)),
    Field.EMAIL: ((1, 1), (0.70, 1), (0.04, 1e-4), (0.02, 2e-4), (0.02, 0.002), (0.22, 0.997)),
    Field.PHONE: ((1, 1), (0.75, 1), (0.05, 2e-4), (0.20, 0.999)),
    Field.ADDRESS: ((1, 1), (0.60, 1), (0.15, 0.001), (0.05, 0.001), (0.03, 0.005), (0.04, 0.02), (0.13, 0.97)),
    Field.IDENT: ((1, 1), (0.88, 1), (0.08, 0.001), (0.04, 0.999)),
    Field.CATEGORY: ((1, 1), (0.97, 1), (0.2, 0.5)),
}
_SHARE_OF = {
    Field.DOB: Kind.DOB,
    Field.EMAIL: Kind.EMAIL,
    Field.PHONE: Kind.PHONE,
    Field.ADDRESS: Kind.STREET,
    Field.IDENT: Kind.IDENT,
    Field.CATEGORY: Kind.CATEGORY,
}


class Weights:
    """Turns levels into bits for one set of records."""

    def __init__(self, encoded: Encoded) -> None:
        """Count how frequent each value is."""
        self.prior_bits = -float(np.log2(max(encoded.size, _LEAST_WORLD)))
        self._columns = encoded.columns
        self._shares = {
            kind: _shares(column, _SHARES[kind]) for kind, column in encoded.columns.items() if kind in _SHARES
        }

    def bits(self, levels: Mapping[Field, Levels], left: Codes, right: Codes) -> dict[Field, Bits]:
        """Return the bits of each field for each pair."""
        return {
            field: self._name(level, left, right) if field is Field.NAME else self._field(field, level, left, right)
            for field, level in levels.items()
        }

    def total(self, bits: Mapping[Field, Bits], size: int) -> Bits:
        """Return the score of each pair: its fields and the prior."""
        result: Bits = np.full(size, self.prior_bits)
        for values in bits.values():
            result += values
        return result

    def _field(self, field: Field, level: Levels, left: Codes, right: Codes) -> Bits:
        table = np.array([np.log2(m / u) for m, u in _LEVELS[field]])
        result: Bits = table[level]
        kind = _SHARE_OF[field]
        if kind in self._shares:
            exact = level == 1
            result[exact] -= np.log2(self._share(kind, left[exact], right[exact], close=False))
        return result

    def _name(self, level: Levels, left: Codes, right: Codes) -> Bits:
        given, surname = Kind.GIVEN, Kind.SURNAME
        given_share = self._share(given, left, right, close=True)
        surname_share = self._share(surname, left, right, close=True)
        result: Bits = np.log2(np.array(_NAME_MATCH))[level]
        both = np.isin(level, (Name.EXACT, Name.CLOSE, Name.SWAPPED))
        result[both] -= np.log2(given_share[both] * surname_share[both])
        initial = level == Name.INITIAL
        result[initial] -= np.log2(_INITIAL_SHARE * surname_share[initial])
        only_given = level == Name.GIVEN_ONLY
        result[only_given] -= np.log2(given_share[only_given])
        # Relatives share a surname as surely as one customer's records do: it is worth nothing by itself.
        part = level == Name.PART_MISSING
        result[part] = np.minimum(-np.log2(np.maximum(given_share, surname_share)[part]) - 1, 4.0)
        result[level == Name.SURNAME_ONLY] = np.log2(_NAME_MATCH[Name.SURNAME_ONLY] / 0.3)
        return result

    def _share(self, kind: Kind, left: Codes, right: Codes, *, close: bool) -> Bits:
        """Return the share of the more frequent of two values, larger where they are only close; 1 if missing."""
        shares, codes = self._shares[kind], self._columns[kind].codes
        mine, others = codes[left], codes[right]
        share = np.maximum(shares[mine], shares[others])
        if close:
            share = np.where(mine == others, share, np.minimum(share * _CLOSE_FACTOR, 0.5))
        return np.where((mine >= 0) | (others >= 0), share, 1.0)


def _shares(column: Column, assumed: float) -> Bits:
    """Return each value's share among strangers; the last entry stands for missing.

    The two records of a pair are left out of the count: they would make a value theirs alone look common.
    """
    total = int(column.counts.sum())
    others = np.maximum(column.counts - 2, 0)
    shares = (others + _PSEUDO_COUNT * assumed) / (total + _PSEUDO_COUNT)
    return np.concatenate([np.maximum(shares, min(assumed, 1 / max(total, 1))), [0.0]])


def corroborated(levels: Mapping[Field, Levels], size: int) -> Mask:
    """Tell which pairs agree, at least nearly, on something besides the name."""
    result = np.zeros(size, dtype=np.bool_)
    for field, last in (
        (Field.DOB, Dob.TWO_PARTS),
        (Field.EMAIL, Email.NEAR),
        (Field.PHONE, Phone.TYPO),
        (Field.ADDRESS, Address.POSTCODE),
        (Field.IDENT, Ident.TYPO),
    ):
        if field in levels:
            result |= (levels[field] > 0) & (levels[field] <= last)
    return result


def differ(levels: Mapping[Field, Levels], size: int) -> Mask:
    """Tell which pairs have other names."""
    result: Mask = levels[Field.NAME] == Name.DIFFER if Field.NAME in levels else np.zeros(size, dtype=np.bool_)
    return result


def is_automatic(levels: Mapping[Field, Levels], score: Bits) -> Mask:
    """Tell which pairs are one customer beyond doubt.

    A household shares surname, address and phone, twins the birth date too, father and son the whole name: so a
    pair needs both names, and birth date, email or id besides, and nothing that speaks for two people.
    """
    name, dob, email, ident, category = (
        levels.get(field, np.zeros(len(score), dtype=np.int8))
        for field in (Field.NAME, Field.DOB, Field.EMAIL, Field.IDENT, Field.CATEGORY)
    )
    same_date = np.isin(dob, (Dob.EQUAL, Dob.TYPO))
    same_email = np.isin(email, (Email.EQUAL, Email.SAME_LETTERS))
    named = np.isin(name, (Name.EXACT, Name.SWAPPED))
    # Daniel and Danielle may be twins: a given name that only resembles needs more.
    alike = np.isin(name, (Name.CLOSE, Name.INITIAL)) & (email != Email.DIFFER) & (category != 2)
    same_ident = ident == Ident.EQUAL
    married = (name == Name.GIVEN_ONLY) & ((email == Email.EQUAL) | same_ident) & same_date
    second = same_date | same_email | same_ident
    against = np.isin(dob, (Dob.NEAR_YEAR, Dob.DIFFER)) & ~same_ident
    result: Mask = (score >= AUTOMATIC_BITS) & (named | alike | married) & second & ~against
    return result


def is_for_review(levels: Mapping[Field, Levels], score: Bits) -> Mask:
    """Tell which pairs a person should see; relatives (same surname, other given name) only with one email."""
    nothing = np.zeros(len(score), dtype=np.int8)
    relatives = levels.get(Field.NAME, nothing) == Name.SURNAME_ONLY
    same_email = levels.get(Field.EMAIL, nothing) == Email.EQUAL
    result: Mask = (score >= REVIEW_BITS) & (~relatives | same_email)
    return result


def contradicts(levels: Mapping[Field, Levels], score: Bits) -> Mask:
    """Tell which pairs are two people, so that a third record must not tie them together."""
    nothing = np.zeros(len(score), dtype=np.int8)
    dob, name = levels.get(Field.DOB, nothing), levels.get(Field.NAME, nothing)
    two = (dob == Dob.DIFFER) | np.isin(name, (Name.SURNAME_ONLY, Name.DIFFER))
    result: Mask = two & ~is_automatic(levels, score)
    return result
