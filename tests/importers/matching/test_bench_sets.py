"""The sets that matching is measured on are what they are said to be, and never say who is who."""

from __future__ import annotations

import importlib
from itertools import islice
from pathlib import Path
from random import Random
from types import ModuleType

import pandas as pd
import pytest

HOUSEHOLDS = 8000


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch):
    """Import a module of the benchmarks, which are scripts beside each other."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "bench"))
    return importlib.import_module


@pytest.fixture
def retail(bench) -> ModuleType:
    return bench("retail")


@pytest.fixture
def households(bench):
    return list(islice(bench("retail_people").Town(7, 10_000).households(), HOUSEHOLDS))


def test_households_are_as_stated(households) -> None:
    people = [(person, home[:at] + home[at + 1 :]) for home in households for at, person in enumerate(home)]

    def share(meant) -> float:
        return sum(meant(person, others) for person, others in people) / len(people)

    def same_email(person, others) -> bool:
        return bool(person.now.email) and person.now.email in [other.now.email for other in others]

    def namesake(person, others) -> bool:
        return (person.given, person.surname) in [(other.given, other.surname) for other in others]

    assert sum(len(home) >= 3 for home in households) / HOUSEHOLDS == pytest.approx(0.20, abs=0.02)
    assert share(namesake) == pytest.approx(0.03, abs=0.01)
    assert share(lambda person, others: person.dob in [other.dob for other in others]) == pytest.approx(0.01, abs=0.005)
    # The owner of an email that is shared counts beside the one who uses it.
    assert 0.04 <= share(same_email) <= 0.09
    assert share(lambda person, _: person.later is not None) == pytest.approx(0.08, abs=0.01)
    moved = [person for person, _ in people if person.later]
    assert all(person.later.phone != person.now.phone for person in moved)
    assert all(person.later.street != person.now.street for person in moved)
    assert 0.2 <= sum(person.later.email != person.now.email for person in moved) / len(moved) <= 0.4


def test_each_field_a_source_asks_for_is_blank_in_one_row_of_twenty(retail, households) -> None:
    chance = Random(1)
    people = [person for home in households for person in home if person.now.email]
    for source, asked in retail.ASKED.items():
        rows = pd.DataFrame(retail.spoilt(retail.as_asked(person, source, chance), chance) for person in people)
        blank = (rows == "").mean()
        assert blank[list(asked)].between(0.04, 0.06).all(), source
        assert (blank[[name for name in retail.FIELDS[:-1] if name not in asked]] == 1).all(), source
    assert len(retail.ASKED["pos"]) <= 4


def test_fifteen_rows_of_a_hundred_have_one_to_three_typing_errors(retail, households) -> None:
    chance = Random(2)
    changed = []
    for person in (person for home in households for person in home):
        clean = retail.as_asked(person, "con", chance)
        spoilt = retail.spoilt(clean, chance)
        changed.append(sum(spoilt[name] not in ("", clean[name]) for name in clean))
    share = sum(1 for count in changed if count) / len(changed)
    assert share == pytest.approx(0.15, abs=0.01)
    assert max(changed) == 3


def _check(records: pd.DataFrame, kinds: dict[str, str], truth: pd.Series) -> None:
    """Refuse a set in which a column, the ids or their order tell who is who."""
    assert set(records.columns) == set(kinds)
    told = truth.reindex(records.index)
    assert told.notna().all()
    for name, cells in {**dict(records.items()), "id": records.index.to_series()}.items():
        pairs = pd.DataFrame({"cell": cells, "person": told}).drop_duplicates()
        assert not len(pairs) == cells.nunique() == told.nunique(), f"{name} names the people one by one"
    ordered = told.sort_index()
    assert (ordered == ordered.shift()).mean() < 0.02, "neighbours are one customer"


@pytest.mark.parametrize("name", ["febrl1", "febrl2", "febrl3", "fake_1000", "ci-ilt", "ci-ilt name+email"])
def test_published_sets_keep_the_truth_apart(bench, name: str, real_files: Path, tmp_path: Path) -> None:
    found = bench("matching_sets").prepare(name, real_files, tmp_path)
    _check(pd.read_csv(found.records, dtype=str, keep_default_na=False, index_col="id"), found.kinds, found.truth)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [found.records.name]


def test_the_made_up_set_keeps_the_truth_apart(bench, tmp_path: Path) -> None:
    found = bench("matching_sets").prepare("retail_10k", None, tmp_path)
    records = pd.read_csv(found.records, dtype=str, keep_default_na=False, index_col="id")
    assert len(records) == 10_000
    _check(records, found.kinds, found.truth)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [found.records.name]


@pytest.mark.parametrize("leak", ["person", "coded", "order"])
def test_a_set_that_tells_is_refused(leak: str) -> None:
    people = [str(number // 2) for number in range(100)]
    Random(3).shuffle(people)
    truth = pd.Series(people if leak != "order" else sorted(people), index=[f"r{at:03d}" for at in range(100)])
    given = {"person": truth, "coded": truth.map(lambda text: f"x{int(text) * 7}"), "order": "Ann"}[leak]
    records = pd.DataFrame({"given": given}, index=truth.index)
    with pytest.raises(AssertionError, match="neighbours" if leak == "order" else "one by one"):
        _check(records, {"given": "given"}, truth)
