"""The catalogue: products and monitoring plans with their prices."""

from __future__ import annotations

import datetime as dt

from models import journal
from models.database import execute
from models.deals.detail_records import Product
from models.errors import NotFoundError, RefusedError, UsageError
from models.people.permissions import require_operations
from models.people.records import Actor

_COLUMNS = "id, code, name, billing = 'monthly', price_minor, currency, active"
BILLINGS = ("one_off", "monthly")


def _product(row: tuple[int, str, str, int, int, str, int]) -> Product:
    return Product(row[0], row[1], row[2], bool(row[3]), row[4], row[5], bool(row[6]))


def list_products(*, retired: bool = False) -> list[Product]:
    """Return the catalogue by name; retired products only if asked."""
    rows = execute(f"SELECT {_COLUMNS} FROM product WHERE active OR ? ORDER BY name", (retired,)).fetchall()
    return [_product(row) for row in rows]


def find(text: str) -> Product:
    """Return the active product whose code is `text`, or the only one whose name contains it.

    Raises:
        NotFoundError: none fits, or several do.
    """
    products = list_products()
    wanted = text.strip().casefold()
    exact = [p for p in products if wanted in (p.code.casefold(), p.name.casefold())]
    found = exact or [p for p in products if wanted and wanted in p.name.casefold()]
    if len(found) == 1:
        return found[0]
    names = ", ".join(p.name for p in found or products)
    raise NotFoundError(f"{'Several products fit' if found else 'No product fits'} {text!r}: there are {names}")


def create(actor: Actor, now: dt.datetime, code: str, name: str, price_minor: int, *, billing: str = "one_off") -> int:
    """Add a product to the catalogue.

    Raises:
        NotAllowedError: the actor isn't operations.
        UsageError: code or name is empty, or the billing unknown.
        RefusedError: there is one with that code or name.
    """
    require_operations(actor, "change the catalogue")
    if not code.strip() or not name.strip():
        raise UsageError("A product needs a code and a name")
    if billing not in BILLINGS:
        raise UsageError(f"{billing!r} is no billing: a product is {' or '.join(BILLINGS)}")
    if execute("SELECT 1 FROM product WHERE code = ? OR name = ?", (code, name)).fetchone():
        raise RefusedError(f"The catalogue has a product {code} or {name} already")
    with journal.action(actor, now, "product.create", f"Added product {name}"):
        cursor = execute(
            "INSERT INTO product (code, name, billing, price_minor) VALUES (?, ?, ?, ?)",
            (code.strip(), name.strip(), billing, price_minor),
        )
        return int(cursor.lastrowid or 0)


def change(
    actor: Actor,
    now: dt.datetime,
    product_id: int,
    *,
    name: str | None = None,
    price_minor: int | None = None,
    is_active: bool | None = None,
) -> None:
    """Change a product's name or price, or retire it; lines keep the price they were made with.

    Raises:
        NotAllowedError: the actor isn't operations.
        NotFoundError: there is no such product.
    """
    require_operations(actor, "change the catalogue")
    row = execute("SELECT name FROM product WHERE id = ?", (product_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no product {product_id}; contoso product list shows them")
    with journal.action(actor, now, "product.change", f"Changed product {row[0]}"):
        for column, value in (("name", name), ("price_minor", price_minor), ("active", is_active)):
            if value is not None:
                execute(f"UPDATE product SET {column} = ? WHERE id = ?", (value, product_id))
