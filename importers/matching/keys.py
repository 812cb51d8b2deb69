"""What declared keys and people say about pairs of records, beside the evidence."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from importers.matching.blocking import pair_ids, unique_counts
from importers.matching.clustering import Ties, components
from importers.matching.encode import Encoded, Mask, Positions
from importers.matching.kinds import Kind

Pairs = Iterable[tuple[Hashable, Hashable]]
OneToOne = tuple[str, str] | Literal[True] | None


def positions(pairs: Pairs | None, index: pd.Index) -> Positions:
    """Return ids of the pairs whose two records are here, sorted, each once."""
    both = list(pairs or ())
    if not both or not len(index):
        return np.empty(0, dtype=np.int64)
    lefts = index.get_indexer(pd.Index([pair[0] for pair in both]))
    rights = index.get_indexer(pd.Index([pair[1] for pair in both]))
    here = (lefts >= 0) & (rights >= 0) & (lefts != rights)
    return unique_counts(pair_ids(lefts[here], rights[here], len(index)))[0]


@dataclass(frozen=True)
class Said:
    """Pairs by id as keys and people name them, pairs that are one customer already, and codes of exclusive sources."""

    declared: Positions
    always: Positions
    never: Positions
    settled: Positions
    exclusive: Positions | None


def said(
    index: pd.Index,
    declared: Pairs | None,
    always: Pairs | None,
    never: Pairs | None,
    exclusive: Positions | None = None,
    settled: Positions | None = None,
) -> Said:
    """Return what is said of the records of an index."""
    nothing = np.empty(0, dtype=np.int64)
    return Said(
        positions(declared, index),
        positions(always, index),
        positions(never, index),
        nothing if settled is None else settled,
        exclusive,
    )


def crowded(declared: Positions, encoded: Encoded) -> Mask:
    """Tell which declared pairs share a record with another from the same source: two cards that name one contact."""
    result = np.zeros(len(declared), dtype=np.bool_)
    if Kind.SOURCE in encoded.columns and encoded.size:
        codes = encoded.columns[Kind.SOURCE].codes
        left, right = declared // encoded.size, declared % encoded.size
        for named, naming in ((left, right), (right, left)):
            claims = pd.DataFrame({"named": named, "source": codes[naming]})
            result |= claims.duplicated(keep=False).to_numpy()
    return result


def ties(
    declared: Positions,
    always: Positions,
    never: Positions,
    settled: Positions,
    exclusive: Positions | None,
    size: int,
) -> Ties:
    """Return what binds clustering.

    Evidence never joins two groups that keys declare to be different customers.
    """
    bound = np.concatenate([declared, always])
    bound = bound[~np.isin(bound, never)]
    owner = None
    if len(declared):
        label = components(size, bound // size, bound % size)
        owner = np.where(np.bincount(label, minlength=size)[label] > 1, label, -1)
    return Ties(always, declared, never, settled, owner, exclusive)


def exclusive_codes(one_to_one: OneToOne, encoded: Encoded) -> Positions | None:
    """Return for each record the code of its source where no customer has two of it, else -1."""
    if one_to_one is None:
        return None
    column = encoded.columns[Kind.SOURCE]
    if one_to_one is True:
        return column.codes.astype(np.int64)
    wanted = {value.strip().lower() for value in one_to_one}
    kept = np.array([value in wanted for value in column.values.tolist()] + [False], dtype=np.bool_)
    return np.where(kept[column.codes], column.codes, -1).astype(np.int64)
