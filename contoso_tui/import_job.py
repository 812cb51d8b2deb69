"""Imports in a process of their own, asked from the screen: it neither loads pandas nor waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from models import errors, own_process
from models.errors import ContosoError

log = logging.getLogger(__name__)

Tell = Callable[[str], None]
"""Gets progress in words: `Matching people, 12,000 of 42,395 rows`."""
_FAILED = "The import failed and nothing was written; the log says where"
_ERRORS: dict[str, type[ContosoError]] = {
    found.code: found
    for found in vars(errors).values()
    if isinstance(found, type) and issubclass(found, ContosoError) and found is not errors.GateError
}


class ImportJob:
    """One process that looks at files and imports them.

    Started early it has loaded its libraries when the first request comes. Closing it lets a request that has
    begun come to its end; `stop` ends it at once, and what it was writing is not written.
    """

    def __init__(self, database: Path, login: str) -> None:
        """Start the process on a running loop; `login` is who imports."""
        self._database = database
        self._login = login
        self._is_stopped = False
        self._answers: asyncio.Queue[bytes | None] = asyncio.Queue()
        # Not one of asyncio's own: those are killed when the loop ends, in the middle of what they write.
        self._process = own_process.start("contoso_tui.import_worker")
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._listen, args=(loop,), name="import", daemon=True).start()

    async def look(self, paths: Sequence[Path]) -> list[str]:
        """Return in words what an import of these files or folders would read; nothing is written.

        Raises:
            RefusedFile: a file can't be used.
        """
        found: list[str] = await self._ask({"do": "look", "paths": [str(path) for path in paths]}, None)
        return found

    async def run(self, paths: Sequence[Path], now: dt.datetime, tell: Tell) -> int:
        """Import and return the import's number.

        Raises:
            ContosoError: a file can't be used, or the database refused it; nothing was written.
        """
        request = {"do": "run", "paths": [str(path) for path in paths], "now": now.isoformat()}
        return int(await self._ask(request, tell))

    def close(self) -> None:
        """End the process once it has nothing to do."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def stop(self) -> None:
        """End the process at once; a transaction that it had open is rolled back."""
        self._is_stopped = True
        self._process.terminate()

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand answers to the loop as they come, then None; runs in a thread of its own."""
        with contextlib.suppress(RuntimeError):  # The loop has ended: nobody waits any more.
            for line in self._process.stdout or ():
                loop.call_soon_threadsafe(self._answers.put_nowait, line)
            loop.call_soon_threadsafe(self._answers.put_nowait, None)
        self._process.wait()

    async def _ask(self, request: dict[str, Any], tell: Tell | None) -> Any:
        full = {**request, "database": str(self._database), "login": self._login}
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(full).encode() + b"\n")
                self._process.stdin.flush()
        while (line := await self._answers.get()) is not None:
            answer = json.loads(line)
            if "progress" in answer:
                if tell is not None:
                    tell(_words(*answer["progress"]))
            elif "done" in answer:
                return answer["done"]
            else:
                raise _error(answer)
        if self._is_stopped:
            raise ContosoError("The import was stopped: nothing was written")
        log.error("the import's process ended before it was done")
        raise ContosoError(_FAILED)


def _words(done: int, total: int, text: str) -> str:
    return f"{text}, {done:,} of {total:,} rows" if total else text


def _error(answer: dict[str, Any]) -> ContosoError:
    if where := answer.get("where"):
        log.error("the import failed with %s", "\n  ".join(where))
        return ContosoError(_FAILED)
    return _ERRORS.get(answer["code"], ContosoError)(answer["error"])
