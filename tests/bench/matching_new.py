"""New records among many that have their customers: what an import after the first one waits for.

`python tests/bench/matching_new.py [--records 1000000] [--new 1000] [--rounds 4]` prints seconds: matching all at once,
the keys of what is there, once, and then the new records alone, medians of rounds; beside it how they fare.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import pandas as pd
import retail

from importers import matching
from importers.matching import incremental, metrics

KINDS = {field: field for field in retail.FIELDS}


def main() -> None:
    """Match all but some, and then these."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=4)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path, right = retail.write(Path(name), given.records)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, index_col="id")
        truth = pd.read_csv(right, dtype=str, index_col="id")["person"].reindex(frame.index)
    chosen = frame.sample(given.new * given.rounds, random_state=1)
    standing = frame.drop(chosen.index)
    began = time.perf_counter()
    found = matching.resolve(standing, KINDS, threshold=0.0)
    print(f"{len(standing):,} records matched at once: {time.perf_counter() - began:.1f} s")
    known = incremental.Known.of(found)
    seconds = []
    for start in range(0, len(chosen), given.new):
        new = chosen.iloc[start : start + given.new]
        began = time.perf_counter()
        added = incremental.add(known, new, KINDS, threshold=0.0)
        seconds.append(time.perf_counter() - began)
        together = pd.concat([found.customer_of, added.customer_of])
        together.update(added.moved)
        f1 = metrics.pairs(together.astype("int64"), truth.reindex(together.index)).f1
        print(f"{len(new):,} new: {seconds[-1]:.2f} s, F1 of all {f1:.4f}", flush=True)
    print(f"the first with the keys of all made; median of the others {statistics.median(seconds[1:]):.2f} s")


if __name__ == "__main__":
    main()
