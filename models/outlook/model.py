"""The chance that a deal is won, learned from stays of closed deals in their stages: pure.

A deal is looked at in the middle of each of its stays, knowing only what was known then: whoever looks at an open deal
meets it somewhere within its stay, while at its end a lost deal would give itself away. These are the landmarks of
van Houwelingen (2007), "Dynamic prediction by landmarking in event history analysis".

What is looked at is compared with the same stage's average, and the share won of the stage is where the regression
starts from: a deal that is like the average of its stage in everything has the chance of the plain baseline.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.deals.records import Stage
from models.outlook import features, logistic
from models.outlook.features import Feature
from models.outlook.histories import History
from models.outlook.records import Quality

FOLDS = 5
# A stage that few deals reached leans on all the others by as much as this many deals.
_LEAN = 2.0
# No deviation tells more than this, in standard deviations: one odd deal must not lead.
_FARTHEST = 4.0
_LEAST_SCALE = 1e-9
# A chance of 0 would cost an endless loss, should the deal be won.
_SUREST = 0.999


class Row(NamedTuple):
    """One stay of a closed deal; `deal` is its place among the histories."""

    deal: int
    stage: str
    is_won: bool
    weight: float
    """All rows of a deal together weigh 1."""
    values: tuple[float | None, ...]
    scaled: tuple[float | None, ...]


class Learned(NamedTuple):
    """What was learned; deviations are those from the stage's average, in standard deviations."""

    features: tuple[Feature, ...]
    shares: Mapping[str, float]
    """Stage id to the share won of the deals that reached it."""
    share: float
    """The share won of all deals."""
    averages: Mapping[str, tuple[float, ...]]
    average: tuple[float, ...]
    scales: tuple[float, ...]
    coefficients: tuple[float, ...]
    """The constant first, then one for each feature."""

    def baseline(self, stage: str) -> float:
        """Return the share won of the deals that reached a stage."""
        return self.shares.get(stage, self.share)

    def usual(self, stage: str) -> tuple[float, ...]:
        """Return the averages of a stage, as `features.scale` has them."""
        return self.averages.get(stage, self.average)

    def deviations(self, stage: str, scaled: Sequence[float | None]) -> list[float]:
        """Return by how much each value differs from the stage's average; what isn't known doesn't."""
        return [
            0.0 if value is None or spread < _LEAST_SCALE else max(-_FARTHEST, min(_FARTHEST, (value - usual) / spread))
            for value, usual, spread in zip(scaled, self.usual(stage), self.scales, strict=True)
        ]

    def parts(self, stage: str, scaled: Sequence[float | None]) -> list[float]:
        """Return what each feature adds to the log odds."""
        return [weight * one for weight, one in zip(self.coefficients[1:], self.deviations(stage, scaled), strict=True)]

    def chance(self, stage: str, scaled: Sequence[float | None]) -> float:
        """Return the chance that a deal which stands so is won."""
        start = logistic.log_odds(self.baseline(stage)) + self.coefficients[0]
        return logistic.chance(start + sum(self.parts(stage, scaled)))


