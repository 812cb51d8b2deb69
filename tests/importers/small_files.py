"""Small hand-made files of the sources."""

from __future__ import annotations

import csv
from pathlib import Path

CONTACT = ("ContactId", "FirstName", "LastName", "FullName", "DateOfBirth", "Gender", "EMail", "Telephone", "PostCode",
           "StreetAddress", "City", "State", "Country", "CreatedOn", "Loyalty Tier", "Email Subscriber", "Income",
           "Occupation", "CustomerSatisfaction", "CompanyName", "AccountType")  # fmt: skip
LOYALTY = ("LoyaltyId", "ContactId", "FirstName", "LastName", "FullName", "DateOfBirth", "Gender", "EMail", "Telephone",
           "RewardPoints", "CreditCard", "CreatedOn")  # fmt: skip
ONLINE = ("ContactId", "PurchaseId", "ProductId", "PurchasedOn", "TotalPrice", "ActivityTypeDisplay", "Subject")
POS = ("LoyaltyId", "PurchaseId", "ProductId", "PurchasedOn", "TotalPrice", "RewardPointsAdded", "ActivityTypeDisplay",
       "Subject")  # fmt: skip
REVIEWS = ("ReviewId", "UserId", "ReviewText", "ActivityTypeDisplay", "ReviewRating", "ReviewDate")


class Files:
    """Small hand-made files of the sources; a row names only the cells it needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def write(self, name: str, header: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
        path = self.folder / name
        with path.open("w", newline="", encoding="utf-8") as target:
            writer = csv.DictWriter(target, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def contacts(self, *rows: dict[str, str]) -> Path:
        return self.write("Contacts.csv", CONTACT, list(rows))

    def loyalty(self, *rows: dict[str, str]) -> Path:
        return self.write("Loyalty.csv", LOYALTY, list(rows))

    def online(self, *rows: dict[str, str]) -> Path:
        return self.write("Online.csv", ONLINE, list(rows))

    def pos(self, *rows: dict[str, str]) -> Path:
        return self.write("Pos.csv", POS, list(rows))

    def reviews(self, *rows: dict[str, str]) -> Path:
        return self.write("Reviews.csv", REVIEWS, list(rows))


def contact(number: int, given: str, surname: str, **more: str) -> dict[str, str]:
    """A contact of whom everything telling is their own."""
    return {
        "ContactId": f"CNTID_{number}",
        "FirstName": given,
        "LastName": surname,
        "FullName": f"{given} {surname}",
        "DateOfBirth": f"{1 + number % 12}/{1 + number % 27}/{1960 + number % 40}",
        "EMail": f"{given}_{surname}@mail{number}.example".lower(),
        "Telephone": f"303-555-{number:04d}",
        "PostCode": f"{80000 + number}",
        "StreetAddress": f"{number} Elm Walk",
        "City": "Denver",
        "State": "Colorado",
        "CreatedOn": "1/31/2019",
    } | more


def member(number: int, given: str, surname: str, **more: str) -> dict[str, str]:
    """The same person's loyalty card."""
    person = contact(number, given, surname)
    month, day, year = person["DateOfBirth"].split("/")
    return {
        "LoyaltyId": f"LOYID_{number}",
        "ContactId": f"CNTID_{number}",
        **{name: person[name] for name in ("FirstName", "LastName", "FullName", "EMail", "Telephone")},
        "DateOfBirth": f"{year}-{int(month):02}-{int(day):02}",
        "RewardPoints": "120",
        "CreatedOn": "2018-05-01",
    } | more


def bought(number: int, key: str, price: str = "100", **more: str) -> dict[str, str]:
    return {"ContactId": f"CNTID_{number}", "PurchaseId": key, "PurchasedOn": "2/1/2019", "TotalPrice": price} | more


def bought_in_store(number: int, key: str, price: str = "50", **more: str) -> dict[str, str]:
    return {"LoyaltyId": f"LOYID_{number}", "PurchaseId": key, "PurchasedOn": "2019-02-03", "TotalPrice": price,
            "RewardPointsAdded": "15"} | more  # fmt: skip


def reviewed(number: int, key: str, rating: str = "4", **more: str) -> dict[str, str]:
    return {"UserId": f"CNTID_{number}", "ReviewId": key, "ReviewDate": "2/3/2019", "ReviewRating": rating,
            "ReviewText": "Rings on time"} | more  # fmt: skip
