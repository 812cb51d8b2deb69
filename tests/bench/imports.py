"""An import of 1M records beside the floor: reading the same files with pandas and writing their rows with sqlite3.

`python tests/bench/imports.py [--rounds 3] [--people 118500] [--accounts 7110]` prints medians of seconds and peak
memory of whole commands, with all processes they start, and their ratios to the floor of the same round. The matching
alone is timed too, in a process of its own with the memory and the collector of an import: one may take so much longer
than three times the floor.

Before each command as much memory is used and given back as the largest needs: the host of a virtual machine takes what
is free and is slow to give it again, which would be charged to whoever asks first.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from contoso_tui.cli.errors import LEFT_FOR_REVIEW
from contoso_tui.demo.files import DemoFiles, write_files
from models import own_process

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 16)
FIRST, AGAIN, REVERT, FLOOR, MATCHING = "import", "again, 0 changes", "revert", "floor", "matching alone"
_SAMPLE_SECONDS = 0.02
_LEVELLED_BYTES = 3 << 30
_USE_MEMORY = """
import mmap, sys
memory, piece = mmap.mmap(-1, int(sys.argv[1])), bytes(1 << 20)
while memory.tell() + len(piece) <= len(memory):
    memory.write(piece)
"""


@dataclass(frozen=True)
class Run:
    """One command with all it starts: seconds from start to end, those on processors, and the most memory they held."""

    seconds: float
    processor_seconds: float
    peak_bytes: int


FIGURES: tuple[tuple[Callable[[Run], float], str, str], ...] = (
    (lambda run: run.seconds, "6.1f", "s"),
    (lambda run: run.processor_seconds, "8.1f", "s"),
    (lambda run: run.peak_bytes / 1e6, "5.0f", "MB"),
)


def measure(command: Sequence[str], folder: Path) -> tuple[Run, str]:
    """Run a command to its end and return what it took and what it printed."""
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    subprocess.run([sys.executable, "-c", _USE_MEMORY, str(min(_LEVELLED_BYTES, available // 2))], check=True)
    out = folder / "out"
    with out.open("w") as target:
        began = time.perf_counter()
        with (folder / "errors").open("w") as errors:
            process = subprocess.Popen(command, stdout=target, stderr=errors, env=environment(folder))
        peak, ended = 0, 0
        while not ended:
            peak = max(peak, resident(process.pid))
            time.sleep(_SAMPLE_SECONDS)
            # Of this child and what it started alone: the most of all children would hide the smaller ones.
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, LEFT_FOR_REVIEW):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{(folder / 'errors').read_text()}")
    return Run(seconds, used.ru_utime + used.ru_stime, max(peak, used.ru_maxrss * 1024)), out.read_text()


def resident(process_id: int) -> int:
    """Return how many bytes of memory a process and all it started hold; 0 where nobody can tell."""
    place = Path(f"/proc/{process_id}")
    try:
        pages = int((place / "statm").read_text().split()[1])
        children = (place / "task" / str(process_id) / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(resident(int(child)) for child in children)


def environment(folder: Path) -> dict[str, str]:
    """Return an environment without the user's own configuration."""
    own = {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(folder / "none"), "XDG_STATE_HOME": str(folder / "state")}
    return dict(os.environ) | own


def contoso(data: Path, *words: str) -> list[str]:
    """Return a command of this checkout's program on a database."""
    return [sys.executable, "-m", "contoso_tui", "--data", str(data), *words]


