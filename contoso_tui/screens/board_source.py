"""The board's views, and the bridge from the board widget to the deals of one view."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from contoso_tui.later import Later
from contoso_tui.widgets.board_model import FirstWindow
from models import process
from models.deals import board
from models.deals.board import View
from models.deals.records import DealCard, StageTotal
from models.errors import UsageError
from models.people.records import Actor, Role
from models.process import Process

if TYPE_CHECKING:
    # Read before Textual is imported: nothing here may import it.
    from contoso_tui.host import Clock
    from contoso_tui.store import Store
    from models.activities import points
else:
    # Counted after the first picture.
    points = Later("models.activities.points")

FIRST_CARDS = 24
"""Cards of a column read for a first board: more than most windows show."""


class NamedView(NamedTuple):
    """One of the views that `v` goes through; `is_mine` keeps the user's own deals, `code` names it in the shell."""

    code: str
    name: str
    view: View
    is_mine: bool = False
    is_of_team: bool = False

    def for_user(self, user_id: int, text: str = "") -> View:
        """Return the view of one user, with the words of the filter."""
        return self.view._replace(
            owner_id=user_id if self.is_mine else None, member_id=user_id if self.is_of_team else None, text=text
        )


_SORT_WORDS = {"attention": "attention first", "amount": "by amount", "close": "by close date", "name": "by name"}


@cache
def list_views(
    pipelines: tuple[tuple[str, str], ...], sort: str = "attention", *, is_manager: bool = False
) -> tuple[NamedView, ...]:
    """Return the views in the order of `v`, of one pipeline (id, name) after the other.

    A manager has one of the deals with a discount that waits for approval.
    Views of the first are named without it; of the others the order is always `sort`.
    """
    (first, _), *more = pipelines
    own = View(sort=sort, pipeline=first)
    others = [name for name in _SORT_WORDS if name != sort]
    *open_ones, won, lost = _of_pipeline(own, is_manager)
    return (
        *open_ones,
        *(
            NamedView(f"mine-{name}", f"mine·{_SORT_WORDS[name]}", own._replace(sort=name), is_mine=True)
            for name in others
        ),
        won,
        lost,
        *(
            named._replace(code=f"{pipeline}-{named.code}", name=f"{name}·{named.name}")
            for pipeline, name in more
            for named in _of_pipeline(own._replace(pipeline=pipeline), is_manager)
        ),
    )


def views_of(actor: Actor, rules: Process, sort: str = "attention") -> tuple[NamedView, ...]:
    """Return the views that a user has."""
    return list_views(rules.pipeline_names, sort, is_manager=actor.has(Role.MANAGER))


def _of_pipeline(own: View, is_manager: bool) -> tuple[NamedView, ...]:
    waiting = NamedView("to-approve", "to approve·all owners", own._replace(is_to_approve=True))
    return (
        NamedView("mine", "mine·open", own, is_mine=True),
        NamedView("all", "all owners·open", own),
        NamedView("team", "on my teams·open", own, is_of_team=True),
        NamedView("tech-checks", "tech checks·all owners", own._replace(sort="needed", is_tech_only=True)),
        *((waiting,) if is_manager else ()),
        NamedView("won", "won·all owners", own._replace(outcome="won")),
        NamedView("lost", "lost·all owners", own._replace(outcome="lost")),
    )


def first_view(actor: Actor, views: Sequence[NamedView], code: str = "") -> int:
    """Return which view a user starts on: the named one, a consultant on the tech checks, others on their own deals.

    Raises:
        UsageError: there is no view of that name.
    """
    codes = [named.code for named in views]
    if code:
        wanted = code.removesuffix("-open")
        # A pipeline's own name is its first view.
        wanted = wanted if wanted in codes else f"{wanted}-mine"
        if wanted not in codes:
            raise UsageError(f"The board has no view {code!r}; there are {', '.join(codes)}")
        return codes.index(wanted)
    sells = actor.roles & {Role.REPRESENTATIVE, Role.EXECUTIVE}
    return codes.index("tech-checks") if actor.has(Role.CONSULTANT) and not sells else 0


class BoardStart(NamedTuple):
    """All that a first board needs, read before the screen exists."""

    rules: Process
    window: FirstWindow
    view_index: int
    quota: int | None
    """Points a month expected of the user; those scored so far are read after the first paint."""
    has_deals: bool


def read_start(actor: Actor, now: dt.datetime, sort: str = "attention", view_code: str = "") -> BoardStart:
    """Read the first board of a user, of the view `view_code` if given; call it inside an open connection.

    Raises:
        UsageError: there is no view of that name.
    """
    rules = process.current()
    views = views_of(actor, rules, sort)
    index = first_view(actor, views, view_code)
    view = views[index].for_user(actor.id)
    stages = [stage.id for stage in rules.stages(view.pipeline)]
    window = read_window(view, stages, FIRST_CARDS, now)
    quota = process.quota_of(actor, rules)
    return BoardStart(rules, window, index, quota, bool(window.cards) or board.count_open() > 0)


def read_points(actor: Actor, now: dt.datetime) -> int:
    """Return the user's points of the month."""
    return points.points_now(actor.login, now)


def read_window(view: View, stages: Sequence[str], rows: int, now: dt.datetime) -> FirstWindow:
    """Read the heads' figures and the first `rows` ids and cards of each column; the other ids come after."""
    found: dict[str, array[int]] = {stage: board.list_column(view, stage, now, rows) for stage in stages}
    heads = [deal_id for column in found.values() for deal_id in column]
    is_complete = all(len(column) < rows for column in found.values())
    return FirstWindow(found, board.list_cards(heads, now), board.list_totals(view, now), is_complete=is_complete)


class StoreSource:
    """Reads one view for the board widget."""

    def __init__(self, store: Store, view: View, now: Clock) -> None:
        self.view = view
        self._store = store
        self._now = now

    async def first(self, stages: Sequence[str], rows: int) -> FirstWindow:
        """Read the heads of all columns in one round trip."""
        return await self._store.read(read_window, self.view, tuple(stages), rows, self._now())

    async def totals(self) -> Sequence[StageTotal]:
        """Read the heads' figures."""
        return await self._store.read(board.list_totals, self.view, self._now())

    async def column_ids(self, stage: str) -> array[int]:
        """Read a column's deals in the view's order."""
        return await self._store.read(board.list_column, self.view, stage, self._now())

    async def cards(self, ids: Sequence[int]) -> Sequence[DealCard]:
        """Read these deals; those that have left the view are left out."""
        return await self._store.read(_cards_of_view, self.view, tuple(ids), self._now())


def _cards_of_view(view: View, ids: Sequence[int], now: dt.datetime) -> list[DealCard]:
    kept = board.keep_matching(view, ids)
    return [card for card in board.list_cards(ids, now) if card.id in kept]
