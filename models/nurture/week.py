"""The agenda of seven days, day by day, with what is late before them; read only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import NamedTuple

from models import clock
from models.clock import in_words
from models.database import company_zone, days_off
from models.errors import UsageError
from models.nurture import agenda, agenda_rows
from models.nurture.agenda_rows import Whose
from models.nurture.records import AgendaItem
from models.working_days import is_working_day

DAYS = 7
_DAY = dt.timedelta(days=1)


class WeekDay(NamedTuple):
    """One day of a week: its steps by start, those without one last; `day_off` names the holiday or weekend."""

    on: dt.date
    day_off: str
    items: tuple[AgendaItem, ...]
    due: int
    """How many the day has, also those that are not among `items`."""

    @property
    def minutes(self) -> int:
        """How long those of its steps take together of which somebody said it."""
        return sum(item.minutes or 0 for item in self.items)


class Week(NamedTuple):
    """Seven days of an agenda, and what is late; lists hold at most the asked number of lines."""

    late: tuple[AgendaItem, ...]
    late_count: int
    days: tuple[WeekDay, ...]


def list_week(
    owner_id: int | None,
    now: dt.datetime,
    *,
    first: dt.date | None = None,
    view: str = "all",
    team_id: int | None = None,
    limit: int = 200,
) -> Week:
    """Return seven days from `first`, today without it, of an owner, a team or everybody, as `agenda.list_agenda` does.

    Each day has its steps by start, those without one last; what is late stands apart. Each list holds at most
    `limit` lines, the counts count all. What stands still has no day and is left out.

    Raises:
        UsageError: an unknown view, or a day that is over.
    """
    agenda.check_view(view, DAYS)
    today = clock.local_date(now, company_zone())
    start = first or today
    if start < today:
        raise UsageError(f"A week begins today or later, not on {in_words(start)}: what is late stands before its days")
    end = start + (DAYS - 1) * _DAY
    whose, off = Whose(owner_id, team_id), days_off()
    others: list[AgendaItem] = []
    deal_days: Counter[dt.date] = Counter()
    if view != "deals":
        others += agenda_rows.list_nurture(whose, today, end, off)[0]
    if view != "nurture":
        others += agenda_rows.list_tasks(whose, today, end, off)
        deal_days = agenda_rows.count_deal_days(whose, end)
    source = agenda.Source(whose, today, off, deal_days, limit)
    late, late_count = source.section(others, dt.date.min, today - _DAY)
    names = agenda.holiday_names(start, end)
    days = []
    for n in range(DAYS):
        on = start + n * _DAY
        items, count = source.section(others, on, on)
        days.append(WeekDay(on, names.get(on) or ("" if is_working_day(on, off) else "weekend"), items, count))
    return Week(late, late_count, tuple(days))
