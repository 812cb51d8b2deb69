"""Booked meetings as calendar files that only the user can read; their path is told, never their content."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from contoso_tui import private_file


def keep(text: str, name: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Write the calendar `text` as `name`.ics to the user's own folder and return the file's path.

    Raises:
        OSError: the folder can't be written.
    """
    state = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    folder = Path(state) / "contoso" / "calendar"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.ics"
    write(path, text)
    return path


def write(path: Path, text: str) -> None:
    """Write a calendar to a file of the user's own choice, in the place of what was there, at once and privately.

    Raises:
        OSError: it can't be written.
    """
    private_file.write(path, text.encode("utf-8", "replace"))


def short(path: Path) -> str:
    """Return a path as a status row has room for it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
