"""The side panel of a quote on a wide terminal: revisions, validity, tech check, discount, who gets it. Pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.screens import quote_words
from contoso_tui.screens.quote_page import QuotePage
from contoso_tui.text import cells, clean, cut, pad, wrap
from contoso_tui.widgets.list_view import Line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import BLANK, text_line
from models.deals.buying_centre import ROLES
from models.deals.discounts import percent
from models.ids import show_deal, show_quote

_REVISIONS = 6
# Who reads a quote besides the one it is for.
_READERS = ("decision_maker", "economic_buyer")


def panel(page: QuotePage, width: int, today: dt.date, zone: str) -> list[Line]:
    """Return the panel's lines for `width` cells."""
    quote, deal = page.quote, page.deal
    found = [_title("REVISIONS"), *_revisions(page, width, today, ZoneInfo(zone))]
    found += [BLANK, _title("DEAL", show_deal(deal.id))]
    found.append(text_line(f" {formats.money(deal.amount_minor, deal.currency)} in {deal.stage.name}, {deal.owner}"))
    found += [BLANK, _title("VALID"), *_valid(page, today)]
    text, style = quote_words.tech_words(page)
    found += [BLANK, _title("TECH CHECK"), *_wrapped(text[:1].upper() + text[1:], width, style)]
    if page.is_draft and quote_words.discount_words(page)[0]:
        key = "" if quote_words.why_no_approval(page) else "A approve" if page.discount.can_approve else "A ask"
        found += [BLANK, _title("DISCOUNT", key), *_discount(page, width)]
    found += [BLANK, _title("WHO"), *_who(page, width)]
    if deal.unpaid_minor > 0:
        days = f", oldest {formats.counted((today - deal.unpaid_since).days, 'day')}" if deal.unpaid_since else ""
        found += [BLANK, _title("WARNINGS")]
        found.append(text_line([(f" $! unpaid {formats.money(deal.unpaid_minor)}{days}", "late")]))
    if page.is_draft:
        found += [BLANK, _title("WHAT SENDING DOES", ">")]
        changes = quote_words.changes_by_sending(page)
        if page.coming is not None:
            changes.append(quote_words.next_step_words(page.coming, is_short=True))
        found += [row for words in changes for row in _wrapped(words, width)]
    if quote.state in ("draft", "sent", "expired"):
        found += [BLANK, _title("IF ACCEPTED"), text_line(" an order, or a contract with call-offs")]
    return found


def _title(name: str, key: str = "") -> Line:
    return text_line([(f" {name}", "heading")], f"{key} " if key else "")


def _wrapped(words: str, width: int, style: str = "text") -> list[Line]:
    return [text_line([(f" {row}", style)]) for row in wrap(clean(words), width - 2)]


def _revisions(page: QuotePage, width: int, today: dt.date, zone: ZoneInfo) -> list[Line]:
    """Return the deal's quotes: what became of each and when; which one makes the amount, or why it was rejected."""
    found = []
    for other in page.revisions[:_REVISIONS]:
        is_amount = page.deal.amount_quote == quote_words.name_of(other)
        # A deal's revisions share the number, which stands in the first row.
        name = f"r{other.revision}" if other.number == page.quote.number else show_quote(other.number, other.revision)
        name = f"{name} " if len(name) > 3 else pad(name, 4)
        parts: list[Part] = [("▌" if other.id == page.quote.id else " ", "accent"), (name, "text")]
        parts.append((pad(other.state, 11), quote_words.STATE_STYLES.get(other.state, "text")))
        parts.append((pad(formats.money(other.net_minor, other.currency), 13, "right"), "amount"))
        day = other.answered_on or (other.sent_at.astimezone(zone).date() if other.sent_at else None)
        when = f" {formats.day_short(day, today)}" if day is not None else ""
        tail = " amount" if is_amount else f" {clean(other.reason)}".rstrip()
        # Which one makes the amount is never cut; the day goes where both have no room.
        room = width - sum(cells(text) for text, _ in parts) - (cells(tail) if is_amount else 0)
        found.append(text_line([*parts, (when if cells(when) <= room else "", "dim"), (tail, "dim")]))
    if len(page.revisions) > _REVISIONS:
        found.append(text_line(f" +{len(page.revisions) - _REVISIONS} more", style="dim"))
    return found


def _valid(page: QuotePage, today: dt.date) -> list[Line]:
    quote = page.quote
    if quote.answered_on is not None:
        return [text_line(f" {quote.state} {formats.day_full(quote.answered_on)}")]
    days = (quote.valid_until - today).days
    left = f"{formats.counted(days, 'day')}" if days >= 0 else f"{formats.counted(-days, 'day')} ago"
    is_past = days < 0 and quote.state in ("draft", "expired")
    found = [text_line([(f" to {formats.day_full(quote.valid_until)} ({left})", "soon" if is_past else "text")])]
    if quote.extended_from is not None:
        found.append(text_line(f" extended, sent as valid to {formats.day_full(quote.extended_from)}", style="dim"))
    return found


def _discount(page: QuotePage, width: int) -> list[Line]:
    standing = page.discount
    limits = f"your limit {percent(standing.limit_bp)}, highest line {percent(standing.highest_bp)}"
    verdict: Part
    if standing.asked_of:
        verdict = (f"{standing.asked_of} was asked to approve it", "soon")
    elif standing.needs_approval:
        verdict = ("needs a manager's approval", "soon")
    elif standing.highest_bp > standing.limit_bp:
        verdict = (f"approved by {standing.approved_by}", "good")
    else:
        verdict = ("no approval needed", "dim")
    return [*_wrapped(limits, width), *_wrapped(verdict[0], width, verdict[1])]


def _who(page: QuotePage, width: int) -> list[Line]:
    """Return whom the quote is for, then who else decides or pays on the customer's side."""
    quote = page.quote
    wanted = quote.addressee.strip().casefold()
    to = next((one for one in page.centre if one.name.casefold() == wanted), None)
    others = [one for one in page.centre if one.role in _READERS and one is not to]
    rows = [("to", quote.addressee or "nobody yet", to), *(("", one.name, one) for one in others)]
    name_cells = min(max(cells(clean(name)) for _, name, _ in rows), width // 2)
    found = []
    for lead, name, one in rows:
        parts: list[Part] = [
            (f" {pad(lead, 3)}", "dim"),
            (f"{pad(cut(clean(name), name_cells), name_cells)}  ", "text"),
        ]
        if one is not None:
            parts += [(f"{clean(one.position)}  " if one.position else "", "dim"), (ROLES[one.role], "text")]
        found.append(text_line(parts))
    return found
