"""A large made-up database: customers, open deals over all stages and owners, next steps late, due and missing.

`python tests/bench/seed.py FILE --customers 1000000 --deals 100000`
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from pathlib import Path

from models import clock, database, journal, setup
from models.database import execute, raw_connection
from models.people import users
from models.people.records import Role

OWNERS = 25
STAGES = ("qualify", "develop", "quote", "tech_check", "close")


def seed(path: Path, customers: int, deals: int, now: dt.datetime | None = None) -> None:
    """Make the database; `rep0` to `rep24` own a 25th of the deals each."""
    now = now or dt.datetime.now(dt.UTC)
    login = users.system_login()
    setup.create(path, login, now, is_test=True)
    with database.connection():
        maker = users.get_actor(login, "import")
        ids = [
            users.add(maker, now, f"rep{n}", [Role.REPRESENTATIVE, Role.EXECUTIVE], team="Bench") for n in range(OWNERS)
        ]
        users.add(maker, now, "boss", [Role.MANAGER], team="Bench")
        chance = random.Random(11)
        with journal.action(maker, now, "import.run", "Seeded", can_undo=False):
            _customers(customers, ids, now)
            _deals(deals, customers, ids, now, chance)
        execute("PRAGMA optimize")
        execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _customers(count: int, owners: list[int], now: dt.datetime) -> None:
    at = clock.to_micros(now)
    raw_connection().executemany(
        "INSERT INTO customer (kind, name, city, owner_id, origin, created_at) VALUES (?, ?, 'Denver', ?, 'import', ?)",
        (
            ("corporate" if n % 20 == 0 else "individual", f"Bench {n:07d}", owners[n % len(owners)], at)
            for n in range(1, count + 1)
        ),
    )


def _deals(count: int, customers: int, owners: list[int], now: dt.datetime, chance: random.Random) -> None:
    today = clock.local_date(now, database.company_zone())
    rows, steps = [], []
    for n in range(count):
        stage = STAGES[n % len(STAGES)]
        # Up to the limit in Close: above it, entering would need a sign-off for each.
        cents = chance.randrange(100_000, 2_000_000 if stage == "close" else 6_000_000)
        created = now - dt.timedelta(days=chance.randrange(1, 60))
        owner = owners[n // len(STAGES) % len(owners)]
        rows.append(
            (1001 + n, chance.randrange(1, customers + 1), owner, "sales", stage, "Site S8", cents,
             clock.to_micros(created), clock.to_micros(created), created.date().isoformat(), "seed",
             # All that Develop asks for: a key moves a deal there.
             "Two doors", 100_000, "spring", "Wren Hale")
        )  # fmt: skip
        if chance.random() < 0.9:
            due = today + dt.timedelta(days=chance.randrange(-5, 20))
            steps.append((rows[-1][1], 1001 + n, owner, "Call back", due.isoformat(), clock.to_micros(created)))
    connection = raw_connection()
    connection.executemany(
        "INSERT INTO deal (id, customer_id, owner_id, pipeline, stage, type, typed_amount_minor, stage_entered_at,"
        " created_at, created_on, created_by, need, budget_minor, time_frame, decision_maker)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    connection.executemany(
        "INSERT INTO activity (customer_id, deal_id, owner_id, channel, subject, state, is_next_step, due_on,"
        " created_at, created_by) VALUES (?, ?, ?, 'call', ?, 'planned', 1, ?, ?, 'seed')",
        steps,
    )


def main() -> None:
    """Make the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--deals", type=int, default=100_000)
    given = parser.parse_args()
    seed(given.file, given.customers, given.deals)


if __name__ == "__main__":
    main()
