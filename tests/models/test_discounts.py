"""Discount limits and their approval, differences of revisions, extension, notes near the limit (rules 2, 5.2)."""

from __future__ import annotations

import datetime as dt

import pytest

from models import database, journal, process, process_change, undo
from models.deals import approvals, board, discounts, lines, quote_changes, quotes
from models.errors import NotAllowedError, RefusedError, UsageError
from tests.models.conftest import ORDER


def draft_with(book, discount_bp, owner="bo", dollars=9_000):
    deal = book.deal("quote", dollars, owner=owner)
    quote = quotes.create(book.actors[owner], book.now, deal)
    quotes.change_line(book.actors[owner], book.now, quotes.get(quote, book.now).lines[0].id, discount_bp=discount_bp)
    return quote


def test_each_role_has_its_limit_and_the_highest_counts(book):
    assert discounts.limit_of(book.bo) == 1_000
    assert discounts.limit_of(book.ana) == 1_500
    assert discounts.limit_of(book.max) == 10_000
    assert discounts.limit_of(book.uma) == 0


@pytest.mark.parametrize(("owner", "fine", "too_much"), [("bo", 1_000, 1_001), ("ana", 1_500, 1_501)])
def test_above_the_limit_a_manager_must_approve(book, owner, fine, too_much):
    actor = book.actors[owner]
    quotes.send(actor, book.now, draft_with(book, fine, owner))
    quote = draft_with(book, too_much, owner)
    with pytest.raises(RefusedError, match="your limit is"):
        quotes.send(actor, book.now, quote)
    with pytest.raises(NotAllowedError):
        approvals.approve(actor, book.now, quote)
    approvals.ask(actor, book.now, quote, note="They have two offers")
    assert quotes.get(quote, book.now).asked_of == "max"
    with pytest.raises(RefusedError, match="max was asked"):
        quotes.send(actor, book.now, quote)
    approvals.approve(book.eve, book.now, quote)
    assert quotes.get(quote, book.now).asked_of == ""
    quotes.send(actor, book.now, quote)
    with pytest.raises(RefusedError, match="is sent"):
        approvals.approve(book.max, book.now, quote)


def test_a_price_below_the_lists_counts_as_the_discount_it_amounts_to(book):
    deal = book.deal("quote", 350, owner="bo")
    quote = quotes.create(book.bo, book.now, deal)
    line = quotes.get(quote, book.now).lines[0].id

    def needs(price_minor: int, discount_bp: int = 0) -> bool:
        quotes.change_line(book.bo, book.now, line, price_minor=price_minor, discount_bp=discount_bp)
        return discounts.standing(book.bo, quotes.get(quote, book.now)).needs_approval

    # Installation is $350.00 in the catalogue, and a representative gives 10 %.
    assert [needs(35_000), needs(31_500), needs(31_499), needs(33_250, 500), needs(33_250, 600)] == [
        False, False, True, False, True,
    ]  # fmt: skip
    assert needs(40_000, 1_001)
    needs(20_000)
    with pytest.raises(RefusedError, match="your limit is"):
        quotes.send(book.bo, book.now, quote)
    with pytest.raises(RefusedError) as refused, journal_of(book.bo, book.now):
        database.execute("UPDATE quote SET state = 'sent', sent_at = 1 WHERE id = ?", (quote,))
    assert refused.value.rule == "CRM522"
    approvals.approve(book.max, book.now, quote)
    quotes.send(book.bo, book.now, quote)


def test_an_approval_holds_up_to_its_discount_for_its_revision(book):
    quote = draft_with(book, 2_000)
    approvals.approve(book.max, book.now, quote)
    line = quotes.get(quote, book.now).lines[0].id
    quotes.change_line(book.bo, book.now, line, discount_bp=2_001)
    with pytest.raises(RefusedError, match="on a line"):
        quotes.send(book.bo, book.now, quote)
    quotes.change_line(book.bo, book.now, line, discount_bp=2_000)
    quotes.send(book.bo, book.now, quote)
    revision = quotes.create(book.bo, book.now, quotes.get(quote, book.now).deal_id)
    with pytest.raises(RefusedError):
        quotes.send(book.bo, book.now, revision)


