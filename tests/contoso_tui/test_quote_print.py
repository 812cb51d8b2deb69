"""A printed quote says what the quote, its deal, order and invoice say, whatever the names (rules 5.2)."""

from __future__ import annotations

import datetime as dt
import io
import random
from fractions import Fraction

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contoso_tui import formats, quote_pdf, quote_print
from contoso_tui.text import cells
from models.deals import lines, quotes
from models.deals.detail_records import Line, Quote
from models.errors import ContosoError
from models.orders import contracts, invoices, orders
from tests.models.conftest import book, made_database  # noqa: F401


def make_line(position, quantity=1, price=100, discount=0, months=None, text="Smart doorbell"):
    gross = quantity * price * (months or 1)
    net = (gross * (10_000 - discount) + 5_000) // 10_000
    return Line(position, position, 1, text, quantity, months is not None, months, price, discount, gross, net)


def make_quote(found, **values):
    now = dt.datetime(2026, 11, 18, 17, tzinfo=dt.UTC)
    base = Quote(
        id=1, number=388, revision=3, deal_id=1001, customer="Fabrikam Clinics", owner="ana", state="sent",
        currency="USD", valid_until=dt.date(2026, 12, 18), addressee="Sam Pine", note="As agreed", reason="",
        created_at=now, sent_at=now, answered_on=None, net_minor=sum(one.net_minor for one in found),
        gross_minor=sum(one.gross_minor for one in found), lines=tuple(found),
    )  # fmt: skip
    return base._replace(**values)


def words_of(quote):
    pages = pypdf.PdfReader(io.BytesIO(quote_pdf.render(quote))).pages
    return "\n".join(page.extract_text() for page in pages)


HOSTILE = "\x1b]0;owned\x07 \x1b[31mAmélie 北京 أحمد [b]Müller[/b] \u202e 👩\u200d👩 ‘O’Neil’ " + "x" * 300


@pytest.mark.parametrize("fonts", [quote_pdf._FONTS, ()])
def test_hostile_and_foreign_names_are_printed_and_escape_nothing(monkeypatch, fonts):
    monkeypatch.setattr(quote_pdf, "_FONTS", fonts)
    quote = make_quote(
        [make_line(1, text=HOSTILE)], customer=HOSTILE, addressee=HOSTILE, note=f"{HOSTILE}\n\n{HOSTILE}"
    )
    text = quote_print.as_text(quote)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert max(cells(row) for row in text.splitlines()) <= 12 + cells(quote_print.sheet(quote).facts[1][1])
    said = words_of(quote)
    assert "\x1b" not in said
    assert "Q-0388 r3" in said


def test_a_long_quote_has_more_than_one_page_and_all_its_lines():
    quote = make_quote([make_line(number, price=number, text=f"Product {number}.") for number in range(1, 121)])
    said = words_of(quote)
    assert all(f"Product {number}." in said for number in range(1, 121))
    assert formats.amount(quote.net_minor) in said.split("Net USD")[1]


def test_the_file_is_its_owners_and_replaces_one_that_was_open(tmp_path):
    path = tmp_path / "quote.pdf"
    path.write_text("older")
    path.chmod(0o644)
    quote_pdf.write(make_quote([make_line(1)]), path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"%PDF")
    assert [found.name for found in tmp_path.iterdir()] == ["quote.pdf"]
    with pytest.raises(ContosoError, match="can't be written"):
        quote_pdf.write(make_quote([make_line(1)]), tmp_path / "no" / "quote.pdf")


LINES = st.tuples(
    st.sampled_from(("DOORBELL", "MONITORING")),
    st.integers(1, 5_000),
    st.integers(0, 10_000_000),
    st.one_of(st.sampled_from((0, 1, 3_333, 5_000, 9_999, 10_000)), st.integers(0, 10_000)),
    st.one_of(st.none(), st.integers(1, 60)),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, min_size=1, max_size=5))
