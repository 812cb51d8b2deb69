"""Which stage a history fits: naive Bayes over the stays of won deals, pure.

Each feature counts by itself, in a few bins, with one more case of each so that none is impossible (Laplace's rule).
What follows from where a deal stood, its days in each stage, is left out: it would always name that very stage.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.outlook import features
from models.outlook.features import Feature
from models.outlook.model import FOLDS, Row, split


class Fitted(NamedTuple):
    """What won deals looked like in each stage."""

    places: tuple[int, ...]
    """Which features are looked at."""
    features: tuple[Feature, ...]
    stays: Mapping[str, int]
    """Stage id to the number of stays."""
    seen: Mapping[tuple[str, int, int], int]
    """Stage id, feature and bin to the number of stays."""
    kinds: Mapping[int, int]
    """Feature to the number of its bins that occur."""

    def share(self, stage: str, n: int, kept: int) -> float:
        """Return the share of the stays in a stage in which feature `n` was in this bin."""
        return (self.seen.get((stage, n, kept), 0) + 1) / (self.stays.get(stage, 0) + self.kinds.get(n, 0) + 1)

    def rank(self, values: Sequence[float | None], stands: str = "") -> list[str]:
        """Return the stages, the best fitting first; of those alike the one in which the deal stands."""
        bins = {n: features.to_bin(self.features[n], values[n]) for n in self.places}
        all_stays = sum(self.stays.values())
        worth = {
            stage: math.log(stays / all_stays) + sum(math.log(self.share(stage, n, kept)) for n, kept in bins.items())
            for stage, stays in self.stays.items()
        }
        return sorted(worth, key=lambda stage: (-round(worth[stage], 9), stage != stands, stage))

    def tell(self, values: Sequence[float | None], stage: str, other: str) -> list[tuple[int, float, float]]:
        """Return what speaks most for one stage and against another: feature, and its share in both."""
        found = []
        for n in self.places:
            kept = features.to_bin(self.features[n], values[n])
            found.append((n, self.share(stage, n, kept), self.share(other, n, kept)))
        return sorted(found, key=lambda one: (one[2] / one[1], one[0]))


def learn(rows: Sequence[Row], looked_at: tuple[Feature, ...]) -> Fitted:
    """Learn what won deals looked like; rows of lost ones are left out."""
    places = tuple(n for n, feature in enumerate(looked_at) if not feature.is_of_stage)
    stays: Counter[str] = Counter()
    seen: Counter[tuple[str, int, int]] = Counter()
    for row in rows:
        if row.is_won:
            stays[row.stage] += 1
            seen.update((row.stage, n, features.to_bin(looked_at[n], row.values[n])) for n in places)
    kinds = Counter(n for n, _ in {(n, kept) for _, n, kept in seen})
    return Fitted(places, looked_at, stays, seen, kinds)


def check(rows: Sequence[Row], looked_at: tuple[Feature, ...]) -> tuple[float, float, str]:
    """Return how often the stage of won deals that were left out is told, and always naming the commonest, and that."""
    won = [row for row in rows if row.is_won]
    folds = split(won)
    common = learn(won, looked_at)
    usual = min(common.stays, key=lambda stage: (-common.stays[stage], stage))
    right = plain = 0
    for fold in range(FOLDS):
        fitted = learn([row for row in won if folds[row.deal] != fold], looked_at)
        for row in won:
            if folds[row.deal] == fold:
                right += fitted.rank(row.values)[0] == row.stage
                plain += usual == row.stage
    return right / len(won), plain / len(won), usual
