from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from importers import run
from models.database import execute
from models.people.records import Actor


@pytest.fixture
def sources(real_files: Path) -> Path:
    return real_files / "ci-ilt" / "sources"


def test_the_real_files_make_the_known_customers_and_a_second_run_changes_nothing(
    sources: Path, maker: Actor, now: dt.datetime
) -> None:
    first = run.run([sources], maker, now).to_json()
    assert first["records"] == {"new": 42395, "changed": 0, "unchanged": 0, "absent": 0}
    assert first["customers"] == {"total": 5002, "new": 5002, "changed": 0}
    assert first["purchases"] == {"online": 12369, "pos": 20024, "orphans": 1}
    assert first["review"] == 0
    assert [len(file["bad"]) for file in first["files"]] == [0, 0, 0, 0]
    before = _content()
    second = run.run([sources], maker, now).to_json()
    assert second["records"] == {"new": 0, "changed": 0, "unchanged": 42395, "absent": 0}
    assert second["customers"] == {"total": 5002, "new": 0, "changed": 0}
    assert second["purchases"] == first["purchases"]
    assert _content() == before


def _content() -> dict[str, list[tuple[object, ...]]]:
    tables = ("customer", "source_record", "purchase", "membership", "customer_key", "person", "import_change")
    return {table: execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def test_every_purchase_but_the_orphan_counts_for_a_customer(sources: Path, maker: Actor, now: dt.datetime) -> None:
    run.run([sources], maker, now)
    spent = dict(execute("SELECT source, sum(amount_minor) FROM purchase GROUP BY source").fetchall())
    assert spent == {"onl": 3_391_432_00, "pos": 2_250_877_00}
    assert execute("SELECT key FROM purchase WHERE customer_id IS NULL").fetchall() == [("OPID_1004",)]
    without = execute(
        "SELECT count(*) FROM customer c JOIN source_record r ON r.customer_id = c.id AND r.source = 'con'"
        " WHERE NOT EXISTS (SELECT 1 FROM purchase p WHERE p.customer_id = c.id AND p.source = 'onl')"
    ).fetchone()[0]
    assert without == 879


def test_without_contact_ids_names_email_phone_and_birth_date_find_the_same_people(
    sources: Path, maker: Actor, now: dt.datetime, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for path in sources.iterdir():
        with path.open(newline="", encoding="utf-8") as source:
            rows = list(csv.reader(source))
        if path.name.startswith("Loyalty"):
            at = rows[0].index("ContactId")
            rows = [row[:at] + row[at + 1 :] for row in rows]
        with (folder / path.name).open("w", newline="", encoding="utf-8") as target:
            csv.writer(target).writerows(rows)
    made = run.run([folder], maker, now)
    assert abs(made.customers - 5002) <= 5


def test_customers_get_the_values_of_the_cleanest_record(sources: Path, maker: Actor, now: dt.datetime) -> None:
    run.run([sources], maker, now)
    row = execute(
        "SELECT c.name, c.birth_date, c.gender, c.city, c.income_minor, m.points FROM customer c"
        " JOIN membership m ON m.customer_id = c.id WHERE c.name = 'Abbie Moss'"
    ).fetchone()
    assert row == ("Abbie Moss", "1986-05-08", "Female", "Fairfield", 25641411, 293)
    cities = {city for (city,) in execute("SELECT DISTINCT city FROM customer")}
    assert "Winston-Salem" in cities
    assert not {city for city in cities if city != city.strip()}
    zeros = execute(
        "SELECT count(*) FROM customer c JOIN source_record r ON r.customer_id = c.id AND r.source = 'loy'"
        " WHERE c.phone = json_extract(r.fields, '$.phone') AND substr(c.phone, 1, 1) = '0' AND length(c.phone) = 10"
    ).fetchone()[0]
    assert zeros > 0


def test_a_dry_run_counts_the_same_and_writes_nothing(sources: Path, maker: Actor, now: dt.datetime) -> None:
    foreseen = run.run([sources], maker, now, dry_run=True).to_json()
    assert execute("SELECT count(*) FROM import_run").fetchone()[0] == 0
    made = run.run([sources], maker, now).to_json()
    for key in ("records", "customers", "purchases", "review", "files"):
        assert foreseen[key] == made[key]
    assert foreseen["run"] is None
    assert foreseen["dry_run"]
