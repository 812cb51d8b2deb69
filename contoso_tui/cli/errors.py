"""What goes to stderr: one sentence for each error, as JSON with --json; traces only into the log file."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

from contoso_tui.text import clean
from models.errors import AlikeError, ChangedMeanwhileError, ContosoError, GateError

# Exit code of "done, rows left for review" (6); the others are in models.errors.
LEFT_FOR_REVIEW = 6


def say(sentence: str) -> None:
    """Write a message for people to stderr."""
    print(clean(sentence), file=sys.stderr)


def report(error: ContosoError, *, as_json: bool) -> int:
    """Write an error's sentence, with what would fix it, and return its exit code."""
    if as_json:
        print(json.dumps(to_json(error)), file=sys.stderr)
        return error.exit_code
    say(error.message)
    if isinstance(error, GateError):
        for blocker in error.blockers:
            fix = f"  {blocker.fix}" if blocker.fix else ""
            say(f"  {blocker.text}{fix}")
    if isinstance(error, ChangedMeanwhileError):
        for field, value in error.theirs.items():
            say(f"  {field} is now {value}")
    if isinstance(error, AlikeError):
        for one in error.alike:
            say(f"  {one['id']} {one['name']}: {one['why']}")
    return error.exit_code


def to_json(error: ContosoError) -> dict[str, Any]:
    """Return the form contoso.error/1."""
    body: dict[str, Any] = {"code": error.code, "message": clean(error.message)}
    if isinstance(error, GateError):
        body["missing"] = [{"field": b.field, "reason": b.reason, "fix": b.fix} for b in error.blockers]
    if isinstance(error, ChangedMeanwhileError):
        body["theirs"] = {field: str(value) for field, value in error.theirs.items()}
    if isinstance(error, AlikeError):
        body["alike"] = [{name: clean(text) for name, text in one.items()} for one in error.alike]
    return {"schema": "contoso.error/1", "error": body}


def report_unexpected(error: Exception, *, as_json: bool) -> int:
    """Write the trace to the log, one sentence to stderr, and return exit code 1."""
    path = log_path()
    try:
        _log(path, error)
        where = f"the log {path} says where"
    except OSError as problem:
        where = f"and the log {path} can't be written: {problem.strerror}"
    return report(ContosoError(f"contoso failed unexpectedly ({type(error).__name__}); {where}"), as_json=as_json)


def state_folder() -> Path:
    """Return the folder of log and drafts, $XDG_STATE_HOME/contoso."""
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser() / "contoso"


def log_path() -> Path:
    """Return the log file of unexpected failures."""
    return state_folder() / "contoso.log"


def _log(path: Path, error: Exception) -> None:
    import traceback

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(f"{dt.datetime.now(dt.UTC).isoformat()} {type(error).__name__}\n")
        # Places only: the text of an exception may hold a customer's name.
        file.writelines(traceback.format_tb(error.__traceback__))
