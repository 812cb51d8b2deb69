from __future__ import annotations

from pathlib import Path

import pytest

from models import database, journal
from models.customers import customers, people
from models.customers.search import find_reached_at, search
from models.database import execute
from tests.models.conftest import Book


def _found(text: str) -> list[tuple[str, str]]:
    return [(hit.kind, hit.name) for hit in search(text)]


@pytest.fixture
def nora(book: Book) -> int:
    made = customers.create(
        book.bo, book.now, name="José Ñandú-Vale", email="Jose@Mail.example", phone="(303)555-0142x9", postcode="80014"
    )
    customers.create(book.bo, book.now, name="Josephine Vane", email="jo@other.example", phone="720-555-0199")
    return made


@pytest.mark.parametrize(
    "text",
    [
        "josé ñan",
        "jose nandu",
        "vale jose",
        "VAL",
        "jose@mail",
        "JOSE@MAIL.EXAMPLE",
        "303 555 0142",
        "+1-303-555-0142",
        "001 303 555 0142",
        "(303) 555",
        "1 303 555 01",
        "80014",
    ],
)
def test_people_are_found_by_what_is_remembered(nora: int, text: str) -> None:
    assert _found(text) == [("customer", "José Ñandú-Vale")]


def test_ids_find_customers_and_deals(book: Book) -> None:
    account = book.account("Fabrikam")
    deal = book.deal(customer_id=account)
    assert _found(f"C-{account:05d}") == [("customer", "Fabrikam")]
    assert _found(f"d-{deal}") == [("deal", "Fabrikam")]
    assert ("deal", "Fabrikam") in _found(str(deal))
    # A name brings its open deals along.
    assert _found("fabri") == [("customer", "Fabrikam"), ("deal", "Fabrikam")]


def test_a_whole_name_goes_before_longer_ones(book: Book) -> None:
    for name in ("Ann Lee Zell", "Ann Lees", "Ann Lee"):
        customers.create(book.bo, book.now, name=name)
    assert [name for _, name in _found("ann lee")] == ["Ann Lee", "Ann Lee Zell", "Ann Lees"]


def test_the_email_of_a_person_finds_the_account(book: Book) -> None:
    account = book.account("Fabrikam", person="")
    people.add(book.ana, book.now, account, "Uma Reyes", email="u_ma@fab.example")
    assert _found("u_ma@") == [("person", "Uma Reyes")]
    assert _found("uXma@") == []


@pytest.mark.parametrize(
    "text",
    ["", "   ", '"', "*", '" OR name:*', "a AND", "NEAR(", "x_y_z", "\x00", "\U0001d400\U0001e900a", "%", "'; DROP"],
)
def test_hostile_text_finds_nothing_and_harms_nothing(nora: int, text: str) -> None:
    assert search(text) == []
    assert customers.count_customers("jose") == 2


def test_a_customer_that_was_renamed_is_found_by_the_new_name_only(book: Book, nora: int) -> None:
    customers.edit(book.bo, book.now, nora, {"name": "Norbert Quill"})
    assert _found("quill") == [("customer", "Norbert Quill")]
    assert _found("nandu") == []


def _put(table: str, **row: object) -> int:
    marks = ", ".join("?" for _ in row)
    made = execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
    return int(made.lastrowid or 0)


@pytest.fixture
def keyed(book: Book, nora: int) -> int:
    """Nora with a loyalty card and purchases of both kinds."""
    with journal.action(book.olga, book.now, "import.run", "Imported"):
        run = _put("import_run", actor="olga", started_at=1)
        _put("customer_key", source="loy", key="LOYID_9077", customer_id=nora)
        for source, key in (("onl", "OPID_20871"), ("pos", "PID_31202")):
            _put("purchase", source=source, key=key, owner_key="x", customer_id=nora, purchased_on="2026-11-02",
                 amount_minor=1, line=2, cells="[]", run_id=run)  # fmt: skip
    return nora


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("LOYID_9077", "loyalty number LOYID_9077"),
        ("loyid_90", "loyalty number LOYID_9077"),
        ("9077", "loyalty number LOYID_9077"),
        ("opid_2087", "online order OPID_20871"),
        ("20871", "online order OPID_20871"),
        ("PID_31202", "store purchase PID_31202"),
    ],
)
def test_numbers_of_cards_and_purchases_find_the_customer(keyed: int, text: str, why: str) -> None:
    assert [(hit.id, hit.why) for hit in search(text)] == [(keyed, why)]


