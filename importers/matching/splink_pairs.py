"""Candidate pairs from Splink, on DuckDB or Spark: the same keys joined by a program that spills to disk or spreads.

Comparing, learning, clustering and explaining stay here: Splink's own model knows no households. Splink takes each
pair under its first rule, so how many rules propose it is counted here, as `missed` wants it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers.matching.blocking import Candidates, Propose, RuleReport, budget_of, capped, pair_ids, rules_of
from importers.matching.encode import Encoded, Positions
from importers.matching.parts import KeyParts
from models.errors import UsageError

_PLACE = "place"
_MISSING = "This engine needs more than is installed: pip install 'contoso-tui[scale]'"

Join = Callable[[pd.DataFrame, Sequence[str]], pd.DataFrame]
"""Gets one row a record (its place, a key for each rule, null for none) and the rules; returns pairs of places."""


def proposer(engine: str) -> Propose:
    """Return what proposes pairs by an engine of `ENGINES`.

    Raises:
        UsageError: there is no such engine, or its packages aren't installed.
    """
    if engine not in ENGINES:
        raise UsageError(f"There is no engine {engine}; there are {', '.join(ENGINES)}")
    try:
        import splink  # noqa: F401
    except ImportError as error:
        raise UsageError(_MISSING) from error
    return partial(_propose, ENGINES[engine])


def _propose(join: Join, encoded: Encoded, parts: KeyParts) -> Candidates:
    keys: dict[str, Positions] = {}
    dropped: dict[str, int] = {}
    for name, fields in rules_of(parts).items():
        key = parts.joint([part for some in fields.values() for part in some])
        keys[name], dropped[name] = capped(key, budget_of(encoded.size))
    columns = [f"rule_{number}" for number in range(len(keys))]
    table = pd.DataFrame({_PLACE: np.arange(encoded.size, dtype=np.int64)})
    for column, key in zip(columns, keys.values(), strict=True):
        table[column] = pd.array(key, dtype="Int64")
        table.loc[key < 0, column] = pd.NA
    found = join(table, columns) if encoded.size and columns else pd.DataFrame({"left": [], "right": []})
    left, right = (found[side].to_numpy(dtype=np.int64) for side in ("left", "right"))
    ids = np.sort(pair_ids(left, right, encoded.size))
    proposals = np.zeros(len(ids), dtype=np.uint8)
    reports = []
    for name, key in keys.items():
        shares = _shares(key, ids, encoded.size)
        proposals += shares
        reports.append(RuleReport(name, int(shares.sum()), dropped[name]))
    return Candidates(ids, proposals, reports)


def _shares(key: Positions, ids: Positions, size: int) -> npt.NDArray[np.bool_]:
    low = key[ids // max(size, 1)]
    shared: npt.NDArray[np.bool_] = (low >= 0) & (low == key[ids % max(size, 1)])
    return shared


def _join(api: Any, table: Any, columns: Sequence[str]) -> pd.DataFrame:
    """Let Splink pair the records of a table that its database holds."""
    import splink.comparison_library as comparisons
    from splink import Linker, SettingsCreator

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=_PLACE,
        # Asked for, and not used: pairs are taken as the rules give them.
        comparisons=[comparisons.ExactMatch(columns[0])],
        blocking_rules_to_generate_predictions=[f"l.{column} = r.{column}" for column in columns],
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker(api.register(table, dataset_display_name="records"), settings, log_level=None)
    pairs = linker.inference.deterministic_link().as_pandas_dataframe()
    return pd.DataFrame({"left": pairs[f"{_PLACE}_l"], "right": pairs[f"{_PLACE}_r"]})


def _by_duckdb(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    import duckdb
    from splink import DuckDBAPI

    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/pairs.duckdb") as connection:
        connection.register("records_frame", table)
        connection.execute("CREATE TABLE records_keys AS SELECT * FROM records_frame")
        return _join(DuckDBAPI(connection=connection), "records_keys", columns)


def _by_spark(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Use the session that is configured (`SPARK_HOME`, spark-defaults), or one on this machine."""
    from pyspark.sql import SparkSession
    from splink import SparkAPI

    with ExitStack() as held:
        folder = held.enter_context(tempfile.TemporaryDirectory())
        path = f"{folder}/keys.parquet"
        # A file instead of rows sent one by one: Spark reads it in parts.
        table.to_parquet(path)
        session = SparkSession.builder.appName("contoso").config("spark.ui.enabled", "false").getOrCreate()
        held.callback(session.stop)
        session.sparkContext.setLogLevel("ERROR")
        session.sparkContext.setCheckpointDir(f"{folder}/checkpoints")
        return _join(SparkAPI(spark_session=session), session.read.parquet(path), columns)


ENGINES: Mapping[str, Join] = {"splink-duckdb": _by_duckdb, "splink-spark": _by_spark}
