"""What is to be known of new customers, chosen among what their records say; nothing here knows the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from importers import staged
from importers.incoming import PersonRow
from models import spelling
from models.customers import survivorship
from models.customers.survivorship import Record

TABLE, WORDS = "customer", "word"
COLUMNS = (*survivorship.COLUMNS, "is_online")
Said = tuple[str, str, str]
"""Source, key and fields, as JSON, of one row."""


def said(customers: Sequence[Sequence[PersonRow]]) -> list[list[Said]]:
    """Return what the rows of each customer say."""
    return [[(row.source, row.key, row.text) for row in members] for members in customers]


def values(customers: Sequence[Sequence[Said]]) -> bytes:
    """Return the customers' columns, and whether each shops online, packed in their order; and the words of names."""
    rows = list(_rows(customers))
    name = COLUMNS.index("name")
    words = spelling.of_names(row[name] for row in rows)
    return staged.pack({TABLE: (COLUMNS, rows), WORDS: (("word", "sound"), words)})


def _rows(customers: Sequence[Sequence[Said]]) -> Iterator[tuple[Any, ...]]:
    for members in customers:
        records = [Record(0, source, key, orjson.loads(text)) for source, key, text in members]
        is_corporate = any(survivorship.is_corporate(record.fields) for record in records)
        chosen = survivorship.columns(records, "corporate" if is_corporate else "individual")
        is_online = any(record.source == "con" for record in records)
        yield (*(chosen[name] for name in survivorship.COLUMNS), is_online)
