"""Handing over: customers by rule, deals to another owner, and one field of many deals."""

from __future__ import annotations


def test_customers_without_an_owner_get_one_by_rule(shell) -> None:
    shell.ok("customer", "new", "Oak Terrace", "--kind", "corporate", user="uma")
    assert shell("customer", "assign", "--by-rule", "--yes", user="ana").code == 7
    nobody = shell("customer", "assign", "--by-rule", "--yes", user="max")
    assert (nobody.code, "without an owner" in nobody.err) == (4, True)
    assert shell("customer", "assign", "C-00001").code == 2
    shell.ok("customer", "assign", "C-00001", "bo", user="max")
    assert shell.ok("customer", "list", "--json").data()[0]["owner"] == "bo"
