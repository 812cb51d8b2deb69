"""What is looked at of a deal's history at one moment, and how it is told: pure."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import NamedTuple

from models.deals.records import Stage
from models.outlook.histories import History

_DAY = 24 * 60 * 60 * 1_000_000
_CHANNELS = {
    "call": "calls",
    "email": "emails",
    "letter": "letters",
    "visit": "visits",
    "meeting": "meetings",
    "note": "notes",
}
# Limits of what counts as alike; amounts in US cents.
_AMOUNTS = (100_000, 500_000, 2_000_000, 5_000_000, 20_000_000)
_COUNTS = (1, 2, 3, 6)
_DAYS = (7, 14, 30, 60, 120)
_SHARES = (0.5, 0.75, 0.9)
UNKNOWN = -1
"""The bin of what isn't known."""


class Kind(Enum):
    """What a number is of."""

    DAYS = auto()
    COUNT = auto()
    YES = auto()
    SHARE = auto()
    AMOUNT = auto()


class Snapshot(NamedTuple):
    """A deal at one moment of its history."""

    days: dict[str, float]
    """Stage id to the days spent there so far."""
    age_days: float
    moves_back: int
    done: dict[str, int]
    """Channel to the number of activities."""
    quotes: int
    amount: int
    """The place of what it was worth when it came to its stage among the limits of amounts."""
    scores: dict[str, float]
    """Stage id to the share of the points in the last assessment."""
    has_step: bool
    knows_maker: bool


class Feature(NamedTuple):
    """One thing that is looked at."""

    id: str
    name: str
    more: str
    """What having more of it is called."""
    kind: Kind
    take: Callable[[Snapshot], float | None]
    is_of_stage: bool = False
    """Whether it follows from where the deal stood: it can't tell where it should."""


def list_features(stages: Sequence[Stage], assessed: Sequence[str]) -> tuple[Feature, ...]:
    """Return what is looked at in a pipeline; `assessed` are its stages that have questionnaires."""
    names = {stage.id: stage.name for stage in stages}
    return (
        *(_days_in(stage.id, stage.name) for stage in stages),
        Feature("age", "days since it was opened", "more days since it was opened", Kind.DAYS, lambda s: s.age_days),
        Feature("moves_back", "moves back", "more moves back", Kind.COUNT, lambda s: s.moves_back),
        *(_done_by(channel, name) for channel, name in _CHANNELS.items()),
        Feature("quotes", "revisions of quotes sent", "more revisions of quotes", Kind.COUNT, lambda s: s.quotes),
        Feature("amount", "amount", "a larger amount", Kind.AMOUNT, lambda s: s.amount),
        *(_score_of(stage, names[stage]) for stage in assessed if stage in names),
        Feature("next_step", "next step planned", "a next step", Kind.YES, lambda s: float(s.has_step)),
        Feature("decision_maker", "decision maker known", "a known decision maker", Kind.YES, _maker),
    )


def _maker(snapshot: Snapshot) -> float:
    return float(snapshot.knows_maker)


def _days_in(stage: str, name: str) -> Feature:
    return Feature(
        f"days.{stage}", f"days in {name}", f"more days in {name}", Kind.DAYS, lambda s: s.days.get(stage, 0.0), True
    )


def _done_by(channel: str, name: str) -> Feature:
    return Feature(f"done.{channel}", name, f"more {name}", Kind.COUNT, lambda s: s.done.get(channel, 0))


def _score_of(stage: str, name: str) -> Feature:
    return Feature(
        f"score.{stage}", f"score in {name}", f"a higher score in {name}", Kind.SHARE, lambda s: s.scores.get(stage)
    )


def look(history: History, place: int, at: int, order: dict[str, int]) -> Snapshot:
    """Return a deal as it was at `at`, during the stay that its move at `place` began; nothing later is looked at.

    `order` maps the ids of the pipeline's stages to their positions.
    """
    days: dict[str, float] = {}
    moves_back = 0
    for n, move in enumerate(history.moves[: place + 1]):
        before = history.moves[n - 1].stage if n else move.stage
        moves_back += move.stage in order and before in order and order[move.stage] < order[before]
        if move.is_open:
            until = history.moves[n + 1].at if n < place else at
            days[move.stage] = days.get(move.stage, 0.0) + max(0, until - move.at) / _DAY
    done: dict[str, int] = {}
    for done_at, channel in history.done:
        if done_at <= at:
            done[channel] = done.get(channel, 0) + 1
    return Snapshot(
        days=days,
        age_days=max(0, at - history.moves[0].at) / _DAY,
        moves_back=moves_back,
        done=done,
        quotes=sum(sent_at <= at for sent_at in history.quotes),
        amount=bisect_right(_AMOUNTS, history.moves[place].usd_cents),
        scores={stage: share for entered_at, stage, share in history.scores if entered_at <= at},
        has_step=any(start <= at and (end is None or end > at) for start, end in history.steps),
        knows_maker=next((known for until, known in history.makers if until > at), history.knows_maker),
    )


def scale(feature: Feature, value: float | None) -> float | None:
    """Return a value as the regression takes it: of days and counts the first ones tell most."""
    if value is None:
        return None
    return math.log1p(value) if feature.kind in (Kind.DAYS, Kind.COUNT) else value


def to_bin(feature: Feature, value: float | None) -> int:
    """Return what counts as alike for finding the stage that a history fits."""
    if value is None:
        return UNKNOWN
    if feature.kind is Kind.COUNT:
        return bisect_right(_COUNTS, value)
    if feature.kind is Kind.DAYS:
        return bisect_right(_DAYS, value)
    return bisect_right(_SHARES, value) if feature.kind is Kind.SHARE else round(value)


def show(feature: Feature, value: float | None) -> str:
    """Write the value of one deal."""
    if value is None:
        return "none"
    if feature.kind is Kind.YES:
        return "yes" if value else "no"
    if feature.kind is Kind.SHARE:
        return f"{value:.0%} of the points"
    return _amount(round(value)) if feature.kind is Kind.AMOUNT else f"{value:.0f}"


def show_usual(feature: Feature, scaled: float) -> str:
    """Write the average of many deals, of values as `scale` returns them."""
    if feature.kind is Kind.YES:
        return f"yes for {scaled:.0%}"
    if feature.kind is Kind.SHARE:
        return f"on average {scaled:.0%}"
    if feature.kind is Kind.AMOUNT:
        return f"on average {_amount(round(scaled))}"
    return f"on average {math.expm1(scaled):.1f}"


def _amount(place: int) -> str:
    limits = [f"${cents // 100:,}" for cents in _AMOUNTS]
    if place == 0:
        return f"below {limits[0]}"
    return f"{limits[place - 1]} or more" if place == len(limits) else f"{limits[place - 1]} to {limits[place]}"
