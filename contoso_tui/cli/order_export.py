"""`contoso order export`: orders for accounting, a row for each of their lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, values
from contoso_tui.cli.order_filters import STATES, add_filters, read_filters
from contoso_tui.cli.parser import Group
from models import ids, money, words

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.orders.records import Order

SCHEMA = "contoso.order-line/1"
_ALL = -1


def register(group: Group) -> None:
    """Add the command."""
    made = group.command("export", export, "booked orders for accounting, CSV unless said, a row for each line")
    made.add_argument(
        "-o", "--output", metavar="FILE", help="a file that only you can read; standard output unless said"
    )
    made.add_argument("--format", choices=("csv", "jsonl", "json"))
    made.add_argument("--state", choices=(*STATES, "all"), default="booked")
    made.add_argument("--since", metavar="D", help="only those booked from that day on")
    add_filters(made, owner="all")


def export(call: Call) -> None:
    """Write the orders, the oldest first."""
    from models.deals import products
    from models.orders import orders

    args, out = call.args, call.out
    since = values.optional_date(args.since, call.today, is_past=True)
    states = () if args.state == "all" else (args.state,)
    found = orders.list_orders(**read_filters(call), states=states, limit=_ALL)
    found = [order for order in reversed(found) if since is None or order.booked_on >= since]
    codes = {product.id: product.code for product in products.list_products(retired=True)}
    records = [record for order in found for record in _records(order, codes)]
    out.form = args.format or ("csv" if out.is_plain else out.form)
    if args.output:
        path = Path(args.output).expanduser()
        with out.into(path):
            out.listing(SCHEMA, records, ())
        out.message(f"Wrote {words.counted(len(found), 'order')}, {words.counted(len(records), 'line')}, to {path}")
    else:
        out.listing(SCHEMA, records, ())


def _records(order: Order, codes: dict[int, str]) -> list[dict[str, Any]]:
    currency = order.currency
    head = {
        "order": ids.show_order(order.id),
        "state": order.state,
        "booked_on": local.day(order.booked_on),
        "deliver_on": local.day(order.deliver_on),
        "customer": {"id": ids.show_customer(order.customer_id), "name": order.customer},
        "deal": ids.show_deal(order.deal_id),
        "quote": order.quote,
        "contract": ids.show_contract(order.contract_id) if order.contract_id else None,
        "owner": order.owner,
    }
    return [
        head
        | {
            "line": line.position,
            "product": codes.get(line.product_id, ""),
            "description": line.description,
            "quantity": line.quantity,
            "months": (line.months or 12) if line.is_monthly else None,
            "price": money.to_text(line.price_minor, currency),
            "discount_percent": f"{line.discount_bp / 100:g}",
            "net": money.to_text(line.net_minor, currency),
            "currency": currency,
        }
        for line in order.lines
    ]
