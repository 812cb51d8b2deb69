"""Which of two words is the surname where a full name has no comma: told by how each word stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers.standardise import Objects

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.float64]
Counted = Iterable[tuple[Objects, Numbers]]
"""Words, and how many records have each."""

# Nats from which the other order is believed. Both words standing the other way in one more record each, which may
# be the same person, make 1.4.
_SURE = 2.0
# Each reading changes what is known of the words; after a few nothing does.
_ROUNDS = 5


def reversed_names(
    first: Objects, last: Objects, counts: Numbers, is_open: Mask, given: Counted, surnames: Counted
) -> Mask:
    """Tell which full names read more likely with the surname first.

    Args:
        first: Given name of each distinct full name, as it is written.
        last: Surname of each.
        counts: How many records have each.
        is_open: Where nothing but the order of two words says which is which.
        given: What else is known to be a given name.
        surnames: What else is known to be a surname.
    """
    found = np.zeros(len(first), dtype=np.bool_)
    if not is_open.any():
        return found
    lists = [first, last, *(words for some in (given, surnames) for words, _ in some)]
    codes, distinct = pd.factorize(np.concatenate(lists))
    one, other = codes[: len(first)].astype(np.int64), codes[len(first) : 2 * len(first)].astype(np.int64)
    known, at = [], 2 * len(first)
    for some in (given, surnames):
        total = np.zeros(len(distinct))
        for words, number in some:
            total += np.bincount(codes[at : at + len(words)], number, len(distinct))
            at += len(words)
        known.append(total)
    tally = _Tally(one, other, counts, known[0], known[1])
    for _ in range(_ROUNDS):
        before = found
        found = is_open & (tally.worth(before) > _SURE)
        if np.array_equal(found, before):
            break
    return found


class _Tally:
    """Counts words as given names and as surnames, names being read one way or the other."""

    def __init__(self, one: Numbers, other: Numbers, counts: Numbers, given: Counts, surnames: Counts) -> None:
        self._one, self._other, self._counts = one, other, counts
        self._given, self._surnames = given, surnames
        self._low = np.minimum(one, other)
        self._pair = pd.factorize(self._low * len(given) + np.maximum(one, other))[0]

    def worth(self, turned: Mask) -> Counts:
        """Return the nats that speak for reading the names with the surname first, where `turned` are read so.

        What records of the same two words say, in either order, is left out: they may be of one person.
        """
        size, low = len(self._given), self._low
        front, back = np.where(turned, self._other, self._one), np.where(turned, self._one, self._other)
        given = self._given + np.bincount(front, self._counts, size)
        surnames = self._surnames + np.bincount(back, self._counts, size)
        low_in_front = np.bincount(self._pair, np.where(front == low, self._counts, 0))[self._pair]
        low_at_back = np.bincount(self._pair, np.where(back == low, self._counts, 0))[self._pair]

        def as_given(word: Numbers) -> Counts:
            is_low = word == low
            mine = given[word] - np.where(is_low, low_in_front, low_at_back)
            theirs = surnames[word] - np.where(is_low, low_at_back, low_in_front)
            odds: Counts = np.log(mine + 1) - np.log(theirs + 1)
            return odds

        return as_given(self._other) - as_given(self._one)
