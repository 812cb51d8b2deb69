"""A customer in words: head, tab bar, and the few lines below the list on a narrow terminal. Pure."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.screens.customer_page import CustomerPage, Shown
from contoso_tui.text import cells, clean, cut
from contoso_tui.widgets.list_view import Line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import text_line
from models.customers.records import CustomerProfile, Measures, Relation, ValueSource
from models.ids import show_customer, show_enrolment
from models.nurture.accounts import not_corporate

TABS = {"1": "Timeline", "2": "Who", "3": "Deals", "4": "Money", "6": "People", "7": "Sources"}
"""Key and name; 5 belongs to service, which has no screen."""
WIDE_FROM = 100
SINCE_FROM = 70
_FOOT_ROWS = 2
_FOOT_FIELDS = ("name", "email", "phone", "birth_date", "address")


def breadcrumb(page: CustomerPage) -> str:
    """Return where one is: `> Nora Vale`."""
    return f"> {clean(page.profile.name)}"


def figures(page: CustomerPage, width: int) -> str:
    """Return what stands at the right of the first row."""
    profile = page.profile
    sources = len({row.source for row in profile.sources} | {found.source for found in profile.owned})
    shown = show_customer(profile.id)
    if width >= WIDE_FROM:
        owner = profile.owner or "nobody"
        merged = f"{formats.counted(sources, 'source')} merged, {formats.counted(page.source_rows, 'row')}"
        return f"{shown}   rep {owner}   {merged} "
    return f"{shown}   {formats.counted(sources, 'source')} "


def head(page: CustomerPage, width: int, today: dt.date, zone: ZoneInfo) -> list[Line]:
    """Return who it is, and below it what they bought and owe; place and day give way to the name."""
    profile = page.profile
    is_wide = width >= WIDE_FROM
    since = f"since {profile.first_seen_on:%b %Y}" if profile.first_seen_on and width >= SINCE_FROM else ""
    if is_wide:
        touch = profile.last_touch_at.astimezone(zone).date() if profile.last_touch_at else None
        last = f"last touch {formats.day_full(touch)}" if touch else "no touch yet"
        told = [f"customer {since}" if since else "", last]
    else:
        told = [since, f"rep {clean(profile.owner_name or profile.owner) or 'nobody'}"]
    right = "   ".join(text for text in told if text) + " "
    kind = "corporate account" if is_wide and profile.is_corporate else profile.kind
    blocked = "   do not contact" if profile.do_not_contact else ""
    room = width - cells(right) - cells(kind) - cells(blocked) - 5
    name = cut(clean(profile.name), max(room, 8))
    parts: list[Part] = [(f" {name}", "heading"), (f"   {kind}", "text")]
    parts.append((cut(clean(_place(page, is_wide=is_wide)), room - cells(name)), "text"))
    return [text_line([*parts, (blocked, "soon")], right), totals(page, width)]


def _place(page: CustomerPage, *, is_wide: bool) -> str:
    street, city, state, postcode, country = page.profile.address
    if is_wide:
        place = ", ".join(part for part in (street, city, f"{state} {postcode}".strip(), country) if part)
    else:
        place = ", ".join(part for part in (city, state) if part)
    return f" · {place}" if place else ""


def totals(page: CustomerPage, width: int) -> Line:
    """Return what warns, then online, stores, points, open deals; amounts are $0 where nothing was bought.

    Where they don't fit, the least telling ones are left out whole: tier, points, then channels from the last.
    """
    measures, profile = page.profile.measures, page.profile
    is_wide = width >= WIDE_FROM
    money = formats.money if is_wide else formats.money_whole
    pieces: list[tuple[str, tuple[Part, ...]]] = []

    def add(name: str, label: str, value: str, more: str = "", style: str = "amount") -> None:
        pieces.append((name, ((f"{label} " if label else "", "text"), (value, style), (more, "text"))))

    if measures.unpaid_minor:
        add("unpaid", "unpaid", money(measures.unpaid_minor), style="late")
    if profile.open_cases:
        told = formats.counted(profile.open_cases, "open case") + (", one is high" if profile.has_high_case else "")
        add("cases", "", told, style="late" if profile.has_high_case else "soon")
    for channel in measures.channels:
        add(channel.source, channel.name, money(channel.amount_minor), f" ({channel.purchases})")
    if measures.points is None:
        add("points", "", "no loyalty card", style="text")
    else:
        add("points", "loyalty" if is_wide else "", formats.counted(measures.points, "point"), style="text")
    if profile.tier:
        add("tier", "", f"tier {clean(profile.tier)}", style="text")
    if measures.open_deals:
        label = "open deal" if measures.open_deals == 1 else f"{measures.open_deals} open deals"
        add("deals", label, money(measures.open_deals_usd_cents))
    if is_wide and not measures.unpaid_minor:
        add("owed", "unpaid", "none", style="text")
    gap = " " * (5 if is_wide else 3)
    for name in ("", "owed", "tier", "points", *(channel.source for channel in reversed(measures.channels))):
        pieces = [piece for piece in pieces if piece[0] != name]
        parts = _joined(pieces, gap)
        if sum(cells(text) for text, _ in parts) <= width:
            break
    return text_line(parts)


def _joined(pieces: Sequence[tuple[str, tuple[Part, ...]]], gap: str) -> list[Part]:
    parts: list[Part] = []
    for name, piece in pieces:
        parts.append((" " if not parts else ", " if name == "tier" else gap, "text"))
        parts.extend(piece)
    return parts


def tab_bar(page: CustomerPage, active: str, width: int) -> list[Part]:
    """Return the names of the tabs with their counts, the active one marked."""
    counts = {
        "3": len(page.open_deals),
        "4": page.profile.measures.purchases,
        "6": len(page.profile.people) + len(page.household),
        "7": page.source_rows,
    }
    full = sum(len(name) + len(str(counts.get(key, ""))) + 6 for key, name in TABS.items())
    gap, with_counts = ("   ", True) if width >= full else ("  ", width >= full - len(TABS))
    parts: list[Part] = [(" ", "text")]
    for key, name in TABS.items():
        count = f" {counts[key]}" if with_counts and key in counts else ""
        parts += [(key, "key"), (f" {name}{count}", "accent" if key == active else "text"), (gap, "text")]
    return parts


def foot(page: CustomerPage, shown: Shown, width: int) -> list[Line]:
    """Return where values come from, nurture, and what the timeline shows."""
    told = [
        f"{field.label} {brief(field)}"
        for field in page.profile.fields
        if field.field in _FOOT_FIELDS and (field.value or field.is_hidden)
    ]
    rows = [""]
    for text in told:
        if cells(rows[-1]) + cells(text) + 4 > width:
            rows.append("")
        rows[-1] += f" {text}  "
    return [
        *(text_line(row) for row in rows[:_FOOT_ROWS]),
        household_line(page) if page.household else text_line([(" nurture: ", "dim"), nurture_part(page)]),
        text_line([(" f shows: ", "dim"), (clean(shown_words(shown, page.kinds, page.codes)), "text")]),
    ]


def household_line(page: CustomerPage) -> Line:
    """Return who else lives there, and why that seems so."""
    told = "   ".join(f"{clean(mate.name)} ({', '.join(mate.why)})" for mate in page.household)
    return text_line([(" household: ", "dim"), (told, "text")])


def brief(field: ValueSource) -> str:
    """Return a field's source and what the others say in signs: `con = loy`, `con ! loy`."""
    if field.is_hidden:
        return "hidden"
    counted = Counter((one.relation, one.source) for one in field.others if one.relation is not Relation.MISSING)
    others = "".join(
        f" {relation.sign} {source}{f' x{count}' if count > 1 else ''}" for (relation, source), count in counted.items()
    )
    return f"{source_word(field)}{others}"


