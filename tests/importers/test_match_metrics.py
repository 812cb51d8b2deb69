from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.matching import metrics

_LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12)


def _slow_pairs(found: list[int], truth: list[int]) -> tuple[float, float]:
    made = {pair for pair in combinations(range(len(found)), 2) if found[pair[0]] == found[pair[1]]}
    true = {pair for pair in combinations(range(len(truth)), 2) if truth[pair[0]] == truth[pair[1]]}
    hit = len(made & true)
    return hit / len(made) if made else 1.0, hit / len(true) if true else 1.0


def _slow_bcubed(found: list[int], truth: list[int]) -> tuple[float, float]:
    precision, recall = [], []
    for mine, right in zip(found, truth, strict=True):
        group = [other for label, other in zip(found, truth, strict=True) if label == mine]
        people = [label for label, other in zip(found, truth, strict=True) if other == right]
        precision.append(group.count(right) / len(group))
        recall.append(people.count(mine) / len(people))
    return sum(precision) / len(found), sum(recall) / len(found)


@given(_LABELS)
def test_both_measures_are_those_of_their_definitions(labels: list[tuple[int, int]]) -> None:
    found, truth = [pair[0] for pair in labels], [pair[1] for pair in labels]
    pairs, bcubed = metrics.pairs(found, truth), metrics.bcubed(found, truth)
    assert (pairs.precision, pairs.recall) == pytest.approx(_slow_pairs(found, truth))
    if labels:
        assert (bcubed.precision, bcubed.recall) == pytest.approx(_slow_bcubed(found, truth))


@given(_LABELS)
def test_names_of_groups_and_the_order_of_records_say_nothing(labels: list[tuple[int, int]]) -> None:
    found, truth = [pair[0] for pair in labels], [pair[1] for pair in labels]
    renamed = [f"group {9 - label}" for label in reversed(found)]
    for measure in (metrics.pairs, metrics.bcubed):
        one, other = measure(found, truth), measure(renamed, list(reversed(truth)))
        assert (one.precision, one.recall) == pytest.approx((other.precision, other.recall))


def test_a_chain_counts_with_all_its_pairs() -> None:
    # One wrong link between two customers of three records each makes nine wrong pairs.
    truth = ["a"] * 3 + ["b"] * 3
    score = metrics.pairs([0] * 6, truth)
    assert (score.precision, score.recall) == (6 / 15, 1.0)
    assert metrics.bcubed([0] * 6, truth).f1 == pytest.approx(2 * 0.5 / 1.5)
    assert metrics.pairs([0, 0, 0, 1, 1, 1], truth).f1 == 1.0
    assert metrics.pairs(range(6), truth).recall == 0.0


def test_records_without_a_group_are_refused() -> None:
    with pytest.raises(ValueError, match="no group"):
        metrics.pairs([1, None], [1, 1])
    with pytest.raises(ValueError, match="2 records found, 1 true"):
        metrics.bcubed([1, 2], [1])
