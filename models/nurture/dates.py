"""Due dates of nurture steps (rules 3.1); pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Set

from models.nurture.records import ProgrammeStep, StepDate
from models.working_days import roll_forward


def count(done_on: dt.date, days_after: int, days_off: Set[dt.date]) -> tuple[dt.date, dt.date]:
    """Return the day `days_after` calendar days after `done_on`, and the first working day from there on."""
    counted_on = done_on + dt.timedelta(days=days_after)
    return counted_on, roll_forward(counted_on, days_off)


def forecast(done_on: dt.date, steps: Iterable[ProgrammeStep], days_off: Set[dt.date]) -> list[StepDate]:
    """Return the dates of `steps` when the one before them is done on `done_on` and each on its due day."""
    dates = []
    for step in steps:
        counted_on, due_on = count(done_on, step.days_after, days_off)
        dates.append(StepDate(step.position, step.name, step.channel, counted_on, due_on))
        done_on = due_on
    return dates
