"""One run of the matching engine in a process of its own, which is given a file of records and never who is who.

`python tests/bench/matching_run.py RECORDS.csv KINDS.json OUT.json`
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd

from importers import matching

# Even odds: the best F1. The product merges above the threshold that the engine finds by itself.
EVEN = 0.0


def main(records: Path, kinds: Path, out: Path) -> None:
    """Resolve the records at both thresholds, and write the groups of each with seconds and peak memory."""
    frame = pd.read_csv(records, dtype=str, keep_default_na=False, index_col="id")
    meanings: dict[str, str] = json.loads(kinds.read_text())
    began = time.perf_counter()
    found = matching.resolve(frame, meanings)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    even = matching.resolve(frame, meanings, threshold=EVEN).customer_of
    review = found.pairs[found.pairs["band"] == "review"]
    out.write_text(json.dumps({
        "seconds": seconds, "peak": peak, "review": review[["left", "right"]].to_numpy().tolist(),
        "groups": {name: dict(zip(group.index, map(int, group), strict=True))
                   for name, group in (("automatic", found.customer_of), ("even odds", even))},
    }))  # fmt: skip


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
