"""Rules 1.6 to 1.8: closing deals, opening them again, and two people at one deal."""

from __future__ import annotations

import datetime as dt

import pytest

from models import database, journal, process
from models.activities import next_steps
from models.database import execute
from models.deals import board, deals, lines, quotes, stages
from models.deals.records import AmountFrom, Outcome
from models.errors import ChangedMeanwhileError, NotFoundError, RefusedError, UsageError


def changes(deal):
    rows = execute(
        "SELECT from_stage, to_stage, from_outcome, to_outcome, reason, actor FROM stage_change WHERE deal_id = ?"
        " ORDER BY id",
        (deal,),
    )
    return rows.fetchall()


def test_lost_says_who_when_and_why(book):
    deal = book.deal("quote", 9_000)
    for reason, by, note in (
        ("boredom", "Pat", ""),
        ("", "Pat", ""),
        ("price", " ", ""),
        ("other", "Pat", " "),
    ):
        with pytest.raises(UsageError):
            stages.lose(book.ana, book.now, deal, reason, by, note=note)
    with pytest.raises(UsageError, match="future"):
        stages.lose(book.ana, book.now, deal, "price", "Pat", book.today + dt.timedelta(days=1))
    stages.lose(book.ana, book.now, deal, "competitor", "Pat Marsh", dt.date(2026, 11, 17), "chose Acme")
    detail = book.detail(deal)
    assert detail.outcome is Outcome.LOST
    assert (detail.lost_reason, detail.lost_by, detail.lost_on, detail.lost_note) == (
        "competitor",
        "Pat Marsh",
        dt.date(2026, 11, 17),
        "chose Acme",
    )
    assert changes(deal)[-1] == ("quote", "quote", "open", "lost", "chose another", "ana")


def test_no_answer_is_no_reason_and_the_deal_stays_marked_until_it_has_a_next_step(book):
    deal = book.deal("quote", 9_000)
    view = board.View(owner_id=book.ana.id)

    def card():
        return board.list_cards([deal], book.now)[0]

    assert not {"no_answer", "no answer"} & set(process.current().lost_reasons)
    with pytest.raises(UsageError, match="reason"):
        stages.lose(book.ana, book.now, deal, "no answer", "Pat")
    assert book.detail(deal).outcome is Outcome.OPEN
    assert (card().next_step, list(board.list_column(view, "quote", book.now))) == ("", [deal])
    next_steps.set_step(book.ana, book.now, deal, "Write a letter", book.today)
    assert card().next_step == "Write a letter"


def test_disqualified_deals_count_apart_from_lost_ones(book):
    for _ in range(2):
        stages.disqualify(book.ana, book.now, book.deal("develop", 9_000), "no fit")
    stages.lose(book.ana, book.now, book.deal("develop", 5_000), "price", "Pat")
    view = board.View(owner_id=book.ana.id, outcome="lost")
    found = board.list_closings(view, book.today)
    assert [(one.reason, one.deals) for one in found] == [("disqualified", 2), ("price", 1)]


@pytest.mark.parametrize(("stage", "may"), [("qualify", True), ("develop", True), ("quote", False), ("close", False)])
def test_disqualified_in_the_first_two_stages_with_a_reason(book, stage, may):
    deal = book.deal(stage, 9_000)
    if not may:
        with pytest.raises(RefusedError, match="lose it instead"):
            stages.disqualify(book.ana, book.now, deal, "no fit")
        return
    with pytest.raises(UsageError):
        stages.disqualify(book.ana, book.now, deal, " ")
    stages.disqualify(book.ana, book.now, deal, "no fit")
    assert book.detail(deal).outcome is Outcome.DISQUALIFIED


def test_won_from_the_last_stage_not_in_the_future(book):
    early = book.deal("quote", 9_000)
    with pytest.raises(RefusedError, match="won from the last stage"):
        book.win(early)
    deal = book.deal("close", 9_000)
    tomorrow = book.today + dt.timedelta(days=1)
    for values in ({"on": tomorrow}, {"walkthrough_on": tomorrow}):
        with pytest.raises(RefusedError, match="future"):
            stages.win(book.ana, book.now, deal, **values)
    book.win(deal)
    assert (book.detail(deal).outcome, book.detail(deal).won_on) == (Outcome.WON, book.today)
    assert changes(deal)[-1][2:4] == ("open", "won")