def test_one_total_in_quote_deal_order_invoice_and_pdf(book, drawn):  # noqa: F811
    """The net of each line is that of exact fractions, rounded half up to the cent."""
    deal = book.typed(1_000, stage="develop")
    expected = 0
    for product, quantity, price, discount, months in drawn:
        counted = months if product == "MONITORING" else None
        line = lines.add(book.max, book.now, deal, product, quantity, months=counted, discount_bp=discount)
        lines.change(book.max, book.now, line, price_minor=price)
        factor = (counted or 12) if product == "MONITORING" else 1
        exact = Fraction(quantity * price * factor) * (10_000 - discount) / 10_000
        expected += int(exact + Fraction(1, 2))
    assert book.detail(deal).amount_minor == expected
    quote_id = quotes.create(book.max, book.now, deal)
    quotes.send(book.max, book.now, quote_id)
    quote = quotes.get(quote_id, book.now)
    said = words_of(quote)
    quotes.accept(book.max, book.now, quote_id)
    order = orders.list_orders(deal_id=deal)[0]
    orders.ship(book.max, book.now, order.id)
    parts = random.Random(expected).randrange(expected + 1)
    made = [invoices.issue(book.max, book.now, order.id, amount_minor=parts)]
    if parts < expected:
        made.append(invoices.issue(book.max, book.now, order.id))
    billed = sum(invoices.get(one, book.today).amount_minor for one in made)
    assert (quote.net_minor, order.net_minor, billed) == (expected, expected, expected)
    assert book.detail(deal).amount_minor == expected
    assert said.split("Net USD")[1].split()[0] == formats.amount(expected)
    assert quote_print.as_text(quote).rstrip().endswith(f" {formats.amount(expected)}")


def exact_net(quantity: int, price: int, discount: int, months: int | None) -> int:
    """Return price x quantity (x months) less the discount, rounded half up to the smallest unit (rules 5.1)."""
    exact = Fraction(quantity * price * (months or 1)) * (10_000 - discount) / 10_000
    return int(exact + Fraction(1, 2))


_TURNS = 5
CHANGES = st.tuples(st.integers(1, 9_999), st.integers(0, 1_000_000), st.integers(0, 10_000))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(LINES, CHANGES), min_size=1, max_size=4), st.integers(1, 6), st.data())
def test_a_draft_that_is_changed_and_called_off_in_parts_is_worth_its_exact_lines(book, drawn, parts, data):  # noqa: F811
    """Each line of a draft follows each change; all call-offs and invoices of a contract add up to it, to the cent."""
    deal = book.typed(1_000, stage="develop")
    expected = []
    for (product, quantity, _, discount, months), _change in drawn:
        counted = months if product == "MONITORING" else None
        lines.add(book.max, book.now, deal, product, quantity, months=counted, discount_bp=discount)
    quote_id = quotes.create(book.max, book.now, deal)
    for line, (_line, (quantity, price, discount)) in zip(quotes.get(quote_id, book.now).lines, drawn, strict=True):
        changes = {"quantity": quantity, "price_minor": price, "discount_bp": discount}
        quotes.change_line(book.max, book.now, line.id, **changes)
        counted = (line.months or 12) if line.is_monthly else None
        expected.append(exact_net(quantity, price, discount, counted))
    assert [line.net_minor for line in quotes.get(quote_id, book.now).lines] == expected
    quotes.send(book.max, book.now, quote_id)
    assert book.detail(deal).amount_minor == sum(expected)
    until = book.today + dt.timedelta(days=90)
    contract_id = contracts.accept(book.max, book.now, quote_id, book.today, until, call_offs=parts)
    billed = 0
    for turn in range(_TURNS + 1):
        contract = contracts.get(contract_id, book.today)
        left = {one.line.id: one.left for one in contract.lines if one.left}
        some = {line: data.draw(st.integers(0, most)) for line, most in left.items()} if turn < _TURNS else left
        if any(some.values()):
            order_id = contracts.call_off(book.max, book.now, contract_id, some)
            orders.ship(book.max, book.now, order_id)
            billed += invoices.get(invoices.issue(book.max, book.now, order_id), book.today).amount_minor
    contract = contracts.get(contract_id, book.today)
    assert (contract.state, contract.released_minor, billed) == ("done", sum(expected), sum(expected))
