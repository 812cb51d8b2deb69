"""A second process beside a large import: what it is asked for is worked out on another processor.

For a small one it would take longer to start than to do its work: then the import does the same by itself.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

from models.errors import ContosoError

_Result = TypeVar("_Result")

LARGE_BYTES = 8 << 20
"""From so large files on a process is worth its start."""
# What a pipe takes without anybody reading it.
_SHORT = 4096
# Where this package is, for the new process to find it from any folder.
_ROOT = str(Path(__file__).resolve().parent.parent)


class Answer(Generic[_Result]):
    """What was asked for, as soon as somebody wants it."""

    def __init__(self, find: Callable[[Answer[_Result]], None]) -> None:
        self._find = find
        self._is_found = False
        self._found: Any = None

    def set(self, found: Any) -> None:
        """Keep the answer, or the error that was raised instead."""
        self._is_found, self._found = True, found

    def get(self) -> _Result:
        """Return the answer; waits for it.

        Raises:
            ContosoError: what the work raised, or the process was ended from outside.
        """
        if not self._is_found:
            self._find(self)
        if isinstance(self._found, Exception):
            raise self._found
        found: _Result = self._found
        return found


class Helper:
    """Works out one thing after the other."""

    def __init__(self, process: subprocess.Popen[bytes] | None) -> None:
        self._process = process
        self._waiting: deque[Answer[Any]] = deque()

    def ask(self, function: Callable[..., _Result], *args: Any) -> Answer[_Result]:
        """Begin to work out `function(*args)`, which the helper finds by its name; arguments and result are copied."""
        if self._process is None or self._process.stdin is None:
            return Answer(lambda answer: answer.set(function(*args)))
        question = pickle.dumps((function, args), protocol=pickle.HIGHEST_PROTOCOL)
        if len(question) > _SHORT:
            # Else each side could wait for the other to read.
            self._receive(len(self._waiting))
        # Of a process that has ended already its missing answer tells.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(question)
            self._process.stdin.flush()
        answer = Answer[_Result](lambda wanted: self._receive(self._waiting.index(wanted) + 1))
        self._waiting.append(answer)
        return answer

    def _receive(self, number: int) -> None:
        """Wait for so many answers: they come in the order of the questions."""
        assert self._process is not None
        assert self._process.stdout is not None
        for _ in range(number):
            try:
                found = pickle.load(self._process.stdout)
            except (EOFError, pickle.UnpicklingError) as error:
                raise ContosoError(
                    "The import's second process was ended from outside: nothing was written, import again"
                ) from error
            self._waiting.popleft().set(found)


@contextlib.contextmanager
def beside(size: int) -> Iterator[Helper]:
    """Hold a helper for an import of so many bytes ready; what it still works on at the end is given up."""
    if size < LARGE_BYTES:
        yield Helper(None)
        return
    path = os.pathsep.join(part for part in (_ROOT, os.environ.get("PYTHONPATH", "")) if part)
    process = subprocess.Popen(
        # The folder one stands in may hold anything: nothing is imported from it (-P).
        [sys.executable, "-P", "-m", "importers.helper_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        # Ctrl-C is for the import itself, which ends this process with it.
        start_new_session=True,
    )
    try:
        yield Helper(process)
    finally:
        process.kill()
        process.communicate()
