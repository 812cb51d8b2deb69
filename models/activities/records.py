"""What the outside sees of activities: frozen records, made by the modules of this package."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

CHANNELS = ("call", "email", "letter", "visit", "meeting", "note")


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
