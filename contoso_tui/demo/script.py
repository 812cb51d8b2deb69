"""What the demo's staff did, as events of the past that run in the order of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from zoneinfo import ZoneInfo

from models.people.records import Actor
from models.working_days import is_working_day

Happening = Callable[[dt.datetime], None]
"""Does something at a moment."""

_MINUTE = dt.timedelta(minutes=1)
# Nothing happened in the last minutes before the demo starts.
_REST = 10 * _MINUTE


@dataclass
class Script:
    """Collects events and plays them; `today` is the company's date of `now`."""

    now: dt.datetime
    zone: str
    actors: dict[str, Actor]
    rng: Random
    days_off: frozenset[dt.date]
    _events: list[tuple[dt.datetime, int, Happening]] = field(default_factory=list)

    @property
    def today(self) -> dt.date:
        """The company's date of the demo's start."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def day(self, offset: int) -> dt.date:
        """Return the day `offset` days from today."""
        return self.today + dt.timedelta(days=offset)

    def working_day(self, offset: int) -> dt.date:
        """Return the day `offset` days from today, or the next working day beyond it; today is always itself."""
        day = self.day(offset)
        step = dt.timedelta(days=1 if offset > 0 else -1)
        while offset and not self.is_working(day):
            day += step
        return day

    def is_working(self, day: dt.date) -> bool:
        """Return whether people work on `day`."""
        return is_working_day(day, self.days_off)

    def moment(self, days_ago: int, *, exact: bool = False) -> dt.datetime:
        """Return a moment in office hours; not at a weekend, unless the day must be `exact`."""
        day = self.day(-days_ago)
        while not exact and day < self.today and not self.is_working(day):
            day -= dt.timedelta(days=1)
        minutes = self.rng.randrange(8 * 60, 17 * 60)
        local = dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), ZoneInfo(self.zone))
        return min(local.astimezone(dt.UTC), self.now - _REST - self.rng.randrange(50) * _MINUTE)

    def play(self) -> None:
        """Let everything happen, the earliest first."""
        while self._events:
            events, self._events = sorted(self._events, key=lambda event: event[:2]), []
            for moment, _, happening in events:
                happening(moment)

    def add(self, moment: dt.datetime, happening: Happening) -> None:
        """Plan an event."""
        self._events.append((moment, len(self._events), happening))


class Story:
    """Events of one deal or account: each at least a minute after the one before."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._last: dt.datetime | None = None

    def then(self, days_ago: int, happening: Happening, *, exact: bool = False) -> None:
        """Plan the next event for a day; never before the one planned last."""
        moment = self.script.moment(max(days_ago, 0), exact=exact)
        if self._last is not None:
            moment = max(moment, self._last + _MINUTE)
        # A long story of today must not run past the present.
        self._last = min(moment, self.script.now - _MINUTE / 60)
        self.script.add(self._last, happening)
