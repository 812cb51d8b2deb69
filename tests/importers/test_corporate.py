from __future__ import annotations

import datetime as dt

from importers import companies, report, run
from importers.companies import CompanyRow
from models.customers import customers, people, search
from models.database import execute
from models.ids import show_customer
from models.people import users
from models.people.records import Actor, Role
from tests.importers.small_files import Files, bought, bought_in_store, contact, member


def _accounts() -> list[tuple[int, str]]:
    return [
        tuple(row) for row in execute("SELECT id, name FROM customer WHERE kind = 'corporate' ORDER BY id").fetchall()
    ]


def test_rows_of_one_company_make_one_account_with_its_people_and_purchases(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts(
        contact(1, "Nora", "Vale", CompanyName="Fabrikam Clinics", EMail="nora@fabrikam.example"),
        contact(2, "Ivo", "Hart", CompanyName="FABRIKAM CLINICS, Inc.", EMail="ivo@fabrikam.example"),
        contact(3, "Uma", "Reyes"),
    )
    files.loyalty(member(2, "Ivo", "Hart", EMail="ivo@fabrikam.example"))
    files.online(bought(1, "OP_1", "10"), bought(2, "OP_2", "20"), bought(3, "OP_3", "40"))
    files.pos(bought_in_store(2, "P_1", "5"))
    made = run.run([files.folder], maker, now)
    assert (made.customers, made.review) == (2, 0)
    assert _accounts() == [(1, "Fabrikam Clinics")]
    assert customers.measures(1).spend_minor == 35_00
    assert [(one.name, one.is_primary) for one in people.list_people(1)] == [("Nora Vale", True), ("Ivo Hart", False)]
    # Of the account's people too: they are found with slips.
    assert {"nora", "ivo", "fabrikam", "uma"} <= {row[0] for row in execute("SELECT word FROM search_word")}
    assert "nora" in search.near_words("nrra")[0]
    again = run.run([files.folder], maker, now)
    assert not again.has_changes
    assert len(people.list_people(1)) == 2


def test_same_name_without_domain_or_postcode_in_common_is_for_review(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts(
        contact(1, "Nora", "Vale", CompanyName="Fabrikam", EMail="nora@fabrikam.example"),
        contact(2, "Ivo", "Hart", CompanyName="Fabrikam", EMail="ivo@gmail.com"),
    )
    made = run.run([files.folder], maker, now)
    assert made.customers == 2
    assert [(pair.left, pair.right) for pair in made.reviews] == [("con:CNTID_1", "con:CNTID_2")]


def test_public_mail_is_no_company(files: Files) -> None:
    rows = [
        CompanyRow(number, "Fabrikam", frozenset({f"{number}@gmail.com"}), frozenset({f"8000{number}"}))
        for number in range(3)
    ]
    made, namesakes = companies.group(rows)
    assert len(made) == 3
    assert len(namesakes) == 2


def test_a_later_row_joins_the_account_by_postcode(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale", CompanyName="Fabrikam"))
    run.run([files.folder], maker, now)
    files.contacts(
        contact(1, "Nora", "Vale", CompanyName="Fabrikam"),
        contact(2, "Ivo", "Hart", CompanyName="Fabrikam", PostCode="80001"),
    )
    made = run.run([files.folder], maker, now)
    assert (made.customers, made.customers_new) == (1, 0)
    assert [one.name for one in people.list_people(1)] == ["Nora Vale", "Ivo Hart"]


def test_an_account_type_alone_is_a_label(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(
        contact(1, "Nora", "Vale", AccountType="Corporate"), contact(2, "Ivo", "Hart", AccountType="individual")
    )
    run.run([files.folder], maker, now)
    assert _accounts() == [(1, "Nora Vale")]


def test_accounts_get_an_executive_and_individuals_a_representative(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    users.change(maker, now, "ana.wu", roles=[Role.OPERATIONS])
    users.add(maker, now, "bo.lee", [Role.REPRESENTATIVE])
    users.add(maker, now, "ed.ross", [Role.EXECUTIVE])
    files.contacts(contact(1, "Nora", "Vale", CompanyName="Fabrikam"), contact(2, "Ivo", "Hart"))
    run.run([files.folder], maker, now)
    rows = execute(
        "SELECT c.kind, u.login FROM customer c JOIN app_user u ON u.id = c.owner_id ORDER BY c.id"
    ).fetchall()
    assert rows == [("corporate", "ed.ross"), ("individual", "bo.lee")]


def test_a_company_name_that_comes_later_turns_the_customer_into_the_account(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    run.run([files.folder], maker, now)
    files.contacts(contact(1, "Nora", "Vale", CompanyName="Fabrikam"))
    made = run.run([files.folder], maker, now)
    assert (made.customers, made.customers_changed) == (1, 1)
    assert _accounts() == [(1, "Fabrikam")]
    assert [one.name for one in people.list_people(1)] == ["Nora Vale"]


def test_a_label_set_by_hand_outlives_the_next_import(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart", CompanyName="Tailspin"))
    run.run([files.folder], maker, now)
    customers.label_corporate(maker, now, [1], "Fabrikam")
    customers.label_individual(maker, now, [2])
    files.contacts(
        contact(1, "Nora", "Vale", City="Boulder"), contact(2, "Ivo", "Hart", CompanyName="Tailspin", City="Boulder")
    )
    run.run([files.folder], maker, now)
    assert execute("SELECT kind, name, city FROM customer ORDER BY id").fetchall() == [
        ("corporate", "Fabrikam", "Boulder"),
        ("individual", "Ivo Hart", "Boulder"),
    ]


def test_a_changed_row_follows_in_the_person_unless_somebody_changed_it(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    files.contacts(contact(1, "Nora", "Vale", CompanyName="Fabrikam"))
    run.run([files.folder], maker, now)
    person = people.list_people(1)[0]
    people.change(maker, now, person.id, {"phone": "303 555 0199"})
    files.contacts(
        contact(1, "Nora", "Vale", CompanyName="Fabrikam", Telephone="720-555-0100", EMail="n@fabrikam.example")
    )
    run.run([files.folder], maker, now)
    person = people.list_people(1)[0]
    assert (person.phone, person.email) == ("303 555 0199", "n@fabrikam.example")


def test_a_namesake_that_was_entered_by_hand_is_told_in_the_report(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    account = customers.create(maker, now, name="Fabrikam", kind="corporate", email="office@fabrikam.example")
    files.contacts(contact(1, "Ivo", "Hart", CompanyName="Fabrikam", EMail="ivo@elsewhere.example"))
    foreseen = run.run([files.folder], maker, now, dry_run=True)
    made = run.run([files.folder], maker, now)
    shown = f"crm:{show_customer(account)}"
    for told in (foreseen, made, report.get_run(made.run or 0).report):
        assert told.review == 1
        (pair,) = told.reviews
        assert {pair.left, pair.right} == {"con:CNTID_1", shown}
        assert pair.reason == "same company name, other domain and postcode"
    assert made.customers == 2
    # What is known already is not told again.
    assert run.run([files.folder], maker, now).review == 0


def test_an_individual_that_was_entered_by_hand_is_told_too(files: Files, maker: Actor, now: dt.datetime) -> None:
    row = contact(1, "Nora", "Vale")
    customers.create(maker, now, name="Nora Vale", given="Nora", surname="Vale", email=row["EMail"])
    files.contacts(row | {"FirstName": "Eleonora", "FullName": "Eleonora Vale"})
    made = run.run([files.folder], maker, now)
    assert made.customers == 2
    assert [{pair.left, pair.right} for pair in made.reviews] == [{"con:CNTID_1", "crm:C-00001"}]


def test_two_people_of_one_account_are_no_pair_to_decide(files: Files, maker: Actor, now: dt.datetime) -> None:
    one = contact(1, "Nora", "Vale", CompanyName="Fabrikam", EMail="nora@fabrikam.example")
    other = contact(2, "Nora", "Vale", CompanyName="Fabrikam", EMail="n.vale@fabrikam.example", DateOfBirth="")
    others = [contact(number, f"Gi{chr(87 + number)}", f"Sur{chr(87 + number)}") for number in range(10, 30)]
    files.contacts(one, other | {"Telephone": one["Telephone"]}, *others)
    made = run.run([files.folder], maker, now)
    assert (_accounts(), len(people.list_people(1)), made.review) == ([(1, "Fabrikam")], 2, 0)
