"""The sets of records that matching is measured on: a file of records, what its columns hold, and who is who apart."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pandas as pd
import retail

from importers.reading import read_table
from importers.sources import get_source

RETAIL = ("retail_10k", "retail_100k", "retail_1m")
_SIZES = dict(zip(RETAIL, (10_000, 100_000, 1_000_000), strict=True))
PUBLISHED = ("febrl1", "febrl2", "febrl3", "fake_1000", "ci-ilt", "ci-ilt name+email")
SETS = (*PUBLISHED, *RETAIL)


@dataclass(frozen=True)
class RecordSet:
    """`records` is a file of rows with an id; `kinds` maps its columns to what they hold; truth is by id.

    `examples` names the settings that Splink's documentation has for this set.
    """

    name: str
    records: Path
    kinds: dict[str, str]
    truth: pd.Series[str]
    examples: tuple[str, ...] = ()


def prepare(name: str, data: Path | None, folder: Path) -> RecordSet | None:
    """Write a set's file of records, without a word of who is who; None where its data isn't there."""
    if name in RETAIL:
        return _retail(name, folder)
    if data is None:
        return None
    if name.startswith("febrl"):
        frame, truth = _febrl(data / "febrl" / f"dataset{name[-1]}.csv")
        kinds = {"given_name": "given", "surname": "surname", "street_number": "street", "address_1": "street",
                 "suburb": "city", "postcode": "postcode", "date_of_birth": "dob", "soc_sec_id": "ident"}  # fmt: skip
        examples: tuple[str, ...] = ("febrl3 example",)
    elif name == "fake_1000":
        frame, truth = _fake(data / "splink-fake-1000" / "fake_1000.csv")
        kinds = {"first_name": "given", "surname": "surname", "dob": "dob", "city": "city", "email": "email"}
        examples = ("tutorial", "accuracy example")
    else:
        frame, truth = _ci_ilt(data / "ci-ilt" / "sources")
        kinds = {"full_name": "fullname", "email": "email", "source": "source"}
        examples = ()
        if name == "ci-ilt":
            kinds = {"given": "given", "surname": "surname", **kinds, "birth_date": "dob", "phone": "phone",
                     "gender": "category", "street": "street", "city": "city", "postcode": "postcode"}  # fmt: skip
    path = folder / f"{name.replace(' ', '_')}.csv"
    frame[list(kinds)].to_csv(path, index_label="id")
    return RecordSet(name, path, kinds, truth, examples)


def _retail(name: str, folder: Path) -> RecordSet:
    path, right = retail.write(folder / name, _SIZES[name])
    truth = pd.read_csv(right, dtype=str, index_col="id")["person"]
    # From here on no file tells who is who.
    right.unlink()
    return RecordSet(name, path, {field: field for field in retail.FIELDS}, truth)


def _read(path: Path, trim: Callable[[str], str] = str.strip) -> pd.DataFrame:
    with path.open(newline="", encoding="utf-8") as source:
        rows = [[trim(cell) for cell in row] for row in csv.reader(source)]
    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype=str)
    frame.index = _ids(len(frame))
    return frame.sort_index()


def _ids(count: int) -> pd.Index[str]:
    """Return ids that say nothing: those of the files hold the truth, and in some so does the order of the rows."""
    numbers = list(range(count))
    Random(11).shuffle(numbers)
    return pd.Index([f"r{number:05d}" for number in numbers], name="id")


def _febrl(path: Path) -> tuple[pd.DataFrame, pd.Series[str]]:
    frame = _read(path)
    truth = frame["rec_id"].str.extract(r"rec-(\d+)-")[0].rename("person")
    return frame, truth


def _fake(path: Path) -> tuple[pd.DataFrame, pd.Series[str]]:
    frame = _read(path)
    return frame, frame["cluster"].rename("person")


def _ci_ilt(folder: Path) -> tuple[pd.DataFrame, pd.Series[str]]:
    """Contacts and members by what is known of them; the contact's id that a member's row names is the truth."""
    frames, people = [], []
    for code, name in (("con", "Contacts.csv"), ("loy", "LoyaltySchemeCustomers.csv")):
        parsed = get_source(code).parse(read_table(folder / name))
        wanted = ("given", "surname", "full_name", "birth_date", "email", "phone", "gender", "street", "city",
                  "postcode")  # fmt: skip
        frame = parsed.fields.reindex(columns=list(wanted), fill_value="").fillna("").astype(str)
        frame["source"] = code
        frames.append(frame)
        people += list(parsed.key if code == "con" else parsed.foreign)
    records = pd.concat(frames, ignore_index=True)
    records.index = _ids(len(records))
    return records.sort_index(), pd.Series(people, index=records.index, name="person")
