"""The answer of a matching run: customers, pairs, and why."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from importers.matching.blocking import RuleReport
from importers.matching.comparison import compare
from importers.matching.encoding import Encoded
from importers.matching.kinds import LABELS, Kind
from importers.matching.scoring import Weights


class Line(NamedTuple):
    """One line of an explanation: the field, what was found in words, and what it is worth in bits."""

    field: str
    label: str
    bits: float


@dataclass(frozen=True)
class Resolution:
    """Which records are the same customer.

    `customer_of` is aligned with the records; customers are numbered from 0 in the order of the sorted ids.
    `pairs` has one row for each pair of at least even odds and each pair named in declared, always or never:
    left and right id, bits, band (automatic: one customer; review: apart until a person decides; apart) and for
    each field bits_name, bits_dob, ... The bits of the fields and the prior add up to the bits of the pair.
    `shared` lists by kind the values held to be no evidence because too many share them, `rules` what each
    blocking rule gave.
    """

    customer_of: pd.Series[int]
    pairs: pd.DataFrame
    shared: dict[Kind, list[str]]
    rules: list[RuleReport]
    _index: pd.Index
    _encoded: Encoded
    _weights: Weights

    def explain(self, left: Hashable, right: Hashable) -> list[Line]:
        """Return what speaks for and against two records being one customer; the bits add up to the score.

        Raises:
            KeyError: no such record.
        """
        places = [self._place(left), self._place(right)]
        first, second = np.array([min(places)]), np.array([max(places)])
        levels = compare(self._encoded, first, second)
        bits = self._weights.bits(levels, first, second)
        lines = [
            Line(field.value, LABELS[field][int(level[0])], float(bits[field][0])) for field, level in levels.items()
        ]
        return [*lines, Line("prior", "two records taken at random", self._weights.prior_bits)]

    def _place(self, record: Hashable) -> int:
        # A list keeps a tuple one id, where get_loc would take it for a path into a MultiIndex.
        place = int(self._index.get_indexer(pd.Index([record]))[0])
        if place < 0:
            raise KeyError(record)
        return place
