"""How well and how fast records are matched, beside Splink, on published and on made-up sets, in one run.

`python tests/bench/matching.py [--sets febrl1 retail_10k ...] [--rounds 3] [--splink PYTHON]` prints F1 of pairs and of
B-cubed, seconds and peak memory: medians, each run in a process of its own that is given no word of who is who.
Published sets are read from the folder that CONTOSO_TEST_DATA names.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from matching_sets import SETS, RecordSet, prepare

from importers.matching import metrics

HERE, ROOT = Path(__file__).resolve().parent, Path(__file__).resolve().parents[2]
OWN, GENERAL = "contoso", "general"


@dataclass(frozen=True)
class Line:
    """One line of the table: the groups of one run, judged; `seconds` and `peak` are medians of all rounds."""

    what: str
    pairs: metrics.Score
    bcubed: metrics.Score
    seconds: float
    peak: float
    note: str = ""


def run(
    script: str, python: Path, records: RecordSet, folder: Path, *more: str, patience: float | None = None
) -> dict[str, object]:
    """Run a matcher on a set and return what it wrote; nothing where it wasn't done after `patience` seconds."""
    kinds, out = folder / "kinds.json", folder / "out.json"
    kinds.write_text(json.dumps(records.kinds))
    command = [str(python), str(HERE / script), str(records.records), str(kinds), str(out), *more]
    own = {"PYTHONPATH": str(ROOT)} if script == "matching_run.py" else {}
    try:
        done = subprocess.run(
            command, env=dict(os.environ) | own, capture_output=True, text=True, check=False, timeout=patience
        )
    except subprocess.TimeoutExpired:
        return {}
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    found: dict[str, object] = json.loads(out.read_text())
    return found


def judge(who: str, rounds: Sequence[dict[str, object]], truth: pd.Series[str]) -> list[Line]:
    """Return the lines of one matcher: of ours both thresholds, of a peer that of .95 and the best one."""
    seconds, peak = (statistics.median(float(str(one[name])) for one in rounds) for name in ("seconds", "peak"))
    groups = rounds[0]["groups"]
    assert isinstance(groups, dict)
    lines = []
    for name, group in groups.items():
        found = pd.Series(group).reindex(truth.index)
        score, bcubed = metrics.pairs(found, truth), metrics.bcubed(found, truth)
        lines.append(Line(f"{who}, {name}", score, bcubed, seconds, peak))
    if who == OWN:
        return [replace(lines[0], note=_to_review(rounds[0]["review"], truth)), *lines[1:]]
    best = max(lines, key=lambda line: line.pairs.f1)
    chosen = f"labels chose {best.what.rpartition(', ')[2]}"
    return [lines[0], Line(f"{who}, best", best.pairs, best.bcubed, seconds, peak, chosen)]


def _to_review(pairs: object, truth: pd.Series[str]) -> str:
    """Say how many pairs people are asked about, and how many of them are one customer."""
    assert isinstance(pairs, list)
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    same = (truth.reindex(left).to_numpy() == truth.reindex(right).to_numpy()).mean() if pairs else 0.0
    return f"{len(pairs):,} pairs to review, {same:.0%} of them one customer"


def show(records: RecordSet, lines: Sequence[Line]) -> None:
    """Print the lines of a set."""
    people = records.truth.nunique()
    print(f"\n{records.name}: {len(records.truth):,} records, {people:,} customers")
    print(f"{'':30} {'pair F1':>8} {'prec.':>7} {'recall':>7} {'B3 F1':>7} {'seconds':>8} {'peak MB':>8}")
    for line in lines:
        print(
            f"{line.what:30} {line.pairs.f1:8.4f} {line.pairs.precision:7.4f} {line.pairs.recall:7.4f}"
            f" {line.bcubed.f1:7.4f} {line.seconds:8.2f} {line.peak / 1e6:8.0f}  {line.note}".rstrip(),
            flush=True,
        )


def main() -> None:
    """Run all and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--splink", type=Path, metavar="PYTHON", help="a Python that has splink==5.*")
    parser.add_argument("--patience", type=float, default=1200, metavar="SECONDS", help="of a run of Splink")
    given = parser.parse_args()
    data = os.environ.get("CONTOSO_TEST_DATA")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for wanted in given.sets:
            records = prepare(wanted, Path(data) if data else None, folder)
            if records is None:
                print(f"\n{wanted}: left out, CONTOSO_TEST_DATA does not name the folder of published data")
                continue
            plans = (*records.examples, GENERAL) if given.splink else ()
            made: dict[str, list[dict[str, object]]] = {OWN: [], **{f"splink {plan}": [] for plan in plans}}
            for _ in range(given.rounds):
                # Round by round, so that a slow moment of the machine hits both.
                made[OWN].append(run("matching_run.py", Path(sys.executable), records, folder))
                for plan in plans:
                    found = run("matching_splink.py", given.splink, records, folder, plan, patience=given.patience)
                    made[f"splink {plan}"] += [found] if found else []
            show(
                records, [line for who, rounds in made.items() if rounds for line in judge(who, rounds, records.truth)]
            )
            for who in (who for who, rounds in made.items() if len(rounds) < given.rounds):
                print(f"{who:30} not done after {given.patience:,.0f} s in {given.rounds - len(made[who])} rounds")


if __name__ == "__main__":
    main()
