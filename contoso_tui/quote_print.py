"""A quote as the customer gets it: as plain text, and what its PDF says. Pure."""

from __future__ import annotations

from typing import NamedTuple

from contoso_tui import formats
from contoso_tui.text import clean, clean_lines, pad, wrap
from models.deals.detail_records import Line, Quote
from models.ids import show_quote

COMPANY = "Contoso Home Security"
WIDTH = 78
_PRODUCT, _QUANTITY, _PRICE, _DISCOUNT, _NET = 34, 7, 13, 8, 14


class Sheet(NamedTuple):
    """The parts of a printed quote, cleaned: `lines` are product, quantity, price, discount and net."""

    title: str
    facts: tuple[tuple[str, str], ...]
    text: tuple[str, ...]
    lines: tuple[tuple[str, str, str, str, str], ...]
    totals: tuple[tuple[str, str], ...]


def sheet(quote: Quote) -> Sheet:
    """Return what is printed of a quote."""
    currency = quote.currency
    facts = [("Quote", show_quote(quote.number, quote.revision)), ("For", clean(quote.customer))]
    if quote.addressee:
        facts.append(("Attention", clean(quote.addressee)))
    if quote.sent_at is not None:
        facts.append(("Date", formats.day_full(quote.sent_at.date())))
    facts.append(("Valid to", formats.day_full(quote.valid_until)))
    totals = [(f"Net {currency}", formats.amount(quote.net_minor, currency))]
    if quote.gross_minor != quote.net_minor:
        less = quote.net_minor - quote.gross_minor
        totals[:0] = [
            ("List", formats.amount(quote.gross_minor, currency)),
            ("Discount", formats.amount(less, currency)),
        ]
    return Sheet(
        title=f"{COMPANY} · {'Draft of a quote' if quote.state == 'draft' else 'Quote'}",
        facts=tuple(facts),
        text=tuple(clean_lines(quote.note)) if quote.note else (),
        lines=tuple(_line(line, currency) for line in quote.lines),
        totals=tuple(totals),
    )


def as_text(quote: Quote) -> str:
    """Return a quote as plain text, `WIDTH` cells wide."""
    page = sheet(quote)
    rows = [page.title, ""]
    rows += [f"{pad(name, 12)}{value}" for name, value in page.facts]
    rows.append("")
    for text in page.text:
        rows += wrap(text, WIDTH) or [""]
    if page.text:
        rows.append("")
    rows += [_row(("Product", "Quantity", "Price", "Discount", "Net")), "-" * WIDTH]
    for line in page.lines:
        first, *more = wrap(line[0], _PRODUCT - 1) or [""]
        rows += [_row((first, *line[1:])), *(f"  {rest}" for rest in more)]
    rows.append("-" * WIDTH)
    rows += [f"{pad(name, WIDTH - 20, 'right')}{pad(value, 20, 'right')}" for name, value in page.totals]
    return "\n".join(row.rstrip() for row in rows) + "\n"


def _row(parts: tuple[str, ...]) -> str:
    what, quantity, price, discount, net = parts
    return (
        pad(what, _PRODUCT)
        + pad(quantity, _QUANTITY + 1, "right")
        + pad(price, _PRICE, "right")
        + pad(discount, _DISCOUNT + 1, "right")
        + pad(net, _NET - 1, "right")
    )


def _line(line: Line, currency: str) -> tuple[str, str, str, str, str]:
    months = f", {line.months or 12} months" if line.is_monthly else ""
    discount = f"{line.discount_bp / 100:.2f}".rstrip("0").rstrip(".") + "%" if line.discount_bp else ""
    return (
        clean(line.description) + months,
        f"{line.quantity:,}",
        formats.amount(line.price_minor, currency),
        discount,
        formats.amount(line.net_minor, currency),
    )
