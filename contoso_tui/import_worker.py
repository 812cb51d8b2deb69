"""The process that imports for the screen: pandas stays out of the terminal program's own.

Started by `import_job` as `python -m contoso_tui.import_worker`. It reads requests from standard input and writes
answers to standard output, one JSON object a line: any number of `progress`, then `done` or `error`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models import database
from models.errors import ContosoError, NotAllowedError
from models.people import users
from models.people.records import Actor

_PROGRESS_SECONDS = 0.25
Tell = Callable[[int, int, str], None]


def main() -> int:
    """Answer requests until the input ends."""
    # Loaded while the user still chooses a file.
    import importers.run  # noqa: F401

    for text in sys.stdin:
        request = json.loads(text)
        try:
            answer = {"done": _WORK[request["do"]](request, _progress())}
        except ContosoError as error:
            answer = {"error": error.message, "code": error.code}
        # Anything unexpected is told by its place alone: its words may hold customers' data.
        except Exception as error:
            answer = {"error": "", "code": "failed", "where": _where(error)}
        _say(answer)
    return 0


def _look(request: dict[str, Any], _tell: Tell) -> list[str]:
    from contoso_tui.cli.import_words import preview_lines
    from importers import run

    return preview_lines(run.look([Path(path) for path in request["paths"]]))


def _run(request: dict[str, Any], tell: Tell) -> int | None:
    from importers import run

    with _opened(request) as (actor, now):
        return run.run([Path(path) for path in request["paths"]], actor, now, progress=tell).run


_WORK: dict[str, Callable[[dict[str, Any], Tell], Any]] = {"look": _look, "run": _run}


@contextlib.contextmanager
def _opened(request: dict[str, Any]) -> Any:
    """Hold the database open; give the user who asked, and the time.

    Another user's name, and another time than now, are taken in demo and test databases only, as on the command line.
    """
    database.init(Path(request["database"]))
    with database.connection():
        is_playground = bool(database.setting("is_test") or database.setting("is_demo"))
        login = str(request["login"])
        if login != users.system_login() and not is_playground:
            raise NotAllowedError("Only in demo and test databases can one act as somebody else")
        now = dt.datetime.fromisoformat(request["now"]) if is_playground else dt.datetime.now(dt.UTC)
        actor: Actor = users.get_actor(login)
        yield actor, now


def _progress() -> Tell:
    last = 0.0

    def tell(done: int, total: int, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _PROGRESS_SECONDS:
            last = now
            _say({"progress": [done, total, text]})

    return tell


def _say(answer: dict[str, Any]) -> None:
    # Who asked may be gone: what was begun is finished all the same.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
        sys.stdout.flush()


def _where(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [type(error).__name__, *(f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)]


if __name__ == "__main__":
    raise SystemExit(main())
