"""The kinds of sources: how rows of each are kept; a source of a kind needs no more than its own file.

Rows of people are matched and make customers. Rows of the other kinds have a key, the key of whom they belong to, a
day, and what they say; they lie in a table of their kind, and follow their customer by that key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.customers import sources


@dataclass(frozen=True, slots=True)
class Kind:
    """How rows of one kind are kept.

    `table` is "" for people. `columns` are a row's own besides key and owner's key, each with what is kept of a source
    that lacks it; a source's fields go by these names. `day` is the column of the day.
    """

    name: str
    table: str = ""
    day: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> tuple[str, ...]:
        """Return the columns that a newer row of a key may change."""
        return ("owner_key", *self.columns, "file_id", "line", "cells")


PEOPLE = Kind(sources.PEOPLE)
PURCHASES = Kind(
    sources.PURCHASES,
    sources.TABLES[sources.PURCHASES],
    "purchased_on",
    {"product_key": "", "subject": "", "purchased_on": "", "amount_minor": 0, "points": None, "store": ""},
)
EVENTS = Kind(
    sources.EVENTS,
    sources.TABLES[sources.EVENTS],
    "happened_on",
    {"happened_on": "", "text": "", "rating_hundredths": None},
)
OWNED = (PURCHASES, EVENTS)
"""Kinds whose rows belong to a customer by a key."""
