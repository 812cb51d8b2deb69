"""A quote in words: its rows, how it differs from the revision before, what sending it does. Pure."""

from __future__ import annotations

import datetime as dt

from contoso_tui import formats
from contoso_tui.screens import line_words
from contoso_tui.screens.quote_page import QuotePage
from contoso_tui.text import cells, clean, clean_lines, cut, pad
from contoso_tui.widgets import list_view
from contoso_tui.widgets.list_view import heading, line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import text_line
from models.activities.quote_steps import CALL_AFTER_DAYS, Coming
from models.deals.detail_records import Line, Quote
from models.deals.discounts import percent
from models.ids import show_deal, show_quote
from models.people.permissions import not_theirs

STATE_STYLES = {"draft": "draft", "accepted": "good", "rejected": "late", "expired": "soon"}
_DATES_FROM, _OWNERS_FROM = 76, 100
_CRUMB_NAME_CELLS = 8
VIEWS = ("lines", "differences", "text")


def name_of(quote: Quote) -> str:
    """Return a quote's number and revision."""
    return show_quote(quote.number, quote.revision)


def breadcrumb(page: QuotePage, login: str, room: int) -> str:
    """Return where one is: `> Q-0388 r3 DRAFT · Fabrikam Clinics · D-1042`, and whose it is if not the reader's.

    A name too long for `room` cells is cut, so that ids and owner stay; with little room the quote's id alone.
    """
    lead = f"> {name_of(page.quote)} {page.quote.state.upper()} · "
    tail = f" · {show_deal(page.deal.id)}" + (f" · {page.deal.owner}'s" if page.deal.owner != login else "")
    if room < cells(lead) + cells(tail) + _CRUMB_NAME_CELLS:
        tail = ""
    return f"{lead}{cut(clean(page.quote.customer), max(room - cells(lead) - cells(tail), 1))}{tail}"


def head(page: QuotePage) -> list_view.Line:
    """Return validity, addressee and currency."""
    quote = page.quote
    words = f" valid to {formats.day_full(quote.valid_until)}"
    words += f"   for {quote.addressee}" if quote.addressee else ""
    if quote.answered_on is not None:
        words += f"   {quote.state} {formats.day_full(quote.answered_on)}"
    return text_line(words, f"{quote.currency} ")


def rows(page: QuotePage, width: int, *, has_room: bool = False) -> list[list_view.Line]:
    """Return the lines with totals, then the fields of the quote itself; with room also what differs from before."""
    quote = page.quote
    found = [line_words.header(width)]
    for place, item in enumerate(quote.lines, 1):
        found.append(line_words.row(item, place, width, quote.currency, _short_difference(item, page.before)))
    if not quote.lines:
        found.append(heading(" No lines yet. n adds one by part of a product's name", "dim"))
    found += [*line_words.totals(quote.lines, width, quote.currency), heading("")]
    for name, label, value in (
        ("valid_until", "Valid to", formats.day_full(quote.valid_until)),
        ("addressee", "For", quote.addressee),
        ("note", "Text", " ".join(clean_lines(quote.note))),
    ):
        shown: Part = (clean(value), "text") if value else ("empty", "dim")
        found.append(line([(pad(label, 10), "dim"), shown], ("field", name)))
    if has_room and page.before is not None:
        found += [
            heading(""),
            *(heading([(" ", "text"), *row.parts] if row.key else row.parts) for row in differences(page)),
        ]
    return found


def _short_difference(item: Line, before: Quote | None) -> str:
    if before is None:
        return ""
    old = _same_product(item, before)
    if old is None:
        return "new"
    parts = []
    if old.quantity != item.quantity:
        parts.append(f"{old.quantity:,}")
    if old.discount_bp != item.discount_bp:
        parts.append(line_words.discount(old.discount_bp) if old.discount_bp else "0%")
    if old.price_minor != item.price_minor:
        parts.append(formats.amount(old.price_minor, before.currency))
    return f"r{before.revision}: {', '.join(parts)}" if parts else ""


def _same_product(item: Line, other: Quote) -> Line | None:
    same = [found for found in other.lines if found.product_id == item.product_id]
    return next((found for found in same if found.position == item.position), same[0] if same else None)


def differences(page: QuotePage) -> list[list_view.Line]:
    """Return line by line what changed since the revision before."""
    before, quote = page.before, page.quote
    if before is None:
        return [heading(f" {name_of(quote)} is the first revision: there is nothing to compare.", "dim")]
    head_text = pad(f" Against {name_of(before)}", 34) + pad(f"r{before.revision}", 22) + f"r{quote.revision}"
    found = [heading(head_text, "dim")]
    for item in quote.lines:
        old = _same_product(item, before)
        now, then = _terms(item, quote.currency), _terms(old, before.currency) if old else "-"
        if then != now:
            found.append(_difference(item.description, then, now, ("line", item.id)))
    kept = {item.product_id for item in quote.lines}
    for old in before.lines:
        if old.product_id not in kept:
            found.append(_difference(old.description, _terms(old, before.currency), "-", ("old", old.id)))
    if len(found) == 1:
        found.append(heading(" No line differs.", "dim"))
    change = quote.net_minor - before.net_minor
    total = (
        f" net {formats.money(before.net_minor, quote.currency)} -> {formats.money(quote.net_minor, quote.currency)}"
    )
    return [*found, heading(f"{total}   {'+' if change > 0 else ''}{formats.money(change, quote.currency)}")]


