"""Sources that aren't people: web reviews, and that a further source is one file and one line."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from importers import revert, run, sources
from importers.kinds import EVENTS, PURCHASES
from importers.report import Report
from importers.sources import Source, SourceColumn, values
from models.customers import customers, timeline
from models.database import execute
from models.merging import merges
from models.people.records import Actor
from tests.importers.small_files import Files, bought, contact, member, reviewed

_TABLES = ("customer", "source_record", "purchase", "source_event", "membership", "customer_key", "import_change")


def _import(files: Files, maker: Actor, now: dt.datetime, *, dry_run: bool = False) -> Report:
    return run.run([files.folder], maker, now, dry_run=dry_run)


def _content() -> dict[str, list[tuple[object, ...]]]:
    return {table: execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in _TABLES}


def _owners() -> dict[str, int | None]:
    return dict(execute("SELECT key, customer_id FROM source_event ORDER BY key").fetchall())


def test_reviews_belong_to_whoever_has_the_key_and_orphans_wait(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    files.loyalty(member(2, "Ivo", "Hart"))
    files.reviews(reviewed(1, "R1"), reviewed(2, "R2", "4.5"), reviewed(3, "R3", ""))
    made = _import(files, maker, now)
    # Ivo's card names a contact that no file has.
    assert _owners() == {"R1": 1, "R2": 2, "R3": None}
    assert (made.held("reviews"), made.orphans) == (3, 1)
    assert made.to_json()["events"] == {"reviews": 3, "orphans": 1}
    rows = execute("SELECT happened_on, text, rating_hundredths FROM source_event ORDER BY key").fetchall()
    assert rows == [("2019-02-03", "Rings on time", 400), ("2019-02-03", "Rings on time", 450),
                    ("2019-02-03", "Rings on time", None)]  # fmt: skip


def test_an_orphan_attaches_when_its_customer_arrives_and_waits_again_when_that_is_taken_back(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    files.reviews(reviewed(3, "R3"))
    _import(files, maker, now)
    before = _content()
    files.contacts(contact(1, "Nora", "Vale"), contact(3, "Uma", "Reyes"))
    assert _import(files, maker, now).orphans == 0
    assert _owners() == {"R3": 2}
    revert.revert(2, maker, now)
    assert _content() == before


def test_a_second_import_changes_nothing_and_a_revert_leaves_nothing(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    empty = _content()
    files.contacts(contact(1, "Nora", "Vale"))
    files.online(bought(1, "OP_1"))
    files.reviews(reviewed(1, "R1"), reviewed(9, "R2"))
    _import(files, maker, now)
    first = _content()
    again = _import(files, maker, now)
    assert (again.new, again.changed, again.unchanged, again.has_changes) == (0, 0, 4, False)
    assert _content() == first
    done = revert.revert(1, maker, now)
    assert (done.purchases, done.events) == (1, 2)
    assert "2 other rows gone" in done.summary
    assert _content() == empty


def test_a_changed_review_and_a_missing_one_come_back_with_a_revert(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    files.reviews(reviewed(1, "R1"), reviewed(1, "R2"))
    _import(files, maker, now)
    before = _content()
    files.reviews(reviewed(2, "R1", "1", ReviewText="It fell off"))
    made = _import(files, maker, now)
    assert (made.changed, made.absent, made.held("reviews")) == (1, 1, 2)
    assert _owners() == {"R1": 2, "R2": 1}
    revert.revert(2, maker, now)
    assert _content() == before


def test_a_dry_run_foresees_reviews_and_orphans(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    files.reviews(reviewed(1, "R1"), reviewed(9, "R2"))
    foreseen = _import(files, maker, now, dry_run=True)
    assert execute("SELECT count(*) FROM source_event").fetchone() == (0,)
    assert foreseen.standing == _import(files, maker, now).standing


def test_bad_cells_of_reviews_are_told_with_line_column_and_reason(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    files.reviews(
        reviewed(1, "R1", "6"), reviewed(1, "R2", "good"), reviewed(1, "R3", ReviewDate="2/30/2019"), reviewed(1, "")
    )
    made = _import(files, maker, now)
    bad = [(cell.line, cell.column, cell.reason, cell.row_skipped) for cell in made.files[1].bad]
    assert bad == [
        (2, "ReviewRating", "not a rating from 0 to 5", False),
        (3, "ReviewRating", "not a rating from 0 to 5", False),
        (4, "ReviewDate", "no such date", True),
        (5, "ReviewId", "blank", True),
    ]
    assert execute("SELECT key, rating_hundredths FROM source_event").fetchall() == [("R1", None), ("R2", None)]


def test_the_real_reviews_attach_through_contacts_and_cards(
    real_files: Path, maker: Actor, now: dt.datetime, tmp_path: Path
) -> None:
    folder = tmp_path / "real"
    folder.mkdir()
    for name in ("sources/Contacts.csv", "extra/WebReviews.csv"):
        shutil.copy(real_files / "ci-ilt" / name, folder)
    assert run.run([folder], maker, now).to_json()["events"] == {"reviews": 20020, "orphans": 17}
    shutil.copy(real_files / "ci-ilt" / "sources" / "LoyaltySchemeCustomers.csv", folder)
    made = run.run([folder], maker, now)
    # Ten are of two contacts that only cards name; an old id and one of nobody go on waiting.
    assert made.to_json()["events"] == {"reviews": 20020, "orphans": 7}
    waiting = execute("SELECT owner_key, count(*) FROM source_event WHERE customer_id IS NULL GROUP BY 1").fetchall()
    assert waiting == [("CNTID_1005", 4), ("CNTID_6000", 3)]


def test_reviews_go_along_when_customers_are_merged_and_parted(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    files.loyalty(member(3, "Ivo", "Hart", ContactId="CNTID_9"))
    files.online(bought(9, "OP_1"))
    files.reviews(reviewed(1, "R1"), reviewed(2, "R2"), reviewed(9, "R3"))
    _import(files, maker, now)
    before = _owners()
    others = sorted({one for one in before.values() if one not in (None, 1)})
    for other in others:
        merges.merge(maker, now, 1, other)
    assert set(_owners().values()) == {1}
    assert execute("SELECT customer_id FROM purchase").fetchall() == [(1,)]
    for other in reversed(others):
        merges.unmerge(maker, now, other)
    assert _owners() == before


# What a further source of each kind would be: this, in a file of its own, and a line in the list.
VISITS = Source(
    code="vis",
    title="Shop visits",
    kind=EVENTS,
    word="visited",
    plural="visits",
    columns=(
        SourceColumn("VisitNo", "key", required=True),
        SourceColumn("CardNo", "owner_key"),
        SourceColumn("On", "happened_on", values.date, required=True),
        SourceColumn("Asked For", "text"),
    ),
    foreign_field="owner_key",
    foreign_source="loy",
)
MARKET = Source(
    code="mkt",
    title="Market place",
    kind=PURCHASES,
    word="market",
    plural="market",
    columns=(
        SourceColumn("SaleNo", "key", required=True),
        SourceColumn("Buyer", "owner_key"),
        SourceColumn("Sold", "purchased_on", values.date, required=True),
        SourceColumn("Paid", "amount_minor", values.minor, required=True),
    ),
    foreign_field="owner_key",
    foreign_source="con",
)


@pytest.fixture
def further() -> Iterator[None]:
    sources.SOURCES.extend((VISITS, MARKET))
    yield
    del sources.SOURCES[-2:]


@pytest.mark.usefixtures("further")
def test_a_further_source_is_one_file_and_one_line(files: Files, maker: Actor, now: dt.datetime) -> None:
    empty = _content()
    files.contacts(contact(1, "Nora", "Vale"))
    files.loyalty(member(1, "Nora", "Vale"))
    files.write(
        "Visits.csv",
        ("VisitNo", "CardNo", "On", "Asked For"),
        [{"VisitNo": "V1", "CardNo": "LOYID_1", "On": "2026-11-02", "Asked For": "sensors"},
         {"VisitNo": "V2", "CardNo": "LOYID_7", "On": "2026-11-03"}, {"VisitNo": "V3", "On": "soon"}],
    )  # fmt: skip
    files.write(
        "Market.csv",
        ("SaleNo", "Buyer", "Sold", "Paid"),
        [{"SaleNo": "M1", "Buyer": "CNTID_1", "Sold": "11/4/2026", "Paid": "19.90"}],
    )
    foreseen = _import(files, maker, now, dry_run=True)
    made = _import(files, maker, now)
    assert foreseen.standing == made.standing
    form = made.to_json()
    assert form["events"] == {"reviews": 0, "visits": 2, "orphans": 1}
    assert form["purchases"] == {"pos": 0, "online": 0, "market": 1, "orphans": 0}
    assert [(cell.line, cell.column) for cell in made.files[2].bad] == [(4, "On")]
    shown = timeline.list_timeline(1, now)
    assert [(entry.kind, entry.source, entry.text) for entry in shown[:2]] == [
        ("market", "mkt", "Purchase, M1"),
        ("visited", "vis", "sensors, V1"),
    ]
    assert timeline.list_timeline(1, now, kinds={"visited"}) == [shown[1]]
    assert timeline.list_timeline(1, now, sources={"mkt"}) == [shown[0]]
    assert customers.measures(1).spend_minor == 19_90
    assert not _import(files, maker, now).has_changes
    revert.revert(1, maker, now)
    assert _content() == empty
