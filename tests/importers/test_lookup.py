from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from importers import lookup, run
from models import database
from models.customers import customers
from models.customers import people as accounts
from models.customers.records import SIMILAR
from models.people.records import Actor
from tests.importers.small_files import Files, contact

_NAMES = ("John Smith", "Amy Smyth", "Jon Baker", "José Ñandú-Vale", "Katherine Okafor", "Ögmundur Þór", "Li Wei")


@pytest.fixture
def people(maker: Actor, now: dt.datetime) -> Actor:
    for name in _NAMES:
        customers.create(maker, now, name=name)
    customers.create(maker, now, name="Fabrikam Clinics", kind="corporate")
    return maker


def _found(text: str) -> list[tuple[str, bool]]:
    """Return who was found, and whether by another spelling."""
    return [(hit.name, hit.why == SIMILAR) for hit in lookup.find(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # A letter more, another, one less; two exchanged; also where the word begins.
        ("Jon Smyth", "John Smith"),
        ("jhon smiht", "John Smith"),
        ("kohn smith", "John Smith"),
        ("ohn smith", "John Smith"),
        ("jjohn smith", "John Smith"),
        ("ojhn smith", "John Smith"),
        # Both names exist, of two others.
        ("amy smith", "Amy Smyth"),
        ("catherine okafor", "Katherine Okafor"),
        ("katherin okafro", "Katherine Okafor"),
        ("jose nanud", "José Ñandú-Vale"),
        ("ogmunder", "Ögmundur Þór"),
        ("fabrikan clin", "Fabrikam Clinics"),
        # As it is said, also where more than one letter is another, and before it is written to its end.
        ("jon smythe", "John Smith"),
        ("kathryn okafor", "Katherine Okafor"),
        ("phabrikam", "Fabrikam Clinics"),
        ("katrin oka", "Katherine Okafor"),
        ("john smyt", "John Smith"),
        # A word's beginning is enough where it is spelt right.
        ("smiht jo", "John Smith"),
    ],
)
def test_names_are_found_with_slips(people: Actor, text: str, name: str) -> None:
    assert _found(text)[0] == (name, True)


def test_exact_names_go_first_and_similar_ones_follow(people: Actor, now: dt.datetime) -> None:
    assert _found("john smith") == [("John Smith", False)]
    customers.create(people, now, name="Jon Smyth")
    customers.create(people, now, name="Jonas Smith")
    assert _found("jon smyth") == [("Jon Smyth", False), ("John Smith", True), ("Jonas Smith", True)]


def test_as_many_as_asked_for(people: Actor) -> None:
    assert [hit.name for hit in lookup.find("smith", 1)] == ["John Smith"]
    assert [hit.name for hit in lookup.find("smith", 2)] == ["John Smith", "Amy Smyth"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "li",
        "xi wei",
        "jon.smyth@",
        "303-555-0142",
        "C-00099",
        "Qqqq Zzzz",
        '"',
        "jon OR",
        "NEAR(john",
        "'; DROP",
    ],
)
def test_what_is_no_misspelt_name_finds_nobody_by_it(people: Actor, text: str) -> None:
    assert [name for name, is_similar in _found(text) if is_similar] == []


@pytest.mark.parametrize("text", ["\x00ohn% smith", "\U0001d400ohn\U0001e900 smith", '"jonh" smi*', "ﬀabrikam"])
def test_odd_signs_do_no_harm(people: Actor, text: str) -> None:
    assert [hit.name for hit in lookup.find(text)] in (["John Smith"], ["Fabrikam Clinics"])


def test_a_name_is_forgotten_with_its_customer(people: Actor, now: dt.datetime) -> None:
    john = lookup.find("john smith")[0].id
    customers.edit(people, now, john, {"name": "Norbert Quill"})
    assert "John Smith" not in [name for name, _ in _found("jon smyth")]
    assert _found("norbet quil") == [("Norbert Quill", True)]


def test_imported_names_are_found_too(maker: Actor, now: dt.datetime, files: Files) -> None:
    files.contacts(contact(1, "Nora", "Vale"), contact(2, "Ivo", "Hart"))
    run.run([files.folder], maker, now)
    assert _found("nroa vael") == [("Nora Vale", True)]


def _alike(name: str, email: str = "", phone: str = "", *, is_corporate: bool = False) -> list[tuple[str, str]]:
    return [(hit.name, hit.why) for hit in lookup.alike(name, email, phone, is_corporate=is_corporate)]


def test_who_may_be_made_twice_is_named_with_what_is_the_same(people: Actor, now: dt.datetime) -> None:
    nora = customers.create(people, now, name="Nora Vale", email="Nora@Mail.example", phone="(303) 555-0142")
    accounts.add(people, now, customers.create(people, now, name="Oak Terrace", kind="corporate"), "Pat Marsh",
                 email="pat@oak.example", phone="+1 720 555 0100")  # fmt: skip
    assert _alike("Nora Vale", "nora@mail.example", "+1 303.555.0142 x9") == [
        ("Nora Vale", "same email, same phone, same name")
    ]
    assert _alike("Eleanor V", phone="303 555 0142") == [("Nora Vale", "same phone")]
    assert _alike("Oak", "PAT@oak.example", "720-555-0100") == [("Oak Terrace", "same email, same phone")]
    assert _alike("Nora Wale") == [("Nora Vale", "name alike")]
    assert _alike("Vale Nora") == [("Nora Vale", "name alike")]
    assert _alike("Jon Smyth") == [("John Smith", "name alike")]
    assert _alike("The Fabrikam Company, Inc.", is_corporate=True) == [("Fabrikam Clinics", "name alike")]
    assert _alike("Nora Quill", "other@mail.example", "303 555 0199") == []
    customers.edit(people, now, nora, {"name": "Zed"})
    assert _alike("Nora Vale") == []


def test_looking_up_does_not_load_pandas(people: Actor) -> None:
    program = f"""
import pathlib, sys
from importers import lookup
from models import database
print("thefuzz" in sys.modules)
database.init(pathlib.Path({database.database.database!r}))
with database.connection():
    print([hit.name for hit in lookup.find("jon smyth")])
    print([hit.name for hit in lookup.alike("jon smyth", "a@b.example", "303 555 0142", is_corporate=True)])
print(sorted({{"pandas", "numpy"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "['John Smith']", "['John Smith']", "[]"]


def test_what_compares_spellings_is_loaded_without_the_garbage_collector() -> None:
    # Collected while a thread imports, what imports something itself makes that import fail.
    script = (
        "import gc, sys\n"
        "class Look:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.startswith(('thefuzz', 'rapidfuzz')) and gc.isenabled():\n"
        "            print(name)\n"
        "sys.meta_path.insert(0, Look())\n"
        "from importers import lookup\n"
        "lookup._fuzz()\n"
        "print('thefuzz' in sys.modules, gc.isenabled())\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout == "True True\n"
