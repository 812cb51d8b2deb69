from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from models import journal
from models.activities import log
from models.customers import customers
from models.customers.records import Channel, CustomerProfile, Relation, ValueSource
from models.customers.timeline import list_timeline
from models.database import execute
from models.errors import NotFoundError
from models.nurture import enrolments
from tests.models.conftest import Book

_CON = {"given": "Nora", "surname": "Vale", "birth_date": "1984-03-12", "phone": "787699373", "street": "14 Elm Walk",
        "city": "Denver", "postcode": "80014", "tier": "medium", "income_minor": 123456,
        "created_on": "2018-01-31"}  # fmt: skip
_LOY = {
    "given": "Nora",
    "surname": "Vale",
    "birth_date": "1984-12-03",
    "phone": "0787699373",
    "created_on": "2018-10-23",
}


def _put(table: str, **row: Any) -> int:
    marks = ", ".join("?" for _ in row)
    cursor = execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
    return int(cursor.lastrowid or 0)


@pytest.fixture
def nora(book: Book) -> int:
    """A customer of bo's out of two records, with purchases of both kinds."""
    with journal.action(book.olga, book.now, "import.run", "Imported by hand", can_undo=False):
        run = _put("import_run", actor="olga", started_at=1)
        file = _put("import_file", run_id=run, name="Contacts.csv", source="con", encoding="utf-8", delimiter=",",
                    header='["ContactId"]', sha256="", rows=1)  # fmt: skip
        one = _put("customer", name="Nora Vale", given="Nora", surname="Vale", owner_id=book.bo.id, created_at=1,
                   birth_date="1984-03-12", phone="0787699373", street="14 Elm Walk", city="Denver", postcode="80014",
                   tier="medium", income_minor=123456, first_seen_on="2018-01-31")  # fmt: skip
        common = {"file_id": file, "run_id": run, "customer_id": one, "cells": '["CNTID_1"]'}
        _put("source_record", source="con", key="CNTID_1", line=2, fields=json.dumps(_CON), link_rule="first", **common)
        card = _put("source_record", source="loy", key="LOYID_1", line=2, fields=json.dumps(_LOY), **common)
        _put("membership", key="LOYID_1", customer_id=one, points=640, joined_on="2018-10-23", record_id=card)
        for source, key, owner, on, amount, points in (
            ("onl", "OP_1", "CNTID_1", "2026-11-02", 139000, None),
            ("onl", "OP_2", "CNTID_1", "2026-06-05", 112600, None),
            ("pos", "P_1", "LOYID_1", "2026-11-02", 18900, 95),
        ):
            _put("purchase", source=source, key=key, owner_key=owner, customer_id=one, purchased_on=on,
                 amount_minor=amount, points=points, product_key="Doorbell", file_id=file, line=2, cells="[]",
                 run_id=run)  # fmt: skip
    return one


def _field(profile: CustomerProfile, name: str) -> ValueSource:
    return next(field for field in profile.fields if field.field == name)


def _told(field: ValueSource) -> tuple[str, str, list[tuple[str, str, str]]]:
    return field.value, field.source, [(other.source, other.relation.sign, other.value) for other in field.others]


def test_each_value_names_its_record_and_what_the_others_say(book: Book, nora: int) -> None:
    profile = customers.get_profile(nora, book.bo, book.now)
    assert _told(_field(profile, "name")) == ("Nora Vale", "con", [("loy", "=", "Nora Vale")])
    assert _told(_field(profile, "phone")) == ("0787699373", "loy", [("con", "~", "787699373")])
    assert _told(_field(profile, "birth_date")) == ("1984-03-12", "con", [("loy", "~", "1984-12-03")])
    assert _told(_field(profile, "address")) == ("14 Elm Walk, Denver, 80014", "con", [("loy", "-", "")])
    assert _told(_field(profile, "points")) == ("640", "loy", [])
    assert _told(_field(profile, "income_minor")) == ("1234.56", "con", [("loy", "-", "")])
    assert _told(_field(profile, "email")) == ("", "", [])


@pytest.mark.parametrize(
    ("login", "sees"), [("bo", True), ("max", True), ("olga", True), ("sid", True), ("ana", False), ("uma", False)]
)
def test_birth_date_and_income_are_hidden_for_most(book: Book, nora: int, login: str, sees: bool) -> None:
    profile = customers.get_profile(nora, book.actors[login], book.now)
    for name in ("birth_date", "income_minor"):
        field = _field(profile, name)
        assert field.is_hidden is not sees
        assert bool(field.value or field.others) is sees
    assert not _field(profile, "phone").is_hidden


def test_measures_add_up_both_shops_and_take_the_schemes_balance(book: Book, nora: int) -> None:
    measures = customers.measures(nora)
    assert measures.channels == (Channel("onl", "online", 2516_00, 2), Channel("pos", "stores", 189_00, 1))
    assert (measures.baskets, measures.average_basket_minor) == (3, 901_67)
    assert (measures.spend_minor, measures.points) == (270500, 640)
    assert measures.last_purchase_on == dt.date(2026, 11, 2)


