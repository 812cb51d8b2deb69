"""The level at which two records agree on each field; fuzzy measures see each distinct pair of texts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from importers.matching.encoding import Codes, Column, Encoded
from importers.matching.kinds import Address, Category, Dob, Email, Field, Ident, Kind, Name, Phone
from importers.standardise import Objects, email_letters, over_distinct

Levels = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]

CLOSE = 0.88  # Jaro-Winkler similarity from which two names are close
STREET_CLOSE = 0.75  # normalised edit similarity from which two streets are close


def compare(encoded: Encoded, left: Codes, right: Codes) -> dict[Field, Levels]:
    """Return for each field the records have the levels of the pairs (left[i], right[i])."""
    columns = encoded.columns
    levels: dict[Field, Levels] = {}
    if Kind.GIVEN in columns and Kind.SURNAME in columns:
        levels[Field.NAME] = _names(columns[Kind.GIVEN], columns[Kind.SURNAME], left, right)
    if Kind.DOB in columns:
        levels[Field.DOB] = _dates(columns[Kind.DOB], left, right)
    if Kind.EMAIL in columns:
        levels[Field.EMAIL] = _emails(columns[Kind.EMAIL], left, right)
    if Kind.PHONE in columns:
        levels[Field.PHONE] = _codes(columns[Kind.PHONE], left, right, 1, Phone.TYPO, Phone.DIFFER)
    if {Kind.STREET, Kind.POSTCODE, Kind.CITY} & columns.keys():
        levels[Field.ADDRESS] = _addresses(encoded, left, right)
    if Kind.IDENT in columns:
        levels[Field.IDENT] = _codes(columns[Kind.IDENT], left, right, 2, Ident.TYPO, Ident.DIFFER)
    if Kind.CATEGORY in columns:
        mine, others = columns[Kind.CATEGORY].codes[left], columns[Kind.CATEGORY].codes[right]
        same = np.where(mine == others, Category.SAME, Category.DIFFER)
        levels[Field.CATEGORY] = np.where((mine >= 0) & (others >= 0), same, 0).astype(np.int8)
    return levels


def _measure(
    first: Column, second: Column, mine: Codes, others: Codes, where: Mask, scorer: Callable[..., Any]
) -> npt.NDArray[np.float64]:
    """Return the scorer's value for the pairs of codes in `where`, NaN elsewhere."""
    result = np.full(len(mine), np.nan)
    if not where.any():
        return result
    base = len(second.values)
    joint, distinct = pd.factorize(mine[where] * base + others[where])
    texts = [first.values[at] for at in (distinct // base).tolist()]
    against = [second.values[at] for at in (distinct % base).tolist()]
    result[where] = process.cpdist(texts, against, scorer=scorer, dtype=np.float64)[joint]
    return result


def _close(first: Column, second: Column, mine: Codes, others: Codes, where: Mask) -> Mask:
    with np.errstate(invalid="ignore"):
        return _measure(first, second, mine, others, where, JaroWinkler.similarity) >= CLOSE


def _apart(column: Column, mine: Codes, others: Codes, where: Mask) -> npt.NDArray[np.float64]:
    """Return the edit distance with exchanged neighbours, NaN where not asked."""
    return _measure(column, column, mine, others, where, OSA.distance)


def _names(given: Column, surname: Column, left: Codes, right: Codes) -> Levels:
    g1, g2, s1, s2 = given.codes[left], given.codes[right], surname.codes[left], surname.codes[right]
    has_given, has_surname = (g1 >= 0) & (g2 >= 0), (s1 >= 0) & (s2 >= 0)
    same_given, same_surname = has_given & (g1 == g2), has_surname & (s1 == s2)
    close_given = same_given | _close(given, given, g1, g2, has_given & ~same_given)
    close_surname = same_surname | _close(surname, surname, s1, s2, has_surname & ~same_surname)
    both = has_given & has_surname
    letters = np.array([value[0] for value in given.values] + [""], dtype=object)
    single = np.array([len(value) == 1 for value in given.values] + [False], dtype=np.bool_)
    initial = has_given & (single[g1] | single[g2]) & (letters[g1] == letters[g2])
    level = np.full(len(left), Name.DIFFER, dtype=np.int8)
    one = has_given ^ has_surname
    level[one & ((has_given & close_given) | (has_surname & close_surname))] = Name.PART_MISSING
    open_swap = both & ~close_given & ~close_surname
    swapped = _close(given, surname, g1, s2, open_swap) & _close(given, surname, g2, s1, open_swap)
    level[open_swap & swapped] = Name.SWAPPED
    level[both & close_given] = Name.GIVEN_ONLY
    level[both & close_surname] = Name.SURNAME_ONLY
    level[both & close_surname & initial] = Name.INITIAL
    level[both & close_given & close_surname] = Name.CLOSE
    level[both & same_given & same_surname] = Name.EXACT
    level[~has_given & ~has_surname] = Name.MISSING
    return level


def _dates(column: Column, left: Codes, right: Codes) -> Levels:
    mine, others = column.codes[left], column.codes[right]
    both = (mine >= 0) & (others >= 0)
    digits = np.array([int(value) for value in column.values] + [0], dtype=np.int64)
    first, second = digits[mine], digits[others]
    year, month, day = first // 10000, first // 100 % 100, first % 100
    year2, month2, day2 = second // 10000, second // 100 % 100, second % 100
    exchanged = (year == year2) & (month == day2) & (day == month2)
    parts = (year == year2).astype(int) + (month == month2) + (day == day2)
    level = np.full(len(left), Dob.DIFFER, dtype=np.int8)
    level[np.abs(year - year2) <= 1] = Dob.NEAR_YEAR
    level[parts == 2] = Dob.TWO_PARTS
    with np.errstate(invalid="ignore"):
        level[exchanged | (_apart(column, mine, others, both & (mine != others)) <= 1)] = Dob.TYPO
    level[mine == others] = Dob.EQUAL
    level[~both] = Dob.MISSING
    return level


def _emails(column: Column, left: Codes, right: Codes) -> Levels:
    mine, others = column.codes[left], column.codes[right]
    both = (mine >= 0) & (others >= 0)
    open_pairs = np.flatnonzero(both & (mine != others))
    mine_open, others_open = mine[open_pairs], others[open_pairs]
    same_letters, same_digits = np.zeros(len(left), dtype=np.bool_), np.zeros(len(left), dtype=np.bool_)
    letters = _derived(column, mine_open, email_letters), _derived(column, others_open, email_letters)
    same_letters[open_pairs] = (letters[0] == letters[1]) & (letters[0] != "")
    digits = _derived(column, mine_open, _email_digits), _derived(column, others_open, _email_digits)
    same_digits[open_pairs] = digits[0] == digits[1]
    apart = _apart(column, mine, others, same_digits)
    level = np.full(len(left), Email.DIFFER, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        level[apart <= 4] = Email.NEAR
        level[apart <= 1] = Email.TYPO
    level[same_letters] = Email.SAME_LETTERS
    level[mine == others] = Email.EQUAL
    level[~both] = Email.MISSING
    return level


def _email_digits(standard: str) -> str:
    return "".join(filter(str.isdigit, standard.rpartition("@")[0]))


def _derived(column: Column, codes: Codes, function: Callable[[str], str]) -> Objects:
    """Return something computed from the text of each code."""
    return over_distinct(np.array([column.values[code] for code in codes.tolist()], dtype=object), function)


def _codes(column: Column, left: Codes, right: Codes, slips: int, typo: int, differ: int) -> Levels:
    """Compare phones and ids: equal (1), at most so many slips, or different."""
    mine, others = column.codes[left], column.codes[right]
    both = (mine >= 0) & (others >= 0)
    level = np.full(len(left), differ, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        level[_apart(column, mine, others, both & (mine != others)) <= slips] = typo
    level[mine == others] = 1
    level[~both] = 0
    return level


def _addresses(encoded: Encoded, left: Codes, right: Codes) -> Levels:
    absent = Column(np.full(encoded.size, -1, dtype=np.int64), [], np.empty(0, dtype=np.int64))
    street, postcode, city = (encoded.columns.get(kind, absent) for kind in (Kind.STREET, Kind.POSTCODE, Kind.CITY))
    same, known = {}, {}
    for part, column in (("street", street), ("postcode", postcode), ("city", city)):
        mine, others = column.codes[left], column.codes[right]
        known[part] = (mine >= 0) & (others >= 0)
        same[part] = known[part] & (mine == others)
    worth = known["street"] & ~same["street"] & (same["postcode"] | same["city"] | ~known["postcode"])
    similar = _measure(street, street, street.codes[left], street.codes[right], worth, OSA.normalized_similarity)
    with np.errstate(invalid="ignore"):
        close = same["street"] | (similar >= STREET_CLOSE)
    level = np.full(len(left), Address.DIFFER, dtype=np.int8)
    level[same["city"]] = Address.CITY
    level[same["postcode"]] = Address.POSTCODE
    level[close & (same["city"] | ~known["postcode"])] = Address.STREET_AND_CITY
    level[close & same["postcode"]] = Address.STREET_CLOSE
    level[same["street"] & same["postcode"]] = Address.EQUAL
    level[~known["street"] & ~known["postcode"] & ~known["city"]] = Address.MISSING
    return level
