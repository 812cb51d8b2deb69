"""Numbers with their things, as sentences have them; pure."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """Write a number with its thing: `1 deal`, `12 deals`, `1 match`, `2 matches` (`many` where an s is not enough)."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def scored(points: int) -> str:
    """Write points gained: `+1 pt`, `+12 pts`."""
    return f"+{counted(points, 'pt')}"
