"""The customers that new rows of people make, and the words of their names, made ready to be written.

Nothing here knows the database: another process may do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from importers import handover, staged
from importers.incoming import PersonRow
from models import spelling
from models.customers import survivorship
from models.customers.survivorship import Record

CUSTOMERS, WORDS = "customer", "word"
"""The packed tables."""
COLUMNS = (*survivorship.COLUMNS, "is_online")


class Rows(NamedTuple):
    """New rows, as columns: nothing more is to be copied from one process to another.

    `texts` are the fields of each as JSON, joined; `customers` are the numbers of the rows of each new customer.
    """

    sources: list[str]
    keys: list[str]
    texts: bytes
    customers: list[list[int]]


def columns(new: Sequence[PersonRow], customers: int) -> Rows:
    """Return new rows that are linked, of which some make so many new customers."""
    members: list[list[int]] = [[] for _ in range(customers)]
    for number, row in enumerate(new):
        if row.customer < 0:
            members[-1 - row.customer].append(number)
    texts = handover.joined(row.text for row in new)
    return Rows([row.source for row in new], [row.key for row in new], texts, members)


def pack(rows: Rows) -> bytes:
    """Return the customers, packed in their order, with what is known and whether they shop online; and the words."""
    customers = list(_customers(rows))
    name = COLUMNS.index("name")
    words = spelling.of_names(customer[name] for customer in customers)
    with staged.Pack() as pack:
        pack.put(CUSTOMERS, COLUMNS, customers)
        pack.put(WORDS, ("word", "sound"), words)
        return pack.content()


def _customers(rows: Rows) -> Iterator[tuple[Any, ...]]:
    texts = handover.parted(rows.texts)
    for members in rows.customers:
        records = [Record(0, rows.sources[at], rows.keys[at], orjson.loads(texts[at])) for at in members]
        is_corporate = any(survivorship.is_corporate(record.fields) for record in records)
        chosen = survivorship.columns(records, "corporate" if is_corporate else "individual")
        is_online = any(record.source == "con" for record in records)
        yield (*(chosen[name] for name in survivorship.COLUMNS), is_online)
