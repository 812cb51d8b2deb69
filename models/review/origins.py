"""How a customer came to be who it is: what began it, and what joined it when and why."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models import clock
from models.database import company_zone, execute
from models.review.records import Case

_MOST = 4


class Joined(NamedTuple):
    """One of a customer's records; `rule` is first, declared, match, company or split, `evidence` what agreed."""

    source: str
    key: str
    rule: str
    evidence: str
    run_id: int | None


class Origin(NamedTuple):
    """A customer's first records, how many more there are, and how many rows hang on their keys by source."""

    created_on: dt.date
    is_typed: bool
    records: tuple[Joined, ...]
    more: int
    owned: tuple[tuple[str, int], ...]


def read(customer_id: int) -> Origin:
    """Return how a customer began."""
    created_at, origin = execute("SELECT created_at, origin FROM customer WHERE id = ?", (customer_id,)).fetchone()
    records = execute(
        "SELECT source, key, link_rule, link_evidence, link_run_id FROM source_record WHERE customer_id = ?"
        " ORDER BY id",
        (customer_id,),
    ).fetchall()
    owned = execute(
        "SELECT source, count(*) FROM purchase WHERE customer_id = ? GROUP BY source ORDER BY source", (customer_id,)
    ).fetchall()
    return Origin(
        clock.local_date(clock.from_micros(created_at), company_zone()),
        origin == "crm",
        tuple(Joined(*row) for row in records[:_MOST]),
        len(records[_MOST:]),
        tuple((row[0], row[1]) for row in owned),
    )


def of_candidates(case: Case) -> dict[int, Origin]:
    """Return by pair how each candidate's customer began."""
    return {one.pair_id: read(one.side.customer_id) for one in case.candidates}