def test_a_phone_number_is_found_in_every_form_and_no_other_is(book: Book) -> None:
    for name, phone in (("Plain", "303-555-0142"), ("Coded", "+1-303-555-0143x77"), ("Lost", "787699373"),
                        ("Ext", "720.555.0188 ext 4"), ("Short", "555-0177")):  # fmt: skip
        customers.create(book.bo, book.now, name=name, phone=phone)
    for text, name in (("3035550142", "Plain"), ("13035550143", "Coded"), ("+1 303 555 0143", "Coded"),
                       ("0787699373", "Lost"), ("720 555 0188", "Ext"), ("5550177", "Short")):  # fmt: skip
        assert _found(text) == [("customer", name)], text
    assert sorted(name for _, name in _found("303 555")) == ["Coded", "Plain"]
    assert _found("303 556") == []
    assert [hit.name for hit in find_reached_at("", "001-303-555-0143")] == ["Coded"]
    assert find_reached_at("", "0143") == []


def test_people_of_accounts_are_found_by_name(book: Book) -> None:
    account = book.account("Fabrikam", person="")
    people.add(book.ana, book.now, account, "Uma Reyes", position="IT lead")
    (hit,) = search("reyes um")
    assert (hit.kind, hit.id, hit.name, hit.why) == ("person", account, "Uma Reyes", "person")
    assert hit.detail.endswith("IT lead at Fabrikam")


def test_quotes_and_orders_lead_to_their_deal(book: Book) -> None:
    deal = book.deal("close", 9_000)
    number, order = (
        execute(query).fetchone()[0] for query in ("SELECT number FROM quote", "SELECT id FROM sales_order")
    )
    for text in (f"Q-{number:04d}", f"q-{number} r1", f"O-{order:04d}"):
        (hit,) = search(text)
        assert (hit.kind, hit.id) == ("deal", deal), text
    assert search("INV-9999") == search("K-0001") == search("L-0999") == []


def test_who_was_merged_is_found_by_their_old_number_only(book: Book, nora: int) -> None:
    kept = customers.create(book.bo, book.now, name="Norah Quill")
    book.set_customer(nora, merged_into_id=kept)
    assert _found("jose nandu") == _found("303 555 0142") == []
    assert _found(f"C-{nora:05d}") == [("customer", "Norah Quill")]
    book.set_customer(nora, merged_into_id=None)
    assert _found("jose nandu") == [("customer", "José Ñandú-Vale")]


def test_an_older_database_learns_its_names_when_it_is_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    database.create_file(path)
    database.init(path)
    with database.connection():
        with database.database.atomic("EXCLUSIVE"):
            for number in range(1, 10):
                for statement in database._migration(number):
                    execute(statement)
            execute(
                "INSERT INTO customer (id, name, phone, created_at) VALUES (1, 'José Ñandú-Vale', '303-555-0142', 1)"
            )
            execute("INSERT INTO customer_search (rowid, name) VALUES (1, 'José Ñandú-Vale')")
            execute("INSERT INTO person (account_id, name) VALUES (1, 'Uma Reyes')")
            execute("PRAGMA user_version = 9")
        database.upgrade()
        words = {row[0] for row in execute("SELECT word FROM search_word")}
        assert words == {"jose", "nandu", "vale", "uma", "reyes"}
        assert execute("SELECT 1 FROM search_slip WHERE left_over = 'nadu'").fetchone() == (1,)
        assert _found("reyes") == [("person", "Uma Reyes")]
        assert _found("+1 303 555 0142") == [("customer", "José Ñandú-Vale")]
