"""Looking customers up as one types, among a million of them: names with slips and by sound, phones, emails, numbers.

`python tests/bench/search.py [--customers 1000000] [--looks 200] [--keep FILE]` prints p50 and p95 of a query, one for
each key that is pressed, and how often the one who was meant is among the first three at the end. With `--keep` the
database is made once and used again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import retail_names as words
from terminal_session import TerminalSession

from importers import lookup
from models import clock, database, journal, setup, spelling
from models.customers import search
from models.database import execute, raw_connection
from models.people import users

ROOT = Path(__file__).resolve().parents[2]
PEOPLE_EVERY, KEYS_EVERY = 20, 2
SAID_ALIKE = (("ph", "f"), ("f", "ph"), ("ck", "k"), ("i", "y"), ("y", "i"), ("z", "s"), ("ee", "ea"), ("v", "f"))
LETTERS = "aeinorst"


def make(path: Path, customers: int) -> None:
    """Make a database of customers with names in wide distributions, emails, phones, cards, accounts with people."""
    chance = random.Random(5)
    now = dt.datetime.now(dt.UTC)
    login = users.system_login()
    setup.create(path, login, now, is_test=True)
    given, family = words.given_names(chance), words.surnames(chance, max(2000, min(60_000, customers // 12)))
    at = clock.to_micros(now)
    firsts, lasts = given.draw(chance, customers), family.draw(chance, customers)

    def rows() -> Iterator[tuple[object, ...]]:
        for number, (first, last) in enumerate(zip(firsts, lasts, strict=True), start=1):
            phone = f"{chance.randrange(201, 990)}-{chance.randrange(200, 1000)}-{chance.randrange(10_000):04d}"
            email = f"{first}.{last}{number % 100}@{chance.choice(words.PROVIDERS)}".lower()
            kind = "corporate" if number % PEOPLE_EVERY == 0 else "individual"
            name = (
                f"{last} {chance.choice(('Clinics', 'Hotels', 'Logistics'))}"
                if kind == "corporate"
                else f"{first} {last}"
            )
            yield number, kind, name, email, phone, f"{10_000 + number % 80_000}", at

    with (
        database.connection(),
        database.large_cache(),
        journal.action(users.get_actor(login, "import"), now, "import.run", "Seeded", can_undo=False),
    ):
        began = time.perf_counter()
        execute("CREATE TEMP TABLE arriving (id, kind, name, email, phone, postcode, at)")
        raw_connection().executemany("INSERT INTO arriving VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
        drawn = time.perf_counter()
        execute(
            "INSERT INTO customer (id, kind, name, email, phone, postcode, origin, created_at)"
            " SELECT id, kind, name, email, phone, postcode, 'import', at FROM arriving"
        )
        search.learn_words(spelling.of_names(row[0] for row in execute("SELECT name FROM arriving")))
        search.merge_words()
        told = time.perf_counter()
        raw_connection().executemany(
            "INSERT INTO customer_key (source, key, customer_id) VALUES ('loy', ?, ?)",
            ((f"LOYID_{number}", number) for number in range(1, customers + 1, KEYS_EVERY)),
        )
        raw_connection().executemany(
            "INSERT INTO person (account_id, name, email, phone) VALUES (?, ?, ?, ?)",
            (
                (
                    number,
                    f"{firsts[number - 1]} {lasts[-number]}",
                    f"{firsts[number - 1]}@firm{number}.example".lower(),
                    "",
                )
                for number in range(PEOPLE_EVERY, customers + 1, PEOPLE_EVERY)
            ),
        )
    with database.connection():
        execute("PRAGMA optimize")
        execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"made in {drawn - began:.1f} s, written with all indexes in {told - drawn:.1f} s")


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


def as_heard(name: str, chance: random.Random) -> str:
    """Return a name as somebody would write it who only heard it; itself where it can be written in one way alone."""
    can = [(written, other) for written, other in SAID_ALIKE if written in name]
    return name.replace(*chance.choice(can), 1) if can else name.replace("s", "ss", 1)


def typed(text: str) -> Iterator[str]:
    """Yield what stands in the box after each key from the second on."""
    yield from (text[:end] for end in range(2, len(text) + 1))


def sizes() -> list[tuple[str, int]]:
    """Return what of the file the search takes, in bytes, by part."""
    parts = (
        ("words of names", "customer_search%"), ("people", "person_search%"), ("spelling", "search\\_%"),
        ("phones", "customer_phone"), ("emails", "customer_email"),
    )  # fmt: skip
    return [
        (
            name,
            execute("SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE ? ESCAPE '\\'", (like,)).fetchone()[0],
        )
        for name, like in parts
    ]


def look(looks: int, chance: random.Random) -> None:
    """Type and print what it took."""
    rows = execute("SELECT max(id) FROM customer").fetchone()[0]
    meant = [
        execute("SELECT id, name, email, phone FROM customer WHERE id = ?", (chance.randrange(1, rows + 1),)).fetchone()
        for _ in range(looks)
    ]
    kinds = {
        "name": lambda row: row[1].lower(),
        "name with a slip": lambda row: slip(row[1].lower(), chance),
        "name as heard": lambda row: as_heard(row[1].lower(), chance),
        "surname first": lambda row: " ".join(reversed(row[1].lower().split())),
        "nobody's name": lambda row: f"q{row[1][::-1]} zzyx".lower(),
        "email": lambda row: row[2],
        "phone": lambda row: row[3],
        "loyalty number": lambda row: f"LOYID_{row[0] | 1}",
    }
    print(f"{'as one types':18} {'keys':>6} {'p50 ms':>8} {'p95 ms':>8} {'last key p95':>13} {'found':>7}")
    everything: list[float] = []
    for what, write in kinds.items():
        times: list[float] = []
        last: list[float] = []
        found = 0
        for row in meant:
            hits = []
            for text in typed(write(row)):
                began = time.perf_counter()
                hits = lookup.find(text)
                times.append((time.perf_counter() - began) * 1000)
            last.append(times[-1])
            first = [hit for hit in hits if hit.kind != "deal"][:3]
            found += any(hit.name == row[1] or hit.id == (row[0] | 1) for hit in first)
        everything += times
        middle, late, end = statistics.median(times), _late(times), _late(last)
        print(f"{what:18} {len(times):6,} {middle:8.2f} {late:8.2f} {end:13.2f} {found / looks:7.0%}")
    print(f"{'all':18} {len(everything):6,} {statistics.median(everything):8.2f} {_late(everything):8.2f}")


def paint(path: Path, looks: int, chance: random.Random) -> None:
    """Type into the box of the terminal program and print what a key took until its last byte was drawn."""
    rows = execute("SELECT max(id) FROM customer").fetchone()[0]
    named = "SELECT name FROM customer WHERE id = ?"
    names = [execute(named, (chance.randrange(1, rows + 1),)).fetchone()[0].lower() for _ in range(looks)]
    own = {name: str(path.parent / "none") for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    command = [sys.executable, "-m", "contoso_tui", "--data", str(path), "open", "customers"]
    session = TerminalSession(command, env={"PYTHONPATH": str(ROOT)} | own)
    times: list[float] = []
    try:
        session.wait_for(b"counting")
        session.drain(2.0)
        session.press(b":", 0.5)
        session.press(b"warm", 0.5)
        for name in names:
            session.press(b"\x15", 0.2)
            times += [session.press(letter.encode())[0] * 1000 for letter in slip(name, chance)]
    finally:
        session.close()
    print(f"{'painted, with slips':18} {len(times):6,} {statistics.median(times):8.1f} {_late(times):8.1f}")


def _late(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--looks", type=int, default=200)
    parser.add_argument("--keep", type=Path, metavar="FILE")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "search.db"
        if not path.exists():
            make(path, given.customers)
        database.init(path)
        with database.connection():
            database.ensure_current()
            count, people, known = (
                execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("customer", "person", "search_word")
            )
            print(f"{count:,} customers, {people:,} people of accounts, {known:,} words")
            print("  ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sizes()))
            lookup.find("warm smiht")
            look(given.looks, random.Random(7))
            paint(path, given.looks // 10, random.Random(9))


if __name__ == "__main__":
    main()
