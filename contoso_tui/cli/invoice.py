"""`contoso invoice`: what is asked for orders, and what is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, values
from contoso_tui.cli.errors import LEFT_FOR_REVIEW
from contoso_tui.cli.order_filters import add_filters, read_filters
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids, money, words

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.orders.records import Invoice

SCHEMA = "contoso.invoice/1"


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", list_invoices, "list invoices, those past due first")
    add_filters(listed)
    listed.add_argument("--unpaid", action="store_true", help="only those with something open")
    shown = group.command("show", show, "show an invoice with its payments")
    shown.add_argument("id", metavar="INV")
    paid = group.command("paid", pay, "note that an invoice was paid, whole or in part", writes=True)
    paid.add_argument("id", metavar="INV")
    paid.add_argument("--on", metavar="D", help="the day, today unless said")
    paid.add_argument("--amount", metavar="N", help="a part of it")
    paid.add_argument("--reference", default="", metavar="TEXT", help="what the bank calls it")
    read = group.command("payments", read_payments, "enter payments of a CSV file (sales operations)", writes=True)
    read.add_argument("file", metavar="FILE", help="columns invoice, amount, paid_on, reference; - for stdin")
    read.add_argument("--dry-run", action="store_true", help="only say what would be entered")


def to_record(invoice: Invoice) -> dict[str, Any]:
    """Return the form contoso.invoice/1."""

    def amount(minor: int) -> dict[str, str]:
        return {"value": money.to_text(minor, invoice.currency), "currency": invoice.currency}

    return {
        "id": ids.show_invoice(invoice.id),
        "customer": {"id": ids.show_customer(invoice.customer_id), "name": invoice.customer},
        "order": ids.show_order(invoice.order_id),
        "contract": ids.show_contract(invoice.contract_id) if invoice.contract_id else None,
        "deal": ids.show_deal(invoice.deal_id),
        "owner": invoice.owner,
        "amount": amount(invoice.amount_minor),
        "open": amount(invoice.open_minor),
        "issued_on": local.day(invoice.issued_on),
        "due_on": local.day(invoice.due_on),
        "paid_on": local.day(invoice.paid_on),
        "days_late": invoice.days_late,
        "payments": [
            {
                "amount": amount(one.amount_minor),
                "paid_on": local.day(one.paid_on),
                "reference": one.reference or None,
                "entered_by": one.entered_by,
            }
            for one in invoice.payments
        ],
    }


def _grouped(value: str) -> str:
    whole, point, rest = value.partition(".")
    return f"{int(whole):,}{point}{rest}"


def _standing(record: dict[str, Any]) -> str:
    if record["paid_on"]:
        return str(record["paid_on"])
    return f"{words.counted(record['days_late'], 'day')} late" if record["days_late"] else "open"


_COLUMNS = [
    Column("id", lambda r: r["id"]),
    Column("customer", lambda r: r["customer"]["name"], gives_way=True),
    Column("amount", lambda r: f"{_grouped(r['amount']['value'])} {r['amount']['currency']}", "right"),
    Column("open", lambda r: _grouped(r["open"]["value"]), "right"),
    Column("due", lambda r: r["due_on"]),
    Column("paid", _standing),
    Column("from", lambda r: r["contract"] or r["order"]),
]


def list_invoices(call: Call) -> None:
    """List invoices."""
    from models.orders import invoices

    found = invoices.list_invoices(call.today, **read_filters(call), is_unpaid=call.args.unpaid)
    call.out.listing(SCHEMA, [to_record(one) for one in found], _COLUMNS, empty="No invoices here")


def show(call: Call) -> None:
    """Show one invoice."""
    from models.orders import invoices

    record = to_record(invoices.get(ids.invoice_id(call.args.id), call.today))
    call.out.listing(SCHEMA, [record], _COLUMNS)
    if call.out.is_plain and record["payments"]:
        columns = [
            Column("paid", lambda r: r["paid_on"]),
            Column("amount", lambda r: _grouped(r["amount"]["value"]), "right"),
            Column("reference", lambda r: r["reference"] or "", gives_way=True),
            Column("entered by", lambda r: r["entered_by"]),
        ]
        call.out.listing("contoso.payment/1", record["payments"], columns)


def pay(call: Call) -> None:
    """Note a payment."""
    from models.orders import invoices

    args = call.args
    invoice = invoices.get(ids.invoice_id(args.id), call.today)
    amount = money.parse_minor(args.amount, invoice.currency) if args.amount else None
    on = values.optional_date(args.on, call.today, is_past=True)
    invoices.pay(call.actor, call.now, invoice.id, amount_minor=amount, on=on, reference=args.reference)
    left = invoices.get(invoice.id, call.today).open_minor
    rest = f"{money.to_text(left, invoice.currency)} {invoice.currency} still open" if left else "paid"
    say(call, invoice.id, f"{{}}: {rest} · contoso undo takes it back")


def say(call: Call, invoice_id: int, sentence: str) -> None:
    """Tell what became of an invoice, or write it in the wanted form."""
    from models.orders import invoices

    if call.out.is_plain:
        call.out.message(sentence.format(ids.show_invoice(invoice_id)))
    else:
        call.out.listing(SCHEMA, [to_record(invoices.get(invoice_id, call.today))], _COLUMNS)


def read_payments(call: Call) -> int | None:
    """Enter the payments of a file; exit code 6 where a line is wrong."""
    from models.orders import payment_file

    args = call.args
    text = values.read_input(args.file)
    found = payment_file.read(call.actor, call.now, text, args.file, dry_run=args.dry_run)
    records: list[dict[str, Any]] = [one._asdict() for one in found]
    columns = [
        Column("line", lambda r: str(r["line"]), "right"),
        Column("invoice", lambda r: r["invoice"]),
        Column("amount", lambda r: r["amount"], "right"),
        Column("reference", lambda r: r["reference"]),
        Column("", lambda r: f"{r['outcome']}: {r['reason']}" if r["reason"] else r["outcome"], gives_way=True),
    ]
    call.out.listing("contoso.payment-line/1", records, columns, empty="The file has no payments")
    count = {name: sum(one.outcome == name for one in found) for name in ("entered", "known", "wrong")}
    verb = "would be entered" if args.dry_run else "entered"
    call.out.message(f"{count['entered']} {verb}, {count['known']} known already, {count['wrong']} wrong")
    return LEFT_FOR_REVIEW if count["wrong"] else None
