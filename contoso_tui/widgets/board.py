"""The board: one widget that draws all columns and keeps its own cursor.

It has no keys. Its screen binds them and calls the plain methods here, says what to show by
`show()`, and listens to `Board.Highlighted`, `Board.Opened`, `Board.Dropped`, `Board.Loaded` and `Board.ReadFailed`.
Every key moves the cursor at once; cards that aren't in memory yet are drawn when they arrive.
After each change the rows are composed anew and only those that differ are repainted.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial

from rich.segment import Segment
from rich.style import Style
from textual.events import Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.worker import Worker

from contoso_tui import formats
from contoso_tui.widgets.board_cursor import BoardCursor
from contoso_tui.widgets.board_layout import layout
from contoso_tui.widgets.board_model import BoardModel, BoardSource, FirstWindow
from contoso_tui.widgets.board_picture import BoardPicture
from contoso_tui.widgets.board_reader import BoardReader
from contoso_tui.widgets.board_view import BoardView
from contoso_tui.widgets.card import Line
from models.deals.records import DealCard, Stage
from models.errors import ContosoError

FIRST_ROWS = 24
"""Cards of a column read at least for a first board: more than a window shows of most."""
AHEAD_AFTER_SECONDS = 0.03
"""Cards beyond those in view are read this long after a key."""
REST_AFTER_SECONDS = 0.3
"""What isn't in view waits this long on a board that was read beforehand: the first keys come before it."""


# Group of the workers that read cards.
_CARDS = "board-cards"


