"""Processes of this program, and this one again with large pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AGAIN = (
    "import os, sys\n"
    "print(os.getpid(), flush=True)\n"
    "from models import own_process\n"
    "own_process.restart()\n"
    "print(sys.argv[1:], sys.prefix, os.environ['GLIBC_TUNABLES'])\n"
)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc reads it")
@pytest.mark.parametrize("had", ["", "glibc.malloc.arena_max=2", "glibc.malloc.hugetlb=1"])
def test_the_program_starts_again_as_it_was_started_and_once(had: str) -> None:
    env = {**os.environ, "GLIBC_TUNABLES": had}
    process = subprocess.Popen(
        [sys.executable, "-c", AGAIN, "--data", "a b", ""], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    *numbers, last = process.communicate(timeout=60)[0].splitlines()
    assert numbers == [str(process.pid)] * (1 if "hugetlb" in had else 2)
    tunables = ":".join(dict.fromkeys(part for part in (had, "glibc.malloc.hugetlb=1") if part))
    assert last == f"{['--data', 'a b', '']} {sys.prefix} {tunables}"


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc reads it")
@pytest.mark.parametrize("first", ["os.environ['CONTOSO_RESTARTED'] = '1'", "sys.executable = '/nowhere/python'"])
def test_what_can_not_start_again_goes_on(first: str) -> None:
    code = f"import os, sys\nfrom models import own_process\n{first}\nown_process.restart()\nprint('goes on')"
    env = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("goes on\n", "")
