from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers import standardise
from importers.matching import resolve
from importers.matching.clustering import GROUP_LIMIT
from tests.importers.matching.made_people import KINDS, made_people

WORLD = made_people(120).drop(columns="person")
MODEL = resolve(made_people(600), KINDS).model
CELLS = {
    "given": ["Ann", "Anne", "Bo", "Moss", ""],
    "surname": ["Moss", "Moos", "Lee", "Ann", ""],
    "dob": ["1986-05-08", "1986-08-05", "1956-11-21", ""],
    "email": ["a.moss@x.com", "amoss@y.com", "b@x.com", ""],
    "phone": ["9835660706", "1112223334", ""],
    "street": ["129 Miller Plaza", "1 Elm St", ""],
    "postcode": ["10753", "90210", ""],
    "source": ["con", "loy"],
}
ROW = st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()})
ROWS = st.lists(ROW, max_size=10)
PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4)


def frame(rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(CELLS))


@settings(max_examples=40)
@given(ROWS, PAIRS, PAIRS, PAIRS, st.randoms(use_true_random=False))
def test_never_and_always_hold_and_order_changes_nothing(rows, never, always, declared, random) -> None:
    records = frame(rows)
    options = {"never": never, "always": always, "declared": declared}
    result = resolve(records, KINDS, **options)
    joined = result.customer_of
    here = [(a, b) for a, b in never if a != b and max(a, b) < len(rows)]
    assert all(joined[a] != joined[b] for a, b in here)
    if not here and not declared:
        assert all(joined[a] == joined[b] for a, b in always if max(a, b) < len(rows))
    order = list(range(len(rows)))
    random.shuffle(order)
    columns = list(CELLS)
    random.shuffle(columns)
    again = resolve(records.iloc[order][columns], KINDS, **options)
    assert again.customer_of.loc[records.index].tolist() == joined.tolist()


@settings(max_examples=40)
@given(ROWS)
def test_customers_are_tied_by_pairs_that_each_suffice_and_none_is_too_large(rows) -> None:
    records = frame(rows)
    result = resolve(records, KINDS, model=MODEL)
    sure = result.pairs[result.pairs["bits"] >= MODEL.threshold / 0.6931471805599453]
    sure = sure[result.customer_of.loc[sure["left"]].to_numpy() == result.customer_of.loc[sure["right"]].to_numpy()]
    for members in records.index.groupby(result.customer_of).values():
        assert len(members) <= GROUP_LIMIT
        reached = {members[0]}
        for _ in members:
            for left, right in zip(sure["left"], sure["right"], strict=True):
                reached |= {left, right} if {left, right} & reached else set()
        assert reached == set(members)


def test_a_higher_threshold_never_merges_more() -> None:
    counts = [resolve(WORLD, KINDS, model=MODEL, threshold=nats).customer_of.nunique() for nats in range(0, 40, 4)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@settings(max_examples=40)
@given(ROWS)
def test_explanations_add_up_to_the_score(rows) -> None:
    result = resolve(frame(rows), KINDS, always=[(0, 1)], model=MODEL)
    for pair in result.pairs.to_dict("records"):
        lines = result.explain(pair["left"], pair["right"])
        assert sum(line.bits for line in lines) == pytest.approx(pair["bits"], abs=1e-6)
        assert lines == result.explain(pair["right"], pair["left"])


@settings(max_examples=30)
@given(st.integers(0, len(WORLD) - 1), st.sampled_from(["dob", "email", "phone"]))
def test_a_copy_with_a_name_and_one_more_field_joins_it(at, kept) -> None:
    row = WORLD.iloc[at]
    if not row["given"] or not row["surname"] or not row[kept]:
        return
    copy = dict.fromkeys(CELLS, "") | {name: row[name] for name in ("given", "surname", kept, "source")}
    records = pd.concat([WORLD, pd.DataFrame([copy], index=["copy"])])
    whole = resolve(records, KINDS, model=MODEL, threshold=0.0).customer_of
    assert whole["copy"] == whole[row.name]


def test_a_blank_record_stays_alone() -> None:
    blank = pd.DataFrame([dict.fromkeys(CELLS, "")], index=["blank"])
    joined = resolve(pd.concat([WORLD, blank, blank.rename({"blank": "blank too"})]), KINDS).customer_of
    assert (joined == joined["blank"]).sum() == 1


@settings(max_examples=200)
@given(st.text(max_size=30))
def test_standardising_twice_changes_nothing_more(text) -> None:
    for function in (
        standardise.name, standardise.email, standardise.phone, standardise.street, standardise.code,
        standardise.company, standardise.category, standardise.dob,
    ):  # fmt: skip
        assert function(function(text)) == function(text), function
