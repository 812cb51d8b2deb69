"""Which records are one person: all compared at once, or what is new compared with what shares a key with it.

Pure but for what is remembered, which is read from the database; nothing here writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import orjson
import pandas as pd

from importers import match_memory, matching
from importers.existing import Known, KnownRecord
from importers.helper import ALONE, Helper
from importers.incoming import Incoming, PersonRow, ident
from importers.match_memory import Lesson, Links, Memory
from importers.matching import incremental, kept_keys
from importers.sheets import MATCHED
from importers.sources import SOURCES
from models.customers.decisions import Key
from models.customers.entered import TYPED

KINDS = {"given": "given", "surname": "surname", "full_name": "fullname", "birth_date": "dob", "email": "email",
         "phone": "phone", "street": "street", "city": "city", "postcode": "postcode", "source": "source"}  # fmt: skip
"""What the records' fields hold, for the matching engine."""
FOREIGN = {source.code: source.foreign_source for source in SOURCES if source.is_people and source.foreign_source}
"""Source of people to the one whose keys its rows may name."""
_Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Groups:
    """What is one person, of the records that were looked at: all that are new or changed, and others.

    Attributes:
        group_of: The number of each record's group.
        resolution: The pairs that matter, and why.
        pairs: The pairs of at least even odds, or named by a key or a person, one side at least new or changed.
        partners: The records that each one's key names, or that name it.
        learn: Returns what is to be remembered; the keys of many records are made beside.
    """

    group_of: dict[str, int]
    resolution: matching.Resolution
    pairs: pd.DataFrame
    partners: dict[str, list[str]]
    learn: Callable[[], Lesson]


def key_of(name: str) -> Key:
    """Return source and key of a record's name."""
    source, _, key = name.partition(":")
    return source, key


def customers_of(known: Known) -> dict[str, int]:
    """Return the customer of each record that is there and has one, and of who was entered by hand."""
    found = {ident(*key): record.customer_id for key, record in known.records.items() if record.customer_id}
    return found | {ident(TYPED, str(customer_id)): customer_id for customer_id in known.typed}


def group(
    incoming: Incoming,
    known: Known,
    memory: Memory | None,
    propose: matching.Propose = matching.candidate_pairs,
    other: Helper = ALONE,
) -> Groups:
    """Group the rows of an import and the records that are there.

    A model that was learned is kept: what is new is then compared with what shares a key with it. Without one, or with
    one of few records, all are compared, and one is learned.
    """
    people = _People(incoming, known)
    if memory is None or memory.is_of_few:
        return _all_at_once(people, propose, other)
    return _near(people, memory, propose)


class _Row(NamedTuple):
    """One record that is there, as the matching takes it."""

    ident: str
    source: str
    declared_key: str
    fields: Mapping[str, Any]


