"""Rules 11: undo and redo give back what people see; what is never undone, and what stands in the way."""

from __future__ import annotations

import datetime as dt

import pytest

from models import journal, process, process_change, undo
from models.activities import log, months, next_steps, points
from models.customers import customers
from models.database import execute
from models.deals import deals, lines, products, quotes, stages, tech_checks
from models.deals.records import TechState
from models.errors import ChangedMeanwhileError, NotFoundError, RefusedError
from models.orders import contracts
from models.people import users
from models.people.records import Role
from models.triggers import JOURNALLED

# The counter of terms and what hangs on it never go back; the rest of what is journalled is what people see.
HIDDEN = {"terms_rev", "last_check_id"}


def visible():
    """Return every journalled row, and of deals what is derived too: amount, next step, place on the board."""
    found = {}
    for table, columns in JOURNALLED.items():
        shown = [column for column in columns if column not in HIDDEN]
        if table == "deal":
            shown += ["amount_usd_cents", "terms_lines", "next_step", "next_step_on", "next_step_minute"]
        found[table] = execute(f"SELECT id, {', '.join(shown)} FROM {table} ORDER BY id").fetchall()
    found["totals"] = execute(
        "SELECT * FROM stage_total WHERE deals <> 0 ORDER BY pipeline, stage, owner_id"
    ).fetchall()
    return found


def prepared(book):
    """Return a deal in Quote with a draft and a next step, for actions to work on; there is another in Qualify."""
    deal = book.deal("quote", 25_000)
    book.deal("qualify", 9_000)
    quotes.create(book.ana, book.now, deal)
    next_steps.set_step(book.ana, book.now, deal, "call Pat", book.today)
    return deal


def line_of(deal):
    return lines.list_lines(deal)[0].id


def draft_of(book, deal):
    return quotes.list_for_deal(deal, book.now)[0].id


ACTIONS = {
    "create": lambda book, deal: deals.create(book.ana, book.now, book.detail(deal).customer_id, amount_minor=5),
    "edit": lambda book, deal: deals.edit(book.ana, book.now, deal, {"need": "x", "close_on": book.today}),
    "assign": lambda book, deal: deals.assign(book.ana, book.now, [deal], "bo"),
    "back": lambda book, deal: stages.backward(book.ana, book.at("2026-11-20"), deal, "again"),
    "lose": lambda book, deal: stages.lose(book.ana, book.now, deal, "price", "Pat"),
    "add line": lambda book, deal: lines.add(book.ana, book.now, deal, "MONITORING", 3, months=6),
    "change line": lambda book, deal: lines.change(book.ana, book.now, line_of(deal), quantity=3, discount_bp=100),
    "remove line": lambda book, deal: lines.remove(book.ana, book.now, line_of(deal)),
    "cancel draft": lambda book, deal: quotes.cancel(book.ana, book.now, draft_of(book, deal)),
    "quote note": lambda book, deal: quotes.change(book.ana, book.now, draft_of(book, deal), note="new"),
    "quote line": lambda book, deal: quotes.add_line(book.ana, book.now, draft_of(book, deal), "MOISTURE"),
    "ask": lambda book, deal: tech_checks.ask(book.ana, book.now, deal, "uma"),
    "step": lambda book, deal: next_steps.set_step(book.ana, book.now, deal, "visit", dt.date(2026, 12, 1), minute=600),
    "step done": lambda book, deal: next_steps.done(
        book.ana, book.now, deal, notes="ok", next_text="then", next_on=book.today
    ),
    "snooze": lambda book, deal: next_steps.snooze(book.ana, book.now, deal, dt.date(2026, 12, 1)),
    "log": lambda book, deal: log.log(
        book.ana, book.now, customer_id=book.detail(deal).customer_id, deal_id=deal, channel="visit", text="saw it"
    ),
    "bulk": lambda book, deal: stages.move(book.ana, book.now, [deal, deal + 1], "develop", "sorting"),
}


@pytest.mark.parametrize("act", ACTIONS.values(), ids=ACTIONS.keys())
def test_undo_gives_back_what_was_seen_and_redo_what_was_done(book, act):
    deal = prepared(book)
    before = visible()
    act(book, deal)
    after = visible()
    assert after != before
    for _ in range(2):
        undo.undo(book.ana, book.at("2026-11-25"))
        assert visible() == before
        undo.redo(book.ana, book.at("2026-11-26"))
        assert visible() == after
    undo.undo(book.ana, book.at("2026-11-27"))
    assert visible() == before


