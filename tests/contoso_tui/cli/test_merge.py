"""Merging, parting and splitting customers on the command line."""

from __future__ import annotations

from pathlib import Path


def test_two_customers_become_one_and_are_parted_again(shell) -> None:
    for name in ("Nora Vale", "Nora Vail"):
        made = shell.ok("customer", "new", name, "--force", user="max").out.strip()
        shell.ok("customer", "assign", made, "ana", user="max")
    told = shell.ok("customer", "merge", "C-00002", "C-00001", "--dry-run", user="max")
    assert "Nora Vail (C-00002) goes into Nora Vale (C-00001)" in told.out
    assert len(shell.ok("customer", "list", "--json").data()) == 2
    assert shell("customer", "merge", "C-00001", "C-00001", user="max").code == 2
    assert shell("customer", "merge", "C-00001", "C-00002", "--keep", "C-00003", user="max").code == 2
    assert shell.ok("customer", "merge", "C-00002", "C-00001", user="max").out.strip() == "C-00001"
    gone = shell("customer", "show", "C-00002")
    assert (gone.code, "was merged into C-00001" in gone.err) == (3, True)
    parted = shell.ok("customer", "unmerge", "C-00002", "--json", user="max").data()
    assert parted == {"id": "C-00002", "from": "C-00001"}
    assert shell("customer", "unmerge", "C-00002", user="max").code == 3
    assert len(shell.ok("customer", "list", "--json").data()) == 2
    shell.ok("undo", user="max")
    assert len(shell.ok("customer", "list", "--json").data()) == 1


def test_owner_and_nurture_are_chosen_where_both_have_one(shell) -> None:
    for owner in ("ana", "bo"):
        shell.ok("customer", "new", "Oak Terrace", "--kind", "corporate", "--force", user=owner)
        shell.ok("customer", "assign", "C-00001" if owner == "ana" else "C-00002", owner, user="max")
    shell.ok("nurture", "start", "C-00001", "C-00002", "--yes", user="max")
    effect = shell.ok("customer", "merge", "C-00001", "C-00002", "--dry-run", "--json", user="max").data()[0]
    assert (effect["kept"], effect["owners"]) == ("C-00001", ["ana", "bo"])
    mine, theirs = effect["nurture"]
    assert theirs > mine
    refused = shell("customer", "merge", "C-00001", "C-00002", user="max")
    assert (refused.code, "choose who keeps the customer" in refused.err) == (4, True)
    refused = shell("customer", "merge", "C-00001", "C-00002", "--owner", "bo", user="max")
    assert (refused.code, "choose which goes on" in refused.err) == (4, True)
    assert shell("customer", "merge", "C-00001", "C-00002", "--owner", "bo", "--goes-on", "L-9", user="max").code == 2
    shell.ok("customer", "merge", "C-00001", "C-00002", "--owner", "bo", "--goes-on", theirs, user="max")
    assert shell.ok("customer", "show", "C-00001", "--json").data()[0]["owner"] == "bo"


def test_a_source_row_is_split_off(shell, tmp_path: Path) -> None:
    contacts, loyalty = tmp_path / "Contacts.csv", tmp_path / "Loyalty.csv"
    contacts.write_text("ContactId,FirstName,LastName,EMail\nC1,Nora,Vale,n@vale.example\n")
    loyalty.write_text("LoyaltyId,ContactId,FirstName,LastName,EMail\nL1,C1,Nora,Vale,n@vale.example\n")
    shell.ok("import", str(contacts), str(loyalty), "--yes", user="max")
    wrong = shell("customer", "split", "C-00001", "loy:L2", user="max")
    assert (wrong.code, "there are con:C1, loy:L1" in wrong.err) == (2, True)
    made = shell.ok("customer", "split", "C-00001", "loy:L1", "--json", user="max").data()
    assert made == {"id": "C-00002", "from": "C-00001", "rows": ["loy:L1"]}
    assert [row["key"] for row in shell.ok("customer", "sources", "C-00002", "--json").data()] == ["loy:L1"]
    shell.ok("import", str(contacts), str(loyalty), "--yes", user="max")
    assert len(shell.ok("customer", "list", "--json").data()) == 2
    shell.ok("undo", user="max")
