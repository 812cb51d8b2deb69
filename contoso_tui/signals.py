"""Leaving well when the link drops or the machine tells us to: drafts written, terminal restored, gone in a second."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable

# A terminal that has gone away can block whoever writes to it; after this the process ends regardless.
LAST_RESORT_SECONDS = 0.9

_EXIT_BASE = 128


def install(leave: Callable[[int], None]) -> None:
    """Call `leave(exit code)` on the loop at SIGHUP, SIGTERM and SIGINT.

    A SIGHUP that is ignored (nohup) stays ignored: the end of input ends the program then.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue
        loop.add_signal_handler(number, leave, _EXIT_BASE + number)


def end_soon(code: int) -> None:
    """End the process after `LAST_RESORT_SECONDS` if it has not ended by itself until then."""
    timer = threading.Timer(LAST_RESORT_SECONDS, os._exit, (code,))
    timer.daemon = True
    timer.start()
