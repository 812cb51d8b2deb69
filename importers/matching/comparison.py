"""The level at which two records agree on each field; fuzzy measures see each distinct pair of texts once."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler

from importers.matching.encode import Codes, Column, Encoded, Mask, Positions
from importers.matching.kinds import (
    SOURCE_PAIRS,
    Address,
    Category,
    Company,
    Dob,
    Email,
    Field,
    Ident,
    Kind,
    Name,
    Phone,
)
from importers.matching.measures import apart, measure, one_slip
from importers.matching.nicknames import forms
from importers.standardise import email_letters

Levels = npt.NDArray[np.int8]

CLOSE = 0.88  # Jaro-Winkler similarity from which two names are close
STREET_CLOSE = 0.75  # normalised edit similarity from which two streets are close
_NOT_DIGITS = re.compile(r"\D+")
_NUMBERS = re.compile(r"[\d#]+")


def fields_of(encoded: Encoded) -> tuple[Field, ...]:
    """Return what the records can be compared on."""
    has = encoded.columns.keys()
    needs: dict[Field, bool] = {
        Field.NAME: {Kind.GIVEN, Kind.SURNAME} <= has,
        Field.DOB: Kind.DOB in has,
        Field.EMAIL: Kind.EMAIL in has,
        Field.PHONE: Kind.PHONE in has,
        Field.ADDRESS: bool({Kind.STREET, Kind.POSTCODE, Kind.CITY} & has),
        Field.IDENT: Kind.IDENT in has,
        Field.COMPANY: Kind.COMPANY in has,
        Field.CATEGORY: Kind.CATEGORY in has,
        Field.SOURCE: Kind.SOURCE in has and len(encoded.sources) > 1,
    }
    return tuple(field for field in Field if needs[field])


def compare(encoded: Encoded, left: Positions, right: Positions, fields: tuple[Field, ...]) -> dict[Field, Levels]:
    """Return for each of the fields the levels of the pairs (left[i], right[i]), the same both ways round."""
    return {field: _COMPARERS[field](encoded, left, right) for field in fields}


def _names(encoded: Encoded, left: Positions, right: Positions) -> Levels:
    given, surname = encoded.columns[Kind.GIVEN], encoded.columns[Kind.SURNAME]
    g1, g2, s1, s2 = given.codes[left], given.codes[right], surname.codes[left], surname.codes[right]
    has_given, has_surname = (g1 >= 0) & (g2 >= 0), (s1 >= 0) & (s2 >= 0)
    same_given, same_surname = has_given & (g1 == g2), has_surname & (s1 == s2)
    close_given = same_given | _close(given, given, g1, g2, has_given & ~same_given)
    close_surname = same_surname | _close(surname, surname, s1, s2, has_surname & ~same_surname)
    both = has_given & has_surname
    level = np.full(len(left), Name.DIFFER, dtype=np.int8)
    one = has_given ^ has_surname
    level[one & ((has_given & close_given) | (has_surname & close_surname))] = Name.PART_MISSING
    swapped = _swapped(given, surname, (g1, g2, s1, s2), both & ~close_given & ~close_surname)
    level[swapped] = Name.SWAPPED
    level[both & close_given] = Name.GIVEN_ONLY
    level[both & close_surname] = Name.SURNAME_ONLY
    level[_nicknamed(given, g1, g2, both & close_surname & ~close_given)] = Name.INITIAL
    level[both & close_given & close_surname] = Name.CLOSE
    level[same_given & same_surname] = Name.EXACT
    level[~has_given & ~has_surname] = Name.MISSING
    return level


def _close(first: Column, second: Column, mine: Codes, others: Codes, where: Mask) -> Mask:
    return measure(first, second, mine, others, where, JaroWinkler.similarity, CLOSE) >= CLOSE


def _swapped(given: Column, surname: Column, codes: tuple[Codes, Codes, Codes, Codes], where: Mask) -> Mask:
    """Tell where each given name is close to the other's surname.

    The first pair must share its first letter: so few of all pairs are left for the measure.
    """
    g1, g2, s1, s2 = codes
    letters = given.per_text("letter number", _first_letter), surname.per_text("letter number", _first_letter)
    where = where & (letters[0][g1] == letters[1][s2]) & (letters[0][g2] == letters[1][s1])
    first = _close(given, surname, g1, s2, where)
    return first & _close(given, surname, g2, s1, first)


def _first_letter(name: str) -> int:
    return ord(name[0])


def _nicknamed(given: Column, mine: Codes, others: Codes, where: Mask) -> Mask:
    """Tell where two given names may stand for one another, or one is the other's initial."""
    letters, lengths = given.per_text("letter number", _first_letter), given.per_text("length", len)
    single = where & ((lengths[mine] == 1) | (lengths[others] == 1))
    result: Mask = single & (letters[mine] == letters[others])
    rows = np.flatnonzero(where & ~single)
    table = given.keep("forms", lambda: _forms(given))
    for first in table.T:
        # Few names stand for more than themselves: every further column leaves fewer rows.
        some = rows[first[mine[rows]] >= 0]
        for second in table.T:
            some = some[second[others[some]] >= 0]
            if not len(some):
                break
            result[some[first[mine[some]] == second[others[some]]]] = True
    return result


