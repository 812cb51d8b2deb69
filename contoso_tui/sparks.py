"""A row of small bars in text."""

from __future__ import annotations

from collections.abc import Sequence

_SPARKS = "▁▂▃▄▅▆▇█"
_SPARKS_ASCII = "_.-=+*%@"


def sparks(amounts: Sequence[int], *, is_ascii: bool = False) -> str:
    """Return one bar a month, the highest for the largest amount, the lowest for none."""
    levels = _SPARKS_ASCII if is_ascii else _SPARKS
    top = max(amounts, default=0)
    if top <= 0:
        return levels[0] * len(amounts)
    steps = len(levels) - 1
    return "".join(levels[max(0, -(-max(amount, 0) * steps // top))] for amount in amounts)
