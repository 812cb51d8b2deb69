"""Full names of two words without a comma: which is the surname."""

from __future__ import annotations

from random import Random

import pandas as pd

from importers.matching import resolve
from importers.matching.encode import encode
from importers.matching.incremental import Known, add
from importers.matching.kinds import Kind

GIVEN = ("Ann", "Bruno", "Clara", "Daniel", "Emma")
SURNAMES = ("Moss", "Tanner", "Weber", "Kowalski", "Ortiz")
STRAIGHT = [f"{given} {surname}" for given in GIVEN for surname in SURNAMES]


def read(names: list[str], **columns: list[str]) -> list[tuple[str, str]]:
    """Return given name and surname of each full name."""
    records = pd.DataFrame({"full": names, **columns})
    kinds = {"full": Kind.FULLNAME} | {name: Kind(name) for name in columns}
    found = encode(records, kinds, records.index.to_numpy())
    return list(zip(found[Kind.GIVEN].texts, found[Kind.SURNAME].texts, strict=True))


def test_a_surname_that_stands_first_is_known_by_other_names() -> None:
    names = [*STRAIGHT, "Hugo Weber", "Ida Weber", "Moss Ann", "Weber Elias", "Iris Moss"]
    assert read(names)[-3:] == [
        ("ann", "moss"), ("elias", "weber"), ("iris", "moss"),
    ]  # fmt: skip


def test_names_in_columns_of_their_own_tell_too() -> None:
    given, surnames = [*GIVEN * 2, ""], [*SURNAMES * 2, ""]
    names = [*[""] * 10, "Tanner Ann"]
    assert read(names)[-1] == ("tanner", "ann")
    assert read(names, given=given, surname=surnames)[-1] == ("ann", "tanner")


def test_a_comma_and_three_words_are_taken_at_their_word() -> None:
    assert read([*STRAIGHT, "Ann, Moss", "Moss Ann Clara"])[-2:] == [("moss", "ann"), ("moss ann", "clara")]


def test_without_proof_the_order_stays() -> None:
    # Both words are new; both are given names as often as surnames; the same two words are no news of themselves.
    assert read(["Moss Ann"]) == [("moss", "ann")]
    assert read(["James Thomas", "Thomas James", "James Lee", "Ann James", "Thomas Roy", "Ann Thomas"])[:2] == [
        ("james", "thomas"), ("thomas", "james"),
    ]  # fmt: skip
    assert read(["Ann Moss"] * 20 + ["Moss Ann"])[-1] == ("moss", "ann")


def test_the_order_of_the_records_changes_nothing() -> None:
    names = [*STRAIGHT, "Moss Ann", "Weber Clara", "Ortiz Tanner", "Emma Ann"]
    mixed = list(range(len(names)))
    Random(4).shuffle(mixed)
    straight, other = read(names), read([names[at] for at in mixed])
    assert [straight[at] for at in mixed] == other


def test_a_kept_model_reads_the_names_of_a_few_records() -> None:
    births = [f"19{50 + at}-03-1{at % 9}" for at in range(len(STRAIGHT))]
    many = pd.DataFrame({"full": STRAIGHT, "dob": births}, index=[f"old{at}" for at in range(len(STRAIGHT))])
    kinds = {"full": "fullname", "dob": "dob"}
    few = pd.DataFrame({"full": ["Moss Ann", "Ann Moss"], "dob": ["1950-03-10", "1950-03-10"]}, index=["new0", "new1"])
    learned = resolve(many, kinds)
    found = resolve(few, kinds, model=learned.model)
    assert found.encoded.columns[Kind.GIVEN].texts.tolist() == ["ann", "ann"]
    assert found.customer_of.nunique() == 1
    added = add(Known.of(learned), few, kinds)
    assert added.resolution.encoded.columns[Kind.GIVEN].texts[-2:].tolist() == ["ann", "ann"]
