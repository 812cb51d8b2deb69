from __future__ import annotations

import json
from typing import Any

import pytest

from models import journal, undo
from models.customers import customers
from models.database import execute
from models.errors import NotAllowedError, NotFoundError, RefusedError
from models.merging import merges, plans, splits
from models.people.records import Actor
from models.review import deciding, queue
from models.review.records import Case
from tests.models.conftest import Book

NORA = {"given": "Nora", "surname": "Vale", "email": "nora_vale@mail.example", "phone": "303.555.0142",
        "birth_date": "1984-03-12", "street": "14 Elm Walk", "city": "Denver", "postcode": "80014"}  # fmt: skip
CARD = {"full_name": "Vale Nora", "email": "nora_vale@mail.example", "phone": "+1-303-555-0142x77",
        "birth_date": "1984-12-03", "points": 640}  # fmt: skip
OTHER = {"given": "Nora", "surname": "Vail", "email": "nora.vail@post.example", "birth_date": "1991-07-30"}


class Desk:
    """Records of two sources with a customer each, and pairs of them to decide."""

    def __init__(self, book: Book) -> None:
        self.book = book
        with journal.action(book.olga, book.now, "import.run", "Imported"):
            self.run = self._put("import_run", actor="olga", started_at=1)

    def _put(self, table: str, **row: Any) -> int:
        marks = ", ".join("?" for _ in row)
        made = execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
        return int(made.lastrowid or 0)

    def record(self, source: str, number: int, fields: dict[str, Any], owner: Actor | None = None, **more: Any) -> int:
        """Make a record with a customer of its own, with a store purchase if it is a card; return the customer."""
        name = fields.get("full_name") or f"{fields['given']} {fields['surname']}"
        columns = {key: fields.get(key, "") for key in ("email", "phone", "street", "city", "postcode")}
        with journal.action(self.book.olga._replace(path="import"), self.book.now, "import.run", "Imported"):
            customer = self._put(
                "customer", name=name, birth_date=fields.get("birth_date"), owner_id=owner.id if owner else None,
                origin="import", run_id=self.run, created_at=1, **columns, **more,
            )  # fmt: skip
            key = f"{'CNTID' if source == 'con' else 'LOYID'}_{number}"
            record = self._put("source_record", source=source, key=key, line=2, cells="[]", fields=json.dumps(fields),
                               run_id=self.run, customer_id=customer, link_rule="first")  # fmt: skip
            self._put("customer_key", source=source, key=key, customer_id=customer)
            if source == "loy":
                self._put("membership", key=key, customer_id=customer, points=fields.get("points"), record_id=record)
                self._put("purchase", source="pos", key=f"PID_{number}", owner_key=key, customer_id=customer, line=2,
                          purchased_on="2026-11-02", amount_minor=34_200, cells="[]", run_id=self.run)  # fmt: skip
        return customer

    def pair(self, left: int, right: int, score: float, reason: str = "name, email agree", **more: Any) -> int:
        """Leave the records of two customers to be decided; return the pair's number."""
        records = [execute("SELECT id FROM source_record WHERE customer_id = ?", (one,)).fetchone()[0]
                   for one in (left, right)]  # fmt: skip
        with journal.action(self.book.olga._replace(path="import"), self.book.now, "import.run", "Imported"):
            return self._put("review_pair", run_id=self.run, left_record_id=records[0], right_record_id=records[1],
                             score=score, reason=reason, **more)  # fmt: skip

    def visible(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all that a decision may touch."""
        tables = ("customer", "source_record", "customer_key", "purchase", "membership", "review_pair",
                  "match_decision", "deal", "person", "enrolment")  # fmt: skip
        hidden = {"updated_at", "version"}
        found = {}
        for table in tables:
            names = [row[1] for row in execute(f"PRAGMA table_info({table})") if row[1] not in hidden]
            found[table] = execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1, 2").fetchall()
        return found


@pytest.fixture
def desk(book: Book) -> Desk:
    return Desk(book)


def _case(book: Book, pair: int, actor: Actor | None = None) -> Case:
    return queue.get_case(actor or book.olga, queue.find_record(pair))


def test_a_case_tells_for_each_field_how_both_relate_and_what_that_is_worth(desk: Desk, book: Book) -> None:
    evidence = json.dumps([["name", 6.0], ["email", 12.5], ["dob", -2.0], ["context", -3.5]])
    pair = desk.pair(desk.record("con", 1, NORA), desk.record("loy", 9, CARD), 13.0, evidence=evidence)
    case = _case(book, pair)
    assert (case.incoming.source, case.incoming.key, case.brings) == ("loy", "LOYID_9", (("points", "640"),))
    (candidate,) = case.candidates
    assert candidate.chance == pytest.approx(1 / (1 + 2**-13))
    assert {field.field: (str(field.relation), field.note, field.bits) for field in candidate.fields} == {
        "name": ("alike", "in the other order", 6.0),
        "email": ("same", "", 12.5),
        "phone": ("alike", "country code or a lost zero", None),
        "birth_date": ("alike", "day and month exchanged", -2.0),
        "address": ("missing", "", None),
        "context": ("missing", "how rare the values are, and chance", -3.5),
    }
    born = next(field for field in _case(book, pair, book.uma).candidates[0].fields if field.field == "birth_date")
    assert (born.left, born.right, born.is_hidden) == ("", "", True)


def test_the_queue_asks_first_what_tells_most(desk: Desk, book: Book) -> None:
    sure = desk.pair(desk.record("con", 1, NORA), desk.record("loy", 1, CARD), 9.0)
    even = desk.pair(desk.record("con", 2, NORA), desk.record("loy", 2, CARD), 0.0)
    left, right = desk.record("con", 3, NORA), desk.record("loy", 3, CARD)
    twice = desk.pair(left, right, 0.0)
    put_off = desk.pair(desk.record("con", 4, NORA), desk.record("loy", 4, CARD), 0.0)
    with journal.action(book.olga._replace(path="import"), book.now, "import.run", "Imported"):
        # A second card of the same customer: one answer settles both pairs.
        execute("UPDATE source_record SET customer_id = ? WHERE source = 'loy' AND key = 'LOYID_2'", (right,))
        execute("UPDATE source_record SET customer_id = ? WHERE source = 'con' AND key = 'CNTID_2'", (left,))
    deciding.later(book.olga, book.now, [put_off])
    cases = queue.list_cases()
    assert [case.pair_id for case in cases][2:] == [sure, put_off]
    assert {case.pair_id for case in cases[:2]} == {even, twice}
    assert [case.information for case in cases[:2]] == [2.0, 2.0]
    assert (queue.count_open(), cases[-1].is_later) == (4, True)
    assert undo.undo(book.olga, book.now).endswith("later")
    assert not any(case.is_later for case in queue.list_cases())


def test_what_a_merge_would_do_is_told_before(desk: Desk, book: Book) -> None:
    con, loy = desk.record("con", 1, NORA | {"phone": ""}), desk.record("loy", 9, CARD)
    plan = plans.plan(book.olga, loy, con)
    assert (plan.kept_id, plan.gone_id, plan.questions, plan.refusal) == (con, loy, (), "")
    assert tuple(one.text for one in plan.moves) == (
        "1 source record",
        "1 store purchase ($342.00)",
        "640 loyalty points",
    )
    assert [(fill.label, fill.after) for fill in plan.fills] == [("phone", "+1-303-555-0142x77")]
    assert [(one.label, one.kept, one.other) for one in plan.conflicts] == [
        ("name", "Nora Vale", "Vale Nora"),
        ("born", "1984-03-12", "1984-12-03"),
    ]
    assert plans.plan(book.uma, con, loy).conflicts[1].kept == "hidden for your role"


def test_joining_makes_one_customer_and_undo_gives_back_both(desk: Desk, book: Book) -> None:
    con, loy = desk.record("con", 1, NORA, book.bo), desk.record("loy", 9, CARD)
    pair = desk.pair(con, loy, 5.0)
    before = desk.visible()
    assert deciding.join(book.bo, book.now, [pair]) == [con]
    assert execute("SELECT customer_id FROM purchase").fetchone()[0] == con
    assert execute("SELECT merged_into_id FROM customer WHERE id = ?", (loy,)).fetchone()[0] == con
    assert execute("SELECT verdict FROM match_decision").fetchall() == [("always",)]
    assert execute("SELECT state FROM review_pair").fetchall() == [("linked",)]
    assert queue.list_cases() == []
    assert [case.pair_id for case in queue.list_cases("linked")] == [pair]
    undo.undo(book.bo, book.now)
    assert desk.visible() == before
    both = {f"C-{con:05d}", f"C-{loy:05d}"}
    told = undo.redo(book.bo, book.now)
    assert told.startswith(f"M-{pair} ")
    assert told.endswith("): one customer")
    assert all(shown in told for shown in both)
    assert queue.list_cases() == []


def test_never_settles_all_between_two_customers_and_is_undone(desk: Desk, book: Book) -> None:
    con, loy = desk.record("con", 1, NORA), desk.record("loy", 9, CARD)
    pair, third = desk.pair(con, loy, 5.0), desk.pair(con, desk.record("loy", 10, OTHER), 1.0)
    before = desk.visible()
    deciding.apart(book.olga, book.now, [pair])
    assert [case.pair_id for case in queue.list_cases()] == [third]
    assert execute("SELECT left_key, right_key, verdict, decided_by FROM match_decision").fetchall() == [
        ("CNTID_1", "LOYID_9", "never", "olga")
    ]
    assert _case_of(book, pair, "never").candidates[0].decided_by == "olga"
    undo.undo(book.olga, book.now)
    assert desk.visible() == before


def _case_of(book: Book, pair: int, state: str) -> Case:
    return queue.get_case(book.olga, queue.find_record(pair), state)


def test_the_latest_decision_counts(desk: Desk, book: Book) -> None:
    con, loy = desk.record("con", 1, NORA), desk.record("loy", 9, CARD)
    pair = desk.pair(con, loy, 5.0)
    deciding.apart(book.olga, book.now, [pair])
    deciding.join(book.olga, book.now, [pair])
    assert execute("SELECT verdict FROM match_decision").fetchall() == [("always",)]
    with pytest.raises(RefusedError, match="split one off"):
        deciding.apart(book.olga, book.now, [pair])
    record = execute("SELECT id FROM source_record WHERE source = 'loy'").fetchone()[0]
    splits.split(book.olga, book.now, con, [record])
    assert execute("SELECT verdict FROM match_decision").fetchall() == [("never",)]


def test_merging_parting_and_splitting_elsewhere_answer_the_pairs_too(desk: Desk, book: Book) -> None:
    con, loy = desk.record("con", 1, NORA), desk.record("loy", 9, CARD)
    pair = desk.pair(con, loy, 5.0)
    other = desk.pair(con, desk.record("loy", 10, OTHER), 1.0)
    before = desk.visible()
    merges.merge(book.olga, book.now, con, loy)
    assert _states() == [(pair, "linked"), (other, "open")]
    undo.undo(book.olga, book.now)
    assert desk.visible() == before
    for part in (lambda: merges.unmerge(book.olga, book.now, loy), lambda: _split_card(book, con)):
        deciding.join(book.olga, book.now, [pair])
        part()
        assert _states() == [(pair, "never"), (other, "open")]
        assert _case_of(book, pair, "never").candidates[0].decided_by == "olga"


def _states() -> list[tuple[int, str]]:
    return execute("SELECT id, state FROM review_pair ORDER BY id").fetchall()


def _split_card(book: Book, customer_id: int) -> None:
    card = execute("SELECT id FROM source_record WHERE key = 'LOYID_9'").fetchone()[0]
    splits.split(book.olga, book.now, customer_id, [card])


def test_alike_are_those_that_relate_in_the_same_way(desk: Desk, book: Book) -> None:
    first = desk.pair(desk.record("con", 1, NORA), desk.record("loy", 1, CARD), 5.0)
    same = desk.pair(desk.record("con", 2, NORA), desk.record("loy", 2, CARD), 4.0)
    desk.pair(desk.record("con", 3, NORA), desk.record("loy", 3, CARD | {"birth_date": "1984-03-12"}), 4.0)
    desk.pair(desk.record("con", 4, NORA), desk.record("loy", 4, CARD), 4.0, reason="another reason")
    assert queue.list_alike(first) == [(same, "Nora Vale", "Vale Nora")]
    deciding.join(book.olga, book.now, [first, same])
    assert len(queue.list_cases()) == 2
    undo.undo(book.olga, book.now)
    assert len(queue.list_cases()) == 4


def test_two_owners_are_asked_and_the_role_is_judged_first(desk: Desk, book: Book) -> None:
    pair = desk.pair(desk.record("con", 1, NORA, book.bo), desk.record("con", 2, NORA, book.ana), 5.0)
    with pytest.raises(NotAllowedError):
        deciding.join(book.bo, book.now, [pair])
    with pytest.raises(NotAllowedError):
        deciding.apart(book.uma, book.now, [pair])
    with pytest.raises(RefusedError, match="who keeps the customer"):
        deciding.join(book.max, book.now, [pair])
    (kept,) = deciding.join(book.max, book.now, [pair], owner="ana")
    assert customers.get_row(kept).owner == "ana"


def test_two_nurtures_are_asked_and_one_ends_as_merged(desk: Desk, book: Book) -> None:
    from models.nurture import enrolments

    accounts = [desk.record("con", number, NORA, book.ana, kind="corporate") for number in (1, 2)]
    for account in accounts:
        book.set_customer(account, kind="corporate")
        enrolments.start(book.ana, book.now, [account])
    pair = desk.pair(*accounts, 5.0)
    (question,) = plans.plan(book.ana, *accounts).questions
    assert question.name == "nurture"
    with pytest.raises(RefusedError, match="same nurture programme"):
        deciding.join(book.ana, book.now, [pair])
    deciding.join(book.ana, book.now, [pair], nurture=question.choices[1][0])
    assert sorted(execute("SELECT state, exit_reason FROM enrolment").fetchall()) == [
        ("active", ""),
        ("exited", "merged"),
    ]


def test_an_individual_and_an_account_are_not_joined(desk: Desk, book: Book) -> None:
    pair = desk.pair(desk.record("con", 1, NORA), desk.record("con", 2, NORA, kind="corporate"), 5.0)
    with pytest.raises(RefusedError, match="label one of them first"):
        deciding.join(book.olga, book.now, [pair])
    for act in (deciding.join, deciding.apart, deciding.later):
        with pytest.raises(NotFoundError, match="M-99"):
            act(book.olga, book.now, [99])
