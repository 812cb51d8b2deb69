"""A deal in words: its head, stage path, the three lines always in view, and the foot. Pure."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.screens.deal_page import DealPage
from contoso_tui.signs import LOWER_SCORE, TECH
from contoso_tui.text import Piece, cells, clean, cut, ranked
from contoso_tui.widgets.list_view import Line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import text_line
from models.deals.deals import amount_source
from models.deals.detail_records import DealDetail
from models.deals.records import AmountFrom, Outcome, TechState
from models.ids import show_deal, show_quote

WIDE_FROM = 100
"""Cells from which words are written out and days stand in every stage of the path."""

_ON_PATH = {
    TechState.NOT_NEEDED: "not needed",
    TechState.IMPORTED: "imported",
    TechState.PASSED: "signed",
    TechState.PASSED_WITH_CONDITIONS: "signed",
    TechState.FAILED: "failed",
    TechState.STALE: "stale",
}
# What a blocker's field is called where only names fit.
_MISSING = {
    "tech_check": "tech check", "walkthrough": "walk-through", "budget_minor": "budget", "time_frame": "time frame",
    "decision_maker": "decision maker", "lines": "a product line", "customer_id": "customer",
}  # fmt: skip
_SUBJECT_CELLS, _SUBJECT_CELLS_NARROW = 40, 22
"""Figures of the head give way before who and what gets shorter than this."""
_SHORT_BELOW = 76
"""Cells under which TECH is told in fewer words."""
_WARN_FRAME = len(" WARN    o customer ")
_EARLY_STAGES = 2
"""Stages in which it may still be open who decides."""
_QUOTE_MISSING = {"missing": "a sent quote", "not_accepted": "an accepted quote", "open_quotes": "other quotes settled"}


def subject(deal: DealDetail) -> str:
    """Return who and what: `Fabrikam Clinics · Site S24`."""
    return clean(f"{deal.customer} · {deal.type}" if deal.type else deal.customer)


def breadcrumb(deal: DealDetail, login: str, room: int) -> str:
    """Return where one is: `> Fabrikam Clinics · D-1042`, and whose deal it is if not the reader's.

    A name too long for `room` cells is cut, so that id and owner stay.
    """
    tail = f" · {show_deal(deal.id)}" + (f" · {deal.owner}'s" if deal.owner != login else "")
    return f"> {cut(clean(deal.customer), max(room - cells(tail) - 2, 4))}{tail}"


def head(page: DealPage, width: int, today: dt.date) -> list[Line]:
    """Return who, what, amount, probability and closing day, and below it the stage path."""
    deal = page.deal
    amount = formats.money(deal.amount_minor, deal.currency)
    on = deal.close_on
    close = (
        ("no close date",) if on is None else (f"close {formats.day_full(on)}", f"close {formats.day_short(on, today)}")
    )
    percent = f"{deal.probability_percent}%"
    weighted = formats.money(deal.amount_minor * deal.probability_percent // 100, deal.currency)
    pieces: list[Piece] = [(0, "amount", (amount,)), (1, "text", (f"probability {percent}", percent))]
    pieces += [(4, "text", (f"weighted {weighted}", "")), (3, "text", (deal.category.replace("_", " "), ""))]
    pieces.append((2, "text", close))
    who = subject(deal)
    least = min(cells(who), max(_SUBJECT_CELLS_NARROW, min(_SUBJECT_CELLS, width // 2 - 8)))
    right = ranked(pieces, width - least - 4, "   ")
    room = width - sum(cells(text) for text, _ in right) - 4
    lines = [text_line([(f" {cut(who, max(room, 8))}", "heading")], [*right, (" ", "text")])]
    return [*lines, stage_path(page, width)]


def stage_path(page: DealPage, width: int) -> Line:
    """Return the stages in order with days spent; the present one in brackets, Tech Check with its state."""
    right = f"{formats.counted(page.deal.open_days, 'day')} open " if width >= WIDE_FROM else ""
    room = width - cells(right) - 2
    for joint in (" ───── ", " ── ", " ─ "):
        parts = _path(page, joint, is_wide=width >= WIDE_FROM)
        if sum(cells(text) for text, _ in parts) <= room:
            return text_line(parts, right)
    # Too narrow for all: what lies behind is known.
    place = page.deal.stage.position - 1
    return text_line(_path(page, " ─ ", is_wide=False, skip=place), "")


def _path(page: DealPage, joint: str, *, is_wide: bool, skip: int = 0) -> list[Part]:
    deal = page.deal
    parts: list[Part] = [(" ", "text")]
    if skip:
        parts += [("…", "dim"), (joint, "line")]
    for place, stage in enumerate(page.stages):
        if place < skip:
            continue
        if place > skip:
            parts.append((joint, "line"))
        name = clean(stage.name)
        if stage.is_tech_check:
            name += f" ({_ON_PATH.get(deal.tech, 'needed')})"
        days = page.days.get(stage.id)
        if stage.id == deal.stage.id and page.is_open:
            parts.append((f"[{name} {_age(deal, is_wide=is_wide)}]", _age_style(deal)))
        else:
            not_needed = stage.is_tech_check and deal.tech is TechState.NOT_NEEDED
            behind = stage.position < deal.stage.position
            text = f"{name} {days}d" if is_wide and days is not None else name
            parts.append((text, "dim" if not_needed or not behind else "text"))
    parts.append((joint, "line"))
    if page.is_open:
        parts.append(("Won", "dim"))
    else:
        word = deal.outcome.replace("_", " ").capitalize()
        is_won = deal.outcome in (Outcome.WON, Outcome.WON_IMPORTED)
        parts.append((f"[{word}]", "good" if is_won else "late"))
    return parts


def _age(deal: DealDetail, *, is_wide: bool) -> str:
    limit = deal.stage.age_limit_days
    over = limit is not None and deal.stage_age_days > limit
    if is_wide and limit is not None:
        return f"{deal.stage_age_days}d of {limit}{' !' if over else ''}"
    return formats.age(deal.stage_age_days, limit if over else None) + ("!" if over else "")


def _age_style(deal: DealDetail) -> str:
    limit = deal.stage.age_limit_days
    if limit is None or deal.stage_age_days <= limit:
        return "heading"
    return "late" if deal.stage_age_days >= 2 * limit else "soon"


def three_lines(page: DealPage, today: dt.date, zone: ZoneInfo, width: int = _SHORT_BELOW) -> list[Line]:
    """Return NEXT (or how it ended), TECH and WARN, each with its key."""
    first = _next_line(page, today) if page.is_open else _ended(page, today)
    is_short = width < _SHORT_BELOW
    told = ranked(warnings(page, today), width - _WARN_FRAME, "   ")
    return [
        first,
        text_line([(" TECH  ", "heading"), *tech_parts(page, today, zone, is_short=is_short)], f"t {tech_verb(page)} "),
        text_line([(" WARN  ", "heading"), *(told or [("nothing", "dim")])], "o customer "),
    ]


def _next_line(page: DealPage, today: dt.date) -> Line:
    deal = page.deal
    parts: list[Part] = [(" NEXT  ", "heading"), *next_parts(deal, today)]
    return text_line(parts, "s change " if deal.next_step else "s set ")


def next_parts(deal: DealDetail, today: dt.date) -> list[Part]:
    """Return the next step with its day, or that there is none."""
    if not deal.next_step and deal.next_step_on is None:
        return [("- no next step", "soon")]
    parts: list[Part] = []
    if deal.late_working_days:
        parts.append((f"! {formats.counted(deal.late_working_days, 'day')} late   ", "late"))
    if deal.next_step_on is not None:
        when = formats.day(deal.next_step_on, today)
        if deal.next_step_minute is not None:
            when += " " + formats.clock(deal.next_step_minute)
        parts.append((f"{when}   ", "text"))
    return [*parts, (clean(deal.next_step), "text")]


def _ended(page: DealPage, today: dt.date) -> Line:
    deal = page.deal
    if deal.outcome is Outcome.LOST:
        on = f" {formats.on_day(deal.lost_on, today)}" if deal.lost_on else ""
        words = f"{deal.lost_reason.replace('_', ' ')}, said by {deal.lost_by}{on}"
        words += f": {deal.lost_note}" if deal.lost_note else ""
        return text_line([(" LOST  ", "late"), (words, "text")], "m reopen ")
    if deal.outcome is Outcome.DISQUALIFIED:
        reason = next((entry.detail for entry in page.entries if entry.kind == "disqualified"), "")
        return text_line([(" NO FIT  ", "late"), (reason, "text")], "m reopen ")
    on = formats.on_day(deal.won_on, today) if deal.won_on else "imported"
    frozen = "amount and lines frozen: a change is a new deal"
    return text_line([(" WON   ", "good"), (f"{on}; {frozen}", "text")], "m reopen ")


def tech_verb(page: DealPage) -> str:
    """Return what `t` does for the reader: sign, ask, read."""
    if not page.why_cannot_sign:
        return "sign"
    is_wanted = page.deal.tech in (TechState.DUE, TechState.DRAFT, TechState.FAILED, TechState.STALE)
    return "ask" if page.may_work and page.is_open and is_wanted else "read"


def tech_parts(page: DealPage, today: dt.date, zone: ZoneInfo, *, is_short: bool = False) -> list[Part]:
    """Return where the tech check stands, led by its sign."""
    deal, view = page.deal, page.tech
    limit = formats.money(page.limit_usd_cents)
    if deal.tech is TechState.IMPORTED:
        return [("imported, not checked", "dim")]
    if deal.tech is TechState.NOT_NEEDED:
        return [(f"not needed: not over {limit}", "dim")]
    sign, style = TECH[deal.tech]
    last = view.last
    if last is not None and deal.tech in (
        TechState.PASSED,
        TechState.PASSED_WITH_CONDITIONS,
        TechState.FAILED,
    ):
        words = f" {deal.tech.replace('_', ' ')}, {last.signed_by} {formats.day(last.checked_on, today)}"
        return [(sign, style), (words + (f": {clean(last.details)}" if last.details else ""), "text")]
    if deal.tech is TechState.STALE and last is not None:
        return [(sign, style), (f" stale: {last.why_not_counting}; sign again before {page.stages[-1].name}", "text")]
    words = f" over {limit}: a consultant must sign" + ("" if is_short else f" before {page.stages[-1].name}")
    if view.request is not None:
        asked = formats.on_day(view.request.asked_at.astimezone(zone).date(), today)
        words = f" over {limit}; asked {view.request.asked_of} {asked}, no answer yet"
    if deal.tech is TechState.DRAFT:
        words += " (begun)"
    return [(sign, style), (words, "text")]


def decides_nobody(deal: DealDetail) -> bool:
    """Return whether it is still open who decides, where that is late."""
    return deal.stage.position > _EARLY_STAGES and not deal.decision_maker and not deal.decider


def warnings(page: DealPage, today: dt.date) -> list[Piece]:
    """Return what is wrong at the customer and with the deal, each in shorter forms too; empty for nothing."""
    deal = page.deal
    found: list[Piece] = []
    if deal.unpaid_minor > 0:
        owed = f"$! unpaid {formats.money(deal.unpaid_minor)}"
        days = (today - deal.unpaid_since).days if deal.unpaid_since else 0
        forms = (f"{owed}, oldest {formats.counted(days, 'day')}", f"{owed} ({days}d)") if days else ()
        found.append((0, "late", (*forms, owed)))
    if deal.open_cases:
        count = formats.counted(deal.open_cases, "open case")
        sign = f"C{deal.open_cases}{'!' if deal.has_high_case else ''}"
        high = (f"{count}, one is high", f"{count}, high") if deal.has_high_case else (count,)
        found.append((1, "late" if deal.has_high_case else "soon", (*high, sign)))
    if not page.is_open:
        return found
    if decides_nobody(deal):
        found.append((2, "soon", ("no one decides",)))
    if page.assessments and page.assessments[0].flag:
        last = page.assessments[0]
        found.append(
            (3, "soon", (f"{LOWER_SCORE} {last.score}, {last.flag}", f"{LOWER_SCORE} {last.score}", LOWER_SCORE))
        )
    return found


def foot(page: DealPage, width: int) -> list[Line]:
    """Return where the amount comes from, then by name what is missing for the goals ahead."""
    lines: list[list[Part]] = [[(" ", "text")]]
    for parts in missing_parts(page):
        used = sum(cells(text) for text, _ in (*lines[-1], ("   ", "dim"), *parts))
        if len(lines[-1]) > 1 and used > width:
            lines.append([(" ", "text")])
        elif len(lines[-1]) > 1:
            # Between two only: at the end of a full line blanks would be what does not fit.
            lines[-1].append(("   ", "dim"))
        lines[-1] += parts
    return [text_line(f" {amount_words(page)}", style="dim"), *(text_line(parts) for parts in lines)]


def amount_words(page: DealPage) -> str:
    """Say where the amount comes from and what a draft would make of it."""
    deal = page.deal
    words = f"Amount is from {amount_source(deal)}."
    if deal.amount_from is AmountFrom.TYPED:
        words = "Amount is typed in; lines or a sent quote replace it."
    if deal.currency != "USD":
        words += f" {formats.money(deal.amount_usd_cents)} at the stored rate."
    draft = next((quote for quote in page.quotes if quote.state == "draft"), None)
    if draft is not None and page.is_open:
        name = show_quote(draft.number, draft.revision)
        when = "once accepted" if any(quote.state == "accepted" for quote in page.quotes) else "once sent"
        words += f" Draft {name}: {formats.money(draft.net_minor, draft.currency)} {when}."
    return words


def missing_parts(page: DealPage) -> list[list[Part]]:
    """Return "Missing before X: ..." for each goal ahead that lacks something, and for the next one."""
    if not page.is_open:
        return [[("Closed. m reopens it, with a reason.", "dim")]]
    found: list[list[Part]] = []
    for name, blockers in page.missing:
        lead = "To win" if name == "Won" else f"Before {clean(name)}" if found else f"Missing before {clean(name)}"
        names = dict.fromkeys(
            _QUOTE_MISSING.get(blocker.reason, blocker.text)
            if blocker.field in ("quote", "quotes")
            else _MISSING.get(blocker.field, blocker.field.replace("_", " "))
            for blocker in blockers
        )
        if not page.deal.quotes.is_accepted and not page.deal.quotes.has_draft:
            # The one that is sent is settled by being accepted.
            names.pop(_QUOTE_MISSING["open_quotes"], None)
        if names or not found:
            words: Part = (", ".join(names) or "nothing", "soon" if names else "good")
            found.append([(f"{lead}: ", "dim"), words, (".", "dim")])
    return found
