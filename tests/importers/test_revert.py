from __future__ import annotations

import datetime as dt

import pytest

from importers import report, revert, run
from models import undo
from models.customers import customers
from models.database import execute
from models.errors import NotAllowedError, RefusedError
from models.people import users
from models.people.records import Actor, Role
from tests.importers.small_files import Files, bought, bought_in_store, contact, member

_TABLES = ("customer", "source_record", "purchase", "membership", "customer_key", "person", "review_pair",
           "import_change", "customer_pin")  # fmt: skip


def _content() -> dict[str, list[tuple[object, ...]]]:
    return {table: execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in _TABLES}


def _first_files(files: Files) -> None:
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart", CompanyName="Fabrikam"))
    files.loyalty(member(1, "Nora", "Vale"))
    files.online(bought(1, "OP_1"), bought(3, "OP_2"))
    files.pos(bought_in_store(1, "P_1"))


def test_reverting_the_first_import_leaves_an_empty_database(files: Files, maker: Actor, now: dt.datetime) -> None:
    before = _content()
    _first_files(files)
    run.run([files.folder], maker, now)
    done = revert.revert(1, maker, now)
    assert (done.records, done.purchases, done.customers, done.kept) == (3, 3, 2, ())
    assert _content() == before
    assert report.get_run(1).state == "reverted"
    assert execute("SELECT count(*) FROM customer_search WHERE customer_search MATCH 'nora'").fetchone() == (0,)


def test_reverting_a_later_import_gives_back_what_was_there(files: Files, maker: Actor, now: dt.datetime) -> None:
    _first_files(files)
    run.run([files.folder], maker, now)
    before = _content()
    files.contacts(
        contact(1, "Nora", "Vale", City="Boulder"),
        contact(2, "Ivo", "Harte", CompanyName="Fabrikam"),
        contact(3, "Uma", "Reyes"),
        contact(4, "Gil", "Ortega", CompanyName="Fabrikam Inc.", PostCode="80002"),
    )
    files.loyalty(member(1, "Nora", "Vale", RewardPoints="7"), member(3, "Uma", "Reyes"))
    files.online(bought(1, "OP_1", "99"))
    made = run.run([files.folder], maker, now)
    assert (made.changed, made.absent, made.orphans) == (4, 1, 0)
    assert _content() != before
    revert.revert(2, maker, now)
    after = _content()
    assert {name: rows for name, rows in after.items() if name != "customer"} == {
        name: rows for name, rows in before.items() if name != "customer"
    }
    assert [row[:31] for row in after["customer"]] == [row[:31] for row in before["customer"]]


def test_a_customer_worked_on_stays_as_entered_here(files: Files, maker: Actor, now: dt.datetime) -> None:
    users.add(maker, now, "bo.lee", [Role.REPRESENTATIVE])
    _first_files(files)
    run.run([files.folder], maker, now)
    customers.assign(maker, now, [1], "bo.lee")
    done = revert.revert(1, maker, now)
    assert done.kept == ((1, "Nora Vale"),)
    assert execute("SELECT id, origin, run_id, email FROM customer").fetchall() == [
        (1, "crm", None, "nora_vale@mail1.example")
    ]
    assert customers.measures(1).spend_minor == 0
    again = run.run([files.folder], maker, now)
    assert again.customers == 2
    assert customers.measures(1).spend_minor == 150_00


def test_work_that_was_undone_keeps_nothing(files: Files, maker: Actor, now: dt.datetime) -> None:
    _first_files(files)
    run.run([files.folder], maker, now)
    customers.edit(maker, now, 1, {"lead_source": "fair"})
    undo.undo(maker, now)
    assert revert.revert(1, maker, now).kept == ()


def test_a_value_changed_since_is_left_alone(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    run.run([files.folder], maker, now)
    files.contacts(contact(1, "Nora", "Vale", City="Boulder", Telephone="720-555-0100"))
    run.run([files.folder], maker, now)
    customers.edit(maker, now, 1, {"phone": "720-555-0199"})
    revert.revert(2, maker, now)
    assert execute("SELECT city, phone FROM customer").fetchone() == ("Denver", "720-555-0199")


def test_only_the_newest_import_with_changes_can_go(files: Files, maker: Actor, now: dt.datetime) -> None:
    _first_files(files)
    run.run([files.folder], maker, now)
    files.contacts(contact(1, "Nora", "Vale", City="Boulder"), contact(2, "Ivo", "Hart", CompanyName="Fabrikam"))
    run.run([files.folder], maker, now)
    run.run([files.folder], maker, now)
    with pytest.raises(RefusedError, match="Import 2 was built on import 1"):
        revert.revert(1, maker, now)
    # The third run changed nothing and holds nobody up.
    revert.revert(2, maker, now)
    revert.revert(1, maker, now)
    assert execute("SELECT count(*) FROM customer").fetchone() == (0,)


def test_closing_ends_it(files: Files, maker: Actor, now: dt.datetime) -> None:
    _first_files(files)
    run.run([files.folder], maker, now)
    revert.close(1, maker, now)
    with pytest.raises(RefusedError, match="closed"):
        revert.revert(1, maker, now)
    with pytest.raises(RefusedError, match="closed already"):
        revert.close(1, maker, now)


def test_only_the_importer_and_operations_may(files: Files, maker: Actor, now: dt.datetime) -> None:
    for login in ("bo.lee", "el.novak"):
        users.add(maker, now, login, [Role.REPRESENTATIVE])
    bo, el = users.get_actor("bo.lee"), users.get_actor("el.novak")
    _first_files(files)
    run.run([files.folder], bo, now)
    with pytest.raises(NotAllowedError):
        revert.revert(1, el, now)
    with pytest.raises(NotAllowedError):
        revert.close(1, el, now)
    revert.revert(1, bo, now)
    run.run([files.folder], bo, now)
    revert.revert(2, maker, now)


def test_the_undo_list_leads_to_the_run_and_shows_it_undone(files: Files, maker: Actor, now: dt.datetime) -> None:
    _first_files(files)
    run.run([files.folder], maker, now)
    action = undo.list_actions(maker)[0]
    assert action.kind == "import.run"
    assert revert.run_of_action(action.id) == 1
    revert.revert(1, maker, now)
    assert next(one for one in undo.list_actions(maker) if one.id == action.id).is_undone
