"""`--map`: columns by names of the user's choice."""

from __future__ import annotations

import datetime as dt

import pytest

from importers import column_map, run
from models.customers import customers
from models.database import execute
from models.errors import RefusedFile, UsageError
from models.people.records import Actor
from tests.importers.small_files import CONTACT, Files, contact

_THEIRS = {"ContactId": "Customer No", "EMail": "Mail address", "LastName": "Family"}
_WORDS = ("Export.csv:Customer No=ContactId", "export.csv:Mail address=email", "Export.csv:Family=surname")


def _export(files: Files) -> None:
    header = tuple(_THEIRS.get(name, name) for name in CONTACT)
    row = contact(1, "Nora", "Vale")
    files.write("Export.csv", header, [{_THEIRS.get(name, name): value for name, value in row.items()}])


def test_columns_are_found_by_the_users_names_and_kept_as_they_came(
    files: Files, maker: Actor, now: dt.datetime
) -> None:
    _export(files)
    with pytest.raises(RefusedFile, match="lacks the column ContactId"):
        run.run([files.folder], maker, now)
    run.run([files.folder], maker, now, columns=column_map.read_map(_WORDS))
    profile = customers.get_profile(1, maker, now)
    assert (profile.name, profile.email) == ("Nora Vale", "nora_vale@mail1.example")
    (source,) = profile.sources
    assert (source.key, dict(source.cells)["Mail address"]) == ("CNTID_1", "nora_vale@mail1.example")


def test_a_file_says_the_same(files: Files, maker: Actor, now: dt.datetime) -> None:
    _export(files)
    path = files.folder.parent / "map.toml"
    path.write_text('["Export.csv"]\n"Customer No" = "ContactId"\n"Mail address" = "E-Mail"\nCity = ""\n')
    run.run([files.folder], maker, now, columns=column_map.read_map([str(path)]))
    assert execute("SELECT email, city FROM customer").fetchone() == ("nora_vale@mail1.example", "")


def test_what_the_user_says_counts_more_than_a_columns_name(files: Files, maker: Actor, now: dt.datetime) -> None:
    files.contacts(contact(1, "Nora", "Vale", Occupation="work@fabrikam.example"))
    names = column_map.read_map(["Contacts.csv:Occupation=email"])
    run.run([files.folder], maker, now, columns=names)
    assert execute("SELECT email, occupation FROM customer").fetchone() == ("work@fabrikam.example", "")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("Contacts.csv:EMail=emial", "No source has a column 'emial'; did you mean EMail?"),
        ("Contacts.csv:E Mial=email", "Contacts.csv has no column 'E Mial'; did you mean EMail?"),
        ("Contact.csv:EMail=email", "No file 'Contact.csv' is imported here; did you mean Contacts.csv?"),
        ("Contacts.csv:EMail=key", "No source has a column 'key'"),
        ("Contacts.csv EMail email", "write FILE.csv:Their Column=email"),
        ("missing.toml", "--map missing.toml can't be read"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest_one(
    files: Files, maker: Actor, now: dt.datetime, word: str, told: str
) -> None:
    files.contacts(contact(1, "Nora", "Vale"))
    with pytest.raises(UsageError) as caught:
        run.run([files.folder], maker, now, columns=column_map.read_map([word]))
    assert told in caught.value.message
    assert execute("SELECT count(*) FROM customer").fetchone() == (0,)


@pytest.mark.parametrize("text", ['EMail = "email"\n', "[Contacts\n", '["Contacts.csv"]\nEMail = 3\n'])
def test_a_file_that_is_no_map_is_refused(files: Files, text: str) -> None:
    path = files.folder.parent / "map.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"write FILE\.csv"):
        column_map.read_map([str(path)])
