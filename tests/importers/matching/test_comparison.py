from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from importers.matching.comparison import compare, fields_of
from importers.matching.encode import Column, Encoded, encode
from importers.matching.kinds import Address, Dob, Email, Field, Ident, Kind, Name, Phone
from importers.matching.measures import one_slip
from importers.matching.patterns import Patterns, pack, unpack
from importers.matching.shared import without_shared


def encoded(rows: list[dict[str, str]]) -> Encoded:
    records = pd.DataFrame(rows)
    kinds = {name: Kind(name) for name in records}
    return without_shared(encode(records, kinds, np.arange(len(records))), len(records))


def level(field: Field, one: dict[str, str], other: dict[str, str]) -> int:
    both = encoded([one, other])
    found = [
        int(compare(both, np.array([left]), np.array([right]), (field,))[field][0]) for left, right in ((0, 1), (1, 0))
    ]
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("john smith", "john smith", Name.EXACT),
        ("john smith", "jon smyth", Name.CLOSE),
        ("william smith", "bill smith", Name.INITIAL),
        ("j smith", "john smith", Name.INITIAL),
        ("john smith", "mary smith", Name.SURNAME_ONLY),
        ("john smith", "john baker", Name.GIVEN_ONLY),
        ("john smith", "smith john", Name.SWAPPED),
        ("john -", "john smith", Name.PART_MISSING),
        ("john -", "mary smith", Name.DIFFER),
        ("john smith", "mary baker", Name.DIFFER),
        ("- -", "mary baker", Name.MISSING),
        ("Иван Петров", "Ivan Petrov", Name.EXACT),
        ("José Núñez", "jose nunez", Name.EXACT),
    ],
)
def test_names(one, other, wanted) -> None:
    rows = [dict(zip(("given", "surname"), text.replace("-", "").split(" "), strict=True)) for text in (one, other)]
    assert level(Field.NAME, *rows) == wanted


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("1986-05-08", "1986-05-08", Dob.EQUAL),
        ("1986-05-08", "1986-05-09", Dob.TYPO),
        ("1986-05-08", "1986-50-08", Dob.TYPO),
        ("1986-05-08", "1986-08-05", Dob.TYPO),
        ("1986-05-08", "1953-05-08", Dob.TWO_PARTS),
        ("1986-05-08", "1987-11-21", Dob.NEAR_YEAR),
        ("1986-05-08", "1953-11-21", Dob.DIFFER),
        ("1986-05-08", "", Dob.MISSING),
    ],
)
def test_birth_dates(one, other, wanted) -> None:
    assert level(Field.DOB, {"dob": one}, {"dob": other}) == wanted


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("a.moss@x.com", "A.Moss+news@x.com", Email.EQUAL),
        ("john.smith@a.com", "john_smith@b.com", Email.SAME_LETTERS),
        ("john.smith@a.com", "jon.smith@a.com", Email.TYPO),
        ("john.smith@a.com", "joan.smyth@a.com", Email.NEAR),
        ("smith1@a.com", "smith2@a.com", Email.DIFFER),
        ("smith1@a.com", "", Email.MISSING),
    ],
)
def test_emails(one, other, wanted) -> None:
    assert level(Field.EMAIL, {"email": one}, {"email": other}) == wanted


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("983-566-0706", "+1 (983) 566-0706 ext. 12", Phone.EQUAL),
        ("+49 30 1234567", "030 1234567", Phone.EQUAL),
        ("983-566-0706", "983-566-0760", Phone.TYPO),
        ("983-566-0706", "983-566-1234", Phone.DIFFER),
        ("983-566-0706", "12", Phone.MISSING),
    ],
)
def test_phones(one, other, wanted) -> None:
    assert level(Field.PHONE, {"phone": one}, {"phone": other}) == wanted


@pytest.mark.parametrize(("other", "wanted"), [("7364-009", Ident.EQUAL), ("7346008", Ident.TYPO), ("1", Ident.DIFFER)])
def test_ids(other, wanted) -> None:
    assert level(Field.IDENT, {"ident": "7364009"}, {"ident": other}) == wanted


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        ("12 Main St|10753|Denver", Address.EQUAL),
        ("12 Mainn Street|10753|Denver", Address.STREET_CLOSE),
        ("12 Main St||Boulder", Address.STREET_AND_CITY),
        ("12 Main St|99999|Denver", Address.STREET_AND_CITY),
        ("12 Main St|10754|Boulder", Address.STREET_AND_CITY),
        ("21 Main St|17053|Dnever", Address.STREET_AND_CITY),
        ("7 Elm Row|10753|Boulder", Address.POSTCODE),
        ("7 Elm Row|99999|Denver", Address.CITY),
        ("12 Main St|99999|Boulder", Address.STREET_ELSEWHERE),
        ("7 Elm Row|99999|Boulder", Address.DIFFER),
        ("||", Address.MISSING),
    ],
)
def test_addresses(other, wanted) -> None:
    one, two = (
        dict(zip(("street", "postcode", "city"), text.split("|"), strict=True))
        for text in ("12 Main Street|10753|Denver", other)
    )
    assert level(Field.ADDRESS, one, two) == wanted


TEXT = {
    "given": ["Ann", "Anne", "A", "Moss", ""],
    "surname": ["Moss", "Moos", "Ann", ""],
    "dob": ["1986-05-08", "1986-08-05", "1987-01-01", ""],
    "email": ["a.moss@x.com", "a_moss@y.com", "ab.moss@x.com", ""],
    "phone": ["9835660706", "9835660760", ""],
    "street": ["1 Elm St", "1 Elms St", ""],
    "postcode": ["10753", "10754", "90210", ""],
    "city": ["Rome", "Paris", ""],
    "ident": ["123456", "123457", ""],
    "company": ["Acme Inc", "Acmee", ""],
    "category": ["f", "m", ""],
    "source": ["con", "loy", "pos"],
}
ROW = st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in TEXT.items()})


@settings(max_examples=60)
@given(st.lists(ROW, min_size=2, max_size=6))
def test_comparing_is_symmetric_and_patterns_keep_every_level(rows) -> None:
    records = encoded(rows)
    left, right = np.triu_indices(len(rows), 1)
    fields = fields_of(records)
    levels = compare(records, left, right, fields)
    back = compare(records, right, left, fields)
    numbers = pack(levels, len(left))
    patterns = Patterns.of(numbers, fields)
    for field in fields:
        assert (levels[field] == back[field]).all()
        assert (unpack(numbers, fields)[field] == levels[field]).all()
        assert (patterns.levels[field][patterns.places(numbers)] == levels[field]).all()
    assert patterns.counts.sum() == len(left)


@settings(max_examples=200)
@given(st.lists(st.text("0129", min_size=9, max_size=9), min_size=2, max_size=12, unique=True), st.data())
def test_one_slip_is_one_edit(numbers, data) -> None:
    at = data.draw(st.integers(0, 7))
    first = numbers[0]
    numbers = [*numbers, first[:at] + first[at + 1] + first[at] + first[at + 2 :], first[:at] + "5" + first[at + 1 :]]
    column = Column.of(np.arange(len(numbers)), np.array(numbers, dtype=object))
    left, right = np.triu_indices(len(numbers), 1)
    found = one_slip(column, column.codes[left], column.codes[right], np.ones(len(left), dtype=bool))
    wanted = [OSA.distance(numbers[a], numbers[b]) <= 1 for a, b in zip(left, right, strict=True)]
    assert found.tolist() == wanted
