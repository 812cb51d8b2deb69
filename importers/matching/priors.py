"""What is known of people before any file is read: where learning starts, and what few records fall back on.

Level distributions are lists from level 1 on. Sources: the starting values of the match and household classes were set
by hand for people in customer files; the chances between strangers are of an invented population of some hundred
thousand people.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from importers.matching.kinds import LADDERS, Field, Name

Row = npt.NDArray[np.float64]

FLOOR = 1e-9  # no probability is smaller
_UNNAMED = 1e-4

_MATCH: dict[Field, tuple[float, ...]] = {
    Field.NAME: (0.70, 0.12, 0.06, 0.04, 0.03, 0.02, 0.02, 0.01),
    Field.DOB: (0.935, 0.035, 0.02, 0.005, 0.005),
    Field.EMAIL: (0.70, 0.04, 0.02, 0.02, 0.22),
    Field.PHONE: (0.75, 0.05, 0.20),
    Field.ADDRESS: (0.60, 0.15, 0.05, 0.03, 0.04, 0.01, 0.12),
    Field.IDENT: (0.88, 0.08, 0.04),
    Field.COMPANY: (0.75, 0.10, 0.15),
    Field.CATEGORY: (0.8, 0.2),
}
_STRANGERS: dict[Field, tuple[float, ...]] = {
    Field.NAME: (2e-5, 2e-5, 2e-5, 2e-3, 1e-2, 1e-5, 1e-3, 0.987),
    Field.DOB: (5e-5, 1.5e-3, 4e-3, 4e-2, 0.954),
    Field.EMAIL: (1e-6, 1e-6, 1e-5, 1e-4, 1.0),
    Field.PHONE: (1e-6, 1e-6, 1.0),
    Field.ADDRESS: (1e-6, 1e-6, 1e-5, 1e-3, 1e-2, 1e-5, 0.989),
    Field.IDENT: (1e-6, 1e-5, 1.0),
    Field.COMPANY: (1e-3, 1e-3, 0.998),
    Field.CATEGORY: (0.5, 0.5),
}
# The same between strangers who agree on parts of a key, for samples that hold hardly any.
_AGREEING: dict[tuple[str, ...], tuple[float, ...]] = {
    ("name",): (0.55, 0.2, 0.003, 0.08, 0.05, 0.1, 0.003, 0.014),
    ("surname",): (0.002, 0.002, 0.003, 0.84, 0.001, 1e-4, 0.05, 0.1),
    ("given",): (0.002, 0.001, 0.003, 2e-4, 0.94, 1e-4, 0.03, 0.02),
    ("initials",): (0.005, 0.005, 0.01, 0.25, 0.07, 0.001, 0.001, 0.658),
    ("dob",): (1.0, 0, 0, 0, 0),
    ("year",): (0.003, 0.05, 0.06, 0.887, 0),
    ("month and day",): (0.014, 0.2, 0.786, 0, 0),
    ("email",): (1.0, 0, 0, 0, 0),
    ("email letters",): (0.1, 0, 0.9, 0, 0),
    ("phone",): (1.0, 0, 0),
    ("ident",): (1.0, 0, 0),
    ("company",): (1.0, 0, 0),
    ("area",): (1e-4, 1e-4, 1e-4, 0.04, 0.001, 1e-4, 0.96),
    ("district",): (5e-4, 3e-4, 1e-4, 0.15, 0.001, 1e-4, 0.85),
    ("postcode",): (0.003, 0.003, 1e-4, 0.99, 1e-4, 1e-4, 1e-4),
    ("street",): (0.02, 1e-4, 0.02, 1e-4, 1e-4, 0.96, 1e-4),
    ("number",): (5e-4, 2e-4, 2e-4, 0.002, 0.001, 0.002, 0.994),
    ("city", "number"): (0.001, 5e-4, 0.005, 0.01, 0.983, 1e-4, 1e-4),
    ("number", "postcode"): (0.015, 0.01, 1e-4, 0.974, 1e-4, 1e-4, 1e-4),
    ("city",): (1e-4, 1e-4, 1e-4, 0.01, 0.99, 1e-4, 1e-4),
}
# Members of one household: names and birth dates stay as they are here, the rest is learned from the files.
HOUSEHOLD = ("relative", "twin", "namesake")
HOUSEHOLD_LEARNED = (Field.ADDRESS, Field.PHONE, Field.EMAIL, Field.SOURCE)
_HOUSEHOLD_NAMES: dict[str, dict[Name, float]] = {
    "relative": {Name.SURNAME_ONLY: 0.80, Name.DIFFER: 0.17, Name.CLOSE: 0.01, Name.INITIAL: 0.01,
                 Name.PART_MISSING: 0.01},
    "twin": {Name.SURNAME_ONLY: 0.97, Name.DIFFER: 0.02, Name.CLOSE: 0.01},
    "namesake": {Name.EXACT: 0.85, Name.CLOSE: 0.10, Name.INITIAL: 0.05},
}  # fmt: skip
_TWIN_DOB = (0.94, 0.04, 0.01, 0.005, 0.005)
_HOUSEHOLD_SHARED: dict[Field, tuple[float, ...]] = {
    Field.ADDRESS: (0.65, 0.15, 0.02, 0.02, 0.02, 0.02, 0.02),
    Field.PHONE: (0.35, 0.02, 0.63),
    Field.EMAIL: (0.06, 0.01, 0.05, 0.02, 0.86),
}
# Shares of the classes among candidate pairs; the rules' classes have the rest of a half between them.
MATCH_SHARE, RULES_SHARE = 0.30, 0.5
HOUSEHOLD_SHARES = (0.05, 0.01, 0.02)
# Twins and namesakes are rarer than other relatives: else they would explain true matches away.
MOST_TWINS, MOST_NAMESAKES = 0.06, 0.05


def row(weights: tuple[float, ...] | Row) -> Row:
    """Return a distribution over levels from weights from level 1 on; level 0 (missing) counts as 1."""
    found = np.concatenate([[0.0], np.maximum(np.asarray(weights, dtype=np.float64), FLOOR)])
    found /= found.sum()
    found[0] = 1.0
    return found


def match_row(field: Field, strangers: Row) -> Row:
    """Return the starting levels of one customer's records; for sources those of strangers."""
    return row(_MATCH[field]) if field in _MATCH else strangers.copy()


def strangers_row(field: Field) -> Row:
    """Return the levels of two people taken at random in any population."""
    return row(_STRANGERS.get(field, (1.0,) * LADDERS[field]))


def agreeing_row(some: tuple[str, ...]) -> Row:
    """Return the levels of strangers who agree on parts of a key, in the field that the parts belong to."""
    return row(_AGREEING[some])


def household_row(member: str, field: Field, strangers: Row) -> Row:
    """Return the starting levels of two members of a household."""
    if field is Field.NAME:
        weights = np.full(LADDERS[field], _UNNAMED)
        for level, share in _HOUSEHOLD_NAMES[member].items():
            weights[level - 1] = share
        return row(weights)
    if field is Field.DOB and member == "twin":
        return row(_TWIN_DOB)
    return row(_HOUSEHOLD_SHARED[field]) if field in _HOUSEHOLD_SHARED else strangers.copy()
