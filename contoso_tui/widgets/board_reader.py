"""Fills a board's model from its source: first board, whole renewal, single deals, cards in view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from contoso_tui.widgets.board_model import BoardModel, BoardSource, FirstWindow

InView = Callable[[], Mapping[int, int]]
"""Scrolls every column to its cursor and returns the deals then in view, each with its column."""


class BoardReader:
    """Reads for one board; every method may raise what its source raises, the model then stays whole."""

    def __init__(self, model: BoardModel, source: BoardSource, in_view: InView) -> None:
        self.model = model
        self.source = source
        self._in_view = in_view

    async def first(self, rows: int) -> FirstWindow:
        """Start over with the heads of all columns, `rows` cards each, in one round trip."""
        window = await self.source.first(self._stages(), rows)
        self.take_first(window)
        return window

    def take_first(self, window: FirstWindow) -> None:
        """Start over with what was read beforehand."""
        self.model.take_first(window)
        if window.is_complete:
            self.model.drop_unseen_marks()

    async def rest(self) -> None:
        """Read the ids that the first window left out."""
        for stage in self._stages():
            self.model.take_ids(stage, await self.source.column_ids(stage))
        self.model.drop_unseen_marks()

    async def renew(self, keep_id: int | None) -> None:
        """Read order, figures and the cards in view; `keep_id` is where the cursor then stands."""
        ids = [(stage, await self.source.column_ids(stage)) for stage in self._stages()]
        totals = await self.source.totals()
        for stage, stage_ids in ids:
            self.model.take_ids(stage, stage_ids)
        self.model.take_totals(totals)
        self.model.drop_unseen_marks()
        if keep_id is not None:
            self.model.move_to(keep_id)
        in_view = self._in_view()
        cards = await self.source.cards(list(in_view))
        self.model.forget_cards()
        self.model.changed.clear()
        self.model.take_cards(in_view, cards)

    async def deals(self, ids: Sequence[int], *, is_by_others: bool, follow: int | None) -> None:
        """Read these deals and the figures again and put each where it belongs now."""
        cards = await self.source.cards(ids)
        totals = await self.source.totals()
        self.model.take_cards(dict.fromkeys(ids), cards)
        self.model.take_totals(totals)
        if is_by_others:
            self.model.changed.update(card.id for card in cards)
        if follow is not None:
            self.model.move_to(follow)

    async def cards(self, wanted: Mapping[int, int]) -> None:
        """Read cards that aren't in memory; `wanted` names each deal's column."""
        self.model.take_cards(wanted, await self.source.cards(list(wanted)))
        self.model.trim(self._in_view())

    def _stages(self) -> list[str]:
        return [column.stage.id for column in self.model.columns]
