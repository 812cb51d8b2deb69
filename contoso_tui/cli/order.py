"""`contoso order` and `contoso contract`: what was sold, what is delivered, what is called off. The export is apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import deal, deal_forms, local, values
from contoso_tui.cli.order_filters import STATES, add_filters, read_filters
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids, money
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.orders.records import Contract, Order

SCHEMA, CONTRACT_SCHEMA = "contoso.order/1", "contoso.contract/1"


def register(noun: str, group: Group) -> None:
    """Add the commands of one of the two nouns."""
    if noun == "contract":
        _register_contracts(group)
        return
    from contoso_tui.cli import order_export

    _register_orders(group)
    order_export.register(group)


def _register_orders(group: Group) -> None:
    listed = group.command("list", list_orders, "list orders, newest first")
    add_filters(listed)
    listed.add_argument("--state", choices=STATES)
    shown = group.command("show", show_order, "show an order with its lines")
    shown.add_argument("id", metavar="O")
    new = group.command("new", accept, "accept a quote, which makes its order", writes=True)
    new.add_argument("--quote", required=True, metavar="Q")
    new.add_argument("--on", metavar="D", help="the day of the customer's answer")
    ship = group.command("ship", ship_order, "note that a booked order was delivered", writes=True)
    ship.add_argument("id", metavar="O")
    ship.add_argument("--on", metavar="D")
    invoice = group.command("invoice", issue, "invoice a shipped order, whole or in part", writes=True)
    invoice.add_argument("id", metavar="O")
    invoice.add_argument("--amount", metavar="N", help="a part of it")
    invoice.add_argument("--due", metavar="D", help="30 days from today unless said")


def _register_contracts(group: Group) -> None:
    add_filters(group.command("list", list_contracts, "list contracts, newest first"))
    shown = group.command("show", show_contract, "show a contract with what is left of it")
    shown.add_argument("id", metavar="K")
    made = group.command("calloff", call_off, "release an order from a contract", writes=True)
    made.add_argument("id", metavar="K")
    made.add_argument("what", nargs="*", metavar="LINE=QTY", help="by line number; the planned next part unless said")
    made.add_argument("--deliver", metavar="D")


def _amount(minor: int, currency: str) -> dict[str, str]:
    return {"value": money.to_text(minor, currency), "currency": currency}


def to_record(order: Order) -> dict[str, Any]:
    """Return the form contoso.order/1."""
    return {
        "id": ids.show_order(order.id),
        "deal": ids.show_deal(order.deal_id),
        "customer": {"id": ids.show_customer(order.customer_id), "name": order.customer},
        "owner": order.owner,
        "quote": order.quote,
        "contract": ids.show_contract(order.contract_id) if order.contract_id else None,
        "state": order.state,
        "amount": _amount(order.net_minor, order.currency),
        "invoiced": _amount(order.invoiced_minor, order.currency),
        "open": _amount(order.open_minor, order.currency),
        "booked_on": local.day(order.booked_on),
        "deliver_on": local.day(order.deliver_on),
        "shipped_on": local.day(order.shipped_on),
        "lines": [deal_forms.from_line(line, order.currency) for line in order.lines],
    }


_COLUMNS = [
    Column("id", lambda r: r["id"]),
    Column("customer", lambda r: r["customer"]["name"], gives_way=True),
    Column("amount", deal_forms.amount, "right"),
    Column("state", lambda r: r["state"]),
    Column("booked", lambda r: r["booked_on"]),
    Column("shipped", lambda r: r["shipped_on"] or ""),
    Column("from", lambda r: r["contract"] or r["quote"]),
]


def list_orders(call: Call) -> None:
    """List orders."""
    from models.orders import orders

    states = (call.args.state,) if call.args.state else ()
    found = orders.list_orders(**read_filters(call), states=states)
    call.out.listing(SCHEMA, [to_record(one) for one in found], _COLUMNS, empty="No orders yet")


def show_order(call: Call) -> None:
    """Show one order."""
    from models.orders import orders

    record = to_record(orders.get(ids.order_id(call.args.id)))
    call.out.listing(SCHEMA, [record], _COLUMNS)
    if call.out.is_plain:
        call.out.listing("contoso.line/1", record["lines"], deal_forms.LINE_COLUMNS)


def accept(call: Call) -> None:
    """Accept a quote; the order's id goes to stdout."""
    from models.deals import quotes
    from models.orders import orders

    number, revision = ids.quote_ref(call.args.quote)
    quote = quotes.find(number, revision, call.now)
    on = values.optional_date(call.args.on, call.today, is_past=True)
    quotes.accept(call.actor, call.now, quote.id, on=on)
    made = orders.find_of_quote(quote.id)
    assert made is not None
    if call.out.is_plain:
        call.out.lines([ids.show_order(made)])
    _say(call, made, "{} is booked")


