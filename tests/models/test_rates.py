"""Exchange rates: a deal keeps that of the day its amount last changed (rules 5.1)."""

from __future__ import annotations

import datetime as dt

import pytest

from models import database, journal, undo
from models.deals import deals, lines, quotes, rates
from models.errors import NotAllowedError, RefusedError, UsageError

DAY = dt.date(2026, 11, 18)


def euro_deal(book, minor=1_000_000):
    rates.add(book.olga, book.now, "eur", "1.10", DAY - dt.timedelta(days=5))
    return deals.create(book.ana, book.now, book.account(), currency="EUR", amount_minor=minor)


def worth(deal):
    return database.execute("SELECT amount_usd_cents, usd_rate_micros FROM deal WHERE id = ?", (deal,)).fetchone()


def test_a_new_rate_alone_changes_no_deal(book):
    deal = euro_deal(book)
    assert worth(deal) == (1_100_000, 1_100_000)
    rates.add(book.olga, book.now, "EUR", "1.2", DAY)
    assert worth(deal) == (1_100_000, 1_100_000)
    deals.edit(book.ana, book.now, deal, {"need": "more"})
    assert worth(deal) == (1_100_000, 1_100_000)
    deals.edit(book.ana, book.now, deal, {"amount_minor": 1_000_001})
    assert worth(deal) == (1_200_001, 1_200_000)
    undo.undo(book.ana, book.now)
    assert worth(deal) == (1_200_000, 1_200_000)


def test_a_rate_of_a_later_day_waits(book):
    deal = euro_deal(book)
    rates.add(book.olga, book.now, "EUR", "2", DAY + dt.timedelta(days=1))
    deals.edit(book.ana, book.now, deal, {"amount_minor": 100})
    assert worth(deal)[0] == 110
    deals.edit(book.ana, book.now + dt.timedelta(days=1), deal, {"amount_minor": 200})
    assert worth(deal)[0] == 400


def test_quotes_count_at_the_rate_of_the_day_they_are_sent(book):
    deal = euro_deal(book)
    lines.add(book.ana, book.now, deal, "DOORBELL", 10)
    price = (2 * 18_900 * 1_000_000 + 1_100_000) // 2_200_000
    assert lines.list_lines(deal)[0].price_minor == price
    rates.add(book.olga, book.now, "EUR", "1.5", DAY)
    quote = quotes.create(book.ana, book.now, deal)
    quotes.change_line(book.ana, book.now, quotes.get(quote, book.now).lines[0].id, quantity=11)
    assert worth(deal)[1] == 1_100_000
    quotes.send(book.ana, book.now, quote)
    assert worth(deal) == ((11 * price * 3 + 1) // 2, 1_500_000)


@pytest.mark.parametrize(
    ("currency", "rate", "minor", "cents"), [("JPY", "0.0067", 1_000, 670), ("KWD", "3.25", 1_000, 325)]
)
def test_currencies_without_two_digits(book, currency, rate, minor, cents):
    rates.add(book.olga, book.now, currency, rate, DAY)
    deal = deals.create(book.ana, book.now, book.account(), currency=currency, amount_minor=minor)
    assert worth(deal)[0] == cents


def test_who_enters_rates_and_what_is_none(book):
    with pytest.raises(NotAllowedError):
        rates.add(book.max, book.now, "EUR", "1.1", DAY)
    for currency, rate in (("USD", "1"), ("EURO", "1"), ("EUR", "x"), ("EUR", "0"), ("EUR", "-1"), ("EUR", "nan")):
        with pytest.raises(UsageError):
            rates.add(book.olga, book.now, currency, rate, DAY)
    with pytest.raises(UsageError, match="no exchange rate for EUR"):
        deals.create(book.ana, book.now, book.account(), currency="EUR")


def test_the_database_takes_no_made_up_rate_and_keeps_those_in_use(book):
    deal = euro_deal(book)
    for sql, rule in (
        ("UPDATE deal SET usd_rate_micros = 1 WHERE id = ?", "CRM120"),
        ("UPDATE exchange_rate SET usd_rate_micros = 1 WHERE ? > 0", "CRM524"),
        ("DELETE FROM exchange_rate WHERE ? > 0", "CRM524"),
    ):
        with pytest.raises(RefusedError) as refused, journal.action(book.ana, book.now, "test", "Past the program"):
            database.execute(sql, (deal,))
        assert refused.value.rule == rule
    assert [rate.rate for rate in rates.list_rates()] == ["1.10"]
