"""The catalogue from a CSV file: what is new, what changes, what is wrong, by line (rules 5.1)."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models import journal, money
from models.csv_rows import Row, read_rows
from models.deals import products
from models.errors import ContosoError, UsageError
from models.people.permissions import require_operations
from models.people.records import Actor

COLUMNS = ("code", "name", "billing", "price")


class ProductLine(NamedTuple):
    """What became of one line: `new`, `changed` (`what` says how), `same` or `wrong`, with the reason."""

    line: int
    code: str
    name: str
    outcome: str
    what: str = ""


def read(actor: Actor, now: dt.datetime, text: str, name: str, *, dry_run: bool = False) -> list[ProductLine]:
    """Take the products of a CSV file with the columns `COLUMNS` in, as one action; return what became of each line.

    Raises:
        NotAllowedError: the actor isn't operations.
        RefusedFile: the file has not those columns.
    """
    require_operations(actor, "change the catalogue")
    found: list[ProductLine] = []
    with journal.action(actor, now, "product.import", f"Catalogue of {name}") as made:
        for line, row in read_rows(text, name, COLUMNS, "catalogue"):
            found.append(_take(actor, now, line, row))
        new, changed = (sum(one.outcome == word for one in found) for word in ("new", "changed"))
        made.summary = f"Catalogue of {name}: {new} new, {changed} changed"
        made.is_trial = dry_run or not new + changed
    return found


def _take(actor: Actor, now: dt.datetime, line: int, row: Row) -> ProductLine:
    made = ProductLine(line, row["code"], row["name"], "same")
    try:
        price = money.parse_minor(row["price"])
        catalogue = products.list_products(retired=True)
        same = next((one for one in catalogue if one.code.casefold() == row["code"].casefold()), None)
        if same is None:
            products.create(actor, now, row["code"], row["name"], price, billing=row["billing"].casefold())
            return made._replace(outcome="new")
        if row["billing"].casefold() != ("monthly" if same.is_monthly else "one_off"):
            raise UsageError(f"{same.code} is billed otherwise: retire it and add another code")
        if not row["name"]:
            raise UsageError("a product needs a name")
        if any(one.name.casefold() == row["name"].casefold() and one.id != same.id for one in catalogue):
            raise UsageError(f"another product is called {row['name']}")
        what = []
        if same.name != row["name"]:
            what.append(f"called {same.name} before")
        if same.price_minor != price:
            what.append(f"price {money.to_text(same.price_minor)} -> {money.to_text(price)}")
        if what:
            products.change(actor, now, same.id, name=row["name"], price_minor=price)
            return made._replace(outcome="changed", what=", ".join(what))
    except ContosoError as error:
        return made._replace(outcome="wrong", what=error.message)
    return made
