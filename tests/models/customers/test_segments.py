from __future__ import annotations

import datetime as dt

import pytest

from models.customers import segments
from models.customers.records import Channel, Measures

TODAY = dt.date(2026, 11, 16)


def _measures(days: int | None, baskets: int, spent: int) -> Measures:
    last = None if days is None else TODAY - dt.timedelta(days=days)
    channels = (Channel("onl", "online", spent * 100, baskets),)
    return Measures(channels, baskets, None, last, (), 0, 0, 0, None)


@pytest.mark.parametrize(
    ("days", "baskets", "spent", "expected"),
    [
        (0, 10, 5_000, ("champion", 5, 5, 5)),
        (90, 9, 4_999, ("champion", 5, 4, 4)),
        (91, 6, 2_000, ("champion", 4, 4, 4)),
        (180, 6, 1_999, ("loyal", 4, 4, 3)),
        (30, 3, 9_000, ("loyal", 5, 3, 5)),
        (30, 2, 9_000, ("promising", 5, 2, 5)),
        (30, 1, 199, ("new", 5, 1, 1)),
        (181, 6, 750, ("needs attention", 3, 4, 3)),
        (365, 3, 750, ("occasional", 3, 3, 3)),
        (366, 3, 2_000, ("at risk", 2, 3, 4)),
        (730, 2, 200, ("fading", 2, 2, 2)),
        (731, 6, 749, ("to win back", 1, 4, 2)),
        (2_000, 1, 0, ("lost", 1, 1, 1)),
        (None, 0, 0, ("never bought", 0, 0, 0)),
    ],
)
def test_segments(days: int | None, baskets: int, spent: int, expected: tuple[str, int, int, int]) -> None:
    assert tuple(segments.judge(_measures(days, baskets, spent), TODAY)) == expected
