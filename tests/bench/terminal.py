"""The board on 100,000 open deals and 1M customers beside a hello-world Textual app and kanban-tui, in one run.

`python tests/bench/terminal.py [--data FILE] [--rounds 7]` prints medians, ratios and the targets. The peers run
interleaved with the board, round by round, so that a slow moment of the machine hits all of them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from seed import seed
from terminal_session import TerminalSession

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
VIEWS = {"mine": "rep3", "all": "boss"}
"""View -> who looks at it: a representative can't move others' Deals."""
DETAIL_ROW = 22
"""The row of 24 that tells about the Deal under the cursor."""


def board(data: Path, view: str) -> list[str]:
    """Return the command that opens the board of one view."""
    return [str(BIN / "contoso"), "open", "board", "--view", view, "--data", str(data), "--as", VIEWS[view]]


def hello() -> list[str]:
    """Return the peer's command."""
    return [sys.executable, str(HERE / "hello.py")]


def start(command: Sequence[str], first: bytes, row: int, env: dict[str, str]) -> tuple[float, float, int]:
    """Return seconds to the first picture and to the effect of a `j` typed ahead, and bytes of the start.

    The effect is in the screen's row `row`: what it shows in the end depends on the key, and it is told when it first
    showed that.
    """
    session = TerminalSession(command, env=env)
    try:
        shown = session.wait_for(first)
        # The whole start: the program draws again what the first picture showed.
        session.drain(1.0)
        size = len(session.seen)
    finally:
        session.close()
    session = TerminalSession(command, env=env)
    try:
        session.send(b"j")
        session.wait_for(first)
        session.drain(1.0)
        answered = session.row_since(row)
    finally:
        session.close()
    return shown, answered, size


def keys(command: Sequence[str], env: dict[str, str], rounds: int) -> dict[str, list[tuple[float, int]]]:
    """Return seconds and bytes of each kind of key on a settled board."""
    found: dict[str, list[tuple[float, int]]] = {}
    session = TerminalSession(command, env=env)
    try:
        session.wait_for(b"Bench")
        session.drain(1.0)
        plan = [
            ("j", [b"j"] * (6 * rounds)),
            ("l", [b"l", b"l", b"h", b"h"] * rounds),
            ("PageDown", [b"\x1b[6~"] * (3 * rounds)),
        ]
        for name, pressed in plan:
            found[name] = [session.press(key) for key in pressed]
        found["dialog opens"] = []
        for _ in range(rounds):
            found["dialog opens"].append(session.press(b"s", 0.15))
            session.press(b"\x1b", 0.3)
            session.press(b"\x1b", 0.3)
        session.drain(1.0)
        idle, _ = session.drain_for(10.0)
        found["idle 10 s"] = [(0.0, idle)]
        found["move"] = []
        for _ in range(3 * rounds):
            # A deal of the first stage has all that the second asks for.
            session.press(b"1", 0.3)
            found["move"].append(session.press(b">", 0.3))
            if b"undo" not in session.seen[-4000:]:
                raise ValueError(f"no Deal was moved: {session.seen[-400:]!r}")
        session.drain(1.0)
        found["memory"] = [(0.0, session.memory_bytes())]
    finally:
        session.close()
    return found


