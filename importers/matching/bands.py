"""From which score on pairs join without a person."""

from __future__ import annotations

import numpy as np

from importers.matching.model import Nats
from importers.matching.scoring import posterior

# The posterior says .993 where .981 are right, so .999 is asked for to get .995.
WANTED = 0.999
# Where nearly all pairs are sure they would carry bad ones along; odds of 20 to 1 are the least.
LEAST = 3.0
# Fewer pairs have no mean to speak of: then what was learned of customers with blanks, households and namesakes holds
# (4.3 to 4.5 on generated files of 10,000 to a million records).
LEAST_PAIRS, UNLEARNED = 200, 4.4


def threshold(nats: Nats) -> float:
    """Return the lowest score, at least 3 nats, whose mean posterior of all pairs at or above it is .999."""
    if len(nats) < LEAST_PAIRS:
        return UNLEARNED
    sure = -np.sort(-nats[nats >= LEAST])
    if not len(sure):
        return LEAST
    mean = np.cumsum(posterior(sure)) / np.arange(1, len(sure) + 1)
    if mean[-1] >= WANTED:
        return LEAST
    enough = np.flatnonzero(mean >= WANTED)
    return float(sure[enough[-1]]) if len(enough) else float(np.nextafter(sure[0], np.inf))
