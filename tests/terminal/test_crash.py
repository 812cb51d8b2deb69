"""A few kills at random moments; tests/soak has the full count."""

from __future__ import annotations

import random

from tests.soak.crash import ImportCrash, crash_moves
from tests.terminal.terminal import Home

ROUNDS = 3


def test_an_import_killed_at_any_moment_is_whole_or_has_not_been(home: Home) -> None:
    crash = ImportCrash(home)
    crash.prepare()
    chance = random.Random(7)
    for _ in range(ROUNDS):
        crash.crash(chance)
    crash.finish()


def test_no_move_that_was_acknowledged_is_lost(demo_home: Home) -> None:
    chance = random.Random(7)
    assert sum(crash_moves(demo_home, chance) for _ in range(ROUNDS)) > 0
