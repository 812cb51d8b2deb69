"""The board as rows of text with names of styles: composes cards and headings for a layout. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from contoso_tui import formats
from contoso_tui.text import pad
from contoso_tui.widgets import board_heading as heading
from contoso_tui.widgets.board_layout import BoardLayout, Box, Shape
from contoso_tui.widgets.board_model import BoardModel
from contoso_tui.widgets.card import CardState, Line, card_lines, plain_line, shorten

LINES_KEPT = 1024


class Spacing(NamedTuple):
    """How cards follow each other in a column."""

    pitch: int
    """Rows from one card to the next."""
    page: int
    """Cards that fit above the line that counts the rest."""
    full: int
    """Cards that fit when no such line is needed."""


def spacing(shape: Shape, rows: int, lines: int) -> Spacing:
    """Return how cards of `lines` lines stand in `rows` rows.

    An accordion's wide column counts the rest in its heading and leaves no row empty.
    """
    if shape is Shape.ACTIVE:
        fitting = max(rows // lines, 1)
        return Spacing(lines, fitting, fitting)
    gap = 1 if lines > 1 else 0
    pitch = lines + gap
    return Spacing(pitch, max((rows - 1) // pitch, 1), max((rows + gap) // pitch, 1))


class BoardPicture:
    """Draws a `BoardModel`; remembers the lines of cards that didn't change."""

    def __init__(self, today: dt.date, lines: int = 3, limit_minor: int = formats.TECH_LIMIT_MINOR) -> None:
        self.today = today
        self.lines = lines
        self.limit_minor = limit_minor
        self.empty_text = ""
        """Shown instead of cards when the view has no deal at all."""
        self._kept: dict[tuple[int, int, bool, CardState], tuple[object, list[Line]]] = {}

    def renew(self, today: dt.date, lines: int) -> None:
        """Draw for another day or with other cards."""
        self.today = today
        self.lines = lines
        self._kept.clear()

    def rows(self, model: BoardModel, layout: BoardLayout, plain_top: int = 0) -> list[Line]:
        """Return every row of the board, each exactly as wide as the layout."""
        if layout.is_plain:
            return self._plain(model, layout, plain_top)
        columns = [self._column(model, layout, box) for box in layout.boxes]
        rows: list[Line] = []
        if layout.has_frame:
            rows.append(heading.rule(layout, "top", model.column))
        rule_at = layout.heading_rows
        for number in range(rule_at + layout.body_rows):
            if number == rule_at:
                rows.append(heading.rule(layout, "heading", model.column))
            rows.append(_join(columns, number, layout))
        if layout.body_rows == 0:
            rows.append(heading.rule(layout, "heading", model.column))
        if layout.has_frame:
            rows.append(heading.rule(layout, "bottom", model.column))
        if not model.deals and self.empty_text:
            text = pad("  " + shorten(self.empty_text, layout.width - 3), layout.width)
            rows[layout.body_top + 1] = [(text, "dim")]
        return rows

    def _column(self, model: BoardModel, layout: BoardLayout, box: Box) -> list[Line]:
        """Return heading and body of a column, without the rule between them."""
        blank: Line = [(" " * box.width, "text")]
        height = layout.heading_rows + layout.body_rows
        if box.shape is Shape.FOLDED:
            lines = self._folded(model, layout, box)
        else:
            index = box.columns[0]
            column = model.columns[index]
            space = spacing(box.shape, layout.body_rows, self.lines)
            hidden = max(column.count - column.top - column.visible(space.page, space.full), 0)
            lines = heading.heading_lines(
                index + 1,
                column.stage,
                column.total,
                box.width,
                is_active=index == model.column,
                shape=box.shape,
                rows=layout.heading_rows,
                hidden_below=hidden,
            )
            lines.extend(self._body(model, box, index, space, layout.body_rows, hidden))
        lines.extend([blank] * (height - len(lines)))
        return lines[:height]

    def _body(self, model: BoardModel, box: Box, index: int, space: Spacing, rows: int, hidden: int) -> Iterator[Line]:
        column = model.columns[index]
        blank: Line = [(" " * box.width, "text")]
        if not column.count:
            yield [(pad(shorten(" No deals", box.width), box.width), "dim")]
            return
        shown = column.visible(space.page, space.full)
        for row in range(column.top, column.top + shown):
            yield from self._card(model, box, index, row)
            for _ in range(space.pitch - self.lines):
                yield blank
        if hidden and box.shape is not Shape.ACTIVE and shown * space.pitch < rows:
            yield heading.foot_line(hidden, box.width)

    def _card(self, model: BoardModel, box: Box, index: int, row: int) -> list[Line]:
        deal_id = model.id_at(index, row)
        card = model.card(deal_id)
        is_current = index == model.column and row == model.columns[index].row
        if card is None:
            sign = "▌…" if is_current else " …"
            empty: Line = [(" " * box.width, "text")]
            return [[(pad(sign, box.width), "dim")], *[empty] * (self.lines - 1)]
        state = CardState(is_current, card.id in model.marks, card.id in model.changed)
        has_gutter = box.shape is not Shape.NARROW
        key = (card.id, box.width, has_gutter, state)
        kept = self._kept.get(key)
        if kept is not None and kept[0] is card:
            return kept[1]
        lines = card_lines(
            card,
            box.width,
            self.today,
            state,
            lines=self.lines,
            has_gutter=has_gutter,
            limit_minor=self.limit_minor,
        )
        if len(self._kept) >= LINES_KEPT:
            self._kept.clear()
        self._kept[key] = (card, lines)
        return lines

    def _folded(self, model: BoardModel, layout: BoardLayout, box: Box) -> list[Line]:
        columns = [model.columns[index] for index in box.columns]
        names = [f"{index + 1} {model.columns[index].stage.name}" for index in box.columns]
        counts: list[int | None] = [column.total.deals if column.total else column.count for column in columns]
        lines = heading.folded_lines(names, counts, box.width, heading.place_of(box, model.column))
        if len(lines) == 1 and columns[0].total is not None:
            amount = formats.money_short(columns[0].total.amount_usd_cents)
            return [*lines, [(pad(amount, box.width), "dim")]]
        if len(lines) <= layout.heading_rows:
            return lines
        blank: Line = [(" " * box.width, "text")]
        span = f"{box.columns[0] + 1}-{box.columns[-1] + 1}"
        first: Line = [(pad(span, box.width), "heading")]
        return [first, *[blank] * (layout.heading_rows - 1), *lines]

    def _plain(self, model: BoardModel, layout: BoardLayout, top: int) -> list[Line]:
        blank: Line = [(" " * layout.width, "text")]
        rows: list[Line] = []
        current = model.flat(model.column, model.active.row) if model.deals else -1
        for flat in range(top, min(top + layout.height, model.deals)):
            index, row = model.unflat(flat)
            card = model.card(model.id_at(index, row))
            if card is None:
                rows.append([(pad(("▌" if flat == current else " ") + "…", layout.width), "dim")])
                continue
            state = CardState(flat == current, card.id in model.marks, card.id in model.changed)
            rows.append(plain_line(card, layout.width, self.today, index + 1, state))
        if not rows and layout.height:
            rows.append([(pad(self.empty_text or "No deals", layout.width), "dim")])
        rows.extend([blank] * (layout.height - len(rows)))
        return rows


def _join(columns: list[list[Line]], number: int, layout: BoardLayout) -> Line:
    """Return one row: a line of each column with separators between."""
    row: Line = []
    for box, lines in zip(layout.boxes, columns, strict=True):
        row.extend(lines[number])
        if box.right < layout.width:
            row.append((heading.SEPARATOR, "line"))
    return row
