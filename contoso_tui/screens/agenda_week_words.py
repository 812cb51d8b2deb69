"""Seven days of the agenda as rows: what is late, then each day's steps by start, with how long they take. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from contoso_tui import formats
from contoso_tui.screens import agenda_words
from contoso_tui.text import clean, pad
from contoso_tui.widgets.list_view import Line, heading
from contoso_tui.widgets.rows import Part
from models.nurture.records import AgendaItem
from models.nurture.week import Week, WeekDay

_START_CELLS, _START_CELLS_WIDE = 13, 15
"""Room for `! 12d`, or `09:30 1h30` and a space on both sides."""


def items_of(week: Week) -> list[AgendaItem]:
    """Return all lines of a week in their order."""
    return [*week.late, *(item for day in week.days for item in day.items)]


def rows(week: Week, width: int, text: str = "") -> list[Line]:
    """Return the lines of a week for a list of `width` cells; with `text`, only lines that hold it."""
    sign_room = agenda_words.room_for_signs(items_of(week), width)
    found: list[Line] = []
    late = [item for item in week.late if agenda_words.matches(item, text)]
    if late:
        found.append(heading(((f" LATE ({len(late) if text else week.late_count})", "late"),)))
        found += _lines(late, width, sign_room, 0 if text else week.late_count)
    for number, day in enumerate(week.days, 1):
        items = [item for item in day.items if agenda_words.matches(item, text)]
        if text and not items:
            continue
        found.append(_head(number, day, len(items) if text else day.due))
        found += _lines(items, width, sign_room, 0 if text else day.due)
    return found


def _lines(items: Sequence[AgendaItem], width: int, sign_room: int, count: int) -> list[Line]:
    lines = [agenda_words.item_line(item, width, sign_room, lead=_start(item, width)) for item in items]
    return [*lines, heading(f"   +{count - len(items)} more", "dim")] if count > len(items) else lines


def _head(number: int, day: WeekDay, count: int) -> Line:
    name = formats.day_full(day.on).removesuffix(f" {day.on.year}")
    parts: list[Part] = [(f" {number} {name}", "heading" if count else "dim")]
    if count:
        parts.append((f" ({count})", "heading"))
    if day.minutes:
        parts.append((f"   {formats.length(day.minutes)} planned", "dim"))
    if day.day_off or not count:
        parts.append((f"   {clean(day.day_off) or 'nothing planned'}", "dim"))
    return heading(parts)


def _start(item: AgendaItem, width: int) -> Part:
    """Return lateness, or start and length: ` 09:30 1h30`, ` any   45m`."""
    is_wide = width >= agenda_words.WIDE_FROM
    room = _START_CELLS_WIDE if is_wide else _START_CELLS
    if item.late_working_days:
        return agenda_words.when(item, room, is_wide=is_wide)
    start = formats.clock(item.minute) if item.minute is not None else "any"
    length = formats.length(item.minutes) if item.minutes else ""
    return pad(f"{'  ' if is_wide else ' '}{start:<5} {length}", room), "text"