def ship_order(call: Call) -> None:
    """Note a delivery."""
    from models.orders import orders

    order_id = ids.order_id(call.args.id)
    on = values.optional_date(call.args.on, call.today, is_past=True)
    orders.ship(call.actor, call.now, order_id, on=on)
    _say(call, order_id, "{} is shipped · contoso order invoice {} invoices it")


def issue(call: Call) -> None:
    """Invoice an order; the invoice's id goes to stdout."""
    from contoso_tui.cli import invoice
    from models.orders import invoices, orders

    order = orders.get(ids.order_id(call.args.id))
    amount = money.parse_minor(call.args.amount, order.currency) if call.args.amount else None
    due = values.optional_date(call.args.due, call.today)
    made = invoices.issue(call.actor, call.now, order.id, amount_minor=amount, due_on=due)
    if call.out.is_plain:
        call.out.lines([ids.show_invoice(made)])
    invoice.say(call, made, "{} is open")


def _say(call: Call, order_id: int, sentence: str) -> None:
    from models.orders import orders

    if call.out.is_plain:
        call.out.message(sentence.replace("{}", ids.show_order(order_id)))
    else:
        call.out.listing(SCHEMA, [to_record(orders.get(order_id))], _COLUMNS)


def contract_record(contract: Contract) -> dict[str, Any]:
    """Return the form contoso.contract/1."""
    lines = [
        deal_forms.from_line(one.line, contract.currency) | {"released": one.released, "left": one.left}
        for one in contract.lines
    ]
    return {
        "id": ids.show_contract(contract.id),
        "deal": ids.show_deal(contract.deal_id),
        "customer": {"id": ids.show_customer(contract.customer_id), "name": contract.customer},
        "owner": contract.owner,
        "quote": contract.quote,
        "state": contract.state,
        "amount": _amount(contract.net_minor, contract.currency),
        "released": _amount(contract.released_minor, contract.currency),
        "starts_on": local.day(contract.starts_on),
        "ends_on": local.day(contract.ends_on),
        "call_offs": {"done": contract.orders, "planned": contract.call_offs},
        "lines": lines,
    }


_CONTRACT_COLUMNS = [
    Column("id", lambda r: r["id"]),
    Column("customer", lambda r: r["customer"]["name"], gives_way=True),
    Column("amount", deal_forms.amount, "right"),
    Column("released", lambda r: r["released"]["value"], "right"),
    Column("call-offs", lambda r: f"{r['call_offs']['done']}/{r['call_offs']['planned']}"),
    Column("to", lambda r: r["ends_on"]),
    Column("state", lambda r: r["state"]),
]
_LEFT_COLUMNS = [
    *deal_forms.LINE_COLUMNS,
    Column("released", lambda r: str(r["released"]), "right"),
    Column("left", lambda r: str(r["left"]), "right"),
]


def list_contracts(call: Call) -> None:
    """List contracts."""
    from models.orders import contracts

    found = contracts.list_contracts(call.today, **read_filters(call))
    call.out.listing(
        CONTRACT_SCHEMA, [contract_record(one) for one in found], _CONTRACT_COLUMNS, empty="No contracts yet"
    )


def show_contract(call: Call) -> None:
    """Show one contract."""
    from models.orders import contracts

    record = contract_record(contracts.get(ids.contract_id(call.args.id), call.today))
    call.out.listing(CONTRACT_SCHEMA, [record], _CONTRACT_COLUMNS)
    if call.out.is_plain:
        call.out.listing("contoso.line/1", record["lines"], _LEFT_COLUMNS)


def call_off(call: Call) -> None:
    """Release an order from a contract; its id goes to stdout."""
    from models.orders import contracts

    contract = contracts.get(ids.contract_id(call.args.id), call.today)
    quantities: dict[int, int] = {}
    for word in call.args.what:
        position, mark, quantity = word.partition("=")
        if not mark:
            raise UsageError(f"{word!r} is no LINE=QTY, such as 1=24")
        line = deal.find_line([one.line for one in contract.lines], position)
        quantities[line.id] = values.number(quantity, "A quantity")
    deliver_on = values.optional_date(call.args.deliver, call.today)
    made = contracts.call_off(call.actor, call.now, contract.id, quantities or None, deliver_on=deliver_on)
    if call.out.is_plain:
        call.out.lines([ids.show_order(made)])
    _say(call, made, "{} is booked · contoso undo takes it back")
