"""`contoso customer new` where somebody much like that is here already: nothing is made twice by accident."""

from __future__ import annotations

import json

import pytest

from tests.terminal.terminal import Home


def test_a_namesake_is_made_only_by_force(shell, customer):
    known = customer("Nora Vale", "individual")
    refused = shell("customer", "new", "Nora Vale")
    assert refused.code == 4
    assert refused.out == ""
    assert "Nora Vale may be here already: --force makes another customer" in refused.err
    assert f"{known} Nora Vale: same name" in refused.err
    assert len(shell.ok("customer", "list", "--json").data()) == 1
    made = shell.ok("customer", "new", "Nora Vale", "--force").out.strip()
    assert made != known
    assert len(shell.ok("customer", "list", "--json").data()) == 2


def test_the_same_email_or_phone_counts_too(shell, customer):
    known = customer("Elm Court")
    refused = shell("customer", "new", "Somebody Else", "--email", "Office@Fabrikam.example")
    assert (refused.code, f"{known} Elm Court: same email" in refused.err) == (4, True)
    shell.ok("customer", "new", "Somebody Else", "--email", "else@fabrikam.example", "--phone", "303 555 0100")


def test_json_says_so_in_both_cases(shell, customer):
    known = customer("Nora Vale", "individual")
    refused = json.loads(shell("customer", "new", "Nora Wale", "--json").err)
    assert refused["schema"] == "contoso.error/1"
    assert refused["error"]["code"] == "alike"
    assert refused["error"]["alike"] == [{"id": known, "name": "Nora Vale", "why": "name alike"}]
    made = shell.ok("customer", "new", "Nora Wale", "--force", "--json").data()
    assert made["alike"] == refused["error"]["alike"]
    assert (made["name"], made["kind"]) == ("Nora Wale", "individual")
    other = shell.ok("customer", "new", "Tessa Brook", "--json").data()
    assert other["alike"] == []


@pytest.mark.parametrize(("answer", "count"), [("y", 2), ("", 1)])
def test_on_a_terminal_it_asks(home: Home, answer: str, count: int) -> None:
    home.run("init", "--test")
    home.run("customer", "new", "Nora Vale")
    terminal = home.open("customer", "new", "Nora Vale")
    terminal.wait_for("Make it all the same? [y/N]")
    assert terminal.shows("! C-00001 Nora Vale: same name")()
    terminal.type(f"{answer}\r")
    assert terminal.ended()
    assert home.query("SELECT count(*) FROM customer") == [(count,)]
