"""Thousands of lists of random permitted work; CONTOSO_SOAK_ROUNDS says how many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

from tests.models.random_work import ALL, EVERY, SMALL, UNDOABLE, plans
from tests.models.test_random_work import is_given_back, reaches_nothing_forbidden, template
from tests.soak.crash import rounds

__all__ = ["template"]
LONGEST = 60
MANY = settings(
    max_examples=rounds(2000),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.large_base_example],
)


@MANY
@given(work=plans(ALL, EVERY, LONGEST))
def test_no_forbidden_state_is_reached(template: Path, tmp_path: Path, work: Any) -> None:
    reaches_nothing_forbidden(template, tmp_path, work)


@MANY
@given(work=plans(list(UNDOABLE), SMALL, LONGEST))
def test_undoing_all_gives_back_what_was_seen(template: Path, tmp_path: Path, work: Any) -> None:
    is_given_back(template, tmp_path, work)
