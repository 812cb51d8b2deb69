"""Processes of this program: starting a module as one of its own, and this one again with large pages of memory."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

# Where the packages are, for the new process to find them from any folder.
_ROOT = str(Path(__file__).resolve().parent.parent)


# Handing out memory in pages of 4 KiB takes seconds of a large import; glibc reads this, and asks for larger ones where
# the system leaves that to programs.
_HUGE_PAGES = "glibc.malloc.hugetlb=1"
_RESTARTED = "CONTOSO_RESTARTED"


def _with_large_pages() -> dict[str, str]:
    """Return this process's environment with what lets a new one use large pages."""
    tunables = os.environ.get("GLIBC_TUNABLES", "")
    if _HUGE_PAGES not in tunables:
        tunables = ":".join(part for part in (tunables, _HUGE_PAGES) if part)
    return {**os.environ, "GLIBC_TUNABLES": tunables}


def restart() -> None:
    """Start the program that this process runs again, with large pages, unless it has them; it must not have begun.

    A process can't ask for them once it runs. The new program takes this one's place: its number, files and terminal.
    """
    wanted = {**_with_large_pages(), _RESTARTED: "1"}
    # Systems may take the wish away from a program they trust less: it is made once.
    if sys.platform != "linux" or _RESTARTED in os.environ or _HUGE_PAGES in os.environ.get("GLIBC_TUNABLES", ""):
        return
    # Without large pages it works too, but slower.
    with suppress(OSError):
        # By its full path: from another name Python would look for its libraries elsewhere.
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], wanted)


def start(module: str, channel: socket.socket | None = None) -> subprocess.Popen[bytes]:
    """Start `python -m module` with pipes to its input and from its output; what ends this process doesn't end it.

    A lost link must not, and Ctrl-C is for who started it. With `channel`, that is its input, and it has no output.
    """
    path = os.pathsep.join(part for part in (_ROOT, os.environ.get("PYTHONPATH", "")) if part)
    return subprocess.Popen(
        # The folder one stands in may hold anything: nothing is imported from it (-P).
        [sys.executable, "-P", "-m", module],
        stdin=channel.fileno() if channel else subprocess.PIPE,
        stdout=subprocess.DEVNULL if channel else subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**_with_large_pages(), "PYTHONPATH": path},
        start_new_session=True,
    )
