"""Actions and the journal: one transaction each, who did what when through which path, and what others read of it."""

from __future__ import annotations

import re

import pytest

from models import errors, history, journal, triggers, undo
from models.activities import next_steps
from models.database import execute
from models.deals import deals, lines, quotes, stages
from models.errors import ContosoError, RefusedError


def test_every_change_says_who_when_from_to_and_through_which_path(book):
    deal = book.deal("develop", 9_000)
    typist = book.max._replace(path="cli")
    deals.edit(typist, book.at("2026-11-20"), deal, {"need": "cameras"})
    entry = journal.list_entries("deal", deal)[0]
    assert (entry.actor, entry.path, entry.op, entry.column) == ("max", "cli", "u", "need")
    assert (entry.before, entry.after, entry.at) == (
        "doors and windows of 12 sites",
        "cameras",
        book.at("2026-11-20"),
    )
    assert (book.at("2026-11-20"), "max", "cli", "need: doors and windows of 12 sites -> cameras") in (
        history.of_deal(deal)
    )


def test_the_history_speaks_of_money_people_lines_and_quotes(book):
    deal = book.deal("quote", 9_000)
    quotes.create(book.ana, book.now, deal)
    deals.assign(book.max, book.now, [deal], "bo")
    lines.remove(book.bo, book.now, lines.list_lines(deal)[0].id)
    said = [sentence for *_, sentence in history.of_deal(deal)]
    for sentence in (
        f"opened D-{deal}",
        "owner: ana -> bo",
        "moved from Develop to Quote",
        "amount: $350.00 -> $9,000.00",
        "removed line Installation",
        "made Q-0301 r1",
    ):
        assert sentence in said, said
    assert not [sentence for sentence in said if "terms rev" in sentence or "next step:" in sentence]


def test_the_feed_names_each_changed_row_once_and_goes_on_where_it_ended(book):
    deal = book.deal("develop", 9_000)
    start = journal.last_id()
    assert journal.list_changes_since(start) == []
    deals.edit(book.ana, book.now, deal, {"need": "a", "time_frame": "b"})
    deals.edit(book.max, book.now, deal, {"need": "c"})
    found = journal.list_changes_since(start)
    assert [(change.table, change.row_id, change.actor) for change in found] == [
        ("deal", deal, "ana"),
        ("deal", deal, "max"),
    ]
    assert journal.list_changes_since(found[-1].journal_id) == []
    in_parts, at = [], start
    while part := journal.list_changes_since(at, limit=1):
        in_parts += part
        at = part[-1].journal_id
    assert in_parts == found


def test_another_sessions_next_step_shows_on_the_deal_in_the_feed(book):
    deal = book.deal("develop", 9_000)
    start = journal.last_id()
    next_steps.set_step(book.ana, book.now, deal, "call", book.today)
    assert {(change.table, change.row_id) for change in journal.list_changes_since(start)} >= {("deal", deal)}


def test_an_action_is_all_or_nothing(book):
    deal = book.deal("develop", 9_000)
    before, count = book.detail(deal), execute("SELECT count(*) FROM action").fetchone()

    def half():
        with journal.action(book.ana, book.now, "deal.edit", "Half"):
            deals.edit(book.ana, book.now, deal, {"need": "half"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert (book.detail(deal), execute("SELECT count(*) FROM action").fetchone()) == (before, count)
    # The next one is a transaction of its own again.
    deals.edit(book.ana, book.now, deal, {"need": "whole"})
    assert book.detail(deal).need == "whole"


def test_actions_inside_an_action_are_one_entry(book):
    one, other = book.deal("develop", 9_000), book.deal("develop", 9_000)
    with journal.action(book.ana, book.now, "deal.both", "Both") as made:
        deals.edit(book.ana, book.now, one, {"need": "x"})
        stages.forward(book.ana, book.now, other)
        made.summary = "Did both"
    newest = undo.list_actions(book.ana)[0]
    assert (newest.kind, newest.summary) == ("deal.both", "Did both")
    undo.undo(book.ana, book.now)
    assert (book.detail(one).need, book.detail(other).stage.id) == ("doors and windows of 12 sites", "develop")


def test_what_the_database_refuses_leaves_as_a_sentence_and_nothing_is_written(book):
    deal = book.typed(25_000)

    def rush():
        with journal.action(book.ana, book.now, "deal.move", "Rushed"):
            execute("UPDATE deal SET need = 'x' WHERE id = ?", (deal,))
            execute("UPDATE deal SET stage = 'close' WHERE id = ?", (deal,))

    with pytest.raises(RefusedError, match="no valid sign-off") as caught:
        rush()
    assert caught.value.rule == "CRM101"
    assert book.detail(deal).need != "x"
    with pytest.raises(ContosoError), journal.action(book.ana, book.now, "deal.move", "Bad"):
        execute("UPDATE deal SET stage = 'nowhere' WHERE id = ?", (deal,))


def test_customers_of_an_import_carry_its_run_instead_of_journal_rows(book):
    start = journal.last_id()
    importer = book.olga._replace(path="import")
    with journal.action(importer, book.now, "import.run", "Imported", can_undo=False):
        run = execute("INSERT INTO import_run (actor, started_at) VALUES ('olga', 1)").lastrowid
        execute("INSERT INTO customer (name, run_id, created_at) VALUES ('Abbie Moss', ?, 1)", (run,))
    assert [change.table for change in journal.list_changes_since(start)] == ["import_run"]


def test_every_rule_has_a_sentence():
    raised = {code for sql in triggers.statements() for code in re.findall(r"RAISE\(ABORT, '(\w+)'\)", sql)}
    assert raised
    for code in raised:
        said = errors.from_database(Exception(code))
        assert isinstance(said, RefusedError), code
        assert said.rule == code
        assert "CRM" not in said.message
    unknown = errors.from_database(Exception("CRM999"))
    assert type(unknown) is ContosoError
