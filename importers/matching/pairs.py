"""Scored pairs of record positions and their table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from importers.matching.comparison import Mask
from importers.matching.encoding import Codes
from importers.matching.kinds import Band, Field
from importers.matching.scoring import Bits


def pair_ids(left: Codes, right: Codes, size: int) -> Codes:
    """Return one number for each pair, the smaller position first."""
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    return low * size + high


def unique_ids(ids: Codes) -> Codes:
    """Return the ids sorted, each once (numpy's own unique is many times slower on millions)."""
    ordered = np.sort(ids)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


@dataclass(frozen=True)
class ScoredPart:
    """Some scored pairs, by id; see ScoredPairs."""

    ids: Codes
    bits: Bits
    field_bits: dict[Field, Bits]
    automatic: Mask
    review: Mask
    corroborated: Mask
    names_differ: Mask


@dataclass(frozen=True)
class ScoredPairs(ScoredPart):
    """All scored pairs that matter, in the order of their ids, with the two positions."""

    left: Codes
    right: Codes

    @classmethod
    def join(cls, parts: list[ScoredPart], size: int) -> ScoredPairs:
        """Put parts together."""
        fields = list(parts[0].field_bits) if parts else []
        ids = np.concatenate([part.ids for part in parts] or [np.empty(0, dtype=np.int64)])

        def mask(name: str) -> Mask:
            return np.concatenate([getattr(part, name) for part in parts] or [np.empty(0, dtype=np.bool_)])

        return cls(
            ids=ids,
            bits=np.concatenate([part.bits for part in parts] or [np.empty(0)]),
            field_bits={field: np.concatenate([part.field_bits[field] for part in parts]) for field in fields},
            automatic=mask("automatic"),
            review=mask("review"),
            corroborated=mask("corroborated"),
            names_differ=mask("names_differ"),
            left=ids // max(size, 1),
            right=ids % max(size, 1),
        )

    def table(self, index: pd.Index, together: Mask, review: Mask) -> pd.DataFrame:
        """Return the pairs with ids, bits and bands, best first."""
        bands = np.where(together, Band.AUTOMATIC.value, np.where(review, Band.REVIEW.value, Band.APART.value))
        frame = pd.DataFrame(
            {
                "left": index.take(self.left).to_numpy(dtype=object),
                "right": index.take(self.right).to_numpy(dtype=object),
                "bits": self.bits,
                "band": bands.astype(object),
            }
            | {f"bits_{field.value}": values for field, values in self.field_bits.items()}
        )
        order = np.lexsort((self.ids, -self.bits))
        return frame.iloc[order].reset_index(drop=True)
