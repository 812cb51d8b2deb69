"""Customers that were entered by hand, where something wants to compare or decide about them as about a record."""

from __future__ import annotations

from models.customers.survivorship import ADDRESS, Record
from models.database import execute

TYPED = "crm"
"""Stands for a source where a customer has no record; the key is the customer's id."""
_FIELDS = ("given", "surname", "email", "phone", "birth_date", "gender", *ADDRESS)


def now_with(column: str) -> str:
    """Return SQL for the customer that the one in `column` is by now: itself, or who it was merged into."""
    return (
        "(WITH RECURSIVE up (id, next) AS (SELECT c.id, c.merged_into_id FROM customer c"
        f" WHERE c.id = {column} UNION ALL SELECT c.id, c.merged_into_id FROM customer c JOIN up ON c.id = up.next)"
        " SELECT id FROM up WHERE next IS NULL)"
    )


def as_record(customer_id: int) -> Record:
    """Return what a customer shows, as a record would say it."""
    names = ("name", *_FIELDS)
    row = execute(f"SELECT {', '.join(names)} FROM customer WHERE id = ?", (customer_id,)).fetchone()
    found = {name: value for name, value in zip(names, row, strict=True) if value}
    return Record(0, TYPED, str(customer_id), found | {"full_name": found["name"]})


def list_decided(customer_id: int) -> list[int]:
    """Return the customer's id, and those of who was merged into it, where pairs or decisions name them."""
    rows = execute(
        "WITH RECURSIVE mine (id) AS"
        " (SELECT ?1 UNION SELECT m.gone_id FROM customer_merge m JOIN mine ON m.kept_id = mine.id),"
        " named (id, key) AS (SELECT id, CAST(id AS TEXT) FROM mine)"
        " SELECT id FROM named WHERE EXISTS (SELECT 1 FROM review_pair WHERE typed_id = named.id)"
        " OR EXISTS (SELECT 1 FROM match_decision WHERE left_source = ?2 AND left_key = named.key)"
        " OR EXISTS (SELECT 1 FROM match_decision WHERE right_source = ?2 AND right_key = named.key) ORDER BY id",
        (customer_id, TYPED),
    )
    return [row[0] for row in rows.fetchall()]
