"""Writes the five source files of a made-up company in the form of the real exports, row by row."""

import csv
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Protocol, TextIO, TypeVar

from contoso_tui.demo import names, people, quirks

CONTACTS, LOYALTY, POS, ONLINE, REVIEWS = (
    "Contacts.csv",
    "LoyaltySchemeCustomers.csv",
    "POSPurchases.csv",
    "OnlinePurchases.csv",
    "WebReviews.csv",
)

HEADERS: Mapping[str, tuple[str, ...]] = {
    CONTACTS: (
        "ContactId", "FirstName", "LastName", "FullName", "DateOfBirth", "Gender", "EMail", "Telephone",
        "PostCode", "StreetAddress", "City", "State", "Country", "CreatedOn", "Headshot", "Loyalty Tier",
        "Email Subscriber", "Income", "Occupation", "CustomerSatisfaction", "CompanyName",
    ),
    LOYALTY: (
        "LoyaltyId", "ContactId", "FirstName", "LastName", "FullName", "DateOfBirth", "Gender", "EMail",
        "Telephone", "RewardPoints", "CreditCard", "CreatedOn",
    ),
    POS: (
        "LoyaltyId", "PurchaseId", "ProductId", "PurchasedOn", "TotalPrice", "RewardPointsAdded",
        "ActivityTypeDisplay", "Subject", "Store",
    ),
    ONLINE: (
        "ContactId", "PurchaseId", "ProductId", "PurchasedOn", "TotalPrice", "ActivityTypeDisplay",
        "Subject",
    ),
    REVIEWS: ("ReviewId", "UserId", "ReviewText", "ActivityTypeDisplay", "ReviewRating", "ReviewDate"),
}  # fmt: skip

_DAYS_OF_PURCHASES = 730
_DAYS_OF_JOINING = 1100
# Dollars: doorbell, thermostat, security system, moisture sensor, month of the monitoring plan, installation.
# The 300 online product ids are fifty variants of each, a few dollars apart.
_PRICES = (149, 129, 899, 39, 30, 120)
_PRODUCT_IDS = 300
# Over the counter no security systems are sold, but pairs of sensors.
_SHOP_PRICES = (149, 129, 39, 78, 30, 120)
_TIERS = ("low", "medium", "high")
_OCCUPATIONS = ("Teacher", "Software Engineer", "Student", "Investment Banking", "Doctor")

# What is written goes with the stars given.
_REVIEWS = (
    ("Rings at the door and on my phone, every time", 5),
    ("Mounted in ten minutes, the picture is sharp at night too", 5),
    ("Good value, the battery could last longer", 4),
    ("Does what it says", 4),
    ("Lost the wireless twice in a week", 3),
    ("The app asks for too much", 2),
    ("Chime fell silent after the first frost", 1),
)
_SHARES_OF_REVIEWS = (0.28, 0.5, 0.66, 0.82, 0.91, 0.97)

Choice = TypeVar("Choice")