class _People:
    """The rows of an import, and the records and customers that are there."""

    def __init__(self, incoming: Incoming, known: Known) -> None:
        self.known = known
        self._matched = incoming.matched
        self.fresh: dict[str, PersonRow] = {row.ident: row for row in (*incoming.changed, *incoming.new)}
        self.standing: dict[str, KnownRecord] = {
            name: record for key, record in known.records.items() if (name := ident(*key)) not in self.fresh
        }
        self.typed: dict[str, int] = {ident(TYPED, str(customer_id)): customer_id for customer_id in known.typed}
        self.always = [(ident(*left), ident(*right)) for left, right in known.always]
        self.never = [(ident(*left), ident(*right)) for left, right in known.never]

    def there(self, names: Iterable[str]) -> tuple[pd.DataFrame, _Pairs]:
        """Return records that are there as the matching takes them, and the pairs that their keys declare."""
        rows = [self._row(name) for name in names]
        columns = {name: [row.fields.get(name) or "" for row in rows] for name in MATCHED}
        return _frame(columns, [row.source for row in rows], [row.ident for row in rows]), _declared(rows)

    def _row(self, name: str) -> _Row:
        if name in self.typed:
            return _Row(name, TYPED, "", self.known.typed[self.typed[name]])
        record = self.standing[name]
        return _Row(name, record.source, record.declared_key, orjson.loads(record.fields))

    def arriving(self) -> tuple[pd.DataFrame, _Pairs]:
        """Return what is new or changed as the matching takes it, and the pairs that its keys declare."""
        starts, size = {}, 0
        for number, columns in self._matched.items():
            starts[number], size = size, size + len(columns[MATCHED[0]])
        rows = self.fresh.values()
        places = [starts[row.file] + row.at for row in rows]
        found = {}
        for name in MATCHED:
            texts = list(chain.from_iterable(columns[name] for columns in self._matched.values()))
            found[name] = [texts[place] for place in places]
        return _frame(found, [row.source for row in rows], list(self.fresh)), _declared(rows)

    @cached_property
    def naming(self) -> dict[str, list[str]]:
        """The records that name another by its key."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, record in self.standing.items():
            if record.declared_key and record.source in FOREIGN:
                found[ident(FOREIGN[record.source], record.declared_key)].append(name)
        return found

    @cached_property
    def members(self) -> dict[int, list[str]]:
        """The records of each customer, without those that have changed."""
        found: dict[int, list[str]] = defaultdict(list)
        for name, record in self.standing.items():
            if record.customer_id:
                found[record.customer_id].append(name)
        return found

    def told_with(self, names: Iterable[str]) -> Iterator[str]:
        """Yield what keys and people name together with new or changed records."""
        for name in names:
            row = self.fresh[name]
            yield from self.naming.get(name, ())
            if row.declared_key and row.source in FOREIGN:
                yield ident(FOREIGN[row.source], row.declared_key)
            if row.customer > 0:
                yield from self.members.get(row.customer, ())
        for pair in (*self.always, *self.never):
            if pair[0] in self.fresh or pair[1] in self.fresh:
                yield from pair


def _all_at_once(people: _People, propose: matching.Propose, other: Helper) -> Groups:
    frame, declared = people.arriving()
    if people.standing or people.typed:
        others, named = people.there((*people.standing, *people.typed))
        frame, declared = pd.concat([others, frame]), named + declared
    resolution = matching.resolve(
        frame, KINDS, declared=declared, always=people.always, never=people.never, propose=propose
    )

    def learn() -> Lesson:
        lesson = Lesson(model=resolution.model, links=Links.of(resolution), shared=resolution.shared)
        if resolution.model.records < match_memory.FEW:
            return lesson
        keys = other.ask(kept_keys.keys_of, resolution.encoded)
        return replace(lesson, idents=resolution.index.tolist(), keys=keys)

    group_of = dict(zip(frame.index.tolist(), resolution.customer_of.tolist(), strict=True))
    return Groups(group_of, resolution, resolution.pairs, _partners(declared), learn)


def _near(people: _People, memory: Memory, propose: matching.Propose) -> Groups:
    frame, declared = people.arriving()
    fresh = incremental.Fresh.of(frame, KINDS, memory.model, memory.shared)
    fresh_keys = kept_keys.keys_of(fresh.encoded)
    names, keys, without = _kept(people)
    # Of records without kept keys, and of customers who have no records, the keys are made now.
    missing = incremental.Fresh.of(people.there(without)[0], KINDS, memory.model, memory.shared)
    missing_keys = kept_keys.keys_of(missing.encoded)
    names = [*names, *missing.index.tolist()]
    keys = kept_keys.joined([(len(names) - len(missing.index), keys), (len(missing.index), missing_keys)])
    near = dict.fromkeys(names[at] for at in kept_keys.sharing(keys, fresh_keys).tolist())
    near |= dict.fromkeys(name for name in people.told_with(people.fresh) if name not in people.fresh)
    chosen = _with_customers(people, near)
    others, named = people.there(chosen)
    known = incremental.Known.load(others, KINDS, _customers(people, chosen), memory.model, memory.shared)
    declared = [*declared, *named]
    addition = incremental.join(
        known, fresh, declared=declared, always=people.always, never=people.never, propose=propose, is_near=True
    )
    resolution = addition.resolution

    def learn() -> Lesson:
        return Lesson(
            links=Links.of(resolution, fresh.index),
            counts=addition.model.frequencies.since(memory.model.frequencies),
            shared=fresh.encoded.shared,
            idents=[*fresh.index.tolist(), *missing.index.tolist()],
            keys=ALONE.ask(kept_keys.joined, [(len(fresh.index), fresh_keys), (len(missing.index), missing_keys)]),
        )

    group_of = dict(zip(resolution.index.tolist(), resolution.customer_of.tolist(), strict=True))
    return Groups(group_of, resolution, addition.pairs, _partners(declared), learn)


def _kept(people: _People) -> tuple[list[str], dict[str, kept_keys.Short], list[str]]:
    """Return the records that have kept keys, and these; and the names of those that have none."""
    kept = match_memory.read_keys()
    by_id = {record.id: name for name, record in people.standing.items()}
    names = [by_id.pop(record_id, "") for record_id in kept.record_ids]
    # What has changed, or was taken back since, is left out.
    there = np.array([bool(name) for name in names], dtype=np.bool_)
    keys = {rule: each[there] for rule, each in kept.by_rule.items()}
    return [name for name in names if name], keys, [*by_id.values(), *people.typed]


def _with_customers(people: _People, near: Mapping[str, None]) -> list[str]:
    """Return these records with all others of their customers, in the order in which they are known."""
    found = dict(near)
    for name in near:
        record = people.standing.get(name)
        if record is not None and record.customer_id:
            found |= dict.fromkeys(people.members[record.customer_id])
    return [name for name in found if name in people.standing or name in people.typed]


def _customers(people: _People, names: Sequence[str]) -> pd.Series[int]:
    """Return the customer of each record; those of an account are of different people, and stand for themselves."""
    accounts = {account.customer_id for account in people.known.accounts}
    # Above all customers there are.
    single = max((record.customer_id or 0 for record in people.known.records.values()), default=0) + 1
    single = max([single, *people.known.typed, *accounts]) + 1
    found = []
    for at, name in enumerate(names):
        customer_id = people.typed[name] if name in people.typed else people.standing[name].customer_id
        found.append(single + at if customer_id is None or customer_id in accounts else customer_id)
    return pd.Series(found, index=list(names), dtype=np.int64)


def _frame(columns: dict[str, list[str]], sources: list[str], idents: list[str]) -> pd.DataFrame:
    return pd.DataFrame({**columns, "source": sources}, index=pd.Index(idents, dtype=object), dtype=object)


def _declared(rows: Iterable[_Row | PersonRow]) -> _Pairs:
    """Return the pairs of records of which one names the other's key."""
    return [
        (row.ident, ident(FOREIGN[row.source], row.declared_key))
        for row in rows
        if row.declared_key and row.source in FOREIGN
    ]


def _partners(declared: _Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for left, right in declared:
        found[left].append(right)
        found[right].append(left)
    return found
