"""The sources that customers come from, as the last import of each declared them."""

from __future__ import annotations

from typing import NamedTuple

from models.database import execute

PEOPLE, PURCHASES, EVENTS = "people", "purchases", "events"
TABLES = {PURCHASES: "purchase", EVENTS: "source_event"}
"""Kind of source to the table of its rows, which belong to a customer by a key; people have records instead."""
OWN = "crm"
"""What is entered here stands beside the sources under this code."""


class KnownSource(NamedTuple):
    """One source.

    `word` is one of its rows in a timeline, `plural` what several are in sums; its rows name keys of
    `owner_source`, "" for none.
    """

    code: str
    title: str
    kind: str
    word: str
    plural: str
    owner_source: str


def list_sources(kind: str | None = None) -> list[KnownSource]:
    """Return the sources, or those of one kind, in the order in which they became known."""
    rows = execute("SELECT code, title, kind, word, plural, owner_source FROM import_source ORDER BY rowid").fetchall()
    return [found for found in (KnownSource(*row) for row in rows) if kind in (None, found.kind)]


def list_owned() -> list[KnownSource]:
    """Return the sources whose rows belong to customers by a key."""
    return [found for found in list_sources() if found.kind in TABLES]