class _Writer(Protocol):
    def writerow(self, row: Iterable[object], /) -> object: ...


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What was written.

    `paths` are Contacts, Loyalty, POS, Online purchases and Reviews, in this order. `counts` has the data rows under
    each file's name, and `people` (humans in Contacts or Loyalty), `accounts`, `account_people` and `orphans`
    (purchases whose key is in no file). The people are `people - account_people + accounts` customers.
    """

    paths: tuple[Path, ...]
    counts: Mapping[str, int]


def write_files(
    folder: Path, *, today: date, seed: int = 7, people: int = 5000, accounts: int = 300, stores: int = 11
) -> DemoFiles:
    """Write the five files into `folder` (made if absent), readable by their owner only.

    Equal arguments give equal bytes. Time grows with `people`, about 9.3 rows each in all; memory only with
    `accounts`. Purchases and reviews lie in the 24 months up to `today`, none after it.

    Args:
        folder: Where to write; files of the same names there are replaced.
        today: The day that all dates are relative to.
        seed: Another seed gives other people.
        people: Rows of Contacts; Loyalty has a few others besides.
        accounts: Companies with one to four people each among them.
        stores: Stores of the POS file, at most 11.

    Raises:
        ValueError: `people` is below 1, `accounts` above `people`, or `stores` not 1 to 11.
    """
    if people < 1 or not 0 <= accounts <= people:
        raise ValueError(f"{accounts} accounts and {people} people: need at least one person for each account")
    if not 1 <= stores <= len(names.STORE_TOWNS):
        raise ValueError(f"{stores} stores: there are towns for 1 to {len(names.STORE_TOWNS)}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = {name: folder / name for name in HEADERS}
    with ExitStack() as open_files:
        writers = {}
        for name, header in HEADERS.items():
            writers[name] = csv.writer(open_files.enter_context(_open_private(paths[name])), lineterminator="\n")
            writers[name].writerow(header)
        counts = _Export(writers, seed, today, stores).write(seed, people, accounts)
    return DemoFiles(tuple(paths.values()), counts)


def _open_private(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)  # an older file keeps its mode when it is opened
    return open(descriptor, "w", encoding="utf-8", newline="")


class _Export:
    """One pass over the people; each person's rows in all files are written before the next is drawn."""

    def __init__(self, writers: Mapping[str, _Writer], seed: int, today: date, stores: int) -> None:
        self._writers = writers
        self._rng = Random(seed)
        self._random = self._rng.random
        # Its own: with or without reviews, the rest is the same.
        self._opinion = Random(f"reviews {seed}").random
        self._today = today
        self._stores = tuple(f"Contoso {town.name}" for town in names.STORE_TOWNS[:stores])
        self._home_store = {town.name: at for at, town in enumerate(names.STORE_TOWNS[:stores])}
        days = [today - timedelta(days=back) for back in range(_DAYS_OF_JOINING)]
        self._us_days = [quirks.us_date(day) for day in days]
        self._iso_days = [day.isoformat() for day in days]
        self._counts = dict.fromkeys((*HEADERS, "people", "accounts", "account_people", "orphans"), 0)

    def write(self, seed: int, count: int, accounts: int) -> dict[str, int]:
        most = min(people.MOST_PEOPLE_PER_ACCOUNT, count // accounts) if accounts else 1
        companies = people.draw_accounts(self._rng, seed, accounts, most)
        drawn = people.draw_people(self._rng, seed, count, companies, self._today)
        for person in islice(drawn, count):
            self._contact(person)
            if person.number % 125 != 60:
                self._loyalty(person)
            self._online(person)
            self._reviews(person.contact_id)
            if person.number % 5000 == 42:
                self._orphans(person.number)
        for person in islice(drawn, count // 500):
            self._only_loyalty(person)
        self._counts["accounts"] = accounts
        return self._counts

    def _row(self, name: str, *cells: object) -> None:
        self._writers[name].writerow(cells)
        self._counts[name] += 1

    def _contact(self, person: people.Person) -> None:
        random = self._random
        self._counts["people"] += 1
        self._counts["account_people"] += person.account is not None
        income = max(20000.0, self._rng.gauss(75000.0, 55000.0))
        self._row(
            CONTACTS,
            person.contact_id,
            person.given,
            person.surname,
            quirks.full_name(random, person.given, person.surname, quirks.CONTACT_NAME_SHARES),
            "" if person.number % 2500 == 13 else quirks.us_date(person.born_on),
            person.gender,
            person.email,
            person.contact_phone,
            person.postcode,
            person.street,
            person.city,
            person.state,
            person.country,
            self._us_days[int(random() * _DAYS_OF_JOINING)],
            f"https://pictures.contoso.example/{person.number}.png",
            _pick(random(), _TIERS, (0.104, 0.911)),
            "Yes" if random() < 0.327 else "No",
            income,
            _pick(random(), _OCCUPATIONS, (0.519, 0.957, 0.981, 0.996)),
            _pick(random(), _TIERS, (0.264, 0.764)),
            person.company_name,
        )

    def _loyalty(self, person: people.Person) -> None:
        number = person.number
        contact_id, email, phone = person.contact_id, person.email, person.loyalty_phone
        born_on, gender = person.born_on.isoformat(), person.gender
        if number % 100 == 57:  # joined at the till, where nobody asks for the web shop's id
            contact_id = ""
            if number % 500 == 157:  # and gave another address
                email = f"{names.fold(person.given)}{number}@till.example"
            elif number % 500 == 257:  # or nothing but a name: is it the same person?
                email = phone = born_on = ""
            elif number % 500 == 357:  # or the family's number, and no birthday
                email, born_on = f"{names.fold(person.surname)}{number}@till.example", ""
        if number % 1250 == 11:  # a clerk typed a recent day for the birth date
            born_on = self._iso_days[int(self._random() * 300)]
        if number % 2500 == 12:
            gender = "Male" if gender == "Female" else "Female"
        if number % 2500 == 13:
            phone = ""
        self._member(person, contact_id, born_on, gender, email, phone)

    def _only_loyalty(self, person: people.Person) -> None:
        self._counts["people"] += 1
        # Half had a web shop account that is no longer exported: their online purchases point at it.
        known = person.number % 2 == 0
        self._member(
            person,
            person.contact_id if known else "",
            person.born_on.isoformat(),
            person.gender,
            person.email,
            person.loyalty_phone,
        )
        if known:
            self._online(person)

    def _member(
        self, person: people.Person, contact_id: str, born_on: str, gender: str, email: str, phone: str
    ) -> None:
        random = self._random
        loyalty_id = f"LOYID_{1000 + self._counts[LOYALTY]}"
        self._row(
            LOYALTY,
            loyalty_id,
            contact_id,
            person.given,
            person.surname,
            quirks.full_name(random, person.given, person.surname, quirks.LOYALTY_NAME_SHARES),
            born_on,
            gender,
            email,
            phone,
            10 + int(random() * 346),
            "Yes" if random() < 0.506 else "No",
            self._iso_days[int(random() * _DAYS_OF_JOINING)],
        )
        home = self._home_store.get(person.city)
        for _ in range(3 + int(random() * 3)):
            self._pos(loyalty_id, home)

    def _pos(self, loyalty_id: str, home: int | None) -> None:
        random = self._random
        price = _SHOP_PRICES[int(random() * len(_SHOP_PRICES))] + int(random() * 20)
        number = 1000 + self._counts[POS]
        away = home is None or random() < 0.15
        self._row(
            POS,
            loyalty_id,
            f"PID_{number}",
            f"ProdID_{number}",  # like the real export: the till's number, useless as a product
            self._iso_days[self._days_back()],
            price,
            max(15, int(price * _pick(random(), (0.5, 1.0, 2.0), (0.6, 0.96)))),
            "POS Purchase",
            "Purchased a product In-Store",
            self._stores[int(random() * len(self._stores)) if away or home is None else home],
        )

    def _online(self, person: people.Person) -> None:
        random = self._random
        if random() < 0.176:
            return
        most = 3 if person.account is None else 8
        for _ in range(1 + int(random() * 5)):
            self._online_purchase(person.contact_id, most)

    def _online_purchase(self, contact_id: str, most: int) -> None:
        random = self._random
        product = int(random() * _PRODUCT_IDS)
        if product % len(_PRICES) == 2 and random() < 0.6:
            product += 1  # security systems are the rarer purchase
        unit = _PRICES[product % len(_PRICES)] + product // len(_PRICES) // 5
        quantity = 1 + int(random() ** 2 * most)
        self._row(
            ONLINE,
            contact_id,
            f"OPID_{1000 + self._counts[ONLINE]}",
            f"ProdID_{1000 + product}",
            self._us_days[self._days_back()],
            unit * quantity,
            "OnlinePurchase",
            "Purchased a product online",
        )

    def _reviews(self, contact_id: str) -> None:
        opinion = self._opinion
        if opinion() < 0.55:
            return
        for _ in range(1 + int(opinion() * 3)):
            text, stars = _pick(opinion(), _REVIEWS, _SHARES_OF_REVIEWS)
            days_ago = int(opinion() ** 1.5 * _DAYS_OF_PURCHASES)
            number = 1000 + self._counts[REVIEWS]
            day = self._us_days[days_ago]
            self._row(REVIEWS, f"REVWID_{number}", contact_id, text, "WebsiteReview", stars, day)

    def _orphans(self, number: int) -> None:
        """Write one purchase in each channel whose customer is in no file."""
        self._online_purchase(f"CNTID_X{number}", 1)
        self._pos(f"LOYID_X{number}", None)
        self._reviews(f"CNTID_X{number}")
        self._counts["orphans"] += 2

    def _days_back(self) -> int:
        # More of the purchases are recent.
        return int(self._random() ** 1.5 * _DAYS_OF_PURCHASES)


def _pick(draw: float, choices: tuple[Choice, ...], limits: tuple[float, ...]) -> Choice:
    """Choose by cumulative shares; the last choice gets the rest."""
    for choice, limit in zip(choices, limits, strict=False):
        if draw < limit:
            return choice
    return choices[-1]
