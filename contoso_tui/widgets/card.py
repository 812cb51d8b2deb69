"""A deal as the lines of a card: pure text with the names of styles. The board draws it.

Order of reading is fixed: who and how much / product, signs, age in stage / next step. Signs and
amount are never cut; the product gives way first, then the name.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from contoso_tui import formats
from contoso_tui.signs import LOWER_SCORE, TECH
from contoso_tui.text import cells, clean, cut, pad
from models.deals.records import DealCard, Outcome, TechState

Segment = tuple[str, str]
"""Text and the name of its style."""
Line = list[Segment]

WIDE_FROM = formats.SHORT_BELOW_CELLS
"""Cells from which a card has a gutter, a product and an age of its own."""
ROOMY_FROM = 24
"""Cells from which the age shows the stage's limit, dates their month, and amounts keep off the edge."""
_PLAIN_NAME_CELLS = 12
"""In a plain list the next step gives way before the name gets shorter than this."""
CURSOR_SIGN = "▌"
MARK_SIGN = "*"
CHANGED_SIGN = "^"
# What still waits for a consultant waits no more once the deal is closed.
_WAITING = frozenset({TechState.DUE, TechState.DRAFT, TechState.STALE, TechState.FAILED})
_CLOSED = {
    Outcome.WON: ("won", "good"),
    Outcome.WON_IMPORTED: ("won", "good"),
    Outcome.LOST: ("lost", "text"),
    Outcome.DISQUALIFIED: ("no fit", "text"),
}


class CardState(NamedTuple):
    """What the board, not the deal, knows of a card."""

    is_current: bool = False
    is_marked: bool = False
    is_changed: bool = False
    """Changed by someone else since it was looked at."""


PLAIN_STATE = CardState()


def card_lines(
    card: DealCard,
    width: int,
    today: dt.date,
    state: CardState = PLAIN_STATE,
    *,
    lines: int = 3,
    has_gutter: bool | None = None,
    limit_minor: int = formats.TECH_LIMIT_MINOR,
) -> list[Line]:
    """Return `lines` (1 to 3) lines, each exactly `width` cells.

    From `WIDE_FROM` cells on the first cell is the cursor's gutter. Below, there is one only with
    `has_gutter` (the cursor's column), and all that remains runs together. `limit_minor` is the
    tech-check limit in US cents, which amounts are never rounded across.
    """
    is_wide = width >= WIDE_FROM
    gutter = is_wide if has_gutter is None else has_gutter
    room = width - 1 if gutter else width
    body = _wide(card, room, today, state, lines, limit_minor) if is_wide else _narrow(card, room, today, state, lines)
    if state.is_current:
        body[0] = _highlighted(body[0])
    if not gutter:
        return body
    sign = (CURSOR_SIGN, "accent") if state.is_current else (" ", "text")
    return [[sign, *line] for line in body]


def plain_line(card: DealCard, width: int, today: dt.date, stage_number: int, state: CardState) -> Line:
    """Return one line for windows too small for columns: stage, who, signs, how much, when."""
    head: Line = [
        (CURSOR_SIGN, "accent") if state.is_current else (" ", "text"),
        (f"{stage_number} ", "dim"),
    ]
    tail: Line = [(" ", "text"), *signs(card), (" ", "text"), *_amount(card, True, width)]
    sign, style = step_sign(card, today, is_narrow=True)
    if width - length(head) - length(tail) - 9 >= _PLAIN_NAME_CELLS:
        tail += [(" ", "text"), (pad(sign.strip(), 8), style)]
    line = _fit([*head, *_name(card, state, max(width - length(head) - length(tail), 0)), *tail], width)
    return [line[0], *_highlighted(line[1:])] if state.is_current else line


def signs(card: DealCard) -> Line:
    """Return the warning signs of a deal in their fixed order, without spaces between."""
    found: Line = []
    tech = tech_sign(card)
    if tech is not None:
        found.append(tech)
    if card.unpaid_minor > 0:
        found.append(("$!", "late"))
    if card.open_cases:
        urgent = card.has_high_case
        found.append((f"C{card.open_cases}{'!' if urgent else ''}", "late" if urgent else "soon"))
    if card.score_drop and card.outcome is Outcome.OPEN:
        found.append((LOWER_SCORE, "soon"))
    return found


def tech_sign(card: DealCard) -> Segment | None:
    """Return the sign of the tech check; none where none is needed, or waits any more."""
    if card.tech in _WAITING and card.outcome is not Outcome.OPEN:
        return None
    return TECH.get(card.tech)