def test_a_won_deals_amount_lines_and_quotes_are_frozen(book):
    deal = book.deal("close", 9_000)
    line = lines.list_lines(deal)[0].id
    quote = quotes.list_for_deal(deal, book.now)[0].id
    book.win(deal)
    tries = (
        lambda: deals.edit(book.ana, book.now, deal, {"amount_minor": 5}),
        lambda: deals.edit(book.ana, book.now, deal, {"need": "other"}),
        lambda: lines.add(book.ana, book.now, deal, "DOORBELL"),
        lambda: lines.change(book.ana, book.now, line, quantity=2),
        lambda: lines.remove(book.ana, book.now, line),
        lambda: lines.shift(book.ana, book.now, line, 1),
        lambda: quotes.create(book.ana, book.now, deal),
        lambda: quotes.cancel(book.ana, book.now, quote),
        lambda: stages.forward(book.ana, book.now, deal),
        lambda: stages.move(book.ana, book.now, [deal], "quote", "back"),
        lambda: stages.lose(book.ana, book.now, deal, "price", "Pat"),
        lambda: book.win(deal),
    )
    for attempt in tries:
        with pytest.raises(RefusedError):
            attempt()
    assert book.detail(deal).amount_minor == 900_000


@pytest.mark.parametrize("stage", ["qualify", "develop", "quote", "tech_check", "close"])
def test_a_lost_deal_reopens_where_it_was_closed(book, stage):
    deal = book.deal(stage, 25_000)
    stages.lose(book.ana, book.now, deal, "timing", "Pat")
    with pytest.raises(UsageError):
        stages.reopen(book.ana, book.now, deal, "")
    later = book.now + dt.timedelta(days=3)
    assert stages.reopen(book.ana, later, deal, "they called").to_stage == stage
    detail = book.detail(deal)
    assert (detail.outcome, detail.stage.id, detail.stage_entered_at) == (Outcome.OPEN, stage, later)
    # Both reasons stay in the history.
    assert [row[4] for row in changes(deal)[-2:]] == ["timing", "they called"]
    with pytest.raises(RefusedError, match="open already"):
        stages.reopen(book.ana, book.now, deal, "again")


def test_a_deal_won_elsewhere_reopens_in_the_first_stage_and_counts_nowhere(book):
    importer = book.olga._replace(path="import")
    with journal.action(importer, book.now, "import.run", "Imported", can_undo=False):
        run = execute("INSERT INTO import_run (actor, started_at) VALUES ('olga', 1)").lastrowid
        deal = execute(
            "INSERT INTO deal (customer_id, owner_id, pipeline, stage, outcome, typed_amount_minor, stage_entered_at,"
            " created_at, created_on, created_by, run_id)"
            " VALUES (?, ?, 'sales', 'close', 'won_imported', 5000000, 1, 1, '2020-01-01', 'olga', ?)",
            (book.account(), book.ana.id, run),
        ).lastrowid
    assert book.detail(deal).tech == "imported"
    assert execute("SELECT coalesce(sum(deals), 0) FROM stage_total").fetchone()[0] == 0
    assert stages.reopen(book.ana, book.now, deal, "more sites").to_stage == "qualify"
    assert book.tech(deal) == "due"
    assert execute("SELECT sum(deals) FROM stage_total").fetchone()[0] == 1


