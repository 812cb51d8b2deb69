"""Imports of customers that people merged, parted or split since."""

from __future__ import annotations

import datetime as dt

from importers import revert, run
from models.database import execute
from models.merging import merges, splits
from models.people.records import Actor
from tests.importers.small_files import Files, bought, contact, member


def _customers() -> list[tuple[object, ...]]:
    return execute("SELECT name, city, merged_into_id FROM customer ORDER BY id").fetchall()


def test_an_import_follows_a_merge_and_what_it_brought_goes_along_at_parting(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    run.run([files.folder], maker, now)
    merges.merge(maker, now, 1, 2)
    files.contacts(contact(1, "Nora", "Vale", City="Boulder"), contact(2, "Ivo", "Harte", City="Aspen"))
    files.online(bought(2, "OP_1"))
    made = run.run([files.folder], maker, now)
    assert (made.customers, made.customers_new) == (1, 0)
    assert execute("SELECT customer_id FROM purchase").fetchall() == [(1,)]
    merges.unmerge(maker, now, 2)
    assert _customers() == [("Nora Vale", "Boulder", None), ("Ivo Harte", "Aspen", None)]
    assert execute("SELECT customer_id FROM purchase").fetchall() == [(2,)]
    again = run.run([files.folder], maker, now)
    assert (again.customers, again.has_changes) == (2, False)


def test_taking_an_import_back_keeps_who_was_merged_or_split(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(
        contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"), contact(3, "Uma", "Oak"), contact(4, "Bo", "Ash")
    )
    files.loyalty(member(3, "Uma", "Oak"))
    run.run([files.folder], maker, now)
    merges.merge(maker, now, 1, 2)
    card = execute("SELECT id FROM source_record WHERE source = 'loy'").fetchone()[0]
    new = splits.split(maker, now, 3, [card])
    done = revert.revert(1, maker, now)
    assert (done.customers, [kept[0] for kept in done.kept]) == (1, [1, 2, 3, new])
    assert execute("SELECT DISTINCT origin FROM customer").fetchall() == [("crm",)]
    assert execute("PRAGMA foreign_key_check").fetchall() == []
    merges.unmerge(maker, now, 2)
    assert _customers()[1] == ("Ivo Hart", "Denver", None)


def test_parting_moves_no_record_that_came_after_an_import_was_taken_back(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    contacts = files.contacts(contact(1, "Nora", "Vale"), contact(3, "Uma", "Oak"))
    run.run([contacts], maker, now)
    run.run([files.loyalty(member(2, "Ivo", "Hart", ContactId=""))], maker, now)
    merges.merge(maker, now, 1, 3)
    revert.revert(2, maker, now)
    run.run([files.loyalty(member(1, "Nora", "Vale"))], maker, now)
    merges.unmerge(maker, now, 3)
    card = execute("SELECT key, customer_id FROM source_record WHERE source = 'loy'").fetchall()
    assert card == [("LOYID_1", 1)]
