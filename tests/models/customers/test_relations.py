from __future__ import annotations

import pytest

from models.customers.records import Relation
from models.customers.relations import relate


@pytest.mark.parametrize(
    ("field", "shown", "other", "relation"),
    [
        ("name", "Nora Vale", "NORA VALE", "same"),
        ("name", "Nora Vale", "Vale Nora", "alike"),
        ("name", "Nora Vale", "Nora Vele", "alike"),
        ("name", "José Ñandú", "Jose Nandu", "same"),
        ("name", "Nora Vale", "Ivo Hart", "differs"),
        ("email", "a@b.example", "", "missing"),
        ("email", "", "a@b.example", "differs"),
        ("email", "aarons@b.example", "aasrons@b.example", "alike"),
        ("phone", "+1 303 555 0142", "303.555.0142", "alike"),
        ("phone", "0787699373", "787699373", "alike"),
        ("phone", "303-555-0142", "(303)5550142", "same"),
        ("phone", "303-555-0142x12", "303-555-0142", "same"),
        ("phone", "303-555-0142", "720-555-0142", "differs"),
        ("birth_date", "1984-03-12", "1984-12-03", "alike"),
        ("birth_date", "1984-03-12", "1984-03-13", "alike"),
        ("birth_date", "1986-05-08", "2018-05-08", "differs"),
        ("address", ("14 Elm Walk", "Denver", "", "80014", ""), ("", "Denver", "", "80014", ""), "alike"),
        ("address", ("14 Elm Walk", "Denver", "", "", ""), ("9 Oak Row", "Aspen", "", "", ""), "differs"),
        ("income_minor", 5, 5, "same"),
        ("income_minor", 5, 6, "differs"),
    ],
)
def test_relations(field: str, shown: object, other: object, relation: str) -> None:
    assert relate(field, shown, other) is Relation(relation)
