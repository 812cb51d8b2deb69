"""`contoso rate`: exchange rates, entered with a date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, values
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    group.command("list", list_rates, "list exchange rates, newest first")
    add = group.command("add", add_rate, "enter a rate (sales operations); it changes no deal by itself", writes=True)
    add.add_argument("currency", metavar="CUR", help="such as EUR")
    add.add_argument("rate", metavar="RATE", help="what one of it is in US dollars, such as 1.08")
    add.add_argument("--on", metavar="D", help="the day from which it holds, today unless said")


def list_rates(call: Call) -> None:
    """List the rates."""
    from models.deals import rates

    records: list[dict[str, Any]] = [
        {"currency": one.currency, "on": local.day(one.on), "rate": one.rate, "entered_by": one.entered_by}
        for one in rates.list_rates()
    ]
    columns = [
        Column("currency", lambda r: r["currency"]),
        Column("from", lambda r: r["on"]),
        Column("US dollars", lambda r: r["rate"], "right"),
        Column("entered by", lambda r: r["entered_by"]),
    ]
    call.out.listing("contoso.rate/1", records, columns, empty="No rates yet: every deal is in US dollars")


def add_rate(call: Call) -> None:
    """Enter a rate."""
    from models.deals import rates

    args = call.args
    on = values.optional_date(args.on, call.today, is_past=True) or call.today
    rates.add(call.actor, call.now, args.currency, args.rate, on)
    call.out.message(f"1 {args.currency.upper()} is {args.rate} USD from {on} · contoso undo takes it back")
