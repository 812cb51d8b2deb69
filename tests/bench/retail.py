"""Made-up retail customers as four sources know them, with who is who; the same seed makes the same files.

`python tests/bench/retail.py FOLDER --records 100000` writes records.csv and truth.csv. Of the households a fifth has
three members or more. Of all people 3 % have another of their name at home, 1 % a twin, 4 % use the email of another
at home, 10 % have none; 8 % have moved, with another phone, some with another email, and are known under both. A cell
that a source asks for is blank in 5 % of its rows, besides; 15 % of the rows have one to three typing errors.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

import retail_names as words
from retail_people import Person, Town

FIELDS = ("given", "surname", "dob", "email", "phone", "street", "city", "postcode", "source")
_PERSONAL = FIELDS[:-1]
# What each source asks for: a shop's till is content with who gets the receipt, a web shop with where the parcel goes.
ASKED: dict[str, tuple[str, ...]] = {
    "con": _PERSONAL,
    "loy": _PERSONAL,
    "pos": ("given", "surname", "email", "phone"),
    "onl": ("given", "surname", "email", "phone", "street", "city", "postcode"),
}
_PHONE_FORMS = {"con": "{}-{}-{}", "loy": "+1-{}-{}-{}", "pos": "({}) {}-{}", "onl": "{}.{}.{}"}
NICKNAMED, BLANK, WITH_TYPOS, AGAIN_IN_SOURCE = 0.15, 0.05, 0.15, 0.03
# How many of the four sources know a person, by share.
_KNOWN_BY = (0.45, 0.30, 0.15, 0.10)
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_SHORTEST_TYPED = 3


def rows_of(person: Person, chance: Random) -> Iterator[dict[str, str]]:
    """Yield a person's rows in the sources that know them, each as it was typed there."""
    known = chance.choices((1, 2, 3, 4), _KNOWN_BY)[0]
    for source in chance.sample(list(ASKED), known):
        for _ in range(2 if chance.random() < AGAIN_IN_SOURCE else 1):
            cells = as_asked(person, source, chance)
            yield spoilt(cells, chance)


def as_asked(person: Person, source: str, chance: Random) -> dict[str, str]:
    """Return what a person tells a source, where nothing goes wrong."""
    reach = person.later if person.later is not None and chance.random() < 0.5 else person.now
    given = person.given
    short = words.NICKNAMES.get(given)
    if short and chance.random() < NICKNAMED:
        given = chance.choice(short.split())
    phone = _PHONE_FORMS[source].format(reach.phone[:3], reach.phone[3:6], reach.phone[6:])
    told = dict(zip(FIELDS, (given, person.surname, person.dob, reach.email, phone, reach.street, reach.city,
                             reach.postcode, source), strict=True))  # fmt: skip
    return {name: cell if name in ASKED[source] or name == "source" else "" for name, cell in told.items()}


def spoilt(cells: dict[str, str], chance: Random) -> dict[str, str]:
    """Return a row with cells left blank, and typing errors in what is left."""
    found = {name: "" if name != "source" and chance.random() < BLANK else cell for name, cell in cells.items()}
    typed = [name for name in _PERSONAL if len(found[name]) >= _SHORTEST_TYPED]
    if typed and chance.random() < WITH_TYPOS:
        for name in chance.choices(typed, k=chance.choice((1, 1, 2, 3))):
            found[name] = mistype(found[name], chance)
    return found


def mistype(text: str, chance: Random) -> str:
    """Return a text with one letter or digit lost, doubled by another, replaced, or exchanged with the next."""
    places = [place for place, mark in enumerate(text) if mark.isalnum()]
    if len(places) < _SHORTEST_TYPED:
        return text
    at = chance.choice(places[:-1])
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 3 and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    other = chance.choice((_DIGITS if text[at].isdigit() else _LETTERS).replace(text[at].lower(), ""))
    return text[:at] + other + text[at if kind == 1 else at + 1 :]


def write(folder: Path, records: int, seed: int = 7) -> tuple[Path, Path]:
    """Write exactly so many rows in mixed order and return the files of records and of truth.

    Both are by `id`, a number that says nothing; the file of truth has the person beside it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = Random(seed)
    made: list[tuple[int, list[str]]] = []
    number = 0
    for household in Town(seed, records).households():
        for person in household:
            number += 1
            made.extend((number, list(row.values())) for row in rows_of(person, chance))
        if len(made) >= records:
            break
    made = made[:records]
    Random(seed + 1).shuffle(made)
    data, truth = folder / "records.csv", folder / "truth.csv"
    with data.open("w", newline="", encoding="utf-8") as target, truth.open("w", newline="", encoding="utf-8") as right:
        rows, people = csv.writer(target, lineterminator="\n"), csv.writer(right, lineterminator="\n")
        rows.writerow(("id", *FIELDS))
        people.writerow(("id", "person"))
        for place, (person_number, row) in enumerate(made):
            rows.writerow((f"r{place:07d}", *row))
            people.writerow((f"r{place:07d}", person_number))
    return data, truth


def main() -> None:
    """Write the files to a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    write(given.folder, given.records, given.seed)


if __name__ == "__main__":
    main()
