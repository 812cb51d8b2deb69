"""The tabs of the deal screen as rows of a list. Pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.dialogs.tech_read import check_lines
from contoso_tui.screens import centre_words, line_words
from contoso_tui.screens.deal_page import DealPage
from contoso_tui.screens.deal_words import decides_nobody
from contoso_tui.signs import TECH
from contoso_tui.text import clean, pad
from contoso_tui.widgets.list_view import Line, heading, line
from contoso_tui.widgets.rows import Part
from models.deals.detail_records import DealDetail, TimelineEntry
from models.ids import show_quote

HistoryRow = tuple[dt.datetime, str, str, str]
"""When, who, path, sentence."""
# As the timeline calls it: sentences need the room.
_SHORT_PATHS = {"assessment": "assess"}

TABS = {
    "1": "Timeline", "2": "People", "3": "Quotes", "4": "Checks", "5": "Fields", "6": "Orders", "7": "History",
}  # fmt: skip
_KIND_CELLS = 8


@dataclass(frozen=True, slots=True)
class Around:
    """What rows depend on besides the deal."""

    width: int
    today: dt.date
    zone: ZoneInfo

    @property
    def is_wide(self) -> bool:
        """Whether dates have room for weekday and year."""
        return self.width >= 84


def tab_bar(page: DealPage | None, active: str, width: int, people: int) -> list[Part]:
    """Return the names of the tabs with their counts, the active one marked."""
    counts = {"2": people}
    if page is not None:
        counts |= {"3": len(page.quotes), "4": len(page.checks) + len(page.assessments)}

    def laid_out(gap: str, before: str, with_counts: bool) -> list[Part]:
        parts: list[Part] = [(" ", "text")]
        for key, name in TABS.items():
            count = f" {counts[key]}" if with_counts and counts.get(key) else ""
            parts += [(key, "key"), (f"{before}{name}{count}", "accent" if key == active else "text"), (gap, "text")]
        return parts[:-1]

    choices = (("   ", " ", True), ("  ", " ", True), ("  ", " ", False), (" ", " ", False), (" ", "", False))
    found = [laid_out(*choice) for choice in choices]
    return next((parts for parts in found if sum(len(text) for text, _ in parts) <= width), found[-1])


def timeline(entries: Sequence[TimelineEntry], around: Around, kind: str = "") -> list[Line]:
    """Return what happened, newest first; a longer text takes a second line."""
    rows: list[Line] = []
    for place, entry in enumerate(entries):
        if kind and entry.kind != kind:
            continue
        right = entry_right(entry)
        when = stamp(entry.at, around, has_time=entry.has_time)
        parts: list[Part] = [(f"{when} ", "dim"), (pad(entry.kind, _KIND_CELLS), "text")]
        parts.append((entry.text, "text"))
        if around.is_wide and entry.actor:
            parts.append((f"   by {entry.actor}", "dim"))
        rows.append(line(parts, ("entry", place), right=[(right, "good" if entry.points else "amount")]))
        if entry.detail:
            lead = " " * (len(when) + 2 + _KIND_CELLS)
            rows.append(heading([(f"{lead}{clean(entry.detail)}", "dim")]))
    return rows


def row_words(page: DealPage, kind: str, value: object, today: dt.date) -> str:
    """Return the whole text of a row that may be cut in the list: an entry, a line, a quote."""
    if kind == "entry" and isinstance(value, int) and value < len(page.entries):
        entry = page.entries[value]
        return f" {entry.text}" + (f" · {entry.detail}" if entry.detail else "")
    if kind == "line":
        found = next((found for found in page.lines if found.id == value), None)
        return f" {line_words.told(found, page.deal.currency)}" if found is not None else ""
    quote = next((quote for quote in page.quotes if quote.id == value), None) if kind == "quote" else None
    if quote is None:
        return ""
    told = [show_quote(quote.number, quote.revision), formats.counted(len(quote.lines), "line")]
    if quote.state in ("draft", "sent"):
        told.append(f"valid to {formats.day(quote.valid_until, today)}")
    if quote.addressee:
        told.append(f"for {quote.addressee}")
    if quote.reason:
        told.append(quote.reason)
    return " " + " · ".join(told)


def entry_right(entry: TimelineEntry) -> str:
    """Return the points or the amount of an entry."""
    if entry.points:
        return f"+{formats.counted(entry.points, 'pt')} "
    return f"{formats.money(entry.amount_minor)} " if entry.amount_minor is not None else ""


def stamp(at: dt.datetime, around: Around, *, has_time: bool = True) -> str:
    """Write when something happened: `16 Nov 15:20`, wide `Mon 16 Nov 15:20`; of other years the date alone."""
    local = at.astimezone(around.zone)
    day = f"{local:%d %b}"
    if local.year != around.today.year:
        return pad(f"{day} {local.year}", 16 if around.is_wide else 12)
    weekday = f"{local:%a} " if around.is_wide else ""
    return f"{weekday}{day} {local:%H:%M}" if has_time else f"{weekday}{day}      "


def lines_and_quotes(page: DealPage, around: Around) -> list[Line]:
    """Return the deal's own lines with their totals, then its quotes, newest first."""
    width, currency = around.width, page.deal.currency
    rows = [line_words.header(width)] if page.lines else [heading(" No lines yet. n adds one", "dim")]
    rows += [line_words.row(found, place, width, currency) for place, found in enumerate(page.lines, 1)]
    if page.lines:
        rows += line_words.totals(page.lines, width, currency)
    rows += [heading(""), heading(" QUOTES" if page.quotes else " No quotes yet. b makes one from the lines")]
    for quote in page.quotes:
        name = show_quote(quote.number, quote.revision)
        is_amount = page.deal.amount_quote == name
        style = {"draft": "draft", "accepted": "good", "rejected": "late", "expired": "soon"}.get(quote.state, "text")
        parts: list[Part] = [(pad(name, 12), "text"), (pad(quote.state, 12), style)]
        parts += [(pad(formats.money(quote.net_minor, quote.currency), 16, "right"), "amount")]
        parts.append(("   <- deal amount" if is_amount else f"   {clean(quote.reason)}", "dim"))
        rows.append(line(parts, ("quote", quote.id)))
    return rows


