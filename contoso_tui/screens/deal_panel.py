"""The side panel of the deal screen on a wide terminal: what is next, what waits, who decides. Pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.screens import centre_words
from contoso_tui.screens.deal_page import DealPage
from contoso_tui.screens.deal_words import tech_parts, tech_verb, three_lines, warnings
from contoso_tui.text import cells, clean, pad, wrap
from contoso_tui.widgets.list_view import Line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import BLANK, text_line
from models.ids import show_quote

_PEOPLE, _QUOTES = 5, 5
_AMOUNT_SIGNS = (" <- deal amount", " <- amount", " <-")


def panel(page: DealPage, width: int, today: dt.date, zone: ZoneInfo) -> list[Line]:
    """Return the panel's lines for `width` cells."""
    lines = [*_next_step(page, width, today, zone), BLANK]
    lines += [_title("TECH CHECK", f"t {tech_verb(page)}"), *_wrapped(tech_parts(page, today, zone), width)]
    if page.why_cannot_sign and tech_verb(page) == "ask":
        lines += _wrapped([(f"You do not sign it: {page.why_cannot_sign}.", "dim")], width)
    lines.append(BLANK)
    found = warnings(page, today)
    if found:
        lines += [_title("WARNINGS", "o customer")]
        lines += [text_line([(" ", "text"), (forms[0], style)]) for _, style, forms in found]
        lines.append(BLANK)
    lines += _people(page, width)
    lines += _quotes(page, width)
    if page.assessment_rule or page.assessments:
        deal = page.deal
        words = centre_words.assessment_line(page.assessments, deal.stage.id, deal.stage.name, page.assessment_rule)
        lines += [_title("ASSESSMENT", "c assess"), *_wrapped([(words, "text")], width), BLANK]
    if page.ideas:
        lines.append(_title(f"SUGGESTED IN {clean(page.deal.stage.name).upper()}", "i ideas"))
        lines += [*centre_words.idea_lines(page.ideas, width, ""), BLANK]
    if page.deal.lead_source:
        lines += [text_line([(" SOURCE  ", "heading"), (page.deal.lead_source, "text")])]
    return lines


def _title(name: str, key: str = "") -> Line:
    return text_line([(f" {name}", "heading")], f"{key} " if key else "")


def _wrapped(parts: list[Part], width: int) -> list[Line]:
    """Break one text of a sign and words into lines; the sign keeps its colour."""
    sign = parts[0] if len(parts) > 1 else ("", "text")
    words = "".join(text for text, _ in (parts[1:] if len(parts) > 1 else parts)).strip()
    style = parts[-1][1]
    rows = wrap(clean(words), max(10, width - 3 - cells(sign[0])))
    lead = " " * cells(sign[0])
    found = []
    for place, row in enumerate(rows):
        head: Part = sign if place == 0 else (lead, "text")
        gap = " " if sign[0] else ""
        found.append(text_line([(" ", "text"), head, (gap + row, style)]))
    return found


def _next_step(page: DealPage, width: int, today: dt.date, zone: ZoneInfo) -> list[Line]:
    deal = page.deal
    if not page.is_open:
        first = three_lines(page, today, zone)[0]
        words = "".join(text for text, _ in first.parts[1:])
        return [_title(first.parts[0][0].strip(), "m reopen"), *_wrapped([(words, "text")], width)]
    lines = [_title("NEXT STEP", "s change" if deal.next_step else "s set")]
    if deal.next_step_on is None and not deal.next_step:
        return [*lines, text_line([(" - no next step", "soon")])]
    when: list[Part] = [(" ", "text")]
    if deal.late_working_days:
        when.append((f"! {formats.counted(deal.late_working_days, 'day')} late    ", "late"))
    if deal.next_step_on is not None:
        clock = f" {formats.clock(deal.next_step_minute)}" if deal.next_step_minute is not None else ""
        when.append((formats.day_full(deal.next_step_on) + clock, "text"))
    return [*lines, text_line(when), *_wrapped([(deal.next_step, "text")], width)]


def _people(page: DealPage, width: int) -> list[Line]:
    if page.centre:
        return [_title("BUYING CENTRE", "2"), *centre_words.people_lines(page.centre, width, _PEOPLE), BLANK]
    if not page.people:
        return []
    lines = [_title("PEOPLE", "2")]
    name_cells = max(18, (width - 4) // 2)
    for person in page.people[:_PEOPLE]:
        parts: list[Part] = [(f" {pad(clean(person.name), name_cells)} ", "text"), (clean(person.position), "dim")]
        lines.append(text_line([*parts, (" do not contact" if person.do_not_contact else "", "soon")]))
    if len(page.people) > _PEOPLE:
        lines.append(text_line(f" +{len(page.people) - _PEOPLE} more", style="dim"))
    return [*lines, BLANK]


def _quotes(page: DealPage, width: int) -> list[Line]:
    if not page.quotes:
        return []
    lines = [_title("QUOTES", "3")]
    for quote in page.quotes[:_QUOTES]:
        name = show_quote(quote.number, quote.revision)
        parts: list[Part] = [(f" {pad(name, 11)}{pad(quote.state, 11)}", "draft" if quote.state == "draft" else "text")]
        parts.append((pad(formats.money(quote.net_minor, quote.currency), 13, "right"), "amount"))
        room = width - 1 - sum(cells(text) for text, _ in parts)
        is_amount = page.deal.amount_quote == name
        tail = next((sign for sign in _AMOUNT_SIGNS if len(sign) <= room), "") if is_amount else f" {quote.reason}"
        lines.append(text_line([*parts, (tail, "dim")]))
    return [*lines, BLANK]
