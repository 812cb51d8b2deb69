"""What the outside sees of deals: frozen records, made by the modules of this package."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """Where a deal stands; all but `OPEN` are closed."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"
    WON_IMPORTED = "won_imported"


class TechState(StrEnum):
    """State of a deal's tech check as the board shows it."""

    NOT_NEEDED = "not_needed"
    DUE = "due"
    DRAFT = "draft"
    PASSED = "passed"
    PASSED_WITH_CONDITIONS = "passed_with_conditions"
    FAILED = "failed"
    STALE = "stale"
    IMPORTED = "imported"

    @property
    def is_valid(self) -> bool:
        """Whether it lets a deal above the limit into Close."""
        return self in (TechState.PASSED, TechState.PASSED_WITH_CONDITIONS)


class AmountFrom(StrEnum):
    """Which document a deal's amount comes from (the first that exists, in this order)."""

    QUOTE_ACCEPTED = "quote_accepted"
    QUOTE_SENT = "quote_sent"
    LINES = "lines"
    TYPED = "typed"


class Stage(NamedTuple):
    """One column of a pipeline, from the process in force."""

    id: str
    name: str
    position: int
    probability_percent: int
    age_limit_days: int | None
    is_first: bool
    is_last: bool
    is_tech_check: bool


class StageTotal(NamedTuple):
    """Head of one board column."""

    stage: str
    deals: int
    amount_usd_cents: int
    weighted_usd_cents: int
    mean_age_days: int
    over_age: int
    is_closed: bool = False
    """Of won or lost deals: there is nothing to weigh, and no age to count."""


class Member(NamedTuple):
    """A colleague on a deal's team."""

    login: str
    name: str
    added_at: dt.datetime
    added_by: str


class Closing(NamedTuple):
    """How many deals of a view were closed in some time for one reason, and their sum."""

    reason: str
    """Id of the reason of lost ones, "disqualified" for those that were no fit, "" for won ones."""
    deals: int
    amount_usd_cents: int


class DealCard(NamedTuple):
    """What a card of the board shows; ages in calendar days, lateness in working days."""

    id: int
    customer_id: int
    customer: str
    is_corporate: bool
    what: str
    """What is sold: the deal's type, in its user's words."""
    stage: str
    outcome: Outcome
    owner: str
    """Login of the owner."""
    amount_minor: int
    currency: str
    amount_usd_cents: int
    tech: TechState
    stage_age_days: int
    stage_limit_days: int | None
    next_step: str
    """Text of the next step; empty when there is none."""
    next_step_on: dt.date | None
    next_step_minute: int | None
    """Start, in minutes after midnight."""
    late_working_days: int
    """0 when not late."""
    unpaid_minor: int
    unpaid_since: dt.date | None
    """Since when the oldest of it is due."""
    open_cases: int
    has_high_case: bool
    close_on: dt.date | None
    version: int
    next_step_id: int | None = None
    """The activity that is the next step."""
    has_quote: bool = False
    """Whether it ever had a quote, of whatever state."""
    closed_on: dt.date | None = None
    """When it was won, lost or disqualified."""
    lost_reason: str = ""
    """As the process calls it."""
    team: tuple[str, ...] = ()
    """Logins of those who work on it beside its owner."""
    score_drop: int = 0
    """By how many points the last assessment scored lower than one before it of the same stage."""
