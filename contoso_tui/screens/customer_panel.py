"""The side panel of a customer's screen on a wide terminal: fields with sources, money, nurture, deals. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from contoso_tui import formats
from contoso_tui.screens.customer_page import CustomerPage
from contoso_tui.screens.customer_tabs import source_facts
from contoso_tui.screens.customer_words import nurture_part, other_words, source_word, warnings
from contoso_tui.sparks import sparks
from contoso_tui.text import clean, pad, wrap
from contoso_tui.widgets.list_view import Line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import BLANK, text_line
from models.customers.profiles import HIDDEN
from models.customers.records import Relation
from models.ids import show_deal

_LABEL, _FROM = 11, 6
_SOURCES, _DEALS, _MATES = 4, 4, 3
_SHOWN = frozenset({"name", "email", "phone", "birth_date", "address", "tier", "points", "income_minor"})
"""Fields of the panel; tab 2 has all."""


def panel(page: CustomerPage, width: int, today: dt.date, *, is_ascii: bool) -> list[Line]:
    """Return the panel's lines for `width` cells."""
    lines = [*_fields(page, width), BLANK, *_money(page, width, is_ascii=is_ascii), BLANK]
    told = warnings(page.profile.measures, page.profile.open_cases, today)
    lines.append(text_line([(" WARNINGS", "heading"), ("" if told else "  none", "text")]))
    lines += [text_line([(" ", "text"), part]) for part in told]
    words, style = nurture_part(page)
    if page.profile.is_corporate:
        lines += [BLANK, _title("NURTURE", "z pause  N start")]
        lines += [text_line([(f" {row}", style)]) for row in wrap(words, width - 3)]
    else:
        lines.append(text_line([(" NURTURE", "heading"), ("  not for individuals", style)]))
    household = _household(page)
    lines += [BLANK, *household] if household else []
    return [*lines, BLANK, *_deals(page, width), BLANK, *_sources(page)]


def _title(name: str, key: str = "") -> Line:
    return text_line([(f" {name}", "heading")], f"{key} " if key else "")


def _fields(page: CustomerPage, width: int) -> list[Line]:
    room = width - _LABEL - _FROM - 4
    value_room = room * 3 // 5
    head = f" {pad('FIELD', _LABEL)}{pad('VALUE', value_room)} {pad('FROM', _FROM)}OTHERS"
    lines = [text_line([(head, "dim")])]
    for field in page.profile.fields:
        if field.field not in _SHOWN or not (field.value or field.is_hidden):
            continue
        label: Part = (f" {pad(field.label, _LABEL)}", "dim")
        if field.is_hidden:
            lines.append(text_line([label, (HIDDEN, "dim")]))
            continue
        differs = any(other.relation is Relation.DIFFERS for other in field.others)
        value: Part = (f"{pad(clean(field.value), value_room)} ", "text")
        others: Part = (clean(other_words(field, is_short=True)), "soon" if differs else "dim")
        lines.append(text_line([label, value, (pad(source_word(field), _FROM), "text"), others]))
    rule = wrap(f"Rule: {page.profile.rule}", width - 3)
    return [*lines, text_line(" = same  ~ alike  ! differs  (pin) by hand", style="dim"),
            *(text_line(f" {row}", style="dim") for row in rule)]  # fmt: skip


def _money(page: CustomerPage, width: int, *, is_ascii: bool) -> list[Line]:
    measures = page.profile.measures

    def row(label: str, amounts: Sequence[int], count: int) -> Line:
        parts: list[Part] = [(f" {pad(label, 7)}", "dim"), (sparks(amounts, is_ascii=is_ascii), "accent")]
        parts.append((pad(formats.money(sum(amounts)), 13, "right"), "amount"))
        if width >= 50:
            parts.append((f"   {count} in all time" if count else "", "dim"))
        return text_line(parts)

    owes = [(f" {pad('unpaid', 7)}", "dim"), (formats.money(measures.unpaid_minor), "late")]
    return [
        _title("MONEY, 12 months", "4"),
        *(
            row(channel.name, [one.channel(channel.source).amount_minor for one in page.months], channel.purchases)
            for channel in measures.channels
        ),
        *([text_line(owes)] if measures.unpaid_minor else []),
        *_judged(page),
    ]


def _judged(page: CustomerPage) -> list[Line]:
    """Return how the customer buys, and what reviews and the like tell in all."""
    measures, segment = page.profile.measures, page.profile.segment
    parts: list[Part] = [(f" {pad('buys', 7)}", "dim"), (segment.name, "text")]
    if segment.recency:
        grades = f"  R{segment.recency} F{segment.frequency} V{segment.value}  basket "
        parts += [(grades, "dim"), (formats.money(measures.average_basket_minor), "amount")]
    lines = [text_line(parts)]
    for told in measures.told:
        rated = f"{told.average_hundredths / 100:g} of 5 ({told.rows:,})" if told.average_hundredths is not None else ""
        last = f"{rated or f'{told.rows:,}'}, last {formats.day_full(told.last_on)}"
        lines.append(text_line([(f" {pad(clean(told.name), 7)} ", "dim"), (last, "text")]))
    return lines


def _household(page: CustomerPage) -> list[Line]:
    lines = [_title("HOUSEHOLD", "6")] if page.household else []
    for mate in page.household[:_MATES]:
        lines.append(text_line([(f" {pad(clean(mate.name), 26)} ", "text"), (", ".join(mate.why), "dim")]))
    more = len(page.household) - _MATES
    return [*lines, text_line(f" +{more} more on 6", style="dim")] if more > 0 else lines


def _sources(page: CustomerPage) -> list[Line]:
    lines = [_title("SOURCES", "S as they came")]
    for row in page.profile.sources[:_SOURCES]:
        parts: list[Part] = [(f" {row.source}  {pad(clean(row.key), 14)} ", "text"), (clean(source_facts(row)), "dim")]
        lines.append(text_line(parts))
    for found in page.profile.owned[:_SOURCES]:
        count = formats.counted(found.rows, "row")
        lines.append(
            text_line([(f" {found.source}  {pad(count, 14)} ", "text"), (f"by {clean(found.owner_key)}", "dim")])
        )
    return lines if len(lines) > 1 else [*lines, text_line(" entered here", style="dim")]


def _deals(page: CustomerPage, width: int) -> list[Line]:
    if not page.open_deals:
        return [text_line([(" DEALS", "heading"), ("  none open", "text")], "n new ")]
    lines = [_title("DEALS", "n new")]
    for deal in page.open_deals[:_DEALS]:
        stage = page.stage_names.get(deal.stage, deal.stage)
        parts: list[Part] = [(f" {show_deal(deal.id)}  ", "text"), (f"{stage}  ", "text")]
        parts.append((formats.money(deal.amount_minor, deal.currency), "amount"))
        lines.append(text_line([*parts, (f"  {deal.owner}", "dim")]))
    more = len(page.open_deals) - _DEALS
    if more > 0:
        lines.append(text_line(f" +{more} more on 3", style="dim"))
    return lines
