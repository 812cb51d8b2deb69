from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers import standardise
from importers.reading import read_table
from importers.sources import SOURCES, get_source, values
from importers.sources.values import Unreadable
from models.errors import RefusedFile

FILES = {
    "con": ("Contacts.csv", 5000),
    "loy": ("LoyaltySchemeCustomers.csv", 5002),
    "pos": ("POSPurchases.csv", 20024),
    "onl": ("OnlinePurchases.csv", 12369),
}


def parse(path, code):
    return get_source(code).parse(read_table(path))


@pytest.mark.parametrize("code", FILES)
def test_the_real_files_have_no_bad_row(real_files, code) -> None:
    name, rows = FILES[code]
    parsed = parse(real_files / "ci-ilt" / "sources" / name, code)
    assert (len(parsed.key), parsed.bad, parsed.unused) == (rows, [], [])


def test_real_totals(real_files) -> None:
    folder = real_files / "ci-ilt" / "sources"
    pos, online = parse(folder / FILES["pos"][0], "pos"), parse(folder / FILES["onl"][0], "onl")
    assert pos.fields["amount_minor"].sum() == 225_087_700
    assert pos.fields["points"].sum() == 693_692
    assert online.fields["amount_minor"].sum() == 339_143_200
    assert (online.fields["purchased_on"].min(), online.fields["purchased_on"].max()) == ("2017-01-01", "2019-03-06")


def test_real_people(real_files) -> None:
    folder = real_files / "ci-ilt" / "sources"
    contacts, loyalty = parse(folder / FILES["con"][0], "con"), parse(folder / FILES["loy"][0], "loy")
    assert (contacts.fields["city"] == "Winston-Salem").sum() == 17
    assert not contacts.fields["city"].str.contains(r"\?| $").any()
    assert contacts.fields["email_subscriber"].sum() == 1634
    assert (contacts.fields["income_minor"] == 2_000_000).sum() == 786
    assert [(notice.count, "born" in notice.text) for notice in loyalty.notices] == [(92, True)]
    first = next(contacts.rows("key", "birth_date", "income_minor", "email_subscriber", "company_name"))
    assert first == ("CNTID_1000", "1986-05-08", 25_641_411, True, "")
    shared = loyalty.fields.merge(contacts.fields, left_on="contact_key", right_on="key")
    mine, others = shared["phone_x"].map(standardise.phone), shared["phone_y"].map(standardise.phone)
    assert (len(shared), (mine == others).sum()) == (5000, 4998)


def test_phones_that_a_spreadsheet_turned_into_sums_are_listed(real_files) -> None:
    parsed = parse(real_files / "ci-ilt" / "extra" / "CustomerRecordContoso.csv", "con")
    assert (len(parsed.key), len(parsed.bad)) == (4999, 188)
    assert not any(bad.row_skipped for bad in parsed.bad)
    assert (parsed.fields["phone"] == "").sum() == 188


@pytest.mark.parametrize(
    ("header", "code", "field"),
    [
        ("loyaltyID,Rewards Points", "loy", "points"),
        ("LoyaltyId,RewardPoints", "loy", "points"),
        ("PurchaseId,Rewards Points Added", "pos", "points"),
        ("contact_id,INCOME", "con", "income_minor"),
    ],
)
def test_columns_are_found_by_any_of_their_names(write, header, code, field) -> None:
    parsed = parse(write("x.csv", f"{header}\nK1,7\n"), code)
    assert parsed.fields[field].notna().all()
    assert parsed.key.tolist() == ["K1"]


def test_order_of_columns_and_absent_ones_do_not_matter(write) -> None:
    parsed = parse(write("x.csv", "EMail,Extra,ContactId\na@x.com,?,K1\n"), "con")
    row = next(parsed.rows("email", "headshot", "income_minor", "email_subscriber", "account_type"))
    assert row == ("a@x.com", "", None, None, "")
    assert parsed.unused == ["Extra"]
    assert list(parsed.raw_rows()) == [("a@x.com", "?", "K1")]


def test_blank_consent_is_no(write) -> None:
    parsed = parse(write("x.csv", "ContactId,Email Subscriber\nK1,\nK2,Yes\n"), "con")
    assert list(parsed.rows("email_subscriber")) == [(False,), (True,)]


def test_two_columns_that_mean_the_same_are_refused(write) -> None:
    with pytest.raises(RefusedFile, match=r"x\.csv: the columns RewardPoints and RewardsPoints mean the same"):
        parse(write("x.csv", "LoyaltyId,RewardPoints,RewardsPoints\nL1,1,2\n"), "loy")


def test_an_impossible_date_leaves_the_field_blank_and_the_row_in(write) -> None:
    parsed = parse(write("x.csv", "ContactId,DateOfBirth,EMail\nK1,31/31/1990,a@x.com\nK2,2/29/2000,\n"), "con")
    assert list(parsed.rows("key", "birth_date")) == [("K1", ""), ("K2", "2000-02-29")]
    [bad] = parsed.bad
    assert (bad.line, bad.column, bad.value, bad.row_skipped) == (2, "DateOfBirth", "31/31/1990", False)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",2019-01-02,5", "PurchaseId"),
        ("P9,2019-02-30,5", "PurchasedOn"),
        ("P9,,5", "PurchasedOn"),
        ("P9,2019-01-02,five", "TotalPrice"),
        ("P9,2019-01-02, ", "TotalPrice"),
    ],
)
def test_a_purchase_needs_key_date_and_price(write, row, column) -> None:
    path = write("x.csv", f"PurchaseId,PurchasedOn,TotalPrice\nP1,1/2/2019,$5.50\n{row}\nP2,2019-01-03,7\n")
    parsed = parse(path, "pos")
    assert list(parsed.rows("key", "purchased_on", "amount_minor")) == [
        ("P1", "2019-01-02", 550),
        ("P2", "2019-01-03", 700),
    ]
    assert [(bad.line, bad.column, bad.row_skipped) for bad in parsed.bad] == [(3, column, True)]
    assert (parsed.lines.tolist(), parsed.key.index.tolist()) == ([2, 4], [0, 2])
    assert [row[0] for row in parsed.raw_rows()] == ["P1", "P2"]


