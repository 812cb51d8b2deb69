from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from importers.matching import resolve
from importers.matching.blocking import BLOCK_CAP, Blocks, candidate_pairs, cap_for, pair_ids
from importers.matching.parts import KeyParts
from tests.importers.matching.test_comparison import encoded


def proposed(rows: list[dict[str, str]]):
    records = encoded(rows)
    return candidate_pairs(records, KeyParts(records))


def test_records_meet_once_however_many_keys_they_share() -> None:
    row = {"given": "Ann", "surname": "Moss", "dob": "1986-05-08", "email": "a@x.com", "phone": "9835660706"}
    found = proposed([row, row, row | {"email": "", "phone": ""}])
    assert found.ids.tolist() == [1, 2, 5]
    assert found.proposals[0] > found.proposals[1] == found.proposals[2] > 1


@pytest.mark.parametrize(("size", "pairs"), [(BLOCK_CAP, BLOCK_CAP * (BLOCK_CAP - 1) // 2), (BLOCK_CAP + 1, 0)])
def test_a_block_above_the_cap_adds_no_pairs_and_is_told(size, pairs) -> None:
    found = proposed([{"phone": "9835660706"}] * size)
    assert len(found.ids) == pairs
    assert [report.dropped_blocks for report in found.reports] == [int(not pairs)]


def test_pairs_of_a_rule_keep_within_the_budget_unless_the_cap_is_at_its_least() -> None:
    sizes = np.array([2] * 100 + [10] * 50 + [60] * 20)
    assert cap_for(sizes, 10**6) == BLOCK_CAP
    cap = cap_for(sizes, 3000)
    kept = sizes[sizes <= cap]
    assert 3 <= cap < 60
    assert (kept * (kept - 1) // 2).sum() <= 3000
    assert cap_for(sizes, 1) == 3


def test_blocks_hold_all_pairs_of_equal_keys_and_no_other() -> None:
    key = np.array([3, -1, 7, 3, 3, 9, 7, -1])
    blocks = Blocks.of(key)
    left, right = blocks.pairs()
    found = set(pair_ids(blocks.rows[left], blocks.rows[right], len(key)).tolist())
    assert found == {a * 8 + b for a in range(8) for b in range(a + 1, 8) if key[a] == key[b] >= 0}


@pytest.mark.parametrize(
    ("street", "pairs"),
    [("12 Stuudley Steet", 1), ("Studley Steet", 0), ("13 Studley St", 0), ("12 Elm Street", 0), ("12", 0)],
)
def test_a_street_is_looked_up_as_it_sounds_under_its_number(street: str, pairs: int) -> None:
    assert len(proposed([{"street": "12 Studley Street"}, {"street": street}]).ids) == pairs


def test_streets_without_a_number_meet_too() -> None:
    assert len(proposed([{"street": "Studley Street"}, {"street": "Studley Steet"}, {"street": "12"}]).ids) == 1


def _birthday(number: int) -> str:
    return f"19{number % 90 + 10}-0{number % 9 + 1}-1{number % 7}"


def test_a_default_date_makes_no_more_pairs() -> None:
    def rows(dates: int) -> pd.DataFrame:
        letters = "bdfgklmnprst"
        made = [(a + "a" + b + "o", c + "u" + a + "i") for a in letters for b in letters for c in letters]
        return pd.DataFrame(
            {
                "given": [given for given, _ in made],
                "surname": [surname for _, surname in made],
                "dob": ["2000-01-01" if at < dates else _birthday(at) for at in range(len(made))],
            }
        )

    kinds = {"given": "given", "surname": "surname", "dob": "dob"}
    plain, defaulted = resolve(rows(0), kinds), resolve(rows(len(rows(0)) // 20), kinds)
    assert defaulted.shared["dob"] == ["20000101"]
    assert sum(report.pairs for report in defaulted.rules) <= 1.2 * sum(report.pairs for report in plain.rules)
