import pandas as pd
import pytest

from importers.matching import resolve
from importers.reading import read_table
from importers.sources import get_source

KINDS = {
    "given": "given", "surname": "surname", "dob": "dob", "email": "email", "phone": "phone", "street": "street",
    "postcode": "postcode", "source": "source",
}  # fmt: skip
ANN = {
    "given": "Ann", "surname": "Moss", "dob": "1986-05-08", "email": "ann.moss@x.com", "phone": "983-566-0706",
    "street": "129 Miller Plaza", "postcode": "10753", "source": "con",
}  # fmt: skip


def people(*rows):
    return pd.DataFrame([ANN | row for row in rows], index=[f"r{at}" for at in range(len(rows))])


def groups(result):
    found = {}
    for record, customer in result.customer_of.items():
        found.setdefault(customer, []).append(record)
    return sorted(found.values())


def band(result, left="r0", right="r1"):
    rows = result.pairs[(result.pairs["left"] == left) & (result.pairs["right"] == right)]
    return rows["band"].iloc[0] if len(rows) else "apart"


def real_people(folder):
    frames, keys = [], {}
    for code, name in (("con", "Contacts.csv"), ("loy", "LoyaltySchemeCustomers.csv")):
        parsed = get_source(code).parse(read_table(folder / "ci-ilt" / "sources" / name))
        frame = parsed.fields[["given", "surname", "full_name", "birth_date", "gender", "email", "phone"]].copy()
        frame["source"] = code
        frame.index = pd.Index([f"{code}:{key}" for key in parsed.key])
        frames.append(frame)
        keys[code] = parsed
    declared = [(f"loy:{k}", f"con:{c}") for k, c in zip(keys["loy"].key, keys["loy"].foreign, strict=True)]
    return pd.concat(frames), declared


REAL_KINDS = {
    "given": "given", "surname": "surname", "full_name": "fullname", "birth_date": "dob", "gender": "category",
    "email": "email", "phone": "phone", "source": "source",
}  # fmt: skip


def test_real_people_with_declared_keys(real_files) -> None:
    records, declared = real_people(real_files)
    result = resolve(records, REAL_KINDS, declared=declared)
    assert result.customer_of.nunique() == 5002
    truth = dict(declared)
    joined = result.customer_of
    assert all(joined[left] == joined[right] for left, right in truth.items() if right in joined.index)


def test_real_people_without_keys(real_files) -> None:
    records, declared = real_people(real_files)
    result = resolve(records, REAL_KINDS)
    assert abs(result.customer_of.nunique() - 5002) <= 5
    owner = {left: right for left, right in declared} | {right: right for _, right in declared}
    per_customer = pd.Series(owner).reindex(result.customer_of.index).groupby(result.customer_of).nunique()
    assert (per_customer <= 1).all()


def test_the_order_of_records_and_columns_does_not_matter(real_files) -> None:
    records, declared = real_people(real_files)
    records = records.iloc[[*range(800), *range(5000, 5800)]]
    first = resolve(records, REAL_KINDS, declared=declared[:300])
    mixed = records.sample(frac=1, random_state=5)
    second = resolve(mixed[mixed.columns[::-1]], REAL_KINDS, declared=declared[299::-1])
    assert second.customer_of.index.equals(mixed.index)
    pd.testing.assert_series_equal(first.customer_of, second.customer_of.loc[records.index])
    pd.testing.assert_frame_equal(first.pairs, second.pairs)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_few_records(size) -> None:
    result = resolve(people({}, {})[:size], KINDS, declared=[("r0", "nobody")])
    assert result.customer_of.tolist() == [0] * size
    assert len(result.pairs) == (size == 2)


def test_records_without_columns_or_values_stay_alone() -> None:
    blank = dict.fromkeys(ANN, "")
    assert groups(resolve(people(blank, blank), KINDS)) == [["r0"], ["r1"]]
    assert groups(resolve(pd.DataFrame(index=["a", "b"]), {})) == [["a"], ["b"]]


