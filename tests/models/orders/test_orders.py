"""Orders, contracts, invoices and payments, and what customers owe (rules 5.4)."""

from __future__ import annotations

import datetime as dt

import pytest

from models import database, journal, undo
from models.deals import lines, quotes, stages
from models.errors import NotAllowedError, RefusedError, RefusedFile, UsageError
from models.orders import contracts, invoices, orders, payment_file
from models.process import current

DAY = dt.timedelta(days=1)


@pytest.fixture
def order(book):
    """A booked order of 9,000 dollars of ana's; its deal stands in Quote."""
    quotes.accept(book.ana, book.now, book.requote(book.deal("quote", 9_000), 9_000))
    [found] = orders.list_orders()
    return found


@pytest.fixture
def contract(book):
    deal = book.deal("develop", 9_000)
    lines.add(book.ana, book.now, deal, "DOORBELL", 10, discount_bp=333)
    quote = quotes.create(book.ana, book.now, deal)
    quotes.send(book.ana, book.now, quote)
    return contracts.accept(book.ana, book.now, quote, book.today, book.today + 365 * DAY, call_offs=4)


def past(actor, now):
    return journal.action(actor, now, "test", "Written past the program")


def owed(customer_id):
    return database.execute("SELECT unpaid_minor, unpaid_since FROM customer WHERE id = ?", (customer_id,)).fetchone()


def invoiced(book, order, **values):
    orders.ship(book.ana, book.now, order.id)
    return invoices.issue(book.ana, book.now, order.id, **values)


def test_accepting_makes_an_order_with_what_was_quoted(book, order):
    quote = quotes.find(301, None, book.now)
    assert (order.id, order.state, order.quote, order.net_minor) == (230, "booked", "Q-0301 r1", quote.net_minor)
    assert [line._replace(id=0) for line in order.lines] == [line._replace(id=0) for line in quote.lines]
    with pytest.raises(RefusedError, match="never undone"):
        undo.undo(book.ana, book.now)


def test_a_newer_acceptance_replaces_a_booked_order_and_not_a_shipped_one(book, order):
    quotes.accept(book.ana, book.now, book.requote(order.deal_id, 8_000))
    assert [(found.state, found.net_minor) for found in orders.list_orders()] == [
        ("booked", 800_000),
        ("cancelled", 900_000),
    ]
    newest = orders.list_orders()[0]
    orders.ship(book.ana, book.now, newest.id)
    with pytest.raises(RefusedError) as refused:
        quotes.accept(book.ana, book.now, book.requote(order.deal_id, 7_000))
    assert refused.value.rule == "CRM506"


def test_a_lost_deal_cancels_its_order_and_undo_brings_it_back(book, order):
    reason = next(iter(current().lost_reasons))
    stages.lose(book.ana, book.now, order.deal_id, reason, "Pat")
    assert orders.get(order.id).state == "cancelled"
    undo.undo(book.ana, book.now)
    assert orders.get(order.id).state == "booked"
    orders.ship(book.ana, book.now, order.id)
    with pytest.raises(RefusedError, match="shipped"):
        stages.lose(book.ana, book.now, order.deal_id, reason, "Pat")


def test_an_order_goes_one_step_at_a_time(book, order):
    with pytest.raises(RefusedError, match="only a shipped order"):
        invoices.issue(book.ana, book.now, order.id)
    with pytest.raises(UsageError):
        orders.ship(book.ana, book.now, order.id, on=book.today + DAY)
    with pytest.raises(NotAllowedError):
        orders.ship(book.bo, book.now, order.id)
    orders.ship(book.ana, book.now, order.id)
    with pytest.raises(RefusedError, match="only a booked"):
        orders.ship(book.ana, book.now, order.id)
    invoice = invoices.issue(book.olga, book.now, order.id)
    assert (invoice, orders.get(order.id).state) == (5390, "invoiced")
    invoices.pay(book.max, book.now, invoice)
    assert orders.get(order.id).state == "paid"
    assert invoices.get(invoice, book.today).paid_on == book.today


def test_steps_are_undone_one_by_one(book, order):
    invoice = invoiced(book, order)
    invoices.pay(book.ana, book.now, invoice)
    for state in ("invoiced", "shipped", "booked"):
        undo.undo(book.ana, book.now)
        assert orders.get(order.id).state == state
    assert invoices.list_invoices(book.today) == []


