"""A long text in the user's own editor: a private file, the terminal lent out meanwhile."""

from __future__ import annotations

import os
import shlex
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import UsageError

if TYPE_CHECKING:
    from textual.app import App


_FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)


def edit(app: App[Any], text: str, command: str = "") -> str:
    """Return the text as the user left it; the app stands still meanwhile.

    The file can be read by its owner only and is removed; its name says nothing about whom it is for.

    Raises:
        UsageError: there is no such editor, it failed, or this terminal cannot be lent out.
    """
    words = command_of(command, os.environ)
    with tempfile.TemporaryDirectory(prefix="contoso-", dir=_private_folder(os.environ)) as folder:
        path = Path(folder) / "text.md"
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        _run(app, [*words, str(path)])
        return path.read_text("utf-8", errors="replace").rstrip("\n")


def command_of(command: str, environ: Mapping[str, str]) -> list[str]:
    """Return the words of the editor's command line: the setting, $VISUAL, $EDITOR or vi."""
    return shlex.split(command or environ.get("VISUAL") or environ.get("EDITOR") or "vi")


def _private_folder(environ: Mapping[str, str]) -> str | None:
    """Return the user's runtime folder, which lives in memory; None means the usual temporary place."""
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    return runtime if runtime and Path(runtime).is_dir() else None


def _run(app: App[Any], words: list[str]) -> None:
    from textual.app import SuspendNotSupported

    try:
        with _keys_are_the_editors(), app.suspend():
            process = os.posix_spawnp(words[0], words, os.environ, setsigdef=_FROM_KEYS)
            _, status = os.waitpid(process, 0)
    except SuspendNotSupported:
        raise UsageError("This terminal cannot be lent to an editor: type into the field") from None
    except OSError as error:
        raise UsageError(f"Cannot start the editor {words[0]}: {error.strerror}; set $EDITOR") from None
    if os.waitstatus_to_exitcode(status) != 0:
        raise UsageError(f"The editor {words[0]} ended with an error; the text is as it was")


@contextmanager
def _keys_are_the_editors() -> Iterator[None]:
    """Ignore the keys that interrupt: the terminal tells them to both programs, and only the editor is meant."""
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in _FROM_KEYS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
