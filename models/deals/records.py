"""What the outside sees of deals: frozen records, made by the modules of this package."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Stage:
    """One column of a pipeline, from the process in force."""

    id: str
    name: str
    position: int
    probability_percent: int
    age_limit_days: int | None
    is_first: bool
    is_last: bool
    is_tech_check: bool


@dataclass(frozen=True, slots=True)
class StageTotal:
    """Head of one board column."""

    stage: str
    deals: int
    amount_usd_cents: int
    weighted_usd_cents: int
    mean_age_days: int
    over_age: int


@dataclass(frozen=True, slots=True)
class DealCard:
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
    open_cases: int
    has_high_case: bool
    close_on: dt.date | None
    version: int
