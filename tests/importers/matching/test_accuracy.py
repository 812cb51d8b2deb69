"""Floors on published sets. They tell whether a change helps; none of them is a goal that anything is tuned to."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from importers.matching import Resolution, metrics, resolve
from tests.importers.matching.known_sets import TRUTH, KnownSet, fake_1000, febrl, two_sources

NAME_AND_EMAIL = ("full_name", "email", "source")


def solve(known: KnownSet, threshold: float | None = None) -> Resolution:
    return resolve(known.records, known.kinds, threshold=threshold)


def scores(known: KnownSet, result: Resolution) -> tuple[metrics.Score, metrics.Score]:
    found, truth = result.customer_of.tolist(), known.truth.tolist()
    return metrics.pairs(found, truth), metrics.bcubed(found, truth)


@pytest.mark.parametrize(("number", "pairs", "records"), [(1, 0.996, 0.998), (2, 0.998, 0.999), (3, 0.997, 0.998)])
def test_people_with_typing_errors(real_files: Path, number, pairs, records) -> None:
    known = febrl(real_files, number)
    by_pair, by_record = scores(known, solve(known, 0.0))
    assert by_pair.f1 >= pairs
    assert by_record.f1 >= records
    assert scores(known, solve(known))[0].precision >= 0.995


def test_people_with_blanks_and_look_alike_emails(real_files: Path) -> None:
    known = fake_1000(real_files)
    by_pair, by_record = scores(known, solve(known, 0.0))
    assert by_pair.f1 >= 0.985
    assert by_record.f1 >= 0.985
    assert scores(known, solve(known))[0].precision >= 0.995


def test_contacts_and_cards_without_their_key(real_files: Path) -> None:
    known = two_sources(real_files)
    result = solve(known)
    assert result.customer_of.nunique() == 5002
    assert scores(known, result)[0].f1 == 1.0


def test_full_name_and_email_alone(real_files: Path) -> None:
    known = two_sources(real_files, NAME_AND_EMAIL)
    by_pair, _ = scores(known, solve(known))
    assert by_pair.precision == 1.0
    assert by_pair.recall >= 0.99


def test_truth_never_reaches_the_matcher(real_files: Path) -> None:
    for known in (febrl(real_files, 1), fake_1000(real_files), two_sources(real_files)):
        assert not TRUTH & set(known.records.columns)
        assert set(known.kinds) <= set(known.records.columns)
        assert known.records.index.is_unique
        assert known.records.index.str.fullmatch(r"r\d{6}").all()
        # Neighbours by id are no more often one customer than chance has it.
        ordered = known.truth.sort_index()
        assert (ordered == ordered.shift()).mean() < 0.02
        for name in known.records:
            assert not known.records[name].astype(str).equals(known.truth.astype(str)), name


def test_the_order_of_rows_and_columns_changes_nothing(real_files: Path) -> None:
    known = fake_1000(real_files)
    mixed = known.records.sample(frac=1, random_state=3)
    first, second = solve(known), resolve(mixed[mixed.columns[::-1]], known.kinds)
    pd.testing.assert_series_equal(first.customer_of, second.customer_of.loc[known.records.index])
    pd.testing.assert_frame_equal(first.pairs, second.pairs)
