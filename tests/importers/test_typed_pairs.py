"""Pairs of an imported record and a customer that was entered by hand: asked, decided, remembered."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from importers import report, revert, run
from importers.report import Report
from models import database, ids, undo
from models.customers import customers
from models.database import execute
from models.errors import RefusedError
from models.merging import merges, plans
from models.people.records import Actor
from models.review import deciding, queue
from tests.importers.small_files import Files, contact

ROW = contact(1, "Nora", "Vale")
OTHER_NAME = ROW | {"FirstName": "Eleonora", "FullName": "Eleonora Vale"}


@pytest.fixture
def typed(files: Files, maker: Actor, now: dt.datetime) -> int:
    """Nora, entered by hand, whom a file has met under another name."""
    made = customers.create(
        maker, now, name="Nora Vale", given="Nora", surname="Vale", email=ROW["EMail"], birth_date="1961-02-02"
    )
    files.contacts(OTHER_NAME)
    run.run([files.folder], maker, now)
    return made


def _pair() -> int:
    (case,) = queue.list_cases()
    return case.pair_id


def _again(files: Files, maker: Actor, now: dt.datetime, *rows: dict[str, str]) -> Report:
    """Take the last import back and import rows."""
    newest = next(one.id for one in report.list_runs() if one.state == "open")
    revert.revert(newest, maker, now)
    files.contacts(*rows)
    return run.run([files.folder], maker, now)


def _customer_of(key: str = "CNTID_1") -> int:
    return int(execute("SELECT customer_id FROM source_record WHERE key = ?", (key,)).fetchone()[0])


def test_it_waits_with_for_and_against_like_any_other(typed: int, maker: Actor) -> None:
    pair = _pair()
    assert queue.count_open() == 1
    case = queue.get_case(maker, queue.find_record(pair))
    (candidate,) = case.candidates
    assert (case.incoming.key, case.incoming.name) == ("CNTID_1", "Eleonora Vale")
    side = candidate.side
    assert (side.source, side.key, side.customer_id, side.sources) == ("crm", ids.show_customer(typed), typed, ("crm",))
    fields = {field.field: field for field in candidate.fields}
    assert str(fields["email"].relation) == "same"
    assert (fields["email"].bits or 0) > 0
    plan = plans.plan(maker, case.incoming.customer_id, typed)
    assert (plan.kept_id, plan.gone_id, plan.refusal) == (case.incoming.customer_id, typed, "")
    text = queue.rows_as_text(maker, (case.incoming, side))
    assert f"crm:{side.key}  {side.key} Nora Vale  entered by hand" in text
    assert "given: Nora" in text
    private = maker._replace(id=99, roles=frozenset())
    assert "1961" not in queue.rows_as_text(private, (side,))


def test_one_customer_is_undone_redone_and_parted(typed: int, maker: Actor, now: dt.datetime) -> None:
    pair, kept = _pair(), _customer_of()
    assert deciding.join(maker, now, [pair]) == [kept]
    assert queue.list_cases() == []
    linked = queue.get_case(maker, queue.find_record(pair), "linked").candidates[0]
    assert (linked.side.customer_id, linked.decided_by) == (kept, "ana.wu")
    undo.undo(maker, now)
    assert (_pair(), customers.get_row(typed).name) == (pair, "Nora Vale")
    undo.redo(maker, now)
    assert merges.unmerge(maker, now, typed) == kept
    assert execute("SELECT state FROM review_pair").fetchall() == [("never",)]
    assert execute("SELECT verdict FROM match_decision").fetchall() == [("never",)]


def test_one_customer_stays_one_when_the_import_comes_again(
    typed: int, files: Files, maker: Actor, now: dt.datetime
) -> None:
    kept = _customer_of()
    deciding.join(maker, now, [_pair()])
    made = _again(files, maker, now, OTHER_NAME)
    assert (made.customers, made.customers_new, made.review, _customer_of()) == (1, 0, 0, kept)


def test_never_is_kept_by_a_later_import_that_would_join(
    typed: int, files: Files, maker: Actor, now: dt.datetime
) -> None:
    deciding.apart(maker, now, [_pair()])
    assert queue.list_cases() == []
    made = _again(files, maker, now, ROW)
    assert (made.customers, made.review) == (2, 0)
    assert _customer_of() != typed


def test_never_that_was_undone_is_forgotten(typed: int, files: Files, maker: Actor, now: dt.datetime) -> None:
    pair = _pair()
    deciding.apart(maker, now, [pair])
    undo.undo(maker, now)
    assert _pair() == pair
    made = _again(files, maker, now, ROW)
    assert (made.customers, _customer_of()) == (1, typed)


@pytest.mark.parametrize("has_record", [False, True])
def test_never_goes_along_when_who_was_entered_is_merged(
    typed: int, files: Files, maker: Actor, now: dt.datetime, has_record: bool
) -> None:
    deciding.apart(maker, now, [_pair()])
    other = contact(2, "Nora", "Vale", EMail=ROW["EMail"], Telephone=ROW["Telephone"], DateOfBirth=ROW["DateOfBirth"])
    if has_record:
        files.contacts(OTHER_NAME, contact(2, "Uma", "Oak"))
        run.run([files.folder], maker, now)
        home = _customer_of("CNTID_2")
    else:
        home = customers.create(maker, now, name="Nora Vail", given="Nora", surname="Vail", email=other["EMail"])
    merges.merge(maker, now, home, typed)
    made = run.run([files.contacts(ROW, contact(2, "Uma", "Oak"))], maker, now)
    assert (made.review, queue.list_cases()) == (0, [])
    # What was decided before two customers became one doesn't hold against whoever says that they are one.
    merges.merge(maker, now, home, _customer_of())
    assert ("never",) not in execute("SELECT verdict FROM match_decision").fetchall()


def test_a_merge_before_the_answer_answers_it(typed: int, maker: Actor, now: dt.datetime) -> None:
    pair, home = _pair(), customers.create(maker, now, name="Nora at home")
    merges.merge(maker, now, home, typed)
    (candidate,) = queue.get_case(maker, queue.find_record(pair)).candidates
    assert (candidate.side.name, candidate.side.customer_id) == ("Nora Vale", home)
    deciding.apart(maker, now, [pair])
    assert execute("SELECT state FROM review_pair").fetchall() == [("never",)]
    undo.undo(maker, now)
    merges.merge(maker, now, _customer_of(), home)
    assert execute("SELECT state FROM review_pair").fetchall() == [("linked",)]


def test_an_account_that_was_joined_takes_the_row_again(files: Files, maker: Actor, now: dt.datetime) -> None:
    customers.create(maker, now, name="Fabrikam", kind="corporate", email="office@fabrikam.example")
    row = contact(1, "Ivo", "Hart", CompanyName="Fabrikam", EMail="ivo@elsewhere.example")
    files.contacts(row)
    run.run([files.folder], maker, now)
    (kept,) = deciding.join(maker, now, [_pair()])
    made = _again(files, maker, now, row)
    assert (made.customers, made.review, _customer_of()) == (1, 0, kept)


def test_who_was_entered_and_taken_back_leaves_no_pair_and_no_decision(
    typed: int, files: Files, maker: Actor, now: dt.datetime
) -> None:
    created = next(one.id for one in undo.list_actions(maker) if one.kind == "customer.new")
    deciding.apart(maker, now, [_pair()])
    undo.undo(maker, now, created)
    for table in ("review_pair", "match_decision"):
        assert execute(f"SELECT * FROM {table}").fetchall() == []
    with pytest.raises(RefusedError, match="gone since"):
        undo.undo(maker, now)


def test_pairs_that_stood_in_reports_wait_after_the_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    database.create_file(path)
    database.init(path)
    with database.connection():
        with database.database.atomic("EXCLUSIVE"):
            for number in range(1, 14):
                for statement in database._migration(number):
                    execute(statement)
            told = [["con:CNTID_1", "crm:C-00002", 1.5, "email agree"], ["crm:C-00002", "con:CNTID_9", 1.0, "gone"]]
            execute("INSERT INTO customer (id, name, created_at) VALUES (1, 'Nora Vale', 1), (2, 'Nora Vail', 1)")
            execute(
                "INSERT INTO import_run (id, actor, started_at, report) VALUES (1, 'olga', 1, ?)",
                (json.dumps({"new": 2, "typed": told}),),
            )
            for record in (1, 2):
                execute(
                    "INSERT INTO source_record (id, source, key, line, cells, fields, run_id, customer_id)"
                    " VALUES (?, 'con', ?, 2, '[]', '{}', 1, 1)",
                    (record, f"CNTID_{record}"),
                )
            execute(
                "INSERT INTO review_pair (id, run_id, left_record_id, right_record_id, score, reason, state)"
                " VALUES (7, 1, 2, 1, 3.0, 'name agree', 'never')"
            )
            execute("PRAGMA user_version = 13")
        database.ensure_current()
        columns = "id, left_record_id, typed_id, right_record_id, score, state"
        assert execute(f"SELECT {columns} FROM review_pair ORDER BY id").fetchall() == [
            (7, 1, None, 2, 3.0, "never"),
            (8, None, 2, 1, 1.5, "open"),
        ]
        pairs = [(one.left, one.right) for one in report.get_run(1).report.reviews]
        assert pairs == [("con:CNTID_1", "con:CNTID_2"), ("con:CNTID_1", "crm:C-00002")]
