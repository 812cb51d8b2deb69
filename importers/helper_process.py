"""The process behind `helper`: pickled questions from standard input, pickled answers to standard output.

Only `helper` starts it, so what is unpickled on either side comes from this program itself.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from models.errors import ContosoError

_LOOK_SECONDS = 1


def main() -> int:
    """Answer questions until the input ends; an answer is an exception where the work failed."""
    # As in the import itself: nearly all that is made is kept to the end.
    gc.disable()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # Loaded while the import itself loads the same.
    import importers.planning  # noqa: F401

    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            function, args = pickle.load(sys.stdin.buffer)
            pickle.dump(_answer(function, args), sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
            sys.stdout.buffer.flush()
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
