"""Published sets of people, and who is who. Truth comes apart from the records, whose ids say nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

import pandas as pd

from importers.reading import read_table
from importers.sources import get_source

FEBRL = {
    "given_name": "given", "surname": "surname", "suburb": "city", "postcode": "postcode", "date_of_birth": "dob",
    "soc_sec_id": "ident",
}  # fmt: skip
FAKE = {"first_name": "given", "surname": "surname", "dob": "dob", "city": "city", "email": "email"}
PEOPLE = {
    "given": "given", "surname": "surname", "full_name": "fullname", "birth_date": "dob", "gender": "category",
    "email": "email", "phone": "phone", "street": "street", "city": "city", "postcode": "postcode", "source": "source",
}  # fmt: skip
TRUTH = {"rec_id", "cluster", "unique_id", "ContactId", "LoyaltyId"}


@dataclass(frozen=True)
class KnownSet:
    """Records as a matcher sees them, what their columns hold, and the true customer of each."""

    records: pd.DataFrame
    kinds: dict[str, str]
    truth: pd.Series


def febrl(folder: Path, number: int) -> KnownSet:
    table = pd.read_csv(
        folder / "febrl" / f"dataset{number}.csv", dtype=str, skipinitialspace=True, keep_default_na=False
    )
    table.columns = table.columns.str.strip()
    table = table.map(str.strip)
    records = table[list(FEBRL)].rename(columns=FEBRL)
    records["street"] = (table["street_number"] + " " + table["address_1"]).str.strip()
    return _anonymous(records, table["rec_id"].str.extract(r"rec-(\d+)-")[0])


def fake_1000(folder: Path) -> KnownSet:
    table = pd.read_csv(folder / "splink-fake-1000" / "fake_1000.csv", dtype=str, keep_default_na=False)
    return _anonymous(table[list(FAKE)].rename(columns=FAKE), table["cluster"])


def two_sources(folder: Path, columns: tuple[str, ...] = tuple(PEOPLE)) -> KnownSet:
    """Contacts and loyalty cards; the card's contact id is the truth, and hidden."""
    frames, truth = [], []
    for code, name in (("con", "Contacts.csv"), ("loy", "LoyaltySchemeCustomers.csv")):
        parsed = get_source(code).parse(read_table(folder / "ci-ilt" / "sources" / name))
        frame = parsed.fields.reindex(columns=[column for column in columns if column != "source"], fill_value="")
        frames.append(frame.assign(source=code))
        truth += list(parsed.key if code == "con" else parsed.foreign)
    made = _anonymous(pd.concat(frames, ignore_index=True), pd.Series(truth))
    return KnownSet(made.records, {name: PEOPLE[name] for name in columns}, made.truth)


def _anonymous(records: pd.DataFrame, truth: pd.Series) -> KnownSet:
    numbers = list(range(len(records)))
    Random(11).shuffle(numbers)
    ids = pd.Index([f"r{number:06d}" for number in numbers])
    return KnownSet(records.set_index(ids), {name: name for name in records}, pd.Series(truth.to_numpy(), index=ids))
