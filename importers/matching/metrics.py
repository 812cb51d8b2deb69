"""How well found customers fit the true ones: over final groups, so that chains of links count; pure.

Both measures are computed from n(l, t), the number of records in found group l and true group t; see Bagga and
Baldwin (1998) for B-cubed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, each between 0 and 1; 1 where there is nothing to be wrong about."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pairs(found: Sequence[Any], truth: Sequence[Any]) -> Score:
    """Judge every pair of records: together in what was found, and together in truth.

    Args:
        found: The group of each record, (n,); any hashable values.
        truth: The true group of each record, (n,), in the same order.
    """
    both, by_found, by_true = _counts(found, truth)
    hit = _pairs_in(both)
    return Score(_share(hit, _pairs_in(by_found)), _share(hit, _pairs_in(by_true)))


def bcubed(found: Sequence[Any], truth: Sequence[Any]) -> Score:
    """Judge every record by who is in its group, and take the mean; records that stand alone count too.

    Args:
        found: The group of each record, (n,); any hashable values.
        truth: The true group of each record, (n,), in the same order.
    """
    left, right = _codes(found), _codes(truth)
    both, place = _joint(left, right)
    size = len(left)
    if not size:
        return Score(1.0, 1.0)
    shared = both[place]
    precision = shared / np.bincount(left)[left]
    recall = shared / np.bincount(right)[right]
    return Score(float(precision.mean()), float(recall.mean()))


def _counts(found: Sequence[Any], truth: Sequence[Any]) -> tuple[Counts, Counts, Counts]:
    left, right = _codes(found), _codes(truth)
    both, _ = _joint(left, right)
    return both, np.bincount(left).astype(np.int64), np.bincount(right).astype(np.int64)


def _codes(labels: Sequence[Any]) -> Counts:
    codes, _ = pd.factorize(np.asarray(labels))
    if (codes < 0).any():
        raise ValueError("a record has no group")
    return codes.astype(np.int64)


def _joint(left: Counts, right: Counts) -> tuple[Counts, Counts]:
    """Return the sizes of the common parts, and the part in which each record is."""
    if len(left) != len(right):
        raise ValueError(f"{len(left)} records found, {len(right)} true ones")
    width = int(right.max(initial=-1)) + 1
    place, _ = pd.factorize(left * width + right)
    return np.bincount(place).astype(np.int64), place.astype(np.int64)


def _pairs_in(sizes: Counts) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
