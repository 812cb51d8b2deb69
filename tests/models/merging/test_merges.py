"""Merging two customers, parting them, splitting records off: nothing lost, all of it reversible (rules 4.1, 4.6)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import database, journal, undo
from models.activities import log
from models.customers import customers, profiles, recomputing
from models.database import execute
from models.deals import deals
from models.errors import NotAllowedError, NotFoundError, RefusedError, UsageError
from models.merging import merges, splits
from models.nurture import enrolments
from tests.models.conftest import Book

_SEEN = ("customer", "person", "source_record", "customer_key", "membership", "purchase", "deal", "activity",
         "enrolment", "enrolment_step", "customer_pin", "sales_order", "invoice")  # fmt: skip


def seen() -> dict[str, list[tuple[Any, ...]]]:
    """Return all that people see of customers; when a row was touched last and the deal's version are not of it."""
    hidden = {"updated_at", "version", "pinned_at"}
    found = {}
    for table in _SEEN:
        names = [row[1] for row in execute(f"PRAGMA table_info({table})") if row[1] not in hidden]
        key = "id" if "id" in names else "1, 2"
        found[table] = execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY {key}").fetchall()
    # What had its last word from a merge says so; who ended an enrolment that runs again is nobody's any more.
    return found


def person(book: Book, name: str, owner: str | None = "ana", **columns: Any) -> int:
    return book.account(name, owner, kind="individual", **columns)


def add_record(book: Book, customer_id: int, source: str, key: str, declared: str = "", **fields: Any) -> int:
    """Write a source record with what an import makes of it: its keys, its card, a purchase under its own key."""
    importer = book.olga._replace(path="import")
    with journal.action(importer, book.now, "import.run", "Imported"):
        if execute("SELECT 1 FROM import_run").fetchone() is None:
            execute("INSERT INTO import_run (id, actor, started_at) VALUES (1, 'olga', 1)")
        cursor = execute(
            "INSERT INTO source_record (source, key, declared_key, line, cells, fields, run_id, customer_id, link_rule)"
            " VALUES (?, ?, ?, 1, '[]', ?, 1, ?, 'first')",
            (source, key, declared, json.dumps(fields), customer_id),
        )
        record_id = int(cursor.lastrowid or 0)
        execute("INSERT INTO customer_key VALUES (?, ?, ?)", (source, key, customer_id))
        if declared:
            execute("INSERT OR IGNORE INTO customer_key VALUES ('con', ?, ?)", (declared, customer_id))
        if source == "loy":
            execute(
                "INSERT INTO membership (key, customer_id, record_id) VALUES (?, ?, ?)", (key, customer_id, record_id)
            )
        buyer = execute(
            "SELECT source, customer_id FROM customer_key WHERE source = ? AND key = ?", (source, key)
        ).fetchone()
        execute(
            "INSERT INTO purchase"
            " (source, key, owner_key, customer_id, purchased_on, amount_minor, line, cells, run_id)"
            " VALUES (?, ?, ?, ?, '2026-01-05', 900, 1, '[]', 1)",
            ("onl" if source == "con" else "pos", f"P-{source}-{key}", key, buyer[1]),
        )
    return record_id


def imported(book: Book, name: str, source: str, key: str, owner: str | None = "ana", **fields: Any) -> int:
    """Write a customer of one record, as an import makes it."""
    given, _, surname = name.partition(" ")
    said = {"given": given, "surname": surname, **fields}
    customer_id = person(book, name, owner, given=given, surname=surname, origin="import", **fields)
    add_record(book, customer_id, source, key, **said)
    return customer_id


def test_a_merged_customer_has_the_records_purchases_and_deals_of_both(book: Book) -> None:
    kept = imported(book, "Nora Vale", "con", "C1", email="nora@vale.example")
    gone = imported(book, "N Vale", "loy", "L1", phone="303-555-0101")
    deal = deals.create(book.ana, book.now, gone)
    merges.merge(book.ana, book.now, kept, gone)
    row = execute("SELECT name, email, phone FROM customer WHERE id = ?", (kept,)).fetchone()
    assert row == ("Nora Vale", "nora@vale.example", "303-555-0101")
    assert book.detail(deal).customer_id == kept
    assert execute("SELECT count(*) FROM purchase WHERE customer_id = ?", (kept,)).fetchone() == (2,)
    assert execute("SELECT customer_id FROM membership").fetchall() == [(kept,)]
    assert execute("SELECT DISTINCT customer_id FROM customer_key").fetchall() == [(kept,)]
    assert [one.gone_id for one in merges.list_merged(kept)] == [gone]
    with pytest.raises(NotFoundError, match="merged into"):
        profiles.get_profile(gone, book.ana, book.now)
    assert execute("SELECT left_key, right_key, verdict FROM match_decision").fetchall() == [("C1", "L1", "always")]


def test_what_only_the_other_knew_outlives_the_next_import(book: Book) -> None:
    kept = imported(book, "Nora Vale", "con", "C1")
    gone = person(book, "Nora Vale", phone="303-555-0101", street="1 Elm Walk", city="Denver")
    merges.merge(book.ana, book.now, kept, gone)
    pins = dict(execute("SELECT field, value FROM customer_pin WHERE customer_id = ?", (kept,)).fetchall())
    assert pins == {"phone": "303-555-0101", "address": '["1 Elm Walk", "Denver", "", "", ""]'}


