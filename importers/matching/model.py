"""What was learned of a set of records: a mixture over level patterns, kept as JSON.

A class k of pairs gives each field its own distribution of levels, fields being independent within a class:
P(pattern) = sum over k of share[k] * product over fields of row[k][level]. Class 0 are pairs of one customer; then one
class for each blocking rule, of strangers who happen to share its key; then the members of a household. The shape is
Fellegi and Sunter's (1969) with more than two classes; unlabelled learning by EM (Winkler 1988).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from importers.matching import priors
from importers.matching.comparison import Levels
from importers.matching.frequency import Frequencies
from importers.matching.kinds import Field
from importers.matching.priors import Row

Nats = npt.NDArray[np.float64]
Rows = dict[Field, npt.NDArray[np.float64]]

VERSION = 1
MATCH = 0
# Half as many records again may have other habits of writing.
_GROWN = 1.5


@dataclass(frozen=True)
class Mixture:
    """Shares of the classes, and for each field a row of level probabilities for each class.

    `rows[field]` has the shape (classes, levels + 1); level 0, missing, counts as 1 in every class.
    """

    classes: tuple[str, ...]
    shares: Row
    rows: Rows

    @property
    def households(self) -> slice:
        """Which classes are of households: the last ones."""
        return slice(len(self.classes) - len(priors.HOUSEHOLD), len(self.classes))

    @property
    def rules(self) -> slice:
        """Which classes are of blocking rules."""
        return slice(1, len(self.classes) - len(priors.HOUSEHOLD))

    def joint(self, levels: Mapping[Field, Levels], some: slice | int = slice(None)) -> Nats:
        """Return log(share * probability) of each class (rows) for each pattern (columns), in nats."""
        shares = np.log(np.maximum(self.shares[some], priors.FLOOR))
        total = np.repeat(np.atleast_1d(shares)[:, None], len(next(iter(levels.values()), ())), axis=1)
        for field, level in levels.items():
            logs = np.log(np.maximum(np.atleast_2d(self.rows[field][some]), priors.FLOOR))
            total += logs[:, level]
        return total


@dataclass(frozen=True)
class Model:
    """All that scoring needs: it can be kept and given again.

    Attributes:
        fields: What is compared.
        sources: Names of the sources in the order of their numbers.
        mixture: Classes with shares and rows.
        strangers: Level distribution of each field between two records taken at random.
        frequencies: How common single values are.
        threshold: Nats from which pairs are joined without a person.
        unproposed: Nats taken from pairs that no blocking rule proposes.
        records: How many records it was learned from.
    """

    fields: tuple[Field, ...]
    sources: tuple[str, ...]
    mixture: Mixture
    strangers: dict[Field, Row]
    frequencies: Frequencies
    threshold: float
    unproposed: float
    records: int

    def why_learn_again(self, records: int, fields: Iterable[Field]) -> str:
        """Return why a new model should be learned for so many records with these fields, "" where this one will do."""
        new = sorted(set(fields) - set(self.fields))
        if new:
            return f"the records now have {', '.join(new)}"
        if records >= _GROWN * max(self.records, 1):
            return f"there are {records:,} records, and it was learned from {self.records:,}"
        return ""

    def to_json(self) -> str:
        """Return the model as JSON text that `from_json` reads back to the same scores."""
        kept: dict[str, Any] = {
            "version": VERSION,
            "fields": [field.value for field in self.fields],
            "sources": self.sources,
            "classes": self.mixture.classes,
            "shares": self.mixture.shares.tolist(),
            "rows": {field.value: rows.tolist() for field, rows in self.mixture.rows.items()},
            "strangers": {field.value: row.tolist() for field, row in self.strangers.items()},
            "frequencies": self.frequencies.to_plain(),
            "threshold": self.threshold,
            "unproposed": self.unproposed,
            "records": self.records,
        }
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Model:
        """Read a model that `to_json` wrote.

        Raises:
            ValueError: it is none, or of another version.
        """
        kept = json.loads(text)
        if not isinstance(kept, dict) or kept.get("version") != VERSION:
            raise ValueError("this is no matching model of this version: learn a new one")
        return cls(
            fields=tuple(Field(name) for name in kept["fields"]),
            sources=tuple(kept["sources"]),
            mixture=Mixture(
                tuple(kept["classes"]),
                np.array(kept["shares"]),
                {Field(name): np.array(rows) for name, rows in kept["rows"].items()},
            ),
            strangers={Field(name): np.array(row) for name, row in kept["strangers"].items()},
            frequencies=Frequencies.from_plain(kept["frequencies"]),
            threshold=float(kept["threshold"]),
            unproposed=float(kept["unproposed"]),
            records=int(kept["records"]),
        )
