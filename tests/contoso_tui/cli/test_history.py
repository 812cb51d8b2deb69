"""`contoso history`: orders, approvals and payments in plain sentences, with who did it and by which path."""

from __future__ import annotations

import re

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