def test_two_sessions_at_one_deal_the_second_is_told(book):
    deal = book.deal("qualify", 9_000)
    seen = book.detail(deal)
    deals.edit(book.max, book.now, deal, {"need": "cameras"})
    with pytest.raises(ChangedMeanwhileError, match=r"max changed D-\d+ .* meanwhile") as caught:
        deals.edit(book.ana, book.now, deal, {"need": "doors"}, version=seen.version)
    assert caught.value.theirs == {"need": "cameras"}
    assert book.detail(deal).need == "cameras"
    with pytest.raises(ChangedMeanwhileError):
        stages.forward(book.ana, book.now, deal, version=seen.version)
    # Other fields than those that changed can still be saved.
    deals.edit(
        book.ana, book.now, deal, {"time_frame": "May"}, version=seen.version, seen={"time_frame": seen.time_frame}
    )
    assert (book.detail(deal).need, book.detail(deal).time_frame) == ("cameras", "May")
    stages.forward(book.ana, book.now, deal, version=book.detail(deal).version)


def test_saving_what_stands_is_no_change_for_others(book):
    deal = book.deal("qualify", 9_000)
    before = book.detail(deal)
    deals.edit(book.max, book.now, deal, {"need": before.need})
    assert book.detail(deal).version == before.version
    deals.edit(book.max, book.now, deal, {"need": "new"})
    assert book.detail(deal).version == before.version + 1


def test_a_write_of_another_process_between_judging_and_writing_is_seen(book, monkeypatch):
    deal = book.deal("qualify", 9_000)
    judged = stages.gates.blockers

    def meanwhile(*args):
        found = judged(*args)
        with journal.action(book.max, book.now, "deal.edit", "Meanwhile"):
            execute("UPDATE deal SET need = '' WHERE id = ?", (deal,))
        return found

    monkeypatch.setattr(stages.gates, "blockers", meanwhile)
    with pytest.raises(ChangedMeanwhileError, match="look again"):
        stages.forward(book.ana, book.now, deal)
    assert book.detail(deal).stage.id == "qualify"


def test_the_stage_age_counts_days_of_the_companys_calendar(book):
    deal = book.deal("qualify", 9_000)
    # 23:30 in Denver on the 20th.
    stages.forward(book.ana, dt.datetime(2026, 11, 21, 6, 30, tzinfo=dt.UTC), deal)
    soon = dt.datetime(2026, 11, 21, 7, 30, tzinfo=dt.UTC)
    assert stages.get_detail(deal, soon).stage_age_days == 1


def test_what_can_not_be_is_said(book):
    with pytest.raises(NotFoundError, match="D-77"):
        stages.forward(book.ana, book.now, 77)
    with pytest.raises(NotFoundError):
        deals.create(book.ana, book.now, 77)
    with pytest.raises(UsageError, match="exchange rate"):
        deals.create(book.ana, book.now, book.account(), amount_minor=5, currency="JPY")
    deal = book.typed(9_000)
    for bad in (
        {"amount_minor": -1},
        {"budget_minor": 10**16},
        {"probability_percent": 101},
        {"category": "sure"},
        {"stage": "close"},
        {"version": 1},
    ):
        with pytest.raises(UsageError):
            deals.edit(book.ana, book.now, deal, bad)


def test_the_largest_amount_is_kept_to_the_cent(book):
    deal = book.typed(10**13)
    assert database.execute("SELECT amount_usd_cents FROM deal WHERE id = ?", (deal,)).fetchone()[0] == 10**15


def test_the_type_says_what_is_sold_and_makes_no_line(book):
    deal = deals.create(book.ana, book.now, book.account(), type="Smart Doorbell", amount_minor=18_900)
    assert (book.detail(deal).type, lines.list_lines(deal)) == ("Smart Doorbell", [])
    assert book.detail(deal).amount_from is AmountFrom.TYPED
    deals.edit(book.ana, book.now, deal, {"type": "Security System"})
    assert (lines.list_lines(deal), book.detail(deal).amount_minor) == ([], 18_900)


def test_an_amount_is_typed_only_while_there_are_no_lines(book):
    deal = book.typed(9_000)
    deals.edit(book.ana, book.now, deal, {"amount_minor": 950_000})
    line = lines.add(book.ana, book.now, deal, "DOORBELL")
    with pytest.raises(RefusedError, match="its lines"):
        deals.edit(book.ana, book.now, deal, {"amount_minor": 1})
    lines.remove(book.ana, book.now, line)
    assert book.detail(deal).amount_minor == 950_000
