"""Which online purchases of an import are to be followed up, and what others who bought the same also bought.

Past purchases are not: those of the first import that brought any, and those dated up to its day. Whoever buys later is
followed up, also a customer who came with this import, or whose purchase came before the customer did.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from models import clock
from models.customers.decisions import Key
from models.customers.follow_ups import FollowUp
from models.database import company_zone, execute

SOURCE = "onl"
"""The source whose purchases are followed up."""
OTHERS = 3
"""So many products are named."""
_BUYERS = 2
"""Other customers who must have bought both: one alone says nothing about the two products."""
_MOST_PRODUCTS = 100
"""Who bought more different products is a reseller or a till, and would count for all pairs of them."""
_KEPT = 50
"""Products beside each one that are weighed for a purchase of several."""


def find(run_id: int, attached: Sequence[Key]) -> list[FollowUp]:
    """Return what an import brought to follow up, by customer and day; call it when all its rows are written.

    `attached` are the keys whose purchases were there and got their customer now.
    """
    since = _first_day(run_id)
    if since is None:
        return []
    days = _new_days(run_id, attached, since)
    if not days:
        return []
    wanted = {product for products in days.values() for product in products}
    owned, beside = _owned(sorted({customer_id for customer_id, _ in days})), _beside(wanted)
    names = _names()
    found = []
    for (customer_id, day), products in sorted(days.items()):
        bought = sorted(products)
        others = _others(bought, owned[customer_id], beside)
        found.append(
            FollowUp(
                customer_id,
                dt.date.fromisoformat(day),
                tuple(names.get(one.casefold(), one) for one in bought),
                tuple(names.get(one.casefold(), one) for one in others),
            )
        )
    return found


def _first_day(run_id: int) -> str | None:
    """Return the day of the first import of online purchases that stands; None if it is this one."""
    row = execute(
        "SELECT r.id, r.started_at FROM import_file f JOIN import_run r ON r.id = f.run_id"
        " WHERE f.source = ? AND f.rows > 0 AND r.state <> 'reverted' ORDER BY r.id LIMIT 1",
        (SOURCE,),
    ).fetchone()
    if row is None or row[0] == run_id:
        return None
    return clock.local_date(clock.from_micros(row[1]), company_zone()).isoformat()


def _new_days(run_id: int, attached: Sequence[Key], since: str) -> dict[tuple[int, str], set[str]]:
    """Return (customer, day) to the products bought, of days that have no follow-up yet."""
    new = (
        "SELECT p.customer_id, p.purchased_on, p.product_key FROM purchase p JOIN customer c ON c.id = p.customer_id"
        " WHERE p.source = ? AND p.purchased_on > ? AND p.amount_minor >= 0 AND c.do_not_contact = 0"
        " AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.customer_id = p.customer_id"
        " AND f.purchased_on = p.purchased_on)"
    )
    rows = execute(f"{new} AND p.run_id = ?", (SOURCE, since, run_id)).fetchall()
    for _, key in attached:
        rows += execute(
            f"{new} AND p.owner_key = ? AND p.customer_id ="
            " (SELECT customer_id FROM customer_key WHERE source = 'con' AND key = ?)",
            (SOURCE, since, key, key),
        ).fetchall()
    days: dict[tuple[int, str], set[str]] = defaultdict(set)
    for customer_id, day, product in rows:
        days[customer_id, day] |= {product} - {""}
    return days


def _owned(customers: Sequence[int]) -> dict[int, set[str]]:
    """Return what these customers have bought online."""
    owned: dict[int, set[str]] = defaultdict(set)
    for start in range(0, len(customers), 500):
        some = customers[start : start + 500]
        rows = execute(
            # Not by the index of sources: a customer has few rows, a source all of them.
            "SELECT customer_id, product_key FROM purchase WHERE +source = ?"
            f" AND customer_id IN ({', '.join('?' for _ in some)})",
            (SOURCE, *some),
        )
        for customer_id, product in rows.fetchall():
            owned[customer_id].add(product)
    return owned


def _beside(wanted: set[str]) -> dict[str, list[tuple[str, int]]]:
    """Return for each wanted product the others with how many bought both."""
    rows = execute(
        "SELECT customer_id, product_key FROM purchase WHERE source = ? AND customer_id IS NOT NULL"
        " AND product_key <> ''",
        (SOURCE,),
    ).fetchall()
    # Numbers for texts: comparing a million of these takes a second.
    codes, found = pd.factorize(np.array([row[1] for row in rows], dtype=object), sort=True)
    names: list[str] = list(found)
    pairs = pd.DataFrame({"customer": [row[0] for row in rows], "product": codes}).drop_duplicates()
    counts = pairs["customer"].map(pairs["customer"].value_counts())
    pairs = pairs[(counts > 1) & (counts <= _MOST_PRODUCTS)]
    chosen = pairs[pairs["product"].isin([code for code, name in enumerate(names) if name in wanted])]
    both = chosen.merge(pairs, on="customer", suffixes=("", "_other"))
    both = both[both["product"] != both["product_other"]]
    # One number for two products, counted.
    places, times = np.unique(both["product"].to_numpy() * len(names) + both["product_other"], return_counts=True)
    places, times = places[times >= _BUYERS], times[times >= _BUYERS]
    beside: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for place in np.argsort(-times, kind="stable").tolist():
        product, other = divmod(int(places[place]), len(names))
        if len(beside[names[product]]) < _KEPT:
            beside[names[product]].append((names[other], int(times[place])))
    return beside


def _others(bought: Sequence[str], owned: set[str], beside: dict[str, list[tuple[str, int]]]) -> list[str]:
    counted: Counter[str] = Counter()
    for product in bought:
        for other, count in beside.get(product, ()):
            if other not in owned:
                counted[other] += count
    return [product for product, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:OTHERS]]


def _names() -> dict[str, str]:
    """Return the names of products that the catalogue knows, by their code: the shop may use them as its keys."""
    return {code.casefold(): name for code, name in execute("SELECT code, name FROM product").fetchall()}
