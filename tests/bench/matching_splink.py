"""One run of Splink in a process of its own, by the Python of an environment that has it, on the same file of records.

`PYTHON tests/bench/matching_splink.py RECORDS.csv KINDS.json OUT.json`, where PYTHON has `splink==5.*`

Settings are those of Splink's own examples (comparisons by kind of column, training by expectation maximisation, a
threshold of .95), blocking on single columns up to 20,000 records and on two above, as its manual advises.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

DOCUMENTED = 0.95
# Weights at which the best threshold is looked for afterwards, by who knows the truth.
WEIGHTS = (-2, 0, 2, 4.25, 6, 8, 10, 12, 15, 18, 20, 22, 24, 26, 30, 34)
FEW = 20_000
MEANINGS = ("given", "surname", "dob", "email", "phone", "street", "city", "postcode", "ident", "category")


def comparisons(fields: set[str]) -> list[object]:
    """Return what is compared and how."""
    made: list[object] = []
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


def blocking(fields: set[str], records: int) -> list[tuple[str, ...]]:
    """Return the columns that candidates share."""
    single = [("ident",), ("email",), ("phone",)]
    if records <= FEW:
        single += [("given",), ("surname",), ("dob",), ("postcode",)]
    double = [
        ("given", "surname"),
        ("surname", "dob"),
        ("given", "dob"),
        ("surname", "postcode"),
        ("given", "postcode"),
    ]
    wanted = single if records <= FEW else single + double
    return [columns for columns in wanted if set(columns) <= fields]


def table(records: Path, kinds: dict[str, str]) -> str:
    """Return the query that reads the file under the names of what its columns hold; digits alone of numbers."""
    cells = {kind: f"nullif(trim(lower({_quoted(header)})), '')" for header, kind in reversed(kinds.items())}
    if "given" not in cells and "fullname" in cells:
        cells["surname"] = f"regexp_extract({cells['fullname']}, '(\\S+)$', 1)"
        cells["given"] = f"nullif(trim(regexp_replace({cells['fullname']}, '\\S+$', '')), '')"
    for kind, keep in (("dob", 8), ("phone", 9)):
        if kind in cells:
            digits = f"regexp_replace({cells[kind]}, 'x.*|\\D', '', 'g')"
            cells[kind] = f"nullif(right({digits}, {keep}), '')"
    both = ", concat_ws(' ', given, surname) AS both_names" if {"given", "surname"} <= set(cells) else ""
    columns = ", ".join(f"{cell} AS {kind}" for kind, cell in cells.items() if kind in MEANINGS)
    source = f"read_csv('{records}', header = true, all_varchar = true, quote = '\"')"
    return f"SELECT *{both} FROM (SELECT id AS unique_id, {columns} FROM {source})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def main(records: Path, kinds: Path, out: Path) -> None:
    """Train, predict and cluster, and write the groups at each threshold with seconds and peak memory."""
    meanings: dict[str, str] = json.loads(kinds.read_text())
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE people AS {table(records, meanings)}").fetchall()
    fields = {row[0] for row in connection.execute("DESCRIBE people").fetchall()}
    size = connection.execute("SELECT count(*) FROM people").fetchall()[0][0]
    began = time.perf_counter()
    database = DuckDBAPI(connection=connection)
    rules = blocking(fields, size)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons(fields),
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in rules],
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker(database.register("people", dataset_display_name="records"), settings, log_level=None)
    sure = [columns for columns in (("ident",), ("given", "surname", "dob"), ("email",)) if set(columns) <= fields]
    linker.training.estimate_probability_two_random_records_match([block_on(*columns) for columns in sure], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    trainers = [c for c in (("dob",), ("email",), ("given", "surname"), ("postcode", "surname")) if set(c) <= fields]
    for columns in trainers[:3]:
        # Where two files of one set never fill the same column, a session has nothing to learn from and stops.
        with contextlib.suppress(ValueError):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    predicted = linker.inference.predict(threshold_match_weight=min(WEIGHTS))
    documented = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=DOCUMENTED
    )
    groups = {"documented": _groups(documented)}
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for weight in WEIGHTS:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_weight=weight)
        groups[f"weight {weight}"] = _groups(found)
    out.write_text(json.dumps({"seconds": seconds, "peak": peak, "bands": {}, "groups": groups}))


def _groups(clustered: object) -> dict[str, str]:
    rows = clustered.as_duckdbpyrelation().select("unique_id, cluster_id").fetchall()  # type: ignore[attr-defined]
    return {row[0]: str(row[1]) for row in rows}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
