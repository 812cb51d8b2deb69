"""Draws a part of the screen again from the rows that changed and the widgets that stand there, no others.

Textual 8.2 takes, for a partial update, the rows between the first and the last dirty one from every visible
widget and cuts each at the edges of all others; on a board that is two thirds of what a key costs. Here each dirty row
is filled from the front to the back until nothing of it is left. `Screen._compositor` and what is replaced of it
are private: textual is held at 8.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.control import Control
from textual import events
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.reactive import Reactive
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from textual.screen import Screen
    from textual.widget import Widget

    _Screen = Screen[Any]
else:
    _Screen = object

Span = tuple[int, int]
"""First cell of a row, and the one after the last."""


class Part(NamedTuple):
    """Cells `left` to `right` - 1 of screen row `y`, out of a widget's `strip` that begins at column `x`."""

    y: int
    x: int
    strip: Strip
    left: int
    right: int


class PartsUpdate(CompositorUpdate):
    """Parts of rows, from top to bottom, to be written as they are; no two of them overlap."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in self.parts:
            yield Control.move_to(part.left, part.y).segment
            yield from part.strip.crop(part.left - part.x, part.right - part.x)

    def render_segments(self, console: Console) -> str:
        """Return the sequences that write every part."""
        return "".join(
            Control.move_to(part.left, part.y).segment.text
            + part.strip.crop(part.left - part.x, part.right - part.x).render(console)
            for part in self.parts
        )


class LeanCompositor(Compositor):
    """A compositor whose partial updates ask only the widgets on dirty rows for these rows."""

    def render_partial_update(self) -> PartsUpdate | None:  # type: ignore[override]
        """Return what to write for the dirty regions, whole from the first dirty cell of a row to the last."""
        missing = _row_spans(self._dirty_regions, self.size.region)
        self._dirty_regions.clear()
        parts: list[Part] = []
        for widget, (region, clip) in self.visible_widgets.items():
            if not missing:
                break
            shown = region.intersection(clip)
            rows = [
                y
                for y, spans in missing.items()
                if shown.y <= y < shown.bottom and any(left < shown.right and shown.x < right for left, right in spans)
            ]
            if not rows:
                continue
            # One call for all rows: what a widget looks up for each is more than its remembered lines cost.
            crop = Region(shown.x - region.x, rows[0] - region.y, shown.width, rows[-1] - rows[0] + 1)
            strips = widget.render_lines(crop)
            for y in rows:
                missing[y] = _take(missing[y], y, shown, strips[y - rows[0]], parts)
            missing = {y: spans for y, spans in missing.items() if spans}
        return PartsUpdate(sorted(parts, key=_place)) if parts else None


class LeanScreen(_Screen):
    """Mixed into a screen before `Screen`: it repaints no more than what changed."""

    # Textual repaints the whole screen at each change of focus: 26 to 55 kB on a board.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compositor = LeanCompositor()

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; what a key changed is drawn at once."""
        await super().on_event(event)
        if isinstance(event, events.Key):
            self._paint_now()

    def _paint_now(self) -> None:
        """Draw what a key has changed before anything else is done.

        Textual draws when every message that follows from the key is through and its clock ticks: a fifth of the
        key's time. Left to it are keys that others wait behind, and all that moves widgets.
        """
        changed = {widget for widget in self._compositor.visible_widgets if widget._repaint_required}  # noqa: SLF001
        is_last: bool = self._message_queue.empty() and self.app._message_queue.empty()  # noqa: SLF001
        if changed and self not in changed and is_last and not any(_moves(widget) for widget in (self, *changed)):
            for widget in changed:
                widget._repaint_required = False  # noqa: SLF001
            self._dirty_widgets |= changed
            self._on_timer_update()


def _moves(widget: Widget) -> bool:
    """Return whether more of a widget is to change than what it shows."""
    return widget._layout_required or widget._scroll_required or widget._refresh_styles_required  # noqa: SLF001


def _row_spans(regions: set[Region], screen: Region) -> dict[int, list[Span]]:
    """Return for each dirty row of the screen, from the top, its first dirty cell and the one after its last."""
    spans: dict[int, Span] = {}
    for region in regions:
        left, y, width, height = region.intersection(screen)
        for row in range(y, y + height if width else y):
            first, last = spans.get(row, (left, left))
            spans[row] = min(first, left), max(last, left + width)
    return {y: [spans[y]] for y in sorted(spans)}


def _take(spans: list[Span], y: int, shown: Region, strip: Strip, parts: list[Part]) -> list[Span]:
    """Add what a widget shows of the spans to `parts`; return what of them it leaves open."""
    still: list[Span] = []
    for left, right in spans:
        first, last = max(left, shown.x), min(right, shown.right)
        if first >= last:
            still.append((left, right))
            continue
        parts.append(Part(y, shown.x, strip, first, last))
        if left < first:
            still.append((left, first))
        if last < right:
            still.append((last, right))
    return still


def _place(part: Part) -> tuple[int, int]:
    return part.y, part.left
