from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.customers import survivorship
from models.customers.survivorship import Record


def _record(number: int, source: str = "con", **fields: Any) -> Record:
    return Record(number, source, f"{source.upper()}_{number}", fields)


def test_contacts_go_before_loyalty_and_a_blank_never_beats_a_value() -> None:
    made = survivorship.columns(
        [_record(2, "loy", gender="Male", birth_date="2018-05-08"), _record(1, gender="Female", email="a@b.example")]
    )
    assert (made["gender"], made["birth_date"], made["email"]) == ("Female", "2018-05-08", "a@b.example")


def test_of_one_source_the_most_recent_then_the_most_filled_goes_first() -> None:
    old, new = _record(1, tier="low", created_on="2018-01-01"), _record(2, tier="high", created_on="2019-01-01")
    assert survivorship.columns([old, new])["tier"] == "high"
    bare, full = _record(1, tier="low"), _record(2, tier="high", email="a@b.example")
    assert survivorship.columns([bare, full])["tier"] == "high"


def test_the_phone_is_the_most_complete_one() -> None:
    made = survivorship.columns([_record(1, phone="787699373"), _record(2, "loy", phone="0787699373")])
    assert made["phone"] == "0787699373"
    made = survivorship.columns([_record(1, phone="303-555-0100"), _record(2, "loy", phone="(303)5550100")])
    assert made["phone"] == "303-555-0100"


def test_an_address_is_chosen_whole() -> None:
    made = survivorship.columns(
        [
            _record(1, street="14 Elm Walk", city="Denver", created_on="2019-01-01"),
            _record(2, street="9 Oak Row", city="Aspen", postcode="81611", created_on="2018-01-01"),
        ]
    )
    assert (made["street"], made["city"], made["postcode"]) == ("14 Elm Walk", "Denver", "")


def test_a_country_alone_is_no_address() -> None:
    made = survivorship.columns([_record(1, country="USA"), _record(2, "loy", city="Aspen", country="Canada")])
    assert (made["city"], made["country"]) == ("Aspen", "Canada")


def test_the_name_comes_from_first_and_last_name_not_from_the_dirty_full_name() -> None:
    made = survivorship.columns([_record(1, given="Nora", surname="Vale", full_name="Vale nora")])
    assert (made["name"], made["given"], made["surname"]) == ("Nora Vale", "Nora", "Vale")
    made = survivorship.columns([_record(1, full_name="Vale Nora"), _record(2, "loy", given="Nora", surname="Vale")])
    assert made["name"] == "Nora Vale"
    assert survivorship.columns([_record(1, full_name="Nora Vale")])["name"] == "Nora Vale"
    assert survivorship.columns([_record(1, email="a@b.example")])["name"] == "a@b.example"


def test_a_company_has_no_birth_date_and_no_income() -> None:
    record = _record(1, given="Nora", surname="Vale", company_name="Fabrikam", birth_date="1980-01-02", income_minor=5)
    made = survivorship.columns([record], "corporate")
    assert (made["name"], made["given"], made["birth_date"], made["income_minor"]) == ("Fabrikam", "", None, None)


def test_a_pin_holds_while_the_customer_shows_it() -> None:
    pins = {"email": "pin@b.example", "address": '["1 Pin St", "", "", "", ""]', "email_subscriber": "1"}
    made = survivorship.columns([_record(1, email="a@b.example", street="9 Oak Row")], pins=pins)
    assert (made["email"], made["street"], made["email_subscriber"]) == ("pin@b.example", "1 Pin St", 1)
    assert survivorship.pins_in_force(pins, made) == pins
    assert "email" not in survivorship.pins_in_force(pins, made | {"email": "a@b.example"})


_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "given": st.sampled_from(["Nora", "Ivo"]),
        "surname": st.sampled_from(["Vale", "Hart"]),
        "full_name": st.sampled_from(["Vale Nora"]),
        "email": st.sampled_from(["a@b.example", "c@d.example"]),
        "phone": st.sampled_from(["1", "12", "12 x3"]),
        "street": st.sampled_from(["14 Elm Walk"]),
        "country": st.sampled_from(["USA"]),
        "birth_date": st.sampled_from(["1980-01-02"]),
        "income_minor": st.integers(0, 2),
        "email_subscriber": st.booleans(),
        "company_name": st.sampled_from(["Fabrikam"]),
        "created_on": st.sampled_from(["2018-01-01", "2019-01-01"]),
    },
)


@given(
    st.lists(st.tuples(st.sampled_from(["con", "loy"]), _FIELDS), min_size=1, max_size=4),
    st.sampled_from(["individual", "corporate"]),
    st.randoms(),
)
def test_what_the_profile_explains_is_what_the_import_computed(
    rows: list[tuple[str, dict[str, Any]]], kind: str, random: Any
) -> None:
    records = [_record(number, source, **fields) for number, (source, fields) in enumerate(rows)]
    made = survivorship.columns(records, kind)
    shuffled = records[:]
    random.shuffle(shuffled)
    assert survivorship.columns(shuffled, kind) == made
    ordered = survivorship.in_order(records)
    for field in survivorship.FIELDS:
        chosen = survivorship.choose(field, ordered, kind)
        if field == "address":
            shown: Any = tuple(made[part] for part in survivorship.ADDRESS)
            assert chosen is not None or not any(shown)
        else:
            shown = made[field]
        if chosen is not None:
            assert survivorship.value_of(field, chosen, kind) == shown
