"""The invented people and corporate accounts, drawn one after another; for this package only."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from contoso_tui.demo import names, quirks

MOST_PEOPLE_PER_ACCOUNT = 4


@dataclass(frozen=True, slots=True)
class Account:
    """A company, its mail domain and the one address that its people share."""

    name: str
    domain: str
    street: str
    town: names.Town
    postcode: str
    people: int


@dataclass(frozen=True, slots=True)
class Person:
    """One human as both files know them; the telephones differ as the two exports do."""

    number: int
    contact_id: str
    given: str
    surname: str
    gender: str
    born_on: date
    email: str
    contact_phone: str
    loyalty_phone: str
    street: str
    city: str
    state: str
    country: str
    postcode: str
    account: Account | None
    company_name: str


def draw_accounts(rng: Random, seed: int, count: int, most_people: int) -> list[Account]:
    """Draw `count` companies of one to `most_people` people each."""
    company_names = names.CompanyNames(seed)
    random = rng.random
    accounts = []
    for number in range(count):
        name = company_names[number]
        town = _draw_town(rng)
        accounts.append(
            Account(
                name=name,
                domain=f"{names.fold(name)}.example",
                street=names.street(random(), random(), random(), 0.25 * random()),
                town=town,
                postcode=_draw_postcode(rng, town),
                people=1 + int(random() * most_people),
            )
        )
    return accounts


def draw_people(rng: Random, seed: int, count: int, accounts: list[Account], today: date) -> Iterator[Person]:
    """Draw people without end; the first `count` may belong to an account, later ones do not."""
    person_names = names.PersonNames(seed)
    random = rng.random
    number = 0
    home: Person | None = None
    while True:
        # Now and then two people of one name, with nothing else in common.
        namesake = number % 211 == 5
        given, surname, gender = person_names[number - 1 if namesake else number]
        account = _account_of(number, count, accounts)
        plain = f"{names.fold(given)}_{names.fold(surname)}"
        local = f"{plain}{number}" if namesake or number >= person_names.size else plain
        contact_phone, loyalty_phone = quirks.telephones(random, number)
        if account is None:
            town = _draw_town(rng)
            street, postcode = names.street(random(), random(), random(), random()), _draw_postcode(rng, town)
            domain = names.MAIL_DOMAINS[int(random() * len(names.MAIL_DOMAINS))]
        else:
            town, street, postcode, domain = account.town, account.street, account.postcode, account.domain
        city, state, country = town.name, town.state, "USA"
        if account is None and home is not None and number % 41 == 17:
            # Two of one household, each a customer of their own.
            surname, street, postcode = home.surname, home.street, home.postcode
            city, state, country = home.city, home.state, home.country
            local = f"{names.fold(given)}_{names.fold(surname)}{number}"
        elif account is None and number % 5000 == 21:
            city, state, country, postcode = "Thunder Bay", "Ontario", "Canada", "P7B0A1"
        person = Person(
            number=number,
            contact_id=_contact_id(rng, number),
            given=given,
            surname=surname,
            gender=gender,
            born_on=today - timedelta(days=6575 + int(random() * 24000)),  # 18 to 83 years old
            email=f"{local}@{domain}",
            contact_phone=contact_phone,
            loyalty_phone=loyalty_phone,
            street=street,
            city=city,
            state=state,
            country=country,
            postcode=postcode,
            account=account,
            company_name=_written_company(account, number),
        )
        yield person
        home = person if account is None else home
        number += 1


def _account_of(number: int, count: int, accounts: list[Account]) -> Account | None:
    """Find whose colleague a person is, without a table of all people.

    The people are cut into as many blocks as there are accounts. The first places of block b belong to
    account b, to the one seven before it, to the one fourteen before it: colleagues lie far apart in the
    files, as in real ones.
    """
    if number >= count or not accounts:
        return None
    block = number * len(accounts) // count
    place = number + (-block * count // len(accounts))
    if place >= MOST_PEOPLE_PER_ACCOUNT:
        return None
    account = accounts[(block - 7 * place) % len(accounts)]
    return account if place < account.people else None


def _written_company(account: Account | None, number: int) -> str:
    """Write the company's name; some typists add a space or use capitals, which is still the same name."""
    if account is None:
        return ""
    if number % 29 == 3:
        return account.name + " "
    return account.name.upper() if number % 41 == 4 else account.name


def _contact_id(rng: Random, number: int) -> str:
    # A few contacts come from another system that uses GUIDs as keys.
    if number % 1667 == 5:
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return f"CNTID_{1000 + number}"


def _draw_town(rng: Random) -> names.Town:
    # Seven in ten live where a store is.
    pool = names.STORE_TOWNS if rng.random() < 0.7 else names.TOWNS
    return pool[int(rng.random() * len(pool))]


def _draw_postcode(rng: Random, town: names.Town) -> str:
    return f"{town.postcode_prefix}{int(rng.random() * 100):02d}"
