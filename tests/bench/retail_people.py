"""Invents people by household: families, fathers and sons of one name, twins, shared emails, people who moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import retail_names as words

# Share of households.
LARGE_HOUSEHOLDS = 0.20
# Shares of people: who has another of the same name at home, a twin at home, the email of another at home, no email;
# who has moved.
NAMESAKES, TWINS, FAMILY_EMAIL, NO_EMAIL, MOVERS = 0.03, 0.01, 0.04, 0.10, 0.08
# Of people who moved: how many have another email since.
NEW_EMAIL = 0.30
# Of households with more than one: how many have one phone.
HOUSEHOLD_PHONE = 0.35
# Of members of a family: how many have a surname of their own.
OWN_SURNAME = 0.12
_SIZES_LARGE, _WEIGHTS_LARGE, _SIZES_SMALL = (3, 4, 5), (50, 30, 20), (1, 1, 1, 2)
_MEAN_LARGE, _MEAN_SMALL = 3.7, 1.25
_PEOPLE = LARGE_HOUSEHOLDS * _MEAN_LARGE + (1 - LARGE_HOUSEHOLDS) * _MEAN_SMALL
# The same shares by what has them: two namesakes or twins make a pair, in large households alone; a family email
# takes a household of two or more, that is all large ones and a quarter of the others, and never its head.
_NAMESAKE_PAIRS = NAMESAKES * _PEOPLE / 2 / LARGE_HOUSEHOLDS
_TWIN_PAIRS = TWINS * _PEOPLE / 2 / (LARGE_HOUSEHOLDS * sum(_WEIGHTS_LARGE[1:]) / 100)
_WITH_HEAD = LARGE_HOUSEHOLDS * (_MEAN_LARGE - 1) + (1 - LARGE_HOUSEHOLDS) / 4
_TAKES_FAMILY_EMAIL = FAMILY_EMAIL * _PEOPLE / _WITH_HEAD / (1 - NO_EMAIL)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody lives and how to reach them: "" for no email."""

    street: str
    city: str
    postcode: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Person:
    """One customer; `later` is where to reach one who moved."""

    given: str
    surname: str
    dob: str
    now: Reach
    later: Reach | None


class Town:
    """Draws households without end; the size of the set says how many names and postcodes there are."""

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
        """Yield people by household."""
        chance = self._chance
        while True:
            is_large = chance.random() < LARGE_HOUSEHOLDS
            yield self._household(
                chance.choices(_SIZES_LARGE, _WEIGHTS_LARGE)[0] if is_large else chance.choice(_SIZES_SMALL)
            )

    def _household(self, size: int) -> list[Person]:
        """Return one or two parents and children: some thirds have the first one's name, some fourths are twins."""
        chance = self._chance
        surname, born = self._draw("surname"), chance.randrange(1945, 1985)
        home = self._home()
        shares_phone = size > 1 and chance.random() < HOUSEHOLD_PHONE
        given = [self._draw("given") for _ in range(size)]
        surnames = [surname if chance.random() >= OWN_SURNAME else self._draw("surname") for _ in range(size)]
        births = [
            self._birth(born + (chance.randrange(-4, 5) if place < 2 else chance.randrange(22, 34)))
            for place in range(size)
        ]
        if size >= 3 and chance.random() < _NAMESAKE_PAIRS:
            given[2], surnames[2] = given[0], surnames[0]
        if size >= 4 and chance.random() < _TWIN_PAIRS:
            births[3], surnames[3] = births[2], surnames[2]
        made = []
        for name, last, birth in zip(given, surnames, births, strict=True):
            phone = home.phone if shares_phone else self._phone()
            reach = replace(home, phone=phone, email=self._email(name, last, birth))
            made.append(Person(name, last, birth, reach, None))
        head = made[0].now.email
        made[1:] = [self._with_family_email(person, head) for person in made[1:]]
        return [self._moved(person) if chance.random() < MOVERS else person for person in made]

    def _with_family_email(self, person: Person, email: str) -> Person:
        if not email or self._chance.random() >= _TAKES_FAMILY_EMAIL:
            return person
        return replace(person, now=replace(person.now, email=email))

    def _moved(self, person: Person) -> Person:
        """Return a person with another address and phone, and for some another email."""
        email = person.now.email
        if email and self._chance.random() < NEW_EMAIL:
            email = self._new_email(person.given, person.surname, person.dob)
        return replace(person, later=replace(self._home(), email=email))

    def _birth(self, year: int) -> str:
        return (dt.date(year, 1, 1) + dt.timedelta(days=self._chance.randrange(365))).isoformat()

    def _home(self) -> Reach:
        chance = self._chance
        number = chance.randrange(self._postcodes)
        street = self._streets[(number * 37 + chance.randrange(60)) % len(self._streets)]
        return Reach(f"{chance.randrange(1, 400)} {street}", self._draw("city"), f"{10_000 + number * 7 % 89_999:05d}",
                     self._phone(), "")  # fmt: skip

    def _phone(self) -> str:
        chance = self._chance
        return f"{chance.randrange(201, 990)}{chance.randrange(200, 1000)}{chance.randrange(10_000):04d}"

    def _email(self, given: str, surname: str, birth: str) -> str:
        return "" if self._chance.random() < NO_EMAIL else self._new_email(given, surname, birth)

    def _new_email(self, given: str, surname: str, birth: str) -> str:
        chance = self._chance
        joint = chance.choice((".", "_", ""))
        local = chance.choice(
            (f"{given}{joint}{surname}", f"{given[0]}{joint}{surname}", f"{surname}{joint}{given[0]}")
        )
        tail = chance.choice(("", "", birth[2:4], str(chance.randrange(1, 999))))
        return f"{local}{tail}@{chance.choice(words.PROVIDERS)}".lower()

    def _draw(self, what: str) -> str:
        """Return one name; they are drawn by the thousand, which is ten times as fast."""
        stock = self._stock.get(what)
        if not stock:
            pool = {"given": self._given, "surname": self._surnames, "city": self._cities}[what]
            stock = self._stock[what] = pool.draw(self._chance, 4096)
        return stock.pop()
