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


def test_a_field_of_many_deals_is_set_where_it_can_be_as_one_undo(shell, deal) -> None:
    first, second = deal(), deal()
    shell.ok("deal", "lost", second, "--reason", "price", "--by", "Pat")
    asked = shell("deal", "set", first, second, "category=commit")
    assert (asked.code, "1 can be changed, 1 cannot" in asked.err) == (2, True)
    done = shell("deal", "set", first, second, "category=commit", "--yes")
    assert (done.code, "is lost" in done.err) == (6, True)
    assert shell.ok("deal", "show", first, "--json").data()[0]["category"] == "commit"
    third = deal()
    shell.ok("deal", "set", first, third, "time_frame=next year", "close_date=2026-12-18")
    assert shell.ok("deal", "show", third, "--json").data()[0]["close_date"] == "2026-12-18"
    shell.ok("undo")
    assert shell.ok("deal", "show", third, "--json").data()[0]["close_date"] is None
    assert shell("deal", "set", first, third).code == 2


def test_many_deals_are_handed_over_where_they_can_be(shell, deal) -> None:
    first, second = deal(), deal()
    shell.ok("deal", "assign", first, second, "bo")
    assert {one["owner"] for one in shell.ok("deal", "list", "--owner", "all", "--json").data()} == {"bo"}
    refused = shell("deal", "assign", first, second, "bo")
    assert (refused.code, "0 can be handed over, 2 cannot" in refused.err) == (4, True)
