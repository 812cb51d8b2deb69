"""Learns the mixture by expectation and maximisation on level patterns; no labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from importers.matching import priors
from importers.matching.bands import LEAST_PAIRS
from importers.matching.comparison import Levels
from importers.matching.kinds import LADDERS, Email, Field
from importers.matching.model import MATCH, Mixture, Nats
from importers.matching.patterns import Patterns
from importers.matching.priors import Row
from importers.matching.sampling import Part, Samples
from importers.matching.scoring import log_sum

_LEAST_ROUNDS, _MOST_ROUNDS, _STILL = 12, 60, 1e-6
# Weights of what was believed before, in pairs.
_MATCH_PAIRS, _MATCH_PART = 20.0, 0.03
_HOUSEHOLD_PAIRS, _MAIL_PAIRS = 50.0, 200.0
# Strangers of one name have look-alike emails, so these classes learn theirs.
_NAME_RULES = ("name", "name, year", "name, area")
_MOST_SAME_MAIL = 1e-4


def learn(patterns: Patterns, rules: Mapping[str, Mapping[Field, Part]], samples: Samples) -> Learned:
    """Return the mixture that explains the patterns of the candidate pairs best, within the bounds.

    Args:
        patterns: Of all candidate pairs.
        rules: The blocking rules that proposed them.
        samples: Pairs of strangers, drawn at random.
    """
    strangers = samples.strangers()
    mixture = _start(rules, samples, strangers)
    # A few pairs teach nothing: with them the starting values hold.
    is_enough = patterns.counts.sum() >= LEAST_PAIRS
    if is_enough:
        mixture = _Learner(patterns, mixture, strangers).run()
    strangers = samples.strangers(mixture, _matches(patterns, mixture))
    mixture = _purified(mixture, rules, samples, strangers)
    return Learned(_Learner(patterns, mixture, strangers).run() if is_enough else mixture, strangers)


def _matches(patterns: Patterns, mixture: Mixture) -> float:
    """Return how many candidate pairs are expected to be of one customer."""
    joint = mixture.joint(patterns.levels)
    return float((np.exp(joint[MATCH] - log_sum(joint, len(patterns))) * patterns.counts).sum())


@dataclass(frozen=True)
class Learned:
    """A mixture, and the levels of two people taken at random."""

    mixture: Mixture
    strangers: dict[Field, Row]


def _start(rules: Mapping[str, Mapping[Field, Part]], samples: Samples, strangers: Mapping[Field, Row]) -> Mixture:
    """Return the mixture that learning starts from."""
    classes = ("match", *rules, *priors.HOUSEHOLD)
    rows = {}
    for field, unlike in strangers.items():
        household = [priors.household_row(member, field, unlike) for member in priors.HOUSEHOLD]
        each = _rule_rows(rules, samples, field, unlike, None)
        rows[field] = np.array([priors.match_row(field, unlike), *each, *household])
    each_rule = [priors.RULES_SHARE / max(len(rules), 1)] * len(rules)
    shares = np.array([priors.MATCH_SHARE, *each_rule, *priors.HOUSEHOLD_SHARES])
    return Mixture(classes, shares / shares.sum(), rows)


def _purified(
    mixture: Mixture, rules: Mapping[str, Mapping[Field, Part]], samples: Samples, strangers: Mapping[Field, Row]
) -> Mixture:
    """Return the mixture with the rows of the rules as strangers have them, without pairs of one customer."""
    rows = {field: known.copy() for field, known in mixture.rows.items()}
    for field, known in rows.items():
        known[mixture.rules] = np.array(_rule_rows(rules, samples, field, strangers[field], mixture)).reshape(
            known[mixture.rules].shape
        )
    return Mixture(mixture.classes, mixture.shares, rows)


def _rule_rows(
    rules: Mapping[str, Mapping[Field, Part]], samples: Samples, field: Field, strangers: Row, mixture: Mixture | None
) -> list[Row]:
    return [samples.row(rule[field], field, mixture) if field in rule else strangers for rule in rules.values()]


@dataclass
class _Step:
    """What one round begins with."""

    shares: Row
    match: dict[Field, Row]
    household: dict[Field, Row]
    mail: Row | None


class _Learner:
    """Holds what no round changes: the patterns, and the part of each class that is fixed."""

    def __init__(self, patterns: Patterns, mixture: Mixture, strangers: Mapping[Field, Row]) -> None:
        self._levels, self._counts = patterns.levels, patterns.counts
        self._mixture = mixture
        self._strangers = strangers
        self._believed = {field: priors.match_row(field, strangers[field]) for field in self._levels}
        self._shared = [field for field in priors.HOUSEHOLD_LEARNED if field in self._levels]
        self._mailing = [
            at for at, name in enumerate(mixture.classes) if name in _NAME_RULES and Field.EMAIL in self._levels
        ]
        self._fixed = self._fixed_part()

    def _fixed_part(self) -> Nats:
        """Return the logarithms of all rows that no round changes, classes by patterns."""
        classes = len(self._mixture.classes)
        fixed = np.zeros((classes, len(self._counts)))
        for field, level in self._levels.items():
            logs = np.log(np.maximum(self._mixture.rows[field], priors.FLOOR))
            logs[MATCH] = 0
            if field in self._shared:
                logs[self._mixture.households] = 0
            if field is Field.EMAIL:
                logs[self._mailing] = 0
            fixed += logs[:, level]
        return fixed

    def run(self) -> Mixture:
        household = self._mixture.households
        step = _Step(
            self._mixture.shares,
            {field: self._mixture.rows[field][MATCH] for field in self._levels},
            {field: self._mixture.rows[field][household][0] for field in self._shared},
            self._strangers[Field.EMAIL] if self._mailing else None,
        )
        for number in range(1, _MOST_ROUNDS + 1):
            before = step.shares[MATCH]
            step = self._maximise(self._expect(step), step)
            if number >= _LEAST_ROUNDS and abs(step.shares[MATCH] - before) < _STILL:
                break
        return self._as_mixture(step)

    def _expect(self, step: _Step) -> Nats:
        """Return how many pairs of each pattern (columns) belong to each class (rows)."""
        joint = self._fixed + np.log(np.maximum(step.shares, priors.FLOOR))[:, None]
        for field, level in self._levels.items():
            joint[MATCH] += np.log(np.maximum(step.match[field], priors.FLOOR))[level]
            if field in self._shared:
                joint[self._mixture.households] += np.log(np.maximum(step.household[field], priors.FLOOR))[level]
        if step.mail is not None:
            joint[self._mailing] += np.log(np.maximum(step.mail, priors.FLOOR))[self._levels[Field.EMAIL]]
        joint -= joint.max(axis=0)
        np.exp(joint, out=joint)
        joint *= self._counts / joint.sum(axis=0)
        return joint

    def _maximise(self, weights: Nats, step: _Step) -> _Step:
        shares = _bounded(weights.sum(axis=1) + 1.0, self._mixture)
        match, household = {}, {}
        of_match, of_household = weights[MATCH], weights[self._mixture.households].sum(axis=0)
        for field, level in self._levels.items():
            found = _totals(field, level, of_match)
            believed = self._believed[field][1:] * max(_MATCH_PAIRS, _MATCH_PART * found.sum())
            match[field] = priors.row(found + believed)
            if field in self._shared:
                found = _totals(field, level, of_household)
                household[field] = priors.row(found + _HOUSEHOLD_PAIRS * step.household[field][1:])
        mail = None
        if self._mailing:
            level = self._levels[Field.EMAIL]
            found = _totals(Field.EMAIL, level, weights[self._mailing].sum(axis=0))
            found += _MAIL_PAIRS * self._strangers[Field.EMAIL][1:]
            same = _MAIL_PAIRS * self._strangers[Field.EMAIL][Email.EQUAL]
            found[Email.EQUAL - 1] = 0
            found[Email.EQUAL - 1] = min(same, _MOST_SAME_MAIL * found.sum())
            mail = priors.row(found)
        return _Step(shares, match, household, mail)

    def _as_mixture(self, step: _Step) -> Mixture:
        rows = {field: self._mixture.rows[field].copy() for field in self._levels}
        for field, found in rows.items():
            found[MATCH] = step.match[field]
            if field in self._shared:
                found[self._mixture.households] = step.household[field]
        if step.mail is not None:
            rows[Field.EMAIL][self._mailing] = step.mail
        return Mixture(self._mixture.classes, step.shares, rows)


def _totals(field: Field, level: Levels, weights: Nats) -> Row:
    return np.bincount(level, weights=weights, minlength=LADDERS[field] + 1)[1:].astype(np.float64)


def _bounded(weights: Row, mixture: Mixture) -> Row:
    """Return shares in which twins and namesakes are no more than their part of the other relatives."""
    shares = weights / weights.sum()
    relative, twin, namesake = shares[mixture.households]
    twin, namesake = min(twin, priors.MOST_TWINS * relative), min(namesake, priors.MOST_NAMESAKES * relative)
    shares[mixture.households] = relative, twin, namesake
    found: Row = shares / shares.sum()
    return found
