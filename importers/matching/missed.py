"""How many matches no blocking rule proposes, and what that says of pairs that none does."""

from __future__ import annotations

import numpy as np

from importers.matching.blocking import Candidates
from importers.matching.model import Nats
from importers.matching.scoring import posterior


def share_missed(candidates: Candidates, nats: Nats) -> float:
    """Estimate the share of matches that no rule proposes.

    Chao's (1984) lower bound for what is never seen, f1 squared over 2 f2, where f1 and f2 are the matches (summed
    posteriors) that one rule and two rules propose.
    """
    weights = posterior(nats)
    found = np.bincount(candidates.proposals, weights=weights, minlength=3)
    once, twice, total = found[1], found[2], found.sum()
    unseen = once**2 / (2 * max(twice, 1.0))
    return float(unseen / max(total + unseen, 1.0))


def unproposed(candidates: Candidates, nats: Nats) -> float:
    """Return the nats to take from pairs that no rule proposes: the odds against a match being among them."""
    missed = np.clip(share_missed(candidates, nats), 1e-4, 0.5)
    return float(np.log((1 - missed) / missed))
