"""Looking customers up by name, spelt right and with a slip, among 100,000 customers or more.

`python tests/bench/lookup.py [--customers 100000] [--surnames 2000] [--looks 200]` prints p50 and p95 of a look-up as
one types it, and how often the one who was meant comes first. The exact search runs beside it, name by name.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from contoso_tui.demo import names
from importers import lookup
from models import clock, database, journal, setup
from models.customers import search
from models.customers.records import Hit
from models.database import execute, raw_connection
from models.people import users

BEGINNINGS = (*"bdfghjklmnprstvw", "br", "cl", "gr", "sh", "st", "tr")
SYLLABLES = [beginning + vowel for beginning in BEGINNINGS for vowel in "aeiou"]
ENDS = ("", "n", "r", "s", "ski", "ton")
LETTERS = "aeinorst"


def make(path: Path, customers: int, surnames: int, chance: random.Random) -> list[str]:
    """Make a database and return its customers' names."""
    now = dt.datetime.now(dt.UTC)
    login = users.system_login()
    setup.create(path, login, now, is_test=True)
    families = ["".join(chance.choices(SYLLABLES, k=3)).capitalize() + chance.choice(ENDS) for _ in range(surnames)]
    given = (*names.WOMEN, *names.MEN)
    made = [f"{chance.choice(given)} {chance.choice(families)}" for _ in range(customers)]
    at = clock.to_micros(now)
    with (
        database.connection(),
        journal.action(users.get_actor(login, "import"), now, "import.run", "Seeded", can_undo=False),
    ):
        raw_connection().executemany(
            "INSERT INTO customer (name, origin, created_at) VALUES (?, 'import', ?)", ((name, at) for name in made)
        )
        search.merge_words()
    return made


def slip(name: str, chance: random.Random) -> str:
    """Return a name with one letter lost, exchanged with the next, replaced or doubled."""
    at = chance.randrange(len(name) - 1)
    return chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name[:at] + chance.choice(LETTERS) + name[at + 1 :],
            name[:at] + name[at] + name[at:],
        )
    )


def timed(find: Callable[[str], list[Hit]], text: str, times: list[float]) -> list[Hit]:
    """Look a text up and note the milliseconds it took."""
    began = time.perf_counter()
    hits = find(text)
    times.append((time.perf_counter() - began) * 1000)
    return hits


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--surnames", type=int, default=2000)
    parser.add_argument("--looks", type=int, default=200)
    given = parser.parse_args()
    chance = random.Random(5)
    times: dict[str, list[float]] = {
        "exact search": [],
        "with a slip": [],
        "nobody's name": [],
        "two letters short": [],
    }
    first = 0
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder) / "bench.db", given.customers, given.surnames, chance)
        with database.connection():
            words = execute("SELECT count(*) FROM customer_word").fetchone()[0]
            lookup.find(slip(made[0], chance))
            for name in chance.sample(made, given.looks):
                timed(search.search, name, times["exact search"])
                hits = timed(lookup.find, slip(name.lower(), chance), times["with a slip"])
                first += bool(hits) and hits[0].name == name
                timed(lookup.find, f"q{name[::-1]} zzyx", times["nobody's name"])
                timed(lookup.find, name[:-2], times["two letters short"])
    print(f"{given.customers:,} customers, {words:,} words in their names")
    for what, found in times.items():
        print(f"{what:18} p50 {statistics.median(found):6.1f} ms  p95 {statistics.quantiles(found, n=20)[-1]:6.1f} ms")
    print(f"the one who was meant came first in {first / given.looks:.0%}")


if __name__ == "__main__":
    main()
