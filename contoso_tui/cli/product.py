"""`contoso product`: the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import values
from contoso_tui.cli.errors import LEFT_FOR_REVIEW
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import money

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.deals.detail_records import Product


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", list_products, "list products and plans with their prices")
    listed.add_argument("--retired", action="store_true", help="retired ones too")
    new = group.command("new", create, "add a product (sales operations)", writes=True)
    new.add_argument("code", metavar="CODE")
    new.add_argument("name", metavar="NAME")
    new.add_argument("--price", required=True, metavar="N", help="US dollars")
    new.add_argument("--monthly", action="store_true", help="a plan, priced by the month")
    change = group.command("set", set_fields, "change or retire a product (sales operations)", writes=True)
    change.add_argument("product", metavar="P", help="code or name")
    change.add_argument("fields_set", nargs="+", metavar="field=value", help="name price active")
    read = group.command("import", read_file, "take a CSV file's products in (sales operations)", writes=True)
    read.add_argument("file", metavar="FILE", help="columns code, name, billing (one_off, monthly), price")
    read.add_argument("--dry-run", action="store_true", help="only say what would change")


def list_products(call: Call) -> None:
    """List the catalogue."""
    from models.deals import products

    records: list[dict[str, Any]] = [
        {
            "code": product.code,
            "name": product.name,
            "billing": "monthly" if product.is_monthly else "one_off",
            "price": {"value": money.to_text(product.price_minor, product.currency), "currency": product.currency},
            "active": product.is_active,
        }
        for product in products.list_products(retired=call.args.retired)
    ]
    call.out.listing(
        "contoso.product/1",
        records,
        [
            Column("code", lambda r: r["code"]),
            Column("name", lambda r: r["name"], gives_way=True),
            Column("price", lambda r: f"{r['price']['value']} {r['price']['currency']}", "right"),
            Column("", lambda r: "a month" if r["billing"] == "monthly" else ""),
            Column("", lambda r: "" if r["active"] else "retired"),
        ],
        empty="The catalogue is empty",
    )


def create(call: Call) -> None:
    """Add a product."""
    from models.deals import products

    args = call.args
    billing = "monthly" if args.monthly else "one_off"
    products.create(call.actor, call.now, args.code, args.name, money.parse_minor(args.price), billing=billing)
    call.out.message(f"Added {args.name} · contoso undo takes it back")


def set_fields(call: Call) -> None:
    """Change a product."""
    from models.deals import products

    read = values.pairs(call.args.fields_set, {"name": str, "price": money.parse_minor, "active": values.yes_no})
    names = {"price": "price_minor", "active": "is_active"}
    changes = {names.get(name, name): value for name, value in read.items()}
    found = _find(call.args.product)
    products.change(call.actor, call.now, found.id, **changes)
    call.out.message(f"Changed {found.name} · contoso undo takes it back")


def read_file(call: Call) -> int | None:
    """Take the products of a file in; exit code 6 where a line is wrong."""
    from models.deals import product_file

    args = call.args
    text = values.read_input(args.file)
    found = product_file.read(call.actor, call.now, text, args.file, dry_run=args.dry_run)
    records: list[dict[str, Any]] = [one._asdict() for one in found]
    columns = [
        Column("line", lambda r: str(r["line"]), "right"),
        Column("code", lambda r: r["code"]),
        Column("name", lambda r: r["name"], gives_way=True),
        Column("", lambda r: f"{r['outcome']}: {r['what']}" if r["what"] else r["outcome"], gives_way=True),
    ]
    call.out.listing("contoso.product-line/1", records, columns, empty="The file has no products")
    count = {name: sum(one.outcome == name for one in found) for name in ("new", "changed", "same", "wrong")}
    words = ", ".join(f"{number} {name}" for name, number in count.items())
    call.out.message(f"{words}; nothing was written" if args.dry_run else words)
    return LEFT_FOR_REVIEW if count["wrong"] else None


def _find(text: str) -> Product:
    """Return the product with this code or name, retired ones too, else the active one that fits."""
    from models.deals import products

    wanted = text.strip().casefold()
    for product in products.list_products(retired=True):
        if wanted in (product.code.casefold(), product.name.casefold()):
            return product
    return products.find(text)