def test_invoices_in_parts_and_payments_in_parts(book, order):
    first = invoiced(book, order, amount_minor=400_000)
    assert orders.get(order.id).state == "shipped"
    with pytest.raises(RefusedError, match="USD left to invoice"):
        invoices.issue(book.ana, book.now, order.id, amount_minor=500_001)
    second = invoices.issue(book.ana, book.now, order.id)
    assert invoices.get(second, book.today).amount_minor == 500_000
    invoices.pay(book.ana, book.now, first, amount_minor=100_000, reference="A")
    with pytest.raises(RefusedError, match="USD open"):
        invoices.pay(book.ana, book.now, first, amount_minor=300_001)
    with pytest.raises(UsageError):
        invoices.pay(book.ana, book.now, first, on=book.today + DAY)
    invoices.pay(book.ana, book.now, first)
    assert orders.get(order.id).state == "invoiced"
    with pytest.raises(RefusedError, match="paid already"):
        invoices.pay(book.ana, book.now, first)
    invoices.pay(book.ana, book.now, second)
    assert orders.get(order.id).state == "paid"


def test_what_is_past_due_is_owed_from_the_next_day_on_by_the_first_write_of_the_day(book, order):
    invoiced(book, order, due_on=book.today + 2 * DAY)
    assert owed(order.customer_id) == (0, None)
    due = book.now + 2 * DAY
    book_write(book, due)
    assert owed(order.customer_id) == (0, None)
    book_write(book, due + DAY)
    assert owed(order.customer_id) == (900_000, "2026-11-20")
    [debt] = invoices.list_debts(today=book.today + 3 * DAY)
    assert (debt.unpaid_usd_cents, debt.days, debt.invoices) == (900_000, 1, 1)


def book_write(book, now):
    """Let somebody else write something else."""
    with past(book.bo, now):
        pass


def test_who_only_reads_sees_it_too_and_leaves_nothing_to_undo(book, order):
    invoice = invoiced(book, order, due_on=book.today)
    tomorrow = book.now + DAY
    assert not invoices.renew_unpaid(book.now)
    assert invoices.renew_unpaid(tomorrow)
    assert not invoices.renew_unpaid(tomorrow)
    assert owed(order.customer_id) == (900_000, "2026-11-18")
    assert undo.list_actions(book.ana)[0].kind == "invoice.issue"
    invoices.pay(book.ana, tomorrow, invoice, amount_minor=100_000)
    assert owed(order.customer_id) == (800_000, "2026-11-18")
    invoices.pay(book.ana, tomorrow, invoice)
    assert owed(order.customer_id) == (0, None)
    undo.undo(book.ana, tomorrow)
    assert owed(order.customer_id) == (800_000, "2026-11-18")
    assert book.detail(order.deal_id).unpaid_minor == 800_000


def test_a_contract_makes_no_order_and_releases_never_more_than_agreed(book, contract):
    assert orders.list_orders() == []
    found = contracts.get(contract, book.today)
    assert (found.id, found.state, found.net_minor) == (31, "running", quotes.find(301, None, book.now).net_minor)
    doorbells = found.lines[1].line.id
    released = [orders.get(contracts.call_off(book.ana, book.now, contract)) for _ in range(3)]
    assert [[line.quantity for line in one.lines] for one in released] == [[1, 3], [3], [2]]
    assert released[1].call_off == 2
    with pytest.raises(RefusedError, match="has 2 of"):
        contracts.call_off(book.ana, book.now, contract, {doorbells: 3})
    contracts.call_off(book.ana, book.now, contract, {doorbells: 2})
    found = contracts.get(contract, book.today)
    assert (found.state, found.released_minor) == ("done", found.net_minor)
    undo.undo(book.ana, book.now)
    assert contracts.get(contract, book.today).lines[1].left == 2


def test_the_database_releases_never_more_than_agreed(book, contract):
    order = contracts.call_off(book.ana, book.now, contract)
    copy = "position, product_id, description, quantity, is_monthly, months, price_minor, discount_bp, gross_minor"
    for change in ("8, is_monthly", "quantity, 0"):
        with pytest.raises(RefusedError) as refused, past(book.ana, book.now):
            database.execute(
                f"INSERT INTO order_line (order_id, contract_line_id, {copy}, net_minor) SELECT ?, id,"
                f" {copy.replace('quantity, is_monthly', change)}, net_minor FROM contract_line WHERE contract_id = ?",
                (order, contract),
            )
        assert refused.value.rule == "CRM504"


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("UPDATE order_line SET quantity = 99", "CRM502"),
        ("DELETE FROM order_line", "CRM502"),
        ("DELETE FROM sales_order", "CRM502"),
        ("UPDATE sales_order SET state = 'paid'", "CRM503"),
        ("UPDATE sales_order SET state = 'invoiced'", "CRM503"),
        ("UPDATE sales_order SET quote_id = 99", "CRM502"),
        ("INSERT INTO payment (invoice_id, amount_minor, paid_on, entered_at, entered_by) VALUES (5390, 900001, "
         "'2026-11-18', 1, 'ana')", "CRM508"),
        ("UPDATE invoice SET paid_minor = 5", "CRM507"),
        ("UPDATE invoice SET amount_minor = 5", "CRM507"),
        ("INSERT INTO invoice (order_id, customer_id, currency, usd_rate_micros, amount_minor, issued_on, due_on,"
         " created_at, created_by) SELECT order_id, customer_id, currency, 1000000, 1, issued_on, due_on, 1, 'ana'"
         " FROM invoice", "CRM505"),
    ],
)  # fmt: skip
def test_the_database_refuses(book, order, sql, rule):
    if "INTO" in sql or "UPDATE invoice" in sql:
        invoiced(book, order)
    with pytest.raises(RefusedError) as refused, past(book.ana, book.now):
        database.execute(sql)
    assert refused.value.rule == rule