def test_records_and_purchases_of_a_customer_are_listed(book: Book, nora: int) -> None:
    profile = customers.get_profile(nora, book.bo, book.now)
    assert [(row.source, row.key, row.cells) for row in profile.sources] == [
        ("con", "CNTID_1", (("ContactId", "CNTID_1"),)),
        ("loy", "LOYID_1", (("ContactId", "CNTID_1"),)),
    ]
    assert [(one.source, one.owner_key, one.rows) for one in profile.owned] == [
        ("onl", "CNTID_1", 2),
        ("pos", "LOYID_1", 1),
    ]


def test_a_value_typed_by_hand_says_so(book: Book, nora: int) -> None:
    customers.edit(book.bo, book.now, nora, {"street": "9 Oak Row", "email": "n@b.example"})
    profile = customers.get_profile(nora, book.bo, book.now)
    assert _field(profile, "address").source == "pin"
    assert _told(_field(profile, "email")) == ("n@b.example", "pin", [("con", "-", ""), ("loy", "-", "")])
    made = customers.create(book.bo, book.now, name="Ivo Hart")
    assert _field(customers.get_profile(made, book.bo, book.now), "name").source == "crm"


def test_nobody_is_said(book: Book) -> None:
    with pytest.raises(NotFoundError, match="C-00099"):
        customers.get_profile(99, book.bo, book.now)


def test_the_timeline_has_everything_newest_first_with_its_source(book: Book, nora: int) -> None:
    customers.label_corporate(book.max, book.now, [nora], "Fabrikam")
    log.log(book.ana, book.at("2026-11-10"), customer_id=nora, channel="call", who="Pat", text="Asks about a sensor")
    book.deal("quote", customer_id=nora)
    enrolments.start(book.ana, book.now, [nora])
    entries = list_timeline(nora, book.now)
    assert [(entry.kind, entry.source, entry.on.isoformat()) for entry in entries if entry.kind != "deal"] == [
        ("nurture", "crm", "2026-11-18"),
        ("call", "crm", "2026-11-10"),
        ("store", "pos", "2026-11-02"),
        ("online", "onl", "2026-11-02"),
        ("online", "onl", "2026-06-05"),
        ("loyalty", "loy", "2018-10-23"),
        ("contact", "con", "2018-01-31"),
    ]
    opened = [entry.text for entry in entries if entry.kind == "deal"]
    assert [text.partition(" ")[2] for text in reversed(opened)] == [
        "Site S8 opened in Qualify", "Site S8 moved to Develop", "Site S8 moved to Quote",
    ]  # fmt: skip
    store = next(entry for entry in entries if entry.kind == "store")
    assert (store.amount_minor, store.points, store.text) == (18900, 95, "Doorbell, P_1")


def test_kinds_sources_and_a_first_day_choose(book: Book, nora: int) -> None:
    def kinds(**options: Any) -> list[str]:
        return [entry.kind for entry in list_timeline(nora, book.now, **options)]

    assert kinds(kinds=["online"]) == ["online", "online"]
    assert kinds(sources=["pos", "loy"]) == ["store", "loyalty"]
    assert kinds(since=dt.date(2026, 6, 6)) == ["store", "online"]
    assert kinds(kinds=["online"], sources=["crm"]) == []
    assert list_timeline(nora, book.at("2026-07-01"))[0].on == dt.date(2026, 6, 5)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_of_any_size_make_the_whole(book: Book, nora: int, size: int) -> None:
    for minute in range(3):
        when = book.now - dt.timedelta(minutes=minute // 2)
        log.log(book.bo, when, customer_id=nora, channel="call", text=f"Call {minute}")
        log.log(book.bo, when, customer_id=nora, channel="note", text=f"Note {minute}")
    book.deal("quote", owner="bo", customer_id=nora)
    whole = list_timeline(nora, book.now)
    assert len(whole) == 14
    read, last = [], None
    while page := list_timeline(nora, book.now, limit=size, before=last):
        read += page
        last = page[-1].cursor
    assert read == whole


def test_a_persons_name_says_nothing_of_their_companys(book: Book, nora: int) -> None:
    customers.label_corporate(book.olga, book.now, [nora], "Fabrikam")
    profile = customers.get_profile(nora, book.olga, book.now)
    name = _field(profile, "name")
    assert (name.value, [other.relation for other in name.others]) == ("Fabrikam", [Relation.MISSING] * 2)
    with journal.action(book.olga, book.now, "import.run", "Changed by hand", can_undo=False):
        named = json.dumps(_LOY | {"company_name": "Fabrikam Inc."})
        execute("UPDATE source_record SET fields = ? WHERE source = 'loy'", (named,))
    others = _field(customers.get_profile(nora, book.olga, book.now), "name").others
    assert {(other.source, other.relation) for other in others} == {
        ("con", Relation.MISSING),
        ("loy", Relation.DIFFERS),
    }
