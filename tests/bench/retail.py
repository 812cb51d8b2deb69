"""Made-up retail customers as four sources know them, with who is who; the same seed makes the same files.

`python tests/bench/retail.py FOLDER --records 100000` writes records.csv and truth.csv. One person in five lives in a
household of three or more; 3 % of these have a father and son of one name, 3 % twins; 4 % of all people use a family's
email, 8 % have moved; a cell is blank in 5 % of the rows, and 15 % of the rows have one to three typing errors.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import retail_names as words

FIELDS = ("given", "surname", "dob", "email", "phone", "street", "city", "postcode", "source")
SOURCES = ("con", "loy", "pos", "onl")
IN_HOUSEHOLDS, NAMESAKES, TWINS = 0.20, 0.03, 0.03
FAMILY_EMAIL, MOVERS, NICKNAMED = 0.04, 0.08, 0.15
HOUSEHOLD_PHONE = 0.35
BLANK, WITH_TYPOS, AGAIN_IN_SOURCE = 0.05, 0.15, 0.03
# How many of the four sources know a person, by share.
_KNOWN_BY = (0.45, 0.30, 0.15, 0.10)
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_TYPED = ("given", "surname", "dob", "email", "phone", "street", "city", "postcode")


@dataclass(frozen=True, slots=True)
class Address:
    """Where people live, and the phone on the wall there."""

    street: str
    city: str
    postcode: str
    phone: str


@dataclass(frozen=True, slots=True)
class Person:
    """One customer; `moved_to` is their later address."""

    given: str
    surname: str
    dob: str
    email: str
    phone: str
    address: Address
    moved_to: Address | None


class Town:
    """Draws people until enough records are made."""

    def __init__(self, seed: int, records: int) -> None:
        self._chance = chance = Random(seed)
        self._given = words.given_names(chance)
        self._surnames = words.surnames(chance, max(2000, min(60_000, records // 12)))
        self._streets = words.streets(chance)
        self._cities = words.cities(chance)
        # As many people a postcode as in a town, whatever the size of the set.
        self._postcodes = max(60, records // 400)
        self._stock: dict[str, list[str]] = {}

    def households(self) -> Iterator[list[Person]]:
        """Yield people by household, without end."""
        chance = self._chance
        # Of households, not people: the larger ones hold more of them.
        large = IN_HOUSEHOLDS / 3.7 / (IN_HOUSEHOLDS / 3.7 + (1 - IN_HOUSEHOLDS) / 1.25)
        while True:
            size = (
                chance.choices((3, 4, 5), (50, 30, 20))[0] if chance.random() < large else chance.choice((1, 1, 1, 2))
            )
            yield self._household(size)

    def _household(self, size: int) -> list[Person]:
        chance, home, surname = self._chance, self._address(), self._draw("surname")
        shares_phone = size > 1 and chance.random() < HOUSEHOLD_PHONE
        parents = min(size, 2)
        born = chance.randrange(1945, 1985)
        made: list[Person] = []
        for place in range(size):
            year = born + chance.randrange(-4, 5) if place < parents else born + chance.randrange(22, 34)
            made.append(self._person(surname, year, home, shares_phone=shares_phone))
        if size >= 3 and chance.random() < NAMESAKES:
            made[2] = replace(made[2], given=made[0].given)
        if size >= 4 and chance.random() < TWINS * 2:
            made[3] = replace(made[3], dob=made[2].dob)
        return [self._family_email(person, made[0]) for person in made] if size > 1 else made

    def _family_email(self, person: Person, head: Person) -> Person:
        # Half of all people live with others.
        return replace(person, email=head.email) if self._chance.random() < FAMILY_EMAIL * 2 else person

    def _person(self, surname: str, year: int, home: Address, *, shares_phone: bool) -> Person:
        chance = self._chance
        if chance.random() < 0.12:
            surname = self._draw("surname")
        given = self._draw("given")
        born = dt.date(year, 1, 1) + dt.timedelta(days=chance.randrange(365))
        moved = self._address() if chance.random() < MOVERS else None
        return Person(given, surname, born.isoformat(), self._email(given, surname, year),
                      home.phone if shares_phone else self._phone(), home, moved)  # fmt: skip

    def _address(self) -> Address:
        chance = self._chance
        number = chance.randrange(self._postcodes)
        street = (
            f"{chance.randrange(1, 400)} {self._streets[(number * 37 + chance.randrange(60)) % len(self._streets)]}"
        )
        return Address(street, self._draw("city"), f"{10_000 + number * 7 % 89_999:05d}", self._phone())

    def _phone(self) -> str:
        chance = self._chance
        return f"{chance.randrange(201, 990)}{chance.randrange(200, 1000)}{chance.randrange(10_000):04d}"

    def _email(self, given: str, surname: str, year: int) -> str:
        chance = self._chance
        joint = chance.choice((".", "_", ""))
        local = chance.choice(
            (f"{given}{joint}{surname}", f"{given[0]}{joint}{surname}", f"{surname}{joint}{given[0]}")
        )
        tail = chance.choice(("", "", str(year)[2:], str(chance.randrange(1, 999))))
        return f"{local}{tail}@{chance.choice(words.PROVIDERS)}".lower()

    def _draw(self, what: str) -> str:
        """Return one name; they are drawn by the thousand, which is ten times as fast."""
        stock = self._stock.get(what)
        if not stock:
            pool = {"given": self._given, "surname": self._surnames, "city": self._cities}[what]
            stock = self._stock[what] = pool.draw(self._chance, 4096)
        return stock.pop()

    def rows(self, person: Person) -> Iterator[list[str]]:
        """Yield a person's rows in the sources that know them, each as it was typed there."""
        chance = self._chance
        known = chance.choices((1, 2, 3, 4), _KNOWN_BY)[0]
        for source in chance.sample(SOURCES, known):
            for _ in range(2 if chance.random() < AGAIN_IN_SOURCE else 1):
                yield self._row(person, source)

    def _row(self, person: Person, source: str) -> list[str]:
        chance = self._chance
        home = person.moved_to if person.moved_to is not None and chance.random() < 0.5 else person.address
        given = person.given
        short = words.NICKNAMES.get(given)
        if short and chance.random() < NICKNAMED:
            given = chance.choice(short.split())
        phone = _PHONE_FORMS[source].format(person.phone[:3], person.phone[3:6], person.phone[6:])
        cells = dict(zip(FIELDS, (given, person.surname, person.dob, person.email, phone, home.street, home.city,
                                  home.postcode, source), strict=True))  # fmt: skip
        for field in _TYPED:
            if chance.random() < BLANK:
                cells[field] = ""
        if chance.random() < WITH_TYPOS:
            for field in chance.choices(_TYPED, k=chance.choice((1, 1, 2, 3))):
                cells[field] = mistype(cells[field], chance)
        return list(cells.values())


