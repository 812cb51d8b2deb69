"""The agenda: what is late, due today, tomorrow and later, of nurture, deals and tasks; read only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Set
from typing import NamedTuple

from models import clock
from models.database import company_zone, days_off, execute
from models.errors import UsageError
from models.nurture import agenda_rows
from models.nurture.agenda_rows import Whose
from models.nurture.records import Agenda, AgendaItem, DayCount
from models.working_days import is_working_day

VIEWS = ("all", "nurture", "deals")
_DAY = dt.timedelta(days=1)


class Source(NamedTuple):
    """Where the sections of an agenda come from; `deal_days` counts deals' next steps, which are read by section."""

    whose: Whose
    today: dt.date
    off: Set[dt.date]
    deal_days: Counter[dt.date]
    limit: int

    def section(
        self, others: Iterable[AgendaItem], first: dt.date, last: dt.date
    ) -> tuple[tuple[AgendaItem, ...], int]:
        """Return the lines due from `first` to `last`, of `others` and of deals, in their order, and how many are."""
        found = [entry for entry in others if first <= entry.due_on <= last]
        count = len(found)
        deals = sum(n for day, n in self.deal_days.items() if first <= day <= last)
        if deals:
            found += agenda_rows.list_deals(self.whose, first, last, self.today, self.off, self.limit)
        return _sorted(found, self.limit), count + deals


def list_agenda(
    owner_id: int | None,
    now: dt.datetime,
    *,
    days: int = 14,
    view: str = "all",
    team_id: int | None = None,
    limit: int = 200,
    with_later: bool = False,
) -> Agenda:
    """Return the agenda of an owner, of a team where `team_id` is given, or of everybody.

    `days` reach from today; each list holds at most `limit` lines, the counts count all. Late ones come oldest
    first, others by time of day, those without a time last. `view` is one of `VIEWS`; tasks are among the deals'.
    The lines of later days are read only `with_later`.

    Raises:
        UsageError: an unknown view, or no days at all.
    """
    check_view(view, days)
    today = clock.local_date(now, company_zone())
    end = today + days * _DAY
    whose, off = Whose(owner_id, team_id), days_off()
    nurture: list[AgendaItem] = []
    held: list[AgendaItem] = []
    tasks: list[AgendaItem] = []
    deal_days: Counter[dt.date] = Counter()
    if view != "deals":
        nurture, held = agenda_rows.list_nurture(whose, today, end, off)
    if view != "nurture":
        tasks = agenda_rows.list_tasks(whose, today, end, off)
        deal_days = agenda_rows.count_deal_days(whose, end)
    source = Source(whose, today, off, deal_days, limit)
    late, late_count = source.section(nurture + tasks, dt.date.min, today - _DAY)
    nurture_today, nurture_count = source._replace(deal_days=Counter()).section(nurture, today, today)
    deals_today, deals_count = source.section(tasks, today, today)
    tomorrow, tomorrow_count = source.section(nurture + tasks, today + _DAY, today + _DAY)
    per_day = deal_days + Counter(entry.due_on for entry in nurture + tasks)
    later = _list_later(per_day, today + 2 * _DAY, end, off)
    later_items = source.section(nurture + tasks, today + 2 * _DAY, end)[0] if with_later else None
    return Agenda(
        late=late,
        nurture_today=nurture_today,
        deals_today=deals_today,
        tomorrow=tomorrow,
        later=later,
        on_hold=_sorted(held, limit),
        late_count=late_count,
        nurture_today_count=nurture_count,
        deals_today_count=deals_count,
        tomorrow_count=tomorrow_count,
        later_count=sum(day.due for day in later),
        on_hold_count=len(held),
        later_items=later_items,
    )


def check_view(view: str, days: int) -> None:
    """Check what an agenda is asked for.

    Raises:
        UsageError: an unknown view, or no days at all.
    """
    if view not in VIEWS:
        raise UsageError(f"There is no view {view!r} of the agenda; there are {', '.join(VIEWS)}")
    if days < 1:
        raise UsageError("An agenda needs at least one day")


def _sorted(found: Iterable[AgendaItem], limit: int) -> tuple[AgendaItem, ...]:
    ordered = sorted(found, key=lambda e: (e.due_on, e.minute is None, e.minute or 0, e.customer.casefold(), e.text))
    return tuple(ordered[:limit])


def _list_later(per_day: Counter[dt.date], first: dt.date, end: dt.date, off: Set[dt.date]) -> tuple[DayCount, ...]:
    """Return the days on which something is due, and holidays, so that a short week is seen."""
    names = holiday_names(first, end)
    days = []
    for n in range((end - first).days + 1):
        day = first + n * _DAY
        name = names.get(day, "")
        if per_day[day] or name:
            days.append(DayCount(day, per_day[day], name or ("" if is_working_day(day, off) else "weekend")))
    return tuple(days)


def holiday_names(first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Return the company's holidays of these days by name."""
    rows = execute(
        "SELECT on_date, name FROM holiday WHERE on_date BETWEEN ? AND ?", (first.isoformat(), last.isoformat())
    ).fetchall()
    return {dt.date.fromisoformat(day): name for day, name in rows}
