from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from importers.matching import Field, Kind, Model, metrics, resolve
from importers.matching.incremental import Known, add
from tests.importers.matching.known_sets import KnownSet, fake_1000, febrl, two_sources
from tests.importers.matching.made_people import KINDS, made_people

PEOPLE = made_people(400)
TRUTH = PEOPLE.pop("person")


def halves(known: KnownSet, model: Model | None = None) -> pd.Series:
    """Return the customers of one half of the records with the other half added."""
    ids = known.records.index.sort_values()
    first, second = known.records.loc[ids[::2]], known.records.loc[ids[1::2]]
    base = resolve(first, known.kinds, model=model)
    added = add(Known.of(base), second, known.kinds)
    joined = pd.concat([base.customer_of, added.customer_of])
    joined.update(added.moved)
    return joined.reindex(known.records.index)


def f1(found: pd.Series, truth: pd.Series) -> float:
    return metrics.pairs(found.tolist(), truth.tolist()).f1


@pytest.mark.parametrize("name", ["febrl", "fake", "two sources"])
def test_half_and_half_is_as_good_as_all_at_once(real_files: Path, name) -> None:
    sets = {"febrl": lambda: febrl(real_files, 3), "fake": lambda: fake_1000(real_files),
            "two sources": lambda: two_sources(real_files)}  # fmt: skip
    known = sets[name]()
    whole = resolve(known.records, known.kinds)
    least = f1(whole.customer_of, known.truth) - 0.002
    assert f1(halves(known, whole.model), known.truth) >= least
    if name != "fake":
        # 500 records teach a slightly other model than 1,000.
        assert f1(halves(known), known.truth) >= least


def base(rows: pd.DataFrame = PEOPLE) -> Known:
    return Known.of(resolve(rows, KINDS))


def copy_of(ident: str, name: str, **other: str) -> pd.DataFrame:
    return PEOPLE.loc[[ident]].rename({ident: name}).assign(**other)


def test_a_copy_joins_the_customer_that_is_there_and_a_stranger_makes_one() -> None:
    known = base()
    stranger = dict.fromkeys(KINDS, "") | {
        "given": "Xeno",
        "surname": "Quax",
        "email": "xeno@else.org",
        "source": "con",
    }
    new = pd.concat([copy_of("r00007", "new"), pd.DataFrame([stranger], index=["stranger"])])
    added = add(known, new, KINDS)
    place = known.index.get_loc("r00007")
    assert added.customer_of.tolist() == [known.customers[place], known.customers.max() + 1]
    assert added.moved.empty
    assert set(added.pairs["band"]) == {"automatic"}
    line = added.pairs.iloc[0]
    lines = added.resolution.explain(line["left"], line["right"])
    assert sum(each.bits for each in lines) == pytest.approx(line["bits"], abs=1e-6)


def test_a_new_record_that_is_both_ties_two_customers_to_the_larger() -> None:
    row = PEOPLE.iloc[0]
    one = dict(row) | {"email": "", "phone": "", "street": "", "dob": "", "postcode": "", "source": "con"}
    halves_of_one = pd.DataFrame(
        [one | {"email": "own@mail.org", "phone": "6666666666"}, one | {"dob": "1971-02-03", "phone": "7777777777"},
         one | {"dob": "1971-02-03", "phone": "7777777777"}],
        index=["mail", "birth", "birth again"],
    )  # fmt: skip
    others = PEOPLE[PEOPLE["surname"] != row["surname"]]
    known = base(pd.concat([others, halves_of_one]))
    before = pd.Series(known.customers, index=known.index)
    assert before["mail"] != before["birth"] == before["birth again"]
    both = one | {"email": "own@mail.org", "dob": "1971-02-03", "phone": "6666666666"}
    added = add(known, pd.DataFrame([both], index=["both"]), KINDS, always=[("both", "mail"), ("both", "birth")])
    assert added.customer_of["both"] == before["birth"]
    assert added.moved.to_dict() == {"mail": before["birth"]}


def test_what_people_say_holds_for_old_and_new() -> None:
    known = base()
    never = add(known, copy_of("r00007", "new"), KINDS, never=[("new", "r00007")])
    assert never.customer_of["new"] not in known.customers
    assert never.moved.empty
    always = add(known, copy_of("r00007", "new"), KINDS, never=[("new", "r00007")], always=[("new", "r00009")])
    assert always.customer_of["new"] == known.customers[known.index.get_loc("r00009")]


def test_an_old_customer_is_parted_only_by_a_person() -> None:
    known = base()
    customers = pd.Series(known.customers, index=known.index)
    one, other = customers[customers.duplicated(keep=False)].sort_values().index[:2]
    added = add(known, copy_of(one, "new"), KINDS, never=[(one, other)])
    assert len(added.moved) == 1
    assert added.moved.iloc[0] == known.customers.max() + 1


def test_nothing_new_changes_nothing_and_known_ids_are_refused() -> None:
    known = base()
    nothing = add(known, PEOPLE.iloc[:0], KINDS)
    assert nothing.customer_of.empty
    assert nothing.moved.empty
    assert nothing.pairs.empty
    with pytest.raises(ValueError, match="same id"):
        add(known, PEOPLE.iloc[:1], KINDS)


def test_a_value_that_many_share_is_no_evidence_for_a_new_record() -> None:
    letters = "bdfgklmnprst"
    crowd = pd.DataFrame(
        [
            dict.fromkeys(KINDS, "") | {"given": f"{a}o{a}i", "surname": f"{a}a{a}u", "email": "info@shop.org"}
            for a in letters
        ],
        index=[f"shop{a}" for a in letters],
    )
    known = base(pd.concat([PEOPLE, crowd.assign(source="con")]))
    one = dict.fromkeys(KINDS, "") | {"given": "bobi", "surname": "dadu", "email": "info@shop.org", "source": "loy"}
    added = add(known, pd.DataFrame([one], index=["new"]), KINDS)
    assert added.customer_of["new"] not in known.customers


def test_records_that_are_loaded_with_their_model_take_new_ones_as_before() -> None:
    resolution = resolve(PEOPLE, KINDS)
    kept = Model.from_json(resolution.model.to_json())
    loaded = Known.load(PEOPLE.sample(frac=1, random_state=2), KINDS, resolution.customer_of, kept)
    new = pd.concat([copy_of("r00007", "new"), copy_of("r00011", "newer", phone="")])
    first, second = add(Known.of(resolution), new, KINDS), add(loaded, new, KINDS)
    pd.testing.assert_series_equal(first.customer_of, second.customer_of)
    pd.testing.assert_frame_equal(first.pairs, second.pairs)


def test_new_values_are_counted_and_many_ask_for_another_model() -> None:
    known = base()
    frequencies, surname = known.model.frequencies, PEOPLE.loc["r00007", "surname"].lower()
    crowd = pd.concat([copy_of("r00007", f"new{at}") for at in range(5)])
    after = add(known, crowd, KINDS).model.frequencies
    assert after.totals[Kind.SURNAME] == frequencies.totals[Kind.SURNAME] + 5
    assert after.counts[Kind.SURNAME][surname] >= 6
    assert after.collisions[Kind.SURNAME] > frequencies.collisions[Kind.SURNAME]
    fields = known.model.fields
    assert known.model.why_learn_again(len(PEOPLE), fields) == ""
    assert "records" in known.model.why_learn_again(2 * len(PEOPLE), fields)
    assert "ident" in known.model.why_learn_again(len(PEOPLE), [*fields, Field.IDENT])
