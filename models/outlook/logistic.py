"""Logistic regression with a ridge, by Newton's method: pure, the same for the same numbers.

The penalised likelihood and its steps are those of le Cessie and van Houwelingen (1992), "Ridge estimators in logistic
regression". The penalty is the one with the highest evidence: the likelihood with the coefficients integrated out, by
Laplace's approximation, as in MacKay (1992), "The evidence framework applied to classification networks".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

Column = list[float]

PENALTIES = (256.0, 64.0, 16.0, 4.0, 1.0)
"""Inverse variances that a standardised coefficient may have beforehand, the strictest first: it wins a tie."""
_MOST_STEPS = 30
_ENOUGH = 1e-8
_SMALLEST_STEP = 1e-3
# Keeps the first pivot above 0 where all chances are near 0 or 1.
_JITTER = 1e-9


class Sample(NamedTuple):
    """What is learned from, by columns; the first column is the constant, which has no penalty.

    `offsets` are log odds known beforehand, `labels` are 0 or 1, `weights` say how much each row counts.
    """

    columns: tuple[Column, ...]
    offsets: Column
    labels: Column
    weights: Column


class Fit(NamedTuple):
    """Coefficients in the order of the columns."""

    coefficients: tuple[float, ...]
    penalty: float
    evidence: float


def chance(log_odds: float) -> float:
    """Return the chance that log odds mean."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    grown = math.exp(log_odds)
    return grown / (1 + grown)


def log_odds(chance: float) -> float:
    """Return the log odds of a chance between 0 and 1."""
    return math.log(chance / (1 - chance))


def fit(sample: Sample) -> Fit:
    """Return the coefficients under the penalty that the sample itself speaks for."""
    found: list[Fit] = []
    start: Sequence[float] = [0.0] * len(sample.columns)
    for penalty in PENALTIES:
        found.append(_solve(sample, penalty, start))
        start = found[-1].coefficients
    return max(found, key=lambda one: one.evidence)


def _solve(sample: Sample, penalty: float, start: Sequence[float]) -> Fit:
    penalties = [0.0] + [penalty] * (len(start) - 1)
    at = list(start)
    value = _worth(sample, penalties, at)
    lower: list[Column] = []
    for _ in range(_MOST_STEPS):
        gradient, curvature = _slopes(sample, penalties, at)
        lower = _cholesky(curvature)
        step = _through(lower, gradient)
        size = 1.0
        tried = [old + change for old, change in zip(at, step, strict=True)]
        reached = _worth(sample, penalties, tried)
        while reached < value and size > _SMALLEST_STEP:
            size /= 2
            tried = [old + size * change for old, change in zip(at, step, strict=True)]
            reached = _worth(sample, penalties, tried)
        if reached - value <= _ENOUGH:
            break
        at, value = tried, reached
    half_log_determinant = sum(math.log(row[-1]) for row in lower)
    evidence = value + (len(at) - 1) / 2 * math.log(penalty) - half_log_determinant
    return Fit(tuple(at), penalty, evidence)


def _sums(sample: Sample, at: Sequence[float]) -> Column:
    sums = sample.offsets
    for coefficient, column in zip(at, sample.columns, strict=True):
        if coefficient:
            sums = [before + coefficient * value for before, value in zip(sums, column, strict=True)]
    return sums


def _worth(sample: Sample, penalties: Sequence[float], at: Sequence[float]) -> float:
    """Return the penalised log likelihood."""
    likelihood = sum(
        weight * (label * one - max(one, 0.0) - math.log1p(math.exp(-abs(one))))
        for one, label, weight in zip(_sums(sample, at), sample.labels, sample.weights, strict=True)
    )
    return likelihood - sum(penalty * value * value for penalty, value in zip(penalties, at, strict=True)) / 2


def _slopes(sample: Sample, penalties: Sequence[float], at: Sequence[float]) -> tuple[Column, list[Column]]:
    """Return the gradient, and the lower half of the negative matrix of second derivatives."""
    chances = [chance(one) for one in _sums(sample, at)]
    rests = [
        weight * (label - given) for weight, label, given in zip(sample.weights, sample.labels, chances, strict=True)
    ]
    bends = [weight * given * (1 - given) for weight, given in zip(sample.weights, chances, strict=True)]
    gradient, curvature = [], []
    for n, column in enumerate(sample.columns):
        gradient.append(sum(map(mul, column, rests)) - penalties[n] * at[n])
        bent = list(map(mul, column, bends))
        row = [sum(map(mul, bent, other)) for other in sample.columns[: n + 1]]
        row[n] += penalties[n] + _JITTER
        curvature.append(row)
    return gradient, curvature


def _cholesky(matrix: Sequence[Column]) -> list[Column]:
    """Return the lower triangle whose product with its transpose is the matrix, given by its lower half."""
    lower: list[Column] = []
    for row in matrix:
        made: Column = []
        for n, value in enumerate(row[:-1]):
            made.append((value - sum(map(mul, made, lower[n][:n]))) / lower[n][n])
        made.append(math.sqrt(row[-1] - sum(map(mul, made, made))))
        lower.append(made)
    return lower


def _through(lower: Sequence[Column], right: Sequence[float]) -> Column:
    """Solve for what the matrix of this triangle turns into `right`."""
    between: Column = []
    for row, value in zip(lower, right, strict=True):
        between.append((value - sum(map(mul, row, between))) / row[-1])
    found = [0.0] * len(between)
    for n in range(len(between) - 1, -1, -1):
        rest = sum(lower[k][n] * found[k] for k in range(n + 1, len(between)))
        found[n] = (between[n] - rest) / lower[n][n]
    return found
