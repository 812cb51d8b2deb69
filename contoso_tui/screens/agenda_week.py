"""The views of the agenda, and the one that shows seven days: reading it, and going through days and weeks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from contoso_tui import formats
from contoso_tui.screens import agenda_week_words, agenda_words
from contoso_tui.screens.agenda_folds import AgendaFolds
from contoso_tui.widgets.list_view import Line
from models.nurture import week
from models.nurture.records import AgendaItem
from models.nurture.week import Week
from models.people.records import Role

DAYS = 14


@dataclass(frozen=True, slots=True)
class AgendaView:
    """One of the views that `v` goes through; `kinds` is a view of the model."""

    name: str
    kinds: str
    is_team: bool = False
    is_week: bool = False

    @property
    def days(self) -> int:
        """How far it reaches."""
        return week.DAYS if self.is_week else DAYS


VIEWS = (
    AgendaView("mine · nurture and deals", "all"),
    AgendaView("mine · nurture only", "nurture"),
    AgendaView("mine · deals only", "deals"),
    AgendaView("my team · nurture and deals", "all", is_team=True),
    AgendaView("my week", "all", is_week=True),
    AgendaView("my team's week", "all", is_team=True, is_week=True),
)


class AgendaWeek(AgendaFolds):
    """The part of the agenda's screen that knows which view is shown, and the days of a week."""

    def __init__(self) -> None:
        super().__init__()
        self.view_index = 0
        self.week: Week | None = None
        self.week_from: dt.date | None = None
        """The first day of the week that is shown; None is today, whatever day that becomes."""

    # ---- views

    @property
    def views(self) -> tuple[AgendaView, ...]:
        """The views that this user has: the team's only where they lead one."""
        actor = self.host.actor
        leads = actor.team_id is not None and actor.has(Role.MANAGER)
        return tuple(view for view in VIEWS if leads or not view.is_team)

    @property
    def view(self) -> AgendaView:
        """The view that is shown."""
        return self.views[self.view_index % len(self.views)]

    @property
    def view_words(self) -> str:
        """The name of the view, of another week with its first day."""
        if not self.view.is_week or self.week_from is None:
            return self.view.name
        return f"{self.view.name} from {formats.day_card(self.week_from, self.host.today(), is_wide=True)}"

    def action_screen_view(self) -> None:
        """Go on to the next view; a week begins today."""
        self.view_index = (self.view_index + 1) % len(self.views)
        self.week_from = None
        keys = self.host.keymap
        on = f" · {keys.key('list.right')} the week after" if self.view.is_week else ""
        self.status(self.view.name + on)
        self.load()

    # ---- what it lists

    @property
    def wants_later(self) -> bool:
        """Whether the lines of later days are shown or searched; a week has its own."""
        return not self.view.is_week and super().wants_later

    async def read_week(self) -> None:
        """Read the days of a week, if that is what is shown."""
        view, actor, today = self.view, self.host.actor, self.host.today()
        if not view.is_week:
            self.week = None
            return
        self.week = await self.read(
            week.list_week,
            None if view.is_team else actor.id,
            self.host.clock(),
            # A week chosen yesterday may begin today at the earliest.
            first=max(self.week_from, today) if self.week_from is not None else None,
            view=view.kinds,
            team_id=actor.team_id if view.is_team else None,
        )

    def listed(self) -> list[AgendaItem] | None:
        """Return what the view lists, None before it is read."""
        if self.view.is_week:
            return agenda_week_words.items_of(self.week) if self.week is not None else None
        return [item for part in agenda_words.sections(self.agenda) for item in part.items] if self.agenda else None

    def lines(self, width: int, height: int) -> list[Line]:
        """Return the rows of the view for a list of this size; none before it is read."""
        if self.view.is_week:
            return agenda_week_words.rows(self.week, width, self.filter_text) if self.week is not None else []
        if self.agenda is None:
            return []
        return agenda_words.rows(self.agenda, width, height, self.opened, self.host.today(), self.filter_text)

    # ---- keys

    def action_screen_tab(self, key: str) -> None:
        """Go to a section; in a week to a day, counted from its first."""
        if not self.view.is_week:
            super().action_screen_tab(key)
        elif self.week is not None:
            day = self.week.days[int(key) - 1]
            if not any(self.list.move_to_key(agenda_words.key_of(item)) for item in day.items):
                self.refuse(f"Nothing {formats.on_day(day.on, self.host.today())}")

    def action_list_right(self) -> None:
        """Open the section under the cursor; in a week go on to the next seven days."""
        if self.view.is_week:
            self._go_on(1)
        else:
            super().action_list_right()

    def action_list_left(self) -> None:
        """Close the section under the cursor; in a week go back by seven days, to today at most."""
        if self.view.is_week:
            self._go_on(-1)
        else:
            super().action_list_left()

    def _go_on(self, by: int) -> None:
        today = self.host.today()
        present = self.week_from or today
        goal = max(present + dt.timedelta(days=by * week.DAYS), today)
        if goal == present:
            self.refuse("The week begins today; what is late stands before its days")
            return
        self.week_from = goal if goal > today else None
        self.load()