def kanban(folder: Path) -> tuple[list[str], dict[str, str]]:
    """Return kanban-tui's command and environment with 100 tasks; it keeps its data under `folder`."""
    env = {
        "KANBAN_TUI_CONFIG_FILE": str(folder / "config.toml"),
        "KANBAN_TUI_DATABASE_FILE": str(folder / "kanban.db"),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "HOME": str(folder),
    }
    program = str(BIN / "ktui")
    run = dict(os.environ) | env
    subprocess.run([program, "init"], env=run, capture_output=True, check=False)
    subprocess.run([program, "board", "create", "Bench", "--set-active"], env=run, capture_output=True, check=False)
    for number in range(100):
        subprocess.run([program, "task", "create", f"Bench task {number}"], env=run, capture_output=True, check=False)
    return [program], env


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which `part` of them lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def main() -> None:
    """Run all and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a database of tests/bench/seed.py; made when left out")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = given.data or folder / "bench.db"
        if not data.exists():
            seed(data, given.customers, given.deals)
        small = folder / "small.db"
        seed(small, 1000, 100)
        env = {"XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "none")}
        starts: dict[str, list[tuple[float, float, int]]] = {"hello": [], **{view: [] for view in VIEWS}}
        for _ in range(given.rounds):
            starts["hello"].append(start(hello(), b"Hello", 0, env))
            for view in VIEWS:
                starts[view].append(start(board(data, view), b"Bench", DETAIL_ROW, env))
        print_starts(starts)
        hello_memory = memory_of(hello(), b"Hello", env)
        for view in VIEWS:
            print_keys(view, keys(board(data, view), env, given.rounds), hello_memory)
        few = memory_of(board(small, "all"), b"Bench", env)
        many = memory_of(board(data, "all"), b"Bench", env)
        print(
            f"memory at 100 deals {few / 1e6:.1f} MB, at {given.deals} {many / 1e6:.1f} MB,"
            f" hello {hello_memory / 1e6:.1f} MB"
        )
        if shutil.which(str(BIN / "ktui")):
            peer(folder, env)


def memory_of(command: Sequence[str], marker: bytes, env: dict[str, str]) -> int:
    """Return the proportional set size of a settled program."""
    session = TerminalSession(command, env=env)
    try:
        session.wait_for(marker)
        session.drain(1.5)
        return session.memory_bytes()
    finally:
        session.close()


def peer(folder: Path, env: dict[str, str]) -> None:
    """Print kanban-tui's start and keys with 100 tasks."""
    place = folder / "kanban"
    place.mkdir()
    command, own = kanban(place)
    session = TerminalSession(command, env=env | own)
    try:
        shown = session.wait_for(b"Bench task", 30)
        session.drain(1.5)
        moved = [session.press(b"j", 0.3) for _ in range(10)]
        print(
            f"kanban-tui, 100 tasks: first board {shown:.2f} s,"
            f" j p50 {statistics.median(t for t, _ in moved) * 1000:.0f} ms"
            f" {statistics.median(b for _, b in moved):.0f} B, memory {session.memory_bytes() / 1e6:.0f} MB"
        )
    except TimeoutError as error:
        print(f"kanban-tui could not be measured: {error}")
    finally:
        session.close()


def print_starts(starts: dict[str, list[tuple[float, float, int]]]) -> None:
    """Print the first picture and first key as ratios of the same round's hello-world."""
    print(
        f"{'start':8} {'first board':>12} {'x hello':>8} {'first key':>10} {'x hello':>8} {'bytes':>8}"
        "   targets 1.4, 1.5, 65 kB"
    )
    for name, runs in starts.items():
        ratios = [run[0] / peer[0] for run, peer in zip(runs, starts["hello"], strict=True)]
        key_ratios = [run[1] / peer[1] for run, peer in zip(runs, starts["hello"], strict=True)]
        print(
            f"{name:8} {statistics.median(r[0] for r in runs):10.3f} s {statistics.median(ratios):8.2f}"
            f" {statistics.median(r[1] for r in runs):8.3f} s {statistics.median(key_ratios):8.2f}"
            f" {statistics.median(r[2] for r in runs):8.0f}"
        )


TARGETS = {
    "j": "15 ms, 1 kB",
    "l": "15 ms",
    "PageDown": "25 ms, 20 kB",
    "move": "60 ms, 20 kB",
    "dialog opens": "140 ms",
}


def print_keys(view: str, found: dict[str, list[tuple[float, int]]], hello_memory: int) -> None:
    """Print p50 and p95 of each key with its bytes."""
    for name, runs in found.items():
        if name == "memory":
            print(f"{view:5} memory {runs[0][1] / 1e6:.1f} MB, {runs[0][1] / hello_memory:.2f} x hello (target 1.5)")
        elif name.startswith("idle"):
            print(f"{view:5} {name}: {runs[0][1]} bytes (target 0)")
        else:
            times = [seconds * 1000 for seconds, _ in runs]
            sizes = [size for _, size in runs]
            print(
                f"{view:5} {name:13} p50 {statistics.median(times):6.1f} ms  p95 {percentile(times, 0.95):6.1f} ms"
                f"  {statistics.median(sizes):6.0f} B  (target p95 {TARGETS[name]})"
            )


if __name__ == "__main__":
    began = time.perf_counter()
    main()
    print(f"took {time.perf_counter() - began:.0f} s")
