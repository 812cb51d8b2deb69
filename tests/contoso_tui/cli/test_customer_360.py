"""What `contoso customer` tells of a customer whom five sources know."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contoso_tui.cli.conftest import Shell
from tests.importers.small_files import Files, bought, bought_in_store, contact, member, reviewed


@pytest.fixture
def told(tmp_path: Path, shell: Shell) -> Shell:
    files = Files(tmp_path / "files")
    home = {"StreetAddress": "14 Elm Walk", "PostCode": "80014"}
    files.contacts(contact(1, "Nora", "Vale", **home), contact(2, "Tom", "Vale", **home))
    files.loyalty(member(1, "Nora", "Vale"))
    files.online(bought(1, "O1", "100.00", PurchasedOn="11/2/2026"), bought(1, "O2", "50.00", PurchasedOn="11/2/2026"))
    files.pos(bought_in_store(1, "P1", "75.00", PurchasedOn="2026-10-01"))
    files.reviews(reviewed(1, "R1", "5"), reviewed(1, "R2", "4"), reviewed(9, "R3"))
    out = shell.ok("import", str(files.folder), user="olga").out
    assert "1 row waits for its customer: reviews 1" in out
    return shell


def test_a_customer_is_shown_with_measures_reviews_and_household(told: Shell) -> None:
    (form,) = told.ok("customer", "show", "C-00001", "--json").data()
    assert form["spend"] == {
        "online": {"value": "150.00", "currency": "USD"},
        "stores": {"value": "75.00", "currency": "USD"},
        "total": {"value": "225.00", "currency": "USD"},
    }
    assert (form["purchases"], form["baskets"]) == ({"online": 2, "stores": 1}, 2)
    assert (form["average_basket"]["value"], form["last_purchase"]) == ("112.50", "2026-11-02")
    assert form["segment"] == {"name": "promising", "recency": 5, "frequency": 2, "value": 2}
    assert form["events"] == [
        {"source": "rev", "name": "reviews", "count": 2, "average_rating": "4.50", "last": "2019-02-03"}
    ]
    household = [(one["id"], one["name"], one["why"]) for one in form["household"]]
    assert household == [("C-00002", "Tom Vale", ["same address"])]
    lines = told.ok("customer", "show", "C-00001").out.split("\n")
    facts = {line[:19].strip(): line[19:] for line in lines}
    assert facts["Average basket"] == "112.50 USD, 2 in all"
    assert facts["Segment"] == "promising, recency 5, frequency 2, value 2 of 5"
    assert facts["Reviews"] == "4.5 of 5 on average, 2 in all, last 2019-02-03"
    assert facts["Household"] == "C-00002  Tom Vale  same address"


def test_who_never_bought_has_zeros_and_no_grades(told: Shell) -> None:
    (form,) = told.ok("customer", "show", "C-00002", "--json").data()
    assert form["segment"] == {"name": "never_bought", "recency": None, "frequency": None, "value": None}
    assert (form["average_basket"]["value"], form["last_purchase"], form["events"]) == ("0.00", None, [])


def test_the_timeline_shows_reviews_by_kind_and_source(told: Shell) -> None:
    by_kind = told.ok("customer", "timeline", "C-00001", "--kinds", "review", "--json").data()
    by_source = told.ok("customer", "timeline", "C-00001", "--source", "rev", "--json").data()
    assert by_kind == by_source
    assert [(one["on"], one["kind"], one["text"]) for one in by_kind] == [
        ("2019-02-03", "review", "4 of 5: Rings on time, R2"),
        ("2019-02-03", "review", "5 of 5: Rings on time, R1"),
    ]
