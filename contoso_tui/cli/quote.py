"""`contoso quote`: quotes of deals; only a draft can be edited, what was sent is revised."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from contoso_tui import formats
from contoso_tui.cli import deal, deal_forms, local, quote_more, values
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids, money
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.deals.detail_records import Quote

SCHEMA = "contoso.quote/1"


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    listed = group.command("list", list_quotes, "list quotes, newest first")
    listed.add_argument("--owner", default="me", help="me, all or a login")
    listed.add_argument("--to-approve", action="store_true", help="drafts whose discount waits for a manager, of all")
    shown = group.command("show", show, "show a quote with its lines")
    _name(shown)
    new = group.command("new", create, "make a draft from a deal's lines, or its next revision", writes=True)
    new.add_argument("deal", metavar="D", help="the deal's id")
    add = group.command("add", add_line, "add a line to a draft", writes=True)
    _name(add)
    add.add_argument("product", nargs="+", metavar="PRODUCT", help="code or part of the name")
    add.add_argument("--qty", type=int, default=1, metavar="N")
    add.add_argument("--months", type=int, metavar="N")
    add.add_argument("--discount", default="0", metavar="P", help="percent")
    change = group.command("set", set_fields, "change a draft, or one of its lines", writes=True)
    _name(change)
    change.add_argument(
        "what",
        nargs="+",
        metavar="LINE|field=value",
        help="a line: qty months discount price; the quote: valid_until addressee note",
    )
    remove = group.command("rm", remove_line, "remove a line of a draft", writes=True)
    _name(remove)
    remove.add_argument("line", metavar="LINE")
    for verb, handler, help in (
        ("send", send, "mark a draft as sent; it is locked then, and a call about it is the next step"),
        ("revise", revise, "make the next revision of a quote"),
        ("accept", accept, "the customer accepted it"),
        ("reject", reject, "the customer rejected it"),
        ("cancel", cancel, "cancel a draft or a sent quote"),
    ):
        made = group.command(verb, handler, help, writes=True)
        _name(made)
        if verb in ("accept", "reject"):
            made.add_argument("--on", metavar="D", help="the day, today unless said")
        if verb in ("reject", "cancel"):
            made.add_argument("--reason", default="", metavar="R")
        if verb == "send":
            made.add_argument("--keep-step", action="store_true", help="leave the deal's next step as it is")
        if verb == "accept":
            made.add_argument("--contract", action="store_true", help="a volume over a period, not one order")
            made.add_argument("--from", dest="starting", metavar="D", help="of the contract; today unless said")
            made.add_argument("--until", metavar="D", help="the contract's last day")
            made.add_argument("--call-offs", type=int, default=1, metavar="N", help="how many releases are planned")
    quote_more.register(group)


def _name(parser: Any) -> None:
    parser.add_argument("id", metavar="Q", help="such as Q-0388 or Q-0388r3")
    parser.add_argument("--rev", type=int, metavar="N", help="the revision, the newest unless said")


def find(call: Call) -> Quote:
    """Return the quote that the command names."""
    from models.deals import quotes

    number, revision = ids.quote_ref(call.args.id)
    return quotes.find(number, call.args.rev or revision, call.now)


def to_record(quote: Quote) -> dict[str, Any]:
    """Return the form contoso.quote/1."""
    return {
        "id": ids.show_quote(quote.number),
        "revision": quote.revision,
        "deal": ids.show_deal(quote.deal_id),
        "customer": quote.customer,
        "owner": quote.owner,
        "state": quote.state,
        "amount": {"value": money.to_text(quote.net_minor, quote.currency), "currency": quote.currency},
        "valid_until": local.day(quote.valid_until),
        "extended_from": local.day(quote.extended_from),
        "approval_asked_of": quote.asked_of or None,
        "addressee": quote.addressee or None,
        "note": quote.note or None,
        "reason": quote.reason or None,
        "answered_on": local.day(quote.answered_on),
        "lines": [deal_forms.from_line(line, quote.currency) for line in quote.lines],
    }


_COLUMNS = [
    Column("id", lambda r: f"{r['id']} r{r['revision']}"),
    Column("deal", lambda r: r["deal"]),
    Column("customer", lambda r: r["customer"], gives_way=True),
    Column("amount", deal_forms.amount, "right"),
    Column("state", lambda r: r["state"]),
    Column("valid until", lambda r: r["valid_until"]),
]


def list_quotes(call: Call) -> None:
    """List quotes."""
    from models.deals import approvals, quotes
    from models.people import users

    owner = call.args.owner
    if call.args.to_approve:
        found = approvals.list_waiting(call.now)
    else:
        owner_id = None if owner == "all" else call.actor.id if owner == "me" else users.get_id(owner)
        found = quotes.list_quotes(call.now, owner_id=owner_id)
    call.out.listing(SCHEMA, [to_record(quote) for quote in found], _COLUMNS, empty="No quotes yet")


def show(call: Call) -> None:
    """Show one quote."""
    record = to_record(find(call))
    if not call.out.is_plain:
        call.out.listing(SCHEMA, [record], _COLUMNS)
        return
    head = f"{record['id']} r{record['revision']}  {record['state']}  {deal_forms.amount(record)}"
    facts = [head, f"  for {record['customer']}, {record['deal']}, valid until {record['valid_until']}"]
    facts += [f"  {name} {record[name]}" for name in ("addressee", "note", "reason") if record[name]]
    call.out.lines(facts)
    call.out.listing("contoso.line/1", record["lines"], deal_forms.LINE_COLUMNS, empty="No lines yet")


def _say(call: Call, quote_id: int, sentence: str) -> None:
    from models.deals import quotes

    quote = quotes.get(quote_id, call.now)
    name = ids.show_quote(quote.number, quote.revision)
    if call.out.is_plain:
        call.out.message(sentence.format(name))
    else:
        call.out.listing(SCHEMA, [to_record(quote)], _COLUMNS)


def create(call: Call) -> None:
    """Make a draft; its id goes to stdout."""
    from models.deals import quotes

    _made(call, quotes.create(call.actor, call.now, ids.deal_id(call.args.deal)))


def _made(call: Call, quote_id: int) -> None:
    from models.deals import quotes

    if call.out.is_plain:
        quote = quotes.get(quote_id, call.now)
        call.out.lines([ids.show_quote(quote.number, quote.revision)])
    _say(call, quote_id, "Draft {}: contoso quote send sends it")


def revise(call: Call) -> None:
    """Make the next revision."""
    from models.deals import quotes

    quote = find(call)
    _made(call, quotes.create(call.actor, call.now, quote.deal_id, of=quote.id))


def add_line(call: Call) -> None:
    """Add a line to a draft."""
    from models.deals import quotes

    args = call.args
    quote = find(call)
    product = " ".join(args.product)
    discount = money.parse_percent(args.discount)
    quotes.add_line(call.actor, call.now, quote.id, product, args.qty, months=args.months, discount_bp=discount)
    _say(call, quote.id, f"Added {product} to {{}}")


def set_fields(call: Call) -> None:
    """Change a draft or one of its lines."""
    from models.deals import quotes

    quote = find(call)
    first, *rest = call.args.what
    if "=" in first:
        readers: dict[str, Callable[[str], Any]] = {
            "valid_until": lambda text: values.date(text, call.today),
            "addressee": str,
            "note": str,
        }
        quotes.change(call.actor, call.now, quote.id, **values.pairs(call.args.what, readers))
    else:
        line = deal.find_line(quote.lines, first)
        quotes.change_line(call.actor, call.now, line.id, **deal.read_line_fields(rest, quote.currency))
    _say(call, quote.id, "Changed {} · contoso undo takes it back")


def remove_line(call: Call) -> None:
    """Remove a line of a draft."""
    from models.deals import quotes

    quote = find(call)
    line = deal.find_line(quote.lines, call.args.line)
    quotes.remove_line(call.actor, call.now, line.id)
    _say(call, quote.id, "Removed the line from {} · contoso undo takes it back")


def send(call: Call) -> None:
    """Mark a draft as sent, and plan the call about it."""
    from models.activities import quote_steps
    from models.deals.details import get_detail

    quote = find(call)
    deal = get_detail(quote.deal_id, call.now)
    if deal.unpaid_minor > 0:
        call.out.message(formats.owing(deal.customer, deal.unpaid_minor, deal.unpaid_since, call.today))
    step = quote_steps.send(call.actor, call.now, quote.id, keep_step=call.args.keep_step)
    _say(call, quote.id, "Sent {}: a change is a new revision now")
    if call.out.is_plain and step is not None:
        word = "Next step" if step.is_made else "The next step stays"
        call.out.message(f"{word}: {step.text}, {formats.day_full(step.on)}")


def accept(call: Call) -> None:
    """Record the acceptance."""
    from models.deals import quotes

    quote = find(call)
    on = values.optional_date(call.args.on, call.today, is_past=True)
    if call.args.contract:
        from models.orders import contracts

        starts_on, ends_on, parts = quote_more.contract_dates(call)
        made = contracts.accept(call.actor, call.now, quote.id, starts_on, ends_on, call_offs=parts, on=on)
        _say(call, quote.id, f"{{}} is accepted: contract {ids.show_contract(made)}")
        return
    quotes.accept(call.actor, call.now, quote.id, on=on)
    from models.orders import orders

    _say(call, quote.id, f"{{}} is accepted: order {ids.show_order(orders.find_of_quote(quote.id) or 0)}")


def reject(call: Call) -> None:
    """Record the rejection, with the customer's reason."""
    from models.deals import quotes

    quote = find(call)
    reason = call.args.reason or call.ask("Why? ", "--reason")
    on = values.optional_date(call.args.on, call.today, is_past=True)
    if not reason:
        raise UsageError("A rejected quote needs the customer's reason: give --reason")
    quotes.reject(call.actor, call.now, quote.id, reason, on=on)
    _say(call, quote.id, "{} is rejected; contoso quote revise makes the next one")


def cancel(call: Call) -> None:
    """Cancel a quote."""
    from models.deals import quotes

    quote = find(call)
    quotes.cancel(call.actor, call.now, quote.id, call.args.reason)
    _say(call, quote.id, "{} is cancelled")