def _terms(item: Line, currency: str) -> str:
    months = f", {item.months} mo" if item.months else ""
    price = formats.amount(item.price_minor, currency)
    less = f" -{line_words.discount(item.discount_bp)}" if item.discount_bp else ""
    return f"{item.quantity:,} x {price}{less}{months}"


def _difference(what: str, old: str, new: str, key: tuple[str, int]) -> list_view.Line:
    return line([(pad(clean(what), 32), "text"), (f" {pad(old, 22)}", "dim"), (new, "text")], key)


def text_rows(page: QuotePage) -> list[list_view.Line]:
    """Return the text to the customer and why it was rejected."""
    found = [heading(" Text to the customer", "dim")]
    for number, text in enumerate(clean_lines(page.quote.note) if page.quote.note else []):
        found.append(line(text, ("field", "note", number)))
    if not page.quote.note:
        found.append(line([("empty", "dim")], ("field", "note")))
    if page.quote.reason:
        found += [heading(""), heading(f" {page.quote.state.capitalize()}: {clean(page.quote.reason)}")]
    return found


def tech_words(page: QuotePage) -> Part:
    """Say what the quote's net means for the tech check."""
    if not page.quote.lines:
        return ("Without a line there is nothing to send yet.", "dim")
    net = page.net_usd_cents
    limit = formats.money(page.limit_usd_cents)
    if net is None:
        return ("The limit is looked at in US dollars: this currency has no rate here yet.", "dim")
    if net <= page.limit_usd_cents:
        if page.deal.amount_usd_cents > page.limit_usd_cents and page.is_draft:
            gross = formats.money(page.quote.gross_minor, page.quote.currency)
            return (f"tech check no longer needed: net {formats.money(net)}, list {gross}", "soon")
        return (f"no tech check: {formats.money(net)} net is not over {limit}", "dim")
    last = page.tech.last
    if page.deal.tech.is_valid and last is not None:
        if not page.is_draft or _has_accepted(page):
            return (f"T+ signed by {last.signed_by} at {formats.money(last.signed_usd_cents)}", "good")
        if net > last.signed_usd_cents or page.has_other_lines:
            why = "lines differ" if page.has_other_lines else f"signed at {formats.money(last.signed_usd_cents)}"
            return (f"T~ sending makes the sign-off stale: {why}, now {formats.money(net)}", "soon")
        return (f"T+ the sign-off of {last.signed_by} still holds", "good")
    return (f"T? over {limit} net: a tech check is needed before {page.last_stage}", "soon")


def discount_words(page: QuotePage) -> Part:
    """Say how the discounts stand: the limit, the highest line, and whether a manager is needed."""
    found = page.discount
    if not found.highest_bp and found.limit_bp >= 10_000:
        return ("", "dim")
    words = f"Discount: your limit is {percent(found.limit_bp)}, highest line {percent(found.highest_bp)}"
    if found.asked_of:
        return (f"{words}, {found.asked_of} was asked", "soon")
    if found.needs_approval:
        return (f"{words}, needs a manager's approval", "soon")
    if found.highest_bp > found.limit_bp:
        return (f"{words}, approved by {found.approved_by}", "good")
    return (f"{words}, no approval needed", "dim")


def over_limit(page: QuotePage) -> str:
    """Say which discount the user may not give."""
    return f"{percent(page.discount.highest_bp)} is above your limit of {percent(page.discount.limit_bp)}"


def why_no_approval(page: QuotePage) -> str | None:
    """Say why there is no discount to ask or give approval for, None if there is."""
    name = name_of(page.quote)
    if not page.is_draft:
        return f"{name} is {page.quote.state}: the discount of a draft is approved"
    if page.discount.can_approve:
        return None if page.discount.highest_bp else f"{name} has no discount to approve"
    if not page.discount.needs_approval:
        return f"{name} needs no approval: {percent(page.discount.highest_bp)} is within your limit"
    return None if page.may_work else not_theirs(name, page.deal.owner)


def sending_words(page: QuotePage, today: dt.date) -> list[str]:
    """Say before a draft is sent what the customer owes, what sending does, and which next step it makes."""
    deal = page.deal
    words: list[str] = []
    if deal.unpaid_minor > 0:
        words.append(f"$! {formats.owing(page.quote.customer, deal.unpaid_minor, deal.unpaid_since, today)}.")
    tech = tech_words(page)[0]
    words += [*changes_by_sending(page), tech[:1].upper() + tech[1:]]
    return [*words, next_step_words(page.coming)] if page.coming is not None else words


