"""Pairs of records that may be one customer: why, and keeping them for a person to decide."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from importers.writing import next_id
from models.customers.decisions import Key
from models.customers.entered import TYPED
from models.database import raw_connection

_WORDS = {"name": "name", "dob": "birth date", "email": "email", "phone": "phone", "address": "address"}
Evidence = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """Two records that may be one customer, for a person to decide; `score` is in bits.

    One side may be a customer entered by hand, whose key is its id.
    """

    left: Key
    right: Key
    score: float
    reason: str
    evidence: Evidence = ()
    """What each field was worth, in bits; with what is rare and with chance they make the score."""
    splits: bool = False
    """Both are with one customer, and the left one has changed so that it looks like somebody else's."""

    @property
    def typed_id(self) -> int | None:
        """Return the customer entered by hand, if there is one."""
        return next((int(key) for source, key in (self.left, self.right) if source == TYPED), None)


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for and against two records being one customer."""

    left: str
    right: str
    bits: float
    agreed: str
    against: str
    evidence: Evidence

    @property
    def text(self) -> str:
        """Return it in words."""
        return f"{self.agreed or 'nothing'} agree" + (f"; {self.against} against" if self.against else "")


def reasons(pairs: pd.DataFrame) -> Iterator[Reason]:
    """Return the reasons of pairs of a resolution."""
    named = [(word, f"bits_{name}") for name, word in _WORDS.items() if f"bits_{name}" in pairs]
    columns = [pairs[column].tolist() for _, column in named]
    for left, right, bits, *worth in zip(
        pairs["left"].tolist(), pairs["right"].tolist(), pairs["bits"].tolist(), *columns, strict=True
    ):
        agreed = ", ".join(word for (word, _), value in zip(named, worth, strict=True) if value > 0)
        against = ", ".join(word for (word, _), value in zip(named, worth, strict=True) if value < 0)
        fields = ((name.removeprefix("bits_"), round(value, 1)) for (_, name), value in zip(named, worth, strict=True))
        evidence = tuple((name, value) for name, value in fields if value)
        rest = round(bits - sum(value for _, value in evidence), 1)
        yield Reason(left, right, bits, agreed, against, (*evidence, ("context", rest)) if rest else evidence)


def reasons_with(pairs: pd.DataFrame, wanted: Container[str]) -> Iterator[Reason]:
    """Return the reasons of the pairs that have one of these records."""
    # Nearly all records are wanted and few are in pairs.
    sides = zip(pairs["left"].tolist(), pairs["right"].tolist(), strict=True)
    return reasons(pairs.loc[[left in wanted or right in wanted for left, right in sides]])


def keep(run_id: int, pairs: Sequence[ReviewPair]) -> None:
    """Keep pairs with their import; one that is there already stays as it is."""
    # Of two records the older one is the left; a customer entered by hand takes its place.
    raw_connection().executemany(
        "INSERT OR IGNORE INTO review_pair"
        " (id, run_id, typed_id, score, reason, evidence, splits, left_record_id, right_record_id)"
        " SELECT ?, ?, ?, ?, ?, ?, iif(?, iif(l.id < r.id, 'left', 'right'), NULL),"
        " min(l.id, r.id), coalesce(max(l.id, r.id), l.id, r.id)"
        " FROM (SELECT 1) LEFT JOIN source_record l ON l.source = ? AND l.key = ?"
        " LEFT JOIN source_record r ON r.source = ? AND r.key = ?",
        [
            (number, run_id, pair.typed_id, pair.score, pair.reason, json.dumps(pair.evidence), pair.splits,
             *pair.left, *pair.right)
            for number, pair in enumerate(pairs, next_id("review_pair"))
        ],
    )  # fmt: skip
