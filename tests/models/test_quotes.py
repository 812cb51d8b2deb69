"""Rules 5.2 and 5.3: numbers and revisions, states, and what the deal is worth."""

from __future__ import annotations

import datetime as dt

import pytest

from models import undo
from models.deals import deals, lines, products, quotes, stages
from models.deals.records import AmountFrom
from models.errors import NotFoundError, RefusedError, UsageError
from models.ids import show_quote


def name(book, quote_id):
    quote = quotes.get(quote_id, book.now)
    return show_quote(quote.number, quote.revision), quote.state


def states(book, deal):
    return [quote.state for quote in reversed(quotes.list_for_deal(deal, book.now))]


def amount(book, deal):
    detail = book.detail(deal)
    return detail.amount_from, detail.amount_quote, detail.amount_minor


def test_a_number_with_revisions_for_each_deal(book):
    one, other = book.deal("quote", 9_000), book.deal("quote", 8_000)
    first = quotes.create(book.ana, book.now, one)
    assert name(book, first) == ("Q-0301 r1", "draft")
    with pytest.raises(RefusedError, match="Q-0301 r1 is a draft already"):
        quotes.create(book.ana, book.now, one)
    quotes.send(book.ana, book.now, first)
    assert name(book, quotes.create(book.ana, book.now, one)) == ("Q-0301 r2", "draft")
    assert name(book, quotes.create(book.ana, book.now, other)) == ("Q-0302 r1", "draft")
    assert quotes.find(301, 1, book.now).id == first
    assert quotes.find(301, None, book.now).revision == 2
    with pytest.raises(NotFoundError, match="Q-0301 r7"):
        quotes.find(301, 7, book.now)


def test_the_first_draft_copies_the_deals_lines_and_a_revision_the_last_quotes(book):
    deal = book.deal("quote", 9_000)
    first = quotes.create(book.ana, book.now, deal)
    quotes.add_line(book.ana, book.now, first, "MONITORING", 2, months=6, discount_bp=1000)
    quotes.send(book.ana, book.now, first)
    lines.add(book.ana, book.now, deal, "THERMOSTAT")
    second = quotes.get(quotes.create(book.ana, book.now, deal), book.now)
    assert [(line.description, line.quantity, line.months, line.net_minor) for line in second.lines] == [
        ("Installation", 1, None, 900_000),
        ("Monitoring Plan", 2, 6, 52_920),
    ]
    assert (second.net_minor, second.gross_minor) == (952_920, 958_800)
    assert second.valid_until == dt.date(2026, 12, 18)


def test_a_revision_copies_the_one_that_is_named(book):
    deal = book.deal("quote", 9_000)
    first = quotes.create(book.ana, book.now, deal)
    quotes.change(book.ana, book.now, first, addressee="Pat")
    quotes.send(book.ana, book.now, first)
    second = book.requote(deal, 8_000)
    quotes.reject(book.ana, book.now, second, "too dear")
    third = quotes.get(quotes.create(book.ana, book.now, deal, of=first), book.now)
    assert (third.revision, third.net_minor, third.addressee) == (3, 900_000, "Pat")
    # What the customer said last is carried on, whichever revision is taken up.
    assert third.note == "Last answer: too dear"


def test_only_a_draft_can_be_changed(book):
    deal = book.deal("quote", 9_000)
    quote = quotes.create(book.ana, book.now, deal)
    line = quotes.get(quote, book.now).lines[0].id
    quotes.change(book.ana, book.now, quote, valid_until=dt.date(2026, 12, 1), addressee="Pat", note="hello")
    quotes.change_line(book.ana, book.now, line, quantity=2, discount_bp=250)
    extra = quotes.add_line(book.ana, book.now, quote, "MOISTURE")
    quotes.shift_line(book.ana, book.now, extra, -1)
    assert [found.id for found in quotes.get(quote, book.now).lines] == [extra, line]
    quotes.remove_line(book.ana, book.now, extra)
    quotes.send(book.ana, book.now, quote)
    for attempt in (
        lambda: quotes.change(book.ana, book.now, quote, note="x"),
        lambda: quotes.change_line(book.ana, book.now, line, quantity=3),
        lambda: quotes.add_line(book.ana, book.now, quote, "MOISTURE"),
        lambda: quotes.remove_line(book.ana, book.now, line),
        lambda: quotes.shift_line(book.ana, book.now, line, 1),
        lambda: quotes.send(book.ana, book.now, quote),
    ):
        with pytest.raises(RefusedError, match="new revision"):
            attempt()
    assert quotes.get(quote, book.now).net_minor == 1_755_000


