"""The parts of learning by themselves: what is looked at of a moment, the regression, the stages."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.outlook import features, logistic
from models.outlook.features import Feature, Kind
from models.outlook.histories import History, Move, Stay

DAY = 86_400_000_000
ORDER = {"qualify": 1, "develop": 2, "quote": 3}

HISTORY = History(
    deal_id=1001,
    customer="Oak Terrace",
    outcome="lost",
    closed_at=40 * DAY,
    moves=(
        Move(0, "qualify", True, 0),
        Move(10 * DAY, "develop", True, 700_000),
        Move(20 * DAY, "qualify", True, 700_000),
        Move(30 * DAY, "develop", True, 2_500_000),
        Move(40 * DAY, "develop", False, 2_500_000),
    ),
    done=((5 * DAY, "call"), (12 * DAY, "call"), (39 * DAY, "meeting")),
    quotes=(35 * DAY,),
    scores=((8 * DAY, "qualify", 0.5), (25 * DAY, "qualify", 0.9)),
    steps=((4 * DAY, 6 * DAY), (14 * DAY, None)),
    makers=((3 * DAY, False),),
    knows_maker=True,
)


def test_the_stays_are_those_in_which_it_was_open() -> None:
    assert HISTORY.list_stays() == [
        Stay("qualify", 0, 0, 10 * DAY),
        Stay("develop", 1, 10 * DAY, 20 * DAY),
        Stay("qualify", 2, 20 * DAY, 30 * DAY),
        Stay("develop", 3, 30 * DAY, 40 * DAY),
    ]


def test_nothing_later_than_the_moment_is_looked_at() -> None:
    early = features.look(HISTORY, 0, 2 * DAY, ORDER)
    assert early == features.Snapshot({"qualify": 2.0}, 2.0, 0, {}, 0, 0, {}, False, False)
    later = features.look(HISTORY, 1, 15 * DAY, ORDER)
    assert later.days == {"qualify": 10.0, "develop": 5.0}
    assert (later.moves_back, later.done, later.quotes, later.amount) == (0, {"call": 2}, 0, 2)
    assert (later.scores, later.has_step, later.knows_maker) == ({"qualify": 0.5}, True, True)
    last = features.look(HISTORY, 3, 36 * DAY, ORDER)
    assert last.days == {"qualify": 20.0, "develop": 16.0}
    assert (last.moves_back, last.done, last.quotes, last.amount) == (1, {"call": 2}, 1, 3)
    assert last.scores == {"qualify": 0.9}


def test_a_step_that_was_done_leaves_none() -> None:
    assert features.look(HISTORY, 0, 5 * DAY, ORDER).has_step
    assert not features.look(HISTORY, 0, 7 * DAY, ORDER).has_step


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.COUNT, 4, "4"),
        (Kind.DAYS, 12.4, "12"),
        (Kind.YES, 0.0, "no"),
        (Kind.SHARE, None, "none"),
        (Kind.SHARE, 0.82, "82% of the points"),
        (Kind.AMOUNT, 0, "below $1,000"),
        (Kind.AMOUNT, 2, "$5,000 to $20,000"),
        (Kind.AMOUNT, 5, "$200,000 or more"),
    ],
)
def test_values_are_told_in_words(kind: Kind, value: float | None, shown: str) -> None:
    assert features.show(Feature("one", "one", "more", kind, lambda _: value), value) == shown


def sample(seed: int, rows: int, slope: float) -> logistic.Sample:
    chance = random.Random(seed)
    values = [chance.gauss(0, 1) for _ in range(rows)]
    noise = [chance.gauss(0, 1) for _ in range(rows)]
    labels = [float(chance.random() < logistic.chance(slope * value)) for value in values]
    return logistic.Sample(([1.0] * rows, values, noise), [0.0] * rows, labels, [1.0] * rows)


def test_the_regression_finds_the_slope_that_made_the_labels() -> None:
    found = logistic.fit(sample(1, 2_000, 1.5))
    assert found.coefficients[1] == pytest.approx(1.5, abs=0.2)
    assert abs(found.coefficients[2]) < 0.15


def test_without_a_slope_the_strictest_penalty_wins() -> None:
    found = logistic.fit(sample(1, 200, 0.0))
    assert found.penalty == logistic.PENALTIES[0]
    assert max(map(abs, found.coefficients[1:])) < 0.1


@given(st.integers(0, 10_000), st.integers(5, 40), st.sampled_from([0.0, 1.0, 30.0]))
def test_at_its_end_no_slope_is_left_even_where_the_labels_part_cleanly(seed: int, rows: int, slope: float) -> None:
    made = sample(seed, rows, slope)
    # One of each, or the constant has no end.
    made.labels[0], made.labels[1] = 0.0, 1.0
    found = logistic.fit(made)
    sums = [sum(b * column[n] for b, column in zip(found.coefficients, made.columns, strict=True)) for n in range(rows)]
    rests = [label - logistic.chance(one) for label, one in zip(made.labels, sums, strict=True)]
    for n, column in enumerate(made.columns):
        pull = found.penalty * found.coefficients[n] if n else 0.0
        assert sum(x * rest for x, rest in zip(column, rests, strict=True)) == pytest.approx(pull, abs=1e-2)
