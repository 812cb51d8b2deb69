"""Raw SQL again: nurture, names, the journal, and connections without a user."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator

import pytest

from models import clock, database, errors
from models.activities import months
from models.deals import approvals, quotes, rates
from models.materials import catalogue
from models.orders import contracts, invoices, orders
from models.triggers import JOURNALLED
from tests.models.raw_sql import Raw


@pytest.fixture(params=[1, 0], ids=["foreign keys on", "foreign keys off"])
def raw(book, request) -> Iterator[Raw]:
    made = Raw(book.path, clock.to_micros(book.now), book.today.isoformat())
    made(f"PRAGMA foreign_keys = {request.param}")
    yield made
    made.connection.close()


def enrolment(customer_id, **columns):
    return {
        "customer_id": customer_id,
        "programme_id": 1,
        "programme_code": "introduction",
        "started_at": 1,
        "started_on": "2026-11-18",
        "started_by": "ana",
        **columns,
    }


def put(raw, table, row, verb="INSERT"):
    sql, values = raw.insert(table, row, verb)
    raw(sql, *values)
    return raw.value("SELECT last_insert_rowid()")


def refuse_row(raw, code, table, row, verb="INSERT"):
    sql, values = raw.insert(table, row, verb)
    raw.refused(code, sql, *values)


@pytest.mark.parametrize("state", ["active", "paused", "completed", "exited"])
def test_no_individual_is_enrolled(book, raw, state):
    person = book.account("Abbie Moss", kind="individual")
    refuse_row(raw, "CRM201", "enrolment", enrolment(person, state=state))
    refuse_row(raw, "CRM201", "enrolment", enrolment(person, state=state), "REPLACE")


def test_an_account_in_nurture_stays_corporate(book, raw):
    account, person = book.account(), book.account("Abbie Moss", kind="individual")
    running = put(raw, "enrolment", enrolment(account))
    raw.refused("CRM203", "UPDATE customer SET kind = 'individual' WHERE id = ?", account)
    raw.refused("CRM201", "UPDATE enrolment SET customer_id = ? WHERE id = ?", person, running)
    columns = {"id": account, "kind": "individual", "name": "Oak", "created_at": 1}
    refuse_row(raw, "CRM302", "customer", columns, "REPLACE")
    sql, values = raw.insert("customer", columns)
    raw.refused("CRM302", f"{sql} ON CONFLICT (id) DO UPDATE SET kind = 'individual'", *values)
    raw.refused("CRM302", "UPDATE OR REPLACE customer SET id = ? WHERE id = ?", account, person)
    raw.refused("CRM302", "UPDATE customer SET rowid = 9999 WHERE id = ?", account)
    raw.refused("CRM306", "DELETE FROM customer WHERE id = ?", account)


def test_what_has_ended_doesnt_go_on_for_an_individual(book, raw):
    account = book.account()
    ended = put(raw, "enrolment", enrolment(account))
    step = put(raw, "enrolment_step", {"enrolment_id": ended, "position": 1, "state": "due"})
    raw("UPDATE enrolment SET state = 'exited' WHERE id = ?", ended)
    raw("UPDATE customer SET kind = 'individual' WHERE id = ?", account)
    for state in ("active", "paused"):
        raw.refused("CRM201", "UPDATE enrolment SET state = ? WHERE id = ?", state, ended)
    raw.refused("CRM201", "UPDATE enrolment_step SET state = 'done' WHERE id = ?", step)
    refuse_row(raw, "CRM201", "enrolment_step", {"enrolment_id": ended, "position": 2, "state": "done"})


def test_one_running_enrolment_for_each_account_and_programme(book, raw):
    account = book.account()
    first = put(raw, "enrolment", enrolment(account))
    refuse_row(raw, "CRM202", "enrolment", enrolment(account))
    refuse_row(raw, "CRM202", "enrolment", enrolment(account), "REPLACE")
    raw("UPDATE enrolment SET state = 'completed' WHERE id = ?", first)
    second = put(raw, "enrolment", enrolment(account))
    raw.refused("CRM202", "UPDATE OR REPLACE enrolment SET state = 'active' WHERE id = ?", first)
    assert raw.value("SELECT state FROM enrolment WHERE id = ?", second) == "active"


def test_the_history_cant_be_changed(book, raw):
    book.deal("develop", 25_000)
    newest = raw("SELECT * FROM journal ORDER BY id DESC LIMIT 1")[0]
    marks = ", ".join("?" * len(newest))
    raw.refused("CRM301", "UPDATE journal SET actor = 'bo'")
    raw.refused("CRM301", "UPDATE journal SET rowid = rowid + 1")
    raw.refused("CRM301", "DELETE FROM journal")
    raw.refused("CRM301", f"REPLACE INTO journal VALUES ({marks})", *newest)
    raw.refused("CRM301", f"INSERT INTO journal VALUES ({marks})", newest[0] + 1, None, raw.now, "bo", *newest[4:])
    action = raw("SELECT * FROM action ORDER BY id DESC LIMIT 1")[0]
    marks = ", ".join("?" * len(action))
    raw.refused("CRM30", f"REPLACE INTO action VALUES ({marks})", *action)
    raw.refused("CRM301", "UPDATE action SET actor = 'bo'")
    raw.refused("CRM301", "UPDATE action SET can_undo = 1 WHERE can_undo = 0")
    raw.refused("CRM301", "DELETE FROM action")


SOLD = {
    "exchange_rate",
    "quote_approval",
    "quote_approval_request",
    "sales_contract",
    "contract_line",
    "invoice",
    "payment",
}


def sell(book):
    """Leave a row in each table of `SOLD`."""
    rates.add(book.olga, book.now, "EUR", "1.1", book.today)
    quote = quotes.create(book.ana, book.now, book.deal("quote", 9_000))
    quotes.change_line(book.ana, book.now, quotes.get(quote, book.now).lines[0].id, discount_bp=5_000)
    approvals.ask(book.ana, book.now, quote)
    approvals.approve(book.max, book.now, quote)
    quotes.send(book.ana, book.now, quote)
    contracts.accept(book.ana, book.now, quote, book.today, book.today)
    order = contracts.call_off(book.ana, book.now, contracts.list_contracts(book.today)[0].id)
    orders.ship(book.ana, book.now, order)
    invoices.pay(book.ana, book.now, invoices.issue(book.ana, book.now, order))


def fill(book, raw, table):
    """Leave a row in a journalled table, and in most others."""
    deal = book.deal("close", 25_000)
    enrolled = put(raw, "enrolment", enrolment(book.account("Elm")))
    put(raw, "enrolment_step", {"enrolment_id": enrolled, "position": 1})
    customer = raw.value("SELECT customer_id FROM deal WHERE id = ?", deal)
    user = book.uma.id
    common = {"deal_id": deal}
    for name, row in (
        ("tech_check_request", {**common, "asked_of_id": user, "asked_by": "ana", "asked_at": 1}),
        ("tech_check_draft", {**common, "user_id": user, "payload": "{}", "saved_at": 1}),
        ("deal_member", {**common, "user_id": user, "added_at": 1, "added_by": "ana"}),
        ("import_run", {"actor": "ana", "started_at": 1}),
        ("deal_person", {**common, "name": "Pat Marsh", "role": "user"}),
        (
            "assessment",
            {**common, "questionnaire_id": 1, "submission": "x", "score": 100, "is_held": 1, "result": "elsewhere",
             "answers": '{"need": 0, "budget": 0, "time": 0, "decider": 0, "fit": 0}', "entered_at": 1,
             "entered_by": "ana"},
        ),
        ("customer_pin", {"customer_id": customer, "field": "email", "value": "x", "pinned_by": "ana", "pinned_at": 1}),
        (
            "activity",
            {"customer_id": customer, "owner_id": user, "channel": "call", "state": "done", "created_at": 1,
             "created_by": "x"},
        ),
        (
            "sent_email",
            {"customer_id": customer, "recipient": "a", "subject": "b", "body": "c", "handed_to": "d", "sent_at": 1,
             "sent_by": "ana"},
        ),
    ):  # fmt: skip
        put(raw, name, row)
    run = raw.value("SELECT max(id) FROM import_run")
    days = {"purchased_on": "2026-11-02", "due_on": "2026-11-16"}
    put(raw, "follow_up", {"customer_id": customer, **days, "bought": "[]", "others": "[]", "run_id": run})
    decided = {"left_source": "con", "left_key": "1", "right_source": "loy", "right_key": "1", "verdict": "never"}
    put(raw, "match_decision", {**decided, "decided_by": "ana", "decided_at": 1})
    merged = {"gone_id": customer, "kept_id": customer, "journal_from": 1, "journal_to": 2}
    put(raw, "customer_merge", {**merged, "merged_at": 1, "merged_by": "ana"})
    catalogue.add(book.olga, book.now, "sheet.pdf", b"%PDF", product_names=["DOORBELL"])
    months.close(book.olga, book.now, dt.date(2026, 10, 1))
    if table in SOLD:
        sell(book)


@pytest.mark.parametrize("table", sorted(set(JOURNALLED) - {"tech_check"}))
def test_no_journalled_row_is_replaced_or_renumbered(book, raw, table):
    fill(book, raw, table)
    stored = [name for _, name, *_, hidden in raw(f"PRAGMA table_xinfo({table})") if not hidden]
    row = raw(f"SELECT {', '.join(stored)} FROM {table} ORDER BY id DESC LIMIT 1")[0]
    raw.refused("CRM", f"REPLACE INTO {table} ({', '.join(stored)}) VALUES ({', '.join('?' * len(row))})", *row)
    raw.refused("CRM", f"UPDATE {table} SET rowid = 987654 WHERE id = ?", row[0])


def test_every_journalled_table_names_its_columns_truly(raw):
    for table, columns in JOURNALLED.items():
        stored = {name for _, name, *_ in raw(f"PRAGMA table_xinfo({table})")}
        assert set(columns) <= stored, table


# Written outside actions on purpose: a row when a form opens, gone after a minute.
_OPEN = {"presence"}
# Words are learnt with the names that somebody writes.
_LEARNT = {"search_word", "search_slip"}
_FILLED_BY_IMPORTS = {
    "import_file", "source_record", "customer_key", "purchase", "source_event", "membership", "review_pair",
    "import_change", "import_bad_row",
}  # fmt: skip


def refusal(connection, sql):
    """Return what the database says to a statement, empty where it lets it through."""
    try:
        connection.execute(sql)
    except sqlite3.Error as error:
        return str(error)
    return ""


def test_a_missing_function_is_a_sentence(book):
    stranger = sqlite3.connect(book.path)
    with pytest.raises(sqlite3.OperationalError) as caught:
        stranger.execute("UPDATE deal SET need = 'x'")
    assert isinstance(errors.from_database(caught.value), errors.DatabaseAwayError)
    stranger.close()


def test_a_connection_without_the_functions_cant_write(book):
    book.deal("close", 25_000)
    stranger = sqlite3.connect(book.path, isolation_level=None)
    tables = [
        name
        for (name,) in stranger.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE '%\\_search\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
    ]
    assert len(tables) > 30
    for table in set(tables) - _OPEN:
        columns = [name for _, name, *_, hidden in stranger.execute(f"PRAGMA table_xinfo({table})") if not hidden]
        writes = [f"DELETE FROM {table}", f"UPDATE {table} SET {columns[-1]} = {columns[-1]}"]
        if table not in _FILLED_BY_IMPORTS | _LEARNT:
            writes.append(f"INSERT INTO {table} SELECT {', '.join(columns)} FROM {table}")
        for sql in writes:
            said = refusal(stranger, sql)
            assert "CRM" in said or "no such function: crm_" in said, (sql, said)
    stranger.close()


def test_nobody_acting_cant_write_either(book):
    book.deal()
    with pytest.raises(database.DatabaseError):
        database.execute("UPDATE deal SET need = 'x'")
    with pytest.raises(database.DatabaseError):
        database.execute("UPDATE rule SET value = 1")