def step_sign(card: DealCard, today: dt.date, *, is_narrow: bool, is_roomy: bool = False, room: int = 99) -> Segment:
    """Return when the next step is due, late or missing, led by its sign; of a closed deal how it ended."""
    if card.outcome is not Outcome.OPEN:
        word, style = _CLOSED[card.outcome]
        on = f" {formats.day_short(card.closed_on, today)}" if card.closed_on is not None else ""
        return (f"{word}{on}" if is_narrow else f"  {word}{on}", style)
    if card.late_working_days > 0:
        late = f"{card.late_working_days}d"
        return (f"!late {late}" if is_narrow else f"! {late} late", "late")
    if not card.next_step and card.next_step_on is None:
        return ("-none" if is_narrow else "- no next step", "soon")
    if card.next_step_on is None:
        return (" undated" if is_narrow else "  Undated", "text")
    when = formats.day_card(card.next_step_on, today, is_wide=is_roomy)
    has_clock = card.next_step_minute is not None and (is_roomy or card.next_step_on == today)
    if has_clock and card.next_step_minute is not None:
        hour = " " + formats.clock(card.next_step_minute)
        # Of an hour cut in two nobody has anything.
        when += hour if len(when) + len(hour) < room else ""
    return ((" " if is_narrow else "  ") + when, "text")


def length(line: Line) -> int:
    """Count the cells of a line."""
    return sum(cells(text) for text, _ in line)


def shorten(text: str, width: int) -> str:
    """Cut to `width` cells without a space before the ellipsis."""
    if cells(text) <= width:
        return text
    return cut(text, width - 1, "").rstrip() + "…" if width > 1 else cut(text, width, "")


def _wide(card: DealCard, room: int, today: dt.date, state: CardState, lines: int, limit_minor: int) -> list[Line]:
    is_roomy = room + 1 >= ROOMY_FROM
    body = [_who_line(card, room, state, is_roomy, lines, limit_minor)]
    if lines == 2:
        body.append(_step_line(card, room, today, is_roomy, signs(card)))
    elif lines >= 3:
        body.append(_product_line(card, room, state, is_roomy))
        body.append(_step_line(card, room, today, is_roomy, []))
    return body


def _who_line(card: DealCard, room: int, state: CardState, is_roomy: bool, lines: int, limit_minor: int) -> Line:
    amount = _amount(card, False, room + 1, limit_minor)
    if is_roomy:
        amount.append((" ", "text"))
    before: Line = []
    if lines == 1:
        before = signs(card)
        if card.late_working_days > 0:
            before.insert(0, ("!", "late"))
        else:
            before = [*((text.strip(), style) for text, style in _step_mark(card)), *before]
    tail: Line = [(" ", "text"), *before, (" ", "text"), *amount] if before else [(" ", "text"), *amount]
    if room - length(tail) < 3:
        tail = [(" ", "text"), *before, *_amount(card, True, room + 1)]
    return _fit([*_name(card, state, room - length(tail)), *tail], room)


def _product_line(card: DealCard, room: int, state: CardState, is_roomy: bool) -> Line:
    age = _age(card, state, is_roomy)
    found = signs(card)
    what = clean(card.what)
    fixed = length(age) + 1
    spaced = _spaced(found)
    gap = 2 if is_roomy and found else 1
    product_room = room - fixed - length(spaced) - (gap if found else 0)
    if product_room < 4:
        spaced = found
        product_room = room - fixed - length(spaced) - (1 if found else 0)
        gap = 1
    product = shorten(what, product_room) if product_room >= 2 else ""
    line: Line = [(product, "dim")] if product else []
    filler = room - cells(product) - length(spaced) - length(age)
    if not spaced:
        return _fit([*line, (" " * filler, "text"), *age], room)
    left = gap if is_roomy and product else filler - 1
    return _fit([*line, (" " * left, "text"), *spaced, (" " * (filler - left), "text"), *age], room)


def _step_line(card: DealCard, room: int, today: dt.date, is_roomy: bool, tail: Line) -> Line:
    sign, style = step_sign(card, today, is_narrow=False, is_roomy=is_roomy)
    if tail:
        tail = [(" ", "text"), *tail]
    text_room = room - length(tail)
    gap = "  " if is_roomy else " "
    left = text_room - cells(sign) - len(gap)
    step = shorten(_said(card), left) if left >= 2 else ""
    if not step:
        return [(pad(sign, text_room), style), *tail]
    if style == "text":
        return [(pad(sign + gap + step, text_room), style), *tail]
    return [(sign, style), (pad(gap + step, text_room - cells(sign)), "text"), *tail]