def test_missing_cells_of_any_sort_are_blank() -> None:
    records = people({"phone": None}, {"phone": float("nan")})
    assert groups(resolve(records, KINDS)) == [["r0", "r1"]]


@pytest.mark.parametrize(
    "other",
    [
        {"given": "Anne", "phone": ""},
        {"given": "Moss", "surname": "Ann"},
        {"dob": "1986-08-05"},
        {"dob": "", "phone": "+1-983-566-0706x95"},
        {"surname": "Baker", "phone": "", "street": ""},
    ],
    ids=["typo", "exchanged", "day and month", "email alone", "married"],
)
def test_one_person_joins(other) -> None:
    assert groups(resolve(people({}, other), KINDS)) == [["r0", "r1"]]


@pytest.mark.parametrize(
    "other",
    [
        {"dob": "1956-11-21", "email": "old@x.com"},
        {"given": "Tim", "email": "tim.moss@x.com"},
        {"given": "Tim", "email": "tim@x.com", "dob": "1984-01-30"},
        {"given": "Anna", "email": "anna@x.com", "dob": "1986-05-08"},
    ],
    ids=["father and son", "twins", "household", "twins of like names"],
)
def test_a_household_stays_apart(other) -> None:
    assert groups(resolve(people({}, other), KINDS)) == [["r0"], ["r1"]]


def test_father_and_son_without_dates_go_to_review() -> None:
    result = resolve(people({"dob": "", "email": ""}, {"dob": "", "email": ""}), KINDS)
    assert (groups(result), band(result)) == ([["r0"], ["r1"]], "review")


def test_a_third_record_does_not_tie_father_and_son() -> None:
    rows = [{}, {"dob": "1956-11-21"}, {"dob": ""}]
    result = resolve(people(*rows), KINDS)
    assert result.customer_of["r0"] != result.customer_of["r1"]
    assert "review" in set(result.pairs["band"])


@pytest.mark.parametrize("threshold", [None, 0.0])
def test_a_third_record_does_not_tie_a_couple_whatever_the_threshold(threshold) -> None:
    tim, either = {"given": "Tim", "dob": "1984-01-30"}, {"given": "", "dob": ""}
    customer_of = resolve(people({}, tim, either), KINDS, threshold=threshold).customer_of
    assert customer_of["r0"] != customer_of["r1"]
    assert customer_of["r2"] in (customer_of["r0"], customer_of["r1"])


STRANGER = {"given": "Bo", "surname": "Lee", "email": "bo@y.com", "phone": "1112223334", "street": "1 Elm",
            "postcode": "90210", "dob": "1950-01-02", "source": "loy"}  # fmt: skip


def test_a_declared_key_joins_unless_nothing_agrees() -> None:
    born_otherwise = {"dob": "2018-05-01", "source": "loy"}
    assert groups(resolve(people({}, born_otherwise), KINDS, declared=[("r1", "r0")])) == [["r0", "r1"]]
    result = resolve(people({}, STRANGER), KINDS, declared=[("r1", "r0")])
    assert (groups(result), band(result)) == ([["r0"], ["r1"]], "review")


def test_two_cards_of_one_contact_need_evidence() -> None:
    wife = {"source": "loy"}
    husband = {"given": "Tim", "email": "tim@x.com", "dob": "1984-01-30", "source": "loy"}
    result = resolve(people({}, wife, husband), KINDS, declared=[("r1", "r0"), ("r2", "r0")])
    assert groups(result) == [["r0", "r1"], ["r2"]]
    assert band(result, "r0", "r2") == "review"


def test_evidence_between_customers_with_other_keys_goes_to_review() -> None:
    rows = [{}, {"source": "loy"}, {"email": "am@y.com"}, {"email": "am@y.com", "source": "loy"}]
    result = resolve(people(*rows), KINDS, declared=[("r1", "r0"), ("r3", "r2")])
    assert groups(result) == [["r0", "r1"], ["r2", "r3"]]
    assert band(result, "r0", "r2") == "review"


