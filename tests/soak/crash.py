"""kill -9 of an import and of moves at a random moment, and what must hold afterwards."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contoso_tui.demo import files
from tests.terminal.terminal import CONTOSO, ROOT, Home

PEOPLE, ACCOUNTS = 400, 20
# As long as a mover may work before it is killed; it makes some hundred moves a second.
LONGEST_MOVING_SECONDS = 1.5


@dataclass
class ImportCrash:
    """One database that is imported into again and again; `rounds` counts how each kill found the import."""

    home: Home
    seconds: float = 0.0
    rounds: dict[str, int] = field(default_factory=lambda: {"nothing": 0, "whole": 0})
    _expected: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def export(self) -> Path:
        """The folder of the four files."""
        return self.home.folder / "export"

    def prepare(self) -> None:
        """Write the files, and import them once unharmed: how long that takes, and what is in a whole import."""
        files.write_files(self.export, today=dt.date(2026, 11, 18), people=PEOPLE, accounts=ACCOUNTS, stores=3)
        self._empty()
        began = time.monotonic()
        self.home.run("import", str(self.export), "--yes", "--review", "none")
        self.seconds = time.monotonic() - began
        self._expected = self._counts()
        assert all(count for (count,) in self._expected)
        self._empty()

    def crash(self, chance: random.Random) -> None:
        """Kill an import somewhere in the time that it takes, and look at what it left."""
        process = subprocess.Popen(
            [str(CONTOSO), "import", str(self.export), "--yes", "--review", "none", "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.home.environ(),
            cwd=self.home.folder,
        )
        # Reading and matching come first: the last half is where something is written.
        told = _kill_after(process, self.seconds * chance.uniform(0.3, 1.1))
        check_integrity(self.home)
        found = self._counts()
        is_acknowledged = b'"run": 1' in told or b'"run":1' in told
        assert found in (self._nothing, self._expected), "half an import"
        assert found == self._expected or not is_acknowledged, "an acknowledged import is lost"
        self.rounds["whole" if found == self._expected else "nothing"] += 1
        if found == self._expected:
            self._empty()

    def finish(self) -> None:
        """Import once more, unharmed: all the kills before have left nothing in its way."""
        self.home.run("import", str(self.export), "--yes", "--review", "none")
        check_integrity(self.home)
        assert self._counts() == self._expected

    @property
    def _nothing(self) -> list[tuple[Any, ...]]:
        return [(0,)] * len(self._expected)

    def _counts(self) -> list[tuple[Any, ...]]:
        tables = ("import_run", "import_file", "source_record", "customer", "customer_key", "purchase", "membership")
        wanted = [f"SELECT count(*) FROM {table}" for table in tables]
        wanted.append("SELECT count(*) FROM action WHERE kind = 'import.run'")
        return [row for sql in wanted for row in self.home.query(sql)]

    def _empty(self) -> None:
        for name in ("", "-wal", "-shm"):
            Path(f"{self.home.data}{name}").unlink(missing_ok=True)
        self.home.run("init", "--test")


def crash_moves(home: Home, chance: random.Random) -> int:
    """Kill a process that moves deals to and fro, and compare what it said is done with the database.

    Returns how many moves it had acknowledged.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.mover", str(home.data)],
        stdout=subprocess.PIPE,
        env={**home.environ(), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    told = _kill_after(
        process, chance.uniform(0.0, LONGEST_MOVING_SECONDS), ready=lambda said: said.startswith(b"ready\n")
    )
    # The last line may be cut off: what it says was not told whole.
    lines = told.decode().splitlines()[1:] if told.endswith(b"\n") else told.decode().splitlines()[1:-1]
    last: dict[int, tuple[int, str]] = {}
    for line in lines:
        deal, version, stage = line.split()
        last[int(deal)] = (int(version), stage)
    check_integrity(home)
    unheard = 0
    for deal_id, (version, stage) in last.items():
        ((now_version, now_stage),) = home.query("SELECT version, stage FROM deal WHERE id = ?", (deal_id,))
        assert now_version >= version, f"an acknowledged move of D-{deal_id} is lost"
        assert now_version > version or now_stage == stage
        unheard += now_version - version
    # At most one was made and not told any more: it is whole, with its entry of the journal.
    assert unheard <= 1
    check_figures(home)
    return len(lines)


def check_integrity(home: Home) -> None:
    """Check the file and its references."""
    assert home.query("PRAGMA integrity_check") == [("ok",)]
    assert home.query("PRAGMA foreign_key_check") == []


def check_figures(home: Home) -> None:
    """Check that the totals which triggers keep are those of the deals."""
    kept = home.query(
        "SELECT owner_id, pipeline, stage, deals, amount_usd_cents FROM stage_total WHERE deals ORDER BY 1, 2, 3"
    )
    counted = home.query(
        "SELECT owner_id, pipeline, stage, count(*), sum(amount_usd_cents) FROM deal WHERE outcome = 'open'"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    assert kept == counted


def rounds(default: int) -> int:
    """Return how often to kill: `CONTOSO_SOAK_ROUNDS`, else `default`."""
    return int(os.environ.get("CONTOSO_SOAK_ROUNDS", default))


def _kill_after(
    process: subprocess.Popen[bytes], seconds: float, ready: Callable[[bytes], bool] | None = None
) -> bytes:
    """Kill a process some time after it is ready; return everything that it wrote to its standard output."""
    said: list[bytes] = []
    is_ready = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if ready is None or ready(line):
                is_ready.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    if ready is not None:
        assert is_ready.wait(60), "it did not start"
    try:
        # The moment of the kill is what varies: nothing is waited for.
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    listener.join()
    if process.stdout is not None:
        process.stdout.close()
    return b"".join(said)
