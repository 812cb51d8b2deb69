"""Lines of a deal or a quote as rows of a table. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from contoso_tui import formats
from contoso_tui.text import cells, clean, cut, pad
from contoso_tui.widgets import list_view
from contoso_tui.widgets.list_view import heading
from contoso_tui.widgets.rows import Part
from models.deals.detail_records import Line

_NUMBER, _QUANTITY, _PRICE, _DISCOUNT, _NET = 4, 7, 12, 8, 14
_FIXED = _NUMBER + _QUANTITY + _PRICE + _DISCOUNT + _NET
_PRODUCT_MOST = 44
_NOTE, _NOTES_FROM = 10, 76


def _product_cells(width: int) -> int:
    notes = _NOTE if width >= _NOTES_FROM else 0
    return max(8, min(_PRODUCT_MOST, width - _FIXED - 2 - notes))


def header(width: int) -> list_view.Line:
    """Return the names of the columns."""
    text = pad(" #", _NUMBER + 1) + pad("product", _product_cells(width))
    text += pad("qty", _QUANTITY, "right") + pad("price", _PRICE, "right")
    return heading(text + pad("disc", _DISCOUNT, "right") + pad("net", _NET, "right"), "dim")


def row(line: Line, number: int, width: int, currency: str, note: str = "") -> list_view.Line:
    """Return one line of a deal or quote; `note` stands behind the net."""
    product = _product_cells(width)
    parts: list[Part] = [(pad(f"{number}", _NUMBER), "dim"), (pad(what(line, product), product), "text")]
    parts += [(pad(f"{line.quantity:,}", _QUANTITY, "right"), "text")]
    parts += [(pad(formats.amount(line.price_minor, currency), _PRICE, "right"), "text")]
    parts += [(pad(discount(line.discount_bp), _DISCOUNT, "right"), "text")]
    parts += [(pad(formats.amount(line.net_minor, currency), _NET, "right"), "amount")]
    return list_view.line([*parts, (f" {note}", "dim")] if note and width >= _NOTES_FROM else parts, ("line", line.id))


def what(line: Line, room: int) -> str:
    """Return the product's words with the months of a plan, in `room` cells: a long name is cut before them."""
    name = clean(line.description)
    if not line.is_monthly:
        return name
    months = (f", {line.months} months", f", {line.months} mo") if line.months else (", open-ended", ", open")
    tail = months[0] if cells(name + months[0]) < room else months[1]
    return f"{cut(name, max(room - 1 - cells(tail), 1))}{tail}"


def told(line: Line, currency: str) -> str:
    """Return a line as a sentence: what, for how much each, and for how much in all."""
    per = " a month" if line.is_monthly else " each"
    price, net = formats.amount(line.price_minor, currency), formats.amount(line.net_minor, currency)
    return f"{clean(line.description)}: {price}{per}, net {net}"


def discount(basis_points: int) -> str:
    """Write a discount: `10%`, `7.5%`, `-` for none."""
    if not basis_points:
        return "-"
    return f"{basis_points / 100:.2f}".rstrip("0").rstrip(".") + "%"


def totals(lines: Sequence[Line], width: int, currency: str) -> list[list_view.Line]:
    """Return list, discount and net of all lines."""
    gross = sum(line.gross_minor for line in lines)
    net = sum(line.net_minor for line in lines)
    share = f"  {(gross - net) * 100 / gross:.1f}%" if gross and gross != net and width >= _NOTES_FROM else ""
    lead = _NUMBER + 1 + _product_cells(width)

    def total(name: str, minor: int, tail: str = "", style: str = "text") -> list_view.Line:
        label = pad(name, _QUANTITY + _PRICE + _DISCOUNT - 8)
        amount = pad(formats.amount(minor, currency), _NET, "right")
        return heading([(" " * (lead + 8), "text"), (label, "dim"), (amount, style), (tail, "dim")])

    net_line = total(f"net {currency}", net, style="amount")
    if gross == net:
        return [net_line]
    return [total("list", gross), total("discount", net - gross, share), net_line]
