"""Sends the terminal only the cells that differ from what it shows. For the app; no screen knows of it.

Textual 8.2 sends every dirty line from its left edge on, and the colours of each piece anew. A picture of what
was sent, cell by cell, makes that a tenth. `LeanOutput` replaces one private method, `App._display`: textual is
held at 8.2, and `is_lean = False` gives back Textual's own output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from contoso_tui.bidi import START, isolate
from contoso_tui.compositor import PartsUpdate

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from textual import events
    from textual.app import App
    from textual.screen import Screen

    _App = App[Any]
else:
    _App = object

Cell = tuple[str, Style]
"""What a cell holds, with its combining characters; the second cell of a wide character holds ""."""
Span = tuple[int, int, list[Cell]]
"""Row, first column and the cells from there on."""
Codes = tuple[frozenset[str], str, str]
"""Attributes, colour and background as the numbers of an SGR sequence."""

_PLAIN = Style()
_RESET: Codes = (frozenset(), "", "")
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}
# Underline, reverse, strike.
_DRAWN_ON_SPACES = {"4", "7", "9"}
# To go on over this many cells that didn't change costs less than a jump.
_BRIDGE_CELLS = 5
# One letter of Latin, Greek, Cyrillic, Hebrew or Arabic, a sign of ours, Chinese, Japanese or Korean; or the second
# half of a wide one. Not emoji, marks that share a cell, or scripts whose vowels some terminals give a cell.
_CERTAIN = re.compile(
    "[ -~\u00a1-\u02ff\u0370-\u0482\u048a-\u058f\u05d0-\u05ea\u0620-\u064a"
    "\u2010-\u2027\u2500-\u259f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]?"
)


class Shadow:
    """What the terminal shows, as far as it is known."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Cell | None]] = {}

    def forget(self) -> None:
        """Take nothing for granted: the terminal was resized, or another program wrote to it."""
        self._rows.clear()

    def sequence(self, spans: Iterable[Span], color_system: ColorSystem) -> str:
        """Return what makes the terminal show `spans`, and remember that it does."""
        out: list[str] = []
        state = wanted = _RESET
        last_style: Style | None = None
        is_other = is_other_blank = False
        for y, x, cells in spans:
            known = self._rows.setdefault(y, [])
            if cells and cells[0][0].startswith(START):
                x, cells = _isolated_from_before(known, x, cells)
            end = x + len(cells)
            if len(known) < end:
                known.extend([None] * (end - len(known)))
            old = known[x:end]
            if old == cells:
                continue
            for first, last in _changes(old, cells):
                out.append(f"\x1b[{y + 1};{x + first + 1}H")
                is_doubtful = False
                for column, (text, style) in enumerate(cells[first:last], x + first + 1):
                    if is_doubtful and text:
                        out.append(f"\x1b[{column}G")
                        is_doubtful = False
                    if style is not last_style:
                        last_style = style
                        wanted = _codes(style, color_system)
                        is_other = wanted != state
                        is_other_blank = is_other and not _is_same_blank(state, wanted)
                    if is_other and (is_other_blank or text != " "):
                        out.append(_transition(state, wanted))
                        state = wanted
                        is_other = is_other_blank = False
                    out.append(text)
                    if text > "~" or len(text) > 1:
                        is_doubtful = _is_doubtful(text)
            known[x:end] = cells
        if state != _RESET:
            out.append("\x1b[m")
        return "".join(out)


class LeanOutput(_App):
    """Mixed into an App before `App`: all its output goes through a `Shadow`."""

    is_lean = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._shadow = Shadow()
        super().__init__(*args, **kwargs)

    def redraw(self) -> None:
        """Draw everything again, whatever the terminal is thought to show."""
        self._shadow.forget()
        self.refresh(layout=True)

    def on_mount(self) -> None:
        """Draw all when the program comes back from being suspended."""
        self.app_resume_signal.subscribe(self, lambda _: self.redraw(), immediate=True)

    def on_resize(self, event: events.Resize) -> None:
        """Terminals rearrange what they show when their size changes."""
        self._shadow.forget()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, LayoutUpdate | PartsUpdate) and self.is_lean:
            renderable = _LeanUpdate(renderable, self._shadow)
        elif renderable is not None:
            self._shadow.forget()
        super()._display(screen, renderable)


class _LeanUpdate(CompositorUpdate):
    """An update of Textual's compositor, sent through a shadow when it is written."""

    def __init__(self, update: LayoutUpdate | PartsUpdate, shadow: Shadow) -> None:
        self._update = update
        self._shadow = shadow

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        return self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """Return the sequences for what differs."""
        spans = _layout_spans(self._update) if isinstance(self._update, LayoutUpdate) else _part_spans(self._update)
        return self._shadow.sequence(spans, console._color_system or ColorSystem.TRUECOLOR)  # noqa: SLF001


def _layout_spans(update: LayoutUpdate) -> Iterator[Span]:
    for y, line in enumerate(update.strips, update.region.y):
        yield y, update.region.x, _cells(line)


def _part_spans(update: PartsUpdate) -> Iterator[Span]:
    for y, x, strip, left, right in update.parts:
        cells = _cells([strip])
        first, last = left - x, min(right - x, len(cells))
        # Half a wide character can't be sent.
        while first > 0 and not cells[first][0]:
            first -= 1
        while last < len(cells) and not cells[last][0]:
            last += 1
        yield y, x + first, cells[first:last]


