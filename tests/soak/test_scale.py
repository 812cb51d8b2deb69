"""Pairs by Splink on DuckDB and on Spark are those of our own keys, and so are the customers.

Wants `pip install -e '.[scale]'`, and Java for Spark. `python -m pytest tests/soak/test_scale.py`
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from importers import matching
from importers.matching import splink_pairs

RECORDS = 20_000
_RETAIL = Path(__file__).parents[1] / "bench" / "retail.py"


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("retail")
    subprocess.run([sys.executable, str(_RETAIL), str(folder), "--records", str(RECORDS)], check=True)
    return pd.read_csv(folder / "records.csv", dtype=str, keep_default_na=False).set_index("id")


@pytest.mark.parametrize("engine", splink_pairs.ENGINES)
def test_customers_are_the_same_whoever_proposes_the_pairs(engine: str, records: pd.DataFrame) -> None:
    pytest.importorskip("splink", reason="Splink isn't installed: pip install -e '.[scale]'")
    if engine.endswith("spark") and not shutil.which("java"):
        pytest.skip("Spark needs Java, which isn't installed")
    kinds = {name: name for name in records.columns}
    own = matching.resolve(records, kinds)
    theirs = matching.resolve(records, kinds, propose=splink_pairs.proposer(engine))
    assert [(rule.rule, rule.pairs) for rule in theirs.rules] == [(rule.rule, rule.pairs) for rule in own.rules]
    pd.testing.assert_series_equal(theirs.customer_of, own.customer_of)
    assert own.customer_of.nunique() < len(records)
