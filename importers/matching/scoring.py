"""The score of a pair: log odds in nats that two records are one customer; pure functions of patterns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from importers.matching import priors
from importers.matching.comparison import Levels
from importers.matching.encode import Mask
from importers.matching.kinds import Address, Category, Dob, Email, Field, Ident, Name, Phone
from importers.matching.model import MATCH, Mixture, Model, Nats
from importers.matching.patterns import Numbers, unpack
from importers.matching.priors import Row

# A pair that has nothing but the name in common and another birth date stays below even odds.
_HELD = -0.5


@dataclass(frozen=True)
class PatternScores:
    """For each pattern the logarithms of its joint probability with each side, and what its levels say.

    Attributes:
        match: log P(pattern, one customer).
        rules: The same with all blocking classes together, before the rarity of values counts.
        household: The same with the household classes.
        strangers: The same with two people taken at random, for pairs that no rule proposes: if not one customer, what
            they agree on they agree on by chance.
        corroborated: Something besides the name agrees, at least nearly.
        personal: Something agrees that a household doesn't share, so that the pair may join by itself.
        contradicts: Birth date or given name are other ones, and if not one customer the two are of one household: a
            third record must not tie them together.
        held: The birth date differs and nothing corroborates.
        names_differ: The names are other ones.
    """

    match: Nats
    rules: Nats
    household: Nats
    strangers: Nats
    corroborated: Mask
    personal: Mask
    contradicts: Mask
    held: Mask
    names_differ: Mask

    @classmethod
    def of(
        cls, mixture: Mixture, strangers: Mapping[Field, Row], levels: Mapping[Field, Levels], size: int
    ) -> PatternScores:
        """Score `size` patterns."""
        if not levels:
            nothing = np.zeros(size, dtype=np.bool_)
            low = np.full(size, -np.inf)
            return cls(low, np.zeros(size), low, np.zeros(size), nothing, nothing, nothing, nothing, nothing)
        second = corroborated(levels, size)
        dob, name = level_of(levels, Field.DOB, size), level_of(levels, Field.NAME, size)
        rules = log_sum(mixture.joint(levels, mixture.rules), size)
        household = log_sum(mixture.joint(levels, mixture.households), size)
        return cls(
            match=mixture.joint(levels, MATCH)[0],
            rules=rules,
            household=household,
            strangers=_strangers(mixture, strangers, levels, size),
            corroborated=second,
            personal=personal(levels, size),
            contradicts=((dob == Dob.DIFFER) | np.isin(name, (Name.SURNAME_ONLY, Name.DIFFER))) & (household > rules),
            held=(dob == Dob.DIFFER) & ~second,
            names_differ=name == Name.DIFFER,
        )

    def nats(self, places: Numbers, rarity: npt.NDArray[np.float32], *, proposed: bool = True) -> Nats:
        """Return the scores of pairs.

        s = M - log(exp(R - t) + exp(H)), t being the rarity of the values that a pair shares.

        Args:
            places: Which pattern each pair has.
            rarity: t of each pair.
            proposed: Whether blocking rules propose the pairs; if not, R is of strangers.
        """
        unlike = self.rules if proposed else self.strangers
        score = self.match[places] - np.logaddexp(unlike[places] - rarity, self.household[places])
        return np.where(self.held[places], np.minimum(score, _HELD), score)


def _strangers(mixture: Mixture, rows: Mapping[Field, Row], levels: Mapping[Field, Levels], size: int) -> Nats:
    total: Nats = np.full(size, np.log1p(-min(float(mixture.shares[MATCH]), 1 - priors.FLOOR)))
    for field, level in levels.items():
        total += np.log(np.maximum(rows[field], priors.FLOOR))[level]
    return total


def scores_of(model: Model, numbers: Numbers, fields: tuple[Field, ...]) -> tuple[PatternScores, Numbers]:
    """Return the scores of the patterns among `numbers`, and which of them each number is."""
    present, places = np.unique(numbers, return_inverse=True)
    scores = PatternScores.of(model.mixture, model.strangers, unpack(present, fields), len(present))
    return scores, places.astype(np.int32)


def log_sum(joint: Nats, size: int) -> Nats:
    """Return log(sum(exp(rows))), -infinity without rows."""
    if not len(joint):
        return np.full(size, -np.inf)
    highest = joint.max(axis=0)
    found: Nats = highest + np.log(np.exp(joint - highest).sum(axis=0))
    return found


def posterior(nats: Nats) -> Nats:
    """Return the probability that goes with a score."""
    found: Nats = 1 / (1 + np.exp(-np.clip(nats, -700, 700)))
    return found


def level_of(levels: Mapping[Field, Levels], field: Field, size: int) -> Levels:
    """Return the levels of a field, all missing where the records don't have it."""
    found = levels.get(field)
    return np.zeros(size, dtype=np.int8) if found is None else found


def _up_to(levels: Mapping[Field, Levels], field: Field, last: int, size: int) -> Mask:
    level = level_of(levels, field, size)
    found: Mask = (level > 0) & (level <= last)
    return found


def corroborated(levels: Mapping[Field, Levels], size: int) -> Mask:
    """Tell which patterns agree, at least nearly, on something besides the name."""
    return (
        _up_to(levels, Field.DOB, Dob.TWO_PARTS, size)
        | _up_to(levels, Field.EMAIL, Email.NEAR, size)
        | _up_to(levels, Field.PHONE, Phone.TYPO, size)
        | _up_to(levels, Field.ADDRESS, Address.POSTCODE, size)
        | _up_to(levels, Field.IDENT, Ident.TYPO, size)
    )


def personal(levels: Mapping[Field, Levels], size: int) -> Mask:
    """Tell which patterns may join without a person.

    Father and son share name, phone and address, so a birth date, an email or an id must agree besides; twins share
    the birth date, and may be Daniel and Danielle, so a given name that only resembles needs an email that doesn't
    differ, and one gender.
    """
    second = (
        _up_to(levels, Field.DOB, Dob.TWO_PARTS, size)
        | _up_to(levels, Field.EMAIL, Email.SAME_LETTERS, size)
        | _up_to(levels, Field.IDENT, Ident.TYPO, size)
    )
    resembles = np.isin(level_of(levels, Field.NAME, size), (Name.CLOSE, Name.INITIAL))
    other_email = level_of(levels, Field.EMAIL, size) == Email.DIFFER
    other_gender = level_of(levels, Field.CATEGORY, size) == Category.DIFFER
    found: Mask = second & ~(resembles & (other_email | other_gender))
    return found