def _cells(strips: Iterable[Strip]) -> list[Cell]:
    cells: list[Cell] = []
    for strip in strips:
        for text, style, control in strip:
            if control:
                continue
            piece = _piece(text, style or _PLAIN)
            if cells and piece and piece[0][0].startswith(START):
                _append(cells, START)
                cells.append(_without_start(piece[0]))
                piece = piece[1:]
            cells.extend(piece)
    return cells


@lru_cache(1024)
def _piece(text: str, style: Style) -> tuple[Cell, ...]:
    """Return the cells of a text; cached, for most of a screen is drawn again and again.

    A right-to-left text that begins it has its `START` before it, for want of a cell to hold that.
    """
    blank = (" ", _blank(style))
    if text.isascii():
        return tuple([blank if character == " " else (character, style) for character in text])
    cells: list[Cell] = []
    start = ""
    for character in isolate(text):
        width = get_character_cell_size(character)
        if width:
            cells.append(blank if character == " " else (start + character, style))
            cells.extend([("", style)] * (width - 1))
            start = ""
        elif cells:
            _append(cells, character)
        elif character == START:
            start = START
    return tuple(cells)


def _append(cells: list[Cell], sign: str) -> None:
    """Add a sign without a cell to the last character, where a terminal keeps it."""
    place = -1 if cells[-1][0] or len(cells) < 2 else -2
    cells[place] = (cells[place][0] + sign, cells[place][1])


def _without_start(cell: Cell) -> Cell:
    return cell[0].removeprefix(START), cell[1]


def _isolated_from_before(known: list[Cell | None], x: int, cells: list[Cell]) -> tuple[int, list[Cell]]:
    """Return a span that begins with an isolated text as one that begins a character earlier.

    Terminals keep the sign that starts it with the character before; at the left edge they drop it.
    """
    cells = [_without_start(cells[0]), *cells[1:]]
    last = known[x - 1] if 0 < x <= len(known) else None
    if last is None:
        return x, cells
    size = 1 if last[0] else 2
    before = [cell for cell in known[max(x - size, 0) : x] if cell is not None]
    if len(before) < size or not before[0][0]:
        return x, cells
    before[0] = (before[0][0].removesuffix(START) + START, before[0][1])
    return x - size, [*before, *cells]


def _changes(known: Sequence[Cell | None], cells: list[Cell]) -> Iterator[tuple[int, int]]:
    """Yield first and last + 1 of the runs of cells that have to be sent, short gaps bridged."""
    first: int | None = None
    last = 0
    for place, (old, cell) in enumerate(zip(known, cells, strict=True)):
        if old is cell or old == cell:
            continue
        if first is not None and place - last > _BRIDGE_CELLS:
            yield first, _whole(cells, last)
            first = None
        if first is None:
            first = place
            while first > 0 and not cells[first][0]:
                first -= 1
        last = place + 1
    if first is not None:
        yield first, _whole(cells, last)


def _whole(cells: list[Cell], last: int) -> int:
    """Return the end of a run, past the rest of a wide character and what a doubtful one may have overwritten."""
    while last < len(cells) and (not cells[last][0] or _is_doubtful(cells[last - 1][0])):
        last += 1
    return last


@lru_cache(4096)
def _is_doubtful(text: str) -> bool:
    """Return whether terminals may disagree about the cells this takes: the next one is then told its place."""
    return _CERTAIN.fullmatch(text) is None


@lru_cache(4096)
def _blank(style: Style) -> Style:
    """Return what of a style a space shows."""
    if style.reverse or style.underline or style.strike:
        return style
    return Style(bgcolor=style.bgcolor)


@lru_cache(4096)
def _codes(style: Style, color_system: ColorSystem) -> Codes:
    attributes: set[str] = set()
    color = background = ""
    numbers = iter(filter(None, Strip.render_ansi(style, color_system).split(";")))
    for number in numbers:
        value = int(number)
        if value in (38, 48):
            kind = next(numbers)
            number = ";".join((number, kind, *(next(numbers) for _ in range(3 if kind == "2" else 1))))
        if value == 38 or 30 <= value <= 37 or 90 <= value <= 97:
            color = number
        elif value == 48 or 40 <= value <= 47 or 100 <= value <= 107:
            background = number
        elif value not in (39, 49):
            attributes.add(number)
    return frozenset(attributes), color, background


def _is_same_blank(state: Codes, wanted: Codes) -> bool:
    """Return whether a space looks the same in both."""
    return state[2] == wanted[2] and _DRAWN_ON_SPACES.isdisjoint(state[0] | wanted[0])


@lru_cache(4096)
def _transition(state: Codes, wanted: Codes) -> str:
    """Return the shortest sequence known from one state of the terminal to another."""
    whole = [*sorted(wanted[0]), *filter(None, wanted[1:])]
    gone = state[0] - wanted[0]
    steps = [_OFF.get(attribute, "0") for attribute in sorted(gone)]
    if "0" in steps:
        return f"\x1b[{';'.join(['0', *whole])}m"
    # 22 ends bold and dim alike.
    steps += sorted(wanted[0] - state[0] | (wanted[0] & {"1", "2"} if "22" in steps else set()))
    if wanted[1] != state[1]:
        steps.append(wanted[1] or "39")
    if wanted[2] != state[2]:
        steps.append(wanted[2] or "49")
    changed, anew = ";".join(dict.fromkeys(steps)), ";".join(["", *whole])
    return f"\x1b[{min(changed, anew, key=len)}m"