def test_a_repeated_row_counts_once(write) -> None:
    parsed = parse(write("x.csv", "ContactId,EMail\nK1,a@x.com\nK2,b@x.com\nK1,a@x.com \n"), "con")
    assert parsed.key.tolist() == ["K1", "K2"]
    assert [notice.count for notice in parsed.notices] == [1]


def test_rows_of_one_key_that_contradict_are_left_out_and_name_both_lines(write) -> None:
    parsed = parse(write("x.csv", "ContactId,EMail\nK1,a@x.com\nK2,b@x.com\nK1,c@x.com\n"), "con")
    assert parsed.key.tolist() == ["K2"]
    assert [(bad.line, bad.row_skipped) for bad in parsed.bad] == [(2, True), (4, True)]
    assert all("lines 2, 4" in bad.reason for bad in parsed.bad)


def test_declared_keys_name_sources_that_exist() -> None:
    codes = {source.code for source in SOURCES}
    named = {source.code: source.foreign_source for source in SOURCES if source.foreign_field}
    assert named == {"loy": "con", "pos": "loy", "onl": "con", "rev": "con"}
    assert set(named.values()) <= codes


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("256414.1127086401", 25_641_411), ("1.005", 101), ("2.675", 268), ("-3.5", -350), ("1,234.56", 123_456),
        ("1.234,56", 123_456), ("12,5", 1250), ("$ 7", 700), ("", None), (" ", None), ("1e3", 100_000),
    ],
)  # fmt: skip
def test_amounts(cell, minor) -> None:
    column = values.minor(np_cells(cell))
    assert column.reasons == {}
    assert (None if column.values.isna()[0] else column.values[0]) == minor


@pytest.mark.parametrize("cell", ["abc", "nan", "inf", "1_000", "12-", "99999999999999999999"])
def test_what_is_no_amount(cell) -> None:
    assert values.minor(np_cells(cell)).reasons == {0: "not an amount"}


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3))
def test_amounts_round_half_away_from_zero_like_decimal(amount: Decimal) -> None:
    wanted = int((amount * 100).quantize(Decimal(1), rounding="ROUND_HALF_UP"))
    assert values.minor(np_cells(str(amount))).values[0] == wanted


@pytest.mark.parametrize(
    ("cell", "iso"),
    [("5/8/1986", "1986-05-08"), ("2018-05-08", "2018-05-08"), (" 1/2/2019 0:00 ", "2019-01-02"), ("", "")],
)
def test_dates(cell, iso) -> None:
    assert values.read_date(cell) == iso


@pytest.mark.parametrize("cell", ["13/1/2019", "2019-02-29", "8.5.1986", "yesterday", "0/0/0000"])
def test_what_is_no_date(cell) -> None:
    assert isinstance(values.read_date(cell), Unreadable)


def np_cells(cell):
    import numpy as np

    return np.array([cell], dtype=object)


@pytest.mark.parametrize(
    ("function", "text", "wanted"),
    [
        (standardise.phone, "983.566.0706x9509", "835660706"),
        (standardise.phone, "001-983-566-0706", "835660706"),
        (standardise.phone, "+1-983-566-0706 ext. 7", "835660706"),
        (standardise.phone, "787699373", "787699373"),
        (standardise.phone, "0787699373", "787699373"),
        (standardise.phone, "87699373", "087699373"),
        (standardise.phone, "-6854", ""),
        (standardise.phone, "-68541234", ""),
        (standardise.phone, "123456", ""),
        (standardise.email, " J.Smith+news@GMail.com", "jsmith@gmail.com"),
        (standardise.email, "j.smith@x.com", "j.smith@x.com"),
        (standardise.email, "nobody", ""),
        (standardise.dob, "1986-05-08", "19860508"),
        (standardise.dob, "19860508", "19860508"),
        (standardise.dob, "12/13/1999", ""),
        (standardise.dob, "1970-01-01", ""),
        (standardise.name, "Müller-Łukasz", "muller lukasz"),
        (standardise.name, "O'Neil", "oneil"),
        (standardise.name, "Иван", "ivan"),
        (standardise.name, "Νίκος", "nikos"),
        (standardise.company, "Müller & Söhne GmbH", "muller and sohne"),
        (standardise.company, "Acme Co., Ltd.", "acme"),
        (standardise.company, "S.A.", "sa"),
        (standardise.street, "12 Main Street Apt. 216", "12 main st #216"),
        (standardise.code, "M4B 1B3", "m4b1b3"),
        (standardise.split_full_name, "Moss, Abbie", ("abbie", "moss")),
        (standardise.split_full_name, "Mary Jane Moss", ("mary jane", "moss")),
        (standardise.split_full_name, "Moss", ("", "moss")),
    ],
)
def test_standard_forms(function, text, wanted) -> None:
    assert function(text) == wanted


@pytest.mark.parametrize(
    "function",
    [standardise.fold, standardise.name, standardise.dob, standardise.email, standardise.phone, standardise.street,
     standardise.code],
)  # fmt: skip
@given(text=st.text(max_size=20))
def test_standardising_twice_is_standardising_once(function, text) -> None:
    once = function(text)
    assert function(once) == once
