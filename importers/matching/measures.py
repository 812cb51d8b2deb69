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
