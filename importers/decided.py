"""What people decided about pairs, and what they were asked, in the keys that an import meets; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from models.customers.decisions import Key
from models.customers.entered import TYPED
from models.database import execute

Pair = tuple[Key, Key]


@dataclass
class Decided:
    """Pairs that are one customer, or never are, and all that need not be asked again."""

    always: list[Pair] = field(default_factory=list)
    never: list[Pair] = field(default_factory=list)
    reviewed: set[frozenset[Key]] = field(default_factory=set)


def read(customer_of: Mapping[Key, int]) -> Decided:
    """Return the decisions; `customer_of` are the records that are there, with their customers.

    A customer that was entered by hand when it was decided about may have been merged since, or have got records:
    what was said of it then holds for these.
    """
    found = Decided()
    answers = execute(
        "SELECT left_source, left_key, right_source, right_key, verdict FROM match_decision ORDER BY id"
    ).fetchall()
    asked = execute(
        f"SELECT coalesce(l.source, '{TYPED}'), coalesce(l.key, CAST(p.typed_id AS TEXT)), r.source, r.key"
        " FROM review_pair p LEFT JOIN source_record l ON l.id = p.left_record_id"
        " JOIN source_record r ON r.id = p.right_record_id"
    ).fetchall()
    keys = _Keys(customer_of)
    for *sides, verdict in answers:
        for pair in keys.pairs((sides[0], sides[1]), (sides[2], sides[3])):
            (found.always if verdict == "always" else found.never).append(pair)
            found.reviewed.add(frozenset(pair))
    for row in asked:
        found.reviewed.update(frozenset(pair) for pair in keys.pairs((row[0], row[1]), (row[2], row[3])))
    return found


class _Keys:
    """What stands for a key now."""

    def __init__(self, customer_of: Mapping[Key, int]) -> None:
        self._customer_of = customer_of
        self._kept_of: dict[int, int] = dict(execute("SELECT gone_id, kept_id FROM customer_merge").fetchall())
        self._records: dict[int, list[Key]] | None = None

    def pairs(self, left: Key, right: Key) -> Iterator[Pair]:
        """Yield the pairs that two keys mean; none where both are of one customer by way of what was entered."""
        if TYPED not in (left[0], right[0]):
            yield left, right
        elif self._customer(left) != self._customer(right):
            yield from product(self._now(left), self._now(right))

    def _customer(self, key: Key) -> int | None:
        if key[0] != TYPED:
            return self._customer_of.get(key)
        customer_id = int(key[1])
        while customer_id in self._kept_of:
            customer_id = self._kept_of[customer_id]
        return customer_id

    def _now(self, key: Key) -> list[Key]:
        customer_id = self._customer(key)
        if key[0] != TYPED or customer_id is None:
            return [key]
        if self._records is None:
            self._records = {}
            for record, of in self._customer_of.items():
                self._records.setdefault(of, []).append(record)
        return self._records.get(customer_id) or [(TYPED, str(customer_id))]
