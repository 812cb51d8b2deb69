"""Starting a module of this program as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

# Where the packages are, for the new process to find them from any folder.
_ROOT = str(Path(__file__).resolve().parent.parent)


# Handing out memory in pages of 4 KiB takes seconds of a large import; glibc reads this, and asks for larger ones where
# the system leaves that to programs.
_HUGE_PAGES = "glibc.malloc.hugetlb=1"


def start(module: str, channel: socket.socket | None = None) -> subprocess.Popen[bytes]:
    """Start `python -m module` with pipes to its input and from its output; what ends this process doesn't end it.

    A lost link must not, and Ctrl-C is for who started it. With `channel`, that is its input, and it has no output.
    """
    path = os.pathsep.join(part for part in (_ROOT, os.environ.get("PYTHONPATH", "")) if part)
    tunables = ":".join(part for part in (os.environ.get("GLIBC_TUNABLES", ""), _HUGE_PAGES) if part)
    return subprocess.Popen(
        # The folder one stands in may hold anything: nothing is imported from it (-P).
        [sys.executable, "-P", "-m", module],
        stdin=channel.fileno() if channel else subprocess.PIPE,
        stdout=subprocess.DEVNULL if channel else subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path, "GLIBC_TUNABLES": tunables},
        start_new_session=True,
    )