def other_words(field: ValueSource, *, is_short: bool = False) -> str:
    """Return what the other records say: `= loy`, `~ con +1 303 555 014`, `- loy has none`; short `! loy differs`."""
    told = []
    for other in field.others:
        if other.relation is Relation.SAME:
            told.append(f"= {other.source}")
        elif other.relation is Relation.MISSING:
            told.append(f"- {other.source} has none")
        else:
            told.append(f"{other.relation.sign} {other.source} {other.relation if is_short else other.value}")
    # An account of many people has many records that say the same.
    return "  ".join(f"{text} x{count}" if count > 1 else text for text, count in Counter(told).items())


def source_word(field: ValueSource) -> str:
    """Return where a value comes from in at most five cells."""
    return "(pin)" if field.source == "pin" else field.source


def nurture_part(page: CustomerPage) -> Part:
    """Return where nurture stands, in one line."""
    if not page.profile.is_corporate:
        return "not for individuals (corporate accounts only)", "dim"
    found = page.enrolment
    if found is None:
        return "not running", "text"
    step = next((step for step in found.steps if step.position == found.position), None)
    told = f"{show_enrolment(found.id)} {found.position}/{len(found.steps)}"
    due = f"{step.name}, {formats.day_full(step.due_on)}" if step is not None and step.due_on is not None else ""
    if found.hold:
        return f"{told} on hold: {clean(found.hold)} · {due}", "soon"
    return (f"! {told} {due}", "late") if found.late_working_days else (f"{told} {due}", "text")


def why_no_nurture(page: CustomerPage) -> str:
    """Return why there is nothing to pause."""
    if not page.profile.is_corporate:
        return not_corporate(page.profile.name)
    return f"{page.profile.name} is not in nurture"


def warnings(measures: Measures, open_cases: int, today: dt.date) -> list[Part]:
    """Return what needs a look before one calls."""
    found: list[Part] = []
    if measures.unpaid_minor:
        days = f", {formats.counted((today - measures.unpaid_since).days, 'day')}" if measures.unpaid_since else ""
        found.append((f"$! unpaid {formats.money(measures.unpaid_minor)}{days}", "late"))
    if open_cases:
        found.append((f"C{open_cases} {formats.counted(open_cases, 'open case')}", "soon"))
    return found


def shown_words(shown: Shown, known_kinds: Sequence[str], known_codes: Sequence[str]) -> str:
    """Return which kinds and sources the timeline shows."""
    if shown.is_all:
        return "all kinds, all sources"
    kinds = _chosen(shown.kinds, known_kinds, "kinds")
    return f"{kinds} · {_chosen(shown.sources, known_codes, 'sources')}"


def _chosen(chosen: frozenset[str] | None, known: Sequence[str], name: str) -> str:
    if chosen is None:
        return f"all {name}"
    left_out = [one for one in known if one not in chosen]
    if len(left_out) < len(chosen):
        return f"all {name} but {' '.join(left_out)}"
    return " ".join(one for one in known if one in chosen) or f"no {name}"


def copy_texts(profile: CustomerProfile, row_text: str) -> dict[str, str]:
    """Return what the copy menu offers: the row under the cursor, if it has a text, is the line."""
    shown = show_customer(profile.id)
    fields = {one.field: one.value for one in profile.fields if not one.is_hidden}
    values = {"id": shown, "kind": profile.kind, "name": profile.name, "owner": profile.owner or None, **fields}
    return {
        "i": shown,
        "n": profile.name,
        "e": profile.email,
        "p": profile.phone,
        "l": row_text or f"{shown}  {profile.name}  {', '.join(part for part in profile.address if part)}",
        "j": json.dumps(values, ensure_ascii=False),
    }
