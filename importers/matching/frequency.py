"""How common single values are: strangers share "Smith" more easily than "Featherstonehaugh"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from importers.matching.comparison import Levels
from importers.matching.encode import Column, Encoded, Positions
from importers.matching.kinds import Field, Kind

# Nats by which one value's frequency may move a pair.
_BOUND = 5.0
# A value that two records share occurs at least twice; only what is more frequent is kept.
_LEAST = 2

# How much of a value's rarity counts at which level: field -> level -> ((kind, coefficient), ...).
_COUNTED: dict[Field, dict[int, tuple[tuple[Kind, float], ...]]] = {
    Field.NAME: {
        1: ((Kind.GIVEN, 1.0), (Kind.SURNAME, 1.0)),
        2: ((Kind.GIVEN, 0.5), (Kind.SURNAME, 0.5)),
        3: ((Kind.SURNAME, 1.0),),
        4: ((Kind.SURNAME, 1.0),),
        5: ((Kind.GIVEN, 1.0),),
    },
    Field.ADDRESS: {
        1: ((Kind.STREET, 0.3), (Kind.POSTCODE, 0.7)),
        2: ((Kind.POSTCODE, 0.7),),
        4: ((Kind.POSTCODE, 0.7),),
    },
    Field.DOB: {1: ((Kind.DOB, 1.0),)},
    Field.EMAIL: {1: ((Kind.EMAIL, 1.0),)},
    Field.PHONE: {1: ((Kind.PHONE, 1.0),)},
    Field.IDENT: {1: ((Kind.IDENT, 1.0),)},
    Field.COMPANY: {1: ((Kind.COMPANY, 1.0),)},
    Field.CATEGORY: {1: ((Kind.CATEGORY, 1.0),)},
}
_KINDS = tuple(sorted({kind for levels in _COUNTED.values() for some in levels.values() for kind, _ in some}))


@dataclass(frozen=True)
class Frequencies:
    """For each kind how many records have a value, the chance that two of them share one, and frequent values."""

    totals: dict[Kind, int]
    collisions: dict[Kind, float]
    counts: dict[Kind, dict[str, int]]

    @classmethod
    def of(cls, encoded: Encoded) -> Frequencies:
        """Count the values of records."""
        totals, collisions, counts = {}, {}, {}
        for kind in _KINDS:
            column = encoded.columns.get(kind)
            if column is None or not len(column.values):
                continue
            total = int(column.counts.sum())
            totals[kind] = total
            collisions[kind] = float((column.counts.astype(np.float64) ** 2).sum()) / total**2
            frequent = np.flatnonzero(column.counts > _LEAST)
            counts[kind] = dict(zip(column.values[frequent].tolist(), column.counts[frequent].tolist(), strict=True))
        return cls(totals, collisions, counts)

    def plus(self, encoded: Encoded) -> Frequencies:
        """Return the counts with those of more records; a value that was not kept is taken to have occurred once."""
        totals, collisions, counts = dict(self.totals), dict(self.collisions), dict(self.counts)
        for kind, known in self.counts.items():
            column = encoded.columns.get(kind)
            if column is None or not len(column.values):
                continue
            before = np.array([known.get(text, 1) for text in column.values.tolist()], dtype=np.int64)
            after = before + column.counts
            squares = self._squares(kind) + float((after**2 - before**2).sum())
            totals[kind] = self.totals[kind] + int(column.counts.sum())
            collisions[kind] = squares / totals[kind] ** 2
            frequent = np.flatnonzero(after > _LEAST)
            found = zip(column.values[frequent].tolist(), after[frequent].tolist(), strict=True)
            counts[kind] = known | dict(found)
        return Frequencies(totals, collisions, counts)

    def since(self, before: Frequencies) -> dict[str, Any]:
        """Return what has been counted since, as JSON can hold it: `with_change` adds it to what was before."""
        return {
            kind.value: {
                "total": total - before.totals[kind],
                "squares": self._squares(kind) - before._squares(kind),
                "counts": dict(self.counts[kind].items() - before.counts[kind].items()),
            }
            for kind, total in self.totals.items()
            if kind in before.totals and total != before.totals[kind]
        }

    def with_change(self, change: Mapping[str, Any]) -> Frequencies:
        """Return the counts with what `since` told; of kinds that were never counted nothing is."""
        totals, collisions, counts = dict(self.totals), dict(self.collisions), dict(self.counts)
        for kind, each in ((Kind(name), each) for name, each in change.items() if Kind(name) in self.totals):
            totals[kind] += int(each["total"])
            collisions[kind] = (self._squares(kind) + float(each["squares"])) / totals[kind] ** 2
            counts[kind] = counts[kind] | {str(text): int(number) for text, number in each["counts"].items()}
        return Frequencies(totals, collisions, counts)

    def _squares(self, kind: Kind) -> float:
        """Return the sum of the squared counts of all values."""
        return self.collisions[kind] * self.totals[kind] ** 2

    def to_plain(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            kind.value: {"total": self.totals[kind], "collision": self.collisions[kind], "counts": self.counts[kind]}
            for kind in self.totals
        }

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> Frequencies:
        """Read what `to_plain` returned."""
        return cls(
            {Kind(kind): int(each["total"]) for kind, each in kept.items()},
            {Kind(kind): float(each["collision"]) for kind, each in kept.items()},
            {Kind(kind): {str(text): int(n) for text, n in each["counts"].items()} for kind, each in kept.items()},
        )


class Rarity:
    """What the rarity of shared values is worth, for one set of records."""

    def __init__(self, encoded: Encoded, frequencies: Frequencies, *, own: bool = False) -> None:
        """Look up every distinct value of the records once, or take its count where the records are those counted."""
        self._columns = {kind: encoded.columns[kind] for kind in _KINDS if kind in encoded.columns}
        self._worth = {
            kind: _worth(column.counts if own else _looked_up(column, frequencies, kind), frequencies, kind)
            for kind, column in self._columns.items()
            if kind in frequencies.totals
        }

    def nats(self, levels: Mapping[Field, Levels], left: Positions, right: Positions) -> npt.NDArray[np.float32]:
        """Return t = sum of coefficient * log(q / (n / T)) of each pair, positive where what it shares is rare.

        n is the larger of the two values' counts, T the number of values and q the chance that two are equal; each
        term is held between -5 and 5.
        """
        total = np.zeros(len(left), dtype=np.float32)
        for field, level in levels.items():
            for wanted, kinds in _COUNTED.get(field, {}).items():
                rows = np.flatnonzero(level == wanted)
                for kind, coefficient in kinds:
                    if kind in self._worth and len(rows):
                        worth, codes = self._worth[kind], self._columns[kind].codes
                        mine, others = codes[left[rows]], codes[right[rows]]
                        # The more frequent of the two is worth less; missing is worth nothing.
                        some = np.minimum(worth[mine], worth[others])
                        total[rows] += coefficient * np.where((mine >= 0) & (others >= 0), some, 0)
        return total


def _looked_up(column: Column, frequencies: Frequencies, kind: Kind) -> Positions:
    """Return how often each distinct value occurred in the records that were counted."""
    known = frequencies.counts[kind]
    return np.array([known.get(text, _LEAST) for text in column.values.tolist()], dtype=np.int64)


def _worth(counts: Positions, frequencies: Frequencies, kind: Kind) -> npt.NDArray[np.float32]:
    """Return for each distinct value log(q / (n / T)), and one 0 for missing."""
    n = np.maximum(counts, _LEAST).astype(np.float64)
    chance = np.log(frequencies.collisions[kind]) - np.log(n / frequencies.totals[kind])
    return np.append(np.clip(chance, -_BOUND, _BOUND), 0).astype(np.float32)
