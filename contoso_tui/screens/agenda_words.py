"""The agenda as rows: late, today, tomorrow, later, on hold; for the screen and for the board's pane. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from contoso_tui import formats
from contoso_tui.signs import TECH
from contoso_tui.text import cells, clean, cut, pad
from contoso_tui.widgets.list_view import Line, heading, line
from contoso_tui.widgets.rows import Part
from models.ids import show_customer, show_deal, show_enrolment
from models.nurture.records import Agenda, AgendaItem, DayCount

WIDE_FROM = 90
"""Cells of the list from which lateness is written out."""
ItemKey = tuple[str, int, int, dt.date]
"""What identifies a line over re-reads: kind, id of enrolment, deal or task, step and day.

A step that was done or snoozed is another line: the cursor stays where it was, on the next one.
"""
LATE, NURTURE, DEALS, TOMORROW, LATER, HELD = 1, 2, 3, 4, 5, 6
_FOLD = "fold"
_SIGN_CELLS, _SIGN_CELLS_WIDE = 9, 10
"""Room for `T? $! C1`: columns stay where they are whatever comes into view; only more signs than that move them."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the agenda; `number` is the key that goes there."""

    number: int
    name: str
    count: int
    items: tuple[AgendaItem, ...]
    note: str = ""


def key_of(item: AgendaItem) -> ItemKey:
    """Return what identifies a line."""
    found = {"nurture": item.enrolment_id, "deal": item.deal_id, "task": item.activity_id}[item.kind]
    return item.kind, found or 0, item.position or 0, item.due_on


def fold_key(number: int) -> ItemKey:
    """Return what identifies the head of a section that opens and closes."""
    return _FOLD, number, 0, dt.date.min


def fold_of(key: object) -> int:
    """Return the section whose head has this key, 0 for other rows."""
    return key[1] if isinstance(key, tuple) and key[0] == _FOLD else 0


def shown_id(item: AgendaItem) -> str:
    """Return the id that a user reads on a line."""
    if item.kind == "nurture" and item.enrolment_id is not None:
        return show_enrolment(item.enrolment_id)
    return show_deal(item.deal_id) if item.deal_id is not None else show_customer(item.customer_id)


def sections(agenda: Agenda) -> list[Section]:
    """Return the parts that list lines, in their order."""
    return [
        Section(LATE, "LATE", agenda.late_count, agenda.late),
        Section(NURTURE, "NURTURE TODAY", agenda.nurture_today_count, agenda.nurture_today, "corporate accounts"),
        Section(DEALS, "DEAL STEPS TODAY", agenda.deals_today_count, agenda.deals_today),
        Section(TOMORROW, "TOMORROW", agenda.tomorrow_count, agenda.tomorrow),
        Section(LATER, "LATER", agenda.later_count, agenda.later_items or ()),
        Section(HELD, "ON HOLD", agenda.on_hold_count, agenda.on_hold, "resumes by itself when the reason is gone"),
    ]


def rows(
    agenda: Agenda, width: int, height: int, opened: Collection[int], today: dt.date, text: str = ""
) -> list[Line]:
    """Return the lines of the agenda screen for a list of `width` x `height` cells.

    Tomorrow is one line where it would push other parts out of sight, unless its number is in `opened`; later days
    are one until they are opened. With `text`, only lines that hold it.
    """
    parts = sections(agenda)
    listed = sum(len(p.items) + 1 for p in parts if p.number != LATER and (p.items or p.number == LATE))
    room = room_for_signs([item for part in parts for item in part.items], width)
    folds = bool(agenda.tomorrow_count) and listed + 2 > height and TOMORROW not in opened and not text
    found: list[Line] = []
    for part in parts:
        items = [item for item in part.items if matches(item, text)]
        if part.number == LATER:
            if text:
                found += _days(part, items, len(items), agenda, today, width, room) if items else []
            else:
                found += _later(agenda, width, today, opened, with_tomorrow=folds)
                if LATER in opened:
                    found += _days(None, items, part.count, agenda, today, width, room)
            continue
        if part.number == TOMORROW and folds:
            continue
        if not items:
            if part.number == LATE and not text:
                found.append(_nothing_late(agenda))
            continue
        count = len(items) if text else part.count
        note = f"   {part.note}" if part.note else ""
        found.append(heading((_title(part, count), (note, "dim"))))
        found += [item_line(item, width, room) for item in items]
        if not text and part.count > len(part.items):
            found.append(heading(f"   +{part.count - len(part.items)} more", "dim"))
    return found


