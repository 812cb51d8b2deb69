"""Assessments, buying centre and ideas from the command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contoso_tui.cli.conftest import Shell

Make = Callable[..., str]
BEST = "1\n1\n1\n1\n1\n"


def test_the_questionnaires_in_force_are_listed(shell: Shell) -> None:
    found = shell("assess", "--json").data()
    assert [(one["stage"], one["rule"], one["required"]) for one in found] == [
        ("qualify", "more than 60", False),
        ("develop", "more than 75", False),
        ("quote", "more than 80", False),
        ("close", "exactly 100", False),
    ]
    assert "more than 75" in shell("assess", "list", "--plain").out


def test_do_scores_and_moves_and_undo_takes_it_back(shell: Shell, deal: Make) -> None:
    made = deal()
    done = shell("assess", "do", made, "--answers", "-", stdin=BEST)
    assert done.code == 0, done.err
    assert "scored 100, moved to Develop · contoso undo takes it back" in done.err
    found = shell("assess", "show", made, "--json").data()
    assert [(one["score"], one["result"], one["entered_by"]) for one in found] == [(100, "moved", "ana")]
    assert shell("deal", "show", made, "--json").data()[0]["stage"] == "develop"
    assert "assessment" in shell("history", made, "--json").out
    assert shell("undo").code == 0
    assert shell("assess", "show", made, "--json").data() == []


def test_do_says_what_is_open_and_what_is_no_answer(shell: Shell, deal: Make) -> None:
    made = deal()
    few = shell("assess", "do", made, "--answers", "-", stdin="need=1\nfit=1\n")
    assert (few.code, "answer 2, 3 and 4 too" in few.err) == (2, True)
    wrong = shell("assess", "do", made, "--answers", "-", stdin="need=7\n")
    assert (wrong.code, "has no answer 7" in wrong.err) == (2, True)
    nobody = shell("assess", "do", made)
    assert (nobody.code, "give --answers" in nobody.err) == (2, True)
    assert shell("assess", "do", made, "--answers", "-", stdin=BEST, user="sid").code == 7


def filled(text: str) -> str:
    return "".join(f"{line} 1\n" if line.endswith(" =") else f"{line}\n" for line in text.splitlines())


def test_a_file_is_exported_filled_in_and_counts_once(shell: Shell, deal: Make) -> None:
    made = deal()
    sheet = shell("assess", "export", made).out
    assert "# Write the number of an answer after each =" in sheet
    unanswered = shell("assess", "apply", "-", stdin=sheet)
    assert (unanswered.code, "answer 1, 2, 3, 4 and 5 too" in unanswered.err) == (2, True)
    first = shell("assess", "apply", "-", stdin=filled(sheet))
    assert "moved to Develop" in first.err
    again = shell("assess", "apply", "-", stdin=filled(sheet))
    assert (again.code, again.err.strip()) == (0, f"Counted before: {made} scored 100")
    assert len(shell("assess", "show", made, "--json").data()) == 1


def test_a_file_for_a_deal_that_moved_meanwhile_is_only_scored(shell: Shell, deal: Make) -> None:
    made = deal()
    sheet = shell("assess", "export", made).out
    assert shell("deal", "move", made, "develop").code == 0
    done = shell("assess", "apply", "-", "--json", stdin=filled(sheet))
    assert (done.data()[0]["result"], done.data()[0]["score"]) == ("elsewhere", 100)
    assert shell("deal", "show", made, "--json").data()[0]["stage"] == "develop"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version = 1", "version = 9", "There is no version 9"),
        ("submission = ", "submision = ", "lacks submission"),
        ("[answers]", "[answers", "can't be read"),
    ],
)
def test_a_file_whose_head_was_changed_is_refused(shell: Shell, deal: Make, old: str, new: str, told: str) -> None:
    sheet = filled(shell("assess", "export", deal()).out)
    done = shell("assess", "apply", "-", stdin=sheet.replace(old, new))
    assert done.code in (2, 3)
    assert told in done.err


def test_people_are_put_on_changed_and_taken_off(shell: Shell, customer: Make) -> None:
    made = shell.ok("deal", "new", "--customer", customer("Nora Vale", "individual")).out.strip()
    assert "Nobody is on" in shell("deal", "people", made).err
    assert shell("deal", "people", made, "add", "Nora", "Vale", "influence=3", "--role", "decision_maker").code == 0
    assert shell("deal", "people", made, "add", "Jo Vale", "role=influencer", "attitude=-", "influences=Nora").code == 0
    found = shell("deal", "people", made, "--json").data()
    assert [(one["name"], one["role"], one["influence"], one["influences"]) for one in found] == [
        ("Nora Vale", "decision_maker", 3, None),
        ("Jo Vale", "influencer", 2, "Nora Vale"),
    ]
    assert shell("deal", "people", made, "set", "Jo", "attitude=+").code == 0
    assert "+" in shell("deal", "people", made).out
    assert shell("deal", "people", made, "rm", "Nora").code == 0
    assert [one["influences"] for one in shell("deal", "people", made, "--json").data()] == [None]
    assert shell("deal", "people", made, "add", "X").code == 2
    assert shell("deal", "people", made, "rm", "Zoe").code == 3
    assert shell("deal", "people", made, "add", "Zoe", "--role", "user", user="bo").code == 7


def test_ideas_are_listed_and_one_is_taken(shell: Shell, deal: Make) -> None:
    made = deal()
    assert [one["done"] for one in shell("deal", "ideas", made, "--json").data()] == [False, False, False]
    done = shell("deal", "ideas", made, "--take", "who decides")
    assert "Ask who decides and who pays" in done.err
    planned = [one["name"] for one in shell("deal", "ideas", made, "--json").data() if one["planned"]]
    assert planned == ["Ask who decides and who pays"]
    assert shell("deal", "ideas", made, "--take", "dance").code == 3
