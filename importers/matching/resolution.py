"""The answer of a matching run: customers, pairs, and why."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from importers.matching.blocking import RuleReport, pair_ids
from importers.matching.encode import Encoded, Mask, Positions
from importers.matching.explain import BIT, Line, explain, field_bits
from importers.matching.frequency import Rarity
from importers.matching.kinds import Band, Field, Kind
from importers.matching.model import Model, Nats
from importers.matching.patterns import Numbers, unpack
from importers.matching.scoring import scores_of


@dataclass(frozen=True)
class KeptPairs:
    """Pairs that matter, by id, sorted: number of the pattern, score, and what became of them."""

    ids: Positions
    numbers: Numbers
    nats: Nats
    together: Mask
    review: Mask


@dataclass(frozen=True)
class Resolution:
    """Which records are the same customer.

    `customer_of` is aligned with the records; customers are numbered from 0 in the order of the sorted ids.
    `shared` lists by kind the values held to be no evidence because too many share them, `rules` what each blocking
    rule gave. `model` is what was learned, to be kept and given again; `index` the sorted ids, `encoded` their
    standardised values in that order.
    """

    customer_of: pd.Series[int]
    shared: dict[Kind, list[str]]
    rules: list[RuleReport]
    model: Model
    index: pd.Index
    encoded: Encoded
    kept: KeptPairs
    fields: tuple[Field, ...]
    _proposed: Positions

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """One row for each pair of at least even odds and each pair named in declared, always or never, best first.

        Columns: left and right id, bits, band (automatic: one customer; review: apart until a person decides; apart)
        and for each field bits_name, bits_dob, ...: what its level is worth by itself.
        """
        kept, size = self.kept, max(self.encoded.size, 1)
        order = np.lexsort((kept.ids, -kept.nats))
        bands = np.array([Band.APART.value, Band.REVIEW.value, Band.AUTOMATIC.value], dtype=object)
        which = np.where(kept.together, 2, kept.review.astype(np.int8))[order]
        columns = {
            "left": self.index.take(kept.ids[order] // size).to_numpy(dtype=object),
            "right": self.index.take(kept.ids[order] % size).to_numpy(dtype=object),
            "bits": kept.nats[order] / BIT,
            "band": bands[which],
        }
        for field, level in unpack(kept.numbers[order], self.fields).items():
            columns[f"bits_{field.value}"] = field_bits(self.model, field)[level].astype(np.float32)
        return pd.DataFrame(columns)

    def corroborated_links(self, fresh: pd.Index | None = None) -> Nats:
        """Return the scores of the pairs within customers that agree on more than the name.

        Their mean tells whether the model still fits what comes in. `fresh`: only pairs with one of these ids.
        """
        kept, size = self.kept, max(self.encoded.size, 1)
        scores, places = scores_of(self.model, kept.numbers, self.fields)
        chosen = kept.together & scores.corroborated[places] if len(places) else kept.together
        if fresh is not None:
            is_fresh = self.index.isin(fresh)
            chosen = chosen & (is_fresh[kept.ids // size] | is_fresh[kept.ids % size])
        return kept.nats[chosen]

    def explain(self, left: Hashable, right: Hashable) -> list[Line]:
        """Return what speaks for and against two records being one customer; the bits add up to the score.

        Raises:
            KeyError: no such record.
        """
        one, other = self._place(left), self._place(right)
        pair = pair_ids(np.array([one]), np.array([other]), self.encoded.size)
        proposed = bool(np.isin(pair, self._proposed)[0])
        return explain(self.encoded, self.model, self.fields, self._rarity, one, other, proposed=proposed)

    @cached_property
    def _rarity(self) -> Rarity:
        return Rarity(self.encoded, self.model.frequencies)

    def _place(self, record: Hashable) -> int:
        # A list keeps a tuple one id, where get_loc would take it for a path into a MultiIndex.
        place = int(self.index.get_indexer(pd.Index([record]))[0])
        if place < 0:
            raise KeyError(record)
        return place
