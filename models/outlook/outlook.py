"""What closed deals teach: how likely a deal is to be won, which stage its history fits, which thresholds judge better.

Nothing here writes, and nothing that it says is acted upon by the program.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import NamedTuple

from models import clock, process
from models.assessments import forms
from models.assessments.records import Questionnaire
from models.database import company_zone
from models.deals.details import get_detail
from models.deals.records import Outcome, Stage
from models.errors import RefusedError
from models.ids import show_deal
from models.outlook import features, histories, model, stage_fit, thresholds
from models.outlook.features import Feature, Kind
from models.outlook.histories import History
from models.outlook.model import Learned, Row
from models.outlook.records import DealOutlook, FitQuality, Reason, Report, StageShare, Weight

FEWEST = 40
"""So many won and so many lost deals there must be (rules 7)."""
_MOST_REASONS = 5
# What changes the odds by less than a twentieth is no reason.
_LEAST_REASON = math.log(1.05)
_MOST_FIT_REASONS = 3


class _Lesson(NamedTuple):
    """The closed deals of a pipeline as they are learned from."""

    pipeline: str
    stages: tuple[Stage, ...]
    forms: tuple[Questionnaire, ...]
    histories: list[History]
    looked_at: tuple[Feature, ...]
    rows: list[Row]

    def name_of(self, stage: str) -> str:
        """Return what the process calls a stage."""
        return next(one.name for one in self.stages if one.id == stage)

    def list_reached(self, stage: str) -> set[tuple[int, bool]]:
        """Return the deals that reached a stage, and whether each was won."""
        return {(row.deal, row.is_won) for row in self.rows if row.stage == stage}

    def check_fit(self) -> FitQuality:
        """Return how well stages are told from histories."""
        right, baseline, stage = stage_fit.check(self.rows, self.looked_at)
        return FitQuality(right, baseline, self.name_of(stage))


def report(pipeline: str = "") -> Report:
    """Return what the closed deals of a pipeline, by default the first, teach.

    Raises:
        NotFoundError: there is no such pipeline.
        RefusedError: fewer than `FEWEST` deals were won, or lost.
    """
    rules = process.current()
    found = rules.find_pipeline(pipeline) if pipeline else rules.default_pipeline
    lesson = _prepare(found)
    won = sum(history.is_won for history in lesson.histories)
    learned = model.learn(lesson.rows, lesson.looked_at)
    first = min(history.closed_at or 0 for history in lesson.histories)
    return Report(
        pipeline=found,
        pipeline_name=dict(rules.pipeline_names)[found],
        won=won,
        lost=len(lesson.histories) - won,
        since=clock.local_date(clock.from_micros(first), company_zone()),
        quality=model.check(lesson.rows, lesson.looked_at),
        weights=_weights(learned),
        baseline=tuple(
            StageShare(stage.id, stage.name, len(reached), sum(is_won for _, is_won in reached))
            for stage in lesson.stages
            if (reached := lesson.list_reached(stage.id))
        ),
        fit=lesson.check_fit(),
        thresholds=tuple(
            thresholds.judge(form, lesson.name_of(form.stage), lesson.histories, FEWEST) for form in lesson.forms
        ),
    )


def judge(deal_id: int, now: dt.datetime) -> DealOutlook:
    """Return how likely an open deal is to be won, and which stage its history fits.

    Raises:
        NotFoundError: there is no such deal.
        RefusedError: it is closed, or fewer than `FEWEST` deals of its pipeline were won, or lost.
    """
    deal = get_detail(deal_id, now)
    if deal.outcome is not Outcome.OPEN:
        raise RefusedError(
            f"{show_deal(deal_id)} is {deal.outcome.replace('_', ' ')}: only an open deal has an outlook"
        )
    lesson = _prepare(deal.pipeline)
    learned = model.learn(lesson.rows, lesson.looked_at)
    (history,) = histories.read([deal_id])
    order = {stage.id: stage.position for stage in lesson.stages}
    seen = features.look(history, len(history.moves) - 1, clock.to_micros(now), order)
    values = tuple(feature.take(seen) for feature in lesson.looked_at)
    scaled = tuple(features.scale(feature, value) for feature, value in zip(lesson.looked_at, values, strict=True))
    stage = deal.stage.id
    fitted = stage_fit.learn(lesson.rows, lesson.looked_at)
    ranked = fitted.rank(values, stage)
    # Where it fits the stage in which it stands, what tells it from the next best says why.
    other = stage if ranked[0] != stage else next((one for one in ranked if one != stage), stage)
    return DealOutlook(
        deal_id=deal_id,
        customer=deal.customer,
        stage=stage,
        stage_name=deal.stage.name,
        chance=learned.chance(stage, scaled),
        baseline=learned.baseline(stage),
        reached=len(lesson.list_reached(stage)),
        is_better=model.check(lesson.rows, lesson.looked_at).is_better,
        why=_reasons(learned, deal.stage, values, scaled),
        fits=ranked[0],
        fits_name=lesson.name_of(ranked[0]),
        fit_why=tuple(
            f"{lesson.looked_at[n].name}: {features.show(lesson.looked_at[n], values[n])}; like that in {here:.0%} of"
            f" the won deals in {lesson.name_of(ranked[0])}, in {there:.0%} in {lesson.name_of(other)}"
            for n, here, there in fitted.tell(values, ranked[0], other)[:_MOST_FIT_REASONS]
            if here > there
        ),
        fit=lesson.check_fit(),
    )


def _prepare(pipeline: str) -> _Lesson:
    stages = process.current().stages(pipeline)
    in_force = tuple(form for form in forms.list_in_force() if form.pipeline == pipeline)
    looked_at = features.list_features(stages, [form.stage for form in in_force])
    known = {stage.id for stage in stages}
    # A stage that the process no longer has teaches nothing.
    found = [
        history
        for history in histories.list_closed(pipeline, FEWEST)
        if any(stay.stage in known for stay in history.list_stays())
    ]
    won = sum(history.is_won for history in found)
    if min(won, len(found) - won) < FEWEST:
        raise RefusedError(
            f"Too few closed deals to learn from: {won} won and {len(found) - won} lost; {FEWEST} of each are needed"
        )
    return _Lesson(pipeline, stages, in_force, found, looked_at, model.list_rows(found, looked_at, stages))


def _weights(learned: Learned) -> tuple[Weight, ...]:
    found = [
        Weight(
            feature.id,
            math.exp(weight),
            f"{feature.more}: {_side(weight)} winning, odds times {math.exp(weight):.2f}",
        )
        for feature, weight in zip(learned.features, learned.coefficients[1:], strict=True)
        if abs(weight) >= _LEAST_REASON
    ]
    return tuple(sorted(found, key=lambda one: -abs(math.log(one.odds)))[:_MOST_REASONS])


def _reasons(
    learned: Learned, stage: Stage, values: tuple[float | None, ...], scaled: tuple[float | None, ...]
) -> tuple[Reason, ...]:
    found = []
    usual = learned.usual(stage.id)
    for n, part in enumerate(learned.parts(stage.id, scaled)):
        feature = learned.features[n]
        if abs(part) < _LEAST_REASON:
            continue
        mean = features.show_usual(feature, usual[n])
        where = "" if feature.kind is Kind.YES else f" in {stage.name}"
        others = " of the others there" if feature.kind is Kind.YES else ""
        sentence = (
            f"{feature.name}: {features.show(feature, values[n])}, {mean}{others}{where};"
            f" {_side(part)} winning, odds times {math.exp(part):.2f}"
        )
        found.append(Reason(feature.id, math.exp(part), sentence))
    return tuple(sorted(found, key=lambda one: -abs(math.log(one.odds)))[:_MOST_REASONS])


def _side(weight: float) -> str:
    return "for" if weight > 0 else "against"