def list_rows(histories: Sequence[History], looked_at: Sequence[Feature], stages: Sequence[Stage]) -> list[Row]:
    """Return the stays of closed deals in the stages that the pipeline has."""
    order = {stage.id: stage.position for stage in stages}
    rows = []
    for deal, history in enumerate(histories):
        stays = [stay for stay in history.list_stays() if stay.stage in order]
        for stay in stays:
            seen = features.look(history, stay.place, (stay.begun + stay.ended) // 2, order)
            values = tuple(feature.take(seen) for feature in looked_at)
            scaled = tuple(features.scale(feature, value) for feature, value in zip(looked_at, values, strict=True))
            rows.append(Row(deal, stay.stage, history.is_won, 1 / len(stays), values, scaled))
    return rows


def learn(rows: Sequence[Row], looked_at: tuple[Feature, ...]) -> Learned:
    """Learn from the rows of won and of lost deals."""
    share = _share({(row.deal, row.is_won) for row in rows}, 0.5)
    by_stage: dict[str, list[Row]] = {}
    for row in rows:
        by_stage.setdefault(row.stage, []).append(row)
    places = range(len(looked_at))
    average = tuple(_average(rows, n, 0.0) for n in places)
    averages = {stage: tuple(_average(found, n, average[n]) for n in places) for stage, found in by_stage.items()}
    learned = Learned(
        features=looked_at,
        shares={stage: _share({(row.deal, row.is_won) for row in found}, share) for stage, found in by_stage.items()},
        share=share,
        averages=averages,
        average=average,
        scales=tuple(_spread(rows, n, averages) for n in places),
        coefficients=(0.0,) * (len(looked_at) + 1),
    )
    deviations = [learned.deviations(row.stage, row.scaled) for row in rows]
    # What never differs costs time and has no slope.
    used = [n for n in places if learned.scales[n] >= _LEAST_SCALE]
    columns = [[1.0] * len(rows), *([one[n] for one in deviations] for n in used)]
    constant, *slopes = logistic.fit(
        logistic.Sample(
            tuple(columns),
            [logistic.log_odds(learned.baseline(row.stage)) for row in rows],
            [float(row.is_won) for row in rows],
            [row.weight for row in rows],
        )
    ).coefficients
    slope_of = dict(zip(used, slopes, strict=True))
    return learned._replace(coefficients=(constant, *(slope_of.get(n, 0.0) for n in places)))


def _share(deals: set[tuple[int, bool]], leaning_to: float) -> float:
    won = sum(is_won for _, is_won in deals)
    return (won + _LEAN * leaning_to) / (len(deals) + _LEAN)


def _average(rows: Sequence[Row], n: int, unknown: float) -> float:
    known = [value for row in rows if (value := row.scaled[n]) is not None]
    return sum(known) / len(known) if known else unknown


def _spread(rows: Sequence[Row], n: int, averages: Mapping[str, tuple[float, ...]]) -> float:
    """Return the standard deviation of a feature within the stages."""
    known = [(value - averages[row.stage][n]) ** 2 for row in rows if (value := row.scaled[n]) is not None]
    return math.sqrt(sum(known) / len(known)) if known else 0.0


def split(rows: Sequence[Row]) -> dict[int, int]:
    """Return the fold of each deal: won and lost ones are dealt out in turn, in their order."""
    folds: dict[int, int] = {}
    dealt = {True: 0, False: 0}
    for row in rows:
        if row.deal not in folds:
            folds[row.deal] = dealt[row.is_won] % FOLDS
            dealt[row.is_won] += 1
    return folds


def check(rows: Sequence[Row], looked_at: tuple[Feature, ...]) -> Quality:
    """Return how well deals are judged that were left out of the learning: cross-validated log loss."""
    folds = split(rows)
    losses: dict[int, float] = {}
    plain: dict[int, float] = {}
    for fold in range(FOLDS):
        learned = learn([row for row in rows if folds[row.deal] != fold], looked_at)
        for row in rows:
            if folds[row.deal] == fold:
                given = learned.chance(row.stage, row.scaled)
                losses[row.deal] = losses.get(row.deal, 0.0) + row.weight * _loss(given, row.is_won)
                usual = _loss(learned.baseline(row.stage), row.is_won)
                plain[row.deal] = plain.get(row.deal, 0.0) + row.weight * usual
    gains = [plain[deal] - losses[deal] for deal in losses]
    count = len(gains)
    gain = sum(gains) / count
    deviation = math.sqrt(sum((one - gain) ** 2 for one in gains) / (count - 1))
    return Quality(
        loss=sum(losses.values()) / count,
        baseline_loss=sum(plain.values()) / count,
        margin=2 * deviation / math.sqrt(count),
        deals=count,
        folds=FOLDS,
    )


def _loss(chance: float, is_won: bool) -> float:
    given = max(1 - _SUREST, min(_SUREST, chance))
    return -math.log(given if is_won else 1 - given)