def _title(part: Section, count: int) -> Part:
    number = "" if part.number == HELD else f"{part.number} "
    return f" {number}{part.name} ({count})", "late" if part.number == LATE else "heading"


def matches(item: AgendaItem, text: str) -> bool:
    """Return whether every typed word stands in a line."""
    held = f"{item.customer} {item.text} {item.reason} {item.channel} {shown_id(item)}".casefold()
    return all(word in held for word in text.casefold().split())


def figures(today: dt.date, late: int, due: int, room: int) -> str:
    """Return the day and how much is due; where there is little room the year, then the day is left out."""
    counts = f"{late} late   {due} today "
    full = formats.day_full(today)
    dated = (f"{day}   {counts}" for day in (full, full.removesuffix(f" {today.year}")))
    return next((text for text in dated if cells(text) <= room), counts)


def _nothing_late(agenda: Agenda) -> Line:
    upcoming = (*agenda.nurture_today, *agenda.deals_today, *agenda.tomorrow)
    first = min(upcoming, key=lambda i: (i.due_on, i.minute is None, i.minute or 0), default=None)
    if first is None:
        return heading(((" Nothing late.", "good"),))
    when = formats.clock(first.minute) if first.minute is not None else first.text
    return heading(((" Nothing late.", "good"), (f" Next: {clean(first.customer)} {clean(when)}", "text")))


def _later(agenda: Agenda, width: int, today: dt.date, opened: Collection[int], *, with_tomorrow: bool) -> list[Line]:
    """Return the head of the later days, and of tomorrow where that is folded: a row on which the cursor can stand."""
    if not agenda.later_count and not with_tomorrow:
        return []
    head: list[Part] = []
    if with_tomorrow:
        head.append((f"{TOMORROW} TOMORROW ({agenda.tomorrow_count})   ", "heading"))
    if agenda.later_count:
        head.append((f"{LATER} LATER ({agenda.later_count})", "heading"))
    days = day_words(agenda.later, today)
    room = width - 1 - sum(cells(text) for text, _ in head) - 3
    if LATER not in opened and agenda.later_count:
        kept = len(days)
        while kept and cells("   ".join(days[:kept])) > room - (4 if kept < len(days) else 0):
            kept -= 1
        more = " …" if kept < len(days) else ""
        head.append(("   " + "   ".join(days[:kept]) + more if kept else "", "dim"))
    return [line(head, fold_key(LATER if agenda.later_count else TOMORROW))]


def _days(
    part: Section | None,
    items: Sequence[AgendaItem],
    count: int,
    agenda: Agenda,
    today: dt.date,
    width: int,
    sign_room: int,
) -> list[Line]:
    """Return the lines of later days, each day with its name; `part` names the section where no head stands above."""
    if agenda.later_items is None:
        return [heading("   Reading …", "dim")]
    found: list[Line] = [heading((_title(part, count),))] if part is not None else []
    names = {day.on: day.day_off for day in agenda.later}
    for on in dict.fromkeys(item.due_on for item in items):
        told = f"   {formats.day_card(on, today, is_wide=True)}" + (f"   {names[on]}" if names.get(on) else "")
        found.append(heading(told, "dim"))
        found += [item_line(item, width, sign_room) for item in items if item.due_on == on]
    if count > len(items):
        found.append(heading(f"   +{count - len(items)} more", "dim"))
    return found


def day_words(days: Sequence[DayCount], today: dt.date) -> list[str]:
    """Return later days with their counts, and holidays by name."""
    return [
        # Days without anything are listed only where they are holidays.
        f"{day.on:%a} {day.on.day} {day.due or 'holiday'}"
        for day in days
    ]


