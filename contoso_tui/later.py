"""Modules that are imported at their first use: the first board doesn't wait for what no key has asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module; looking up a name imports it (the import system's own lock makes that safe in threads)."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