def _forms(given: Column) -> npt.NDArray[np.int32]:
    """Return numbers of the names that each given name may stand for, shape (names, most forms), filled up with -1."""
    found = [sorted(forms(name)) for name in given.values.tolist()]
    number = {word: at for at, word in enumerate(sorted({word for words in found for word in words}))}
    table = np.full((len(found) + 1, max(map(len, found), default=0)), -1, dtype=np.int32)
    for at, words in enumerate(found):
        table[at, : len(words)] = [number[word] for word in words]
    return table


def _dates(encoded: Encoded, left: Positions, right: Positions) -> Levels:
    column = encoded.columns[Kind.DOB]
    mine, others = column.codes[left], column.codes[right]
    both = (mine >= 0) & (others >= 0)
    digits = column.per_text("digits", int)
    first, second = digits[mine], digits[others]
    year, month, day = first // 10000, first // 100 % 100, first % 100
    year2, month2, day2 = second // 10000, second // 100 % 100, second % 100
    exchanged = (year == year2) & (month == day2) & (day == month2)
    parts = (year == year2).astype(np.int8) + (month == month2) + (day == day2)
    level = np.full(len(left), Dob.DIFFER, dtype=np.int8)
    level[np.abs(year - year2) <= 1] = Dob.NEAR_YEAR
    level[parts == 2] = Dob.TWO_PARTS
    level[exchanged | one_slip(column, mine, others, both & (mine != others))] = Dob.TYPO
    level[both & (mine == others)] = Dob.EQUAL
    level[~both] = Dob.MISSING
    return level


def _emails(encoded: Encoded, left: Positions, right: Positions) -> Levels:
    column = encoded.columns[Kind.EMAIL]
    mine, others = column.codes[left], column.codes[right]
    both = (mine >= 0) & (others >= 0)
    differ = both & (mine != others)
    letters = column.per_value("email letters", email_letters)
    digits = column.per_value("email digits", _email_digits)
    same_letters = differ & (letters[mine] >= 0) & (letters[mine] == letters[others])
    edits = apart(column, mine, others, differ & ~same_letters & (digits[mine] == digits[others]), 4)
    level = np.full(len(left), Email.DIFFER, dtype=np.int8)
    level[edits <= 4] = Email.NEAR
    level[edits <= 1] = Email.TYPO
    level[same_letters] = Email.SAME_LETTERS
    level[both & ~differ] = Email.EQUAL
    level[~both] = Email.MISSING
    return level


def _email_digits(standard: str) -> str:
    return _NOT_DIGITS.sub("", standard.rpartition("@")[0])


def _phones(encoded: Encoded, left: Positions, right: Positions) -> Levels:
    column = encoded.columns[Kind.PHONE]
    mine, others = column.codes[left], column.codes[right]
    both = (mine >= 0) & (others >= 0)
    level = np.full(len(left), Phone.DIFFER, dtype=np.int8)
    level[one_slip(column, mine, others, both & (mine != others))] = Phone.TYPO
    level[both & (mine == others)] = Phone.EQUAL
    level[~both] = Phone.MISSING
    return level


