"""The preview pane: what one asks before opening a deal; reading it, and its words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.screens import centre_words
from contoso_tui.text import clean, cut, wrap
from contoso_tui.widgets.list_view import Line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import RULE, text_line
from models.activities import ideas
from models.activities.ideas import Idea
from models.customers import people
from models.customers.records import Person
from models.deals import board, buying_centre, tech_checks, timeline
from models.deals.buying_centre import DealPerson
from models.deals.detail_records import DealDetail, TechCheckView, TimelineEntry
from models.deals.details import get_detail
from models.deals.records import DealCard, Outcome, TechState
from models.ids import show_deal

_SHOWN_ENTRIES = 3
_SHOWN_PEOPLE = 3
_SHOWN_DEALS = 3


@dataclass(frozen=True, slots=True)
class Preview:
    """A deal with what stands around it."""

    deal: DealDetail
    check: TechCheckView
    entries: tuple[TimelineEntry, ...]
    people: tuple[Person, ...]
    centre: tuple[DealPerson, ...]
    ideas: tuple[Idea, ...]
    others: tuple[DealCard, ...]


def read_preview(deal_id: int, now: dt.datetime) -> Preview:
    """Read the preview of a deal."""
    deal = get_detail(deal_id, now)
    others = [card for card in board.list_for_customer(deal.customer_id, now) if card.id != deal_id]
    return Preview(
        deal,
        tech_checks.get_view(deal_id, now),
        tuple(timeline.list_timeline(deal_id, now)[:_SHOWN_ENTRIES]),
        people.list_people(deal.customer_id)[:_SHOWN_PEOPLE],
        buying_centre.list_people(deal_id),
        ideas.list_ideas(deal_id, now) if deal.outcome is Outcome.OPEN else (),
        tuple(others[:_SHOWN_DEALS]),
    )


def lines(found: Preview, user_id: int, today: dt.date, zone: ZoneInfo, width: int) -> list[Line]:
    """Return the pane's lines; days are those of `zone`."""
    deal = found.deal
    amount = formats.money(deal.amount_minor, deal.currency)
    limit = deal.stage.age_limit_days
    over = limit is not None and deal.stage_age_days > limit
    close = f"close {formats.day_short(deal.close_on, today)}" if deal.close_on else "no close date"
    age = f" {deal.stage.name} {deal.stage_age_days}d" + (f" of {limit}" if limit else "") + (" !" if over else "")
    out = [
        RULE,
        text_line([(f" {clean(deal.customer)}", "heading")], f"{show_deal(deal.id)} "),
        text_line(f" {clean(deal.type)}", [(f"{amount} ", "amount")]),
        text_line([(age, "soon" if over else "text")], f"{close} "),
        text_line(f" probability {deal.probability_percent}%", f"{deal.owner} "),
        _rule("Next step", width),
        *_next(deal, today, width),
        _rule("Tech check", width),
        *_check(found.check, deal, user_id, today, width),
    ]
    warnings = _warnings(deal, today)
    if warnings:
        out += [_rule("Warnings", width), *warnings]
    if found.centre:
        out += [_rule("Buying centre", width), *centre_words.people_lines(found.centre, width, _SHOWN_PEOPLE)]
    elif found.people:
        out.append(_rule("People", width))
        out += [
            text_line([(f" {cut(clean(one.name), 18):<18} ", "text"), (clean(one.position), "dim")])
            for one in found.people
        ]
    if found.entries:
        out.append(_rule("Last activity", width))
        out += [
            text_line(
                [
                    (f" {entry.at.astimezone(zone):%d %b} {entry.kind:<7} ", "dim"),
                    (clean(entry.text or entry.detail), "text"),
                ]
            )
            for entry in found.entries
        ]
    if found.ideas:
        out.append(_rule(f"Suggested in {clean(deal.stage.name)}", width))
        out += centre_words.idea_lines(found.ideas, width, "i")
    if found.others:
        out.append(_rule(f"Also at {cut(clean(deal.customer), 16)}", width))
        out += [_other(card, today) for card in found.others]
    return out


