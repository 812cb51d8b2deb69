"""New records against customers that are there: only what shares a key with a new record is looked at.

Old customers stay as they are, but that a new record may tie two of them together; what would split one goes to a
person. Pure functions: whoever keeps customers applies what they return.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from importers.matching import key_index, keys
from importers.matching.blocking import Propose, candidate_pairs
from importers.matching.clustering import pairs_inside
from importers.matching.encode import Column, Encoded, Positions, encode, numbered
from importers.matching.engine import Run, sorted_positions
from importers.matching.key_index import KeyIndex
from importers.matching.keys import Pairs
from importers.matching.kinds import Kind
from importers.matching.model import Model
from importers.matching.resolution import Resolution
from importers.matching.shared import without_shared

Shared = Mapping[Kind, list[str]]


@dataclass(frozen=True)
class Known:
    """Records that have their customers.

    Attributes:
        index: Their ids, sorted.
        encoded: Their standardised values in that order.
        customers: The number of each one's customer.
        model: What was learned of them.
    """

    index: pd.Index
    encoded: Encoded
    customers: Positions
    model: Model
    _by_customer: Positions

    @classmethod
    def of(cls, resolution: Resolution, customer_of: pd.Series[int] | None = None) -> Known:
        """Take the records of a resolution, and their customers from it or from where people have changed them."""
        chosen = resolution.customer_of if customer_of is None else customer_of
        return cls._with_keys(resolution.index, resolution.encoded, chosen, resolution.model)

    @classmethod
    def load(
        cls,
        records: pd.DataFrame,
        kinds: Mapping[str, str],
        customer_of: pd.Series[int],
        model: Model,
        shared: Shared | None = None,
    ) -> Known:
        """Take records as `resolve` does, with the customers they have and the model that was kept of them.

        `shared` are the values that were found to be no evidence among all records, where these are only some.
        """
        order = sorted_positions(records.index)
        by_kind = {header: Kind(kind) for header, kind in kinds.items()}
        columns = encode(records, by_kind, order, model.sources, model.frequencies.counts)
        encoded = without_shared(_without(columns, shared or {}), len(records), dates=shared is None)
        if shared:
            encoded = replace(encoded, shared=together(shared, encoded.shared))
        return cls._with_keys(records.index.take(order), encoded, customer_of, model)

    @classmethod
    def _with_keys(cls, index: pd.Index, encoded: Encoded, customer_of: pd.Series[int], model: Model) -> Known:
        customers: Positions = np.asarray(customer_of.reindex(index), dtype=np.int64)
        return cls(index, encoded, customers, model, np.argsort(customers, kind="stable"))

    @cached_property
    def _keys(self) -> dict[str, KeyIndex]:
        return key_index.index(key_index.rule_hashes(self.encoded))

    def sharing(self, new: Encoded) -> Positions:
        """Return the positions of the records that share a key with a new one."""
        found = [
            self._keys[name].sharing(hashes)
            for name, hashes in key_index.rule_hashes(new).items()
            if name in self._keys
        ]
        return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *found]))

    def with_customers(self, rows: Positions) -> Positions:
        """Return these records with all others of their customers, sorted."""
        wanted = np.unique(self.customers[rows])
        ordered = self.customers[self._by_customer]
        first = np.searchsorted(ordered, wanted, side="left")
        sizes = np.searchsorted(ordered, wanted, side="right") - first
        at = np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
        return np.sort(self._by_customer[at])


@dataclass(frozen=True)
class Fresh:
    """New records, standardised once: their ids as given and sorted, and their values in the sorted order."""

    given: pd.Index
    index: pd.Index
    encoded: Encoded

    @classmethod
    def of(cls, records: pd.DataFrame, kinds: Mapping[str, str], model: Model, shared: Shared) -> Fresh:
        """Take records as `resolve` does; `shared` are values known to be no evidence.

        Raises:
            ValueError: an unknown kind, or two records of one id.
        """
        if not records.index.is_unique:
            raise ValueError("two records have the same id")
        order = sorted_positions(records.index)
        by_kind = {header: Kind(kind) for header, kind in kinds.items()}
        columns = encode(records, by_kind, order, model.sources, model.frequencies.counts)
        return cls(records.index, records.index.take(order), without_shared(_without(columns, shared), len(records)))


@dataclass(frozen=True)
class Addition:
    """What new records do to the customers.

    Attributes:
        customer_of: The customer of each new record: one that is there, or a new one with a number above all others.
        moved: Known records that get another customer, as a new record ties theirs to one that has more records, or as
            many and a smaller number; or as people part them.
        pairs: As in a resolution; one side at least is new.
        resolution: Of the new records and those near them, to explain pairs.
        model: The known one with the new values counted.
    """

    customer_of: pd.Series[int]
    moved: pd.Series[int]
    pairs: pd.DataFrame
    resolution: Resolution
    model: Model


def add(
    known: Known,
    records: pd.DataFrame,
    kinds: Mapping[str, str],
    *,
    declared: Pairs | None = None,
    always: Pairs | None = None,
    never: Pairs | None = None,
    threshold: float | None = None,
) -> Addition:
    """Find the customers of new records; the arguments are those of `resolve`.

    Raises:
        ValueError: an unknown kind, or an id that occurs twice or is known already.
    """
    new = Fresh.of(records, kinds, known.model, known.encoded.shared)
    return join(known, new, declared=declared, always=always, never=never, threshold=threshold)


def join(
    known: Known,
    new: Fresh,
    *,
    declared: Pairs | None = None,
    always: Pairs | None = None,
    never: Pairs | None = None,
    threshold: float | None = None,
    propose: Propose = candidate_pairs,
    is_near: bool = False,
) -> Addition:
    """Find the customers of new records that are standardised already; the arguments are those of `resolve`.

    `is_near`: the known records are only those that may have to do with the new ones; all are looked at.

    Raises:
        ValueError: an id that is known already.
    """
    if new.index.isin(known.index).any():
        raise ValueError("two records have the same id")
    told = [list(pairs or ()) for pairs in (declared, always, never)]
    rows = np.arange(len(known.index))
    if not is_near:
        named = known.index.get_indexer(pd.Index([record for pairs in told for pair in pairs for record in pair]))
        rows = known.with_customers(np.union1d(known.sharing(new.encoded), named[named >= 0]))
    encoded = _together(known.encoded, rows, new.encoded, known.model.sources)
    index = known.index.take(rows).append(new.index)
    fresh = np.arange(encoded.size) >= len(rows)
    run = Run(encoded, known.model, threshold, propose)
    settled = pairs_inside(_customers_alone(known.customers[rows], len(new.index)), encoded.size, 2)[0]
    label, kept = run.decide(keys.said(index, told[0], told[1], told[2], settled=settled), fresh)
    number = _numbers(label, known, rows)
    changed = np.flatnonzero(number[: len(rows)] != known.customers[rows])
    resolution = Resolution(
        pd.Series(number, index=index, name="customer"), encoded.shared, run.candidates.reports, known.model, index,
        encoded, kept, run.fields, run.candidates.ids,
    )  # fmt: skip
    pairs = resolution.pairs
    is_new = pairs["left"].isin(new.index) | pairs["right"].isin(new.index)
    customer_of = pd.Series(number[fresh], index=new.index, name="customer").reindex(new.given)
    moved = pd.Series(number[changed], index=index.take(changed), name="customer")
    model = replace(known.model, frequencies=known.model.frequencies.plus(new.encoded))
    return Addition(customer_of, moved, pairs[is_new].reset_index(drop=True), resolution, model)


def together(some: Shared, others: Shared) -> dict[Kind, list[str]]:
    """Return the values of both, sorted."""
    return {
        kind: sorted({*some.get(kind, ()), *others.get(kind, ())}) for kind in Kind if kind in some or kind in others
    }


def _without(columns: Mapping[Kind, Column], shared: Shared) -> dict[Kind, Column]:
    """Make values missing that are known to be no evidence."""
    found = dict(columns)
    for kind, values in shared.items():
        if kind in found:
            codes = np.flatnonzero(np.isin(found[kind].values.astype(str), values))
            found[kind] = found[kind].without(codes)
    return found


def _together(known: Encoded, rows: Positions, new: Encoded, sources: tuple[str, ...]) -> Encoded:
    """Return some known records followed by the new ones, with the columns that are known."""
    columns = {}
    for kind, column in known.columns.items():
        mine = np.append(column.values, "")[column.codes[rows]]
        theirs = new.columns[kind].texts if kind in new.columns else np.full(new.size, "", dtype=object)
        codes, texts = pd.factorize(np.concatenate([mine, theirs]))
        columns[kind] = Column.of(codes, np.asarray(texts, dtype=object))
    if Kind.SOURCE in columns:
        columns[Kind.SOURCE] = numbered(columns[Kind.SOURCE], sources)
    return without_shared(_without(columns, new.shared), len(rows) + new.size, dates=False)


def _customers_alone(customers: Positions, new: int) -> Positions:
    """Return the first position of each known record's customer, and of each new record its own."""
    _, first, which = np.unique(customers, return_index=True, return_inverse=True)
    return np.concatenate([first[which], np.arange(len(customers), len(customers) + new)])


def _numbers(label: Positions, known: Known, rows: Positions) -> Positions:
    """Return the customer of each record: of the old ones in its group that with most records, or a new number."""
    customers = known.customers[rows]
    records: dict[int, dict[int, int]] = {group: {} for group in label.tolist()}
    for group, customer in zip(label[: len(rows)].tolist(), customers.tolist(), strict=True):
        records[group][customer] = records[group].get(customer, 0) + 1
    # Where people part a customer, the larger part keeps its number.
    claims = sorted(
        (-count, customer, group) for group, counts in records.items() for customer, count in counts.items()
    )
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for _, customer, group in claims:
        if group not in chosen and customer not in taken:
            chosen[group] = customer
            taken.add(customer)
    following = int(known.customers.max(initial=-1)) + 1
    for group in records:
        if group not in chosen:
            chosen[group] = following
            following += 1
    return np.array([chosen[group] for group in label.tolist()], dtype=np.int64)