def test_a_contract_needs_a_period_and_a_sent_quote(book):
    quote = book.requote(book.deal("quote", 9_000), 9_000)
    with pytest.raises(UsageError, match="ends"):
        contracts.accept(book.ana, book.now, quote, book.today, book.today - DAY)
    contracts.accept(book.ana, book.now, quote, book.today, book.today)
    with pytest.raises(RefusedError, match="only a sent"):
        contracts.accept(book.ana, book.now, quote, book.today, book.today)
    with pytest.raises(RefusedError, match="ended"):
        contracts.call_off(book.ana, book.now + DAY, 31)


def test_payments_of_a_file_are_entered_once(book, order):
    invoiced(book, order)
    rows = ("Invoice,Amount,paid_on,Reference", "INV-5390,4000.00,2026-11-17,B1", "INV-9,1,2026-11-17,B2")
    text = "\n".join([*rows, "5390,9000,x,B3", "5390,1,2026-11-17,", ""])
    with pytest.raises(NotAllowedError):
        payment_file.read(book.ana, book.now, text, "bank.csv")
    with pytest.raises(RefusedFile, match="no column"):
        payment_file.read(book.olga, book.now, "a,b\n1,2\n", "bank.csv")
    dry = payment_file.read(book.olga, book.now, text, "bank.csv", dry_run=True)
    assert invoices.get(5390, book.today).paid_minor == 0
    found = payment_file.read(book.olga, book.now, text, "bank.csv")
    assert found == dry
    assert [(one.line, one.outcome) for one in found] == [(2, "entered"), (3, "wrong"), (4, "wrong"), (5, "wrong")]
    assert invoices.get(5390, book.today).paid_minor == 400_000
    again = payment_file.read(book.olga, book.now, text, "bank.csv")
    assert again[0].outcome == "known"
    assert invoices.get(5390, book.today).paid_minor == 400_000
    undo.undo(book.olga, book.now)
    assert invoices.get(5390, book.today).paid_minor == 0


def test_reopening_a_lost_deal_brings_its_order_or_contract_back(book, order, contract):
    agreed = contracts.get(contract, book.today)
    released = contracts.call_off(book.ana, book.now, contract)
    for deal in (order.deal_id, agreed.deal_id):
        stages.lose(book.ana, book.now, deal, "price", "Pat")
    assert {found.state for found in orders.list_orders()} == {"cancelled"}
    assert contracts.get(contract, book.today).state == "cancelled"
    for deal in (order.deal_id, agreed.deal_id):
        stages.reopen(book.ana, book.now, deal, "they came back")
    assert {found.id: found.state for found in orders.list_orders()} == {order.id: "booked", released: "booked"}
    assert contracts.get(contract, book.today).state == "running"
    for _ in range(2):
        undo.undo(book.ana, book.now)
    assert {found.state for found in orders.list_orders()} == {"cancelled"}


def test_losing_and_reopening_a_deal_with_an_order_are_undone_and_redone(book, order):
    def state():
        return orders.get(order.id).state

    stages.lose(book.ana, book.now, order.deal_id, "price", "Pat")
    for _ in range(2):
        undo.undo(book.ana, book.now)
        assert (state(), book.detail(order.deal_id).outcome) == ("booked", "open")
        undo.redo(book.ana, book.now)
        assert (state(), book.detail(order.deal_id).outcome) == ("cancelled", "lost")
    stages.reopen(book.ana, book.now, order.deal_id, "they came back")
    for _ in range(2):
        undo.undo(book.ana, book.now)
        assert (state(), book.detail(order.deal_id).outcome) == ("cancelled", "lost")
        undo.redo(book.ana, book.now)
        assert (state(), book.detail(order.deal_id).outcome) == ("booked", "open")