def test_approval_is_undone_while_the_quote_is_a_draft_only(book):
    quote = draft_with(book, 2_000)
    approvals.approve(book.max, book.now, quote)
    undo.undo(book.max, book.now)
    with pytest.raises(RefusedError):
        quotes.send(book.bo, book.now, quote)
    approvals.approve(book.max, book.now, quote)
    quotes.send(book.bo, book.now, quote)
    with pytest.raises(RefusedError):
        undo.undo(book.max, book.now)


def test_a_request_needs_a_manager_and_something_to_approve(book):
    quote = draft_with(book, 2_000)
    with pytest.raises(RefusedError, match="no manager"):
        approvals.ask(book.bo, book.now, quote, "ana")
    with pytest.raises(NotAllowedError):
        approvals.ask(book.sid, book.now, quote)
    with pytest.raises(RefusedError, match="needs no approval"):
        approvals.ask(book.bo, book.now, draft_with(book, 500))


def test_the_database_refuses_what_is_above_the_limit_and_false_approvals(book):
    quote = draft_with(book, 2_000)
    with pytest.raises(RefusedError) as refused, journal_of(book.bo, book.now):
        database.execute("UPDATE quote SET state = 'sent', sent_at = 1 WHERE id = ?", (quote,))
    assert refused.value.rule == "CRM522"
    for actor, approver in ((book.bo, book.max), (book.bo, book.bo), (book.uma, book.uma)):
        with pytest.raises(RefusedError) as refused, journal_of(actor, book.now):
            database.execute(
                "INSERT INTO quote_approval (quote_id, discount_bp, approved_by_id, approved_at)"
                " VALUES (?, 10000, ?, crm_now())",
                (quote, approver.id),
            )
        assert refused.value.rule == "CRM523"


def journal_of(actor, now):
    return journal.action(actor, now, "test", "Written past the program")


def test_a_process_without_limits_limits_nobody(book):
    text = process.shipped_text().replace("[discount_limits]\nrepresentative = 10\nexecutive = 15\n", "")
    quote = draft_with(book, 9_000)
    process_change.use(book.olga, book.now, text)
    quotes.send(book.bo, book.now, quote)


def test_what_differs_is_matched_by_product_and_place(book):
    deal = book.deal("develop", 9_000)
    for product in ("DOORBELL", "DOORBELL", "MOISTURE"):
        lines.add(book.ana, book.now, deal, product, 2)
    first = quotes.create(book.ana, book.now, deal)
    quotes.send(book.ana, book.now, first)
    second = quotes.create(book.ana, book.now, deal)
    of = quotes.get(second, book.now).lines
    quotes.change_line(book.ana, book.now, of[1].id, quantity=5, discount_bp=1_000)
    quotes.remove_line(book.ana, book.now, of[3].id)
    quotes.add_line(book.ana, book.now, second, "THERMOSTAT")
    before, after = quotes.get(first, book.now), quotes.get(second, book.now)
    found = quote_changes.compare(before, after)
    assert [(one.fields, one.change_minor) for one in found] == [
        (("quantity", "discount_bp"), round(5 * 18_900 * 0.9) - 2 * 18_900),
        (("added",), after.lines[-1].net_minor),
        (("removed",), -before.lines[3].net_minor),
    ]
    assert sum(one.change_minor for one in found) == after.net_minor - before.net_minor
    assert quote_changes.compare(after, after) == []


