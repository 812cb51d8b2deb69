"""The way from records to customers: encode, pair, compare, score, cluster, explain."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from importers.matching.blocking import candidate_pairs
from importers.matching.clustering import GROUP_LIMIT, Edges, Rank, cluster
from importers.matching.comparison import Mask, compare
from importers.matching.encoding import Codes, Encoded, encode
from importers.matching.kinds import Kind
from importers.matching.pairs import ScoredPairs, ScoredPart, pair_ids, unique_ids
from importers.matching.resolution import Line, Resolution
from importers.matching.scoring import (
    AUTOMATIC_BITS,
    REVIEW_BITS,
    Weights,
    contradicts,
    corroborated,
    differ,
    is_automatic,
    is_for_review,
)

__all__ = ["Line", "Resolution", "resolve"]

Pairs = Iterable[tuple[Hashable, Hashable]]
OneToOne = tuple[str, str] | Literal[True] | None

# Pairs compared at a time: bounds the memory whatever the number of records.
_CHUNK = 500_000


def resolve(
    records: pd.DataFrame,
    kinds: Mapping[str, str],
    *,
    declared: Pairs | None = None,
    always: Pairs | None = None,
    never: Pairs | None = None,
    one_to_one: OneToOne = None,
) -> Resolution:
    """Find out which records are the same customer.

    The result depends neither on the order of the records nor on that of the columns.

    Args:
        records: One row for each record; the index is its id, unique. Cells are text, "" or missing for blank;
            birth dates are ISO text (YYYY-MM-DD) or eight digits.
        kinds: What the columns hold: given, surname, fullname, dob, email, phone, street, city, postcode, ident,
            category, source. Several columns of one kind: the first that isn't blank wins.
        declared: (left id, right id) where one record names the other's key. They are joined unless the names
            differ and nothing else agrees, or two records of one source name the same record without evidence.
        always: Pairs a person joined. They are together unless a never pair forbids it.
        never: Pairs a person parted; they are never in one customer.
        one_to_one: Two source values, or True for all: no customer has two records of one of these sources.

    Ids in declared, always and never that are not among the records are passed over.

    Raises:
        ValueError: an unknown kind, an id that occurs twice, or `one_to_one` without a source column.
    """
    by_kind = {header: Kind(kind) for header, kind in kinds.items()}
    if not records.index.is_unique:
        raise ValueError("two records have the same id")
    ordered = records.iloc[_sorted_positions(records.index)]
    encoded = encode(ordered, by_kind)
    if one_to_one is not None and Kind.SOURCE not in encoded.columns:
        raise ValueError("one_to_one needs a column of kind source")
    return _Run(ordered, encoded, declared, always, never, one_to_one).finish(records.index)


def _sorted_positions(index: pd.Index) -> list[int]:
    """Return the positions in the order of the ids; ids of mixed types are ordered by their text."""
    ids = index.tolist()
    try:
        return sorted(range(len(ids)), key=ids.__getitem__)
    except TypeError:
        return sorted(range(len(ids)), key=lambda at: (str(ids[at]), type(ids[at]).__name__))


class _Run:
    """One resolution; positions are those in the sorted records."""

    def __init__(
        self,
        records: pd.DataFrame,
        encoded: Encoded,
        declared: Pairs | None,
        always: Pairs | None,
        never: Pairs | None,
        one_to_one: OneToOne,
    ) -> None:
        self._index = records.index
        self._encoded = encoded
        self._size = len(records)
        self._weights = Weights(encoded)
        self._declared = self._positions(declared)
        self._always = self._positions(always)
        self._never = self._positions(never)
        self._exclusive = self._exclusive_codes(one_to_one)

    def finish(self, index: pd.Index) -> Resolution:
        """Run all steps; the customers are numbered in the order of the sorted ids."""
        left, right, rules = candidate_pairs(self._encoded)
        forced = unique_ids(np.concatenate([self._declared, self._always, self._never]))
        candidates = unique_ids(np.concatenate([pair_ids(left, right, self._size), forced]))
        pairs = self._score(candidates, forced)
        is_declared = np.isin(pairs.ids, self._declared)
        is_always = np.isin(pairs.ids, self._always)
        is_never = np.isin(pairs.ids, self._never)
        ranks = np.where(is_always, Rank.ALWAYS, np.where(is_declared, Rank.DECLARED, Rank.EVIDENCE))
        joins = (is_always | (is_declared & self._holds(pairs, is_declared))) & ~is_never
        held_apart = self._between_declared(pairs, joins)
        wanted = (joins | (pairs.automatic & ~is_declared & ~held_apart)) & ~is_never
        edges = Edges(pairs.left[wanted], pairs.right[wanted], pairs.bits[wanted], ranks[wanted].astype(np.int8))
        label = self._cluster(edges)
        customers = pd.factorize(label)[0].astype(np.int64)
        together = customers[pairs.left] == customers[pairs.right]
        review = ~together & ~is_never & (pairs.review | pairs.automatic | wanted | is_declared)
        table = pairs.table(self._index, together, review)
        customer_of = pd.Series(customers, index=self._index, name="customer").loc[index]
        return Resolution(customer_of, table, self._encoded.shared, rules, self._index, self._encoded, self._weights)

    def _positions(self, pairs: Pairs | None) -> Codes:
        """Return pair ids of the pairs whose two records are here."""
        both = list(pairs or ())
        if not both or not self._size:
            return np.empty(0, dtype=np.int64)
        lefts = self._index.get_indexer(pd.Index([pair[0] for pair in both]))
        rights = self._index.get_indexer(pd.Index([pair[1] for pair in both]))
        here = (lefts >= 0) & (rights >= 0) & (lefts != rights)
        return unique_ids(pair_ids(lefts[here], rights[here], self._size))

    def _exclusive_codes(self, one_to_one: OneToOne) -> Codes | None:
        if one_to_one is None:
            return None
        column = self._encoded.columns[Kind.SOURCE]
        if one_to_one is True:
            return column.codes
        wanted = {value.strip().lower() for value in one_to_one}
        kept = np.array([value in wanted for value in column.values] + [False], dtype=np.bool_)
        return np.where(kept[column.codes], column.codes, -1)

    def _score(self, ids: Codes, forced: Codes) -> ScoredPairs:
        """Score pairs chunk by chunk; keep those that matter: at least even odds, or named by somebody."""
        parts = []
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            left, right = chunk // self._size, chunk % self._size
            levels = compare(self._encoded, left, right)
            bits = self._weights.bits(levels, left, right)
            score = self._weights.total(bits, len(chunk))
            keep = (score >= REVIEW_BITS) | np.isin(chunk, forced)
            parts.append(
                ScoredPart(
                    ids=chunk[keep],
                    bits=score[keep],
                    field_bits={field: values[keep] for field, values in bits.items()},
                    automatic=is_automatic(levels, score)[keep],
                    review=is_for_review(levels, score)[keep],
                    corroborated=corroborated(levels, len(chunk))[keep],
                    names_differ=differ(levels, len(chunk))[keep],
                )
            )
        return ScoredPairs.join(parts, self._size)

    def _holds(self, pairs: ScoredPairs, is_declared: Mask) -> Mask:
        """Tell which declared pairs join by themselves."""
        contradicted = pairs.names_differ & ~pairs.corroborated
        crowded = np.zeros(len(pairs.ids), dtype=np.bool_)
        if Kind.SOURCE in self._encoded.columns:
            codes = self._encoded.columns[Kind.SOURCE].codes
            rows = np.flatnonzero(is_declared)
            for named, naming in ((pairs.left, pairs.right), (pairs.right, pairs.left)):
                claims = pd.DataFrame({"named": named[rows], "source": codes[naming[rows]]})
                crowded[rows] |= claims.duplicated(keep=False).to_numpy()
        # Two cards that name one contact: a family's, perhaps, so the key alone doesn't join them.
        holds: Mask = ~contradicted & (~crowded | pairs.automatic)
        return holds

    def _between_declared(self, pairs: ScoredPairs, joins: Mask) -> Mask:
        """Tell which pairs tie two customers that keys declare to be different."""
        ranks = np.full(int(joins.sum()), Rank.DECLARED, dtype=np.int8)
        edges = Edges(pairs.left[joins], pairs.right[joins], pairs.bits[joins], ranks)
        nothing = np.empty(0, dtype=np.int64)
        label = cluster(self._size, edges, (nothing, nothing))
        keyed = np.bincount(label, minlength=self._size)[label] > 1
        different = label[pairs.left] != label[pairs.right]
        result: Mask = keyed[pairs.left] & keyed[pairs.right] & different
        return result

    def _cluster(self, edges: Edges) -> Codes:
        """Cluster, look for contradictions inside the groups, and cluster again without those."""
        never = (self._never // max(self._size, 1), self._never % max(self._size, 1))
        label = cluster(self._size, edges, never, self._exclusive, AUTOMATIC_BITS)
        inside = _pairs_inside(label, self._size)
        bound = pair_ids(edges.left[edges.ranks > 0], edges.right[edges.ranks > 0], self._size)
        inside = inside[~np.isin(inside, bound)]
        against = []
        for start in range(0, len(inside), _CHUNK):
            chunk = inside[start : start + _CHUNK]
            left, right = chunk // self._size, chunk % self._size
            levels = compare(self._encoded, left, right)
            score = self._weights.total(self._weights.bits(levels, left, right), len(chunk))
            against.append(chunk[contradicts(levels, score)])
        found = np.concatenate(against) if against else np.empty(0, dtype=np.int64)
        if not len(found):
            return label
        forbidden = unique_ids(np.concatenate([self._never, found]))
        both = (forbidden // self._size, forbidden % self._size)
        return cluster(self._size, edges, both, self._exclusive, AUTOMATIC_BITS)


def _pairs_inside(label: Codes, size: int) -> Codes:
    """Return ids of all pairs of records within the groups of three and more."""
    sizes = np.bincount(label, minlength=size)[label] if size else np.empty(0, dtype=np.int64)
    rows = np.flatnonzero((sizes > 2) & (sizes <= GROUP_LIMIT))
    order = rows[np.argsort(label[rows], kind="stable")]
    found = [np.empty(0, dtype=np.int64)]
    for step in range(1, GROUP_LIMIT):
        same = label[order[:-step]] == label[order[step:]]
        if not same.any():
            break
        found.append(pair_ids(order[:-step][same], order[step:][same], size))
    return unique_ids(np.concatenate(found))
