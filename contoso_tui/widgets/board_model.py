"""What the board shows and where its cursor is, without a terminal: ids, a window of cards, marks.

The board's widget draws this and asks a `BoardSource` for what is missing. Per column it keeps all
ids in their order (8 bytes each) but only a bounded number of cards, so that 100,000 deals weigh
little more than 100.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from models.deals.records import DealCard, Stage, StageTotal
from models.ids import ID_ARRAY

CARDS_KEPT = 512
"""Cards remembered besides those in view."""


class FirstWindow(NamedTuple):
    """All that a first board needs, read in one go.

    `ids` has the first deals of each stage in order; with `is_complete` it has all of them. `cards`
    may hold any of these deals, at best those in view.
    """

    ids: Mapping[str, array[int]]
    cards: Sequence[DealCard]
    totals: Sequence[StageTotal]
    is_complete: bool


class BoardSource(Protocol):
    """Reads one view (filter and order) of the board; its screen makes one from the store."""

    async def first(self, stages: Sequence[str], rows: int) -> FirstWindow:
        """Read the heads of these columns, at least `rows` cards of each, in one round trip."""

    async def totals(self) -> Sequence[StageTotal]:
        """Read the heads' figures; a stage left out shows none."""

    async def column_ids(self, stage: str) -> array[int]:
        """Read the ids of all deals of a stage in the view's order (typecode `q`)."""

    async def cards(self, ids: Sequence[int]) -> Sequence[DealCard]:
        """Read these deals, in any order. One that is no longer in the view is left out."""


@dataclass(slots=True)
class Column:
    """One stage: its deals in order, the cursor's row in it and its first row in view."""

    stage: Stage
    ids: array[int] = field(default_factory=lambda: array(ID_ARRAY))
    total: StageTotal | None = None
    is_complete: bool = True
    row: int = 0
    top: int = 0

    @property
    def count(self) -> int:
        """Return how many deals there are, also while their ids are still being read."""
        if self.is_complete or self.total is None:
            return len(self.ids)
        return max(len(self.ids), self.total.deals)

    def clamp(self) -> None:
        """Bring row and top back among the deals."""
        last = max(self.count - 1, 0)
        self.row = min(max(self.row, 0), last)
        self.top = min(max(self.top, 0), last)

    def bring_into_view(self, page: int, full: int) -> None:
        """Scroll as little as shows the cursor's row.

        `page` cards fit above a line that counts the rest, `full` without it.
        """
        if self.row < self.top:
            self.top = self.row
        elif self.row >= self.top + self.visible(page, full):
            self.top = self.row - page + 1
        self.top = min(self.top, max(self.count - full, 0))

    def visible(self, page: int, full: int) -> int:
        """Return how many cards are in view."""
        left = self.count - self.top
        return max(left, 0) if left <= full else page


