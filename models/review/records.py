"""What the outside sees of matching: pairs to decide with what speaks for and against."""

from __future__ import annotations

from typing import NamedTuple

from models.customers.records import Relation


class Compared(NamedTuple):
    """One field of both sides; values that the reader may not see are blank and `is_hidden`.

    `bits` is what the importer's matching found it worth, for (above 0) or against; None where it told none.
    """

    field: str
    label: str
    relation: Relation
    left: str
    right: str
    note: str
    """How they differ, in words, where that can be said: "day and month exchanged"."""
    bits: float | None
    is_hidden: bool = False


class Side(NamedTuple):
    """One record of a pair, and the customer it is with.

    A customer entered by hand has no record: `record_id` is 0 then, `source` crm and `key` such as C-00012.
    """

    record_id: int
    source: str
    key: str
    name: str
    customer_id: int
    customer: str
    kind: str
    owner: str
    sources: tuple[str, ...]
    """The sources that know the customer, contacts first."""


class Candidate(NamedTuple):
    """A customer that may be the one of an incoming record; `pair_id` is the number of the pair (`M-77`)."""

    pair_id: int
    state: str
    """open, linked or never."""
    side: Side
    bits: float
    """The score: 0 is even odds, each bit doubles them."""
    reason: str
    fields: tuple[Compared, ...]
    decided_by: str

    @property
    def chance(self) -> float:
        """Return how likely both are one, by the score."""
        return chance_of(self.bits)


class Case(NamedTuple):
    """One incoming record with the customers it may belong to, the likeliest first."""

    run_id: int
    incoming: Side
    brings: tuple[tuple[str, str], ...]
    """What the incoming record says besides: label and text."""
    candidates: tuple[Candidate, ...]

    def is_with(self, candidate: Candidate) -> bool:
        """Return whether both are one customer now: asked is then whether a row that has changed stays with it."""
        return candidate.side.customer_id == self.incoming.customer_id


class CaseRow(NamedTuple):
    """One line of the queue."""

    record_id: int
    pair_id: int
    """The likeliest pair's."""
    name: str
    bits: float
    pairs: int
    information: float
    """How much an answer tells, in bits: see `queue.information_of`."""
    is_later: bool
    state: str


def chance_of(bits: float) -> float:
    """Return the probability that a score in bits stands for."""
    return 1 / (1 + 2 ** -max(-60.0, min(60.0, bits)))
