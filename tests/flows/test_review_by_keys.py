"""A hundred pairs to decide at a real terminal: one key each, also where keys are typed ahead."""

from __future__ import annotations

import itertools
import re

import pytest

from tests.flows import company
from tests.flows.company import Company
from tests.importers.small_files import Files, contact, member
from tests.terminal.terminal import Home, Terminal

GIVEN = ["Ada", "Bo", "Cleo", "Dov", "Eli", "Fay", "Gus", "Hal", "Ivo", "Jan"]
SURNAMES = ["Ash", "Birch", "Cole", "Dunn", "Elm", "Frost", "Gale", "Hart", "Ives", "Jay"]
PAIRS = len(GIVEN) * len(SURNAMES)
TYPED_AHEAD = 10
ANSWERS = {"enter": "linked", "x": "never", "n": "never"}


@pytest.fixture
def contoso(home: Home) -> Company:
    """A company with a hundred cards without a contact's id, each of which may be a contact's."""
    made = company.found(home)
    people = list(enumerate(itertools.product(GIVEN, SURNAMES), 1))
    files = Files(home.folder / "files")
    files.contacts(*(contact(number, *name) for number, name in people))
    files.loyalty(*(member(number, *name, ContactId="", DateOfBirth="", EMail="") for number, name in people))
    home.run("import", str(files.folder), code=6)
    return made


def _shown(terminal: Terminal) -> str:
    """Return the name of the incoming record."""
    found = re.search(r"^ name +(\S+ \S+)", terminal.screen_text(), re.MULTILINE)
    return found[1] if found else ""


def _answered(home: Home) -> dict[str, str]:
    """Return by name what was decided."""
    return dict(
        home.query(
            "SELECT r.fields ->> '$.given' || ' ' || (r.fields ->> '$.surname'), p.state FROM review_pair p"
            " JOIN source_record r ON r.id = p.right_record_id"
        )
    )


def test_a_hundred_pairs_take_a_key_each(contoso: Company) -> None:
    home = contoso.home
    ((maker,),) = home.query("SELECT actor FROM import_run")
    terminal = home.open("--as", maker, "--at", contoso.at, "open", "match")
    terminal.wait_for(f"1 of {PAIRS}")
    terminal.rest()
    wanted: dict[str, str] = {}
    for left, key in zip(range(PAIRS, 3 * TYPED_AHEAD, -1), itertools.cycle(ANSWERS), strict=False):
        place = terminal.shows(f"1 of {left}")
        terminal.wait_until(lambda place=place: place() and _shown(terminal) not in ("", *wanted))  # type: ignore[misc]
        wanted[_shown(terminal)] = ANSWERS[key]
        terminal.press(key)
    pressed = len(wanted)
    for left, key in zip(range(3 * TYPED_AHEAD, 0, -TYPED_AHEAD), ANSWERS, strict=True):
        terminal.wait_for(f"1 of {left}")
        before = set(_answered(home).items())
        terminal.press(*[key] * TYPED_AHEAD)
        pressed += TYPED_AHEAD
        terminal.wait_for(f"1 of {left - TYPED_AHEAD}" if left > TYPED_AHEAD else "Nothing to review")
        answered = set(_answered(home).items()) - before
        assert [state for _, state in answered] == [ANSWERS[key]] * TYPED_AHEAD
        wanted |= dict(answered)
    assert (pressed, len(wanted), wanted) == (PAIRS, PAIRS, _answered(home))

    linked = sum(state == "linked" for state in wanted.values())
    merged = "SELECT count(*) FROM customer WHERE merged_into_id IS NOT NULL"
    assert home.query(merged) == [(linked,)]
    decisions = "SELECT verdict, count(*) FROM match_decision GROUP BY verdict"
    assert dict(home.query(decisions)) == {"always": linked, "never": PAIRS - linked}
    assert home.query("SELECT count(*) FROM action WHERE kind LIKE 'match.%'") == [(PAIRS,)]
    # One customer for each card that was linked, two for each that wasn't.
    for name, state in wanted.items():
        customers = home.query("SELECT count(*) FROM customer WHERE name = ? AND merged_into_id IS NULL", (name,))
        assert customers == [(1 if state == "linked" else 2,)], name
