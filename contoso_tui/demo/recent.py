"""The shop's export of this week: all that was bought online before, and what some customers bought since."""

from __future__ import annotations

import csv
import datetime as dt
import os
from pathlib import Path
from random import Random

from contoso_tui.demo.cast import CAST
from contoso_tui.demo.files import ONLINE
from contoso_tui.demo.quirks import us_date
from models.database import execute

DAYS = 16
"""So many days ago the first export was imported; what was bought since is followed up."""
# Days ago: followed up two weeks later, one of them is late, one due today, the others within two weeks.
_BOUGHT_AGO = (15, 14, 13, 11, 6, 2)
# The first customers of each have deals: these are others.
_PASSED_OVER = 25


def write(export: Path, folder: Path, today: dt.date, seed: int) -> None:
    """Write the newer export into `folder`, beside the first one in `export`."""
    rng = Random(seed)
    folder.mkdir(mode=0o700)
    with (export / ONLINE).open(newline="", encoding="utf-8") as source:
        header, *rows = csv.reader(source)
    with os.fdopen(os.open(folder / ONLINE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerows([header, *rows])
        number = len(rows)
        for days_ago, contact_id in _buyers():
            # What one bought others bought too.
            bought = rng.choice(rows)
            cells = dict(zip(header, bought, strict=True)) | {
                "ContactId": contact_id,
                "PurchaseId": f"OPID_{1000 + number}",
                "PurchasedOn": us_date(today - dt.timedelta(days=days_ago)),
            }
            writer.writerow([cells[name] for name in header])
            number += 1


def _buyers() -> list[tuple[int, str]]:
    """Return who bought how many days ago: some customers of each who looks after online customers."""
    found = []
    for member in CAST:
        keys = execute(
            "SELECT k.key FROM customer c JOIN app_user u ON u.id = c.owner_id JOIN customer_key k"
            " ON k.customer_id = c.id AND k.source = 'con' WHERE u.login = ? AND c.kind = 'individual'"
            " ORDER BY c.id LIMIT ? OFFSET ?",
            (member.login, len(_BOUGHT_AGO), _PASSED_OVER),
        ).fetchall()
        found += list(zip(_BOUGHT_AGO, (key for (key,) in keys), strict=False))
    return found