def _rule(title: str, width: int) -> Line:
    return text_line([(f" ─ {title} " + "─" * max(width - len(title) - 4, 0), "line")])


def _next(deal: DealDetail, today: dt.date, width: int) -> list[Line]:
    if not deal.next_step or deal.next_step_on is None:
        return [text_line([(" - no next step", "soon"), ("   s sets one", "dim")])]
    when = formats.day(deal.next_step_on, today)
    if deal.next_step_minute is not None:
        when += f" {formats.clock(deal.next_step_minute)}"
    text = [text_line(f"   {row}") for row in wrap(clean(deal.next_step), width - 4)]
    late = deal.late_working_days
    if late:
        return [text_line([(f" ! {formats.counted(late, 'day')} late", "late"), (f"  ({when})", "dim")]), *text]
    return [text_line(f" {when}"), *text]


def _check(view: TechCheckView, deal: DealDetail, user_id: int, today: dt.date, width: int) -> list[Line]:
    limit = formats.money(view.limit_usd_cents)
    last = view.last
    by = f"{last.signed_by}, {formats.day(last.checked_on, today)}" if last is not None else ""
    words: dict[TechState, tuple[str, str]] = {
        TechState.NOT_NEEDED: (f"not needed: {limit} or less", "dim"),
        TechState.DUE: (f"T? needed: over {limit}", "soon"),
        TechState.DRAFT: ("T* begun, not signed", "draft"),
        TechState.PASSED: (f"T+ passed: {by}", "good"),
        TechState.PASSED_WITH_CONDITIONS: (f"TC with conditions: {by}", "soon"),
        TechState.FAILED: (f"TX failed: {by}", "late"),
        TechState.STALE: (f"T~ stale: {last.why_not_counting if last else ''}", "soon"),
        TechState.IMPORTED: ("imported, not checked", "dim"),
    }
    text, style = words[view.state]
    out = [text_line([(f" {row}", style)]) for row in wrap(clean(text), width - 2)]
    if last is not None and last.details and view.state is not TechState.NOT_NEEDED:
        out += [text_line(f"    {row}") for row in wrap(clean(last.details), width - 5)[:2]]
    if view.request is not None and not view.state.is_valid:
        asked = view.request
        needed = f", needed by {formats.day(asked.needed_by, today)}" if asked.needed_by else ""
        out += [text_line(f"    {row}") for row in wrap(f"asked {asked.asked_of}{needed}", width - 5)]
    elif view.state in (TechState.DUE, TechState.FAILED, TechState.STALE) and deal.owner_id == user_id:
        out.append(text_line("    not you: you own it. t asks", style="dim"))
    return out


def _warnings(deal: DealDetail, today: dt.date) -> list[Line]:
    found: list[Line] = []
    if deal.unpaid_minor:
        since = f", since {formats.day_short(deal.unpaid_since, today)}" if deal.unpaid_since else ""
        found.append(text_line([(f" $! unpaid {formats.money(deal.unpaid_minor)}{since}", "late")]))
    if deal.open_cases:
        high = ", one is high" if deal.has_high_case else ""
        words = f" {formats.counted(deal.open_cases, 'open case')}{high}"
        found.append(text_line([(words, "late" if high else "soon")]))
    return found


def _other(card: DealCard, today: dt.date) -> Line:
    word = card.stage.replace("_", " ") if card.outcome is Outcome.OPEN else card.outcome.replace("_", " ")
    style = "good" if card.outcome in (Outcome.WON, Outcome.WON_IMPORTED) else "text"
    parts: list[Part] = [(f" {show_deal(card.id)} ", "text"), (word, style)]
    return text_line(parts, [(f"{formats.money(card.amount_minor, card.currency)} ", "text")])