_PHONE_FORMS = {"con": "{}-{}-{}", "loy": "+1-{}-{}-{}", "pos": "({}) {}-{}", "onl": "{}.{}.{}"}


def mistype(text: str, chance: Random) -> str:
    """Return a text with one letter or digit lost, doubled by another, replaced, or exchanged with the next."""
    places = [place for place, mark in enumerate(text) if mark.isalnum()]
    if len(places) < 3:
        return text
    at = chance.choice(places[:-1])
    other = chance.choice(_DIGITS if text[at].isdigit() else _LETTERS)
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + other + text[at:]
    if kind == 2:
        return text[:at] + other + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def write(folder: Path, records: int, seed: int = 7) -> tuple[Path, Path]:
    """Write exactly so many rows in mixed order and return the files of records and of truth.

    Both are by `id`, a number that says nothing; the file of truth has the person beside it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    town = Town(seed, records)
    made: list[tuple[int, list[str]]] = []
    number = 0
    for household in town.households():
        for person in household:
            number += 1
            made.extend((number, row) for row in town.rows(person))
        if len(made) >= records:
            break
    made = made[:records]
    Random(seed + 1).shuffle(made)
    data, truth = folder / "records.csv", folder / "truth.csv"
    with data.open("w", newline="", encoding="utf-8") as target, truth.open("w", newline="", encoding="utf-8") as right:
        rows, people = csv.writer(target, lineterminator="\n"), csv.writer(right, lineterminator="\n")
        rows.writerow(("id", *FIELDS))
        people.writerow(("id", "person"))
        for place, (person, row) in enumerate(made):
            rows.writerow((f"r{place:07d}", *row))
            people.writerow((f"r{place:07d}", person))
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
