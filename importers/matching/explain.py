"""Why two records have their score, in lines that add up to it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from importers.matching.comparison import compare
from importers.matching.encode import Encoded
from importers.matching.frequency import Rarity
from importers.matching.kinds import LABELS, Field
from importers.matching.model import MATCH, Model
from importers.matching.patterns import pack
from importers.matching.priors import FLOOR
from importers.matching.scoring import scores_of

BIT = float(np.log(2))  # nats


class Line(NamedTuple):
    """One line of an explanation: the field, what was found in words, and what it is worth in bits."""

    field: str
    label: str
    bits: float


def field_bits(model: Model, field: Field) -> npt.NDArray[np.float64]:
    """Return log2(m / u) of each level of a field: one customer's records against two people taken at random."""
    match = np.maximum(model.mixture.rows[field][MATCH], FLOOR)
    found: npt.NDArray[np.float64] = np.log2(match / np.maximum(model.strangers[field], FLOOR))
    return found


def explain(
    encoded: Encoded, model: Model, fields: tuple[Field, ...], rarity: Rarity, left: int, right: int, *, proposed: bool
) -> list[Line]:
    """Return what speaks for and against the records at two positions being one customer.

    Beside the fields: how rare the shared values are; the share of matches among all candidate pairs; what follows
    from how relatives, and strangers with that key in common, look; and where no rule proposes the pair, what is
    taken for that.
    """
    first, second = np.array([min(left, right)]), np.array([max(left, right)])
    levels = compare(encoded, first, second, fields)
    lines = [
        Line(field.value, LABELS[field][int(level[0])], float(field_bits(model, field)[int(level[0])]))
        for field, level in levels.items()
    ]
    scores, places = scores_of(model, pack(levels, 1), fields)
    worth = rarity.nats(levels, first, second)
    plain = scores.nats(places, np.zeros(1, dtype=np.float32), proposed=proposed)[0]
    total = scores.nats(places, worth, proposed=proposed)[0]
    share = float(model.mixture.shares[MATCH])
    lines.append(Line("rarity", "how rare the shared values are", float(total - plain) / BIT))
    lines.append(Line("prior", "pairs that look alike", float(np.log2(share / (1 - share)))))
    rest = float(plain) / BIT - sum(line.bits for line in lines if line.field != "rarity")
    lines.append(Line("context", "relatives, and strangers who share a key, look alike too", rest))
    if not proposed:
        lines.append(Line("keys", "nothing in common that would have had them compared", -model.unproposed / BIT))
    return lines