def test_who_owns_neither_may_not_merge(book: Book) -> None:
    kept, gone = person(book, "Nora Vale"), person(book, "Nora Vail", "bo")
    for actor in (book.ana, book.bo, book.uma):
        with pytest.raises(NotAllowedError):
            merges.merge(actor, book.now, kept, gone, owner="ana")
    merges.merge(book.max, book.now, kept, gone, owner="bo")
    assert customers.get_row(kept).owner == "bo"


def test_two_owners_are_chosen_from(book: Book) -> None:
    kept, gone = person(book, "Nora Vale"), person(book, "Nora Vail", "bo")
    with pytest.raises(RefusedError, match="two owners, ana and bo"):
        merges.merge(book.max, book.now, kept, gone)
    with pytest.raises(UsageError, match="owns neither"):
        merges.merge(book.max, book.now, kept, gone, owner="max")


def test_two_running_enrolments_are_chosen_from(book: Book) -> None:
    kept, gone = book.account(), book.account("Oak Terrace LLC")
    theirs, mine = enrolments.start(book.ana, book.now, [gone, kept])
    with pytest.raises(RefusedError, match="in nurture twice"):
        merges.merge(book.ana, book.now, kept, gone)
    merges.merge(book.ana, book.now, kept, gone, going_on=[theirs])
    assert enrolments.find_active(kept) == theirs
    assert enrolments.get(mine, book.now).exit_reason == "merged"


def test_an_account_and_an_individual_are_not_merged(book: Book) -> None:
    with pytest.raises(RefusedError, match="make Nora Vale a person of the account"):
        merges.merge(book.ana, book.now, book.account(), person(book, "Nora Vale"))


def test_a_customer_is_not_merged_with_itself_nor_twice(book: Book) -> None:
    kept, gone, third = person(book, "Nora Vale"), person(book, "Nora Vail"), person(book, "N Vale")
    with pytest.raises(UsageError):
        merges.merge(book.ana, book.now, kept, kept)
    merges.merge(book.ana, book.now, kept, gone)
    for pair in ((third, gone), (gone, third)):
        with pytest.raises(NotFoundError, match="merged into"):
            merges.merge(book.ana, book.now, *pair)


def test_parting_leaves_what_came_since_and_is_remembered(book: Book) -> None:
    kept = imported(book, "Nora Vale", "con", "C1")
    gone = imported(book, "Nora Vail", "loy", "L1")
    before = deals.create(book.ana, book.now, gone)
    merges.merge(book.ana, book.now, kept, gone)
    since = deals.create(book.ana, book.now, kept)
    customers.edit(book.ana, book.now, kept, {"email": "new@vale.example"})
    assert merges.unmerge(book.ana, book.now, gone) == kept
    assert (book.detail(before).customer_id, book.detail(since).customer_id) == (gone, kept)
    assert customers.get_row(kept).email == "new@vale.example"
    assert execute("SELECT left_key, right_key, verdict FROM match_decision").fetchall() == [("C1", "L1", "never")]
    assert merges.list_merged(kept) == []
    with pytest.raises(NotFoundError, match="was not merged"):
        merges.unmerge(book.ana, book.now, gone)


def test_merging_again_overrules_the_parting(book: Book) -> None:
    kept = imported(book, "Nora Vale", "con", "C1")
    gone = imported(book, "Nora Vail", "loy", "L1")
    merges.merge(book.ana, book.now, kept, gone)
    merges.unmerge(book.ana, book.now, gone)
    merges.merge(book.ana, book.now, kept, gone)
    assert execute("SELECT verdict FROM match_decision").fetchall() == [("always",)]


def test_a_chain_is_parted_from_its_end(book: Book) -> None:
    first, second, third = (person(book, name) for name in ("Nora Vale", "Nora Vail", "N Vale"))
    merges.merge(book.ana, book.now, second, first)
    merges.merge(book.ana, book.now, third, second)
    with pytest.raises(RefusedError, match="part it first"):
        merges.unmerge(book.ana, book.now, first)
    merges.unmerge(book.ana, book.now, second)
    merges.unmerge(book.ana, book.now, first)
    assert execute("SELECT count(*) FROM customer WHERE merged_into_id IS NOT NULL").fetchone() == (0,)


def test_several_merges_of_one_action_are_parted_one_by_one(book: Book) -> None:
    kept, one, other = (person(book, name) for name in ("Nora Vale", "Nora Vail", "N Vale"))
    mine, theirs = deals.create(book.ana, book.now, one), deals.create(book.ana, book.now, other)
    with journal.action(book.ana, book.now, "customer.merge", "Merged all alike"):
        merges.merge(book.ana, book.now, kept, one)
        merges.merge(book.ana, book.now, kept, other)
    merges.unmerge(book.ana, book.now, one)
    assert (book.detail(mine).customer_id, book.detail(theirs).customer_id) == (one, kept)