def floor(files: Sequence[Path], data: Path) -> None:
    """Read the files as texts and write their rows into plain tables, in one transaction."""
    import pandas as pd

    with closing(sqlite3.connect(data)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        for number, path in enumerate(files):
            frame = pd.read_csv(path, dtype=str, keep_default_na=False)
            names = ", ".join(f'"{name}" TEXT' for name in frame.columns)
            connection.execute(f"CREATE TABLE source_{number} ({names})")
            marks = ", ".join("?" for _ in frame.columns)
            columns = [frame[name].tolist() for name in frame.columns]
            connection.executemany(f"INSERT INTO source_{number} VALUES ({marks})", zip(*columns, strict=True))
        connection.commit()


def match(files: Sequence[Path]) -> float:
    """Return the seconds that matching the people of these files takes, once they are read."""
    from importers import collector, grouping, incoming, recognise, sheets
    from importers.existing import Known

    found = dict(enumerate(recognise.open_files(files).found))
    people = sheets.read({number: one for number, one in found.items() if one.source.is_people})
    compared = incoming.compare(people, Known())
    with collector.paused():
        began = time.perf_counter()
        grouping.group(compared, Known(), None)
        return time.perf_counter() - began


def one_round(files: DemoFiles, folder: Path) -> dict[str, Run]:
    """Run the floor, the import, the same import again and its revert, one after the other."""
    for name in ("floor.db", "bench.db"):
        for path in folder.glob(f"{name}*"):
            path.unlink()
    data, source = folder / "bench.db", str(files.paths[0].parent)
    plain = [sys.executable, str(Path(__file__).resolve()), "--floor", str(folder / "floor.db"), source]
    found: dict[str, Run] = {}
    found[FLOOR], _ = measure(plain, folder)
    alone, told = measure([sys.executable, str(Path(__file__).resolve()), "--matching", source], folder)
    found[MATCHING] = replace(alone, seconds=float(told))
    found[FIRST], told = measure(contoso(data, "import", source, "--yes", "--json"), folder)
    expect(told, new=records(files), changed=0)
    found[AGAIN], told = measure(contoso(data, "import", source, "--yes", "--json"), folder)
    expect(told, new=0, changed=0)
    # The second import changed nothing, so the first can be taken back.
    found[REVERT], _ = measure(contoso(data, "import", "revert", "1", "--json"), folder)
    return found


def records(files: DemoFiles) -> int:
    """Return how many rows the files have in all."""
    return sum(files.counts[path.name] for path in files.paths)


def expect(told: str, **counts: int) -> None:
    """Stop if an import did something else: its time would mean nothing."""
    found = json.loads(told)["data"]["records"]
    if {name: found[name] for name in counts} != counts:
        raise SystemExit(f"expected {counts}, found {found}")


def table(rounds: Sequence[dict[str, Run]]) -> None:
    """Print medians, and the medians of each round's ratios to its floor."""
    print(f"{'':18} {'seconds':>8} {'x floor':>8} {'processor':>10} {'x floor':>8} {'peak':>8} {'x floor':>8}")
    for name in rounds[0]:
        line = f"{name:18}"
        for figure, form, unit in FIGURES:
            middle = statistics.median(figure(each[name]) for each in rounds)
            ratio = statistics.median(figure(each[name]) / figure(each[FLOOR]) for each in rounds)
            line += f" {format(middle, form)} {unit} {ratio:8.2f}"
        print(line)
    besides = statistics.median((each[FIRST].seconds - each[MATCHING].seconds) / each[FLOOR].seconds for each in rounds)
    print(f"an import but for the matching: {besides:.2f} x floor; target 3, and below 4 GB")


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=118_500)
    parser.add_argument("--accounts", type=int, default=7110)
    parser.add_argument("--floor", nargs=2, type=Path, metavar=("FILE", "DIR"), help=argparse.SUPPRESS)
    parser.add_argument("--matching", type=Path, metavar="DIR", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.matching:
        own_process.restart()
        print(match([given.matching]))
        return
    if given.floor:
        floor(sorted(given.floor[1].glob("*.csv")), given.floor[0])
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_files(folder / "files", today=TODAY, people=given.people, accounts=given.accounts)
        size = sum(path.stat().st_size for path in files.paths)
        print(f"{records(files):,} records in {len(files.paths)} files, {size / 1e6:.0f} MB")
        table([one_round(files, folder) for _ in range(given.rounds)])


if __name__ == "__main__":
    main()
