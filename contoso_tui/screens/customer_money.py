"""Tab 4 of a customer's screen: what they bought, in words and bars, and what was ordered and invoiced. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from contoso_tui import formats
from contoso_tui.screens import deal_orders
from contoso_tui.screens.customer_page import CustomerPage
from contoso_tui.screens.customer_tabs import Around
from contoso_tui.sparks import sparks
from contoso_tui.text import pad
from contoso_tui.widgets.list_view import Line, heading, line
from contoso_tui.widgets.rows import Part
from models.customers.records import Segment, Told
from models.customers.spending import Period

_AMOUNT = 14


def money(page: CustomerPage, around: Around) -> list[Line]:
    """Return what was bought and ordered: in all, month by month for a year, year by year, and what came of Deals."""
    measures = page.profile.measures
    last = formats.day_full(measures.last_purchase_on) if measures.last_purchase_on else "never"
    rows = [
        _total("lifetime spend", measures.spend_minor, f"last purchase {last}"),
        *(_total(channel.name, channel.amount_minor, _purchases(channel.purchases)) for channel in measures.channels),
        _total("average basket", measures.average_basket_minor, formats.counted(measures.baskets, "basket")),
        _plain("segment", segment_words(page.profile.segment)),
        *(_plain(told.name, told_words(told)) for told in measures.told),
        _plain(
            "loyalty", "no card" if measures.points is None else f"{measures.points:,} points, the scheme's balance"
        ),
        _plain("unpaid", formats.money(measures.unpaid_minor) if measures.unpaid_minor else "none"),
        heading(""),
        heading(f" LAST 12 MONTHS, {_month(page.months[0].name)} to {_month(page.months[-1].name)}"),
        *(
            _sparkline(channel.name, [one.channel(channel.source).amount_minor for one in page.months], around)
            for channel in measures.channels
        ),
        heading(""),
    ]
    if not page.years:
        rows.append(heading(" Nothing bought yet.", "dim"))
        return [*rows, *_orders(page, around)]
    head = "".join(pad(channel.name, _AMOUNT, "right") + pad("", 7) for channel in measures.channels)
    rows.append(heading(f" {pad('year', 8)}{head}", "dim"))
    return [*rows, *(_year(period) for period in page.years), *_orders(page, around)]


def _orders(page: CustomerPage, around: Around) -> list[Line]:
    rows = deal_orders.things(page.orders, around.width, around.today)
    return [heading(""), heading(" ORDERS, CONTRACTS, INVOICES"), *rows] if rows else []


def _total(label: str, amount_minor: int, more: str) -> Line:
    parts: list[Part] = [(pad(label, 16), "dim"), (pad(formats.money(amount_minor), _AMOUNT, "right"), "amount")]
    return line([*parts, (f"   {more}", "text")], ("total", label))


def _plain(label: str, text: str) -> Line:
    return line([(pad(label, 16), "dim"), (text, "text")], ("total", label))


def _sparkline(label: str, amounts: Sequence[int], around: Around) -> Line:
    parts: list[Part] = [(pad(label, 16), "dim"), (sparks(amounts, is_ascii=around.is_ascii), "accent")]
    return line([*parts, (f"  {formats.money(sum(amounts))}", "amount")], ("months", label))


def _year(period: Period) -> Line:
    parts: list[Part] = [(pad(period.name, 8), "text")]
    for _, _, amount, count in period.channels:
        parts += [(pad(formats.money(amount), _AMOUNT, "right"), "amount" if count else "dim")]
        parts.append((pad(f" ({count})" if count else "", 7), "dim"))
    return line(parts, ("year", period.name))


def segment_words(segment: Segment) -> str:
    """Return a segment with its grades: `champion: recency 5, frequency 4, value 4 of 5`."""
    if not segment.recency:
        return segment.name
    return f"{segment.name}: recency {segment.recency}, frequency {segment.frequency}, value {segment.value}, of 5 each"


def told_words(told: Told) -> str:
    """Return what a source of events tells in all: `4.25 of 5 on average, 5 in all, last 3 Mar 2019`."""
    rated = f"{told.average_hundredths / 100:g} of 5 on average, " if told.average_hundredths is not None else ""
    return f"{rated}{told.rows:,} in all, last {formats.day_full(told.last_on)}"


def _purchases(count: int) -> str:
    return f"{count:,} purchase{'' if count == 1 else 's'}"


def _month(name: str) -> str:
    return f"{dt.date.fromisoformat(name + '-01'):%b %Y}"
