"""Measures of texts over pairs of codes: each distinct pair of texts is measured once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from importers.matching.encode import Codes, Column, Mask

Measured = npt.NDArray[np.float32]


def measure(
    first: Column,
    second: Column,
    mine: Codes,
    others: Codes,
    where: Mask,
    scorer: Callable[..., Any],
    cutoff: float | None = None,
) -> Measured:
    """Return the scorer's value for the pairs of codes in `where`, -1 elsewhere.

    A pair of one column is measured in one direction, whichever way round it comes. Below `cutoff` the value may
    be 0.
    """
    result = np.full(len(mine), -1, dtype=np.float32)
    rows = np.flatnonzero(where)
    if len(rows):
        some, against = mine[rows].astype(np.int64), others[rows].astype(np.int64)
        if first is second:
            some, against = np.minimum(some, against), np.maximum(some, against)
        result[rows] = _measure(first, second, some, against, scorer, cutoff)
    return result


def apart(column: Column, mine: Codes, others: Codes, where: Mask, most: int) -> Measured:
    """Return the edit distance with exchanged neighbours, more than `most` where it is more or not asked."""
    result = np.full(len(mine), most + 1, dtype=np.float32)
    rows = np.flatnonzero(where)
    if len(rows):
        some, against = mine[rows].astype(np.int64), others[rows].astype(np.int64)
        low, high = np.minimum(some, against), np.maximum(some, against)
        result[rows] = _measure(column, column, low, high, OSA.distance, most)
    return result


def one_slip(column: Column, mine: Codes, others: Codes, where: Mask) -> Mask:
    """Tell which pairs of numbers, all of one length of at most 15 digits, are one edit apart.

    One edit keeps the length: one digit differs, or two neighbours are exchanged. With four bits a digit both are
    seen in a few steps over all pairs.
    """
    digits = column.keep("digits of four bits", lambda: np.array([*(int(text, 16) for text in column.values), 0]))
    result = np.zeros(len(mine), dtype=np.bool_)
    rows = np.flatnonzero(where)
    first, second = digits[mine[rows]], digits[others[rows]]
    differ = first ^ second
    # One bit for each digit that differs, at its lowest place.
    differ |= differ >> 2
    differ = (differ | differ >> 1) & 0x111111111111111
    rest = differ & (differ - 1)
    lowest = differ & -differ
    neighbours = (rest == lowest << 4) & (rest != 0)
    moved = (first & lowest * 15) << 4 == second & lowest * 240
    back = (first & lowest * 240) >> 4 == second & lowest * 15
    result[rows] = (rest == 0) | (neighbours & moved & back)
    return result


def _measure(
    first: Column,
    second: Column,
    mine: npt.NDArray[np.int64],
    others: npt.NDArray[np.int64],
    scorer: Callable[..., Any],
    cutoff: float | None,
) -> Measured:
    base = len(second.values)
    joint, distinct = pd.factorize(mine * base + others)
    texts, against = first.values[distinct // base].tolist(), second.values[distinct % base].tolist()
    found: Measured = process.cpdist(texts, against, scorer=scorer, score_cutoff=cutoff, dtype=np.float32)
    return found[joint]
