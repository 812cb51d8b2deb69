"""The way from records to customers: encode, pair, compare, learn, score, cluster."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers.matching import bands, keys, missed
from importers.matching.blocking import Candidates, Propose, candidate_pairs, chunks, rules_of, unique_counts
from importers.matching.clustering import BOUND, Edges, cluster
from importers.matching.comparison import compare, fields_of
from importers.matching.encode import Encoded, Mask, Positions, encode
from importers.matching.frequency import Frequencies, Rarity
from importers.matching.keys import OneToOne, Pairs, Said
from importers.matching.kinds import Kind
from importers.matching.learning import learn
from importers.matching.model import Model, Nats
from importers.matching.parts import KeyParts
from importers.matching.patterns import Numbers, Patterns, pack
from importers.matching.resolution import KeptPairs, Resolution
from importers.matching.sampling import Samples
from importers.matching.scoring import PatternScores, scores_of
from importers.matching.shared import without_shared

# Pairs compared at a time: bounds the memory whatever the number of records.
CHUNK = 1_000_000
# From even odds on a pair is worth a person's look.
REVIEW = 0.0
# Just enough below the threshold for a pair that may not join by itself.
_JUST = 1e-6


def resolve(
    records: pd.DataFrame,
    kinds: Mapping[str, str],
    *,
    declared: Pairs | None = None,
    always: Pairs | None = None,
    never: Pairs | None = None,
    one_to_one: OneToOne = None,
    threshold: float | None = None,
    model: Model | None = None,
    propose: Propose = candidate_pairs,
) -> Resolution:
    """Find out which records are the same customer.

    The result depends neither on the order of the records nor on that of the columns.

    Args:
        records: One row for each record; the index is its id, unique. Cells are text, "" or missing for blank;
            birth dates are ISO text (YYYY-MM-DD) or eight digits.
        kinds: What the columns hold: given, surname, fullname, dob, email, phone, street, city, postcode, ident,
            company, category, source. Several columns of one kind: the first that isn't blank wins.
        declared: (left id, right id) where one record names the other's key. They are joined unless the names
            differ and nothing else agrees, or two records of one source name the same record without evidence.
        always: Pairs a person joined. They are together unless a never pair forbids it.
        never: Pairs a person parted; they are never in one customer.
        one_to_one: Two source values, or True for all: no customer has two records of one of these sources.
        threshold: Nats from which pairs are joined. None: the learned one, which asks for hardly any wrong pair and
            for more than a household shares. With 0 most decisions are right, as when a matcher is measured.
        model: One that was learned before; None learns from these records.
        propose: What finds the pairs to compare.

    Ids in declared, always and never that are not among the records are passed over.

    Raises:
        ValueError: an unknown kind, an id that occurs twice, or `one_to_one` without a source column.
    """
    by_kind = {header: Kind(kind) for header, kind in kinds.items()}
    if not records.index.is_unique:
        raise ValueError("two records have the same id")
    order = sorted_positions(records.index)
    index = records.index.take(order)
    told = (model.sources, model.frequencies.counts) if model else ()
    columns = encode(records, by_kind, order, *told)
    encoded = without_shared(columns, len(records))
    if one_to_one is not None and Kind.SOURCE not in encoded.columns:
        raise ValueError("one_to_one needs a column of kind source")
    run = Run(encoded, model, threshold, propose)
    label, kept = run.decide(keys.said(index, declared, always, never, keys.exclusive_codes(one_to_one, encoded)))
    customers = np.empty(len(order), dtype=np.int64)
    customers[order] = pd.factorize(label)[0]
    customer_of = pd.Series(customers, index=records.index, name="customer")
    return Resolution(
        customer_of, encoded.shared, run.candidates.reports, run.model, index, encoded, kept, run.fields,
        run.candidates.ids,
    )  # fmt: skip


def sorted_positions(index: pd.Index) -> Positions:
    """Return the positions in the order of the ids; ids of mixed types are ordered by their text."""
    if index.is_monotonic_increasing:
        return np.arange(len(index))
    ids = index.tolist()
    try:
        return np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    except TypeError:
        order = sorted(range(len(ids)), key=lambda at: (str(ids[at]), type(ids[at]).__name__))
        return np.array(order, dtype=np.int64)


class Run:
    """One resolution; positions are those in the sorted records."""

    def __init__(
        self, encoded: Encoded, model: Model | None, threshold: float | None, propose: Propose = candidate_pairs
    ) -> None:
        self._encoded = encoded
        self._size = encoded.size
        has = fields_of(encoded)
        self.fields = has if model is None else tuple(field for field in model.fields if field in has)
        parts = KeyParts(encoded)
        self.candidates: Candidates = propose(encoded, parts)
        frequencies = Frequencies.of(encoded) if model is None else model.frequencies
        self._rarity = Rarity(encoded, frequencies, own=model is None)
        numbers, rarity = self._compare(self.candidates.ids)
        patterns = Patterns.of(numbers, self.fields)
        places = patterns.places(numbers)
        if model is None:
            learned = learn(patterns, rules_of(parts), Samples.draw(encoded, parts, self.fields))
            mixture, strangers = learned.mixture, learned.strangers
        else:
            mixture, strangers = model.mixture, model.strangers
        scores = PatternScores.of(mixture, strangers, patterns.levels, len(patterns))
        self._nats = scores.nats(places, rarity)
        self._numbers = numbers
        if model is None:
            least = bands.threshold(self._nats)
            unproposed = missed.unproposed(self.candidates, self._nats)
            model = Model(self.fields, encoded.sources, mixture, strangers, frequencies, least, unproposed, self._size)
        self.model = model
        self._threshold = model.threshold if threshold is None else threshold
        self._is_automatic = threshold is None

    def _compare(self, ids: Positions) -> tuple[Numbers, npt.NDArray[np.float32]]:
        """Return the pattern and the rarity of each pair."""
        numbers, rarity = np.empty(len(ids), dtype=np.int32), np.empty(len(ids), dtype=np.float32)
        for where, left, right in chunks(ids, self._size, CHUNK):
            levels = compare(self._encoded, left, right, self.fields)
            numbers[where] = pack(levels, len(left))
            rarity[where] = self._rarity.nats(levels, left, right)
        return numbers, rarity

    def decide(self, said: Said, fresh: Mask | None = None) -> tuple[Positions, KeptPairs]:
        """Return the group of each record and the pairs that matter.

        Args:
            said: What keys and people say.
            fresh: Which records are new; without one of them evidence joins no pair. None: all.
        """
        declared, never, size = said.declared, said.never, self._size
        forced = unique_counts(np.concatenate([declared, said.always, never]))[0]
        wanted = self._nats >= REVIEW
        if len(forced):
            wanted |= np.isin(self.candidates.ids, forced)
        ids = unique_counts(np.concatenate([self.candidates.ids[wanted], forced]))[0]
        numbers, nats = self._score(ids)
        scores, places = scores_of(self.model, numbers, self.fields)
        joinable = self._joinable(nats, scores.personal[places])
        is_declared = np.isin(ids, declared)
        contradicted = (scores.names_differ & ~scores.corroborated)[places[is_declared]]
        crowded = keys.crowded(ids[is_declared], self._encoded)
        holds = ids[is_declared][~contradicted & (~crowded | (joinable[is_declared] >= self._threshold))]
        ties = keys.ties(holds, said.always, never, said.settled, said.exclusive, size)
        edges = (joinable >= self._threshold) & ~is_declared
        if fresh is not None:
            edges &= fresh[ids // max(size, 1)] | fresh[ids % max(size, 1)]
        label = cluster(size, Edges(ids[edges], joinable[edges]), ties, self._inside, self._threshold)
        together = label[ids // max(size, 1)] == label[ids % max(size, 1)]
        review = ~together & ~np.isin(ids, never) & ((nats >= REVIEW) | np.isin(ids, forced))
        return label, KeptPairs(ids, numbers, nats, together, review)

    def _joinable(self, nats: Nats, personal: Mask) -> Nats:
        """Return the scores with what may not join by itself held just below the threshold."""
        if not self._is_automatic:
            return nats
        return np.where(personal, nats, np.minimum(nats, self._threshold - _JUST))

    def _inside(self, ids: Positions) -> Nats:
        """Return what the pairs within a group speak for joining it.

        What looks like two of one household stays two, whatever third record agrees with both.
        """
        numbers, nats = self._score(ids)
        scores, places = scores_of(self.model, numbers, self.fields)
        joinable = self._joinable(nats, scores.personal[places])
        joinable[scores.contradicts[places] & (joinable < self._threshold)] = -BOUND
        return joinable

    def _score(self, ids: Positions) -> tuple[Numbers, Nats]:
        """Return patterns and scores of any pairs; those no rule proposes are less likely a match than they look."""
        numbers, nats = np.empty(len(ids), dtype=np.int32), np.empty(len(ids))
        at = np.searchsorted(self.candidates.ids, ids)
        known = at < len(self.candidates.ids)
        known[known] = self.candidates.ids[at[known]] == ids[known]
        numbers[known], nats[known] = self._numbers[at[known]], self._nats[at[known]]
        others, rarity = self._compare(ids[~known])
        scores, places = scores_of(self.model, others, self.fields)
        numbers[~known], nats[~known] = others, scores.nats(places, rarity, proposed=False) - self.model.unproposed
        return numbers, nats