def _said(card: DealCard) -> str:
    """Return the next step, or why the deal was lost."""
    return clean(card.next_step if card.outcome is Outcome.OPEN else card.lost_reason)


def _narrow(card: DealCard, room: int, today: dt.date, state: CardState, lines: int) -> list[Line]:
    amount = _amount(card, True, room)
    found = _spaced(signs(card))
    overflow: Line = []
    if length(amount) + 1 + length(found) > room:
        found = signs(card)
    # Signs are never cut: what has no place beside the amount goes up, and the name gives way.
    while found and length(amount) + 1 + length(found) > room:
        overflow.insert(0, found.pop())
    second = [*amount, (" ", "text"), *found] if found else amount
    name_room = room - length(overflow) - (1 if overflow else 0)
    first = _name(card, state, max(name_room, 0))
    if overflow:
        first = _fit([*first, (" ", "text"), *overflow], room)
    sign, style = step_sign(card, today, is_narrow=True, room=room - 1 if state.is_changed else room)
    if state.is_changed:
        third: Line = [(pad(sign, room - 1), style), (CHANGED_SIGN, "draft")]
    else:
        third = [(pad(sign, room), style)]
    if lines == 1:
        short = [(" ", "text"), *amount]
        return [_fit([*_name(card, state, room - length(short)), *short], room)]
    if lines == 2:
        return [first, _fit([*amount, *_step_mark(card), (" ", "text"), *found], room)]
    return [first, _fit(second, room), third]


def _step_mark(card: DealCard) -> Line:
    if card.outcome is not Outcome.OPEN:
        return []
    if card.late_working_days > 0:
        return [(" !", "late")]
    return [] if card.next_step or card.next_step_on else [(" -", "soon")]


def _name(card: DealCard, state: CardState, room: int) -> Line:
    name = clean(card.customer)
    if not state.is_marked or room < 1:
        return [(pad(shorten(name, room), max(room, 0)), "text")]
    return [(MARK_SIGN, "mark"), (pad(shorten(name, room - 1), max(room - 1, 0)), "text")]


def _amount(card: DealCard, is_short: bool, width: int, limit_minor: int = formats.TECH_LIMIT_MINOR) -> Line:
    if is_short:
        text = formats.money_short(card.amount_minor, card.currency)
    else:
        text = formats.money_card(card.amount_minor, card.currency, width=width, limit_minor=limit_minor)
    return [(text, "amount")]


def _age(card: DealCard, state: CardState, is_roomy: bool) -> Line:
    limit = card.stage_limit_days
    if card.outcome is not Outcome.OPEN:
        return [(CHANGED_SIGN, "draft") if state.is_changed else (" ", "text")]
    text = formats.age(card.stage_age_days, limit if is_roomy else None)
    is_over = limit is not None and card.stage_age_days > limit
    style = "dim"
    if is_over and limit is not None:
        style = "late" if card.stage_age_days >= 2 * limit else "soon"
        text += "!"
    line: Line = [(text, style)]
    if state.is_changed:
        line.append((CHANGED_SIGN, "draft"))
    elif not is_over:
        # The last cell is the place of `!` and `^`, so that ages stay in line.
        line.append((" ", "text"))
    return line


def _highlighted(line: Line) -> Line:
    """Return the cursor's line: warnings keep their colours, the rest is one piece."""
    joined: Line = []
    for text, style in line:
        if style in ("text", "dim", "amount", "mark"):
            style = "cursor"
        if joined and joined[-1][1] == style:
            text = joined.pop()[0] + text
        joined.append((text, style))
    return joined


def _spaced(found: Line) -> Line:
    line: Line = []
    for sign in found:
        if line:
            line.append((" ", "text"))
        line.append(sign)
    return line


def _fit(line: Line, room: int) -> Line:
    """Fill with spaces, or cut from the right, to exactly `room` cells."""
    missing = room - length(line)
    if missing >= 0:
        return [*line, (" " * missing, "text")] if missing else line
    fitted: Line = []
    left = room
    for text, style in line:
        text = cut(text, left, "") if cells(text) > left else text
        fitted.append((text, style))
        left -= cells(text)
    return [*fitted, (" " * left, "text")] if left else fitted
