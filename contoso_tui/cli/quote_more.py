"""`contoso quote`: differences, approval, extension, printing. The rest is in `quote`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import values
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models import ids, money
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.deals.detail_records import Line, Quote


def register(group: Group) -> None:
    """Add the commands."""
    diff = group.command("diff", show_difference, "what differs between two revisions, line by line")
    diff.add_argument("id", metavar="Q", help="such as Q-0388")
    diff.add_argument("revisions", nargs="*", metavar="REV", help="such as r2 r3; the last two unless said")
    approve = group.command("approve", approve_discount, "approve a draft's discount (managers), or ask", writes=True)
    _name(approve)
    approve.add_argument("--ask", nargs="?", const="", metavar="USER", help="ask this manager, or your own")
    approve.add_argument("--note", default="", metavar="TEXT")
    extend = group.command("extend", extend_quote, "promise a sent quote to a later day", writes=True)
    _name(extend)
    extend.add_argument("--to", required=True, metavar="D")
    shown = group.command("print", print_quote, "print a quote as the customer gets it")
    _name(shown)
    shown.add_argument("--pdf", metavar="FILE", help="write a PDF that only you can read")


def _name(parser: Any) -> None:
    parser.add_argument("id", metavar="Q", help="such as Q-0388 or Q-0388r3")
    parser.add_argument("--rev", type=int, metavar="N", help="the revision, the newest unless said")


def _find(call: Call) -> Quote:
    from models.deals import quotes

    number, revision = ids.quote_ref(call.args.id)
    return quotes.find(number, call.args.rev or revision, call.now)


def contract_dates(call: Call) -> tuple[dt.date, dt.date, int]:
    """Return the period and the call-offs of `accept --contract`.

    Raises:
        UsageError: the end of the period is missing.
    """
    args = call.args
    if not args.until:
        raise UsageError("A contract runs to a day: give --until")
    starts_on = values.optional_date(args.starting, call.today) or call.today
    return starts_on, values.date(args.until, call.today), args.call_offs


def _revisions(call: Call) -> tuple[Quote, Quote]:
    from models.deals import quotes

    number, revision = ids.quote_ref(call.args.id)
    named = [_revision(word) for word in call.args.revisions]
    if len(named) > 2:
        raise UsageError("Two revisions are compared, such as r2 r3")
    after = quotes.find(number, named[-1] if named else revision, call.now)
    if after.revision == 1 and len(named) < 2:
        raise UsageError(f"{ids.show_quote(number, 1)} is the first revision: there is nothing to compare")
    return quotes.find(number, named[0] if len(named) == 2 else after.revision - 1, call.now), after


def _revision(word: str) -> int:
    return values.number(word.strip().lower().removeprefix("r"), "A revision such as r3")


def show_difference(call: Call) -> None:
    """Show what differs between two revisions."""
    from models.deals import quote_changes

    before, after = _revisions(call)
    records = [
        {
            "product": one.what,
            "fields": list(one.fields),
            "before": _terms(one.before, before.currency),
            "after": _terms(one.after, after.currency),
            "change": {"value": money.to_text(one.change_minor, after.currency), "currency": after.currency},
        }
        for one in quote_changes.compare(before, after)
    ]
    columns = [
        Column("product", lambda r: r["product"], gives_way=True),
        Column(f"r{before.revision}", lambda r: r["before"] or "-"),
        Column(f"r{after.revision}", lambda r: r["after"] or "-"),
        Column("change", lambda r: r["change"]["value"], "right"),
    ]
    call.out.listing("contoso.quote-difference/1", records, columns, empty="No line differs")
    if call.out.is_plain:
        nets = (money.to_text(quote.net_minor, quote.currency) for quote in (before, after))
        change = money.to_text(after.net_minor - before.net_minor, after.currency)
        call.out.lines([f"net {' -> '.join(nets)} {after.currency}, change {change}"])


def _terms(line: Line | None, currency: str) -> str | None:
    if line is None:
        return None
    months = f", {line.months or 12} months" if line.is_monthly else ""
    less = f" -{line.discount_bp / 100:g}%" if line.discount_bp else ""
    return f"{line.quantity} x {money.to_text(line.price_minor, currency)}{less}{months}"


def approve_discount(call: Call) -> None:
    """Approve a discount, or ask a manager to."""
    from models.deals import approvals, quotes

    quote = _find(call)
    name = ids.show_quote(quote.number, quote.revision)
    if call.args.ask is None:
        approvals.approve(call.actor, call.now, quote.id, call.args.note)
        call.out.message(f"Approved the discount of {name} · contoso undo takes it back while it is a draft")
    else:
        approvals.ask(call.actor, call.now, quote.id, call.args.ask, call.args.note)
        asked = quotes.get(quote.id, call.now).asked_of
        call.out.message(f"Asked {asked} to approve the discount of {name}")


def extend_quote(call: Call) -> None:
    """Extend a sent quote."""
    from models.deals import quote_changes

    quote = _find(call)
    to = values.date(call.args.to, call.today)
    quote_changes.extend(call.actor, call.now, quote.id, to)
    call.out.message(
        f"{ids.show_quote(quote.number, quote.revision)} is valid to {to} now · contoso undo takes it back"
    )


def print_quote(call: Call) -> None:
    """Print a quote."""
    quote = _find(call)
    if call.args.pdf:
        from contoso_tui import quote_pdf

        path = Path(call.args.pdf).expanduser()
        quote_pdf.write(quote, path)
        call.out.message(f"Wrote {ids.show_quote(quote.number, quote.revision)} to {path}")
        return
    from contoso_tui import quote_print

    text = quote_print.as_text(quote)
    record = {"id": ids.show_quote(quote.number), "revision": quote.revision, "text": text}
    call.out.single("contoso.quote-print/1", record, text.splitlines())
