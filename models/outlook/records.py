"""What the outside sees of what was learned from closed deals: frozen records."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Quality(NamedTuple):
    """How well deals were judged that were left out of the learning, beside the plain baseline.

    The log loss of a deal is minus the natural logarithm of the chance that its true outcome was given: less is better,
    0.69 is a coin's.
    """

    loss: float
    baseline_loss: float
    margin: float
    """Two standard errors of the difference, deal by deal."""
    deals: int
    folds: int

    @property
    def is_better(self) -> bool:
        """Whether the model beats the baseline by more than chance would."""
        return self.baseline_loss - self.loss > self.margin


class StageShare(NamedTuple):
    """The plain baseline of a stage: how many of the closed deals that reached it were won."""

    stage: str
    name: str
    reached: int
    won: int


class Weight(NamedTuple):
    """What weighs for or against winning; `odds` is the factor of one standard deviation more."""

    feature: str
    odds: float
    sentence: str


class Reason(NamedTuple):
    """Why a deal is judged as it is; `odds` is the factor by which it changes the odds."""

    feature: str
    odds: float
    sentence: str


class FitQuality(NamedTuple):
    """How often the stage of a won deal that was left out was told from its history, 0 to 1."""

    right: float
    baseline: float
    """The same of always naming the stage in which deals stand most often."""
    baseline_stage: str
    """Name of that stage."""


class Judged(NamedTuple):
    """A closed deal that another threshold would have judged otherwise."""

    deal_id: int
    customer: str
    outcome: str
    score: int


class Threshold(NamedTuple):
    """What a questionnaire's threshold, and the one that parts won from lost best, make of closed deals.

    Accuracy counts won and lost alike: the mean of the share of won deals that were let on and of lost deals that were
    held, so that always answering the same is 0.5.
    """

    stage: str
    name: str
    rule: str
    """The rule in force, in words."""
    won: int
    lost: int
    refusal: str = ""
    """Why nothing is said; the fields below say nothing then."""
    accuracy: float = 0.0
    best_rule: str = ""
    best_accuracy: float = 0.0
    left_out_accuracy: float = 0.0
    """Of thresholds chosen in the same way, on the deals that were left out of the choice."""
    margin: float = 0.0
    """Two standard errors of what that gains on the rule in force."""
    moved: tuple[Judged, ...] = ()
    """Deals that the best rule would have let on and the one in force held."""
    held: tuple[Judged, ...] = ()
    """Deals that the best rule would have held and the one in force let on."""

    @property
    def is_better(self) -> bool:
        """Whether another threshold would have judged better by more than chance would, also deals left out."""
        return not self.refusal and self.left_out_accuracy - self.accuracy > self.margin


class Report(NamedTuple):
    """What the closed deals of a pipeline teach."""

    pipeline: str
    pipeline_name: str
    won: int
    lost: int
    since: dt.date
    """When the first of them was closed."""
    quality: Quality
    weights: tuple[Weight, ...]
    """What weighs most, heaviest first."""
    baseline: tuple[StageShare, ...]
    fit: FitQuality
    thresholds: tuple[Threshold, ...]


class DealOutlook(NamedTuple):
    """How likely an open deal is to be won, and which stage its history fits."""

    deal_id: int
    customer: str
    stage: str
    stage_name: str
    chance: float
    baseline: float
    """Share won of the deals that reached this stage."""
    reached: int
    """How many those are."""
    is_better: bool
    """Whether the model beat the baseline on deals left out."""
    why: tuple[Reason, ...]
    """What weighs most in this deal, heaviest first."""
    fits: str
    """The stage whose won deals its history resembles most."""
    fits_name: str
    fit_why: tuple[str, ...]
    fit: FitQuality
