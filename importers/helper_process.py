"""The process behind `helper`: its standard input is the socket that questions come from and answers go to."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from importers import handover
from models.errors import ContosoError

_LOOK_SECONDS = 1


def main() -> int:
    """Answer questions until the input ends; an answer is an exception where the work failed."""
    # As in the import itself: nearly all that is made is kept to the end.
    gc.disable()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # Loaded while the import itself loads the same.
    import importers.planning  # noqa: F401

    with socket.socket(fileno=sys.stdin.fileno()) as channel, contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            function, args = handover.receive(channel)
            handover.send(channel, _answer(function, args))
    return 0


def _answer(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    try:
        return function(*args)
    except ContosoError as error:
        return error
    # Anything unexpected is told by its place alone: its words may hold customers' data.
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return RuntimeError(f"{type(error).__name__} in {frame.filename}:{frame.lineno}")


def _end_with(import_id: int) -> None:
    """End when the import does, however it ends."""
    while os.getppid() == import_id:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    raise SystemExit(main())
