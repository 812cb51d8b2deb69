"""The first board, written before Textual is imported: importing it takes longer than reading the deals.

It is what the board's screen draws a moment later, from the same pure parts; the terminal is in its second screen
already when Textual asks for that. Keys typed meanwhile wait for the app.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

from rich.color import ColorSystem
from rich.style import Style

from contoso_tui import pane_choice, themes
from contoso_tui.bidi import isolate
from contoso_tui.keymap import KeyMap, key_row
from contoso_tui.screens import board_words, deal_reasons
from contoso_tui.screens.board_source import BoardStart, views_of
from contoso_tui.takeover import ENTER, hold
from contoso_tui.text import cells, cut, to_ascii_glyphs
from contoso_tui.widgets.board_layout import layout
from contoso_tui.widgets.board_model import BoardModel
from contoso_tui.widgets.board_picture import BoardPicture
from contoso_tui.widgets.board_view import BoardView

if TYPE_CHECKING:
    from contoso_tui.host import Settings
    from contoso_tui.widgets.card import Line
    from models.people.records import Actor


def paint(
    start: BoardStart, settings: Settings, actor: Actor, now: dt.datetime, keymap: KeyMap, pane: str, out: TextIO
) -> None:
    """Write the first board for the size of the terminal that `out` is; nothing if it doesn't tell its size."""
    width, height = os.get_terminal_size(out.fileno())
    if not width or not height:
        return
    rows = compose(start, settings, actor, now, keymap, pane, (width, height))
    styles = themes.palette(themes.choose(settings.theme, is_low=settings.low_bandwidth))
    system = _colour_system()
    text = "\r\n".join("".join(_ansi(piece, styles.get(name), system) for piece, name in row) for row in rows)
    hold(out)
    out.write(ENTER + (to_ascii_glyphs(text) if settings.ascii_glyphs else isolate(text)))
    out.flush()


def compose(
    start: BoardStart,
    settings: Settings,
    actor: Actor,
    now: dt.datetime,
    keymap: KeyMap,
    pane: str,
    size: tuple[int, int],
) -> list[Line]:
    """Return every row of a terminal of `size` (cells, rows) as texts with the names of their styles; no pane."""
    width, height = size
    today = now.astimezone(ZoneInfo(settings.zone)).date()
    is_wide = width >= pane_choice.WIDE_FROM
    has_pane = is_wide and pane != "off"
    board_width = width - (pane_choice.cells(width) if has_pane else 0)
    board_height = height - (5 if is_wide else 3)
    named = views_of(actor, start.rules, settings.board_sort)[start.view_index]
    stages = start.rules.stages(named.view.pipeline)
    model = BoardModel(stages)
    model.take_first(start.window)
    model.go(next((index for index, column in enumerate(model.columns) if column.count), 0), 0)
    view = BoardView(
        model, layout(board_width, board_height, len(stages), model.column, has_pane=has_pane), settings.card_lines
    )
    view.scroll()
    picture = BoardPicture(today, settings.card_lines, start.rules.tech_check_limit_usd_cents)
    board = [_fit(row, width) for row in picture.rows(model, view.layout)]
    name = named.name
    head: Line = [(" CONTOSO  ", "title"), (f"{settings.banner}  " if settings.banner else "", "heading")]
    head += [("Board  ", "heading"), (name, "text")]
    room = width - sum(cells(text) for text, _ in head) - 1
    totals = start.window.totals if named.view.outcome == "open" else None
    figures = board_words.figures(actor.login, totals, None, start.quota, today, room)
    card = model.card(model.current_id)
    leaves = "" if card is None else next((stage.name for stage in stages[:-1] if stage.id == card.stage), "")

    def is_here(command_id: str) -> bool:
        if card is None:
            return True
        reason = deal_reasons.why_not(command_id, card, actor, keymap, leaves)
        return deal_reasons.is_offered(command_id, reason)

    keys: Line = []
    for key, label in key_row(keymap, "board", width, is_here=is_here):
        keys += [("  " if keys else "", "text"), (key, "key"), (f" {label}", "text")]
    detail = board_words.detail(card, picture.limit_minor, today, width, is_wide=is_wide)
    blank: Line = [(" " * width, "text")]
    below = [_fit(detail, width), _fit(keys, width)]
    if is_wide:
        return [_fit(head, width, figures), blank, *board, blank, *below]
    return [_fit(head, width, figures), *board, *below]


def _fit(row: Line, width: int, right: str = "") -> Line:
    # As `Row` does: one cell stays free before what keeps its place at the right.
    room = width - cells(right) - (1 if right else 0)
    fitted: Line = []
    for text, name in row:
        text = cut(text, room)
        room -= cells(text)
        fitted.append((text, name))
    return [*fitted, (" " * (room + (1 if right else 0)), "text"), (right, "dim")]


def _ansi(text: str, style: Style | None, system: ColorSystem | None) -> str:
    return style.render(text, color_system=system) if style is not None and text else text


def _colour_system() -> ColorSystem | None:
    """Return how many colours the terminal shows, as Textual will judge it."""
    if os.environ.get("NO_COLOR"):
        return ColorSystem.STANDARD
    if os.environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    return ColorSystem.EIGHT_BIT if "256" in os.environ.get("TERM", "") else ColorSystem.STANDARD