def _idents(encoded: Encoded, left: Positions, right: Positions) -> Levels:
    column = encoded.columns[Kind.IDENT]
    mine, others = column.codes[left], column.codes[right]
    both = (mine >= 0) & (others >= 0)
    level = np.full(len(left), Ident.DIFFER, dtype=np.int8)
    level[apart(column, mine, others, both & (mine != others), 2) <= 2] = Ident.TYPO
    level[both & (mine == others)] = Ident.EQUAL
    level[~both] = Ident.MISSING
    return level


def _companies(encoded: Encoded, left: Positions, right: Positions) -> Levels:
    column = encoded.columns[Kind.COMPANY]
    mine, others = column.codes[left], column.codes[right]
    both = (mine >= 0) & (others >= 0)
    level = np.full(len(left), Company.DIFFER, dtype=np.int8)
    level[_close(column, column, mine, others, both & (mine != others))] = Company.CLOSE
    level[both & (mine == others)] = Company.EQUAL
    level[~both] = Company.MISSING
    return level


def _categories(encoded: Encoded, left: Positions, right: Positions) -> Levels:
    codes = encoded.columns[Kind.CATEGORY].codes
    mine, others = codes[left], codes[right]
    same = np.where(mine == others, Category.SAME, Category.DIFFER)
    return np.where((mine >= 0) & (others >= 0), same, Category.MISSING).astype(np.int8)


def _sources(encoded: Encoded, left: Positions, right: Positions) -> Levels:
    """Return the unordered pair of sources: duplicates within one are rarer than the same person in two."""
    codes = encoded.columns[Kind.SOURCE].codes
    low, high = np.minimum(codes[left], codes[right]), np.maximum(codes[left], codes[right])
    level = np.minimum(1 + high * (high + 1) // 2 + low, SOURCE_PAIRS)
    return np.where(low >= 0, level, 0).astype(np.int8)


def _addresses(encoded: Encoded, left: Positions, right: Positions) -> Levels:
    absent = Column(np.full(encoded.size, -1, dtype=np.int32), np.empty(0, dtype=object), np.empty(0, dtype=np.int64))
    street, postcode, city = (encoded.columns.get(kind, absent) for kind in (Kind.STREET, Kind.POSTCODE, Kind.CITY))
    s1, s2, p1, p2 = street.codes[left], street.codes[right], postcode.codes[left], postcode.codes[right]
    c1, c2 = city.codes[left], city.codes[right]
    has_street, has_postcode = (s1 >= 0) & (s2 >= 0), (p1 >= 0) & (p2 >= 0)
    same_street, same_postcode = has_street & (s1 == s2), has_postcode & (p1 == p2)
    same_city = (c1 >= 0) & (c1 == c2)
    first_words = street.per_value("first word", lambda text: text.partition(" ")[0])
    # Slips in the number, the postcode and the city together are three slips, not another place.
    names = street.per_value("street without number", lambda text: _NUMBERS.sub("", text).strip())
    worth = same_postcode | same_city | ~has_postcode | (first_words[s1] == first_words[s2]) | (names[s1] == names[s2])
    similar = measure(
        street, street, s1, s2, has_street & ~same_street & worth, OSA.normalized_similarity, STREET_CLOSE
    )
    close = same_street | (similar >= STREET_CLOSE)
    slips = apart(postcode, p1, p2, has_postcode & ~same_postcode & (close | same_city), 1)
    near_postcode = same_postcode | (slips <= 1)
    level = np.full(len(left), Address.DIFFER, dtype=np.int8)
    level[close & has_postcode] = Address.STREET_ELSEWHERE
    level[same_city] = Address.CITY
    level[near_postcode & ~close] = Address.POSTCODE
    level[close & (same_city | ~has_postcode | near_postcode)] = Address.STREET_AND_CITY
    level[close & same_postcode] = Address.STREET_CLOSE
    level[same_street & same_postcode] = Address.EQUAL
    level[~has_street & ~has_postcode & ~((c1 >= 0) & (c2 >= 0))] = Address.MISSING
    return level


_COMPARERS = {
    Field.NAME: _names,
    Field.DOB: _dates,
    Field.EMAIL: _emails,
    Field.PHONE: _phones,
    Field.ADDRESS: _addresses,
    Field.IDENT: _idents,
    Field.COMPANY: _companies,
    Field.CATEGORY: _categories,
    Field.SOURCE: _sources,
}