def test_a_split_record_takes_its_purchases_and_card_along(book: Book) -> None:
    customer = imported(book, "Nora Vale", "con", "C1")
    card = add_record(book, customer, "loy", "L1", given="Noah", surname="Vale")
    deal = deals.create(book.ana, book.now, customer)
    before = seen()
    new = splits.split(book.ana, book.now, customer, [card])
    assert customers.get_row(new).name == "Noah Vale"
    assert customers.get_row(new).owner == "ana"
    assert execute("SELECT owner_key, customer_id FROM purchase ORDER BY id").fetchall() == [
        ("C1", customer),
        ("L1", new),
    ]
    assert execute("SELECT customer_id FROM membership").fetchall() == [(new,)]
    assert book.detail(deal).customer_id == customer
    assert execute("SELECT verdict FROM match_decision").fetchall() == [("never",)]
    undo.undo(book.ana, book.now)
    assert seen() == before
    assert execute("SELECT count(*) FROM match_decision").fetchone() == (0,)


def test_a_split_leaves_a_record_and_takes_only_its_own(book: Book) -> None:
    customer, other = imported(book, "Nora Vale", "con", "C1"), imported(book, "Bo Ash", "con", "C2")
    mine, theirs = (row[0] for row in execute("SELECT id FROM source_record ORDER BY id").fetchall())
    with pytest.raises(RefusedError, match="nothing would be left"):
        splits.split(book.ana, book.now, customer, [mine])
    for wrong in ([], [theirs], [mine, theirs]):
        with pytest.raises(UsageError):
            splits.split(book.ana, book.now, customer, wrong)
    with pytest.raises(NotAllowedError):
        splits.split(book.bo, book.now, other, [theirs])


def test_every_table_that_names_a_customer_is_merged_or_stays(book: Book) -> None:
    moved = set(merges.FOLLOWS)
    for (table,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for key in execute(f"PRAGMA foreign_key_list({table})").fetchall():
            if key[2] == "customer":
                assert (table, key[3]) in moved or table in merges.STAYS, (table, key[3])


_SIDE = st.fixed_dictionaries(
    {
        "records": st.lists(st.sampled_from(["con", "loy"]), max_size=2),
        "owner": st.sampled_from(["ana", "bo", None]),
        "phone": st.sampled_from(["", "303-555-0101"]),
        "email": st.sampled_from(["", "a@x.example", "b@x.example"]),
        "do_not_contact": st.sampled_from([0, 1]),
        "deals": st.integers(0, 2),
        "in_nurture": st.booleans(),
        "pin": st.booleans(),
    }
)


def _make(book: Book, number: int, side: dict[str, Any], kind: str) -> int:
    name = f"Oak Terrace {number}"
    origin = "import" if side["records"] else "crm"
    columns = {"phone": side["phone"], "email": side["email"], "do_not_contact": side["do_not_contact"]}
    if kind == "corporate":
        customer_id = book.account(name, side["owner"], origin=origin, phone=side["phone"])
    else:
        given, _, surname = name.rpartition(" ")
        customer_id = person(book, name, side["owner"], given=given, surname=surname, origin=origin, **columns)
    for at, source in enumerate(side["records"]):
        said = {"company_name": name} if kind == "corporate" else {"full_name": name}
        # Both sides may have a card that names one contact whom no file holds.
        said |= {name: columns[name] for name in ("phone", "email") if columns[name]}
        add_record(book, customer_id, source, f"{number}{at}", "SHARED" if source == "loy" else "", **said)
    with journal.action(book.olga, book.now, "test", "As the records say"):
        recomputing.recompute(book.now, customer_id)
    for _ in range(side["deals"]):
        deals.create(book.ana, book.now, customer_id)
    log.log(book.ana, book.now, customer_id=customer_id, channel="call", text="Called")
    if side["in_nurture"] and kind == "corporate":
        enrolments.start(book.max, book.now, [customer_id])
    if side["pin"]:
        customers.edit(book.olga, book.now, customer_id, {"occupation": f"Baker {number}"})
    return customer_id


@given(st.sampled_from(["individual", "corporate"]), _SIDE, _SIDE, st.booleans(), st.booleans())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parting_and_undo_give_back_what_was_seen(
    book: Book, kind: str, one: dict[str, Any], other: dict[str, Any], kept_goes_on: bool, by_undo: bool
) -> None:
    with database.database.atomic() as transaction:
        kept, gone = _make(book, 1, one, kind), _make(book, 2, other, kind)
        before = seen()
        owners = [side["owner"] for side in (one, other) if side["owner"]]
        going_on = [gone_id for gone_id, _ in enrolments.list_clashes(gone, kept)] if not kept_goes_on else []
        foreseen = merges.values_after(kept, gone)
        merges.merge(book.max, book.now, kept, gone, owner=owners[-1] if owners else None, going_on=going_on)
        assert seen() != before
        assert recomputing.values_of(kept) == foreseen
        if by_undo:
            undo.undo(book.max, book.now)
            assert execute("SELECT count(*) FROM match_decision").fetchone() == (0,)
        else:
            merges.unmerge(book.max, book.now, gone)
        assert seen() == before
        transaction.rollback()
