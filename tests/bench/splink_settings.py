"""What Splink is told: by the examples of its own documentation for the sets they are about, and by us for all sets.

The examples are those of Splink 5 (docs/demos): `examples/duckdb/febrl3` for the FEBRL sets, and for fake_1000 both
`tutorials/04_Estimating_model_parameters` and `examples/duckdb/accuracy_analysis_from_labels_column`. Their columns,
comparisons, blocking, deterministic rules, recall, pairs for u and training blocks are taken over as they stand.
`general` is ours, for all sets: more columns, more rules, dates and phones freed of signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import splink.comparison_library as cl
from splink import ColumnExpression, block_on

GENERAL = "general"
_FEW = 20_000
_MEANINGS = ("given", "surname", "dob", "email", "phone", "street", "city", "postcode", "ident", "category")


@dataclass(frozen=True)
class Plan:
    """Settings of one run; `table` is the query that reads the file of records.

    A training block for which the records have nothing to learn from is passed over where `is_lenient`.
    """

    table: str
    comparisons: Sequence[Any]
    blocking: Sequence[Any]
    sure: Sequence[Any]
    recall: float
    pairs: float
    seed: int | None
    training: Sequence[Any]
    training_options: dict[str, Any] = field(default_factory=dict)
    is_lenient: bool = False


def febrl3(records: str, kinds: dict[str, str]) -> Plan:
    """Return the settings of the example that takes duplicates out of febrl3."""
    return Plan(
        _as_they_are(records, kinds),
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        blocking=[block_on(name) for name in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")],
        sure=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
        ],
        recall=0.9,
        pairs=1e6,
        seed=2,
        training=[block_on("date_of_birth"), block_on("postcode")],
    )


def fake_tutorial(records: str, kinds: dict[str, str]) -> Plan:
    """Return the settings of the tutorial, which is about fake_1000."""
    return Plan(
        _as_they_are(records, kinds),
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.LevenshteinAtThresholds(ColumnExpression("dob").cast_to_string(), 1),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking=[block_on("first_name", "city"), block_on("surname")],
        sure=[
            block_on("first_name", "dob"),
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            block_on("email"),
        ],
        recall=0.7,
        pairs=2e6,
        seed=None,
        training=[block_on("first_name", "surname"), block_on("dob")],
    )


def fake_accuracy(records: str, kinds: dict[str, str]) -> Plan:
    """Return the settings of the example that measures accuracy, on fake_1000 too."""
    near_birth = "levenshtein(r.dob::VARCHAR, l.dob::VARCHAR) <= 1"
    return Plan(
        _as_they_are(records, kinds),
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=False),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking=[block_on(name) for name in ("first_name", "surname", "dob", "email")],
        sure=[
            f"l.first_name = r.first_name and {near_birth}",
            f"l.surname = r.surname and {near_birth}",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            "l.email = r.email",
        ],
        recall=0.7,
        pairs=1e6,
        seed=5,
        training=[block_on("dob"), block_on("email"), block_on("first_name", "surname")],
        training_options={"estimate_without_term_frequencies": True},
    )


def general(records: str, kinds: dict[str, str]) -> Plan:
    """Return settings for any people, after the kinds of columns."""
    cells = _by_kind(kinds)
    fields = set(cells)
    both = ", concat_ws(' ', given, surname) AS both_names" if {"given", "surname"} <= fields else ""
    columns = ", ".join(f"{cell} AS {kind}" for kind, cell in cells.items())
    table = f"SELECT *{both} FROM (SELECT id AS unique_id, {columns} FROM {_source(records)})"
    with open(records, encoding="utf-8") as rows:
        many = sum(1 for _ in rows) > _FEW
    sure = [("ident",), ("given", "surname", "dob"), ("email",)]
    training = [("dob",), ("email",), ("given", "surname"), ("postcode", "surname")]
    return Plan(
        table,
        comparisons=_general_comparisons(fields),
        blocking=_blocks(fields, _general_blocking(many=many)),
        sure=_blocks(fields, sure),
        recall=0.7,
        pairs=1e6,
        seed=1,
        training=_blocks(fields, training)[:3],
        is_lenient=True,
    )


def _general_comparisons(fields: set[str]) -> list[Any]:
    made: list[Any] = []
    if {"given", "surname"} <= fields:
        made.append(cl.ForenameSurnameComparison("given", "surname", forename_surname_concat_col_name="both_names"))
    else:
        made += [cl.NameComparison(name) for name in ("given", "surname") if name in fields]
    simple = {
        "dob": lambda: cl.DateOfBirthComparison("dob", input_is_string=True, datetime_format="%Y%m%d"),
        "email": lambda: cl.EmailComparison("email"),
        "phone": lambda: cl.LevenshteinAtThresholds("phone", [1, 2]),
        "street": lambda: cl.JaroWinklerAtThresholds("street", [0.9, 0.7]),
        "city": lambda: cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        "postcode": lambda: cl.LevenshteinAtThresholds("postcode", [1]).configure(term_frequency_adjustments=True),
        "ident": lambda: cl.DamerauLevenshteinAtThresholds("ident", [1, 2]),
        "category": lambda: cl.ExactMatch("category"),
    }
    return made + [make() for name, make in simple.items() if name in fields]


def _general_blocking(*, many: bool) -> list[tuple[str, ...]]:
    """Return the columns that candidates share: single ones of few records, pairs of them of many."""
    rules: list[tuple[str, ...]] = [("ident",), ("email",), ("phone",)]
    if many:
        return [*rules, ("given", "surname"), ("surname", "dob"), ("given", "dob"), ("surname", "postcode"),
                ("given", "postcode")]  # fmt: skip
    return [*rules, ("given",), ("surname",), ("dob",), ("postcode",)]


def _blocks(fields: set[str], wanted: Sequence[tuple[str, ...]]) -> list[Any]:
    return [block_on(*columns) for columns in wanted if set(columns) <= fields]


def _as_they_are(records: str, kinds: dict[str, str]) -> str:
    """Return the query for the columns under their own names; birth dates with hyphens become dates."""
    cells = {header: f"nullif(trim({_quoted(header)}), '')" for header in kinds}
    if kinds.get("dob") == "dob":
        cells["dob"] = f"try_cast({cells['dob']} AS DATE)"
    columns = ", ".join(f"{cell} AS {_quoted(header)}" for header, cell in cells.items())
    return f"SELECT id AS unique_id, {columns} FROM {_source(records)}"


def _by_kind(kinds: dict[str, str]) -> dict[str, str]:
    """Return an expression for each kind; the first column of a kind counts, but streets are joined."""
    cells = {kind: f"nullif(trim(lower({_quoted(header)})), '')" for header, kind in reversed(kinds.items())}
    streets = ", ".join(f"nullif(trim(lower({_quoted(name)})), '')" for name, kind in kinds.items() if kind == "street")
    if streets:
        cells["street"] = f"nullif(concat_ws(' ', {streets}), '')"
    if "given" not in cells and "fullname" in cells:
        cells["surname"] = f"regexp_extract({cells['fullname']}, '(\\S+)$', 1)"
        cells["given"] = f"nullif(trim(regexp_replace({cells['fullname']}, '\\S+$', '')), '')"
    for kind, keep in (("dob", 8), ("phone", 9)):
        if kind in cells:
            digits = f"regexp_replace({cells[kind]}, 'x.*|\\D', '', 'g')"
            cells[kind] = f"nullif(right({digits}, {keep}), '')"
    return {kind: cell for kind, cell in cells.items() if kind in _MEANINGS}


def _source(records: str) -> str:
    return f"read_csv('{records}', header = true, all_varchar = true, quote = '\"')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


PLANS = {
    "febrl3 example": febrl3,
    "tutorial": fake_tutorial,
    "accuracy example": fake_accuracy,
    GENERAL: general,
}
"""Every peer by the name under which it is reported."""