def checks(page: DealPage, around: Around) -> list[Line]:
    """Return every tech check, newest first, with its details and why it no longer counts; then the assessments."""
    rows: list[Line] = []
    if not page.checks:
        rows.append(heading(" No tech check has been signed.", "dim"))
    for place, check in enumerate(page.checks):
        first, *more = check_lines(check, around.zone)
        sign, style = TECH[check.outcome]
        rows.append(line([(f"{sign} ", style), (first, "text")], ("check", place)))
        rows += [heading([(f"   {clean(text)}", "dim")]) for text in more]
    if page.assessments:
        rows += [heading(""), heading(" ASSESSMENTS")]
        rows += centre_words.assessment_rows(page.assessments, around.today, around.zone)
    return rows


def fields(deal: DealDetail, around: Around) -> list[Line]:
    """Return the fields that people fill in, each with its value."""
    rows: list[Line] = []
    for name, label, value in field_values(deal):
        shown: Part = (clean(value), "text") if value else ("empty", "dim")
        rows.append(line([(pad(label, 20), "dim"), shown], ("field", name)))
    who = f" Made by {deal.created_by}, {formats.day_full(deal.created_on)}; owner {deal.owner}; rev {deal.version}"
    team = f" Team: {', '.join(deal.team) or 'nobody yet'} · m changes it"
    return [*rows, heading(""), heading(who, "dim"), heading(team, "dim")]


def field_values(deal: DealDetail) -> list[tuple[str, str, str]]:
    """Return name, label and shown value of each editable field."""

    def money(minor: int | None) -> str:
        return "" if minor is None else formats.money(minor, deal.currency)

    def day(date: dt.date | None) -> str:
        return "" if date is None else formats.day_full(date)

    own = "own" if deal.has_own_probability else "from the stage"
    return [
        ("type", "What", deal.type),
        ("need", "Need", deal.need),
        ("budget_minor", "Budget", money(deal.budget_minor)),
        ("time_frame", "Time frame", deal.time_frame),
        ("decision_maker", "Decision maker", deal.decision_maker),
        ("amount_minor", "Amount typed in", money(deal.typed_amount_minor)),
        ("probability_percent", "Probability", f"{deal.probability_percent}% ({own})"),
        ("category", "Category", deal.category.replace("_", " ")),
        ("close_on", "Close date", day(deal.close_on)),
        ("lead_source", "Lead source", deal.lead_source),
        ("walkthrough_on", "Walk-through on", day(deal.walkthrough_on)),
        ("walkthrough_with", "Walk-through with", deal.walkthrough_with),
        ("walkthrough_ready", "Customer ready", "yes" if deal.walkthrough_ready else "no"),
    ]


def people(page: DealPage, around: Around) -> list[Line]:
    """Return who is on the deal, and who else is known at the account."""
    deal = page.deal
    is_late = decides_nobody(deal)
    return centre_words.tab(page.centre, page.people, deal.customer, around.width, around.today, is_late=is_late)


def history(rows: Sequence[HistoryRow], around: Around) -> list[Line]:
    """Return who changed what, newest first."""
    if not rows:
        return [heading(" Nothing yet.", "dim")]
    who_cells = min(max(len(row[1]) for row in rows), 24) + 1
    paths = [_SHORT_PATHS.get(row[2], row[2]) for row in rows]
    path_cells = max(len(path) for path in paths) + 1
    found: list[Line] = []
    for place, (at, who, _path, sentence) in enumerate(rows):
        parts: list[Part] = [
            (f"{stamp(at, around)} ", "dim"),
            (pad(who, who_cells), "text"),
            (pad(paths[place], path_cells), "dim"),
        ]
        found.append(line([*parts, (sentence, "text")], ("history", place)))
    return found


def as_json(deal: DealDetail, show: Callable[[int], str]) -> str:
    """Return the deal's main fields as one JSON object, for the copy menu."""
    return json.dumps(
        {
            "id": show(deal.id),
            "customer": deal.customer,
            "amount": {"minor": deal.amount_minor, "currency": deal.currency},
            "stage": deal.stage.id,
            "outcome": str(deal.outcome),
            "owner": deal.owner,
            "tech_check": str(deal.tech),
            "rev": deal.version,
        },
        ensure_ascii=False,
    )
