"""Reading what was typed as arguments: ids, dates, durations, field=value pairs and longer texts."""

from __future__ import annotations

import datetime as dt
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contoso_tui.forms import parse
from models.errors import ContosoError, UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call


def date(text: str, today: dt.date, *, is_past: bool = False) -> dt.date:
    """Read a date as forms do: ISO, today, fri, +3d, 2w, 12 dec; `is_past` takes weekdays as the last ones."""
    return parse.parse_date(text, today, is_past=is_past)


def optional_date(text: str | None, today: dt.date, *, is_past: bool = False) -> dt.date | None:
    """Read the date of a flag that may be absent."""
    return parse.parse_date(text, today, is_past=is_past) if text else None


def next_step(text: str, on: str | None, time: str | None, today: dt.date) -> tuple[str, dt.date | None, int | None]:
    """Return a next step's text, day and minute; without `on`, both may stand at the end of the text."""
    if on:
        return text, parse.parse_date(on, today), minute(time)
    from contoso_tui.forms.when import understood

    return understood(text, None, minute(time), today)


def minute(text: str | None) -> int | None:
    """Read a time of day such as 14:30 as minutes after midnight; None if absent."""
    if not text:
        return None
    hours, _, minutes = parse.parse_time(text).partition(":")
    return int(hours) * 60 + int(minutes)


def number(text: str, what: str) -> int:
    """Read a whole number above 0.

    Raises:
        UsageError: it is none; the message says `what` it was for.
    """
    if not text.strip().isdigit() or not int(text):
        raise UsageError(f"{what} is a whole number above 0, not {text!r}")
    return int(text)


def yes_no(text: str) -> bool:
    """Read yes or no.

    Raises:
        UsageError: it is neither.
    """
    found = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
    try:
        return found[text.strip().lower()]
    except KeyError:
        raise UsageError(f"{text!r} is neither yes nor no") from None


def pairs(words: Sequence[str], readers: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """Read `field=value` arguments; an empty value means none.

    Raises:
        UsageError: one has no `=`, or names a field that can't be set.
    """
    read: dict[str, Any] = {}
    for word in words:
        name, mark, value = word.partition("=")
        name = name.strip().replace("-", "_")
        if not mark:
            raise UsageError(f"{word!r} is no field=value")
        if name not in readers:
            raise UsageError(f"There is no field {name}; there are {', '.join(readers)}")
        read[name] = readers[name](value)
    return read


def optional(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a reader that takes an empty value as None."""
    return lambda text: reader(text) if text.strip() else None


def long_text(call: Call, given: str | None, what: str, flag: str) -> str:
    """Return a longer text: as given, from stdin for `-`, else from the user's editor.

    Raises:
        UsageError: it was not given and nobody can be asked; it names `flag`.
    """
    if given == "-" or (given is None and not call.args.no_input and not sys.stdin.isatty()):
        text = sys.stdin.read().strip()
        if given is None and not text:
            raise UsageError(f"{what} is missing: give {flag}, or send the text to standard input")
        return text
    if given is not None:
        return given
    if not call.can_ask:
        raise UsageError(f"{what} is missing: give {flag}, or send the text to standard input")
    return edit(call, what)


def read_input(source: str) -> str:
    """Return the text of a file, or of stdin for `-`.

    Raises:
        UsageError: the file can't be read.
    """
    if source == "-":
        return sys.stdin.read()
    try:
        return Path(source).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{source} can't be read: {error}") from error


def edit(call: Call, what: str) -> str:
    """Let the user write a text in their editor, in a file that only they can read; return it.

    Raises:
        ContosoError: the editor can't be started or failed.
    """
    command = call.config["editor.command"] or os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    folder = os.environ.get("XDG_RUNTIME_DIR")
    with tempfile.TemporaryDirectory(
        prefix="contoso-", dir=folder if folder and os.path.isdir(folder) else None
    ) as made:
        path = Path(made) / "text.txt"
        path.write_text(f"\n# {what}. Lines that start with # are left out.\n", "utf-8")
        try:
            done = subprocess.run([*shlex.split(command), str(path)], check=False)
        except (OSError, ValueError) as error:
            raise ContosoError(f"The editor {command!r} can't be started ({error}): set $EDITOR") from error
        if done.returncode:
            raise ContosoError(f"The editor {command!r} ended with {done.returncode}: nothing was saved")
        written = path.read_text("utf-8")
    return "\n".join(line for line in written.splitlines() if not line.startswith("#")).strip()
