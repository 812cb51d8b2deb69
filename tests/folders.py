"""Folders that live as long as the tests of one process: what is made once and copied by each test."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

_made = ExitStack()


def make(prefix: str) -> Path:
    """Make a private folder that goes when the tests end, in each of pytest's processes."""
    return Path(_made.enter_context(TemporaryDirectory(prefix=prefix)))


def remove_all() -> None:
    """Remove every folder that was made."""
    _made.close()