def _filled(words: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and cells(lines[-1]) + 3 + cells(word) <= width:
            lines[-1] += f"   {word}"
        else:
            lines.append(word)
    return lines


def item_line(item: AgendaItem, width: int, sign_room: int, *, lead: Part | None = None) -> Line:
    """Return one line: when, channel, who, step, what, id, signs; `sign_room` cells keep ids in one column.

    `lead` says when in words of its own.
    """
    is_wide = width >= WIDE_FROM
    first = lead or when(item, 10 if is_wide else 8, is_wide=is_wide)
    parts: list[Part] = [first, (pad(item.channel, 8), "text")]
    signs = sign_parts(item)
    room = width - 1 - cells(first[0]) - 8 - 6 - 7 - sign_room - 1
    name_room = max(min(room * 9 // 20, 30), 8)
    step = f"{item.position}/{item.of}" if item.position else ""
    parts += [
        (pad(cut(clean(item.customer), name_room), name_room), "text"),
        (f" {step:<3}  ", "dim"),
        (
            pad(cut(clean(item.hold or item.text), room - name_room - 1), room - name_room),
            "dim" if item.hold else "text",
        ),
        (pad(shown_id(item), 7), "dim"),
    ]
    for text, style in signs:
        parts += [(" ", "text"), (text, style)]
    return line(parts, key_of(item))


def room_for_signs(items: Iterable[AgendaItem], width: int) -> int:
    """Return how many cells a list of this width keeps for the signs of these lines."""
    least = _SIGN_CELLS_WIDE if width >= WIDE_FROM else _SIGN_CELLS
    return max(least, max((sign_cells(item) for item in items), default=0))


def sign_cells(item: AgendaItem) -> int:
    """Return how many cells a line's signs take, with the space before each."""
    return sum(cells(text) + 1 for text, _ in sign_parts(item))


def when(item: AgendaItem, width: int, *, is_wide: bool = False) -> Part:
    """Return lateness, time of day, or that any time will do."""
    if item.hold:
        return (pad("  hold", width), "soon")
    if item.late_working_days > 0:
        days = item.late_working_days
        text = f"! {formats.counted(days, 'day')}" if is_wide else f"! {days}d"
        return (pad(text, width), "late")
    text = formats.clock(item.minute) if item.minute is not None else "any"
    return (pad(f"  {text}" if is_wide else f" {text}", width), "text")


def sign_parts(item: AgendaItem) -> list[Part]:
    """Return the warning signs of a line in their fixed order."""
    found: list[Part] = []
    if item.tech in TECH:
        found.append(TECH[item.tech])
    if item.unpaid_minor > 0:
        found.append(("$!", "late"))
    if item.open_cases:
        urgent = item.has_high_case
        found.append((f"C{item.open_cases}{'!' if urgent else ''}", "late" if urgent else "soon"))
    if item.blocked:
        found.append(("x", "soon"))
    return found


# ---- the pane beside the board


def pane_rows(agenda: Agenda, width: int, today: dt.date) -> list[Line]:
    """Return the lines of the nurture pane, `width` cells wide."""
    found: list[Line] = []
    for name, count, items, style in (
        ("LATE", agenda.late_count, agenda.late, "late"),
        ("TODAY", agenda.nurture_today_count, agenda.nurture_today, "heading"),
        ("TOMORROW", agenda.tomorrow_count, agenda.tomorrow, "heading"),
    ):
        if count:
            found.append(heading(f" {name} ({count})", style))
            found += [pane_line(item) for item in items]
            if count > len(items):
                found.append(heading(f"   +{count - len(items)} more", "dim"))
    if agenda.later:
        found.append(heading(" NEXT DAYS"))
        found += [heading(f" {row}", "dim") for row in _filled(day_words(agenda.later[:8], today), width - 2)]
    if agenda.on_hold_count:
        found.append(heading(f" ON HOLD ({agenda.on_hold_count})"))
        found += [pane_line(item) for item in agenda.on_hold]
    if not found:
        found.append(heading(" Nothing to do: N on a customer starts", "dim"))
        found.append(heading(" nurture", "dim"))
    return found


def pane_line(item: AgendaItem) -> Line:
    """Return one line of the pane: when, channel, who; the step at the right, or why it is on hold."""
    if item.hold:
        right = sign_parts(item) or [("hold", "soon")]
        return line((("hold         ", "soon"), (clean(item.customer), "text")), key_of(item), right=right)
    step = f"{item.position}/{item.of}" if item.position else ""
    text, style = when(item, 6)
    parts = ((text if item.late_working_days else pad(text.removeprefix(" ").replace("any", ""), 6), style),)
    return line((*parts, (pad(item.channel, 7), "text"), (clean(item.customer), "text")), key_of(item), right=step)
