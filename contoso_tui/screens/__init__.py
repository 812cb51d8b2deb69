"""The screens that exist, by the name that goto, palette and `contoso open` use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SCREENS: dict[str, Callable[..., Any]] = {}
"""Screen name -> what makes it; called without arguments, at the first visit."""

OPENERS: dict[str, Callable[[str], Any]] = {}
"""First letter of a shown id ("D" of "D-1042") -> what makes the screen for that id."""
