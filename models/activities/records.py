"""What the outside sees of activities: frozen records, made by the modules of this package."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

CHANNELS = ("call", "email", "letter", "visit", "meeting", "note")
MATERIALS = "materials"
"""Stands among the channels that take an activity type by themselves: sending materials."""


class Activity(NamedTuple):
    """One activity, planned, done or cancelled; minutes of the day count from midnight in the company's zone."""

    id: int
    customer_id: int
    deal_id: int | None
    channel: str
    type: str
    """Code of the activity type; empty for none, which scores nothing."""
    who: str
    """Whom it was with, in the user's words."""
    subject: str
    notes: str
    state: str
    is_next_step: bool
    due_on: dt.date | None
    due_minute: int | None
    duration_minutes: int | None
    done_at: dt.datetime | None
    done_by: str
    owner: str
    """Login of the one whose task it is."""
    points: int


class NextStep(NamedTuple):
    """The planned activity that moves a deal on."""

    activity_id: int
    deal_id: int
    customer_id: int
    text: str
    channel: str
    on: dt.date
    minute: int | None
    minutes: int | None


class StepFinished(NamedTuple):
    """A next step or task that was done: what it scored, and whether its deal is now without a next step."""

    activity_id: int
    points: int
    asks_next: bool


class TypeScore(NamedTuple):
    """One line of a month's points: `times` done and what they scored together."""

    code: str
    name: str
    points_each: int
    times: int
    score: int


class Scored(NamedTuple):
    """One thing that scored: an activity done, a deal opened, a quote sent; times in microseconds."""

    thing: str
    """activity, deal or quote."""
    thing_id: int
    born_at: int
    """When its row was made: numbers of rows that were taken back are given again."""
    code: str
    points: int
    at: int
    customer_id: int | None
    customer: str


class PlanLine(NamedTuple):
    """One activity type in a month: what is recommended, what was done, what it scored."""

    code: str
    name: str
    group: str
    points_each: int
    planned: int
    """Recommended number, 0 where any number is fine."""
    done: int
    score: int

    @property
    def left(self) -> int:
        """How many of the recommended ones are still to do."""
        return max(0, self.planned - self.done)


class Standing(NamedTuple):
    """One user's month: points against the quota, and the pace that it took and takes."""

    login: str
    month: dt.date
    """Its first day."""
    scored: int
    quota: int | None
    lines: tuple[PlanLine, ...]
    days_past: int
    """Working days of the month that have begun."""
    days_left: int
    """Working days after today."""
    holidays: tuple[dt.date, ...]
    """Days off among those left that would be working days."""
    is_closed: bool

    @property
    def to_go(self) -> int:
        """Points that the quota still lacks."""
        return max(0, (self.quota or 0) - self.scored)

    @property
    def percent(self) -> int:
        """How much of the quota is reached, in whole percent."""
        return self.scored * 100 // self.quota if self.quota else 0

    @property
    def pace(self) -> int:
        """Points a working day so far."""
        return round(self.scored / self.days_past) if self.days_past else 0

    @property
    def pace_needed(self) -> int:
        """Points a working day that would reach the quota."""
        return -(-self.to_go // self.days_left) if self.days_left else self.to_go

    @property
    def plan_points(self) -> int:
        """What the recommended numbers are worth together."""
        return sum(line.planned * line.points_each for line in self.lines)


class TeamMember(NamedTuple):
    """One who sells, with the month's points."""

    login: str
    name: str
    scored: int
    quota: int

    @property
    def percent(self) -> int:
        """How much of the quota is reached, in whole percent."""
        return self.scored * 100 // self.quota if self.quota else 0


class TeamScore(NamedTuple):
    """A team's month; `members` are those whose points the reader may see one by one."""

    name: str
    members: tuple[TeamMember, ...]
    scored: int
    quota: int
    sellers: int
    """How many of the team sell."""
