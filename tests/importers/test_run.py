from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from importers import report, revert, run
from models import database, journal, undo
from models.customers import customers, decisions
from models.database import execute
from models.errors import ContosoError, RefusedError, RefusedFile
from models.people import users
from models.people.records import Actor, Role
from tests.importers.small_files import Files, bought, bought_in_store, contact, member


def _import(files: Files, actor: Actor, now: dt.datetime, **options: bool) -> report.Report:
    return run.run([files.folder], actor, now, **options)  # type: ignore[arg-type]


def _one(sql: str, *params: object) -> tuple[object, ...]:
    row = execute(sql, params).fetchone()
    assert row is not None
    return tuple(row)


def test_purchases_attach_by_either_key_and_orphans_wait(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    files.loyalty(member(1, "Nora", "Vale"), member(2, "Ivo", "Hart"))
    files.online(bought(1, "OP_1"), bought(2, "OP_2"), bought(9, "OP_3"))
    files.pos(bought_in_store(1, "P_1"), bought_in_store(2, "P_2"), bought_in_store(8, "P_3"))
    made = _import(files, maker, now)
    assert (made.customers_new, made.held("online"), made.held("pos"), made.orphans) == (2, 3, 3, 2)
    nora, ivo = 1, 2
    assert customers.measures(nora).spend_minor == 150_00
    # Ivo's card names a contact that no file has: his online purchase is his all the same.
    assert customers.measures(ivo).spend_minor == 150_00
    assert _one("SELECT customer_id FROM purchase WHERE key = 'OP_3'") == (None,)


def test_orphans_attach_when_their_customer_arrives(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.online(bought(1, "OP_1", "75"))
    assert _import(files, maker, now).orphans == 1
    files.contacts(contact(1, "Nora", "Vale"))
    made = _import(files, maker, now)
    assert (made.orphans, made.new, made.unchanged) == (0, 1, 1)
    assert customers.measures(1).channel("onl").amount_minor == 75_00


def test_a_changed_row_changes_the_customer_and_nothing_else(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    files.loyalty(member(1, "Nora", "Vale"))
    files.online(bought(1, "OP_1"))
    _import(files, maker, now)
    files.contacts(contact(1, "Nora", "Vale", City="Boulder"), contact(2, "Ivo", "Hart"))
    files.loyalty(member(1, "Nora", "Vale", RewardPoints="300"))
    files.online(bought(1, "OP_1", "80"))
    made = _import(files, maker, now)
    assert (made.new, made.changed, made.unchanged, made.customers_changed) == (0, 3, 1, 1)
    assert _one("SELECT city FROM customer WHERE id = 1") == ("Boulder",)
    assert customers.measures(1).points == 300
    assert customers.measures(1).channel("onl").amount_minor == 80_00
    assert _import(files, maker, now).changed == 0


def test_column_order_and_a_new_blank_column_change_nothing(files: Files, maker: Actor, now: dt.datetime) -> None:
    row = contact(1, "Nora", "Vale")
    files.write("Contacts.csv", tuple(row), [row])
    _import(files, maker, now)
    files.write("Contacts.csv", ("Headshot", *reversed(tuple(row))), [row])
    made = _import(files, maker, now)
    assert (made.new, made.changed, made.unchanged) == (0, 0, 1)


def test_a_row_missing_from_a_newer_file_is_kept_and_told(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    files.online(bought(1, "OP_1"), bought(2, "OP_2"))
    _import(files, maker, now)
    files.contacts(contact(1, "Nora", "Vale"))
    files.online(bought(2, "OP_2"))
    made = _import(files, maker, now)
    assert (made.absent, made.unchanged, made.customers) == (2, 2, 2)
    assert _import(files, maker, now).absent == 0
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    assert _import(files, maker, now).changed == 1
    assert _one("SELECT count(*) FROM source_record WHERE absent_run_id IS NOT NULL") == (0,)


def test_an_email_that_is_none_is_a_bad_cell_and_its_row_goes_in(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale", EMail="ask at the desk"), contact(2, "Ivo", "Hart"))
    made = _import(files, maker, now)
    (cell,) = made.files[0].bad
    assert (cell.line, cell.column, cell.value, cell.row_skipped) == (2, "EMail", "ask at the desk", False)
    assert cell.reason.startswith("not an email address")
    assert made.customers_new == 2
    assert _one("SELECT name, email FROM customer WHERE id = 1") == ("Nora Vale", "")
    assert _import(files, maker, now).unchanged == 2


def test_bad_rows_are_told_with_line_and_reason_and_the_others_go_in(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts(
        contact(1, "Nora", "Vale", DateOfBirth="31/31/1990"),
        contact(0, "No", "Key", ContactId=""),
        contact(2, "Ivo", "Hart"),
    )
    files.online(bought(1, "OP_1", "much"), bought(1, "OP_2"))
    made = _import(files, maker, now)
    told = {(file.path, cell.line, cell.column, cell.row_skipped) for file in made.files for cell in file.bad}
    assert told == {
        ("Contacts.csv", 2, "DateOfBirth", False),
        ("Contacts.csv", 3, "ContactId", True),
        ("Online.csv", 2, "TotalPrice", True),
    }
    assert (made.customers, made.held("online")) == (2, 1)
    assert report.get_run(1).report == made


def test_a_card_that_names_another_contact_takes_that_ones_purchases(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.loyalty(member(1, "Nora", "Vale"))
    files.online(bought(1, "OP_1", "10"), bought(2, "OP_2", "20"))
    run.run([files.folder], maker, now)
    files.loyalty(member(1, "Nora", "Vale", ContactId="CNTID_2"))
    assert _import(files, maker, now).orphans == 1
    assert customers.measures(1).channel("onl").amount_minor == 20_00
    revert.revert(2, maker, now)
    assert customers.measures(1).channel("onl").amount_minor == 10_00


def test_two_files_of_one_source_count_what_they_share_once(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    few = ("ContactId", "FirstName", "LastName", "EMail", "Telephone")
    others = (contact(2, "Ivo", "Hart"), contact(3, "Uma", "Reyes"))
    files.write("A few.csv", few, [{name: row[name] for name in few} for row in others])
    made = _import(files, maker, now)
    assert (made.new, made.customers, len(made.files)) == (3, 3, 2)
    # The fuller row counts, whichever file is read first.
    assert _one("SELECT first_seen_on FROM customer WHERE name = 'Ivo Hart'") == ("2019-01-31",)


def test_an_import_is_one_line_of_the_journal(files: Files, maker: Actor, now: dt.datetime) -> None:
    before = journal.last_id()
    files.contacts(*(contact(number, f"Given{number}", f"Name{number}") for number in range(1, 9)))
    _import(files, maker, now)
    assert [change.table for change in journal.list_changes_since(before)] == ["import_run"]
    assert journal.last_id() == before + 1


def test_a_dry_run_needs_no_database(files: Files, tmp_path: Path, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    files.loyalty(member(1, "Nora", "Vale"))
    files.online(bought(1, "OP_1"), bought(7, "OP_2"))
    nowhere = tmp_path / "not there" / "contoso.db"
    database.init(nowhere)
    nobody = Actor(0, "ana.wu", "Ana Wu", frozenset(), None)
    foreseen = run.run([files.folder], nobody, now, dry_run=True)
    assert (foreseen.customers, foreseen.held("online"), foreseen.orphans, foreseen.run) == (1, 2, 1, None)
    assert not nowhere.parent.exists()


def test_a_refused_file_leaves_everything_as_it_was(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    (files.folder / "Broken.csv").write_text("LoyaltyId,EMail\nLOYID_1,a@b.example\nLOYID_2", encoding="utf-8")
    with pytest.raises(RefusedFile, match=r"Broken\.csv"):
        _import(files, maker, now)
    assert _one("SELECT count(*) FROM import_run") == (0,)


def test_rows_of_two_files_of_one_source_stand_with_their_file(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    first = files.online(bought(1, "OP_1"), bought(1, "OP_2"))
    (files.folder / "Online of May.csv").write_text(first.read_text().replace("OP_", "OP_May"))
    files.online(bought(1, "OP_1"))
    _import(files, maker, now)
    found = execute(
        "SELECT f.name, p.key, p.line FROM purchase p JOIN import_file f ON f.id = p.file_id ORDER BY p.key"
    )
    assert found.fetchall() == [
        ("Online.csv", "OP_1", 2),
        ("Online of May.csv", "OP_May1", 2),
        ("Online of May.csv", "OP_May2", 3),
    ]


def test_a_key_that_two_new_rows_name_is_of_the_first(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.loyalty(member(3, "Uma", "Lund", ContactId="CNTID_9"), member(2, "Ivo", "Hart", ContactId="CNTID_9"))
    files.online(bought(9, "OP_1"))
    _import(files, maker, now)
    assert _one("SELECT c.name FROM purchase p JOIN customer c ON c.id = p.customer_id") == ("Uma Lund",)


def test_a_key_that_one_row_drops_and_another_names_keeps_what_hangs_on_it(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts()
    files.loyalty(member(1, "Nora", "Vale"))
    files.online(bought(1, "OP_1"))
    _import(files, maker, now)
    assert _one("SELECT customer_id FROM purchase") == (1,)
    # A second card of hers names the contact that the first one named.
    files.loyalty(member(1, "Nora", "Vale", ContactId=""), member(1, "Nora", "Vale", LoyaltyId="LOYID_2"))
    _import(files, maker, now)
    assert _one("SELECT count(*), count(DISTINCT customer_id) FROM source_record") == (2, 1)
    assert _one("SELECT customer_id FROM purchase") == (1,)
    assert _one("SELECT customer_id FROM customer_key WHERE key = 'CNTID_1'") == (1,)


@pytest.mark.parametrize("already", [0, 5], ids=["all checked at the end", "each checked"])
def test_a_row_of_nobody_is_refused_however_many_are_written(
    already: int, files: Files, maker: Actor, now: dt.datetime
) -> None:
    if already:
        files.contacts(*(contact(number, f"Nora{number}", "Vale") for number in range(1, 1 + already)))
        _import(files, maker, now)
    before = _one("SELECT count(*), (SELECT count(*) FROM import_run) FROM customer")
    execute(
        "CREATE TRIGGER astray AFTER INSERT ON membership"
        " BEGIN UPDATE membership SET customer_id = 999 WHERE id = new.id; END"
    )
    files.loyalty(member(1, "Ivo", "Hart"), member(2, "Uma", "Lund"))
    with pytest.raises(ContosoError):
        _import(files, maker, now)
    assert _one("SELECT count(*), (SELECT count(*) FROM import_run) FROM customer") == before
    assert _one("PRAGMA foreign_keys") == (1,)


def test_an_import_that_is_broken_off_leaves_nothing(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    files.online(bought(1, "OP_1"))

    def stop(done: int, total: int, text: str) -> None:
        if text.startswith("Writing Online"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.run([files.folder], maker, now, progress=stop)
    assert _one("SELECT count(*) FROM customer") == (0,)
    assert _one("SELECT count(*) FROM import_run") == (0,)


def test_others_can_write_while_files_are_compared(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    free: list[str] = []

    def try_lock(_: int, __: int, text: str) -> None:
        with closing(sqlite3.connect(database.database.database, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return
            other.execute("ROLLBACK")
            free.append(text)

    run.run([files.folder], maker, now, progress=try_lock)
    assert free == ["Reading Contacts.csv", "Comparing", "Matching people"]


def test_an_import_in_between_is_noticed_and_planned_in(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    nested: list[report.Report] = []

    def import_too(_: int, __: int, text: str) -> None:
        if text == "Matching people" and not nested:
            nested.append(run.run([files.folder], maker, now, progress=lambda *_: nested.append(None)))  # type: ignore[arg-type]

    made = run.run([files.folder], maker, now, progress=import_too)
    assert (made.new, made.unchanged, made.customers) == (0, 1, 1)


def test_owners_by_territory_then_by_number(files: Files, maker: Actor, now: dt.datetime) -> None:
    users.change(maker, now, "ana.wu", roles=[Role.OPERATIONS])
    for login, land in (("bo.lee", "Texas"), ("el.novak", ""), ("cy.diaz", "")):
        users.add(maker, now, login, [Role.REPRESENTATIVE], territory=land)
    texans = [contact(number, "Tex", f"An{number}", State="Texas") for number in range(1, 5)]
    others = [contact(number, "Col", f"Oradan{number}") for number in range(11, 15)]
    files.contacts(*texans, *others)
    files.loyalty(member(50, "Only", "Loyal", ContactId=""))
    _import(files, maker, now)
    rows = execute(
        "SELECT u.login, c.state, count(*) FROM customer c LEFT JOIN app_user u ON u.id = c.owner_id GROUP BY 1, 2"
    )
    assert set(rows.fetchall()) == {
        ("bo.lee", "Texas", 4), ("el.novak", "Colorado", 2), ("cy.diaz", "Colorado", 2), (None, "", 1),
    }  # fmt: skip


def test_a_value_set_by_hand_outlives_the_next_import(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    _import(files, maker, now)
    customers.edit(maker, now, 1, {"email": "nora@home.example"})
    files.contacts(contact(1, "Nora", "Vale", EMail="other@mail.example", City="Boulder"))
    _import(files, maker, now)
    assert _one("SELECT email, city FROM customer") == ("nora@home.example", "Boulder")
    profile = customers.get_profile(1, maker, now)
    email = next(field for field in profile.fields if field.field == "email")
    assert (email.source, email.others[0].value) == ("pin", "other@mail.example")


def test_an_undone_edit_pins_nothing(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    _import(files, maker, now)
    customers.edit(maker, now, 1, {"email": "nora@home.example"})
    undo.undo(maker, now)
    files.contacts(contact(1, "Nora", "Vale", EMail="new@mail.example"))
    _import(files, maker, now)
    assert _one("SELECT email FROM customer") == ("new@mail.example",)


def test_a_pair_a_person_parted_stays_apart(files: Files, maker: Actor, now: dt.datetime) -> None:
    with journal.action(maker, now, "match.never", "Parted two records"):
        decisions.part(maker, now, [("con", "CNTID_1")], [("loy", "LOYID_1")])
    files.contacts(contact(1, "Nora", "Vale"))
    files.loyalty(member(1, "Nora", "Vale"))
    assert _import(files, maker, now).customers == 2


def test_a_later_file_joins_by_evidence_and_ids_stay(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(*(contact(number, f"Given{number}", f"Name{number}") for number in range(1, 30)))
    _import(files, maker, now)
    files.loyalty(member(5, "Given5", "Name5", ContactId=""))
    made = _import(files, maker, now)
    assert (made.customers, made.customers_new) == (29, 0)
    assert _one("SELECT customer_id, link_rule FROM source_record WHERE key = 'LOYID_5'") == (5, "match")
    evidence = str(_one("SELECT link_evidence FROM source_record WHERE key = 'LOYID_5'")[0])
    assert {"name", "email", "phone"} <= set(evidence.split(", "))


def test_a_customer_entered_by_hand_is_found_again_and_keeps_its_values(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    row = contact(3, "Nora", "Vale")
    made_by_hand = customers.create(
        maker, now, name="Nora Vale", email=row["EMail"], phone=row["Telephone"], city="Aspen"
    )
    files.contacts(row)
    assert _import(files, maker, now).customers == 1
    assert _one("SELECT customer_id FROM source_record") == (made_by_hand,)
    assert _one("SELECT city, postcode FROM customer") == ("Aspen", "80003")


def test_the_run_is_listed_and_is_no_action_that_undo_takes_back(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    _import(files, maker, now)
    listed = report.list_runs()
    assert [(one.id, one.state, one.actor) for one in listed] == [(1, "open", "ana.wu")]
    assert undo.list_actions(maker)[0].summary.startswith("Imported 1 file: 1 new rows")
    with pytest.raises(RefusedError):
        undo.undo(maker, now)


def test_look_says_what_would_be_read(files: Files) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    files.online(bought(1, "OP_1"), bought(9, "OP_2"))
    seen = run.look([files.folder])
    assert [(file.source, file.rows, file.dates, file.notices) for file in seen.files] == [
        ("con", 1, "M/D/YYYY", ()),
        ("onl", 2, "M/D/YYYY", (("of nobody in Contacts", 1),)),
    ]


def test_an_import_leaves_the_schema_as_it_was(files: Files, maker: Actor, now: dt.datetime) -> None:
    def schema() -> list[tuple[str, ...]]:
        return database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()

    before = schema()
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ana", "Wu"))
    run.run([files.folder], maker, now)
    assert schema() == before
    assert database.execute("SELECT id FROM customer INDEXED BY customer_email WHERE email <> ''").fetchall()
