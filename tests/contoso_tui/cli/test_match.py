"""`contoso match`: listing, reading and deciding pairs that an import left."""

from __future__ import annotations

import pytest

from tests.importers.small_files import Files, contact, member


@pytest.fixture
def imported(shell, tmp_path) -> None:
    """Two contacts whose cards name no contact and know but name and phone, and two strangers."""
    files = Files(tmp_path / "files")
    people = [("Nora", "Vale"), ("Ivo", "Hart")]
    files.contacts(*(contact(number, *name) for number, name in enumerate(people, 1)), contact(8, "Tom", "Heath"))
    cards = [member(number, *name, ContactId="", DateOfBirth="", EMail="") for number, name in enumerate(people, 1)]
    files.loyalty(*cards, member(9, "Ada", "Fenn", ContactId=""))
    shell("import", str(files.folder), "--yes", user="olga")


def _open(shell) -> list[str]:
    return [row["id"] for row in shell.ok("match", "list", "--json", user="olga").data()]


def test_pairs_are_listed_shown_joined_and_undone(shell, imported) -> None:
    first, second = _open(shell)
    (shown,) = shell.ok("match", "show", first, "--json", user="olga").data()
    assert (shown["id"], shown["state"], shown["incoming"]["source"]) == (first, "open", "loy")
    evidence = {one["field"]: one for one in shown["candidates"][0]["evidence"]}
    assert [evidence[name]["relation"] for name in ("phone", "email")] == ["same", "missing"]
    assert evidence["phone"]["points"] > 0 > evidence["context"]["points"]
    total = sum(one["points"] for one in evidence.values() if one["points"] is not None)
    assert total == pytest.approx(shown["candidates"][0]["bits"], abs=0.06)
    told = shell.ok("match", "show", first, user="olga").out
    assert "If joined" in told
    assert "120 loyalty points" in told
    kept = shell.ok("match", "join", first, "--json", user="olga").data()
    assert kept == {"pairs": [first], "customers": [shown["candidates"][0]["customer"]]}
    assert _open(shell) == [second]
    linked = shell.ok("match", "show", first, user="olga").out
    assert "Decided: linked by olga" in linked
    assert "contoso customer unmerge" in linked
    shell.ok("undo", user="olga")
    assert sorted(_open(shell)) == sorted([first, second])


def test_alike_ones_are_listed_before_they_are_decided(shell, imported) -> None:
    first, second = _open(shell)
    asked = shell("match", "apart", first, "--alike", user="olga")
    assert (asked.code, second in asked.err) == (2, True)
    shell.ok("match", "apart", first, "--alike", "--yes", user="olga")
    assert _open(shell) == []
    assert len(shell.ok("match", "list", "--state", "never", "--json", user="olga").data()) == 2


def test_what_is_put_off_comes_last_and_others_may_not_decide(shell, imported) -> None:
    first, second = _open(shell)
    shell.ok("match", "later", first, user="olga")
    assert _open(shell) == [second, first]
    assert shell("match", "join", "M-99", user="olga").code == 3
    assert shell("match", "join", "x", user="olga").code == 2
    shell.ok("customer", "assign", "C-00001", "C-00002", "C-00003", "C-00004", "ana", user="olga")
    assert shell("match", "apart", first, user="uma").code == 7
    assert _open(shell) == [second, first]


def test_what_is_learned_is_told_and_operations_alone_have_it_learned_again(shell, imported) -> None:
    status = shell.ok("match", "status", "--json", user="olga").data()
    assert (status["import"], status["learned_on"], status["records"]) == (1, 6, 6)
    assert "next import learns again" in shell.ok("match", "status", user="olga").out
    waiting = _open(shell)
    looked = shell.ok("match", "learn", "--json", user="olga").data()
    assert looked == {"applied": False, "learned_on": 6, "joined": 0, "review": 0, "joins": [], "splits": []}
    assert "Nothing was changed" in shell.ok("match", "learn", user="ana").out
    refused = shell("match", "learn", "--yes", user="ana")
    assert (refused.code, "sales operations" in refused.err) == (7, True)
    assert shell.ok("match", "status", "--json", user="olga").data() == status
    assert shell.ok("match", "learn", "--yes", "--json", user="olga").data()["applied"]
    again = shell.ok("match", "status", "--json", user="olga").data()
    assert (again["import"], again["learned_by"]) == (None, "olga")
    assert _open(shell) == waiting


def test_before_any_import_nothing_is_learned(shell) -> None:
    assert "next import" in shell.ok("match", "status").out
    assert shell("match", "learn", user="olga").code == 4
