"""Many rounds of random keys (CONTOSO_SOAK_ROUNDS says how many)."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.soak.crash import rounds
from tests.terminal.test_keys import ANY_KEY, press_all


@settings(
    max_examples=rounds(50),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(keys=st.lists(ANY_KEY, min_size=100, max_size=300))
def test_random_keys_never_end_it_by_surprise(demo_template: Path, keys: list[str]) -> None:
    press_all(demo_template, keys)
