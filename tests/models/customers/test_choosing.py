from __future__ import annotations

import datetime as dt
import json

import pytest

from models import clock, journal, undo
from models.customers import choosing, customers, listing, spending
from models.customers.listing import CustomerView
from models.customers.records import Channel
from models.database import execute
from models.errors import ChangedMeanwhileError, NotAllowedError, NotFoundError, UsageError
from tests.models.conftest import Book

_CON = {"given": "Nora", "surname": "Vale", "email": "nora@a.example", "birth_date": "1984-03-12",
        "street": "14 Elm Walk", "city": "Denver"}  # fmt: skip
_LOY = {"given": "Nora", "surname": "Wale", "email": "nora@b.example", "birth_date": "1984-12-03"}


def _put(table: str, **row: object) -> int:
    cursor = execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", tuple(row.values())
    )
    return int(cursor.lastrowid or 0)


@pytest.fixture
def nora(book: Book) -> int:
    """A customer of bo's whom two sources know, with purchases in three months of two years."""
    made = customers.create(book.bo, book.now, name="Nora Vale")
    with journal.action(book.olga, book.now, "import.run", "Imported"):
        run = _put("import_run", actor="olga", started_at=clock.to_micros(book.now))
        for source, fields in (("con", _CON), ("loy", _LOY)):
            _put("source_record", source=source, key=f"{source}_1", line=2, cells="[]", fields=json.dumps(fields),
                 run_id=run, customer_id=made)  # fmt: skip
        for key, source, on, amount in (
            ("a", "onl", "2026-11-02", 139_000), ("b", "pos", "2026-11-17", 3_800), ("c", "pos", "2026-11-18", 200),
            ("d", "onl", "2025-12-01", 1_000), ("e", "onl", "2025-11-30", 7_000),
        ):  # fmt: skip
            _put("purchase", source=source, key=key, owner_key="x", customer_id=made, purchased_on=on,
                 amount_minor=amount, line=2, cells="[]", run_id=run)  # fmt: skip
        execute("UPDATE customer SET email = 'nora@a.example', birth_date = '1984-03-12' WHERE id = ?", (made,))
    return made


def _column(customer_id: int, name: str) -> object:
    return execute(f"SELECT {name} FROM customer WHERE id = ?", (customer_id,)).fetchone()[0]


def _source_of(book: Book, customer_id: int, field: str) -> str:
    profile = customers.get_profile(customer_id, book.olga, book.now)
    return next(one.source for one in profile.fields if one.field == field)


def test_another_records_value_is_taken_and_the_sources_followed_again(book: Book, nora: int) -> None:
    choosing.take(book.bo, book.now, nora, "email", "loy", "loy_1")
    assert (_column(nora, "email"), _source_of(book, nora, "email")) == ("nora@b.example", "pin")
    choosing.follow(book.bo, book.now, nora, "email")
    assert (_column(nora, "email"), _source_of(book, nora, "email")) == ("nora@a.example", "con")
    assert undo.undo(book.bo, book.now) == "Nora Vale: email follows the sources again"
    assert (_column(nora, "email"), _source_of(book, nora, "email")) == ("nora@b.example", "pin")
    undo.undo(book.bo, book.now)
    assert (_column(nora, "email"), _source_of(book, nora, "email")) == ("nora@a.example", "con")


def test_a_value_that_somebody_else_has_entered_meanwhile_is_not_replaced_unseen(book: Book, nora: int) -> None:
    seen = {"email": _column(nora, "email")}
    customers.edit(book.max, book.now, nora, {"email": "nora@c.example"})
    with pytest.raises(ChangedMeanwhileError, match="max changed Nora Vale meanwhile"):
        choosing.take(book.bo, book.now, nora, "email", "loy", "loy_1", seen=seen)
    with pytest.raises(ChangedMeanwhileError):
        choosing.follow(book.bo, book.now, nora, "email", seen=seen)
    assert _column(nora, "email") == "nora@c.example"
    choosing.take(book.bo, book.now, nora, "email", "loy", "loy_1", seen={"email": "nora@c.example"})
    assert _column(nora, "email") == "nora@b.example"


def _pins(customer_id: int) -> list[tuple[object, ...]]:
    return execute("SELECT field, value, pinned_by FROM customer_pin WHERE customer_id = ?", (customer_id,)).fetchall()


def test_a_pin_that_changes_no_value_is_taken_back_and_redone(book: Book, nora: int) -> None:
    choosing.take(book.bo, book.now, nora, "email", "con", "con_1")
    assert (_column(nora, "email"), _source_of(book, nora, "email")) == ("nora@a.example", "pin")
    undo.undo(book.bo, book.now)
    assert (_column(nora, "email"), _source_of(book, nora, "email")) == ("nora@a.example", "con")
    assert _pins(nora) == []
    undo.redo(book.bo, book.now)
    assert _pins(nora) == [("email", "nora@a.example", "bo")]
    # Following the sources to the same value is a change like any other.
    choosing.follow(book.bo, book.now, nora, "email")
    assert _source_of(book, nora, "email") == "con"
    undo.undo(book.bo, book.now)
    assert _source_of(book, nora, "email") == "pin"


