from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.matching.clustering import GROUP_LIMIT, Edges, Ties, cluster, components, pairs_inside

NONE = np.empty(0, dtype=np.int64)


def run(scores: dict[tuple[int, int], float], size: int, threshold: float = 0.0, **ties) -> list[int]:
    """Cluster records of which all pairs not named are strangers by -8 nats."""
    known = {left * size + right: nats for (left, right), nats in scores.items()}
    ids = np.array(sorted(pair for pair, nats in known.items() if nats >= threshold), dtype=np.int64)
    edges = Edges(ids, np.array([known[pair] for pair in ids.tolist()]))
    named = {name: np.array(sorted(a * size + b for a, b in pairs)) for name, pairs in ties.items() if pairs}
    said = Ties(named.get("always", NONE), named.get("declared", NONE), named.get("never", NONE), NONE)

    def scorer(wanted):
        return np.array([known.get(pair, -8.0) for pair in wanted.tolist()])

    return cluster(size, edges, said, scorer, threshold).tolist()


def test_a_chain_holds_unless_its_ends_contradict() -> None:
    assert run({(0, 1): 5, (1, 2): 5, (0, 2): -2}, 3) == [0, 0, 0]
    assert run({(0, 1): 5, (1, 2): 4, (0, 2): -9}, 3) == [0, 0, 2]


def test_two_families_tied_by_one_wrong_pair_come_apart() -> None:
    inside = {(a, b): 9.0 for a, b in [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)]}
    assert run(inside | {(2, 3): 6.0}, 6) == [0, 0, 0, 3, 3, 3]


def test_never_outweighs_always_and_always_all_else() -> None:
    sure = {(0, 1): 12.0, (1, 2): 12.0, (0, 2): 12.0}
    assert run(sure, 3, never=[(0, 2)]) in ([0, 0, 2], [0, 1, 1])
    assert run({}, 3, always=[(0, 1), (1, 2)]) == [0, 0, 0]
    apart = run({}, 3, always=[(0, 1), (1, 2)], never=[(0, 2)])
    assert apart[0] != apart[2]


def test_a_group_above_the_limit_is_cut_at_better_edges_or_not_made() -> None:
    size = GROUP_LIMIT + 1
    chain = {(at, at + 1): 5.0 for at in range(size - 1)}
    near = {(a, b): 2.0 for a in range(size) for b in range(a + 1, size)}
    assert run(near, size) == list(range(size))
    halves = near | chain | {(12, 13): 2.0}
    found = run(halves, size, threshold=1.0)
    assert found == [0] * 13 + [13] * 13
    everyone = {(a, b): 30.0 for a in range(size) for b in range(a + 1, size)}
    assert run(everyone, size) == list(range(size))
    assert run({}, size, always=list(chain)) == [0] * size


@settings(max_examples=80)
@given(st.integers(2, 9), st.data())
def test_customers_are_a_partition_that_respects_never_and_the_threshold(size, data) -> None:
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda both: both[0] < both[1])
    scores = data.draw(st.dictionaries(pairs, st.floats(-15, 15), max_size=20))
    never = data.draw(st.lists(pairs, max_size=3))
    low, high = run(scores, size, 0.0, never=never), run(scores, size, 4.0, never=never)
    for label in (low, high):
        assert all(label[root] == root for root in set(label))
        assert all(label[a] != label[b] for a, b in never)
    # Without an edge nothing is joined.
    assert all(score < 4 for score in scores.values()) <= (len(set(high)) == size)


@settings(max_examples=60)
@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=15))
def test_components_are_connected_and_complete(size, pairs) -> None:
    pairs = [(a % size, b % size) for a, b in pairs]
    label = components(size, np.array([a for a, _ in pairs], dtype=int), np.array([b for _, b in pairs], dtype=int))
    reach = {at: {at} for at in range(size)}
    for _ in range(size):
        for a, b in pairs:
            reach[a] |= reach[b]
            reach[b] |= reach[a]
    assert label.tolist() == [min(reach[at]) for at in range(size)]


@pytest.mark.parametrize("label", [[0, 0, 0, 3, 3, 5], [0, 1, 2, 1, 1, 1], [0]])
def test_pairs_inside_groups_of_three_and_more(label) -> None:
    ids, group = pairs_inside(np.array(label), len(label))
    wanted = [
        (a * len(label) + b, label[a])
        for a in range(len(label))
        for b in range(a + 1, len(label))
        if label[a] == label[b] and label.count(label[a]) > 2
    ]
    assert list(zip(ids.tolist(), group.tolist(), strict=True)) == wanted
