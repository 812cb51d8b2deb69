"""A second process beside a large import: what it is asked for is worked out on another processor.

For a small one it would take longer to start than to do its work: then the import does the same by itself.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from importers import handover
from models import own_process
from models.errors import ContosoError

_Result = TypeVar("_Result")

LARGE_BYTES = 8 << 20
"""From so large files on a process is worth its start."""


class Helper:
    """Works out one thing after the other: in the process at the other end of `channel`, or without one at once."""

    def __init__(self, channel: socket.socket | None) -> None:
        self._channel = channel
        self._receiver = ThreadPoolExecutor(1)

    def ask(self, function: Callable[..., _Result], *args: Any) -> Future[_Result]:
        """Begin to work out `function(*args)`, which the helper finds by its name; arguments and result are copied.

        Its result raises what the work raised, or ContosoError if the process was ended from outside.
        """
        if self._channel is None:
            found = Future[_Result]()
            found.set_result(function(*args))
            return found
        # Of a process that has ended already its missing answer tells.
        with contextlib.suppress(BrokenPipeError):
            handover.send(self._channel, (function, args))
        # Answers come in the order of the questions.
        return self._receiver.submit(_receive, self._channel)

    def close(self) -> None:
        """Give up the answers that are still missing."""
        self._receiver.shutdown(cancel_futures=True)


def _receive(channel: socket.socket) -> Any:
    try:
        found = handover.receive(channel)
    except EOFError as error:
        raise ContosoError(
            "The import's second process was ended from outside: nothing was written, import again"
        ) from error
    if isinstance(found, Exception):
        raise found
    return found


ALONE = Helper(None)
"""Does all in this process."""


def size_of(paths: Iterable[Path]) -> int:
    """Return how many bytes there are in files, and in those that lie in folders; 0 where one can't be looked at."""
    try:
        files = [file for path in paths for file in (path.iterdir() if path.is_dir() else [path])]
        return sum(file.stat().st_size for file in files if file.is_file())
    except OSError:
        # Whoever opens it tells why.
        return 0


@contextlib.contextmanager
def beside(size: int) -> Iterator[Helper]:
    """Hold a helper for an import of so many bytes ready; what it still works on at the end is given up."""
    if size < LARGE_BYTES:
        yield ALONE
        return
    mine, theirs = socket.socketpair()
    with mine:
        with theirs:
            process = own_process.start("importers.helper_process", theirs)
        other = Helper(mine)
        try:
            yield other
        finally:
            process.kill()
            other.close()
            process.wait()