class BoardModel:
    """Columns, cursor, marks and the cards in memory. No method waits or reads."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.columns = [Column(stage) for stage in stages]
        self.column = 0
        self.folded: set[int] = set()
        self.marks: set[int] = set()
        self.changed: set[int] = set()
        """Deals that others changed since they were looked at."""
        self._cards: dict[int, DealCard] = {}
        self._by_stage = {stage.id: index for index, stage in enumerate(stages)}

    @property
    def active(self) -> Column:
        """Return the cursor's column."""
        return self.columns[self.column]

    @property
    def current_id(self) -> int | None:
        """Return the deal under the cursor, None in an empty or folded column or while its id is read."""
        if not self.columns or self.column in self.folded:
            return None
        return self.id_at(self.column, self.active.row)

    @property
    def deals(self) -> int:
        """Return how many deals the view has."""
        return sum(column.count for column in self.columns)

    def id_at(self, column: int, row: int) -> int | None:
        """Return the deal at a place, None outside or not read yet."""
        ids = self.columns[column].ids
        return ids[row] if 0 <= row < len(ids) else None

    def card(self, deal_id: int | None) -> DealCard | None:
        """Return a card if it is in memory."""
        return None if deal_id is None else self._cards.get(deal_id)

    @property
    def cards(self) -> Collection[DealCard]:
        """Return the cards in memory: those in view and some around them."""
        return self._cards.values()

    def find(self, deal_id: int) -> tuple[int, int] | None:
        """Return column and row of a deal."""
        for index in range(len(self.columns)):
            place = self._find_in(index, deal_id)
            if place is not None:
                return place
        return None

    def take_first(self, window: FirstWindow) -> None:
        """Start over with the heads of all columns; marks, folds and the cursor's column stay."""
        for column in self.columns:
            column.ids = window.ids.get(column.stage.id, array(ID_ARRAY))
            column.is_complete = window.is_complete
            column.row = column.top = 0
        self._cards = {card.id: card for card in window.cards}
        self.changed.clear()
        self.take_totals(window.totals)

    def take_ids(self, stage: str, ids: array[int]) -> None:
        """Replace the deals of a column; the cursor stays on its deal if it is still there."""
        column = self.columns[self._by_stage[stage]]
        offset = column.row - column.top
        here = column.ids[column.row] if column.row < len(column.ids) else None
        column.ids = ids
        column.is_complete = True
        if here is not None and here in ids:
            column.row = ids.index(here)
            column.top = column.row - offset
        column.clamp()

    def take_totals(self, totals: Iterable[StageTotal]) -> None:
        """Replace the figures of the headings."""
        by_stage = {total.stage: total for total in totals}
        for column in self.columns:
            column.total = by_stage.get(column.stage.id)

    def take_cards(self, asked: Mapping[int, int | None], cards: Iterable[DealCard]) -> None:
        """Remember cards; a deal asked for and not answered has left the view and goes, one elsewhere moves.

        `asked` names the column in which each deal is thought to be, None where that isn't known.
        """
        found = {card.id: card for card in cards}
        for deal_id, expected in asked.items():
            card = found.get(deal_id)
            known = self._cards.pop(deal_id, None)
            if card is not None and known is not None and known.version > card.version:
                # Two reads overtook each other.
                card = known
            target = self._by_stage.get(card.stage) if card is not None else None
            if card is not None and target is not None:
                self._cards[deal_id] = card
                if target == expected:
                    continue
            if expected is None and known is not None:
                expected = self._by_stage.get(known.stage)
                if expected is not None and target == expected:
                    continue
            place = self._find_in(expected, deal_id) or self.find(deal_id)
            if place is not None and place[0] == target:
                continue
            if place is not None:
                self._remove(*place)
            if target is not None:
                self._insert(target, deal_id)
            else:
                self.marks.discard(deal_id)
                self.changed.discard(deal_id)

    def forget_cards(self) -> None:
        """Drop all cards, so that those in view are read again."""
        self._cards.clear()

    def trim(self, in_view: Collection[int]) -> None:
        """Forget the cards read longest ago, never those in view."""
        surplus = len(self._cards) - CARDS_KEPT - len(in_view)
        if surplus <= 0:
            return
        kept = set(in_view)
        old = [deal_id for deal_id in self._cards if deal_id not in kept][:surplus]
        for deal_id in old:
            del self._cards[deal_id]

    def missing(self, column: int, first: int, last: int) -> list[int]:
        """Return the deals of rows `first` to `last` - 1 whose cards aren't in memory."""
        ids = self.columns[column].ids[max(first, 0) : last]
        return [deal_id for deal_id in ids if deal_id not in self._cards]

    def move_rows(self, delta: int) -> None:
        """Move the cursor up or down in its column, not beyond its ends."""
        column = self.active
        column.row = min(max(column.row + delta, 0), max(column.count - 1, 0))

    def move_columns(self, delta: int) -> None:
        """Move the cursor to a column at the left or right, not beyond the ends."""
        self.column = min(max(self.column + delta, 0), max(len(self.columns) - 1, 0))

    def go(self, column: int, row: int | None) -> None:
        """Put the cursor on a place; without a row on the column's own cursor."""
        self.column = column
        if row is not None:
            self.active.row = row

    def look_away(self) -> None:
        """Take the sign of others' changes off the deal that the cursor is about to leave."""
        if self.current_id is not None:
            self.changed.discard(self.current_id)

    def move_to(self, deal_id: int) -> bool:
        """Put the cursor on a deal; False if the view doesn't have it."""
        place = self.find(deal_id)
        if place is None:
            return False
        self.column, self.columns[place[0]].row = place
        self.folded.discard(self.column)
        return True

    def after(self, deal_id: int, step: int) -> int | None:
        """Return the deal `step` places after another, over the ends of columns; None beyond the last."""
        place = self.find(deal_id)
        if place is None:
            return None
        flat = self.flat(*place) + step
        return None if not 0 <= flat < self.deals else self.id_at(*self.unflat(flat))

    def flat(self, column: int, row: int) -> int:
        """Return the place of a row when all columns are one list."""
        return sum(each.count for each in self.columns[:column]) + row

    def unflat(self, flat: int) -> tuple[int, int]:
        """Return column and row of a place in the one list of all deals; the last for one beyond."""
        for index, column in enumerate(self.columns):
            if flat < column.count:
                return index, max(flat, 0)
            flat -= column.count
        last = next((i for i in reversed(range(len(self.columns))) if self.columns[i].count), self.column)
        return last, max(self.columns[last].count - 1, 0)

    def toggle_mark(self, deal_id: int) -> None:
        """Mark a deal, or take its mark away."""
        self.marks.symmetric_difference_update((deal_id,))

    def mark_all(self) -> None:
        """Mark all deals of the view; if all are marked, none."""
        every = {deal_id for column in self.columns for deal_id in column.ids}
        self.marks = set() if self.marks >= every else every

    def drop_unseen_marks(self) -> None:
        """Unmark what the view doesn't have: no action may touch deals that nobody sees."""
        if self.marks:
            self.marks.intersection_update(deal_id for column in self.columns for deal_id in column.ids)

    def _find_in(self, index: int | None, deal_id: int) -> tuple[int, int] | None:
        if index is None:
            return None
        try:
            return index, self.columns[index].ids.index(deal_id)
        except ValueError:
            return None

    def _remove(self, index: int, row: int) -> None:
        column = self.columns[index]
        column.ids.pop(row)
        if row < column.row:
            column.row -= 1
        if row < column.top:
            column.top -= 1
        column.clamp()

    def _insert(self, index: int, deal_id: int) -> None:
        """Put a deal that came from elsewhere first in view, so that it is seen; `r` sorts it in."""
        column = self.columns[index]
        row = min(column.top, len(column.ids))
        was_empty = not column.ids
        column.ids.insert(row, deal_id)
        if not was_empty:
            column.row += 1
        column.clamp()