def test_the_amount_is_that_of_accepted_else_latest_sent_else_lines(book):
    deal = book.deal("quote", 9_000)
    first = quotes.create(book.ana, book.now, deal)
    assert amount(book, deal) == (AmountFrom.LINES, "", 900_000)
    quotes.send(book.ana, book.now, first)
    assert amount(book, deal) == (AmountFrom.QUOTE_SENT, "Q-0301 r1", 900_000)
    draft = quotes.create(book.ana, book.now, deal)
    quotes.change_line(book.ana, book.now, quotes.get(draft, book.now).lines[0].id, price_minor=800_000)
    # The sent one stays current while its revision is a draft.
    assert amount(book, deal) == (AmountFrom.QUOTE_SENT, "Q-0301 r1", 900_000)
    assert quotes.find_current(deal, book.now).id == draft
    quotes.send(book.ana, book.now, draft)
    assert (states(book, deal), amount(book, deal)[1:]) == (["superseded", "sent"], ("Q-0301 r2", 800_000))
    third = book.requote(deal, 700)
    quotes.accept(book.ana, book.now, third)
    fourth = book.requote(deal, 600)
    assert amount(book, deal) == (AmountFrom.QUOTE_ACCEPTED, "Q-0301 r3", 70_000)
    quotes.accept(book.ana, book.now, fourth)
    assert states(book, deal) == ["superseded", "superseded", "superseded", "accepted"]
    assert amount(book, deal) == (AmountFrom.QUOTE_ACCEPTED, "Q-0301 r4", 60_000)


@pytest.mark.parametrize("way", ["rejected", "cancelled"])
def test_rejected_and_cancelled_quotes_dont_count(book, way):
    deal = book.deal("quote", 9_000)
    book_price = book.requote(deal, 7_000)
    assert amount(book, deal)[2] == 700_000
    if way == "rejected":
        with pytest.raises(UsageError):
            quotes.reject(book.ana, book.now, book_price, " ")
        quotes.reject(book.ana, book.now, book_price, "too dear", on=dt.date(2026, 11, 17))
        assert quotes.get(book_price, book.now).answered_on == dt.date(2026, 11, 17)
        revision = quotes.get(quotes.create(book.ana, book.now, deal), book.now)
        assert revision.note == "Last answer: too dear"
    else:
        quotes.cancel(book.ana, book.now, book_price)
    assert amount(book, deal) == (AmountFrom.LINES, "", 900_000)
    for attempt in (quotes.accept, quotes.cancel):
        with pytest.raises(RefusedError, match=way):
            attempt(book.ana, book.now, book_price)


def test_a_date_alone_changes_no_amount_and_an_expired_quote_cant_be_accepted(book):
    deal = book.deal("quote", 9_000)
    quote = book.requote(deal, 7_000)
    later = book.now + dt.timedelta(days=31)
    assert quotes.get(quote, book.now + dt.timedelta(days=30)).state == "sent"
    assert quotes.get(quote, later).state == "expired"
    assert amount(book, deal) == (AmountFrom.QUOTE_SENT, "Q-0301 r1", 700_000)
    with pytest.raises(RefusedError, match="expired on Fri 18 Dec 2026"):
        quotes.accept(book.ana, later, quote)
    fresh = quotes.create(book.ana, later, deal)
    quotes.send(book.ana, later, fresh)
    quotes.accept(book.ana, later, fresh)
    assert [q.state for q in quotes.list_for_deal(deal, later)] == ["accepted", "superseded"]


def test_what_cant_be_sent(book):
    deal = book.typed(9_000, stage="develop")
    empty = quotes.create(book.ana, book.now, deal)
    with pytest.raises(RefusedError, match="no lines"):
        quotes.send(book.ana, book.now, empty)
    quotes.add_line(book.ana, book.now, empty, "DOORBELL")
    quotes.change(book.ana, book.now, empty, valid_until=dt.date(2026, 11, 17))
    with pytest.raises(RefusedError, match="valid only to"):
        quotes.send(book.ana, book.now, empty)
    with pytest.raises(RefusedError, match="only a sent quote"):
        quotes.accept(book.ana, book.now, empty)


def test_an_answer_is_not_in_the_future(book):
    deal = book.deal("tech_check", 25_000)
    quote = quotes.list_for_deal(deal, book.now)[0].id
    for attempt in (
        lambda day: quotes.accept(book.ana, book.now, quote, on=day),
        lambda day: quotes.reject(book.ana, book.now, quote, "no", on=day),
    ):
        with pytest.raises(UsageError, match="future"):
            attempt(dt.date(2026, 11, 19))