class Board(BoardCursor):
    """Deals in columns, one for each stage; the module says how a screen uses it."""

    DEFAULT_CSS = "Board { width: 1fr; height: 1fr; }"

    class Highlighted(Message):
        """The cursor stands on another deal, or its deal changed; `card` is None where there is none."""

        def __init__(self, card: DealCard | None) -> None:
            self.card = card
            super().__init__()

    class Loaded(Message):
        """All that `show()`, `reload()` or `refresh_deals()` asked for has been taken in."""

    class ReadFailed(Message):
        """The source could not read; what was shown stays."""

        def __init__(self, error: ContosoError) -> None:
            self.error = error
            super().__init__()

    def __init__(
        self,
        stages: Sequence[Stage],
        *,
        today: dt.date,
        styles: Mapping[str, Style] | None = None,
        card_lines: int = 3,
        limit_minor: int = formats.TECH_LIMIT_MINOR,
        id: str | None = None,
    ) -> None:
        """Make an empty board.

        Args:
            stages: The pipeline's stages in order, one to nine.
            today: The day that `Today` refers to; `set_today` renews it.
            styles: accent, late, soon, good, draft, dim, amount, text, heading, line, mark, cursor.
            card_lines: Lines of a card, 1 to 3.
            limit_minor: The tech-check limit in US cents; amounts are never rounded across it.
            id: The widget's id.
        """
        model = BoardModel(stages)
        super().__init__(model, BoardView(model, layout(0, 0, len(stages), 0), card_lines), id)
        self._picture = BoardPicture(today, card_lines, limit_minor)
        self._style_of = _complete(styles or {})
        self._has_pane = False
        self._reader: BoardReader | None = None
        self._reading: object | None = None
        """Stands for the worker that reads cards; one whose stand-in is gone tells nothing any more."""
        self._rows: list[Line] = []
        self._strips: dict[int, Strip] = {}
        """Rows as Textual draws them, as long as they stand."""
        self._painted_width = 0
        self._told: DealCard | None = None

    # What is shown

    def show(
        self, source: BoardSource, *, first: FirstWindow | None = None, keep_id: int | None = None
    ) -> Worker[None]:
        """Show another view; the cursor goes to deal `keep_id` if the view has it.

        With `first`, read beforehand, the board is drawn at once. The worker's `wait()` waits for the
        rest; `Loaded` follows it.
        """
        reader = self._reader = BoardReader(self.model, source, self._in_view)
        self.workers.cancel_group(self, _CARDS)
        self._reading = None
        if first is not None:
            reader.take_first(first)
            self._settle(keep_id)
        return self.run_worker(
            self._report(partial(self._show, reader, first, keep_id)), group="board-show", exclusive=True
        )

    def reload(self, keep_id: int | None = None) -> Worker[None]:
        """Read order, figures and cards again; the cursor stays on its deal, or goes to `keep_id`."""
        return self.run_worker(self._report(partial(self._reload, keep_id)), group="board-show", exclusive=True)

    def refresh_deals(
        self, ids: Collection[int], *, is_by_others: bool = False, follow: int | None = None
    ) -> Worker[None]:
        """Read only these deals and the figures again; those that changed their stage move there.

        A deal that comes into a column is shown first in view. The cursor stays on its deal; if that
        moved to another column, on the deal that takes its row, or with `follow`, on that deal where it
        is now. For some hundred deals `reload()` is cheaper.

        Args:
            ids: Deals that changed, are new, or have left the view.
            is_by_others: Put the sign of others' changes on them until the cursor has been there.
            follow: The deal that the cursor goes along with.
        """
        return self.run_worker(
            self._report(partial(self._refresh_deals, list(ids), is_by_others, follow)), group="board-deals"
        )

    def set_pane(self, is_shown: bool) -> None:
        """Tell whether a side pane stands at the right: the board then ends with a separator."""
        self._has_pane = is_shown
        self._update()

    def set_today(self, today: dt.date) -> None:
        """Start another day."""
        self._picture.renew(today, self._picture.lines)
        self._update()

    def set_card_lines(self, lines: int) -> None:
        """Show cards of 1, 2 or 3 lines."""
        self._picture.renew(self._picture.today, lines)
        self._view.lines = lines
        self._update()

    def use_styles(self, styles: Mapping[str, Style]) -> None:
        """Draw in the styles of another theme."""
        self._style_of = _complete(styles)
        self._strips.clear()
        self.refresh()

    def set_rules(self, stages: Sequence[Stage], limit_minor: int) -> None:
        """Take the columns and the limit of another process; `show()` then fills them."""
        marks = self.model.marks
        self.model = self._view.model = BoardModel(stages)
        self.model.marks |= marks
        self._picture.limit_minor = limit_minor

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown when the view has no deal at all."""
        self._picture.empty_text = text
        self._update()

    # Reading

    async def _show(self, reader: BoardReader, first: FirstWindow | None, keep_id: int | None) -> None:
        if first is None:
            first = await reader.first(max(self._view.page(), FIRST_ROWS))
            self._settle(keep_id)
        elif not first.is_complete:
            await asyncio.sleep(REST_AFTER_SECONDS)
        if not first.is_complete:
            await reader.rest()
            self._settle(keep_id)

    async def _reload(self, keep_id: int | None) -> None:
        if self._reader is not None:
            await self._reader.renew(keep_id)

    async def _refresh_deals(self, ids: list[int], is_by_others: bool, follow: int | None) -> None:
        if self._reader is not None:
            await self._reader.deals(ids, is_by_others=is_by_others, follow=follow)

    async def _report(self, reading: Callable[[], Awaitable[None]]) -> None:
        """Wait for a reading; show and tell what came of it."""
        try:
            await reading()
        except ContosoError as error:
            self.post_message(self.ReadFailed(error))
            return
        self._update()
        self.post_message(self.Loaded())

    async def _read_wanted(self, reader: BoardReader, reading: object) -> None:
        """Read cards until nothing in view is missing, always for where the cursor is by now."""
        try:
            while wanted := self._view.wanted():
                if not self._view.has_gaps():
                    # What is read ahead would take the processor from drawing what the key has just moved to.
                    await asyncio.sleep(AHEAD_AFTER_SECONDS)
                    wanted = self._view.wanted()
                await reader.cards(wanted)
                self._update()
        except ContosoError as error:
            self.post_message(self.ReadFailed(error))
        finally:
            if self._reading is reading:
                self._reading = None

    # Drawing

    def on_resize(self, event: Resize) -> None:
        """Lay out anew; the cursor's deal stays in view."""
        self._update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return rows; a board has no border, padding or links, for which Textual looks at every line."""
        base, background = self.background_colors
        style = self._styles_cache.get_inner_outer(base, background)[0].rich_style
        strips: list[Strip] = []
        for y in crop.line_range:
            strip = self._strips.get(y)
            if strip is None:
                strip = self._strips[y] = self.render_line(y).apply_style(style)
            for line_filter in self.app.get_line_filters():
                strip = strip.apply_filter(line_filter, background)
            strips.append(strip)
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Return a row as Textual draws it."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        segments: list[Segment] = []
        last = ""
        for text, name in self._rows[y]:
            if segments and (name == last or (name == "text" and last != "cursor" and text.isspace())):
                # Spaces show no colour: sent with what stands before them they need no codes.
                segments[-1] = Segment(segments[-1].text + text, segments[-1].style)
                continue
            segments.append(Segment(text, self._style_of.get(name)))
            last = name
        return Strip(segments, self._view.layout.width)

    def _settle(self, keep_id: int | None) -> None:
        if keep_id is not None:
            self.model.move_to(keep_id)
        self._update()

    def _in_view(self) -> Mapping[int, int]:
        self._view.scroll()
        return self._view.in_view()

    def _update(self) -> None:
        """Lay out, scroll, compose; repaint what differs, read what is missing, tell what is current."""
        width, height = self.size
        if not width or not height:
            return
        model, view = self.model, self._view
        view.layout = layout(
            width, height, len(model.columns), model.column, has_pane=self._has_pane, folded=model.folded
        )
        view.scroll()
        old, self._rows = self._rows, self._picture.rows(model, view.layout, view.plain_top)
        if [len(old), self._painted_width] != [height, width]:
            self._painted_width = width
            self._strips.clear()
            self.refresh()
        elif changed := [y for y, (before, now) in enumerate(zip(old, self._rows, strict=True)) if before != now]:
            for y in changed:
                self._strips.pop(y, None)
            self.refresh(*(Region(0, y, width, 1) for y in changed))
        if self._reader is not None and self._reading is None and view.wanted():
            self._reading = object()
            self.run_worker(self._read_wanted(self._reader, self._reading), group=_CARDS)
        if self.screen.is_active:
            self.app.cursor_position = self.cursor_offset
        self._tell()

    def _tell(self) -> None:
        """Post what the cursor stands on, once for each change; nothing while its card is being read."""
        card = self.current
        if card is None and self.model.current_id is not None:
            return
        if card != self._told:
            self._told = card
            self.post_message(self.Highlighted(card))


def _complete(styles: Mapping[str, Style]) -> dict[str, Style]:
    """Return the styles to draw with; the cursor's lies on that of text, and reverses where there is none."""
    text = styles.get("text", Style.null())
    return {**styles, "cursor": text + styles.get("cursor", Style(reverse=True))}
