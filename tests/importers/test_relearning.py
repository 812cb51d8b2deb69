"""Learning again: foreseen without writing, applied by operations alone; it joins and asks, and splits nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from importers import match_memory, relearning, run
from models import journal, undo
from models.customers import decisions
from models.database import execute
from models.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from models.people.records import Actor, Role
from tests.importers.known_people import customers, f1, people, write
from tests.importers.small_files import Files, contact


def rows_of(table: str) -> list[tuple[object, ...]]:
    return execute(f"SELECT * FROM {table}").fetchall()


@pytest.fixture
def apart(files: Files, maker: Actor, now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> pd.Series[str]:
    """Two copies of five contacts that were imported while nothing joined; the truth by key."""
    monkeypatch.setattr(match_memory, "FEW", 2)
    first = [contact(number, f"Nora{number}", f"Vale{number}") for number in range(1, 6)]
    again = [row | {"ContactId": f"CNTID_{number}"} for number, row in enumerate(first, 11)]
    files.contacts(*first, *again)
    run.run([files.folder], maker, now)
    keys = [row["ContactId"] for row in (*first, *again)]
    truth = pd.Series([str(at % 5) for at in range(10)], index=keys)
    assert f1(customers(), truth) == 1
    # As an earlier model would have left them.
    with journal.action(maker, now, "test", "Parted"):
        for number in range(5):
            execute(
                "INSERT INTO customer (id, kind, name, origin, created_at, updated_at)"
                " SELECT 100 + ?, kind, name, 'import', created_at, updated_at FROM customer WHERE id = ?",
                (number, number + 1),
            )
            execute("UPDATE source_record SET customer_id = 100 + ? WHERE key = ?", (number, f"CNTID_{11 + number}"))
    return truth


def test_a_look_writes_nothing_and_operations_apply_it_as_one_undo(
    apart: pd.Series[str], maker: Actor, now: dt.datetime
) -> None:
    before = {table: rows_of(table) for table in ("customer", "source_record", "match_model", "review_pair")}
    foreseen = relearning.foresee()
    assert {table: rows_of(table) for table in before} == before
    assert (foreseen.joined, foreseen.pairs, foreseen.splits) == (5, (), ())
    with pytest.raises(NotAllowedError, match="sales operations"):
        relearning.apply(foreseen, maker._replace(roles=frozenset({Role.MANAGER})), now)
    assert relearning.apply(foreseen, maker, now) == relearning.Learned(5, 0)
    assert f1(customers(), apart) == 1
    newest = match_memory.read()
    assert newest is not None
    assert (newest.run_id, newest.actor, newest.model.records) == (None, maker.login, 10)
    assert relearning.foresee().joined == 0
    models = rows_of("match_model")
    assert undo.undo(maker, now).startswith("Matching learned again from 10 records")
    assert {table: rows_of(table) for table in ("source_record", "review_pair")} == {
        table: before[table] for table in ("source_record", "review_pair")
    }
    standing = "SELECT id, name, merged_into_id FROM customer"
    assert [row[2] for row in execute(standing)] == [None] * 10
    # What was learned stays, and so joins them again where it is asked to.
    assert rows_of("match_model") == models
    assert relearning.foresee().joined == 5


def test_what_people_decided_stays(apart: pd.Series[str], maker: Actor, now: dt.datetime) -> None:
    with journal.action(maker, now, "match.apart", "Never"):
        decisions.part(maker, now, [("con", "CNTID_1")], [("con", "CNTID_11")])
    foreseen = relearning.foresee()
    assert foreseen.joined == 4
    relearning.apply(foreseen, maker, now)
    found = customers()
    assert found["CNTID_1"] != found["CNTID_11"]


def test_who_looks_like_several_people_is_told_and_stays_one(
    apart: pd.Series[str], maker: Actor, now: dt.datetime
) -> None:
    execute_as = "UPDATE source_record SET customer_id = 1 WHERE key = 'CNTID_2'"
    with journal.action(maker, now, "test", "Joined wrongly"):
        execute(execute_as)
    foreseen = relearning.foresee()
    assert foreseen.splits == (1,)
    # A customer that might be two is joined with nobody by itself: its pair is for a person.
    assert foreseen.joined == 3
    assert ("con", "CNTID_1") in {side for pair in foreseen.pairs for side in (pair.left, pair.right)}
    relearning.apply(foreseen, maker, now)
    found = customers()
    assert found["CNTID_1"] == found["CNTID_2"] == 1
    assert execute("SELECT count(*) FROM review_pair").fetchone()[0] == len(foreseen.pairs)


def test_customers_of_two_owners_are_left_to_a_person(apart: pd.Series[str], maker: Actor, now: dt.datetime) -> None:
    with journal.action(maker, now, "test", "Owned"):
        execute("INSERT INTO app_user (login, name, created_at) VALUES ('bo', 'Bo', 1)")
        execute("UPDATE customer SET owner_id = (SELECT id FROM app_user WHERE login = 'bo') WHERE id = 100")
        execute("UPDATE customer SET owner_id = ? WHERE id = 1", (maker.id,))
    done = relearning.apply(relearning.foresee(), maker, now)
    assert done == relearning.Learned(4, 1)
    ((reason,),) = execute("SELECT reason FROM review_pair").fetchall()
    assert reason.startswith("one person in two customers")


def test_what_was_foreseen_before_another_import_is_refused(
    apart: pd.Series[str], files: Files, maker: Actor, now: dt.datetime
) -> None:
    foreseen = relearning.foresee()
    files.contacts(contact(30, "Ida", "Berg"))
    run.run([files.folder], maker, now)
    with pytest.raises(ChangedMeanwhileError):
        relearning.apply(foreseen, maker, now)


def test_without_records_there_is_nothing_to_learn_from(maker: Actor) -> None:
    with pytest.raises(RefusedError, match="contoso import"):
        relearning.foresee()


def test_learning_again_is_advised_when_records_grew_by_half_or_come_from_another_source(
    files: Files, maker: Actor, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_memory, "FEW", 2)
    rows = people(60).drop(columns="person")
    contacts = rows[rows["source"] == "con"]
    write(files, contacts.iloc[:40])
    assert run.run([files.folder / "Contacts.csv"], maker, now).learn_again == ""
    write(files, contacts.iloc[40:50])
    assert run.run([files.folder / "Contacts.csv"], maker, now).learn_again == ""
    write(files, contacts.iloc[50:60])
    assert run.run([files.folder / "Contacts.csv"], maker, now).learn_again.startswith("there are 60 records")
    write(files, rows[rows["source"] == "loy"].iloc[:1])
    made = run.run([files.folder / "Loyalty.csv"], maker, now)
    assert made.learn_again == "it hasn't seen loy"
    assert relearning.status().why_learn_again == made.learn_again
    relearning.apply(relearning.foresee(), maker, now)
    assert relearning.status().why_learn_again == ""


def test_links_that_score_otherwise_than_the_model_expects_advise_learning_again(
    files: Files, maker: Actor, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_memory, "FEW", 2)
    write(files, people(60).drop(columns="person"))
    run.run([files.folder], maker, now)
    memory = match_memory.read()
    assert memory is not None
    links = match_memory.Links(200, memory.links.mean - 0.9)
    sources = ("con", "loy")
    assert replace(memory, links_since=links).why_learn_again(memory.model.records, sources) == ""
    assert "1.1 nats less" in replace(
        memory, links_since=match_memory.Links(200, memory.links.mean - 1.1)
    ).why_learn_again(memory.model.records, sources)
