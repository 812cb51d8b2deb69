"""What the journal knows of a row is enough to bring it back: over every table that it records."""

from __future__ import annotations

import pytest

from models import clock, journal, undo
from models.database import execute
from models.errors import RefusedError
from models.triggers import DERIVED, JOURNALLED
from models.triggers.journal import KEPT
from tests.models.raw_sql import Raw
from tests.models.test_database_keeps import fill

# Columns that triggers fill again from other rows, or that only say when.
FILLED_AGAIN = {
    "customer": {"updated_at"},
    "deal": {"amount_usd_cents", "amount_quote_id", "terms_lines", "next_step", "next_step_on", "next_step_minute",
             "updated_at", "version"},
    "invoice": {"paid_minor", "paid_on"},
    "sales_order": {"settled"},
}  # fmt: skip

# Of these the row that is there is never deleted, whoever asks: what was sent, agreed, closed or signed stays.
NEVER_DELETED = {
    "app_user", "assessment", "closed_month", "contract_line", "deal", "invoice", "order_line", "quote",
    "quote_approval", "quote_line", "sales_contract", "sales_order",
}  # fmt: skip


def columns(table):
    rows = execute(f"PRAGMA table_xinfo({table})").fetchall()
    return {name for _, name, _, _, _, is_key, hidden in rows if not is_key and not hidden}


@pytest.mark.parametrize("table", sorted(set(JOURNALLED) - KEPT))
def test_every_column_is_journalled_or_filled_again_by_triggers(book, table):
    known = {*JOURNALLED[table], *DERIVED.get(table, ()), *FILLED_AGAIN.get(table, ())}
    assert columns(table) - known == set()
    assert FILLED_AGAIN.get(table, set()) <= columns(table)


@pytest.mark.parametrize("table", sorted(set(JOURNALLED) - KEPT))
def test_a_deleted_row_comes_back_by_undo_as_it_was(book, table):
    raw = Raw(book.path, clock.to_micros(book.now), book.today.isoformat())
    fill(book, raw, table)
    raw.connection.close()
    if table == "customer":
        book.account("Free", person="")
    names = ", ".join(name for name in JOURNALLED[table] if name not in DERIVED.get(table, ()))
    query = f"SELECT id, {names} FROM {table} ORDER BY id DESC"
    before = execute(query).fetchall()
    # Rows hang on most: only what is in this one matters here.
    execute("PRAGMA foreign_keys = 0")
    delete = f"DELETE FROM {table} WHERE id = ?"
    if table in NEVER_DELETED:
        with pytest.raises(RefusedError), journal.action(book.olga, book.now, "test", "Deleted a row"):
            execute(delete, (before[0][0],))
        return
    with journal.action(book.olga, book.now, "test", "Deleted a row"):
        execute(delete, (before[0][0],))
    assert len(execute(query).fetchall()) == len(before) - 1
    undo.undo(book.olga, book.now)
    assert execute(query).fetchall() == before


@pytest.mark.parametrize("table", sorted(KEPT))
def test_what_is_journalled_in_part_is_never_deleted(book, table):
    raw = Raw(book.path, clock.to_micros(book.now), book.today.isoformat())
    fill(book, raw, table)
    raw.connection.close()
    if table == "tech_check":
        book.sign(book.deal("tech_check"))
    with pytest.raises(RefusedError), journal.action(book.olga, book.now, "test", "Deleted a row"):
        execute(f"DELETE FROM {table}")