def test_the_age_in_the_stage_comes_back(book):
    deal = book.deal("develop", 9_000)
    later = book.at("2026-11-28")
    stages.forward(book.ana, later, deal)
    undo.undo(book.ana, later)
    assert stages.get_detail(deal, later).stage_age_days == 10


def test_points_go_with_the_activity_that_scored_them(book):
    deal = book.deal("develop", 9_000)
    month = book.today
    before = points.month_points("ana", month)
    log.log(
        book.ana, book.now, customer_id=book.detail(deal).customer_id, deal_id=deal, channel="visit", text="saw them"
    )
    assert points.month_points("ana", month) == before + 12
    undo.undo(book.ana, book.now)
    assert points.month_points("ana", month) == before


def test_winning_is_undone_with_its_walk_through(book):
    deal = book.deal("close", 9_000)
    before = visible()
    book.win(deal)
    undo.undo(book.ana, book.now)
    assert visible() == before
    undo.redo(book.ana, book.now)
    assert book.detail(deal).outcome == "won"


def test_undo_walks_back_and_redo_forward_until_something_else_is_done(book):
    deal = book.deal("develop", 9_000)
    for need in ("one", "two", "three"):
        deals.edit(book.ana, book.now, deal, {"need": need})
    undo.undo(book.ana, book.now)
    undo.undo(book.ana, book.now)
    assert book.detail(deal).need == "one"
    undo.redo(book.ana, book.now)
    assert book.detail(deal).need == "two"
    undo.redo(book.ana, book.now)
    assert book.detail(deal).need == "three"
    with pytest.raises(NotFoundError, match="Nothing of yours to redo"):
        undo.redo(book.ana, book.now)
    undo.undo(book.ana, book.now)
    deals.edit(book.ana, book.now, deal, {"time_frame": "May"})
    with pytest.raises(NotFoundError):
        undo.redo(book.ana, book.now)


def test_refused_where_somebody_has_since_changed_the_same_field(book):
    deal = book.deal("develop", 9_000)
    deals.edit(book.ana, book.now, deal, {"need": "hers", "time_frame": "May"})
    deals.edit(book.max, book.now, deal, {"need": "his"})
    before = visible()
    with pytest.raises(RefusedError, match=r"max has since changed need of D-\d+: nothing was undone"):
        undo.undo(book.ana, book.now)
    assert visible() == before
    # Another field stands in nobody's way.
    deals.edit(book.ana, book.now, deal, {"time_frame": "June"})
    deals.edit(book.max, book.now, deal, {"need": "his again"})
    undo.undo(book.ana, book.now)
    assert (book.detail(deal).time_frame, book.detail(deal).need) == ("May", "his again")


def test_refused_where_work_hangs_on_what_would_vanish(book):
    account = book.account()
    deal = deals.create(book.ana, book.now, account)
    log.log(book.sid, book.now, customer_id=account, deal_id=deal, channel="call", text="asked for it")
    with pytest.raises(RefusedError, match="Work hangs on"):
        undo.undo(book.ana, book.now)
    other = deals.create(book.ana, book.now, account)
    deals.edit(book.max, book.now, other, {"need": "x"})
    with pytest.raises(RefusedError, match="max has since changed"):
        undo.undo(book.ana, book.now)
    assert book.detail(deal).customer_id == book.detail(other).customer_id


def test_anothers_action_is_never_undone(book):
    deal = book.deal("develop", 9_000)
    deals.edit(book.ana, book.now, deal, {"need": "hers"})
    with pytest.raises(NotFoundError, match="Nothing of yours"):
        undo.undo(book.bo, book.now)
    mine = undo.list_actions(book.ana)[0]
    for login in ("max", "olga"):
        with pytest.raises(NotFoundError):
            undo.undo(book.actors[login], book.now, mine.id)
    assert (mine.kind, mine.can_undo, mine.is_undone) == ("deal.edit", True, False)


def test_a_signature_users_and_sent_quotes_are_never_undone(book):
    deal = book.deal("tech_check", 25_000)
    book.sign(deal)
    users.change(book.olga, book.now, "bo", name="Bodo")
    for login, reason in (("uma", "replaced by a newer one"), ("olga", "replaced"), ("ana", None)):
        if reason:
            with pytest.raises(RefusedError, match=reason):
                undo.undo(book.actors[login], book.now)
    assert len(tech_checks.list_checks(deal)) == 1
    by_ana = [action for action in undo.list_actions(book.ana) if action.kind == "quote.send"]
    with pytest.raises(RefusedError, match="never unsent"):
        undo.undo(book.ana, book.now, by_ana[0].id)


