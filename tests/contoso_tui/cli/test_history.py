"""`contoso history`: orders, approvals and payments in plain sentences, with who did it and by which path."""

from __future__ import annotations

import re

from models import database, ids
from models.customers import customers
from models.people import users
from tests.contoso_tui.cli.conftest import NOW
from tests.importers.small_files import Files, contact

RAW = re.compile(r"\w_\w|\d{12,}|\bNone\b")


def test_what_was_sold_and_paid_is_told(shell, deal):
    made = deal(("INSTALLATION", 20), stage="quote")
    shell.ok("quote", "new", made)
    shell.ok("quote", "set", "Q-0301", "1", "discount=30")
    shell.ok("quote", "approve", "Q-0301", user="max")
    shell.ok("quote", "send", "Q-0301")
    shell.ok("quote", "accept", "Q-0301")
    shell.ok("order", "ship", "O-0230")
    shell.ok("order", "invoice", "O-0230")
    shell.ok("invoice", "paid", "INV-5390")
    found = shell.ok("history", made, "--json").data()
    told = {(one["actor"], one["path"], one["text"]) for one in found}
    assert ("max", "cli", "approved a discount of 30 % on Q-0301 r1") in told
    assert ("ana", "cli", "Q-0301 r1 is accepted") in told
    assert ("ana", "cli", "booked O-0230") in told
    assert ("ana", "cli", "ordered 20 x Installation with O-0230") in told
    assert ("ana", "cli", "invoiced INV-5390 for O-0230: $4,900.00, due Fri 18 Dec 2026") in told
    assert ("ana", "cli", "payment of $4,900.00 of INV-5390 on Wed 18 Nov 2026") in told
    assert [one["text"] for one in found if RAW.search(one["text"])] == []
    printed = shell.ok("history", made).out
    assert "booked O-0230" in printed
    assert "cli" in printed


def test_a_customers_history_names_the_deals_it_speaks_of(shell, deal):
    made = deal()
    shell.ok("deal", "set", made, "category=best_case")
    (customer,) = {one["customer"]["id"] for one in shell.ok("deal", "show", made, "--json").data()}
    said = [one["text"] for one in shell.ok("history", customer, "--json").data()]
    assert f"{made}: category: pipeline -> best case" in said
    assert f"opened {made}" in said
    assert shell("history", "C-99999").code == 3


def test_what_imports_brought_and_changed_is_told_with_who_and_the_path(shell, tmp_path):
    files = Files(tmp_path / "files")
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    assert shell("import", str(files.folder), "--yes", user="olga").code == 0
    files.contacts(contact(1, "Nora", "Vale", Telephone="303 555 0199", Income="90000"), contact(2, "Ivo", "Hart"))
    assert shell("import", str(files.folder), "--yes", user="olga").code == 0
    nora, ivo = (_id_of(shell, name) for name in ("Nora Vale", "Ivo Hart"))
    old = contact(1, "Nora", "Vale")["Telephone"]

    told = {(one["actor"], one["path"], one["text"]) for one in shell.ok("history", nora, "--json", user="olga").data()}
    assert ("olga", "import", "record con:CNTID_1 came with import 1") in told
    assert ("olga", "import", f"phone: {old} -> 303 555 0199") in told
    assert ("olga", "import", "income: empty -> $90,000.00") in told
    assert not [text for _, _, text in told if RAW.search(text.replace("CNTID_1", ""))]
    others = shell.ok("history", ivo, "--json", user="olga").data()
    assert [one["text"] for one in others] == ["record con:CNTID_2 came with import 1"]

    shell.ok("import", "revert", "2", "--yes", user="olga")
    left = shell.ok("history", nora, "--json", user="olga").data()
    assert [one["text"] for one in left] == ["record con:CNTID_1 came with import 1"]


def test_income_and_birth_date_are_hidden_in_a_history_as_on_the_customer(shell, tmp_path):
    files = Files(tmp_path / "files")
    files.contacts(contact(1, "Nora", "Vale", Income="50000"))
    assert shell("import", str(files.folder), "--yes", user="olga").code == 0
    files.contacts(contact(1, "Nora", "Vale", Income="90000"))
    assert shell("import", str(files.folder), "--yes", user="olga").code == 0
    nora = _id_of(shell, "Nora Vale")
    shell.ok("customer", "assign", nora, "ana", user="olga")
    with database.connection():
        olga = users.get_actor("olga", "cli")
        customers.edit(olga, NOW, ids.customer_id(nora), {"birth_date": "1984-03-12", "income_minor": 8_000_000})
        customers.edit(olga, NOW, ids.customer_id(nora), {"birth_date": "1985-03-12", "income_minor": 7_000_000})
    for login, sees in (("ana", True), ("sid", True), ("olga", True), ("bo", False), ("uma", False)):
        said = " ".join(one["text"] for one in shell.ok("history", nora, "--json", user=login).data())
        assert [word in said for word in ("90,000", "80,000", "1984", "1985")] == [sees] * 4, (login, said)
        assert ("income: hidden for your role" in said) is not sees


def _id_of(shell, name: str) -> str:
    (found,) = [one for one in shell.ok("customer", "list", "--json", user="olga").data() if one["name"] == name]
    return found["id"]
