"""Starting a module of this program as a process of its own, asked through its standard input and output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Where the packages are, for the new process to find them from any folder.
_ROOT = str(Path(__file__).resolve().parent.parent)


def start(module: str) -> subprocess.Popen[bytes]:
    """Start `python -m module` with pipes to its input and from its output; what ends this process doesn't end it.

    A lost link must not, and Ctrl-C is for who started it.
    """
    path = os.pathsep.join(part for part in (_ROOT, os.environ.get("PYTHONPATH", "")) if part)
    return subprocess.Popen(
        # The folder one stands in may hold anything: nothing is imported from it (-P).
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )
