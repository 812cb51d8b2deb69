"""Headings, rules and foot lines of the board's columns as text with names of styles. Pure."""

from __future__ import annotations

from contoso_tui import formats
from contoso_tui.text import cells, clean, pad
from contoso_tui.widgets.board_layout import BoardLayout, Box, Shape
from contoso_tui.widgets.card import CURSOR_SIGN, Line, shorten
from models.deals.records import Stage, StageTotal

SEPARATOR = "│"
# Joint between columns, joint at the pane's edge, line under the cursor's column.
_RULES = {"top": ("┬", "┬", "─"), "heading": ("┼", "┤", "━"), "bottom": ("┴", "┴", "─")}


def heading_lines(
    number: int,
    stage: Stage,
    total: StageTotal | None,
    width: int,
    *,
    is_active: bool,
    shape: Shape,
    rows: int,
    hidden_below: int = 0,
) -> list[Line]:
    """Return `rows` (2 or 3) lines of exactly `width` cells: number, name, count, sum and the like.

    `number` is the key that goes to the column, `hidden_below` how many deals don't fit (an
    accordion's wide column says so here). Sums are in US dollars, ages in calendar days.
    """
    name = f"{number} {clean(stage.name)}"
    if rows >= 3:
        return _tall(name, stage, total, width, is_active)
    sign = CURSOR_SIGN if is_active else ""
    first = [(pad(shorten(sign + name, width), width), _name_style(is_active))]
    if total is None:
        return [first, [(" " * width, "text")]]
    amount = formats.money_short(total.amount_usd_cents)
    if width < 20:
        return [first, [(pad(_count_and_sum(total, width), width), "dim")]]
    parts = [" " * (total.deals < 10) + formats.counted(total.deals, "deal"), amount]
    end = f"+{hidden_below}" if hidden_below and shape is Shape.ACTIVE else ""
    mean = f"avg {formats.age(total.mean_age_days)}" if stage.age_limit_days is None else _mean(stage, total)
    if total.deals and not total.is_closed and len("  ".join([*parts, mean])) + (len(end) + 2 if end else 0) <= width:
        parts.append(mean)
    text = "  ".join(parts)
    gap = width - len(text) - len(end)
    return [first, [(pad(text + " " * gap + end, width), "dim")]]


def folded_lines(names: list[str], counts: list[int | None], width: int, active: int | None) -> list[Line]:
    """Return one line for each folded column: `2 Develop +12`; the count is never cut.

    `active` is the place of the cursor's column among them, if it is one of them.
    """
    lines: list[Line] = []
    for place, (name, count) in enumerate(zip(names, counts, strict=True)):
        tail = f" +{formats.count_short(count)}" if count else ""
        sign = CURSOR_SIGN if place == active else ""
        text = shorten(sign + clean(name), width - len(tail)) + tail
        lines.append([(pad(text, width), _name_style(place == active))])
    return lines


def rule(layout: BoardLayout, kind: str, active: int) -> Line:
    """Return the line above (`top`), under (`bottom`) or between headings and cards (`heading`).

    The cursor's column `active` has a heavy line under its heading.
    """
    joint, edge, heavy = _RULES[kind]
    line: Line = []
    for box in layout.boxes:
        is_active = kind == "heading" and active in box.columns
        line.append(((heavy if is_active else "─") * box.width, "accent" if is_active else "line"))
        if box.right < layout.width:
            line.append((edge if box is layout.boxes[-1] else joint, "line"))
    return line


def foot_line(hidden: int, width: int) -> Line:
    """Return the line after the last card that fits: `+8 more`, with its key where there is room."""
    text = f"+{hidden} more" + ("  G" if width >= 16 else "")
    return [(pad(text, width), "dim")]


def place_of(box: Box, active: int) -> int | None:
    """Return the place of the cursor's column in a box, None if it isn't there."""
    return box.columns.index(active) if active in box.columns else None


def _tall(name: str, stage: Stage, total: StageTotal | None, width: int, is_active: bool) -> list[Line]:
    sign = CURSOR_SIGN if is_active else ""
    blank: Line = [(" " * width, "text")]
    if total is None:
        return [[(pad(shorten(sign + name, width), width), _name_style(is_active))], blank, blank]
    inner = width - 1
    count = str(total.deals)
    first = _ends(sign + name, count, inner)
    amount = formats.money_short(total.amount_usd_cents)
    weighted = "" if total.is_closed else f"wtd {formats.money_short(total.weighted_usd_cents)}"
    second = _ends(amount, weighted, inner)
    over = f"{total.over_age} over" if total.over_age else ""
    third = _ends(_mean(stage, total) if total.deals and not total.is_closed else "", over, inner)
    return [
        [(first + " ", _name_style(is_active))],
        [(second + " ", "dim")],
        [(third + " ", "dim")],
    ]


def _count_and_sum(total: StageTotal, width: int) -> str:
    count, amount = formats.count_short(total.deals), formats.money_short(total.amount_usd_cents)
    text = f"{count:>3} {amount:>5}"
    return text if len(text) <= width else f"{count} {amount}"


def _mean(stage: Stage, total: StageTotal) -> str:
    limit = "" if stage.age_limit_days is None else f"/{stage.age_limit_days}"
    return f"avg {total.mean_age_days}{limit}d"


def _ends(left: str, right: str, width: int) -> str:
    """Put two texts at the ends of `width` cells; the left one gives way."""
    room = width - cells(right) - (1 if right else 0)
    return pad(shorten(left, room), width - cells(right)) + right


def _name_style(is_active: bool) -> str:
    return "accent" if is_active else "heading"
