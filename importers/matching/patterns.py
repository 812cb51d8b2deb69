"""Level patterns: a million pairs have a few thousand of them, so models see patterns, not pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from importers.matching.comparison import Levels
from importers.matching.kinds import LADDERS, Field

Numbers = npt.NDArray[np.int32]


def pack(levels: Mapping[Field, Levels], size: int) -> Numbers:
    """Return one number for the levels of each of `size` pairs, the fields being its digits."""
    number = np.zeros(size, dtype=np.int32)
    for field, level in levels.items():
        number *= LADDERS[field] + 1
        number += level
    return number


def unpack(numbers: Numbers, fields: tuple[Field, ...]) -> dict[Field, Levels]:
    """Return the levels that numbers stand for."""
    found = {}
    for field in reversed(fields):
        base = LADDERS[field] + 1
        found[field] = (numbers % base).astype(np.int8)
        numbers = numbers // base
    return {field: found[field] for field in fields}


@dataclass(frozen=True)
class Patterns:
    """Distinct patterns: their levels, how many pairs have each, and where each number stands."""

    levels: dict[Field, Levels]
    counts: npt.NDArray[np.float64]
    _place: Numbers

    @classmethod
    def of(cls, numbers: Numbers, fields: tuple[Field, ...]) -> Patterns:
        """Count the patterns of pairs."""
        every = 1
        for field in fields:
            every *= LADDERS[field] + 1
        counts = np.bincount(numbers, minlength=every)
        present = np.flatnonzero(counts)
        place = np.full(every, -1, dtype=np.int32)
        place[present] = np.arange(len(present))
        return cls(unpack(present.astype(np.int32), fields), counts[present].astype(np.float64), place)

    def places(self, numbers: Numbers) -> Numbers:
        """Return which pattern each number is."""
        return self._place[numbers]

    def __len__(self) -> int:
        """Return how many distinct patterns there are."""
        return len(self.counts)
