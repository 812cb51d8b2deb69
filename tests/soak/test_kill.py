"""Fifty kills of an import and of moves (CONTOSO_SOAK_ROUNDS says how many); see docs/codebase.md for the command."""

from __future__ import annotations

import random

from tests.soak.crash import ImportCrash, crash_moves, rounds
from tests.terminal.terminal import Home

ROUNDS = 50


def test_an_import_killed_at_any_moment_is_whole_or_has_not_been(home: Home) -> None:
    crash = ImportCrash(home)
    crash.prepare()
    chance = random.Random()
    for _ in range(rounds(ROUNDS)):
        crash.crash(chance)
    crash.finish()
    print(f"killed {sum(crash.rounds.values())} imports: {crash.rounds}")


def test_no_move_that_was_acknowledged_is_lost(demo_home: Home) -> None:
    chance = random.Random()
    told = [crash_moves(demo_home, chance) for _ in range(rounds(ROUNDS))]
    print(f"killed {len(told)} movers after {sum(told)} moves")