def test_an_expired_quote_is_accepted_after_it_was_extended(book):
    deal = book.deal("quote", 9_000)
    quote = book.requote(deal, 7_000)
    later = book.now + dt.timedelta(days=40)
    with pytest.raises(RefusedError, match="extend it"):
        quotes.accept(book.ana, later, quote)
    for day in (dt.date(2026, 12, 18), dt.date(2026, 12, 20)):
        with pytest.raises(UsageError):
            quote_changes.extend(book.ana, later, quote, day)
    with pytest.raises(NotAllowedError):
        quote_changes.extend(book.bo, later, quote, dt.date(2027, 1, 20))
    quote_changes.extend(book.ana, later, quote, dt.date(2027, 1, 20))
    found = quotes.get(quote, later)
    assert (found.state, found.valid_until, found.extended_from) == (
        "sent",
        dt.date(2027, 1, 20),
        dt.date(2026, 12, 18),
    )
    undo.undo(book.ana, later)
    assert quotes.get(quote, later).state == "expired"
    quote_changes.extend(book.ana, later, quote, dt.date(2027, 1, 20))
    quotes.accept(book.ana, later, quote)
    with pytest.raises(RefusedError):
        quote_changes.extend(book.ana, later, quote, dt.date(2027, 2, 20))


def test_the_database_accepts_no_expired_quote(book):
    quote = book.requote(book.deal("quote", 9_000), 7_000)
    later = book.now + dt.timedelta(days=40)
    with pytest.raises(RefusedError) as refused, journal_of(book.ana, later):
        database.execute("UPDATE quote SET state = 'accepted' WHERE id = ?", (quote,))
    assert refused.value.rule == "CRM521"


def notes(deal):
    return database.execute(
        "SELECT list_usd_cents, net_usd_cents, actor FROM discount_note WHERE deal_id = ?", (deal,)
    ).fetchall()


def test_a_discount_that_brings_a_deal_under_the_limit_is_noted(book):
    deal = book.deal("develop", 21_000)
    lines.change(book.ana, book.now, lines.list_lines(deal)[0].id, discount_bp=500)
    assert notes(deal) == [(2_100_000, 1_995_000, "ana")]
    [near] = discounts.list_near_limit()
    assert (near.deal_id, near.below_usd_cents, near.list_usd_cents) == (deal, 5_000, 2_100_000)
    undo.undo(book.ana, book.now)
    assert len(notes(deal)) == 1
    assert discounts.list_near_limit() == []


def test_a_price_below_the_limit_is_near_it_but_no_discount(book):
    deal = book.deal("develop", 21_000)
    book.price(deal, 19_500)
    assert notes(deal) == []
    assert [(n.deal_id, n.list_usd_cents) for n in discounts.list_near_limit()] == [(deal, None)]
    book.price(deal, 18_999.99)
    assert discounts.list_near_limit() == []


def test_notes_stay(book):
    deal = book.deal("develop", 21_000)
    lines.change(book.ana, book.now, lines.list_lines(deal)[0].id, discount_bp=500)
    for sql in ("DELETE FROM discount_note", "UPDATE discount_note SET net_usd_cents = 1"):
        with pytest.raises(RefusedError), journal_of(book.ana, book.now):
            database.execute(sql)


def test_what_waits_for_a_manager_is_a_view_of_the_board_until_it_is_approved_or_sent(book):
    view = board.View(is_to_approve=True)

    def waiting():
        deals = [deal for stage in ORDER for deal in board.list_column(view, stage, book.now)]
        assert sum(total.deals for total in board.list_totals(view, book.now)) == len(deals)
        assert board.keep_matching(view, deals) == set(deals)
        quotes_of = {quote.deal_id: quote.id for quote in approvals.list_waiting(book.now)}
        assert sorted(quotes_of) == sorted(deals)
        return [quote.id for quote in approvals.list_waiting(book.now)]

    first, second = draft_with(book, 2_000), draft_with(book, 3_000, "ana")
    assert waiting() == []
    approvals.ask(book.ana, book.now, second)
    approvals.ask(book.bo, book.now, first)
    assert waiting() == [second, first]
    undo.undo(book.bo, book.now)
    assert waiting() == [second]
    approvals.approve(book.max, book.now, second)
    assert waiting() == []
    line = quotes.get(second, book.now).lines[0]
    quotes.change_line(book.ana, book.now, line.id, discount_bp=4_000)
    approvals.ask(book.ana, book.now, second)
    assert waiting() == [second]
    quotes.cancel(book.ana, book.now, second)
    assert waiting() == []
