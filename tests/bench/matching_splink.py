"""One run of Splink in a process of its own, by the Python of an environment that has it, on the same file of records.

`PYTHON tests/bench/matching_splink.py RECORDS.csv KINDS.json OUT.json PLAN`, where PYTHON has `splink==5.*` and PLAN
is one of `splink_settings.PLANS`. Groups are made at .95 and at the weights among which labels choose the best.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator
from splink_settings import PLANS

DOCUMENTED = 0.95
# Weights at which the best threshold is looked for afterwards, by who knows the truth.
WEIGHTS = (-2, 0, 2, 4.25, 6, 8, 10, 12, 15, 18, 20, 22, 24, 26, 30, 34)


def main(records: Path, kinds: Path, out: Path, name: str) -> None:
    """Train, predict and cluster, and write the groups at each threshold with seconds and peak memory."""
    plan = PLANS[name](str(records), json.loads(kinds.read_text()))
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE people AS {plan.table}").fetchall()
    began = time.perf_counter()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=plan.comparisons,
        blocking_rules_to_generate_predictions=plan.blocking,
        retain_intermediate_calculation_columns=False,
    )
    database = DuckDBAPI(connection=connection)
    linker = Linker(database.register("people", dataset_display_name="records"), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(plan.sure, recall=plan.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=plan.pairs, seed=plan.seed)
    for block in plan.training:
        # Where the sources of one set never fill the same column, a session has nothing to learn from and stops.
        with contextlib.suppress(*([ValueError] if plan.is_lenient else [])):
            linker.training.estimate_parameters_using_expectation_maximisation(block, **plan.training_options)
    predicted = linker.inference.predict(threshold_match_weight=min(WEIGHTS))
    documented = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=DOCUMENTED
    )
    groups = {f"{DOCUMENTED:.0%}": _groups(documented)}
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for weight in WEIGHTS:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_weight=weight)
        groups[f"weight {weight}"] = _groups(found)
    out.write_text(json.dumps({"seconds": seconds, "peak": peak, "review": [], "groups": groups}))


def _groups(clustered: object) -> dict[str, str]:
    rows = clustered.as_duckdbpyrelation().select("unique_id, cluster_id").fetchall()  # type: ignore[attr-defined]
    return {row[0]: str(row[1]) for row in rows}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), sys.argv[4])