def test_sending_and_accepting_are_never_undone_the_rest_is(book):
    deal = book.deal("quote", 9_000)
    quote = quotes.create(book.ana, book.now, deal)
    quotes.cancel(book.ana, book.now, quote)
    undo.undo(book.ana, book.now)
    assert states(book, deal) == ["draft"]
    quotes.send(book.ana, book.now, quote)
    with pytest.raises(RefusedError, match="revised, never unsent"):
        undo.undo(book.ana, book.now)
    quotes.reject(book.ana, book.now, quote, "too dear")
    undo.undo(book.ana, book.now)
    assert states(book, deal) == ["sent"]
    quotes.accept(book.ana, book.now, quote)
    with pytest.raises(RefusedError, match="never undone"):
        undo.undo(book.ana, book.now)
    assert states(book, deal) == ["accepted"]


def test_losing_a_deal_cancels_what_was_sent_and_keeps_a_draft(book):
    deal = book.deal("quote", 9_000)
    book.requote(deal, 7_000)
    quotes.create(book.ana, book.now, deal)
    stages.lose(book.ana, book.now, deal, "price", "Pat")
    assert states(book, deal) == ["cancelled", "draft"]
    undo.undo(book.ana, book.now)
    assert states(book, deal) == ["sent", "draft"]
    assert amount(book, deal)[2] == 700_000


@pytest.mark.parametrize(
    "values",
    [
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 1_000_001},
        {"months": 0},
        {"months": 601},
        {"discount_bp": -1},
        {"discount_bp": 10_001},
        {"price_minor": -1},
        {"net_minor": 5},
        {"id = 1 --": 5},
        {"quantity": 1_000_000, "price_minor": 10**9},
    ],
)
def test_values_out_of_range_are_refused_for_deals_and_quotes(book, values):
    deal = book.deal("quote", 9_000)
    plan = lines.add(book.ana, book.now, deal, "MONITORING", months=12)
    quote = quotes.create(book.ana, book.now, deal)
    quoted = quotes.get(quote, book.now).lines[-1].id
    with pytest.raises(UsageError):
        lines.change(book.ana, book.now, plan, **values)
    with pytest.raises(UsageError):
        quotes.change_line(book.ana, book.now, quoted, **values)
    assert lines.list_lines(deal)[-1].quantity == 1


def test_months_are_for_plans(book):
    deal = book.deal("develop", 9_000)
    with pytest.raises(UsageError, match="Only a monthly plan"):
        lines.add(book.ana, book.now, deal, "DOORBELL", months=12)
    lines.add(book.ana, book.now, deal, "MONITORING")
    assert lines.list_lines(deal)[-1].net_minor == 12 * 4_900


def test_a_price_of_the_catalogue_changes_no_line_and_a_retired_product_is_not_sold(book):
    deal = book.deal("develop", 9_000)
    lines.add(book.ana, book.now, deal, "smart door")
    doorbell = products.find("DOORBELL")
    products.change(book.olga, book.now, doorbell.id, price_minor=1)
    assert lines.list_lines(deal)[-1].price_minor == 18_900
    products.change(book.olga, book.now, doorbell.id, is_active=False)
    with pytest.raises(NotFoundError, match="No product fits 'DOORBELL'"):
        lines.add(book.ana, book.now, deal, "DOORBELL")
    with pytest.raises(NotFoundError, match="Several products fit 's'"):
        products.find("s")
    with pytest.raises(NotFoundError):
        products.find("  ")
    assert doorbell.code in [p.code for p in products.list_products(retired=True)]


def test_one_code_and_name_for_each_product(book):
    for code, title in (("doorbell", "Other"), ("OTHER", "smart doorbell")):
        with pytest.raises(RefusedError, match="already"):
            products.create(book.olga, book.now, code, title, 100)
    for code, title, billing in (("", "A", "one_off"), ("A", " ", "one_off"), ("A", "A", "weekly")):
        with pytest.raises(UsageError):
            products.create(book.olga, book.now, code, title, 100, billing=billing)
    products.create(book.olga, book.now, "CAM", "Camera", 9_900, billing="monthly")
    assert products.find("cam").is_monthly


def test_lists_are_of_one_owner_or_all(book):
    book.requote(book.deal("quote", 9_000), 7_000)
    book.requote(book.deal("quote", 9_000, owner="bo"), 7_000)
    assert [q.owner for q in quotes.list_quotes(book.now)] == ["bo", "ana"]
    assert [q.owner for q in quotes.list_quotes(book.now, owner_id=book.ana.id)] == ["ana"]
    assert quotes.find_current(deals.create(book.ana, book.now, book.account()), book.now) is None