def test_undo_brings_an_earlier_pin_back(book: Book, nora: int) -> None:
    customers.edit(book.bo, book.now, nora, {"email": "nora@hand.example"})
    choosing.take(book.bo, book.now, nora, "email", "loy", "loy_1")
    undo.undo(book.bo, book.now)
    assert _pins(nora) == [("email", "nora@hand.example", "bo")]
    assert _source_of(book, nora, "email") == "pin"
    undo.undo(book.bo, book.now)
    assert _pins(nora) == []
    assert _source_of(book, nora, "email") == "con"


def test_a_name_and_an_address_are_taken_whole(book: Book, nora: int) -> None:
    choosing.take(book.bo, book.now, nora, "name", "loy", "loy_1")
    assert [_column(nora, name) for name in ("name", "given", "surname")] == ["Nora Wale", "Nora", "Wale"]
    customers.edit(book.bo, book.now, nora, {"street": "1 Other Road", "city": "Aspen", "postcode": "81611"})
    choosing.take(book.bo, book.now, nora, "address", "con", "con_1")
    assert [_column(nora, name) for name in ("street", "city", "postcode")] == ["14 Elm Walk", "Denver", ""]


def test_what_cannot_be_taken_is_said(book: Book, nora: int) -> None:
    with pytest.raises(NotFoundError, match="has no record loy:loy_9"):
        choosing.take(book.bo, book.now, nora, "email", "loy", "loy_9")
    with pytest.raises(UsageError, match="says nothing of phone"):
        choosing.take(book.bo, book.now, nora, "phone", "loy", "loy_1")
    with pytest.raises(UsageError, match="No source says anything of occupation"):
        choosing.follow(book.bo, book.now, nora, "occupation")
    with pytest.raises(NotAllowedError, match="is bo's"):
        choosing.take(book.ana, book.now, nora, "email", "loy", "loy_1")


def test_a_value_that_is_hidden_cannot_be_taken_from_another_source(book: Book, nora: int) -> None:
    with journal.action(book.olga, book.now, "customer.edit", "Nobody's"):
        execute("UPDATE customer SET owner_id = NULL WHERE id = ?", (nora,))
    with pytest.raises(NotAllowedError, match="hidden for your role"):
        choosing.take(book.uma, book.now, nora, "birth_date", "loy", "loy_1")


def test_months_and_years_are_summed_by_source(book: Book, nora: int) -> None:
    months = spending.list_months(nora, dt.date(2026, 11, 18))
    assert [one.name for one in months] == ["2025-12", *(f"2026-{month:02d}" for month in range(1, 12))]
    assert months[0].channels == (Channel("onl", "online", 1_000, 1), Channel("pos", "stores", 0, 0))
    assert months[-1].channels == (Channel("onl", "online", 139_000, 1), Channel("pos", "stores", 4_000, 2))
    assert {channel.amount_minor for one in months[1:-1] for channel in one.channels} == {0}
    years = [(one.name, one.channel("onl").amount_minor) for one in spending.list_years(nora)]
    assert years == [("2026", 139_000), ("2025", 8_000)]


def test_ids_are_listed_by_name_and_found_by_what_people_remember(book: Book, nora: int) -> None:
    ana = book.account("Fabrikam Clinics")
    zoe = customers.create(book.bo, book.now, name="Zoe Vale", email="zoe@c.example")
    gone = customers.create(book.bo, book.now, name="Adam Vale")
    with journal.action(book.olga, book.now, "customer.edit", "Nobody's and merged"):
        execute("UPDATE customer SET owner_id = NULL WHERE id = ?", (zoe,))
        execute("UPDATE customer SET merged_into_id = ? WHERE id = ?", (nora, gone))

    def listed(**view: object) -> list[int]:
        return list(listing.list_ids(CustomerView(**view)))  # type: ignore[arg-type]

    assert listed() == [ana, nora, zoe]
    assert list(listing.list_ids(CustomerView(), 1)) == [ana]
    assert listed(owner_id=book.bo.id) == [nora]
    assert listed(is_unowned=True) == [zoe]
    assert listed(kind="corporate") == [ana]
    assert listed(kind="individual", text="vale") == [nora, zoe]
    assert listed(text="zoe@c.example") == [zoe]
    assert listed(text=f"C-{ana:05d}") == [ana]
    assert listed(text="fab", owner_id=book.bo.id) == []
    assert [row.name for row in listing.list_rows([zoe, 999, ana])] == ["Zoe Vale", "Fabrikam Clinics"]
