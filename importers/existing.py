"""What the database holds already, read before an import is planned; nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
import pandas as pd

from importers import decided, match_memory
from importers.kinds import OWNED, Kind
from models.customers import survivorship
from models.customers.decisions import Key
from models.customers.entered import TYPED
from models.database import execute

_TYPED = ("full_name", "given", "surname", "birth_date", "email", "phone", "street", "city", "postcode")


@dataclass(slots=True)
class KnownRecord:
    """A source record of people that is there already; `cells` and `fields` are JSON texts."""

    id: int
    source: str
    key: str
    declared_key: str
    file_id: int | None
    cells: str
    fields: str
    absent: bool
    customer_id: int | None


@dataclass(slots=True)
class KnownAccount:
    """A corporate account as an import can recognise it."""

    customer_id: int
    names: set[str]
    emails: set[str] = field(default_factory=set)
    postcodes: set[str] = field(default_factory=set)


@dataclass
class Known:
    """Everything an import compares its files with."""

    records: dict[Key, KnownRecord] = field(default_factory=dict)
    keys: dict[Key, int] = field(default_factory=dict)
    accounts: list[KnownAccount] = field(default_factory=list)
    always: list[tuple[Key, Key]] = field(default_factory=list)
    never: list[tuple[Key, Key]] = field(default_factory=list)
    reviewed: set[frozenset[Key]] = field(default_factory=set)
    typed: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Individuals without any record: entered by hand, or left by a reverted import.

    Of accounts those alone that somebody joined with a record; no values stand for them.
    """
    headers: dict[int, list[str]] = field(default_factory=dict)
    customers: int = 0
    standing: dict[str, int] = field(default_factory=dict)
    """Code of a source, of those whose rows belong to customers by a key, to how many rows it has."""
    orphans: dict[str, dict[str, int]] = field(default_factory=dict)
    """Code of such a source to the keys that no customer has, with the number of rows that wait for each."""
    stamp: tuple[Any, ...] = ()

    @property
    def rows(self) -> int:
        """Return how many rows of files there are."""
        return len(self.records) + sum(self.standing.values())


def stamp() -> tuple[Any, ...]:
    """Return what changes whenever something happened that a plan rests on."""
    runs = execute("SELECT count(*), coalesce(max(id), 0), sum(state = 'reverted') FROM import_run").fetchone()
    decisions = execute("SELECT count(*), coalesce(max(decided_at), 0) FROM match_decision").fetchone()
    return (*runs, *decisions, match_memory.stamp())


def read() -> Known:
    """Read the open database."""
    known = Known(stamp=stamp())
    for row in execute(
        "SELECT id, source, key, declared_key, file_id, cells, fields, absent_run_id IS NOT NULL, customer_id"
        " FROM source_record"
    ):
        record = KnownRecord(row[0], row[1], row[2], row[3], row[4], row[5], row[6], bool(row[7]), row[8])
        known.records[record.source, record.key] = record
    for source, key, customer_id in execute("SELECT source, key, customer_id FROM customer_key"):
        known.keys[source, key] = customer_id
    answers = decided.read({key: record.customer_id for key, record in known.records.items() if record.customer_id})
    known.always, known.never, known.reviewed = answers.always, answers.never, answers.reviewed
    for row in execute(
        "SELECT id, name, given, surname, birth_date, email, phone, street, city, postcode FROM customer c"
        " WHERE kind = 'individual' AND merged_into_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM source_record r WHERE r.customer_id = c.id)"
    ):
        known.typed[row[0]] = dict(zip(_TYPED, row[1:], strict=True))
    for customer_id in (int(key) for pair in known.always for source, key in pair if source == TYPED):
        known.typed.setdefault(customer_id, {})
    known.headers = read_headers()
    known.customers = execute("SELECT count(*) FROM customer WHERE merged_into_id IS NULL").fetchone()[0]
    for kind in OWNED:
        known.standing.update(execute(f"SELECT source, count(*) FROM {kind.table} GROUP BY source").fetchall())
        for source, key, count in execute(
            f"SELECT source, owner_key, count(*) FROM {kind.table} WHERE customer_id IS NULL GROUP BY source, owner_key"
        ):
            known.orphans.setdefault(source, {})[key] = count
    known.accounts = _accounts(known)
    return known


def _accounts(known: Known) -> list[KnownAccount]:
    """Corporate accounts with the addresses and postcodes of their records and people."""
    found = {
        row[0]: KnownAccount(row[0], {row[1]}, {row[2]} - {""}, {row[3]} - {""})
        for row in execute(
            "SELECT id, name, email, postcode FROM customer WHERE kind = 'corporate' AND merged_into_id IS NULL"
        )
    }
    for customer_id, email in execute("SELECT account_id, email FROM person WHERE email <> ''"):
        if customer_id in found:
            found[customer_id].emails.add(email)
    for record in known.records.values():
        account = found.get(record.customer_id or 0)
        if account is not None and record.source == "con":
            fields = orjson.loads(record.fields)
            account.names.update({fields.get("company_name", "")} - {""})
            account.emails.update({fields.get("email", "")} - {""})
            account.postcodes.update({fields.get("postcode", "")} - {""})
    return list(found.values())


def read_headers() -> dict[int, list[str]]:
    """Return the header of each file that was imported, by its id."""
    return {row[0]: orjson.loads(row[1]) for row in execute("SELECT id, header FROM import_file")}


def read_owned(kind: Kind, source: str) -> pd.DataFrame:
    """Return id, cells, file_id and absent of the rows of a source of this kind, by key."""
    rows = execute(
        f"SELECT id, key, cells, file_id, absent_run_id IS NOT NULL FROM {kind.table} WHERE source = ?", (source,)
    ).fetchall()
    frame = pd.DataFrame(rows, columns=["id", "key", "cells", "file_id", "absent"])
    return frame.set_index("key")


def records_of(customer_ids: list[int]) -> dict[int, list[survivorship.Record]]:
    """Return the records of each of these customers as the policy wants them."""
    found: dict[int, list[survivorship.Record]] = {}
    for start in range(0, len(customer_ids), 500):
        some = customer_ids[start : start + 500]
        marks = ", ".join("?" for _ in some)
        for row in execute(
            f"SELECT customer_id, id, source, key, fields FROM source_record WHERE customer_id IN ({marks})", some
        ):
            record = survivorship.Record(row[1], row[2], row[3], orjson.loads(row[4]))
            found.setdefault(row[0], []).append(record)
    return found
