"""Numbers with their things, as sentences have them; pure."""

from __future__ import annotations

from collections.abc import Sequence


def counted(count: int, one: str, many: str = "") -> str:
    """Write a number with its thing: `1 deal`, `12 deals`, `1 match`, `2 matches` (`many` where an s is not enough)."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def scored(points: int) -> str:
    """Write points gained: `+1 pt`, `+12 pts`."""
    return f"+{counted(points, 'pt')}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """Write names as a sentence has them: `A`, `A and B`, `A, B and C`; beyond `most`, `A, B and 3 more`."""
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