def test_one_part_that_is_never_undone_makes_the_whole_so(book):
    deal = book.deal("quote", 9_000)
    quote = quotes.create(book.ana, book.now, deal)
    with journal.action(book.ana, book.now, "deal.rush", "Sent and moved"):
        quotes.send(book.ana, book.now, quote)
        stages.forward(book.ana, book.now, deal)
    with pytest.raises(RefusedError, match="never undone"):
        undo.undo(book.ana, book.now)
    assert book.detail(deal).stage.id == "close"


def test_twice_is_refused_and_drafts_are_no_step(book):
    deal = book.deal("tech_check", 25_000)
    products.change(book.olga, book.now, 1, price_minor=5)
    action = undo.list_actions(book.olga)[0].id
    undo.undo(book.olga, book.now)
    with pytest.raises(RefusedError, match="undone already"):
        undo.undo(book.olga, book.now, action)
    tech_checks.save_draft(book.uma, book.now, deal, {"details": "half"})
    assert undo.list_actions(book.uma) == []
    with pytest.raises(NotFoundError):
        undo.undo(book.uma, book.now)
    assert tech_checks.find_draft(book.uma, deal) == {"details": "half"}


def test_what_cant_be_done_is_no_action(book):
    deal = book.deal("develop", 9_000)
    before = undo.list_actions(book.ana)
    with pytest.raises(RefusedError):
        stages.move(book.ana, book.now, [deal], "develop")
    with pytest.raises(ChangedMeanwhileError):
        deals.edit(book.ana, book.now, deal, {"need": "x"}, version=0)
    assert undo.list_actions(book.ana) == before


def test_a_handed_over_deal_doesnt_come_back_to_who_signed_it_meanwhile(book):
    users.change(book.olga, book.now, "bo", roles=[Role.REPRESENTATIVE, Role.CONSULTANT])
    book.actors["bo"] = users.get_actor("bo")
    deal = book.deal("develop", 25_000, owner="bo")
    deals.assign(book.bo, book.now, [deal], "ana")
    lines.add(book.ana, book.now, deal, "MOISTURE")
    assert book.sign(deal, "bo")
    assert book.tech(deal) is TechState.PASSED
    assigned = next(action for action in undo.list_actions(book.bo) if action.kind == "deal.assign")
    with pytest.raises(RefusedError, match="can't take the deal over"):
        undo.undo(book.bo, book.now, assigned.id)


def test_nothing_chosen_is_no_action(book):
    account, individual = book.account(), book.account("Nora Vale", kind="individual")
    before = undo.list_actions(book.olga)
    assert stages.move(book.olga, book.now, [], "develop") == []
    assert stages.move_forward(book.olga, book.now, []) == []
    deals.assign(book.olga, book.now, [], "ana")
    customers.assign(book.olga, book.now, [], "ana")
    # Who has the label already is not labelled again.
    assert customers.label_corporate(book.olga, book.now, [account], "Oak") == []
    assert customers.label_individual(book.olga, book.now, [individual]) == []
    assert undo.list_actions(book.olga) == before


def test_an_older_move_of_a_deal_that_somebody_has_closed_stays(book):
    deal = book.deal("close", 9_000)
    book.win(deal, "max")
    with pytest.raises(RefusedError, match="stands where it was closed") as refused:
        undo.undo(book.ana, book.now)
    assert refused.value.rule == "CRM124"
    assert (book.detail(deal).outcome, book.detail(deal).stage.id) == ("won", "close")


def test_a_process_a_contract_and_a_closed_month_are_never_undone(book):
    quote = quotes.create(book.ana, book.now, book.deal("develop", 9_000))
    quotes.send(book.ana, book.now, quote)
    contracts.accept(book.ana, book.now, quote, book.today, book.today + dt.timedelta(days=90))
    months.close(book.olga, book.now, dt.date(2026, 10, 1))
    limit = 'tech_check_limit_usd = "20000.00"'
    process_change.use(book.olga, book.now, process.shipped_text().replace(limit, limit.replace("20000", "25000")))
    before = visible()
    for login, kind, reason in (
        ("ana", "quote.accept", "replaced by a newer revision, never undone"),
        ("olga", "points.close", "stays closed"),
        ("olga", "process.use", "replaced by a newer one, never undone"),
    ):
        actor = book.actors[login]
        done = next(action for action in undo.list_actions(actor) if action.kind == kind)
        assert not done.can_undo
        with pytest.raises(RefusedError, match=reason):
            undo.undo(actor, book.now, done.id)
    assert visible() == before
