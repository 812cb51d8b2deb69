"""What the outside sees of one deal with all that belongs to it; the board's start does without these."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models.deals.records import AmountFrom, Outcome, Stage, TechState


class QuoteState(NamedTuple):
    """What the gate needs to know of a deal's quotes."""

    in_force: str
    """The quote in force (accepted, or sent and not expired) as people read it; empty for none."""
    is_accepted: bool
    has_draft: bool
    other_sent: int
    """Sent quotes besides the accepted one."""
    latest: str
    """The newest quote and its state in words, empty for none."""
    counting: str
    """The quote whose amount is the deal's (accepted, else latest sent) and its state in words, empty for none."""
    expired: str
    """The latest sent quote, if it has expired and none is in force."""
    expired_on: dt.date | None


class DealDetail(NamedTuple):
    """Everything a deal's screen and the gate ask; amounts in minor units of `currency` unless said."""

    id: int
    version: int
    customer_id: int
    customer: str
    is_corporate: bool
    owner_id: int
    owner: str
    pipeline: str
    stage: Stage
    outcome: Outcome
    type: str
    lead_source: str
    need: str
    budget_minor: int | None
    time_frame: str
    decision_maker: str
    walkthrough_on: dt.date | None
    walkthrough_with: str
    walkthrough_ready: bool
    amount_minor: int
    currency: str
    amount_usd_cents: int
    amount_from: AmountFrom
    amount_quote: str
    typed_amount_minor: int | None
    line_count: int
    probability_percent: int
    has_own_probability: bool
    category: str
    close_on: dt.date | None
    stage_entered_at: dt.datetime
    stage_age_days: int
    open_days: int
    tech: TechState
    quotes: QuoteState
    next_step: str
    next_step_on: dt.date | None
    next_step_minute: int | None
    late_working_days: int
    unpaid_minor: int
    unpaid_since: dt.date | None
    open_cases: int
    has_high_case: bool
    lost_reason: str
    lost_by: str
    lost_on: dt.date | None
    lost_note: str
    won_on: dt.date | None
    created_on: dt.date
    created_by: str
    decider: str = ""
    """Who decides, of the people on the deal; "" for nobody known."""
    assessed: frozenset[str] = frozenset()
    """Stages that require an assessment and whose rule was met: of its own stage by the newest one, of others ever."""
    team: tuple[str, ...] = ()


class Moved(NamedTuple):
    """A move that was made; `note` is a sentence for the status row beyond the move itself, often empty."""

    deal_id: int
    from_stage: str
    to_stage: str
    note: str


class MovePreview(NamedTuple):
    """What a bulk move would do to one deal; `blocked` is empty where it can move."""

    deal_id: int
    customer: str
    to_stage: str
    blocked: str


class Line(NamedTuple):
    """One line of a deal or a quote; `months` counts only where `is_monthly` (None: open-ended, counted as 12)."""

    id: int
    position: int
    product_id: int
    description: str
    quantity: int
    is_monthly: bool
    months: int | None
    price_minor: int
    discount_bp: int
    """Basis points: 1/100 of a percent."""
    gross_minor: int
    net_minor: int


class Product(NamedTuple):
    """One row of the catalogue."""

    id: int
    code: str
    name: str
    is_monthly: bool
    price_minor: int
    currency: str
    is_active: bool


class Quote(NamedTuple):
    """One revision of a quote with its lines; `state` is `expired` where a sent one's date has passed."""

    id: int
    number: int
    revision: int
    deal_id: int
    customer: str
    owner: str
    state: str
    currency: str
    valid_until: dt.date
    """As it was extended, if it was."""
    addressee: str
    note: str
    reason: str
    created_at: dt.datetime
    sent_at: dt.datetime | None
    answered_on: dt.date | None
    net_minor: int
    gross_minor: int
    lines: tuple[Line, ...]
    extended_from: dt.date | None = None
    """The day that was sent, where a later one was promised afterwards."""
    asked_of: str = ""
    """Of a draft: the manager who was asked to approve its discount, and has not yet."""


class TechCheck(NamedTuple):
    """One signed check; `why_not_counting` is empty for the one that counts now."""

    id: int
    deal_id: int
    outcome: TechState
    signed_by: str
    checked_on: dt.date
    entered_at: dt.datetime
    details: str
    answers: tuple[tuple[str, str, str], ...]
    """Question, answer (`yes`, `no` or empty), evidence."""
    signed_usd_cents: int
    signed_from: AmountFrom
    signed_quote: str
    why_not_counting: str


class TechCheckRequest(NamedTuple):
    """Somebody was asked to sign."""

    asked_of: str
    asked_by: str
    needed_by: dt.date | None
    note: str
    asked_at: dt.datetime


class TechCheckView(NamedTuple):
    """Where a deal's tech check stands, and what binds it."""

    deal_id: int
    customer: str
    owner: str
    state: TechState
    limit_usd_cents: int
    amount_usd_cents: int
    amount_from: AmountFrom
    quote: str
    line_count: int
    last: TechCheck | None
    request: TechCheckRequest | None
    """The newest request that no check has answered."""
    created_on: dt.date
    terms_lines: str
    """The lines that a sign-off binds, as one text to compare."""
    previous_at_customer: TechCheck | None


class TimelineEntry(NamedTuple):
    """One thing that happened, newest first; `kind` is call, email, visit, quote, stage, tech, new ..."""

    at: dt.datetime
    has_time: bool
    kind: str
    text: str
    detail: str
    actor: str
    amount_minor: int | None
    points: int