def test_people_decide() -> None:
    records = people({}, {}, STRANGER)
    result = resolve(records, KINDS, never=[("r1", "r0")], always=[("r2", "r0")])
    assert groups(result) == [["r0", "r2"], ["r1"]]
    assert band(result) == "apart"
    both = resolve(records, KINDS, never=[("r1", "r0")], always=[("r2", "r0"), ("r1", "r2")])
    assert both.customer_of["r0"] != both.customer_of["r1"]


def test_one_to_one_takes_the_better_of_two() -> None:
    records = people({}, {"source": "loy"}, {"source": "loy", "phone": "", "dob": ""})
    result = resolve(records, KINDS, one_to_one=("con", "loy"))
    assert groups(result) == [["r0", "r1"], ["r2"]]
    assert band(result, "r0", "r2") == "review"
    assert groups(resolve(records, KINDS, one_to_one=True)) == [["r0", "r1"], ["r2"]]
    assert groups(resolve(records, KINDS)) == [["r0", "r1", "r2"]]


def test_a_large_group_is_not_merged_by_itself() -> None:
    strangers = [
        STRANGER | {"given": f"{a}{b}y", "surname": f"{b}{a}ke", "email": f"{a}{b}@y.com", "dob": "", "phone": "",
                    "street": "", "postcode": ""} for a in "bdfgklmnp" for b in "bdfgklmnp"]  # fmt: skip
    result = resolve(people(*[{}] * 26, *strangers), KINDS)
    assert result.customer_of.nunique() == 26 + 81
    assert set(result.pairs["band"]) == {"review"}
    assert resolve(people(*[{}] * 25, *strangers), KINDS).customer_of.nunique() == 1 + 81


def test_a_value_shared_by_many_is_no_evidence() -> None:
    first = ["Ann", "Bob", "Cyd", "Dag", "Eve", "Fay", "Gus", "Hal", "Ida", "Jim", "Kit", "Lou"]
    rows = [STRANGER | {"given": name, "surname": name[::-1] + "son", "email": "info@x.com", "dob": "",
                        "phone": "", "street": ""} for name in first]  # fmt: skip
    result = resolve(people(*rows), KINDS)
    assert result.customer_of.nunique() == 12
    assert result.shared["email"] == ["info@x.com"]


def test_a_default_date_is_no_evidence() -> None:
    names = [f"{a}a{b}a" for a in "bdfgk" for b in "lmnpr"]
    rows = [{"given": name, "surname": name[::-1], "dob": "2000-01-01", "email": "", "phone": "", "street": "",
             "postcode": ""} for name in names]  # fmt: skip
    result = resolve(people(*rows), KINDS)
    assert result.shared["dob"] == ["20000101"]
    assert result.customer_of.nunique() == 25


def test_an_explanation_adds_up_to_the_score() -> None:
    rows = [{}, {"given": "A", "phone": "983-566-0760"}, {"surname": "Baker"}, {"dob": "", "email": "annmoss@y.com"}]
    result = resolve(people(*rows), KINDS)
    assert len(result.pairs) > 3
    for pair in result.pairs.to_dict("records"):
        lines = result.explain(pair["left"], pair["right"])
        assert sum(line.bits for line in lines) == pytest.approx(pair["bits"])
        assert lines == result.explain(pair["right"], pair["left"])
    with pytest.raises(KeyError):
        result.explain("r0", "nobody")


@pytest.mark.parametrize(
    ("records", "kinds", "options"),
    [
        (people({}), {"given": "colour"}, {}),
        (pd.concat([people({}), people({})]), KINDS, {}),
        (people({}), {"given": "given"}, {"one_to_one": True}),
    ],
    ids=["unknown kind", "an id twice", "no source"],
)
def test_what_can_not_be_resolved_is_said(records, kinds, options) -> None:
    with pytest.raises(ValueError, match=r"colour|same id|source"):
        resolve(records, kinds, **options)