def changes_by_sending(page: QuotePage) -> list[str]:
    """Say what sending a draft does to it, to the deal's amount and to the one that was sent before."""
    quote, deal = page.quote, page.deal
    net = formats.money(quote.net_minor, quote.currency)
    amount = formats.money(deal.amount_minor, deal.currency)
    sent = next((found for found in page.revisions if found.state in ("sent", "expired")), None)
    words = [f"r{quote.revision} is locked; {_next_name(page)} can be made from it."]
    if _has_accepted(page):
        words.append(f"The deal's amount stays {amount}: another quote is accepted.")
    else:
        words.append(f"The deal's amount becomes {net}; now it is {amount}.")
    if sent is not None:
        words.append(f"{name_of(sent)} becomes superseded.")
    return words


def next_step_words(coming: Coming, *, is_short: bool = False) -> str:
    """Say which next step a deal has once its quote is sent: short, `Next step: call Sam Pine in 3 days`."""
    if coming.counted_on is None:
        return f"The next step stays: {coming.text}, {formats.day_full(coming.on)}."
    if is_short:
        return f"Next step: call {coming.whom} in {CALL_AFTER_DAYS} days."
    day = formats.day_full(coming.on)
    if coming.counted_on != coming.on:
        counted = formats.day_full(coming.counted_on).rsplit(" ", 2)[0]
        day = f"{counted} -> {day}"
    words = f"Next step: {coming.text[:1].lower()}{coming.text[1:]} in {CALL_AFTER_DAYS} days ({day})"
    return f"{words}, in place of “{coming.instead_of}”." if coming.instead_of else f"{words}."


def _has_accepted(page: QuotePage) -> bool:
    """Return whether the amount is an accepted quote's, which no sent one replaces."""
    return any(found.state == "accepted" for found in page.revisions)


def _next_name(page: QuotePage) -> str:
    newest = max(found.revision for found in page.revisions if found.number == page.quote.number)
    return f"r{newest + 1}"


def foot(page: QuotePage, *, has_panel: bool = False) -> list[list_view.Line]:
    """Return what the total means, how it differs from before and what the next key does, the last beside a panel."""
    quote, before = page.quote, page.before
    if has_panel:
        return _next_lines(page) if quote.state != "draft" else []
    lines = [text_line([(" ", "text"), tech_words(page)])]
    if page.is_draft and discount_words(page)[0]:
        text, style = discount_words(page)
        lines.append(text_line([(f" {text}", style)]))
    if before is not None:
        change = quote.net_minor - before.net_minor
        words = f" Against r{before.revision} ({formats.money(before.net_minor, quote.currency)}): "
        words += f"{'+' if change > 0 else ''}{formats.money(change, quote.currency)}   v shows what changed"
        lines.append(text_line(words, style="dim"))
    return [*lines, *_next_lines(page)]


def _next_lines(page: QuotePage) -> list[list_view.Line]:
    quote = page.quote
    lines: list[list_view.Line] = []
    if quote.state == "draft" and quote.lines:
        locks = f"locks r{quote.revision}"
        words = f" Sending makes {formats.money(quote.net_minor, quote.currency)} the deal amount and {locks}."
        if _has_accepted(page):
            words = f" Sending {locks}; the amount stays the accepted quote's until this one is accepted."
        lines.append(text_line(words, style="dim"))
    elif quote.state in ("sent", "expired"):
        lines.append(text_line(f" > records the answer; N makes {_next_name(page)} from it.", style="dim"))
    elif quote.reason:
        lines.append(text_line(f" {quote.state.capitalize()}: {quote.reason}", style="dim"))
    return lines


def list_row(quote: Quote, width: int, today: dt.date) -> list_view.Line:
    """Return one row of the list of quotes; the owner has room from `_OWNERS_FROM` cells."""
    has_owner = width >= _OWNERS_FROM
    name_cells = max(10, min(40, width - (72 if has_owner else 61 if width >= _DATES_FROM else 46)))
    parts: list[Part] = [(pad(name_of(quote), 11), "text"), (pad(clean(quote.customer), name_cells), "text")]
    parts += [(" ", "text"), (pad(quote.state, 10), STATE_STYLES.get(quote.state, "text"))]
    parts.append((pad(formats.money(quote.net_minor, quote.currency), 14, "right"), "amount"))
    parts.append((f"  {show_deal(quote.deal_id):<7}", "dim"))
    if width >= _DATES_FROM:
        parts.append(_until(quote, today))
    return line(parts, quote.id, right=[(f"{quote.owner} ", "dim")] if has_owner else "")


def _until(quote: Quote, today: dt.date) -> Part:
    """Return until when an open quote is valid, or why a closed one was closed."""
    if quote.state in ("draft", "sent", "expired"):
        return (f" to {formats.day(quote.valid_until, today)}", "soon" if quote.valid_until < today else "dim")
    return (f" {clean(quote.reason)}", "dim")
