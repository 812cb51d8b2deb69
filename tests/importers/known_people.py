"""Made-up people as files of the two sources, of whom it is known who is who, and what a database made of them."""

from __future__ import annotations

import pandas as pd

from importers.matching import metrics
from models.database import execute
from tests.importers.matching.made_people import made_people
from tests.importers.small_files import Files


def people(count: int, seed: int = 5) -> pd.DataFrame:
    """Return rows of people, half of them in both sources; the column `person` is the truth."""
    return made_people(count, seed)


def write(files: Files, rows: pd.DataFrame) -> None:
    """Write rows as the files of both sources; no row names another's key."""
    files.contacts(
        *(
            _person(row)
            | {"ContactId": str(key), "StreetAddress": row["street"], "PostCode": row["postcode"],
               "DateOfBirth": _american(row["dob"])}
            for key, row in rows[rows["source"] == "con"].iterrows()
        )
    )  # fmt: skip
    files.loyalty(
        *(
            _person(row) | {"LoyaltyId": str(key), "DateOfBirth": row["dob"]}
            for key, row in rows[rows["source"] == "loy"].iterrows()
        )
    )


def _person(row: pd.Series[str]) -> dict[str, str]:
    return {
        "FirstName": row["given"],
        "LastName": row["surname"],
        "FullName": f"{row['given']} {row['surname']}".strip(),
        "EMail": row["email"],
        "Telephone": row["phone"],
        "CreatedOn": "2019-01-31" if row["source"] == "loy" else "1/31/2019",
    }


def _american(day: str) -> str:
    year, month, date = day.split("-") if day else ("", "", "")
    return f"{int(month)}/{int(date)}/{year}" if day else ""


def customers() -> pd.Series[int]:
    """Return the customer of each record, by the record's key."""
    rows = execute("SELECT key, customer_id FROM source_record").fetchall()
    return pd.Series(dict(rows))


def f1(found: pd.Series[int], truth: pd.Series[str]) -> float:
    """Return how well the customers are the people, pair by pair."""
    return metrics.pairs(found.reindex(truth.index).tolist(), truth.tolist()).f1
